//! What this machine can enforce.

use std::{io, os::unix::process::CommandExt, path::Path, process::Command};

use super::{Sandbox, User, bubblewrap, is_root};

/// A user that no machine has by another name, to try with.
const SOME_USER: u32 = 1_900_000_000;

/// Something that is, or is not, there or enforced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What.
    pub what: String,
    /// Whether it is.
    pub holds: bool,
    /// How, or what would make it hold.
    pub how: String,
}

/// The strongest sandbox that works here, for runs below `data_dir`.
pub fn probe(data_dir: &Path) -> Sandbox {
    if bubblewrap_problem().is_none() {
        Sandbox::Bubblewrap
    } else if is_root() && is_reachable(data_dir) {
        Sandbox::User
    } else {
        Sandbox::None
    }
}

/// Whether another user can enter the folder.
fn is_reachable(folder: &Path) -> bool {
    let mut command = Command::new("true");
    command.current_dir(folder).uid(SOME_USER).gid(SOME_USER);
    command.status().is_ok_and(|status| status.success())
}

/// Why bubblewrap does not work; `None` when it does.
fn bubblewrap_problem() -> Option<String> {
    let user = is_root().then(|| User::of_jobs("doctor"));
    match bubblewrap::trial(user, "/bin/true").and_then(|mut trial| trial.output()) {
        Ok(output) if output.status.success() => None,
        Ok(output) => Some(String::from_utf8_lossy(&output.stderr).trim().to_owned()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Some("the program bwrap is not installed".into()),
        Err(error) => Some(error.to_string()),
    }
}

/// What of `sandbox` holds on this machine, a line each.
pub fn findings(sandbox: Sandbox) -> Vec<Finding> {
    let problem = bubblewrap_problem();
    let wrapped = sandbox == Sandbox::Bubblewrap;
    let bubblewrap = match (&problem, wrapped) {
        (None, true) => "bubblewrap".to_owned(),
        (None, false) => "bubblewrap works here; start without --sandbox".into(),
        (Some(problem), _) => format!("needs bubblewrap (apt install bubblewrap): {problem}"),
    };
    let by_bubblewrap = |what: &str| Finding {
        what: what.into(),
        holds: wrapped,
        how: bubblewrap.clone(),
    };
    let own_user = is_root() && sandbox != Sandbox::None;
    vec![
        by_bubblewrap("a command sees nothing of the data folder but its own run"),
        by_bubblewrap("a command cannot write outside its own folders"),
        by_bubblewrap("a command sees no home folders, but the programs there that are on the PATH"),
        by_bubblewrap("a command sees no processes but its own, and has an own /tmp"),
        Finding {
            what: "a command runs as a user of its project's own".into(),
            holds: own_user,
            how: if own_user {
                "the server is root".into()
            } else {
                "start the server as root, as its systemd unit does, without --sandbox none".into()
            },
        },
        Finding {
            what: "a fork bomb ends at a limit of its own".into(),
            holds: own_user,
            how: "the number of processes of the project's user".into(),
        },
        Finding {
            what: "a command gets a clean environment, no core dumps, an own process group".into(),
            holds: true,
            how: "always".into(),
        },
        memory_finding(),
    ]
}

fn memory_finding() -> Finding {
    let writable = ["/sys/fs/cgroup/cgroup.procs", "/sys/fs/cgroup/memory/cgroup.procs"]
        .iter()
        .any(|file| rustix::fs::access(Path::new(file), rustix::fs::Access::WRITE_OK).is_ok());
    Finding {
        what: "memory limits are kept by the kernel".into(),
        holds: false,
        how: if writable {
            "they are kept by measuring, a few times a second".into()
        } else {
            "control groups cannot be written here; they are kept by measuring, a few times a second".into()
        },
    }
}
