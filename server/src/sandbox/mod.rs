//! What a command may see and do of this machine.
//!
//! With bubblewrap the command sees the machine read-only, an own /tmp, no home folders but what is on the `PATH`,
//! no processes but its own, and of the data folder nothing but its own folders, at other places than where they lie.
//! A server that runs as root gives each project users of its own besides, with or without bubblewrap. Whatever is
//! started has a session without a terminal, and no descriptors but its streams.
//!
//! What handles the files of a job, the [porter](crate::porter), is kept apart in the same way.

// Sandboxes are described where processes are started, and that waits anyway.
#![allow(clippy::disallowed_methods)]

mod bubblewrap;
mod container;
mod descriptors;
mod filter;
mod homes;
pub(crate) mod launch;
mod probe;
mod program;
pub(crate) mod shell;
mod spec;
mod users;

use std::{
    collections::BTreeMap,
    fs::File,
    io,
    os::{fd::AsRawFd, unix::process::CommandExt},
    path::{Path, PathBuf},
    process::Command,
};

use rustix::process::{Resource, Rlimit, setrlimit};
use serde::{Deserialize, Serialize};

pub(crate) use container::Container;
pub(crate) use descriptors::{close_at_exec, keep_only};
use filter::Filter;
pub(crate) use probe::can_run;
pub use probe::{Finding, findings, probe};
pub(crate) use program::own_program;
pub(crate) use spec::{AroundPath, FolderCopy, Limits, Spec};
pub(crate) use users::User;

use crate::secrets::{Secret, expose};

/// Mode of folders that others may pass, and read nothing in.
pub(crate) const PASSABLE: u32 = 0o711;
/// Processes that a job, and a job's user, may have at once.
pub(crate) const MAX_PROCESSES: u64 = 2048;
/// How far one file may grow beyond the limit of the whole, so that the sentence about that comes first.
const BEYOND_BYTES: u64 = 64 << 20;
/// Files that one process of a job may hold open.
const MAX_OPEN_FILES: u64 = 65_536;
/// Files that a porter may hold open: a way down a deep tree, and a few contents.
const PORTER_OPEN_FILES: u64 = 1024;
/// Memory of a porter, which keeps names and one archive's table.
const PORTER_DATA_BYTES: u64 = 1 << 30;
/// Where a porter's program is found as it starts.
const PROGRAM_AS_OUTPUT: &str = "/proc/self/fd/1";

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

impl Sandbox {
    /// Whether commands have less rights than the server: another user needs a server that can give one.
    pub(crate) fn keeps_apart(self) -> bool {
        match self {
            Self::Bubblewrap => true,
            Self::User => is_root(),
            Self::None => false,
        }
    }
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
    /// Something that is seen where it lies, and may only be read.
    pub(crate) fn in_place(path: PathBuf) -> Self {
        Self {
            source: path.clone(),
            target: path,
            read_only: true,
        }
    }

    /// Something that is seen at `target` and may be changed.
    pub(crate) fn writable(source: PathBuf, target: PathBuf) -> Self {
        Self {
            source,
            target,
            read_only: false,
        }
    }
}

/// What a sandbox needs to know of the server.
#[derive(Debug, Clone)]
pub(crate) struct Around {
    pub(crate) sandbox: Sandbox,
    pub(crate) data_dir: PathBuf,
    /// Folders and files that commands do not see where they have name spaces: the data folder, the operator's keys.
    pub(crate) hidden: Vec<PathBuf>,
}

impl Around {
    /// A server over this data folder.
    pub(crate) fn new(sandbox: Sandbox, data_dir: PathBuf) -> Self {
        Self {
            sandbox,
            hidden: vec![data_dir.canonicalize().unwrap_or_else(|_| data_dir.clone())],
            data_dir,
        }
    }

    /// Hides another folder or file.
    pub(crate) fn hide(&mut self, path: &Path) {
        // What cannot be found cannot be seen either.
        self.hidden.extend(path.canonicalize());
    }

    /// Whether commands may see what lies there, because they need it: nothing that is hidden, or in which something
    /// hidden lies, and no whole home.
    pub(crate) fn may_show(&self, path: &Path) -> bool {
        let is_apart = |hidden: &PathBuf| !path.starts_with(hidden) && !hidden.starts_with(path);
        let homes = homes::HOMES.map(Path::new);
        let is_home = homes
            .iter()
            .any(|home| home.starts_with(path) || path.parent() == Some(Path::new("/home")));
        path.is_absolute() && !is_home && self.hidden.iter().all(is_apart)
    }

    /// Whose the commands of `project` are, when not the server's.
    pub(crate) fn user_of_jobs(&self, project: &str) -> Option<User> {
        self.gives_users().then(|| User::of_jobs(project))
    }

    /// Whose the environments of `project` are, when not the server's.
    pub(crate) fn user_of_environments(&self, project: &str) -> Option<User> {
        self.gives_users().then(|| User::of_environments(project))
    }

    fn gives_users(&self) -> bool {
        self.sandbox != Sandbox::None && is_root()
    }
}

/// Whether the server can give its commands other users.
pub(crate) fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// The shell that runs the command of `spec`, with its surroundings but without its streams. `secrets` are in its
/// environment; those of a container reach it by another way, and `has_bash` is whether its image does.
///
/// # Errors
/// When the kernel's filters cannot be made, or what keeps commands apart is not there.
pub(crate) fn command(spec: &Spec, secrets: &[Secret], has_bash: bool) -> io::Result<Command> {
    if let Some(container) = &spec.container {
        let mut command = container.command(spec, secrets, has_bash);
        keep_only(&mut command, Vec::new());
        return Ok(command);
    }
    let mut env = spec.env.clone();
    env.extend(expose(secrets).map(|(name, value)| (name.to_owned(), value.to_owned())));
    let mut command = match spec.sandbox {
        Sandbox::Bubblewrap => bubblewrap::command(spec, env)?,
        Sandbox::User | Sandbox::None => unwrapped(spec, &env)?,
    };
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
    Ok(command)
}

/// Without bubblewrap.
fn unwrapped(spec: &Spec, env: &BTreeMap<String, String>) -> io::Result<Command> {
    let (program, arguments) = shell::of(spec);
    let mut shell = Command::new(program);
    shell.args(arguments).current_dir(&spec.work_dir);
    shell.env_clear().envs(env);
    keep_only(&mut shell, Vec::new());
    if let (Sandbox::User, Some(user)) = (spec.sandbox, spec.user) {
        shell.uid(user.uid).gid(user.gid);
        let filter = Filter::of_commands()?;
        // SAFETY: between fork and exec only system calls are made, which is safe there.
        unsafe {
            shell.pre_exec(move || filter.apply());
        }
    }
    Ok(shell)
}

/// The program of the porter, which sees `folders` and has the rights of `user`, but not yet: it takes them before it
/// does anything. What to execute is its standard output, until then.
///
/// Nothing is done between fork and exec, so that the server is not copied for a moment.
///
/// # Errors
/// When this program cannot be started again.
pub(crate) fn porter(sandbox: Sandbox, user: Option<User>, folders: &[Mount]) -> io::Result<Command> {
    let mut command = match sandbox {
        Sandbox::Bubblewrap => bubblewrap::porter(folders, user, PROGRAM_AS_OUTPUT)?,
        Sandbox::User | Sandbox::None => Command::new(PROGRAM_AS_OUTPUT),
    };
    command.arg("porter").env_clear().current_dir("/");
    command.stdout(own_program()?).process_group(0);
    if let Some(User { uid, gid, porter }) = user {
        command.args([uid, gid, porter].map(|number| number.to_string()));
    }
    Ok(command)
}

/// Gives up what a process of the server's has of the terminal and the keys of who started it, and all descriptors but
/// the three streams. Nothing was opened yet.
///
/// # Errors
/// When the kernel does not take the terminal away.
pub(crate) fn leave_operator() -> io::Result<()> {
    descriptors::close_inherited();
    leave_keyring();
    leave_terminal()
}

/// A process that leads its group cannot begin a session; but who does not lead one can leave its terminal.
fn leave_terminal() -> io::Result<()> {
    let Ok(terminal) = File::open("/dev/tty") else {
        return Ok(());
    };
    // SAFETY: the call takes no memory; it changes which terminal this process has.
    match unsafe { libc::ioctl(terminal.as_raw_fd(), libc::TIOCNOTTY) } {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error()),
    }
}

/// Takes the rights of `user` for this process for ever; it has one thread yet. Files are the job's; but the process
/// counts as another user's, whom no command runs as, so that commands can neither end nor look into it.
///
/// # Errors
/// When the kernel refuses it; the process must then do nothing.
pub(crate) fn become_porter(user: Option<User>) -> io::Result<()> {
    use rustix::thread::{Gid, Uid, set_thread_groups, set_thread_res_gid, set_thread_res_uid};
    leave_operator()?;
    limit(Resource::Core, 0)?;
    limit(Resource::Nofile, PORTER_OPEN_FILES)?;
    limit(Resource::Data, PORTER_DATA_BYTES)?;
    if let Some(User { uid, gid, porter }) = user {
        let (uid, gid, porter) = (Uid::from_raw(uid), Gid::from_raw(gid), Uid::from_raw(porter));
        set_thread_groups(&[])?;
        set_thread_res_gid(gid, gid, gid)?;
        set_thread_res_uid(porter, uid, porter)?;
    }
    rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable)?;
    Filter::of_porters()?.apply()
}

/// Leaves the keys that the operator's session holds in the kernel; where it has none, there is nothing to leave.
fn leave_keyring() {
    const JOIN_SESSION_KEYRING: libc::c_int = 1;
    // SAFETY: the call takes a number and no name; it changes what this process holds, and nothing in its memory.
    unsafe { libc::syscall(libc::SYS_keyctl, JOIN_SESSION_KEYRING, 0) };
}

/// Lowers a limit, never raises it.
fn limit(resource: Resource, most: u64) -> io::Result<()> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_job_needs_never_shows_what_is_hidden() {
        let mut around = Around::new(Sandbox::None, "/srv/data".into());
        around.hidden.push("/etc/key.pem".into());
        for path in ["/usr", "/opt/python", "/root/.pyenv/versions/3.11.7", "/home/a/uv"] {
            assert!(around.may_show(Path::new(path)), "{path}");
        }
        for path in [
            "/",
            "/root",
            "/home",
            "/home/a",
            "/srv",
            "/srv/data",
            "/srv/data/blobs",
            "/etc",
            "python",
        ] {
            assert!(!around.may_show(Path::new(path)), "{path}");
        }
    }
}
