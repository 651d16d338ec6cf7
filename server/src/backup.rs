//! `jobsphere-server backup DIR`: a copy of the data folder, made while the server runs.

// A command of its own.
#![allow(clippy::disallowed_methods)]

use std::{
    fs::{self, Permissions},
    io,
    os::unix::fs::{DirBuilderExt, PermissionsExt},
    path::Path,
};

use anyhow::{Context, ensure};
use sqlx::{ConnectOptions, Connection};
use walkdir::WalkDir;

use crate::{
    cli::say,
    datasets::seal_top,
    folders,
    porter::copy_tree,
    sandbox::{self, Around, User},
    store,
};

/// What is copied beside the database. Environments are built again when they are wanted; a run belongs to the
/// machine it runs on.
const COPIED: [&str; 5] = ["config.toml", "secret.key", "project-secrets.key", "blobs", "logs"];

/// Copies the database as it is at one moment, then the files it speaks of: those never change under their name, and
/// a log only grows.
///
/// # Errors
/// When `to` is not a new folder, or the disk does not do it.
pub(crate) fn run(around: &Around, to: &Path) -> anyhow::Result<()> {
    let data_dir = &around.data_dir;
    ensure!(data_dir.is_dir(), "there is no data folder {}", data_dir.display());
    let made = fs::DirBuilder::new().mode(folders::OWNER_ALONE).create(to);
    made.with_context(|| format!("cannot make {}; name a folder that is not there yet", to.display()))?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(copy_database(data_dir, to))?;
    let mut files = 0;
    for name in COPIED.iter().filter(|name| data_dir.join(name).exists()) {
        files += copy(data_dir, to, name).with_context(|| format!("cannot copy {name}"))?;
    }
    let copied = of_jobs(around, to);
    // It was passable for those who copied.
    fs::set_permissions(to, Permissions::from_mode(folders::OWNER_ALONE))?;
    files += copied?;
    say(&format!(
        "Copied to {}: the database and {files} files. A server started with --data-dir there goes on from this \
         moment; jobs that run now will count as lost there.",
        to.display()
    ));
    Ok(())
}

async fn copy_database(data_dir: &Path, to: &Path) -> anyhow::Result<()> {
    let mut connection = store::options(data_dir).create_if_missing(false).connect().await?;
    let copy = store::file(to).display().to_string();
    sqlx::query("VACUUM INTO $1")
        .bind(copy)
        .execute(&mut connection)
        .await
        .context("the database cannot be copied")?;
    fs::set_permissions(store::file(to), fs::metadata(store::file(data_dir))?.permissions())?;
    Ok(connection.close().await?)
}

/// Copies datasets and disks, each by two porters: it may change, or be made to lead elsewhere, while it is read.
fn of_jobs(around: &Around, to: &Path) -> anyhow::Result<u64> {
    let mut files = 0;
    let passable = match sandbox::is_root() {
        true => sandbox::PASSABLE,
        false => folders::OWNER_ALONE,
    };
    fs::set_permissions(to, Permissions::from_mode(passable))?;
    for kind in ["datasets", "disks"] {
        folders::make(&to.join(kind), None, passable)?;
        for project in named(&around.data_dir.join(kind))? {
            let user = around.user_of_jobs(&project);
            let place = Path::new(kind).join(&project);
            let copied = match kind {
                "disks" => copy_folder(around, user, &place, to),
                _ => copy_datasets(around, user, &place, to),
            };
            files += copied.with_context(|| format!("cannot copy {}", place.display()))?;
        }
    }
    Ok(files)
}

fn copy_datasets(around: &Around, user: Option<User>, project: &Path, to: &Path) -> anyhow::Result<u64> {
    folders::make_way(&to.join(project), user)?;
    let mut files = 0;
    for dataset in named(&around.data_dir.join(project))? {
        let place = project.join(dataset);
        files += copy_folder(around, user, &place, to)?;
        seal_top(&to.join(place))?;
    }
    Ok(files)
}

fn copy_folder(around: &Around, user: Option<User>, place: &Path, to: &Path) -> anyhow::Result<u64> {
    let (from, to) = (around.data_dir.join(place), to.join(place));
    folders::make(&to, user, folders::OWNER_ALONE)?;
    let mut from = folders::porter(around, user, &[from])?;
    let mut to = folders::porter(around, user, &[to])?;
    Ok(copy_tree(&mut from, 0, &mut to, 0)?)
}

fn named(folder: &Path) -> io::Result<Vec<String>> {
    match fs::read_dir(folder) {
        Ok(entries) => entries
            .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
            .collect(),
        Err(error) if is_gone(&error) => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

/// Copies a file or folder of the server's own; answers the number of files.
fn copy(data_dir: &Path, to: &Path, name: &str) -> io::Result<u64> {
    let mut files = 0;
    for entry in WalkDir::new(data_dir.join(name)) {
        let entry = match entry {
            Ok(entry) => entry,
            // Its job was deleted meanwhile.
            Err(error) if error.io_error().is_some_and(is_gone) => continue,
            Err(error) => return Err(error.into()),
        };
        let target = to.join(entry.path().strip_prefix(data_dir).map_err(io::Error::other)?);
        let copied = match entry.file_type() {
            kind if kind.is_dir() => fs::create_dir(&target),
            kind if kind.is_symlink() => {
                fs::read_link(entry.path()).and_then(|link| std::os::unix::fs::symlink(link, &target))
            }
            _ => fs::copy(entry.path(), &target).map(|_| files += 1),
        };
        match copied {
            Err(error) if !is_gone(&error) => return Err(error),
            _ => {}
        }
    }
    // Read-only folders could not have been filled.
    for entry in WalkDir::new(data_dir.join(name))
        .contents_first(true)
        .into_iter()
        .flatten()
    {
        let target = to.join(entry.path().strip_prefix(data_dir).map_err(io::Error::other)?);
        if entry.file_type().is_dir()
            && target.is_dir()
            && let Ok(metadata) = entry.metadata()
        {
            fs::set_permissions(&target, metadata.permissions())?;
        }
    }
    Ok(files)
}

fn is_gone(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::NotFound
}
