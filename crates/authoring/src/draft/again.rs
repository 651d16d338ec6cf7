//! A draft that runs a job again.

use super::{Draft, PythonKind};
use crate::{
    api::jobs::{Job, JobParameters},
    config,
};

impl Draft {
    /// The draft of a job, with the text of the configuration file that goes with it. The inputs' contents are known by
    /// their hashes alone.
    ///
    /// The job's own file is kept when it still says what the job was made of; otherwise what the job was made of counts.
    pub fn of_job(job: &Job) -> (String, Self) {
        let parameters = job.job_parameters.clone().unwrap_or_default();
        let known = Self::from_parameters(&job.name, &job.desc, &parameters);
        let reading = config::read(&job.config);
        if !reading.is_understood() {
            return (String::new(), known);
        }
        let mut draft = reading.draft;
        draft.take_over(&known);
        if draft.says_the_same_as(&known) {
            return (job.config.clone(), draft);
        }
        (job.config.clone(), known)
    }

    /// What a configuration file leaves open, as it was in the job.
    fn take_over(&mut self, known: &Self) {
        self.adopt(known);
        for row in self.env.iter_mut().filter(|row| row.is_asked) {
            if let Some(value) = known.env.iter().find(|other| other.name == row.name) {
                row.value.clone_from(&value.value);
            }
        }
        if self.python.kind != PythonKind::None {
            let python = &mut self.python;
            python.brought.requirements = Some(python.requirements.clone());
            if python.kind == PythonKind::Auto && python.version.is_empty() {
                python.version.clone_from(&known.python.version);
            }
            let listed: Vec<&str> = self.inputs.iter().map(|row| row.path.as_str()).collect();
            let scripts = known.inputs.iter().filter(|row| !listed.contains(&row.path.as_str()));
            python.brought.scripts = scripts.cloned().collect();
        }
    }

    fn says_the_same_as(&self, other: &Self) -> bool {
        let said = |draft: &Self| {
            let request = draft.to_request("");
            let mut parameters: JobParameters = request.job_parameters.unwrap_or_default();
            // The service may list scripts among the inputs.
            parameters.input_files.sort_by(|a, b| a.sha256.cmp(&b.sha256));
            (request.name, request.desc, parameters)
        };
        said(self) == said(other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::jobs::CreateProjectJobRequest;
    use crate::draft::InputContent;

    fn job(config: &str, complete: impl FnOnce(&mut Draft)) -> Job {
        let mut draft = config::read(config).draft;
        complete(&mut draft);
        let CreateProjectJobRequest {
            name,
            desc,
            job_parameters,
            ..
        } = draft.to_request("p");
        Job {
            name,
            desc,
            job_parameters,
            config: config.to_owned(),
            ..Job::default()
        }
    }

    const MOUNTED: &str =
        "# mine\ncmd: cat ${A} ${B} # go\ninputs:\n  - a.txt: A\ns3-mounts:\n  - bt1aaaaaaaaaaaaaaaaa: B\n";

    #[test]
    fn the_jobs_own_file_stays_while_it_says_the_same() {
        let mounted = job(MOUNTED, |draft| draft.inputs[0].content = InputContent::held("ab", 0));
        let (text, draft) = Draft::of_job(&mounted);
        assert_eq!(text, MOUNTED);
        assert_eq!(
            (draft.s3_mounts[0].var.as_str(), draft.inputs[0].content.sha256()),
            ("B", "ab")
        );
        assert_eq!(config::write(&text, &draft), MOUNTED);
    }

    #[test]
    fn a_file_that_says_something_else_gives_way() {
        let mut changed = job(MOUNTED, |draft| draft.inputs[0].content = InputContent::held("ab", 0));
        changed.job_parameters.get_or_insert_default().cmd = "other".into();
        let (text, draft) = Draft::of_job(&changed);
        assert_eq!(draft.cmd, "other");
        assert!(config::write(&text, &draft).starts_with("# mine\ncmd: other"));
    }

    #[test]
    fn what_a_program_brought_along_is_kept_beside_the_file() {
        let config = "cmd: python main.py\nenv:\n  python: auto\n  vars: [TOKEN]\n";
        let auto = job(config, |draft| {
            let row = |path: &str| super::super::InputRow {
                path: path.into(),
                content: InputContent::held(path, 0),
                ..Default::default()
            };
            draft.python.brought.scripts = vec![row("main.py")];
            draft.python.brought.modules = vec![row("lib")];
            draft.python.requirements = "six".into();
            draft.env[0].value = "asked".into();
        });
        let (text, draft) = Draft::of_job(&auto);
        assert_eq!(text, config);
        assert_eq!(draft.python.kind, PythonKind::Auto);
        assert_eq!((draft.inputs.len(), draft.python.brought.scripts.len()), (0, 1));
        assert_eq!(draft.python.brought.modules[0].content.sha256(), "lib");
        assert_eq!(draft.python.requirements, "six");
        assert_eq!(draft.env[0].value, "asked");
        assert_eq!(config::write(&text, &draft), config);
    }
}
