//! What a job asks Python to have, in a form that is the same for the same wishes.

use jobsphere_api::{id::ProjectId, jobs::PythonEnv, sha256::Sha256};
use serde::Serialize;

use super::store::Key;
use crate::engine::places::View;

/// Changes when environments are built in another way, so that older ones are not taken for them.
const FORMAT: u32 = 4;

/// The interpreter and packages of an environment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Packages {
    format: u32,
    pub(super) conda_yaml: String,
    /// None for whichever Python comes first.
    pub(super) python: Option<PythonVersion>,
    pub(super) requirements: Vec<String>,
    pub(super) no_deps: bool,
    pub(super) index_url: String,
    pub(super) extra_index_urls: Vec<String>,
    pub(super) trusted_hosts: Vec<String>,
}

/// A minor version of Python 3, such as 3.11.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub(super) struct PythonVersion {
    minor: u32,
}

impl PythonVersion {
    /// Reads `3.x`, or `3.x.y` for the same.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut parts = text.trim().split('.');
        let major = parts.next()?;
        let minor = number(parts.next()?)?;
        let patch = parts.next().is_none_or(|patch| number(patch).is_some());
        (major == "3" && patch && parts.next().is_none()).then_some(Self { minor })
    }
}

fn number(digits: &str) -> Option<u32> {
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| digits.parse().ok()).flatten()
}

impl std::fmt::Display for PythonVersion {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "3.{}", self.minor)
    }
}

impl Packages {
    /// What `asked` wants.
    pub(super) fn of(asked: &PythonEnv) -> Self {
        let lines = asked.requirements.iter().flat_map(|entry| entry.lines()).map(str::trim);
        let lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
        // pip knows this option only outside of its files, and the published client lets it through in them.
        let (options, requirements): (Vec<&str>, Vec<&str>) = lines.partition(|line| *line == "--no-deps");
        let conda_yaml = asked.conda_yaml.trim();
        let pip = asked.pip_options.clone().unwrap_or_default();
        Self {
            format: FORMAT,
            conda_yaml: conda_yaml.to_owned(),
            python: PythonVersion::parse(&asked.python_version),
            requirements: requirements.into_iter().map(str::to_owned).collect(),
            no_deps: pip.no_deps || !options.is_empty(),
            index_url: pip.index_url,
            extra_index_urls: pip.extra_index_urls,
            trusted_hosts: pip.trusted_hosts,
        }
    }

    /// Whether any Python will do, without packages: the job brings local modules at most.
    pub(super) fn is_any(&self) -> bool {
        self.python.is_none() && self.requirements.is_empty() && self.conda_yaml.is_empty()
    }

    /// The name under which `project` keeps the environment, which names the place where it is seen.
    pub(super) fn key(&self, project: &ProjectId, view: View) -> Key {
        let is_seen_elsewhere = view == View::Own;
        let canonical = serde_json::json!([self, is_seen_elsewhere]).to_string();
        Key {
            project: project.to_string(),
            sha256: Sha256::of(canonical.as_bytes()).to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use jobsphere_api::jobs::PipOptions;

    use super::*;

    fn packages(requirements: &[&str], pip: Option<PipOptions>) -> Packages {
        let asked = PythonEnv {
            python_version: "3.11".into(),
            requirements: requirements.iter().map(|line| line.to_string()).collect(),
            pip_options: pip,
            ..Default::default()
        };
        Packages::of(&asked)
    }

    #[test]
    fn versions_are_read_strictly() {
        for (text, read) in [
            ("3.10", Some("3.10")),
            ("3.11.4", Some("3.11")),
            (" 3.9 ", Some("3.9")),
            ("3", None),
            ("2.7", None),
            ("3.x", None),
            ("3.11.", None),
            ("3.+1", None),
            ("3.1.2.3", None),
        ] {
            let version = PythonVersion::parse(text).map(|version| version.to_string());
            assert_eq!(version.as_deref(), read, "{text}");
        }
    }

    fn key(packages: &Packages) -> Key {
        packages.key(&ProjectId::parse("p").unwrap(), View::Own)
    }

    #[test]
    fn the_same_wishes_have_the_same_key_and_others_another() {
        let six = packages(&["six==1.16.0"], None);
        assert_eq!(key(&six), key(&packages(&[" six==1.16.0\n", "# why"], None)));
        let of_machine = six.key(&ProjectId::parse("p").unwrap(), View::OfMachine);
        assert_ne!(key(&six), of_machine);
        assert_ne!(key(&six), six.key(&ProjectId::parse("q").unwrap(), View::Own));
        assert_eq!(
            key(&packages(&["--no-deps", "six"], None)),
            key(&packages(
                &["six"],
                Some(PipOptions {
                    no_deps: true,
                    ..Default::default()
                })
            ))
        );
        let other_index = PipOptions {
            index_url: "http://localhost/".into(),
            ..Default::default()
        };
        for other in [
            packages(&["six"], None),
            packages(&["six==1.16.0"], Some(other_index)),
            Packages {
                python: PythonVersion::parse("3.12"),
                ..six.clone()
            },
        ] {
            assert_ne!(key(&six), key(&other));
        }
    }

    #[test]
    fn for_local_modules_alone_any_python_will_do() {
        let asked = PythonEnv {
            requirements: vec![" # nothing".into()],
            ..Default::default()
        };
        assert!(Packages::of(&asked).is_any());
        assert!(!packages(&[], None).is_any());
    }
}
