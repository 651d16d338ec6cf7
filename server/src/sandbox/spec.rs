//! What a command is, what it may see and how much it may use.

use std::{collections::BTreeMap, path::PathBuf};

use serde::{Deserialize, Serialize};

use super::{Container, Mount, Sandbox, User};

/// What to run; a supervisor finds it as `spec.json` in the run directory.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Spec {
    /// The command, variables put in.
    pub(crate) cmd: String,
    /// The whole environment of the command.
    pub(crate) env: BTreeMap<String, String>,
    /// What stands around the `PATH` of an image.
    #[serde(default)]
    pub(crate) around_path: Option<AroundPath>,
    /// What is made before it begins.
    #[serde(default)]
    pub(crate) copy: Option<FolderCopy>,
    /// Its working directory, as it sees it.
    pub(crate) work_dir: PathBuf,
    /// The folder of its log.
    pub(crate) log_dir: PathBuf,
    /// How it is kept apart.
    pub(crate) sandbox: Sandbox,
    /// The container it runs in, if it asks for one; that keeps it apart instead.
    pub(crate) container: Option<Container>,
    /// The user it runs as, when that is not the server's.
    pub(crate) user: Option<User>,
    /// Folders and files that it does not see.
    pub(crate) hidden: Vec<PathBuf>,
    /// Its own folders, which count as its storage.
    pub(crate) folders: Vec<Mount>,
    /// What else it sees.
    pub(crate) mounts: Vec<Mount>,
    /// How much it may use.
    pub(crate) limits: Limits,
}

/// Folders of programs.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct AroundPath {
    /// Its programs count before all others.
    pub(crate) first: PathBuf,
    /// Its programs count when no other folder has them.
    pub(crate) last: PathBuf,
}

/// A folder that the command's own user copies, as it sees both places.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct FolderCopy {
    /// What is copied.
    pub(crate) from: PathBuf,
    /// The folder for it, which is there and empty.
    pub(crate) to: PathBuf,
}

/// What a command may use; none means no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Limits {
    /// Memory of all its processes together.
    pub(crate) memory_bytes: Option<u64>,
    /// Processor time in milliseconds for each second, of all its processes together; kept by control groups alone.
    pub(crate) cpu_ms_per_s: Option<u64>,
    /// Time from its beginning.
    pub(crate) time_s: Option<u64>,
    /// Disk space of its working directory and temporary files.
    pub(crate) work_bytes: Option<u64>,
}
