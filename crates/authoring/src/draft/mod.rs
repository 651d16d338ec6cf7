//! A job being written: every field as the person typed it, some of them still blank or wrong.
//!
//! A draft is what the form and the `config.yaml` are two views of. It becomes a request by
//! [`Draft::to_request`], is checked by [`Draft::problems`], and is addressed field by field by [`Field`].

mod again;
mod check;
mod content;
mod field;
mod request;
mod variants;

pub use check::Problem;
pub use content::InputContent;
pub use field::{Column, Field, Item, List};
pub use variants::{MAX_JOBS, Variant};

use std::collections::BTreeSet;

/// An input: a file or folder, and where the job finds it.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(from = "content::Stored", into = "content::Stored")]
pub struct InputRow {
    /// Path in the job's folder.
    pub path: String,
    /// Variable for the path; empty for none.
    pub var: String,
    /// What it holds.
    pub content: InputContent,
    /// Whether it is a folder, sent as a ZIP.
    pub is_folder: bool,
}

/// A path, or the id of a mount or dataset, and its variable.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct PathRow {
    /// Path in the job's folder, or id.
    pub path: String,
    /// Variable for it; empty for none.
    pub var: String,
}

/// An argument, environment variable or label.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct PairRow {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
    /// Of an environment variable: the file names it alone, and its value comes from whoever submits.
    pub is_asked: bool,
    /// Of an argument: further values as they were typed, one a line. Each makes a job of its own, which the
    /// configuration file cannot say.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub more: String,
}

/// A dataset that the job makes.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct DatasetRow {
    /// Its name.
    pub name: String,
    /// Variable for its folder.
    pub var: String,
    /// Its size, such as `10Gb`.
    pub size: String,
    /// Description.
    pub description: String,
    /// Labels, as `name=value` joined by commas.
    pub labels: String,
}

/// How the container image is named.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum ImageKind {
    /// The service's own.
    #[default]
    None,
    /// By the id of an image resource.
    Id,
    /// By its address in a registry.
    Address,
}

/// The container image; what belongs to another kind than the chosen one is kept and not sent.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Image {
    /// Which of the fields count.
    pub kind: ImageKind,
    /// Id of an image resource.
    pub id: String,
    /// Address in a registry.
    pub address: String,
    /// Name for the registry.
    pub username: String,
    /// Name of the secret that holds the password.
    pub secret: String,
}

/// Where the Python environment comes from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum PythonKind {
    /// Nothing is set up.
    #[default]
    None,
    /// From the imports of the files.
    Auto,
    /// As written here.
    Manual,
}

/// What a Python program brings along beside the inputs. The configuration file does not say it: it is found by reading
/// the program, or chosen in the form.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct Brought {
    /// Scripts that become inputs without being in the list of inputs: the main module and the root modules.
    pub scripts: Vec<InputRow>,
    /// Local modules, each a file or a package's folder, sent as a ZIP.
    pub modules: Vec<InputRow>,
    /// Paths of found modules that the person takes out.
    pub unwanted: Vec<String>,
    /// Paths that the person sends beside the found modules.
    pub added: Vec<String>,
    /// Requirements that the person wants beside those that are sure.
    pub wanted: Vec<String>,
    /// Neither the command nor the root modules name a Python file of the program.
    pub has_no_main: bool,
    /// What the requirements were filled with last; as long as they still say this, they are filled anew.
    pub requirements: Option<String>,
}

/// The Python environment.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct Python {
    /// Which of the fields count.
    pub kind: PythonKind,
    /// `3.x`.
    pub version: String,
    /// Path of the file with the requirements.
    pub requirements_file: String,
    /// The requirements, one a line: the content of that file, or found by reading imports.
    pub requirements: String,
    /// Modules where the reading of imports begins.
    pub root_paths: Vec<String>,
    /// Modules that are sent; not together with `root_paths`.
    pub local_paths: Vec<String>,
    /// Package index.
    pub index_url: String,
    /// Further indexes.
    pub extra_index_urls: Vec<String>,
    /// Hosts that need no certificate.
    pub trusted_hosts: Vec<String>,
    /// Whether dependencies of the requirements are left out.
    pub no_deps: bool,
    /// What the program brings along.
    pub brought: Brought,
}

impl Python {
    /// Fills the requirements with what a file says, unless the person has written others.
    pub fn fill_requirements(&mut self, declared: String) {
        let is_new = self.brought.requirements.is_none() && self.requirements.trim().is_empty();
        if is_new || self.brought.requirements.as_ref() == Some(&self.requirements) {
            self.requirements.clone_from(&declared);
            self.brought.requirements = Some(declared);
        }
    }

    /// As [`Python::fill_requirements`], with what imports ask for: versions that are there already stay.
    pub fn fill_from_imports(&mut self, found: &[String]) {
        let filled = crate::python::keep_pins(found, &self.requirements);
        self.fill_requirements(filled);
    }

    /// Adds a requirement that the person wants, or takes it out.
    pub fn want(&mut self, line: &str, is_wanted: bool) {
        let name = crate::python::subjects(line);
        let is_other = |other: &str| crate::python::subjects(other) != name;
        let is_filled = self.brought.requirements.as_ref() == Some(&self.requirements);
        let mut lines: Vec<&str> = self.requirements.lines().filter(|other| is_other(other)).collect();
        lines.extend(is_wanted.then_some(line));
        let requirements = lines.join("\n");
        self.brought.wanted.retain(|other| is_other(other));
        if is_wanted {
            self.brought.wanted.push(line.to_owned());
        }
        if is_filled && is_wanted {
            self.brought.requirements = Some(requirements.clone());
        }
        self.requirements = requirements;
    }

    /// Whether any option of pip is set.
    pub fn has_pip_options(&self) -> bool {
        !self.index_url.trim().is_empty()
            || !self.extra_index_urls.is_empty()
            || !self.trusted_hosts.is_empty()
            || self.no_deps
    }
}

/// What happens when the job is cancelled gracefully.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Shutdown {
    /// Whether it is set at all.
    pub is_on: bool,
    /// Name of the signal; empty for SIGTERM.
    pub signal: String,
    /// Time until the kill, such as `1m30s`; empty for the service's own.
    pub timeout: String,
}

/// A job being written.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct Draft {
    /// Name for people.
    pub name: String,
    /// Description.
    pub desc: String,
    /// The command.
    pub cmd: String,
    /// Inputs, in the order of the form.
    pub inputs: Vec<InputRow>,
    /// Outputs.
    pub outputs: Vec<PathRow>,
    /// Arguments.
    pub arguments: Vec<PairRow>,
    /// Environment variables.
    pub env: Vec<PairRow>,
    /// Container image.
    pub image: Image,
    /// Python environment.
    pub python: Python,
    /// S3 mounts, by id.
    pub s3_mounts: Vec<PathRow>,
    /// Datasets, by id.
    pub datasets: Vec<PathRow>,
    /// Datasets that the job makes.
    pub output_datasets: Vec<DatasetRow>,
    /// Instance types, best first.
    pub instance_types: Vec<String>,
    /// Size of the working storage, such as `150Gb`; empty for the service's own.
    pub storage_size: String,
    /// Whether the project's disk is there.
    pub attach_project_disk: bool,
    /// Graceful shutdown.
    pub shutdown: Shutdown,
    /// Id of the Spark connector; empty for none.
    pub spark_connector: String,
    /// How long the files are kept, such as `3d`; empty for the service's own.
    pub data_ttl: String,
}

impl Draft {
    /// Variables that the command may mention, in the order of the form.
    pub fn variables(&self) -> Vec<String> {
        let inputs = self.inputs.iter().map(|row| row.var.as_str());
        let outputs = self.outputs.iter().map(|row| row.var.as_str());
        let arguments = self.arguments.iter().map(|row| row.name.as_str());
        let mounts = self
            .s3_mounts
            .iter()
            .chain(&self.datasets)
            .map(|row| match row.var.trim() {
                "" => row.path.as_str(),
                var => var,
            });
        let datasets = self.output_datasets.iter().map(|row| row.var.as_str());
        let disk = self
            .attach_project_disk
            .then_some(jobsphere_rules::variable::PROJECT_HOME);
        inputs
            .chain(outputs)
            .chain(arguments)
            .chain(mounts)
            .chain(datasets)
            .chain(disk)
            .map(|name| name.trim().to_owned())
            .filter(|name| !name.is_empty())
            .collect()
    }

    /// Takes over from `old` what a configuration file cannot say: which files the inputs are, and the values that were
    /// typed for variables named alone.
    ///
    /// An input is the same when its path is, or else its variable, or else when it is the only one that changed.
    pub fn adopt(&mut self, old: &Self) {
        let paths: BTreeSet<String> = self.inputs.iter().map(|row| row.path.clone()).collect();
        let same_length = self.inputs.len() == old.inputs.len();
        for (place, row) in self.inputs.iter_mut().enumerate() {
            let same_path = old.inputs.iter().find(|other| other.path == row.path);
            let freed = || old.inputs.iter().filter(|other| !paths.contains(&other.path));
            let found = same_path
                .or_else(|| freed().find(|other| !row.var.is_empty() && other.var == row.var))
                .or_else(|| {
                    let other = old.inputs.get(place).filter(|_| same_length)?;
                    (!paths.contains(&other.path)).then_some(other)
                });
            if let Some(found) = found {
                let InputRow { path, var, .. } = std::mem::take(row);
                *row = InputRow {
                    path,
                    var,
                    ..found.clone()
                };
            }
        }
        for row in self.env.iter_mut().filter(|row| row.is_asked) {
            if let Some(known) = old.env.iter().find(|other| other.is_asked && other.name == row.name) {
                row.value.clone_from(&known.value);
            }
        }
        self.adopt_further_values(old);
        self.python.requirements.clone_from(&old.python.requirements);
        self.python.brought.clone_from(&old.python.brought);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(number: u64) -> InputContent {
        match number {
            0 => InputContent::Missing,
            number => InputContent::Chosen {
                number,
                size_bytes: 0,
                sha256: None,
            },
        }
    }

    fn input(path: &str, var: &str, source: u64) -> InputRow {
        InputRow {
            path: path.into(),
            var: var.into(),
            content: chosen(source),
            ..InputRow::default()
        }
    }

    #[test]
    fn pins_and_edits_outlive_what_is_found_later() {
        let found = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let mut python = Python::default();
        python.fill_requirements("tabulate==0.9.0".into());
        python.fill_from_imports(&found(&["numpy", "tabulate"]));
        assert_eq!(python.requirements, "numpy\ntabulate==0.9.0");
        python.want("utils", true);
        python.fill_from_imports(&found(&["numpy", "tabulate", "utils"]));
        assert_eq!(python.requirements, "numpy\ntabulate==0.9.0\nutils");
        python.want("Utils", false);
        python.fill_from_imports(&found(&["numpy", "tabulate", "utils"]));
        assert_eq!(python.requirements, "numpy\ntabulate==0.9.0");
        python.requirements.clear();
        python.fill_requirements("numpy".into());
        assert_eq!(python.requirements, "", "what the person has emptied stays empty");
    }

    #[test]
    fn files_stay_with_their_inputs() {
        let old = Draft {
            inputs: vec![input("a", "", 1), input("b", "B", 2), input("c", "", 3)],
            ..Draft::default()
        };
        let sources = |inputs: Vec<InputRow>| {
            let mut draft = Draft {
                inputs,
                ..Draft::default()
            };
            draft.adopt(&old);
            let chosen = draft.inputs.into_iter().map(|row| row.content.chosen());
            chosen.map(Option::unwrap_or_default).collect::<Vec<_>>()
        };
        assert_eq!(sources(vec![input("c", "X", 0), input("a", "", 0)]), [3, 1]);
        assert_eq!(sources(vec![input("new", "B", 0)]), [2]);
        assert_eq!(
            sources(vec![input("a", "", 0), input("b", "B", 0), input("d", "", 0)]),
            [1, 2, 3]
        );
        assert_eq!(sources(vec![input("d", "", 0)]), [0]);
    }
}
