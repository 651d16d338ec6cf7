//! Folders that outlive the job: the project's disk, s3 mounts, and datasets to read.

// Everything here blocks.
#![allow(clippy::disallowed_methods)]

use std::{
    collections::BTreeMap,
    fs,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
};

use anyhow::{Context, ensure};
use jobsphere_api::{
    id::{DatasetId, ProjectId},
    jobs::JobParameters,
};
use jobsphere_rules::{command::Value, service_line::ServiceLine, variable};
use jobsphere_service::Task;

use super::{Inner, places::View};
use crate::{
    folders,
    sandbox::{Mount, User},
};

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
    /// Shows a folder under a variable. One that is given twice may be written when either may.
    pub(super) fn add(&mut self, variable: &str, mount: Mount) {
        self.name(variable, &mount);
        if let Some(same) = self.mounts.iter_mut().find(|other| other.target == mount.target) {
            same.read_only &= mount.read_only;
            return;
        }
        self.mounts.push(mount);
    }

    /// Lets a variable tell where something is seen.
    pub(super) fn name(&mut self, variable: &str, mount: &Mount) {
        let path = mount.target.display().to_string();
        self.values.insert(variable.to_owned(), Value::Path(path));
    }
}

/// The folders that `task` asks for, for a command of the server's user or of `user`. Blocks.
///
/// # Errors
/// When one of them is gone since the job was created, or the project's disk cannot be made.
pub(super) fn mount(inner: &Inner, task: &Task, view: View, user: Option<User>) -> anyhow::Result<Mounted> {
    let mut mounted = Mounted::default();
    let parameters = &task.parameters;
    if parameters.attach_project_disk {
        let disk = inner.disks.join(task.project_id.as_str());
        make_disk(&inner.disks, &disk, user)?;
        let disk = view.beside(disk, "disk", false);
        mounted
            .env
            .insert(variable::PROJECT_HOME.into(), disk.target.display().to_string());
        mounted.add(variable::PROJECT_HOME, disk);
    }
    for id in &parameters.s3_mount_ids {
        let mount = inner.config.s3_mounts.get(id).filter(|mount| mount.path.is_dir());
        let mount = mount.with_context(|| missing_mount(id))?;
        // Within a sandbox a link on the way would lead elsewhere.
        let path = mount.path.canonicalize()?;
        mounted.add(id, view.beside(path, Path::new("s3").join(id), mount.read_only));
    }
    for id in &parameters.dataset_ids {
        let folder = dataset(inner, &task.project_id, id)?;
        inner.datasets.open_to(&task.project_id, user)?;
        mounted.add(id, view.beside(folder, Path::new("inputs").join(id), true));
    }
    Ok(mounted)
}

/// The disk is made once, for the project's user; what is in it is never looked at.
fn make_disk(disks: &Path, disk: &Path, user: Option<User>) -> anyhow::Result<()> {
    fs::create_dir_all(disks)?;
    folders::make(disk, user, folders::OWNER_ALONE).context("the project's disk cannot be made")?;
    let (found, wanted) = (
        fs::symlink_metadata(disk)?.uid(),
        user.map_or_else(own_uid, |user| user.uid),
    );
    ensure!(
        found == wanted,
        "the project's disk belongs to the user {found}, from when the server ran in another way; its operator gives it \
         to the user {wanted}, with all that is in it, while no job runs (chown -R)"
    );
    Ok(folders::reopen(disk, folders::OWNER_ALONE)?)
}

fn own_uid() -> u32 {
    rustix::process::geteuid().as_raw()
}

fn dataset(inner: &Inner, project: &ProjectId, id: &str) -> anyhow::Result<PathBuf> {
    let folder = inner.datasets.path(project, &DatasetId::parse(id)?);
    ensure!(folder.is_dir(), ServiceLine::DatasetGone { id: id.into() }.to_string());
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
    ServiceLine::MountUnknown { id: id.into() }.to_string()
}
