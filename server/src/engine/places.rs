//! Where a job's folders lie, and where its command sees them.

use std::path::{Path, PathBuf};

use jobsphere_api::{
    id::DatasetId,
    jobs::{FileDesc, JobParameters},
    path::RelativePath,
};

use super::run_dir::RunDir;
use crate::{
    folders,
    porter::Place,
    sandbox::{Mount, Sandbox, User},
};

/// The working directory, where a command has a view of its own.
const WORK: &str = "/job";
/// What else there is of the job, and what it is given.
const BESIDE: &str = "/run/job";
const TMP: &str = "/tmp";

/// How a command sees the machine: as it is, or with places of its own. Then logs and outputs of two runs name the
/// same paths, and none of the server's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum View {
    OfMachine,
    Own,
}

impl View {
    /// That of commands in `sandbox`, or in a container.
    pub(super) fn of(sandbox: Sandbox, is_in_container: bool) -> Self {
        match sandbox == Sandbox::Bubblewrap || is_in_container {
            true => Self::Own,
            false => Self::OfMachine,
        }
    }

    /// Something of the machine that is seen as `name` beside the working directory.
    pub(super) fn beside(self, lies_at: PathBuf, name: impl AsRef<Path>, read_only: bool) -> Mount {
        self.mount(lies_at, Path::new(BESIDE).join(name), read_only)
    }

    fn mount(self, lies_at: PathBuf, own: PathBuf, read_only: bool) -> Mount {
        Mount {
            target: match self {
                Self::OfMachine => lies_at.clone(),
                Self::Own => own,
            },
            source: lies_at,
            read_only,
        }
    }
}

/// The job's own folders.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Folder {
    Work,
    Tmp,
    /// Files with variables whose paths are absolute or lead out of the working directory; there when there are any.
    Sheltered,
    /// The job's own Python environment, above the one that is the same for all; there when it has asked for Python.
    Venv,
    /// Of the dataset with this number.
    Dataset(usize),
}

impl Folder {
    const ALWAYS: [Self; 2] = [Self::Work, Self::Tmp];
}

/// The places of one job.
#[derive(Debug, Clone)]
pub(super) struct Places {
    dir: RunDir,
    view: View,
    datasets: Vec<DatasetId>,
    has_sheltered: bool,
    has_venv: bool,
}

impl Places {
    /// Those of a run that makes these datasets and has no other files.
    pub(super) fn new(dir: &RunDir, view: View, datasets: Vec<DatasetId>) -> Self {
        Self {
            dir: dir.clone(),
            view,
            datasets,
            has_sheltered: false,
            has_venv: false,
        }
    }

    /// The same with room for what `parameters` bring.
    pub(super) fn with_room_for(self, parameters: &JobParameters) -> Self {
        let inputs = parameters.input_files.iter().filter_map(|file| file.desc.as_ref());
        let env = parameters.env.as_ref();
        Self {
            has_sheltered: inputs.chain(&parameters.output_files).any(is_sheltered),
            has_venv: env.is_some_and(|env| env.python_env.is_some() && env.docker_image.is_none()),
            ..self
        }
    }

    /// The same for a run that a version before has begun, which made no such folder.
    pub(super) fn without_venv(self) -> Self {
        Self {
            has_venv: false,
            ..self
        }
    }

    /// Whose the working directory is, if a project's.
    pub(super) fn owner(&self) -> Option<User> {
        folders::owner(&self.dir.work())
    }

    pub(super) fn view(&self) -> View {
        self.view
    }

    pub(super) fn datasets(&self) -> &[DatasetId] {
        &self.datasets
    }

    /// The number of a folder among [`Places::folders`].
    pub(super) fn number(&self, folder: Folder) -> usize {
        let always = Folder::ALWAYS.len();
        match folder {
            Folder::Work => 0,
            Folder::Tmp => 1,
            Folder::Dataset(number) => always + number,
            Folder::Sheltered => always + self.datasets.len(),
            Folder::Venv => always + self.datasets.len() + usize::from(self.has_sheltered),
        }
    }

    /// One of the job's own folders.
    pub(super) fn folder(&self, folder: Folder) -> Mount {
        let (dir, view) = (&self.dir, self.view);
        match folder {
            Folder::Work => view.mount(dir.work(), WORK.into(), false),
            Folder::Sheltered => view.beside(dir.sheltered(), "abs", false),
            Folder::Venv => view.beside(dir.venv(), "venv", false),
            Folder::Tmp => view.mount(dir.tmp(), TMP.into(), false),
            Folder::Dataset(number) => {
                let id = &self.datasets[number];
                view.beside(dir.dataset(id), format!("datasets/{id}"), false)
            }
        }
    }

    /// All of the job's own folders.
    pub(super) fn folders(&self) -> Vec<Mount> {
        let datasets = (0..self.datasets.len()).map(Folder::Dataset);
        let sheltered = self.has_sheltered.then_some(Folder::Sheltered);
        let venv = self.has_venv.then_some(Folder::Venv);
        let folders = Folder::ALWAYS.into_iter().chain(datasets).chain(sheltered).chain(venv);
        folders.map(|folder| self.folder(folder)).collect()
    }

    /// Where the program appends its progress.
    pub(super) fn progress(&self) -> Mount {
        self.view.beside(self.dir.progress(), "progress.jsonl", false)
    }

    /// Where a file of the job lies, for the porter.
    ///
    /// # Errors
    /// When its path names nothing.
    pub(super) fn place(&self, desc: &FileDesc) -> anyhow::Result<Place> {
        let (folder, path) = locate(desc)?;
        Ok(Place {
            folder: self.number(folder),
            path,
        })
    }

    /// Where a file of the job lies whose command has taken its absolute path as it stands, not the one it is told, if that
    /// is in a folder of the job.
    pub(super) fn as_it_stands(&self, desc: &FileDesc) -> Option<Place> {
        let (Folder::Sheltered, _) = locate(desc).ok()? else {
            return None;
        };
        let mut folders = self.folders().into_iter().enumerate();
        folders.find_map(|(folder, seen)| {
            let path = Path::new(&desc.path).strip_prefix(&seen.target).ok()?;
            let path = RelativePath::parse(path.to_str()?).ok()?.to_string();
            Some(Place { folder, path })
        })
    }

    /// The path of a file of the job as its command is told of it: absolute, so that it holds wherever the command goes.
    ///
    /// # Errors
    /// As [`Places::place`].
    pub(super) fn path(&self, desc: &FileDesc) -> anyhow::Result<String> {
        let (folder, path) = locate(desc)?;
        let folder = self.folder(folder).target;
        let whole = if path.is_empty() { folder } else { folder.join(path) };
        // As it is written: `${DIR}name` is a path in it.
        let end = if desc.path.ends_with('/') { "/" } else { "" };
        Ok(format!("{}{end}", whole.display()))
    }
}

/// The folder that a file lies in, and its path there; that of the working directory itself is empty.
fn locate(desc: &FileDesc) -> anyhow::Result<(Folder, String)> {
    if RelativePath::is_working_directory(&desc.path) {
        return Ok((Folder::Work, String::new()));
    }
    Ok(match is_sheltered(desc) {
        false => (Folder::Work, RelativePath::parse(&desc.path)?.to_string()),
        true => (Folder::Sheltered, RelativePath::sheltered(&desc.path)?.to_string()),
    })
}

fn is_sheltered(desc: &FileDesc) -> bool {
    RelativePath::parse(&desc.path).is_err() && !RelativePath::is_working_directory(&desc.path)
}
