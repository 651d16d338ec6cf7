//! The run directory: all that a server and a supervisor tell each other.
//!
//! It is the server's own. The folders in it are the job's, each made empty and given away; what is in them is the
//! porter's business alone. Of the file for progress the job may change the content, but not what the name means.
//!
//! Each file is written to another name and renamed, so that whoever reads one reads it whole. Everything here blocks, but
//! for [`RunDir::ask`].

// All but `RunDir::ask` blocks, and says so.
#![allow(clippy::disallowed_methods)]

use std::{
    fs::{self, File, Permissions},
    io::{self, Write},
    os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

use jobsphere_api::id::DatasetId;
use rustix::fs::{FallocateFlags, FlockOperation, fallocate, flock};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use tokio::task::spawn_blocking;

use super::held::{HeldRun, LeftUnnamed};
use crate::{
    beneath, folders,
    porter::Moment,
    sandbox::{Around, PASSABLE, Spec, User},
};

const DATASETS: &str = "datasets";
const ENVIRONMENT: &str = "environment.json";
const STARTED: &str = "started.json";
const UNNAMED: &str = "unnamed.json";
/// Where earlier versions put local modules.
const MODULES: &str = "modules";
const PROGRESS: &str = "progress.jsonl";
const RESERVE: &str = "reserve";
/// There when the collection of outputs was cancelled.
const STOPPED: &str = "stopped";
/// More than `exit.json` and what a file system needs to make a file.
const RESERVED_BYTES: u64 = 64 << 10;

/// The environment of a command may hold what is not for others.
const OWNER_ALONE: u32 = 0o600;

/// The folder of one job's run.
#[derive(Debug, Clone)]
pub(crate) struct RunDir(PathBuf);

/// `started.json`: written before the command begins, so that it never begins twice.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Started {
    pub(crate) time_micros: i64,
    /// The folders of the command's control group.
    #[serde(default)]
    pub(crate) groups: Vec<PathBuf>,
}

/// `cancel.json`: how to end the command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct CancelOrder {
    /// The signal to send first; `None` kills at once.
    pub(crate) signal: Option<i32>,
    /// Milliseconds from the signal to SIGKILL; `None` waits for ever.
    pub(crate) timeout_ms: Option<u64>,
}

/// `exit.json`: how the command ended.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Exit {
    /// Its exit code, or 128 + signal; `None` when it never began.
    pub(crate) return_code: Option<i64>,
    /// Whether a cancel order had arrived.
    pub(crate) cancelled: bool,
    /// What the return code does not say.
    pub(crate) details: String,
    /// Why it could not begin.
    pub(crate) error: Option<String>,
    /// Whether that is because the job asks for what cannot be had.
    #[serde(default)]
    pub(crate) is_jobs_fault: bool,
    /// Whether it was ended for what it used.
    #[serde(default)]
    pub(crate) is_over_limit: bool,
}

impl RunDir {
    pub(crate) fn new(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// Lets `act` ask the disk, away from the threads that serve.
    ///
    /// # Errors
    /// Those of `act`.
    pub(crate) async fn ask<T: Send + 'static>(
        &self,
        act: impl FnOnce(&Self) -> io::Result<T> + Send + 'static,
    ) -> io::Result<T> {
        let dir = self.clone();
        spawn_blocking(move || act(&dir)).await.map_err(io::Error::other)?
    }

    pub(crate) fn work(&self) -> PathBuf {
        self.0.join("work")
    }

    /// Where files with variables lie whose paths are absolute or lead out of the working directory.
    pub(crate) fn sheltered(&self) -> PathBuf {
        self.0.join("abs")
    }

    pub(crate) fn tmp(&self) -> PathBuf {
        self.0.join("tmp")
    }

    /// The job's own Python environment.
    pub(crate) fn venv(&self) -> PathBuf {
        self.0.join("venv")
    }

    /// Where the command writes the dataset with this id.
    pub(crate) fn dataset(&self, id: &DatasetId) -> PathBuf {
        self.0.join(DATASETS).join(id.as_str())
    }

    /// Where the program appends its progress.
    pub(crate) fn progress(&self) -> PathBuf {
        self.0.join(PROGRESS)
    }

    /// What it has appended so far.
    ///
    /// # Errors
    /// When there is no such file.
    pub(crate) fn open_progress(&self) -> io::Result<File> {
        beneath::open_file(&self.0, PROGRESS)
    }

    /// Makes the run directory, its folders for a command of `user`, and an empty file for progress. False when there
    /// was a folder already, which may hold something.
    ///
    /// # Errors
    /// When the disk does not do it.
    pub(crate) fn make(&self, user: Option<User>, given: &[PathBuf]) -> io::Result<bool> {
        let mode = if user.is_some() { PASSABLE } else { folders::OWNER_ALONE };
        folders::make(&self.0, None, mode)?;
        fs::set_permissions(&self.0, Permissions::from_mode(mode))?;
        let mut are_new = true;
        for folder in given {
            if let Some(above) = folder.parent().filter(|above| *above != self.0) {
                folders::make(above, None, mode)?;
            }
            are_new &= folders::make(folder, user, folders::OWNER_ALONE)?;
        }
        Ok(are_new)
    }

    /// Makes the file for progress anew, for a command of `user`.
    ///
    /// # Errors
    /// When the disk does not do it.
    pub(crate) fn make_progress(&self, user: Option<User>) -> io::Result<()> {
        match fs::remove_file(self.progress()) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut options = File::options();
        let file = options
            .write(true)
            .create_new(true)
            .mode(OWNER_ALONE)
            .open(self.progress())?;
        match user {
            Some(User { uid, gid, .. }) => std::os::unix::fs::fchown(&file, Some(uid), Some(gid)),
            None => Ok(()),
        }
    }

    pub(crate) fn write_spec(&self, spec: &Spec) -> io::Result<()> {
        // What a loss of power takes with it was not started.
        self.write("spec.json", spec, false)
    }

    pub(crate) fn spec(&self) -> io::Result<Option<Spec>> {
        self.read("spec.json")
    }

    /// The environment of a job is for nobody else to read; the supervisor has it in memory.
    pub(crate) fn remove_spec(&self) -> io::Result<()> {
        fs::remove_file(self.0.join("spec.json"))
    }

    /// `datasets.json`: the ids of the datasets that the command makes, in the order of its parameters.
    pub(crate) fn write_datasets(&self, ids: &[DatasetId]) -> io::Result<()> {
        let ids: Vec<&str> = ids.iter().map(DatasetId::as_str).collect();
        self.write("datasets.json", &ids, true)
    }

    pub(crate) fn datasets(&self) -> io::Result<Option<Vec<DatasetId>>> {
        let Some(ids) = self.read::<Vec<String>>("datasets.json")? else {
            return Ok(None);
        };
        let parsed: Result<Vec<DatasetId>, _> = ids.iter().map(|id| DatasetId::parse(id)).collect();
        parsed.map(Some).map_err(io::Error::other)
    }

    pub(crate) fn write_started(&self, started: &Started) -> io::Result<()> {
        self.write(STARTED, started, true)
    }

    pub(crate) fn started(&self) -> io::Result<Option<Started>> {
        self.read(STARTED)
    }

    pub(crate) fn write_cancel(&self, order: &CancelOrder) -> io::Result<()> {
        fs::create_dir_all(&self.0)?;
        // The order is in the Store too, and is given again.
        self.write("cancel.json", order, false)
    }

    pub(crate) fn cancel(&self) -> io::Result<Option<CancelOrder>> {
        self.read("cancel.json")
    }

    pub(crate) fn write_exit(&self, exit: &Exit) -> io::Result<()> {
        self.write("exit.json", exit, true)
    }

    pub(crate) fn exit(&self) -> io::Result<Option<Exit>> {
        self.read("exit.json")
    }

    /// Notes that outputs are collected no further.
    ///
    /// # Errors
    /// When the disk does not do it.
    pub(crate) fn stop(&self) -> io::Result<()> {
        self.create(STOPPED).map(drop)
    }

    /// Whether that was noted.
    pub(crate) fn is_stopped(&self) -> bool {
        self.0.join(STOPPED).exists()
    }

    /// Removes the run directory with all that the job has left.
    ///
    /// # Errors
    /// When something stays.
    pub(crate) fn remove(&self, around: &Around) -> io::Result<()> {
        folders::remove(around, &self.0, &self.given())
    }

    /// The folders that were given away, as far as there are any.
    fn given(&self) -> Vec<PathBuf> {
        let datasets = fs::read_dir(self.0.join(DATASETS)).into_iter().flatten().flatten();
        let mut given = vec![
            self.work(),
            self.sheltered(),
            self.0.join(MODULES),
            self.tmp(),
            self.venv(),
        ];
        given.extend(datasets.map(|entry| entry.path()));
        given
    }

    /// `unnamed.json`: what the command has made and nobody has named.
    pub(super) fn write_unnamed(&self, unnamed: &LeftUnnamed) -> io::Result<()> {
        self.write(UNNAMED, unnamed, false)
    }

    pub(super) fn unnamed(&self) -> io::Result<Option<LeftUnnamed>> {
        self.read(UNNAMED)
    }

    /// `held.json`: that the run has ended, and how long its working folder is held.
    pub(super) fn write_held(&self, held: &HeldRun) -> io::Result<()> {
        self.write("held.json", held, true)
    }

    pub(super) fn held(&self) -> io::Result<Option<HeldRun>> {
        self.read("held.json")
    }

    /// When the command began, by the clock of the file system: what was changed before was there before. `None` when it
    /// never did.
    pub(super) fn began(&self) -> io::Result<Option<Moment>> {
        match fs::symlink_metadata(self.0.join(STARTED)) {
            Ok(found) => Ok(Some(changed(&found))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// When a name in the working folder was made or removed last, or the folder itself was changed.
    pub(super) fn work_changed(&self) -> io::Result<Moment> {
        fs::symlink_metadata(self.work()).map(|found| changed(&found))
    }

    /// Removes what lies beside the working folder and was for the run alone.
    ///
    /// # Errors
    /// When something stays.
    pub(super) fn keep_work_alone(&self, around: &Around) -> io::Result<()> {
        let given = self.given();
        let given: Vec<PathBuf> = given.into_iter().filter(|folder| *folder != self.work()).collect();
        folders::empty(around, &self.0, &given);
        for folder in given.iter().filter(|folder| folder.exists()) {
            fs::remove_dir(folder)?;
        }
        // The environment that it names is free to go.
        for name in [ENVIRONMENT, "spec.json", RESERVE] {
            match fs::remove_file(self.0.join(name)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        Ok(())
    }

    /// `environment.json`: the kept environment that the job uses, so that it is not dropped meanwhile.
    pub(crate) fn write_environment(&self, key: &str) -> io::Result<()> {
        self.write(ENVIRONMENT, &key, false)
    }

    pub(crate) fn environment(&self) -> io::Result<Option<String>> {
        self.read(ENVIRONMENT)
    }

    /// Takes the space that the end of the job will need, so that it can be written on a full disk too.
    pub(crate) fn reserve(&self) -> io::Result<()> {
        let file = self.create(RESERVE)?;
        Ok(fallocate(&file, FallocateFlags::empty(), 0, RESERVED_BYTES)?)
    }

    /// Gives that space up.
    pub(crate) fn release(&self) {
        let _ = fs::remove_file(self.0.join(RESERVE));
    }

    /// The lock that a supervisor holds as long as it lives, not taken yet.
    pub(crate) fn lock_file(&self) -> io::Result<File> {
        let mut options = File::options();
        options.create(true).truncate(false).write(true).mode(OWNER_ALONE);
        options.open(self.0.join("lock"))
    }

    /// What the supervisor itself complains of.
    ///
    /// # Errors
    /// When the disk does not do it.
    pub(crate) fn complaints_file(&self) -> io::Result<File> {
        self.create("supervisor.log")
    }

    /// A file of the server's own; even to hold a lock on it is for nobody else.
    fn create(&self, name: &str) -> io::Result<File> {
        let mut options = File::options();
        options.create(true).truncate(true).write(true).mode(OWNER_ALONE);
        options.open(self.0.join(name))
    }

    fn write(&self, name: &str, value: &impl Serialize, survives_power_loss: bool) -> io::Result<()> {
        write(&self.0, name, value, survives_power_loss)
    }

    fn read<T: DeserializeOwned>(&self, name: &str) -> io::Result<Option<T>> {
        read(&self.0, name)
    }
}

/// When what was found was changed last; no program can set that.
fn changed(found: &fs::Metadata) -> Moment {
    Moment {
        s: found.ctime(),
        ns: found.ctime_nsec(),
    }
}

/// Writes `name` in `folder`, whole or not at all.
pub(super) fn write(folder: &Path, name: &str, value: &impl Serialize, survives_power_loss: bool) -> io::Result<()> {
    let unfinished = folder.join(format!("{name}.new"));
    let mut file = File::options()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(OWNER_ALONE)
        .open(&unfinished)?;
    file.write_all(&serde_json::to_vec(value)?)?;
    if survives_power_loss {
        file.sync_all()?;
    }
    fs::rename(unfinished, folder.join(name))?;
    if survives_power_loss {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

/// Reads `name` in `folder`; `None` when it is not there.
pub(super) fn read<T: DeserializeOwned>(folder: &Path, name: &str) -> io::Result<Option<T>> {
    match fs::read(folder.join(name)) {
        Ok(bytes) => Ok(Some(serde_json::from_slice(&bytes)?)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Takes the lock if no supervisor holds it.
pub(crate) fn try_lock(file: &File) -> io::Result<bool> {
    match flock(file, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Ok(true),
        Err(rustix::io::Errno::WOULDBLOCK) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Waits until no supervisor holds the lock. Blocks.
pub(crate) fn wait_for_lock(file: &File) -> io::Result<()> {
    loop {
        match flock(file, FlockOperation::LockExclusive) {
            Ok(()) => return Ok(()),
            Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
}
