//! What differs between two jobs: each thing that a job says, under the name the configuration file has for it.

use std::collections::BTreeMap;

use crate::api::jobs::{
    CreateProjectJobRequest, Environment, File, FileDesc, Job, JobParameters, docker_image_spec::Password,
    environment::DockerImage,
};

use super::config::{requirement_subject, units};

/// What stands under a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// A text.
    Text(String),
    /// A path that has no variable.
    Path,
    /// The content of a file.
    Content {
        /// Lower-case hexadecimal; empty when it is not known yet.
        sha256: String,
        /// Its size.
        size_bytes: i64,
    },
}

/// A difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Its place, such as `args.EPOCHS` or `inputs.data.csv`.
    pub name: String,
    /// What the first job says; `None` when it says nothing.
    pub before: Option<Said>,
    /// What the second job says; `None` when it says nothing.
    pub after: Option<Said>,
}

/// What a job was made of; without the text of its configuration file, which says the same once more.
pub fn request_of(job: Job) -> CreateProjectJobRequest {
    CreateProjectJobRequest {
        project_id: job.project_id,
        job_parameters: job.job_parameters,
        name: job.name,
        desc: job.desc,
        ..CreateProjectJobRequest::default()
    }
}

/// What differs, in the order of the second job, with what it lacks at the end.
pub fn between(before: &CreateProjectJobRequest, after: &CreateProjectJobRequest) -> Vec<Change> {
    let (before, after) = (said(before), said(after));
    let find = |said: &[(String, Said)], name: &str| {
        let found = said.iter().find(|(known, _)| known == name);
        found.map(|(_, said)| said.clone())
    };
    let changed = after.iter().map(|(name, said)| Change {
        name: name.clone(),
        before: find(&before, name),
        after: Some(said.clone()),
    });
    let gone = before
        .iter()
        .filter(|(name, _)| find(&after, name).is_none())
        .map(|(name, said)| Change {
            name: name.clone(),
            before: Some(said.clone()),
            after: None,
        });
    changed
        .chain(gone)
        .filter(|change| change.before != change.after)
        .collect()
}

/// Collects what is said; an empty text says nothing.
#[derive(Default)]
struct All(Vec<(String, Said)>);

impl All {
    fn text(&mut self, name: impl Into<String>, text: impl Into<String>) {
        let text = text.into();
        if !text.is_empty() {
            self.0.push((name.into(), Said::Text(text)));
        }
    }

    fn texts<'a>(&mut self, name: &str, texts: impl IntoIterator<Item = &'a String>) {
        let texts: Vec<&str> = texts.into_iter().map(String::as_str).collect();
        self.text(name, texts.join("\n"));
    }

    /// Each line under its package, so that lines can be compared however they are ordered.
    fn requirements(&mut self, lines: &[String]) {
        let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
        for line in lines {
            let Some(package) = requirement_subject(line) else {
                continue;
            };
            let count = seen.entry(package).or_default();
            *count += 1;
            let again = if *count > 1 {
                format!(" ({count})")
            } else {
                String::new()
            };
            self.text(
                format!("env.python.requirements.{}{again}", package.to_lowercase()),
                line.trim(),
            );
        }
    }

    fn path(&mut self, list: &str, desc: &FileDesc) {
        let said = match desc.var.as_str() {
            "" => Said::Path,
            var => Said::Text(var.to_owned()),
        };
        self.0.push((format!("{list}.{}", desc.path), said));
    }

    fn file(&mut self, list: &str, file: &File) {
        let desc = file.desc.clone().unwrap_or_default();
        let said = Said::Content {
            sha256: file.sha256.clone(),
            size_bytes: file.size_bytes,
        };
        self.0.push((format!("{list}.{}", desc.path), said));
        self.text(format!("{list}.{}.var", desc.path), desc.var);
    }

    fn environment(&mut self, env: &Environment) {
        let mut vars: Vec<_> = env.vars.iter().collect();
        vars.sort();
        for (name, value) in vars {
            // An empty value is one too.
            let value = if value.is_empty() { "\"\"" } else { value };
            self.text(format!("env.vars.{name}"), value);
        }
        match &env.docker_image {
            Some(DockerImage::DockerImageResourceId(id)) => self.text("env.docker", id),
            Some(DockerImage::DockerImageSpec(spec)) => {
                self.text("env.docker.image", &spec.image_url);
                self.text("env.docker.username", &spec.username);
                if let Some(Password::PasswordDsSecretName(name)) = &spec.password {
                    self.text("env.docker.password.secret-id", name);
                }
            }
            None => {}
        }
        let Some(python) = &env.python_env else { return };
        self.text("env.python.version", &python.python_version);
        self.requirements(&python.requirements);
        self.text("env.python.conda", &python.conda_yaml);
        for module in &python.local_modules {
            let mut module = module.clone();
            // Their variables only count them.
            module.desc.get_or_insert_default().var.clear();
            self.file("env.python.local-paths", &module);
        }
        if let Some(pip) = &python.pip_options {
            self.text("env.python.pip.index-url", &pip.index_url);
            self.texts("env.python.pip.extra-index-urls", &pip.extra_index_urls);
            self.texts("env.python.pip.trusted-hosts", &pip.trusted_hosts);
            self.text("env.python.pip.no-deps", if pip.no_deps { "true" } else { "" });
        }
    }

    fn parameters(&mut self, parameters: &JobParameters) {
        self.text("cmd", &parameters.cmd);
        for argument in &parameters.arguments {
            self.text(format!("args.{}", argument.name), &argument.value);
        }
        parameters.input_files.iter().for_each(|file| self.file("inputs", file));
        parameters
            .output_files
            .iter()
            .for_each(|desc| self.path("outputs", desc));
        if let Some(env) = &parameters.env {
            self.environment(env);
        }
        self.texts("s3-mounts", &parameters.s3_mount_ids);
        self.texts("datasets", &parameters.dataset_ids);
        self.texts(
            "cloud-instance-types",
            parameters.cloud_instance_types.iter().map(|kind| &kind.name),
        );
        if let Some(storage) = &parameters.extended_working_storage {
            self.text("working-storage.size", format!("{}Gb", storage.size_gb));
        }
        self.text(
            "flags",
            if parameters.attach_project_disk {
                "attach-project-disk"
            } else {
                ""
            },
        );
        for dataset in &parameters.output_datasets {
            let labels: BTreeMap<_, _> = dataset.labels.iter().collect();
            self.text(
                format!("output-datasets.{}", dataset.name),
                format!(
                    "{} {}Gb {} {labels:?}",
                    dataset.var, dataset.size_gb, dataset.description
                ),
            );
        }
        if let Some(shutdown) = &parameters.graceful_shutdown_parameters {
            let signal = units::signal_name(shutdown.signal).unwrap_or("SIGTERM");
            let timeout = shutdown.timeout.as_ref().map(units::duration_text);
            self.text("graceful-shutdown.signal", signal);
            self.text("graceful-shutdown.timeout", timeout.unwrap_or_default());
        }
        if let Some(spark) = &parameters.spark_parameters {
            self.text("spark.connector", &spark.connector_id);
        }
    }
}

/// All that `request` says, each under its place.
pub fn said(request: &CreateProjectJobRequest) -> Vec<(String, Said)> {
    let mut all = All::default();
    all.text("name", &request.name);
    all.text("desc", &request.desc);
    if let Some(parameters) = &request.job_parameters {
        all.parameters(parameters);
    }
    all.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::jobs::{Argument, PythonEnv};

    fn request(arguments: &[(&str, &str)], inputs: &[(&str, &str)]) -> CreateProjectJobRequest {
        let argument = |(name, value): &(&str, &str)| Argument {
            name: (*name).into(),
            value: (*value).into(),
        };
        let file = |(path, sha256): &(&str, &str)| File {
            desc: Some(FileDesc {
                path: (*path).into(),
                var: String::new(),
            }),
            sha256: (*sha256).into(),
            ..File::default()
        };
        CreateProjectJobRequest {
            job_parameters: Some(JobParameters {
                cmd: "run".into(),
                arguments: arguments.iter().map(argument).collect(),
                input_files: inputs.iter().map(file).collect(),
                ..JobParameters::default()
            }),
            ..CreateProjectJobRequest::default()
        }
    }

    fn told(changes: Vec<Change>) -> Vec<(String, Option<Said>, Option<Said>)> {
        let told = |change: Change| (change.name, change.before, change.after);
        changes.into_iter().map(told).collect()
    }

    #[test]
    fn what_changed_came_and_went_is_named() {
        let before = request(&[("A", "1"), ("B", "2")], &[("x", "00")]);
        let after = request(&[("A", "1"), ("C", "3")], &[("x", "ff")]);
        let text = |text: &str| Some(Said::Text(text.into()));
        let content = |sha256: &str| {
            Some(Said::Content {
                sha256: sha256.into(),
                size_bytes: 0,
            })
        };
        let changes = told(between(&before, &after));
        assert_eq!(
            changes,
            [
                ("args.C".to_owned(), None, text("3")),
                ("inputs.x".to_owned(), content("00"), content("ff")),
                ("args.B".to_owned(), text("2"), None),
            ]
        );
        assert_eq!(between(&after, &after), []);
    }

    #[test]
    fn an_output_without_a_variable_is_said_to_be_there() {
        let with = |outputs: &[(&str, &str)]| CreateProjectJobRequest {
            job_parameters: Some(JobParameters {
                output_files: outputs
                    .iter()
                    .map(|(path, var)| FileDesc {
                        path: (*path).into(),
                        var: (*var).into(),
                    })
                    .collect(),
                ..JobParameters::default()
            }),
            ..CreateProjectJobRequest::default()
        };
        let changes = told(between(&with(&[("a", ""), ("b", "")]), &with(&[("b", "B"), ("c", "")])));
        let var = Some(Said::Text("B".into()));
        assert_eq!(
            changes,
            [
                ("outputs.b".to_owned(), Some(Said::Path), var),
                ("outputs.c".to_owned(), None, Some(Said::Path)),
                ("outputs.a".to_owned(), Some(Said::Path), None),
            ]
        );
    }

    #[test]
    fn requirements_are_compared_line_by_line() {
        let with = |lines: &[&str]| CreateProjectJobRequest {
            job_parameters: Some(JobParameters {
                env: Some(Environment {
                    python_env: Some(PythonEnv {
                        requirements: lines.iter().map(|line| (*line).to_owned()).collect(),
                        ..PythonEnv::default()
                    }),
                    ..Environment::default()
                }),
                ..JobParameters::default()
            }),
            ..CreateProjectJobRequest::default()
        };
        let before = with(&["numpy==1.26", "six", "# why", "--extra-index-url https://a"]);
        let after = with(&["six", "NumPy==2.0", "--extra-index-url https://a", "torch"]);
        let names: Vec<_> = between(&before, &after).into_iter().map(|change| change.name).collect();
        assert_eq!(
            names,
            ["env.python.requirements.numpy", "env.python.requirements.torch"]
        );
    }
}
