//! What a command may see and do of this machine.
//!
//! With bubblewrap the command sees the machine read-only, an own /tmp, no home folders but what is on the `PATH`,
//! no processes but its own, and of the data folder only what its run shows it. A server that runs as root gives each
//! project a user of its own besides, with or without bubblewrap.

mod bubblewrap;
mod container;
mod homes;
mod probe;

use std::{
    io,
    os::unix::{fs::lchown, process::CommandExt},
    path::{Path, PathBuf},
    process::Command,
};

use jobsphere::api::sha256::Sha256;
use rustix::process::{Resource, Rlimit, setrlimit};
use serde::{Deserialize, Serialize};

pub(crate) use container::Container;
pub use probe::{Finding, findings, probe};

use crate::engine::run_dir::Spec;

/// Mode of folders that others may pass, and read nothing in.
pub(crate) const PASSABLE: u32 = 0o711;
/// Above those that systems and containers give out, and within 31 bits.
const FIRST_USER: u32 = 1_900_000_001;
const USERS: u32 = 200_000_000;
/// Processes that a job's user may have at once.
const MAX_PROCESSES: u64 = 2048;
/// How far one file may grow beyond the limit of the whole, so that the sentence about that comes first.
const BEYOND_BYTES: u64 = 64 << 20;
/// Files that one process of a job may hold open.
const MAX_OPEN_FILES: u64 = 65_536;

/// How commands are kept apart from the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Sandbox {
    /// By bubblewrap, and by an own user when the server is root.
    Bubblewrap,
    /// By an own user.
    User,
    /// Not at all: the command has the server's rights.
    None,
}

/// A folder or file that a command sees at another place than where it lies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mount {
    /// Where it lies.
    pub source: PathBuf,
    /// Where the command sees it; a place in its run directory, or the same as `source`.
    pub target: PathBuf,
    /// Whether the command may only read it.
    pub read_only: bool,
}

impl Mount {
    /// Something that a command sees where it lies, and may only read.
    pub(crate) fn in_place(path: PathBuf) -> Self {
        Self {
            source: path.clone(),
            target: path,
            read_only: true,
        }
    }
}

/// What a sandbox needs to know of the server.
#[derive(Debug, Clone)]
pub(crate) struct Around {
    pub(crate) sandbox: Sandbox,
    pub(crate) data_dir: PathBuf,
}

impl Around {
    /// The user that commands of `project` run as, when that is not the server's.
    pub(crate) fn user_of(&self, project: &str) -> Option<u32> {
        (self.sandbox != Sandbox::None && is_root()).then(|| user_of(project))
    }
}

/// Gives `folder`, and all in it, to `user`.
pub(crate) fn hand_over(folder: &Path, user: u32) -> io::Result<()> {
    for entry in walkdir::WalkDir::new(folder) {
        lchown(entry?.path(), Some(user), Some(user))?;
    }
    Ok(())
}

/// Whether the server can give its commands other users.
pub(crate) fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// The shell that runs the command of `spec`, with its surroundings but without its streams.
pub(crate) fn command(spec: &Spec) -> Command {
    if let Some(container) = &spec.container {
        return container.command(spec);
    }
    let mut command = match spec.sandbox {
        Sandbox::Bubblewrap => bubblewrap::command(spec),
        Sandbox::User | Sandbox::None => {
            let mut shell = Command::new("/bin/sh");
            shell.arg("-c").arg(&spec.cmd);
            if let (Sandbox::User, Some(user)) = (spec.sandbox, spec.user) {
                shell.uid(user).gid(user);
            }
            shell
        }
    };
    command.current_dir(&spec.work_dir).env_clear().envs(&spec.env);
    let has_own_user = spec.user.is_some();
    let limits = spec.limits;
    // SAFETY: between fork and exec only system calls are made, which is safe there.
    unsafe {
        command.pre_exec(move || {
            limit(Resource::Core, 0)?;
            limit(Resource::Nofile, MAX_OPEN_FILES)?;
            // A user who runs other things too would be kept from them.
            if has_own_user {
                limit(Resource::Nproc, MAX_PROCESSES)?;
            }
            if let Some(bytes) = limits.memory_bytes {
                // What is watched ends the job with a sentence; this is for what grows faster than that.
                limit(Resource::Data, bytes.saturating_mul(2))?;
            }
            if let Some(bytes) = limits.work_bytes {
                limit(Resource::Fsize, bytes.saturating_add(BEYOND_BYTES))?;
            }
            Ok(())
        });
    }
    command
}

/// Lowers a limit, never raises it.
fn limit(resource: Resource, most: u64) -> std::io::Result<()> {
    let now = rustix::process::getrlimit(resource);
    let lower = |limit: Option<u64>| Some(limit.map_or(most, |limit| limit.min(most)));
    Ok(setrlimit(
        resource,
        Rlimit {
            current: lower(now.current),
            maximum: lower(now.maximum),
        },
    )?)
}

/// The user that commands of `project` run as, when the server can choose.
fn user_of(project: &str) -> u32 {
    let digest = Sha256::of(project.as_bytes()).to_string();
    // Seven digits are below 2^28.
    let number = u32::from_str_radix(&digest[..7], 16).unwrap_or_default();
    FIRST_USER + number % USERS
}
