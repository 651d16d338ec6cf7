//! Where a job's folders lie, and where its command sees them.

use std::path::{Path, PathBuf};

use jobsphere::api::{id::DatasetId, jobs::FileDesc, path::RelativePath};

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

/// The job's own folders, by their numbers among [`Places::folders`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Folder {
    Work,
    /// Files with variables whose paths are absolute or lead out of the working directory.
    Sheltered,
    Modules,
    Tmp,
    /// Of the dataset with this number.
    Dataset(usize),
}

impl Folder {
    const FIXED: [Self; 4] = [Self::Work, Self::Sheltered, Self::Modules, Self::Tmp];

    pub(super) fn number(self) -> usize {
        match self {
            Self::Work => 0,
            Self::Sheltered => 1,
            Self::Modules => 2,
            Self::Tmp => 3,
            Self::Dataset(number) => Self::FIXED.len() + number,
        }
    }
}

/// The places of one job.
#[derive(Debug, Clone)]
pub(super) struct Places {
    dir: RunDir,
    view: View,
    datasets: Vec<DatasetId>,
}

impl Places {
    pub(super) fn new(dir: &RunDir, view: View, datasets: Vec<DatasetId>) -> Self {
        Self {
            dir: dir.clone(),
            view,
            datasets,
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

    /// One of the job's own folders.
    pub(super) fn folder(&self, folder: Folder) -> Mount {
        let (dir, view) = (&self.dir, self.view);
        match folder {
            Folder::Work => view.mount(dir.work(), WORK.into(), false),
            Folder::Sheltered => view.beside(dir.sheltered(), "abs", false),
            Folder::Modules => view.beside(dir.modules(), "modules", false),
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
        Folder::FIXED
            .into_iter()
            .chain(datasets)
            .map(|folder| self.folder(folder))
            .collect()
    }

    /// Where the program appends its progress.
    pub(super) fn progress(&self) -> Mount {
        self.view.beside(self.dir.progress(), "progress.jsonl", false)
    }

    /// Where a file of the job lies, for the porter.
    ///
    /// # Errors
    /// When its path names nothing.
    pub(super) fn place(desc: &FileDesc) -> anyhow::Result<Place> {
        let (folder, path) = match RelativePath::parse(&desc.path) {
            Ok(path) => (Folder::Work, path),
            Err(_) => (Folder::Sheltered, RelativePath::sheltered(&desc.path)?),
        };
        Ok(Place {
            folder: folder.number(),
            path: path.to_string(),
        })
    }

    /// The path of a file of the job as its command is told of it: below the working directory, or absolute.
    ///
    /// # Errors
    /// As [`Places::place`].
    pub(super) fn path(&self, desc: &FileDesc) -> anyhow::Result<String> {
        let place = Self::place(desc)?;
        if place.folder == Folder::Work.number() {
            return Ok(place.path);
        }
        let folder = self.folder(Folder::Sheltered).target;
        Ok(folder.join(place.path).display().to_string())
    }
}
