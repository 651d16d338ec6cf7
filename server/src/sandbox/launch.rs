//! The last step into the sandbox: this program, inside, becomes the job's user and then the job's command.
//!
//! A job's variables say what a program loads and where it looks for others. So nothing sees them that runs before the
//! command itself: not bubblewrap, which has powers, and no program that would be found by a `PATH` of the job's.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, Read},
    os::{
        fd::{AsRawFd, FromRawFd, OwnedFd},
        unix::process::CommandExt,
    },
    path::PathBuf,
    process::{Command, ExitCode},
};

use rustix::thread::{CapabilitySet, CapabilitySets, Gid, Uid};
use serde::{Deserialize, Serialize};

use super::{User, descriptors};

/// What shells answer for a program that cannot be started.
const NOT_STARTED: u8 = 126;

/// What to run inside.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Launch {
    /// Whose it is, when not this process's.
    pub(super) user: Option<User>,
    /// The program; its path is absolute.
    pub(super) program: PathBuf,
    /// What follows it.
    pub(super) arguments: Vec<String>,
    /// Its whole environment.
    pub(super) env: BTreeMap<String, String>,
    /// Where it begins.
    pub(super) work_dir: PathBuf,
}

impl Launch {
    /// In memory, for who runs [`main`].
    ///
    /// # Errors
    /// When there is no memory for it.
    pub(super) fn as_file(&self) -> io::Result<OwnedFd> {
        descriptors::in_memory("launch", &serde_json::to_vec(self)?)
    }

    /// Becomes it. Returns only when that fails.
    fn begin(self) -> io::Error {
        if let Err(error) = become_user(self.user).and_then(|()| descriptors::close_at_exec()) {
            return error;
        }
        let mut command = Command::new(&self.program);
        command.args(&self.arguments).env_clear().envs(&self.env);
        command.current_dir(&self.work_dir).exec()
    }
}

/// The arguments that make this program read what to become from a descriptor.
pub(super) fn arguments(launch: &OwnedFd) -> [String; 2] {
    ["begin".to_owned(), launch.as_raw_fd().to_string()]
}

/// Becomes what the descriptor of this number says.
#[allow(clippy::print_stderr)]
pub(crate) fn main(arguments: &[String]) -> ExitCode {
    let error = match arguments.first().map(|number| number.parse()) {
        // SAFETY: the number was given for this, and nothing else uses it.
        Some(Ok(number)) => match read(unsafe { File::from_raw_fd(number) }) {
            Ok(launch) => launch.begin(),
            Err(error) => error,
        },
        _ => io::ErrorKind::InvalidInput.into(),
    };
    // To the job's own log.
    eprintln!("The command cannot begin: {error}");
    ExitCode::from(NOT_STARTED)
}

fn read(mut file: File) -> io::Result<Launch> {
    let mut text = Vec::new();
    file.read_to_end(&mut text)?;
    Ok(serde_json::from_slice(&text)?)
}

/// This process has one thread yet.
fn become_user(user: Option<User>) -> io::Result<()> {
    use rustix::thread::{set_capabilities, set_thread_groups, set_thread_res_gid, set_thread_res_uid};
    let Some(User { uid, gid, .. }) = user else {
        return Ok(());
    };
    let (uid, gid) = (Uid::from_raw(uid), Gid::from_raw(gid));
    set_thread_groups(&[])?;
    set_thread_res_gid(gid, gid, gid)?;
    set_thread_res_uid(uid, uid, uid)?;
    // What a change of user leaves: rights that programs with such marks could take up again.
    let none = CapabilitySet::empty();
    Ok(set_capabilities(
        None,
        CapabilitySets {
            effective: none,
            permitted: none,
            inheritable: none,
        },
    )?)
}
