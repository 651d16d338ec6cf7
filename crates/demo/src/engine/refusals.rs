//! What a page cannot do: said at Create, by name and with the cure, before anything is fetched.

use super::Sight;
use crate::api::jobs::{JobParameters, PythonEnv};

/// The Python that a page has.
const PYTHON: &str = "3.14";
/// Inputs of a job, all together; they lie in the memory of its machine.
const MOST_INPUT_BYTES: i64 = 256 << 20;
const SERVER: &str = "send this job to a server";

const NO_MACHINE: &str =
    "this copy of the demo has no machine to run commands on: send this job to a server, or open a copy that has one";

/// A sentence for each part that cannot be honoured.
pub(super) fn of(sight: Sight, parameters: &JobParameters) -> Vec<String> {
    let mut all = Vec::new();
    if !sight.is_there {
        all.push(NO_MACHINE.to_owned());
    }
    let env = parameters.env.as_ref();
    let asked = [
        (env.is_some_and(|env| env.docker_image.is_some()), "an image"),
        (parameters.spark_parameters.is_some(), "Spark"),
        (!parameters.s3_mount_ids.is_empty(), "a bucket"),
        (
            !parameters.dataset_ids.is_empty() || !parameters.output_datasets.is_empty(),
            "datasets",
        ),
        (parameters.attach_project_disk, "the disk of the project"),
    ];
    let asked = asked.into_iter().filter(|(is_asked, _)| *is_asked);
    all.extend(asked.map(|(_, what)| format!("a page has no room for what this job asks for: {what}; {SERVER}")));
    all.extend(env.and_then(|env| env.python_env.as_ref()).and_then(python));
    all.extend(inputs(parameters));
    all
}

fn python(python: &PythonEnv) -> Option<String> {
    if !python.conda_yaml.trim().is_empty() {
        return Some(format!("a page makes no conda environment; {SERVER}"));
    }
    let lines = python.requirements.iter().map(|line| line.trim());
    let packages: Vec<&str> = lines
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .collect();
    if let Some(first) = packages.first() {
        let more = match packages.len() {
            1 => String::new(),
            count => format!(" and {} more", count - 1),
        };
        return Some(format!(
            "needs the package {first}{more}, which a page does not have; {SERVER}"
        ));
    }
    let version = python.python_version.trim();
    (!version.is_empty() && version != PYTHON)
        .then(|| format!("asks for Python {version}, and a page has {PYTHON}: leave the version open, or {SERVER}"))
}

fn inputs(parameters: &JobParameters) -> Option<String> {
    let bytes = parameters
        .input_files
        .iter()
        .fold(0_i64, |sum, file| sum.saturating_add(file.size_bytes.max(0)));
    (bytes > MOST_INPUT_BYTES).then(|| {
        format!("the inputs hold {bytes} bytes, and a machine in a page has room for {MOST_INPUT_BYTES}; {SERVER}")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::jobs::{Environment, File};

    const THERE: Sight = Sight { is_there: true };

    fn with_python(python: PythonEnv) -> JobParameters {
        JobParameters {
            env: Some(Environment {
                python_env: Some(python),
                ..Default::default()
            }),
            ..Default::default()
        }
    }

    #[test]
    fn a_plain_job_is_taken_where_there_is_a_machine() {
        assert_eq!(of(THERE, &JobParameters::default()), Vec::<String>::new());
        assert_eq!(of(Sight::default(), &JobParameters::default()), [NO_MACHINE]);
        assert!(of(THERE, &with_python(PythonEnv::default())).is_empty());
    }

    #[test]
    fn packages_are_named() {
        let python = PythonEnv {
            requirements: vec!["# all".into(), "torch==2.4".into(), String::new(), "numpy".into()],
            ..Default::default()
        };
        let said = of(THERE, &with_python(python));
        assert_eq!(
            said,
            ["needs the package torch==2.4 and 1 more, which a page does not have; send this job to a server"]
        );
    }

    #[test]
    fn what_does_not_fit_is_said() {
        let parameters = JobParameters {
            input_files: vec![
                File {
                    size_bytes: i64::MAX,
                    ..Default::default()
                };
                2
            ],
            dataset_ids: vec!["d".into()],
            attach_project_disk: true,
            ..Default::default()
        };
        let said = of(THERE, &parameters);
        assert_eq!(said.len(), 3);
        assert!(said.iter().all(|sentence| sentence.ends_with(SERVER)), "{said:?}");
        let python = PythonEnv {
            python_version: "3.11".into(),
            ..Default::default()
        };
        assert!(of(THERE, &with_python(python))[0].contains("3.11"));
    }
}
