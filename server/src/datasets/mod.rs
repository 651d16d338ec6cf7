//! Datasets on disk: `datasets/<project>/<id>`, a folder each, which commands read and nobody changes.
//!
//! A folder gets its name only when it is whole, and its row after that, together with the end of its job. A folder
//! that has no row, and that no run will give one, is what a crash or a failed job has left.

pub(crate) mod command;
mod folder;

pub(crate) use folder::seal_top;

use std::{
    fs::{self, Permissions},
    io,
    os::unix::fs::{PermissionsExt, chown},
    path::{Path, PathBuf},
};

use jobsphere_api::id::{DatasetId, ProjectId};
use jobsphere_service::{Store, StoreError};
use tokio::task::spawn_blocking;

use crate::{
    folders,
    porter::{Content, PorterError, copy_tree},
    sandbox::{Around, Sandbox, User},
};

const OWNER_AND_GROUP: u32 = 0o750;

/// The folders of all projects.
#[derive(Debug, Clone)]
pub(crate) struct Datasets {
    root: PathBuf,
    around: Around,
}

impl Datasets {
    pub(crate) fn new(around: Around) -> Self {
        Self {
            root: around.data_dir.join("datasets"),
            around,
        }
    }

    /// Where the dataset lies, or would lie.
    pub(crate) fn path(&self, project: &ProjectId, id: &DatasetId) -> PathBuf {
        self.root.join(project.as_str()).join(id.as_str())
    }

    /// Makes `folder`, which was sealed, the dataset `id`: whole, or not at all. Blocks.
    ///
    /// # Errors
    /// When the disk does not do it.
    pub(crate) fn keep(&self, folder: &Path, project: &ProjectId, id: &DatasetId) -> anyhow::Result<()> {
        let place = self.path(project, id);
        if folders::is_folder(&place) || !self.is_copied() {
            return Ok(folder::place(folder, &place)?);
        }
        // Commands could change what is their user's, by a descriptor or by its mode: it becomes a copy of another's.
        let unfinished = folder.with_file_name(format!("{id}.copy"));
        let owner = self.owner(project);
        folders::remove(&self.around, &unfinished, std::slice::from_ref(&unfinished))?;
        folders::make(&unfinished, owner, folders::OWNER_ALONE)?;
        let from = self.around.user_of_jobs(project.as_str());
        let mut from = folders::porter(&self.around, from, &[folder.to_owned()])?;
        let mut to = folders::porter(&self.around, owner, std::slice::from_ref(&unfinished))?;
        copy_tree(&mut from, 0, &mut to, 0)?;
        Ok(folder::place(&unfinished, &place)?)
    }

    /// Without name spaces nothing but another owner keeps commands from changing a dataset.
    fn is_copied(&self) -> bool {
        self.around.sandbox == Sandbox::User
    }

    /// Whose the content of datasets is.
    fn owner(&self, project: &ProjectId) -> Option<User> {
        match self.is_copied() {
            true => self.around.user_of_environments(project.as_str()),
            false => self.around.user_of_jobs(project.as_str()),
        }
    }

    /// Lets commands that run as `user` pass to the datasets of `project`, and nobody else but the server. Blocks.
    ///
    /// # Errors
    /// When the disk does not do it.
    #[allow(clippy::disallowed_methods)] // It blocks.
    pub(crate) fn open_to(&self, project: &ProjectId, user: Option<User>) -> io::Result<()> {
        let folder = self.root.join(project.as_str());
        chown(&folder, None, user.map(|user| user.gid))?;
        fs::set_permissions(folder, Permissions::from_mode(OWNER_AND_GROUP))
    }

    /// What a dataset holds. Blocks.
    ///
    /// # Errors
    /// When it is not there.
    pub(crate) fn content(&self, project: &ProjectId, id: &DatasetId) -> Result<Content, PorterError> {
        let user = self.around.user_of_jobs(project.as_str());
        self.open_to(project, user)?;
        folders::porter(&self.around, user, &[self.path(project, id)])?.measure(0)
    }

    /// Removes the folder; one that is not there is fine. Blocks.
    ///
    /// # Errors
    /// When the disk does not do it.
    pub(crate) fn remove(&self, project: &ProjectId, id: &DatasetId) -> io::Result<()> {
        folder::remove(&self.around, &self.path(project, id), self.owner(project))
    }

    /// Removes the folders that have no row and, as `is_over` says, will not get one.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub(crate) async fn sweep(
        &self,
        store: &dyn Store,
        is_over: impl Fn(&DatasetId) -> bool + Send,
    ) -> Result<(), StoreError> {
        let datasets = self.clone();
        let stored = spawn_blocking(move || datasets.stored()).await.unwrap_or_default();
        for (project, id) in stored {
            if !is_over(&id) || store.dataset(&id).await?.is_some() {
                continue;
            }
            let (datasets, left) = (self.clone(), id.clone());
            if let Ok(Err(error)) = spawn_blocking(move || datasets.remove(&project, &left)).await {
                tracing::warn!(dataset = %id, "what is left of a dataset stays until the next start: {error}");
            }
        }
        Ok(())
    }

    fn stored(&self) -> Vec<(ProjectId, DatasetId)> {
        let entries = walkdir::WalkDir::new(&self.root).min_depth(2).max_depth(2);
        entries
            .into_iter()
            .flatten()
            .filter_map(|entry| {
                let project = entry.path().parent()?.file_name()?.to_str()?;
                let id = entry.file_name().to_str()?;
                Some((ProjectId::parse(project).ok()?, DatasetId::parse(id).ok()?))
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use jobsphere_api::id::JobId;
    use jobsphere_service::{Change, DatasetRecord, memory::MemoryStore};

    use super::*;

    #[tokio::test]
    async fn only_what_nobody_knows_is_swept() {
        let dir = tempfile::tempdir().unwrap();
        let datasets = Datasets::new(Around::new(Sandbox::None, dir.path().to_owned()));
        let project = ProjectId::parse("p").unwrap();
        let [known, held, left] = ["known", "held", "left"].map(|id| DatasetId::parse(id).unwrap());
        for id in [&known, &held, &left] {
            let made = dir.path().join("made");
            fs::create_dir_all(made.join("sub")).unwrap();
            fs::write(made.join("sub/x"), "x").unwrap();
            datasets.keep(&made, &project, id).unwrap();
        }
        let store = MemoryStore::default();
        let record = DatasetRecord {
            id: known.clone(),
            project_id: project.clone(),
            job_id: JobId::parse("j").unwrap(),
            desc: Default::default(),
            created_micros: 1,
        };
        store.commit(vec![Change::PutDataset(Box::new(record))]).await.unwrap();
        datasets.sweep(&store, |id| *id != held).await.unwrap();
        let there = [known, held, left].map(|id| datasets.path(&project, &id).exists());
        assert_eq!(there, [true, true, false]);
    }
}
