//! One process for one job: runs the command, writes its log, ends it when told, and says how it ended.
//!
//! It outlives the server that started it. It speaks through the run directory alone, and holds the lock that it
//! got as standard input for as long as it lives.

// This process has nothing else to do.
#![allow(clippy::disallowed_methods)]

mod descendants;
pub(crate) mod groups;
mod limits;
mod lines;
mod meter;
mod pipes;
mod run;
pub(crate) mod stats;
mod usage;

use std::{
    io,
    mem::ManuallyDrop,
    os::{
        fd::{AsFd, OwnedFd},
        unix::process::{CommandExt, ExitStatusExt},
    },
    path::Path,
    process::{Child, ExitCode, ExitStatus, Stdio},
    time::{Duration, Instant},
};

use jobsphere_rules::service_line::ServiceLine;
use rustix::{
    fs::{FlockOperation, Gid, Uid, fchown, flock, inotify},
    process::{Pid, Signal, set_child_subreaper, set_parent_process_death_signal, setsid},
};

use crate::{
    engine::{
        progress,
        run_dir::{Exit, RunDir, Started},
    },
    logs::{LogWriter, now_micros},
    sandbox::{self, Container, Spec, shell},
    secrets::{self, Secret},
};
use groups::Group;
use pipes::Pipes;
use run::{End, Run};

/// How soon something that could not be written is tried again.
const AGAIN: Duration = Duration::from_secs(1);

/// Runs the job of `run_dir` to its end.
pub fn main(run_dir: &Path) -> ExitCode {
    let dir = RunDir::new(run_dir);
    match supervise(&dir) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("the job cannot be supervised: {error}");
            ExitCode::FAILURE
        }
    }
}

fn supervise(dir: &RunDir) -> io::Result<()> {
    sandbox::leave_operator()?;
    set_child_subreaper(Pid::from_raw(1))?;
    let secrets = secrets::receive()?;
    let spec = dir.spec()?.ok_or(io::ErrorKind::NotFound)?;
    let exit = run(dir, &spec, &secrets).unwrap_or_else(|error| {
        descendants::kill_all();
        broke_off(&error)
    });
    dir.release();
    if let Some(container) = &spec.container {
        container.remove();
    }
    // Without it the job would be taken for lost.
    insist(dir, || dir.write_exit(&exit));
    // The server waits for it; the end of this process takes its time.
    Ok(flock(rustix::stdio::stdin(), FlockOperation::Unlock)?)
}

/// Runs the command to its end.
///
/// # Errors
/// When the log or the run directory cannot be written; the command may still be there then.
fn run(dir: &RunDir, spec: &Spec, secrets: &[Secret]) -> io::Result<Exit> {
    let mut log = LogWriter::open(&spec.log_dir)?;
    // To close it waits for all processors, about 15 ms: the end of this process does that, when everything is said.
    let orders = ManuallyDrop::new(inotify::init(
        inotify::CreateFlags::CLOEXEC | inotify::CreateFlags::NONBLOCK,
    )?);
    inotify::add_watch(&*orders, dir.path(), inotify::WatchFlags::MOVED_TO)?;
    if dir.cancel()?.is_some() {
        return Ok(never_began(None));
    }
    let mut group = group(dir, spec);
    dir.reserve()?;
    let (pipes, ends) = Pipes::new()?;
    // Before the group is made, so that it is found whatever happens to this process.
    dir.write_started(&Started {
        time_micros: now_micros(),
        groups: group.folders(),
    })?;
    dir.remove_spec()?;
    group.make(&spec.limits);
    let has_bash = hands_all_variables_on(spec, secrets, &mut log)?;
    let child = match start(spec, secrets, has_bash, &group, ends) {
        Ok(child) => child,
        Err(error) => {
            let reason = error.to_string().into();
            return Ok(never_began(Some(&ServiceLine::ShellFailed { reason })));
        }
    };
    let began = Instant::now();
    let process = child.id().to_string().into();
    log.system(&ServiceLine::Begun { process })?;
    let mut run = Run::new(dir, spec, (child, group), pipes, &mut log, orders.as_fd())?;
    let status = run.follow()?;
    let exit = ended(status, run.end());
    close(&mut log, dir, &exit, began.elapsed());
    insist(dir, || log.sync());
    Ok(exit)
}

/// Writes until the disk takes it, or nobody will read it: the run directory was removed.
fn insist(dir: &RunDir, mut write: impl FnMut() -> io::Result<()>) {
    while let Err(error) = write() {
        if !dir.path().exists() {
            return;
        }
        tracing::error!("the end of the job cannot be written: {error}");
        std::thread::sleep(AGAIN);
    }
}

/// The last words of the log. A disk that is too full for them takes nothing from how the command ended.
fn close(log: &mut LogWriter, dir: &RunDir, exit: &Exit, took: Duration) {
    let complaint = dir.open_progress().and_then(progress::complaint);
    let words = [Some(summary(exit, took)), complaint.unwrap_or_default()];
    for line in words.iter().flatten() {
        if let Err(error) = log.system(line) {
            tracing::error!("the log cannot be written: {error}");
        }
    }
}

/// The log or the run directory could not be written, so the command was ended.
fn broke_off(error: &io::Error) -> Exit {
    let why = match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => ServiceLine::DiskFull,
        _ => ServiceLine::LogFailed {
            reason: error.to_string().into(),
        },
    };
    Exit {
        return_code: None,
        cancelled: false,
        details: String::new(),
        error: Some(why.to_string()),
        is_jobs_fault: false,
        is_over_limit: false,
    }
}

/// The group of the command, not made yet; the engine of a container makes one by itself.
fn group(dir: &RunDir, spec: &Spec) -> Group {
    if spec.container.is_some() {
        return Group::default();
    }
    let folder = dir.path().file_name().unwrap_or_default().to_string_lossy();
    Group::new(&format!("{folder}-{}", std::process::id()), &spec.limits)
}

/// Whether the command is run by bash, as far as that matters; says which variables another shell keeps from programs.
fn hands_all_variables_on(spec: &Spec, secrets: &[Secret], log: &mut LogWriter) -> io::Result<bool> {
    let names = shell::names_for_bash(spec, secrets);
    let has_bash = match &spec.container {
        Some(container) => !names.is_empty() && container.has_bash(),
        None => shell::is_bash(),
    };
    let reaches = |name: &str| has_bash && (spec.container.is_none() || shell::means_nothing(name));
    let lost: Vec<String> = names
        .into_iter()
        .filter(|name| !reaches(name))
        .map(|name| format!("`{name}`"))
        .collect();
    if !lost.is_empty() {
        let names = lost.join(", ").into();
        log.system(&ServiceLine::VariablesLost { names })?;
    }
    Ok(has_bash)
}

fn start(
    spec: &Spec,
    secrets: &[Secret],
    has_bash: bool,
    group: &Group,
    [out, err]: [OwnedFd; 2],
) -> io::Result<Child> {
    let mut command = sandbox::command(spec, secrets, has_bash)?;
    match spec.container {
        Some(_) => command.stdin(Stdio::from(Container::script(spec, secrets)?)),
        None => command.stdin(Stdio::null()),
    };
    if let (Some(user), None) = (spec.user, &spec.container) {
        // So that the command can open them by name: /dev/stdout.
        for end in [&out, &err] {
            fchown(end, Some(Uid::from_raw(user.uid)), Some(Gid::from_raw(user.gid)))?;
        }
    }
    command.stdout(out).stderr(err);
    group.contain(&mut command);
    // SAFETY: between fork and exec only system calls are made, which is safe there.
    unsafe {
        command.pre_exec(|| {
            // A session of its own, and so a group; there is no terminal in it.
            setsid()?;
            Ok(set_parent_process_death_signal(Some(Signal::KILL))?)
        });
    }
    command.spawn()
}

fn ended(status: ExitStatus, end: End) -> Exit {
    let signal = status.signal();
    let (cancelled, over_limit) = match end {
        End::Own => (false, None),
        End::Cancelled => (true, None),
        End::OverLimit(sentence) => (false, Some(sentence)),
    };
    Exit {
        return_code: Some(match (status.code(), signal) {
            (Some(code), _) => code.into(),
            (None, Some(signal)) => i64::from(128 + signal),
            (None, None) => 255,
        }),
        cancelled,
        is_over_limit: over_limit.is_some(),
        details: over_limit
            .or_else(|| {
                let signal = signal?.to_string().into();
                Some(ServiceLine::EndedBySignal { signal })
            })
            .map_or_else(String::new, |line| line.to_string()),
        error: None,
        is_jobs_fault: false,
    }
}

fn never_began(error: Option<&ServiceLine<'_>>) -> Exit {
    Exit {
        return_code: None,
        cancelled: error.is_none(),
        details: String::new(),
        error: error.map(ToString::to_string),
        is_jobs_fault: false,
        is_over_limit: false,
    }
}

fn summary(exit: &Exit, took: Duration) -> ServiceLine<'static> {
    ServiceLine::Ended {
        code: exit.return_code.unwrap_or_default().to_string().into(),
        seconds: format!("{:.1}", took.as_secs_f64()).into(),
    }
}
