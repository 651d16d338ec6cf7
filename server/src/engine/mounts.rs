//! Folders that outlive the job: the project's disk, s3 mounts, and datasets to read.

use std::{
    collections::BTreeMap,
    fs::{self, Permissions},
    io,
    os::unix::fs::{MetadataExt, PermissionsExt, lchown},
    path::{Path, PathBuf},
};

use anyhow::{Context, ensure};
use jobsphere::{
    api::{
        id::{DatasetId, ProjectId},
        jobs::JobParameters,
    },
    job::{command::Value, variable},
    service::Task,
};

use walkdir::WalkDir;

use super::Inner;
use crate::sandbox::Mount;

const OWNER_ALONE: u32 = 0o700;

/// What the command gets of the machine, and how it learns where.
#[derive(Debug, Default)]
pub(super) struct Mounted {
    /// The folders.
    pub(super) mounts: Vec<Mount>,
    /// What stands behind the variables of the command.
    pub(super) values: BTreeMap<String, Value>,
    /// Environment variables.
    pub(super) env: BTreeMap<String, String>,
}

impl Mounted {
    /// The folder keeps its path, so that a command finds it there with a sandbox or without. One that is given twice
    /// may be written when either may.
    pub(super) fn add(&mut self, variable: &str, folder: PathBuf, read_only: bool) {
        let path = folder.display().to_string();
        self.values.insert(variable.to_owned(), Value::Path(path));
        if let Some(same) = self.mounts.iter_mut().find(|mount| mount.target == folder) {
            same.read_only &= read_only;
            return;
        }
        self.mounts.push(Mount {
            source: folder.clone(),
            target: folder,
            read_only,
        });
    }
}

/// The folders that `task` asks for, for a command of the server's user or of `user`. Blocks.
///
/// # Errors
/// When one of them is gone since the job was created, or the project's disk cannot be made.
pub(super) fn mount(inner: &Inner, task: &Task, user: Option<u32>) -> anyhow::Result<Mounted> {
    let mut mounted = Mounted::default();
    let parameters = &task.parameters;
    if parameters.attach_project_disk {
        let disk = inner.disks.join(task.project_id.as_str());
        make_disk(&disk, user).context("the project's disk cannot be made")?;
        mounted
            .env
            .insert(variable::PROJECT_HOME.into(), disk.display().to_string());
        mounted.add(variable::PROJECT_HOME, disk, false);
    }
    for id in &parameters.s3_mount_ids {
        let mount = inner.config.s3_mounts.get(id).filter(|mount| mount.path.is_dir());
        let mount = mount.with_context(|| missing_mount(id))?;
        // Within a sandbox a link on the way would lead elsewhere.
        mounted.add(id, mount.path.canonicalize()?, mount.read_only);
    }
    for id in &parameters.dataset_ids {
        let folder = dataset(inner, &task.project_id, id)?;
        inner.datasets.open_to(&task.project_id, user)?;
        mounted.add(id, folder, true);
    }
    Ok(mounted)
}

/// The disk belongs to the project's user, with all that was written while there was another.
fn make_disk(disk: &Path, user: Option<u32>) -> io::Result<()> {
    fs::create_dir_all(disk)?;
    let Some(user) = user.filter(|user| fs::metadata(disk).is_ok_and(|found| found.uid() != *user)) else {
        return fs::set_permissions(disk, Permissions::from_mode(OWNER_ALONE));
    };
    fs::set_permissions(disk, Permissions::from_mode(OWNER_ALONE))?;
    for entry in WalkDir::new(disk).contents_first(true) {
        lchown(entry?.path(), Some(user), Some(user))?;
    }
    Ok(())
}

fn dataset(inner: &Inner, project: &ProjectId, id: &str) -> anyhow::Result<PathBuf> {
    let folder = inner.datasets.path(project, &DatasetId::parse(id)?);
    ensure!(
        folder.is_dir(),
        "dataset `{id}` was removed since the job was created; create it again with another"
    );
    Ok(folder)
}

/// A sentence for each s3 mount that the operator has given no folder.
pub(super) fn refusals(inner: &Inner, parameters: &JobParameters) -> Vec<String> {
    let asked = parameters.s3_mount_ids.iter();
    asked
        .filter_map(|id| match inner.config.s3_mounts.get(id) {
            None => Some(missing_mount(id)),
            Some(mount) if !mount.path.is_dir() => Some(format!(
                "the folder that `[s3_mounts]` of the operator's file names for `{id}` is not there; make it, or name \
                 another"
            )),
            Some(_) => None,
        })
        .collect()
}

fn missing_mount(id: &str) -> String {
    format!(
        "this server has no s3 mount `{id}`: its operator gives the id a folder of this machine under `[s3_mounts]` in \
         the operator's file (config.toml)"
    )
}
