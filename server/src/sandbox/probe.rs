//! What this machine can enforce.

use std::{
    io,
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use rustix::fs::{Access, access};

use super::{Around, MAX_PROCESSES, Sandbox, User, bubblewrap, is_root, shell};
use crate::supervisor::groups::{self, Controller, Version};

/// A user that no machine has by another name, to try with.
const SOME_USER: u32 = 1_900_000_000;
const WITHOUT_NONE: &str = "start the server without --sandbox none";
const AS_ROOT: &str = "start the server as root, as its systemd unit does";

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
    } else if is_root() && closed_folder(data_dir).is_none() {
        Sandbox::User
    } else {
        Sandbox::None
    }
}

/// The outermost folder above `data_dir` that users of projects cannot enter. The data folder itself is opened to them by
/// the server, and folders that are not there will be made so.
fn closed_folder(data_dir: &Path) -> Option<&Path> {
    let mut above: Vec<&Path> = data_dir.ancestors().skip(1).filter(|folder| folder.exists()).collect();
    above.reverse();
    above.into_iter().find(|folder| !lets_in(folder))
}

fn lets_in(folder: &Path) -> bool {
    let mut command = Command::new("true");
    command.current_dir(folder).uid(SOME_USER).gid(SOME_USER);
    command.status().is_ok_and(|status| status.success())
}

/// Why bubblewrap does not work; `None` when it does.
fn bubblewrap_problem() -> Option<String> {
    let user = is_root().then(|| User::of_jobs("doctor"));
    match bubblewrap::trial(user, Path::new("/bin/true"), &[], &[], &[]).and_then(|mut trial| trial.output()) {
        Ok(output) if output.status.success() => None,
        Ok(output) => Some(String::from_utf8_lossy(&output.stderr).trim().to_owned()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Some("the program bwrap is not installed".into()),
        Err(error) => Some(error.to_string()),
    }
}

/// What of `sandbox` holds on this machine for a server over `data_dir`, a line each.
pub fn findings(sandbox: Sandbox, data_dir: &Path) -> Vec<Finding> {
    let machine = Machine::look(sandbox, data_dir);
    let mut findings = vec![machine.data_folder(data_dir)];
    findings.extend(machine.apart());
    findings.extend(machine.users());
    findings.push(finding(
        "a command has no terminal, a clean environment, no core dumps, and no open files of the server",
        Ok("always"),
    ));
    findings.extend(machine.kernel());
    findings.push(shell_of_commands());
    findings
}

fn shell_of_commands() -> Finding {
    let path = shell::path();
    let how = match shell::is_bash() {
        true => Ok(path),
        false => Err(format!(
            "it is {path}: install bash; a shell that is smaller keeps variables such as `MY-SECRET` from programs"
        )),
    };
    finding("commands are run by bash", how)
}

/// Whether commands can run a program of the machine, which needs these files of it. Blocks.
pub(crate) fn can_run(around: &Around, program: &Path, arguments: &[&str], needs: &[PathBuf]) -> bool {
    // Any project's: none has more rights.
    let user = around.user_of_jobs("doctor");
    let trial = match around.sandbox {
        Sandbox::Bubblewrap => bubblewrap::trial(user, program, arguments, needs, &around.hidden),
        Sandbox::User | Sandbox::None => {
            let mut command = Command::new(program);
            command.args(arguments).env_clear().current_dir("/");
            if let Some(User { uid, gid, .. }) = user {
                command.uid(uid).gid(gid);
            }
            Ok(command)
        }
    };
    let ended = trial.and_then(|mut trial| trial.stdin(Stdio::null()).output());
    ended.is_ok_and(|ended| ended.status.success())
}

/// What was found out, once.
struct Machine<'a> {
    sandbox: Sandbox,
    is_root: bool,
    /// Why bubblewrap does not work.
    bubblewrap: Option<String>,
    /// Which folder above the data folder keeps the users of projects out.
    closed: Option<&'a Path>,
    /// What control groups keep.
    kept: Vec<(Controller, Version)>,
}

impl<'a> Machine<'a> {
    fn look(sandbox: Sandbox, data_dir: &'a Path) -> Self {
        let is_root = is_root();
        let gives_users = is_root && sandbox != Sandbox::None;
        Self {
            sandbox,
            is_root,
            bubblewrap: bubblewrap_problem(),
            closed: closed_folder(data_dir).filter(|_| is_root),
            kept: groups::trial(gives_users.then(|| User::of_jobs("doctor"))),
        }
    }

    /// Whether it is there, or can be made.
    fn data_folder(&self, data_dir: &Path) -> Finding {
        let what = "the server can use its data folder";
        let nearest = data_dir.ancestors().find(|folder| folder.exists()).unwrap_or(data_dir);
        let is_usable = nearest.is_dir() && access(nearest, Access::WRITE_OK | Access::EXEC_OK).is_ok();
        let how = match (nearest == data_dir, is_usable) {
            (true, true) => "it is there".to_owned(),
            (false, true) => format!(
                "it is not there yet; the server will make it below {}",
                nearest.display()
            ),
            (_, false) => format!(
                "this user cannot write to {}; give the folder to the user, or name another with --data-dir DIR",
                nearest.display()
            ),
        };
        Finding {
            what: what.into(),
            holds: is_usable,
            how,
        }
    }

    /// Whether commands have name spaces of their own.
    fn is_wrapped(&self) -> Result<&'static str, String> {
        match (self.sandbox, &self.bubblewrap) {
            (Sandbox::Bubblewrap, None) => Ok("bubblewrap"),
            (_, None) => Err("bubblewrap works here; start without --sandbox".to_owned()),
            (_, Some(problem)) => Err(format!("needs bubblewrap (apt install bubblewrap): {problem}")),
        }
    }

    /// What the name spaces of bubblewrap give.
    fn apart(&self) -> Vec<Finding> {
        [
            "a command sees nothing of the data folder but its own run",
            "a command cannot write outside its own folders",
            "a command sees no home folders, but the programs there that are on the PATH",
            "a command sees no processes but its own, and has an own /tmp",
        ]
        .map(|what| finding(what, self.is_wrapped()))
        .into()
    }

    /// What users of the projects' own give, and what either kind of sandbox does.
    fn users(&self) -> Vec<Finding> {
        let users = self.has_users();
        let is_wrapped = self.is_wrapped();
        let either = |how: &'static str| match (&users, &is_wrapped) {
            (Ok(_), _) | (_, Ok(_)) => Ok(how),
            // What is nearer for whoever starts the server.
            (Err(why), Err(_)) if self.is_root => Err(why.clone()),
            (Err(_), Err(why)) => Err(why.clone()),
        };
        vec![
            finding("a command runs as a user of its project's own", users.clone()),
            finding(
                "an environment is built by another user of its project's own",
                users.clone(),
            ),
            finding(
                "a command can only read environments, and datasets of other jobs",
                either(if is_wrapped.is_ok() {
                    "they are mounted so"
                } else {
                    "they are not its user's"
                }),
            ),
            finding(
                "a command cannot make user name spaces, in which it would be root",
                either("a filter of system calls"),
            ),
        ]
    }

    /// Whether the server gives projects users, and can run commands as them.
    fn has_users(&self) -> Result<&'static str, String> {
        match (self.is_root, self.sandbox, self.closed) {
            (false, Sandbox::User, _) => Err(format!("--sandbox user does nothing for this user; {AS_ROOT}")),
            (false, ..) => Err(AS_ROOT.into()),
            (true, Sandbox::Bubblewrap, _) if self.bubblewrap.is_none() => Ok("the server is root"),
            (true, Sandbox::None, _) if self.bubblewrap.is_none() => Err(WITHOUT_NONE.into()),
            (true, Sandbox::Bubblewrap, _) => Err("no command starts here with --sandbox bubblewrap".into()),
            (true, _, Some(folder)) => Err(format!(
                "other users cannot enter {0}, in which the data folder lies; name another with --data-dir DIR, such as \
                 /var/lib/jobsphere, or let them pass: chmod o+x {0}",
                folder.display()
            )),
            (true, Sandbox::User, None) => Ok("the server is root"),
            (true, Sandbox::None, None) => Err(WITHOUT_NONE.into()),
        }
    }

    /// What the kernel keeps of a job's limits.
    fn kernel(&self) -> Vec<Finding> {
        let processes = match (self.has_users(), self.version(Controller::Pids)) {
            (_, Some(version)) => Ok(format!("{MAX_PROCESSES} processes, by {}", words(version))),
            (Ok(_), None) => Ok(format!("{MAX_PROCESSES} processes of the project's user")),
            (Err(_), None) => Err(self.no_group("they are not counted")),
        };
        let by_group = |controller, otherwise: &str| match self.version(controller) {
            Some(version) => Ok(format!("by {}", words(version))),
            None => Err(self.no_group(otherwise)),
        };
        let memory = by_group(Controller::Memory, "it is measured, ten times a second");
        let cpu = by_group(Controller::Cpu, "the queue alone shares them out");
        vec![
            finding("the kernel keeps a job's number of processes", processes),
            finding("the kernel keeps a job's memory", memory),
            finding("the kernel keeps a job's processors", cpu),
        ]
    }

    fn version(&self, controller: Controller) -> Option<Version> {
        let found = self.kept.iter().find(|(kept, _)| *kept == controller);
        found.map(|(_, version)| *version)
    }

    fn no_group(&self, otherwise: &str) -> String {
        format!("{otherwise}; no control group can be made here, see \"Control groups\" in docs/server.md")
    }
}

fn words(version: Version) -> &'static str {
    match version {
        Version::One => "control groups, version 1",
        Version::Two => "control groups, version 2",
    }
}

/// With how it holds, or why it does not.
fn finding(what: &str, how: Result<impl Into<String>, String>) -> Finding {
    Finding {
        what: what.into(),
        holds: how.is_ok(),
        how: how.map_or_else(|why| why, Into::into),
    }
}
