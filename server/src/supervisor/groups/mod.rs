//! A job's control group, where the server may make one: the kernel keeps its memory, processors and processes.
//!
//! The group lies below the server's own, or with version 2 beside it; see [`find`]. It is the server's, and nothing but
//! the job's command is moved into it, before that is another program. What cannot be kept so is kept by measuring, as
//! everything is besides.

mod find;

use std::{
    fs::{self, File},
    io::{self, Write},
    os::{fd::OwnedFd, unix::process::CommandExt},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{Mutex, OnceLock},
    thread,
    time::Duration,
};

use rustix::process::{Pid, Signal, kill_process};

use crate::{
    engine::run_dir::RunDir,
    sandbox::{self, Limits, User},
};
use find::Parent;
pub(crate) use find::{Controller, Version};

/// Of a period in which a quota of processor time is given out, in microseconds.
const PERIOD_US: u64 = 100_000;
/// The kernel gives no less.
const LEAST_QUOTA_US: u64 = 1000;
/// Memory is given out in parts of this size at most, so the rest of a group's may stay unused.
const LEAST_BYTES: u64 = 2 << 20;
/// Processes that have been killed are gone a moment later.
const ROUNDS: usize = 100;
const PAUSE: Duration = Duration::from_millis(10);

/// A job's group. When it is dropped, whatever is left in it is ended, and it is removed.
#[derive(Debug, Default)]
pub(crate) struct Group {
    parts: Vec<Part>,
    made: Vec<PathBuf>,
}

/// What one controller keeps. With version 2 parts have one folder in common.
#[derive(Debug)]
struct Part {
    controller: Controller,
    version: Version,
    folder: PathBuf,
}

impl Group {
    /// The group for `name`, which is not made yet.
    pub(crate) fn new(name: &str, limits: &Limits) -> Self {
        let is_wanted = |parent: &Parent| match parent.controller {
            Controller::Memory => limits.memory_bytes.is_some(),
            Controller::Cpu => limits.cpu_ms_per_s.is_some(),
            Controller::Pids => true,
        };
        let parents = find::parents().into_iter().filter(is_wanted);
        let name = format!("jobsphere-{name}");
        Self {
            parts: parents
                .map(|parent| Part {
                    controller: parent.controller,
                    version: parent.version,
                    folder: parent.folder.join(&name),
                })
                .collect(),
            made: Vec::new(),
        }
    }

    /// Its folders.
    pub(crate) fn folders(&self) -> Vec<PathBuf> {
        let mut folders: Vec<PathBuf> = self.parts.iter().map(|part| part.folder.clone()).collect();
        folders.dedup();
        folders
    }

    /// Makes it, as far as that is possible here.
    pub(crate) fn make(&mut self, limits: &Limits) {
        for folder in self.folders() {
            match fs::create_dir(&folder) {
                Ok(()) => self.made.push(folder),
                Err(error) => {
                    tracing::debug!("no group {}: {error}", folder.display());
                    self.parts.retain(|part| part.folder != folder);
                }
            }
        }
        self.parts.retain(|part| match part.limit(limits) {
            Ok(()) => true,
            Err(error) => {
                tracing::debug!("no limit in {}: {error}", part.folder.display());
                false
            }
        });
    }

    /// Makes `command` enter the group before it is another program.
    pub(crate) fn contain(&self, command: &mut Command) {
        let open = |folder: PathBuf| File::options().write(true).open(folder.join("cgroup.procs")).ok();
        let doors: Vec<OwnedFd> = self.folders().into_iter().filter_map(open).map(OwnedFd::from).collect();
        // SAFETY: between fork and exec only system calls are made, which is safe there.
        unsafe {
            command.pre_exec(move || {
                for door in &doors {
                    // Who writes it; one that is not let in is measured as it would be anyway.
                    let _ = rustix::io::write(door, b"0");
                }
                Ok(())
            });
        }
    }

    /// Whether the kernel has ended a process because the group had used all of its memory, not the machine.
    pub(super) fn is_out_of_memory(&self) -> bool {
        let memory = self.parts.iter().find(|part| part.controller == Controller::Memory);
        memory.is_some_and(|part| {
            let count = |file: &str, name: &str| count(&part.folder.join(file), name);
            match part.version {
                // It does not count how often the limit was in the way, on every kernel.
                Version::One => {
                    let limit = count("memory.limit_in_bytes", "");
                    count("memory.oom_control", "oom_kill ") > 0
                        && count("memory.max_usage_in_bytes", "").saturating_add(LEAST_BYTES) > limit
                }
                Version::Two => count("memory.events", "oom_kill ") > 0 && count("memory.events", "oom ") > 0,
            }
        })
    }
}

/// Has the kernel make ready for a process that enters a group: for that it waits about 10 ms for all processors, unless
/// it did so a moment ago. So the server, which is about to start a command, enters the group that it is in. Blocks.
pub(crate) fn hasten() {
    static DOOR: OnceLock<Option<PathBuf>> = OnceLock::new();
    static IS_AT_IT: Mutex<()> = Mutex::new(());
    // Who comes meanwhile has the same from it.
    let Ok(_only) = IS_AT_IT.try_lock() else { return };
    let door = DOOR.get_or_init(|| Some(find::parents().first()?.own.join("cgroup.procs")));
    if let Some(door) = door
        && let Err(error) = fs::write(door, "0")
    {
        tracing::debug!("{}: {error}", door.display());
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.made.iter().for_each(|folder| remove(folder));
    }
}

impl Part {
    fn limit(&self, limits: &Limits) -> io::Result<()> {
        let set = |file: &str, value: &str| fs::write(self.folder.join(file), value);
        match (self.controller, self.version) {
            (Controller::Memory, version) => {
                let bytes = limits.memory_bytes.unwrap_or(u64::MAX).to_string();
                match version {
                    Version::One => {
                        set("memory.limit_in_bytes", &bytes)?;
                        // Not there where the kernel does not count what is swapped out.
                        let _ = set("memory.memsw.limit_in_bytes", &bytes);
                    }
                    Version::Two => {
                        set("memory.max", &bytes)?;
                        let _ = set("memory.swap.max", "0");
                        let _ = set("memory.oom.group", "1");
                    }
                }
                Ok(())
            }
            (Controller::Cpu, version) => {
                let quota_us = limits.cpu_ms_per_s.unwrap_or(u64::MAX).saturating_mul(PERIOD_US / 1000);
                let quota_us = quota_us.max(LEAST_QUOTA_US);
                match version {
                    Version::One => {
                        set("cpu.cfs_period_us", &PERIOD_US.to_string())?;
                        set("cpu.cfs_quota_us", &quota_us.to_string())
                    }
                    Version::Two => set("cpu.max", &format!("{quota_us} {PERIOD_US}")),
                }
            }
            (Controller::Pids, _) => set("pids.max", &sandbox::MAX_PROCESSES.to_string()),
        }
    }
}

/// The number after `name` in a file of lines.
fn count(file: &Path, name: &str) -> u64 {
    let text = fs::read_to_string(file).unwrap_or_default();
    let number = text
        .lines()
        .find_map(|line| line.strip_prefix(name)?.trim().parse().ok());
    number.unwrap_or_default()
}

/// Ends whatever is left in the group of the job of `dir`, whose supervisor could not, and removes the group. Blocks.
pub(crate) fn remove_of(dir: &RunDir) {
    // A job of an earlier version has none.
    let started = dir.started().ok().flatten();
    for folder in started.map(|started| started.groups).unwrap_or_default() {
        remove(&folder);
    }
}

fn remove(folder: &Path) {
    for _ in 0..ROUNDS {
        kill(folder);
        match fs::remove_dir(folder) {
            Ok(()) => return,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return,
            Err(_) => thread::sleep(PAUSE),
        }
    }
    tracing::warn!("the control group {} stays", folder.display());
}

fn kill(folder: &Path) {
    let all = File::options().write(true).open(folder.join("cgroup.kill"));
    if all.and_then(|mut all| all.write_all(b"1")).is_ok() {
        return;
    }
    let list = fs::read_to_string(folder.join("cgroup.procs")).unwrap_or_default();
    for pid in list.lines().filter_map(|line| Pid::from_raw(line.parse().ok()?)) {
        // One that is gone needs no killing.
        let _ = kill_process(pid, Signal::KILL);
    }
}

/// What the kernel keeps here for jobs of `user`, by which version: tried, by a process that enters a group.
pub(crate) fn trial(user: Option<User>) -> Vec<(Controller, Version)> {
    let limits = Limits {
        memory_bytes: Some(64 << 20),
        cpu_ms_per_s: Some(1000),
        ..Limits::default()
    };
    let name = format!("doctor-{}", std::process::id());
    let mut group = Group::new(&name, &limits);
    group.make(&limits);
    let mut look = Command::new("cat");
    look.arg("/proc/self/cgroup").stderr(Stdio::null());
    if let Some(User { uid, gid, .. }) = user {
        look.uid(uid).gid(gid);
    }
    group.contain(&mut look);
    let seen = look.output().map(|output| output.stdout).unwrap_or_default();
    let seen = String::from_utf8_lossy(&seen);
    let has_entered = |part: &&Part| {
        let tree = match part.version {
            Version::One => part.controller.name(),
            Version::Two => "",
        };
        seen.lines().any(|line| {
            let mut fields = line.splitn(3, ':').skip(1);
            let is_tree = fields
                .next()
                .is_some_and(|trees| trees.split(',').any(|one| one == tree));
            is_tree && fields.next().is_some_and(|path| path.ends_with(&name))
        })
    };
    let kept = group.parts.iter().filter(has_entered);
    kept.map(|part| (part.controller, part.version)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Limits = Limits {
        memory_bytes: Some(256 << 20),
        cpu_ms_per_s: Some(500),
        time_s: None,
        work_bytes: None,
    };

    fn group(version: Version, folder: &Path) -> Group {
        let part = |controller| Part {
            controller,
            version,
            folder: folder.join("jobsphere-j"),
        };
        Group {
            parts: Controller::ALL.map(part).into(),
            made: Vec::new(),
        }
    }

    #[test]
    fn limits_are_written_as_each_version_reads_them() {
        let dir = tempfile::tempdir().unwrap();
        let read = |file: &str| fs::read_to_string(dir.path().join("jobsphere-j").join(file)).unwrap();
        let mut made = group(Version::Two, dir.path());
        made.make(&LIMITS);
        assert_eq!(read("memory.max"), "268435456");
        assert_eq!(read("memory.swap.max"), "0");
        assert_eq!(read("cpu.max"), "50000 100000");
        assert_eq!(read("pids.max"), "2048");
        // The kernel's files go with their folder.
        fs::remove_dir_all(dir.path().join("jobsphere-j")).unwrap();
        drop(made);
        let mut made = group(Version::One, dir.path());
        made.make(&LIMITS);
        assert_eq!(read("memory.limit_in_bytes"), "268435456");
        assert_eq!(read("memory.memsw.limit_in_bytes"), "268435456");
        assert_eq!(read("cpu.cfs_quota_us"), "50000");
        fs::remove_dir_all(dir.path().join("jobsphere-j")).unwrap();
    }

    #[test]
    fn what_cannot_be_made_is_left_out() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("jobsphere-j")).unwrap();
        let mut made = group(Version::Two, dir.path());
        made.make(&LIMITS);
        assert!(made.parts.is_empty(), "it is another's");
    }

    #[test]
    fn only_the_group_s_own_limit_counts_as_too_much_memory() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("jobsphere-j");
        fs::create_dir(&folder).unwrap();
        let second = group(Version::Two, dir.path());
        for (events, expected) in [
            ("oom 0\noom_kill 0\noom_group_kill 0\n", false),
            // The machine's, or that of a group above.
            ("oom 0\noom_kill 1\noom_group_kill 0\n", false),
            ("oom 2\noom_kill 1\noom_group_kill 1\n", true),
        ] {
            fs::write(folder.join("memory.events"), events).unwrap();
            assert_eq!(second.is_out_of_memory(), expected, "{events}");
        }
        let first = group(Version::One, dir.path());
        fs::write(folder.join("memory.limit_in_bytes"), "268435456\n").unwrap();
        for (killed, highest, expected) in [(0, 268_435_456, false), (1, 200_000_000, false), (1, 268_386_304, true)] {
            let control = format!("oom_kill_disable 0\nunder_oom 0\noom_kill {killed}\n");
            fs::write(folder.join("memory.oom_control"), control).unwrap();
            fs::write(folder.join("memory.max_usage_in_bytes"), format!("{highest}\n")).unwrap();
            assert_eq!(first.is_out_of_memory(), expected, "{killed} {highest}");
        }
    }
}
