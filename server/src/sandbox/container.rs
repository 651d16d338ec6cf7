//! A command in a container, by podman or docker.
//!
//! The engine's program runs with the server's environment, never with the job's: what the job asks for reaches the
//! command as a script on standard input, so that no secret stands in an argument or in a file.

use std::{
    collections::BTreeMap,
    io,
    os::fd::OwnedFd,
    path::PathBuf,
    process::{Command, Stdio},
};

use jobsphere_rules::variable;
use rustix::process::{Resource, Signal, getegid, geteuid, getrlimit};
use serde::{Deserialize, Serialize};

use super::{
    Spec, descriptors,
    shell::{self, PATH_AT_FIRST},
};
use crate::secrets::{Secret, expose};

/// The container's first process. The kernel spares such a process the signals that it does not ask for, so it hands
/// them on to all others, and it ends as the command ends.
const FIRST: &str = r#"
script=$(cat)
shell=sh
command -v bash >/dev/null 2>&1 && shell=bash
"$shell" -c "$script" </dev/null & command=$!
for signal in HUP INT QUIT USR1 USR2 TERM; do trap "told=1; kill -$signal -1" "$signal"; done
while :; do
    told=; wait "$command"; code=$?
    kill -0 "$command" 2>/dev/null && continue
    [ -n "$told" ] && { wait "$command"; late=$?; [ "$late" = 127 ] || code=$late; }
    exit "$code"
done
"#;

/// The container of a job.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Container {
    /// The program `podman` or `docker`.
    pub(crate) engine: PathBuf,
    /// The image's address; it is there.
    pub(crate) image: String,
    /// The container's name; no other has it.
    pub(crate) name: String,
}

impl Container {
    /// The name of the container of a job.
    pub(crate) fn name_of(job: &str) -> String {
        format!("jobsphere-{job}")
    }

    fn ask(&self, arguments: &[&str]) {
        let mut command = Command::new(&self.engine);
        command.args(arguments).arg(&self.name);
        command.stdin(Stdio::null()).stdout(Stdio::null());
        match command.output() {
            Ok(answer) if !answer.status.success() => {
                tracing::debug!("{}", String::from_utf8_lossy(&answer.stderr).trim());
            }
            Ok(_) => {}
            Err(error) => tracing::error!("`{}` does not start: {error}", self.engine.display()),
        }
    }

    /// Sends a signal to the command and all it has started. Blocks.
    pub(crate) fn signal(&self, signal: Signal) {
        self.ask(&["kill", "--signal", &signal.as_raw().to_string()]);
    }

    /// Ends and forgets the container; one that is not there is fine. Blocks.
    pub(crate) fn remove(&self) {
        self.ask(&["rm", "--force"]);
    }

    /// Whether the image has bash: a container is made of it that is never started, so that nothing of the image runs.
    /// Blocks.
    pub(crate) fn has_bash(&self) -> bool {
        let succeeds = |look: &mut Command| {
            look.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
            look.status().is_ok_and(|status| status.success())
        };
        let mut make = Command::new(&self.engine);
        make.args(["create", "--name", &self.name, "--entrypoint", shell::BASH]);
        let mut copy = Command::new(&self.engine);
        copy.arg("cp").arg(format!("{}:{}", self.name, shell::BASH)).arg("-");
        let has_bash = succeeds(make.arg(&self.image)) && succeeds(&mut copy);
        self.remove();
        has_bash
    }

    /// The engine's command line for `spec`. Variables that only bash hands on are given to the container itself, whose
    /// first process is bash then: no script can set them. They are in the environment of the engine's own program for that,
    /// which may be a script itself; so only names that mean nothing to a shell are taken there.
    pub(super) fn command(&self, spec: &Spec, secrets: &[Secret], has_bash: bool) -> Command {
        let mut run = Command::new(&self.engine);
        run.args(["run", "--rm", "--interactive", "--network", "host"]);
        run.args(["--cap-drop", "ALL", "--cap-add", "KILL"]);
        run.args(["--security-opt", "no-new-privileges", "--pids-limit", "2048"]);
        run.arg(ulimit("nofile", Resource::Nofile, super::MAX_OPEN_FILES));
        // A user who runs other things too would be kept from them.
        let processes = spec.user.map_or(u64::MAX, |_| super::MAX_PROCESSES);
        run.arg(ulimit("nproc", Resource::Nproc, processes));
        run.arg("--name").arg(&self.name);
        let own = (geteuid().as_raw(), getegid().as_raw());
        let (user, group) = spec.user.map_or(own, |user| (user.uid, user.gid));
        run.arg(format!("--user={user}:{group}"));
        if self.is_podman() && own.0 != 0 {
            run.arg("--userns=keep-id");
        }
        if let Some(bytes) = spec.limits.memory_bytes.filter(|_| !self.is_podman()) {
            // The engine's processes are not ours to measure.
            run.arg(format!("--memory={bytes}b"));
        }
        for mount in spec.folders.iter().chain(&spec.mounts) {
            run.arg(volume(
                &mount.source.display(),
                &mount.target.display(),
                mount.read_only,
            ));
        }
        run.arg("--workdir").arg(&spec.work_dir);
        if has_bash {
            let values: BTreeMap<&str, &str> = values(spec, secrets).collect();
            let names = shell::names_for_bash(spec, secrets).into_iter();
            for name in names.filter(|name| shell::means_nothing(name)) {
                run.arg("--env").arg(name).env(name, values[name]);
            }
        }
        let first = if has_bash { shell::BASH } else { shell::SH };
        run.args(["--entrypoint", first]).arg(&self.image);
        run.args(["-c", FIRST]);
        run
    }

    fn is_podman(&self) -> bool {
        self.engine.file_name().is_some_and(|name| name == "podman")
    }

    /// What the container's first process reads: the variables, then the command.
    pub(crate) fn script(spec: &Spec, secrets: &[Secret]) -> io::Result<OwnedFd> {
        let mut script = String::new();
        for (name, value) in values(spec, secrets).filter(|(name, _)| variable::is_shell_name(name)) {
            script.push_str(&format!("export {name}={}\n", quoted(value)));
        }
        if let Some(around) = &spec.around_path {
            let [first, last] = [&around.first, &around.last].map(|folder| quoted(&folder.display().to_string()));
            script.push_str(&format!(
                "export PATH={first}:\"$PATH\":{last}\nexport {PATH_AT_FIRST}=\"$PATH\"\n"
            ));
        }
        script.push_str(&spec.cmd);
        descriptors::in_memory("script", script.as_bytes())
    }
}

/// The variables of the command; a secret of the same name comes last and counts.
fn values<'a>(spec: &'a Spec, secrets: &'a [Secret]) -> impl Iterator<Item = (&'a str, &'a str)> {
    let plain = spec.env.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    plain.chain(expose(secrets))
}

fn volume(source: &dyn std::fmt::Display, target: &dyn std::fmt::Display, read_only: bool) -> String {
    let mode = if read_only { "ro" } else { "rw" };
    format!("--volume={source}:{target}:{mode}")
}

/// The engine's option for a limit: `most`, or what this process itself may have.
fn ulimit(name: &str, resource: Resource, most: u64) -> String {
    let own = getrlimit(resource).maximum.unwrap_or(u64::MAX);
    match own.min(most) {
        u64::MAX => format!("--ulimit={name}=-1:-1"),
        limit => format!("--ulimit={name}={limit}:{limit}"),
    }
}

/// The text as one word of a shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}
