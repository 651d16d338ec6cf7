//! One process for one job: runs the command, writes its log, ends it when told, and says how it ended.
//!
//! It outlives the server that started it. It speaks through the run directory alone, and holds the lock that it
//! got as standard input for as long as it lives.

mod descendants;
mod pipes;

use std::{
    io,
    os::{
        fd::{AsFd, OwnedFd},
        unix::process::{CommandExt, ExitStatusExt},
    },
    path::Path,
    process::{Child, ExitCode, ExitStatus, Stdio},
    time::{Duration, Instant},
};

use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    fs::inotify,
    process::{
        Pid, PidfdFlags, Signal, kill_process_group, pidfd_open, set_child_subreaper, set_parent_process_death_signal,
    },
};

use crate::{
    engine::{
        progress,
        run_dir::{CancelOrder, Exit, RunDir, Spec, Started},
    },
    logs::{LogSource, LogWriter, now_micros},
    sandbox::{self, Sandbox},
};
use pipes::{Pipes, Stream};

/// How soon the end of the last process of a job that is being cancelled is seen.
const GLANCE: Duration = Duration::from_millis(20);

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
    set_child_subreaper(Pid::from_raw(1))?;
    let spec = dir.spec()?.ok_or(io::ErrorKind::NotFound)?;
    let mut log = LogWriter::open(&spec.log_dir)?;
    let orders = inotify::init(inotify::CreateFlags::CLOEXEC | inotify::CreateFlags::NONBLOCK)?;
    inotify::add_watch(&orders, dir.path(), inotify::WatchFlags::MOVED_TO)?;
    let exit = if dir.cancel()?.is_some() {
        never_began(None)
    } else {
        let (pipes, ends) = Pipes::new()?;
        dir.write_started(&Started {
            time_micros: now_micros(),
        })?;
        match start(&spec, ends) {
            Ok(child) => {
                let began = Instant::now();
                log.system(&format!("The command has begun as process {}", child.id()))?;
                let mut run = Run::new(dir, child, spec.sandbox, pipes, &mut log, orders)?;
                let status = run.follow()?;
                let exit = ended(status, run.order.is_some());
                log.system(&summary(&exit, began.elapsed()))?;
                if let Some(complaint) = progress::complaint(&dir.progress())? {
                    log.system(&complaint)?;
                }
                exit
            }
            Err(error) => never_began(Some(format!("the shell cannot be started: {error}"))),
        }
    };
    log.sync()?;
    dir.write_exit(&exit)
}

fn start(spec: &Spec, [out, err]: [OwnedFd; 2]) -> io::Result<Child> {
    let mut command = sandbox::command(spec);
    command.stdin(Stdio::null()).stdout(out).stderr(err).process_group(0);
    // SAFETY: between fork and exec only one system call is made, which is safe there.
    unsafe {
        command.pre_exec(|| Ok(set_parent_process_death_signal(Some(Signal::KILL))?));
    }
    command.spawn()
}

/// A command that runs.
struct Run<'a> {
    dir: &'a RunDir,
    child: Child,
    sandbox: Sandbox,
    group: Pid,
    ended: OwnedFd,
    pipes: Pipes,
    log: &'a mut LogWriter,
    orders: OwnedFd,
    /// The newest order that was obeyed.
    order: Option<CancelOrder>,
    /// A signal for a command that has not begun inside its sandbox.
    unsent: Option<Signal>,
    is_graceful: bool,
    kill_at: Option<Instant>,
}

impl<'a> Run<'a> {
    fn new(
        dir: &'a RunDir,
        child: Child,
        sandbox: Sandbox,
        pipes: Pipes,
        log: &'a mut LogWriter,
        orders: OwnedFd,
    ) -> io::Result<Self> {
        let group = Pid::from_child(&child);
        Ok(Self {
            ended: pidfd_open(group, PidfdFlags::empty())?,
            dir,
            child,
            sandbox,
            group,
            pipes,
            log,
            orders,
            order: None,
            unsent: None,
            is_graceful: false,
            kill_at: None,
        })
    }

    fn follow(&mut self) -> io::Result<ExitStatus> {
        let mut status = None;
        loop {
            self.wait(status.is_some())?;
            let Self { pipes, log, .. } = self;
            pipes.drain(|stream, bytes| log.append(&source(stream), bytes))?;
            self.obey()?;
            if status.is_none() {
                status = self.child.try_wait()?;
            }
            if let Some(status) = status
                && !self.may_others_finish()
            {
                descendants::kill_all();
                self.drain_the_rest()?;
                return Ok(status);
            }
        }
    }

    /// After a signal the shell may end before what it started, which has its time too.
    fn may_others_finish(&self) -> bool {
        let has_time = self.kill_at.is_none_or(|at| Instant::now() < at);
        self.is_graceful && has_time && descendants::are_left()
    }

    /// Sleeps until there is output, an order, the command's end, or the time to kill.
    fn wait(&self, has_ended: bool) -> io::Result<()> {
        let mut sources: Vec<PollFd<'_>> = self
            .pipes
            .sources()
            .chain([self.orders.as_fd()])
            .map(|source| PollFd::from_borrowed_fd(source, PollFlags::IN))
            .collect();
        if !has_ended {
            sources.push(PollFd::new(&self.ended, PollFlags::IN));
        }
        let until_kill = self.kill_at.map(|at| at.saturating_duration_since(Instant::now()));
        let glances = has_ended || self.unsent.is_some();
        let limit = if glances { Some(GLANCE) } else { until_kill };
        let limit = limit.and_then(|limit| Timespec::try_from(limit).ok());
        match poll(&mut sources, limit.as_ref()) {
            Ok(_) | Err(rustix::io::Errno::INTR) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Does what `cancel.json` says, once for each new order, and kills when the time is over.
    fn obey(&mut self) -> io::Result<()> {
        let mut buffer = [0; 4096];
        while rustix::io::read(&self.orders, &mut buffer).is_ok() {}
        let order = self.dir.cancel()?;
        if order != self.order
            && let Some(order) = order
        {
            self.order = Some(order);
            match order.signal.and_then(Signal::from_named_raw) {
                Some(signal) => {
                    self.log
                        .system(&format!("Cancelled: signal {} is sent", signal.as_raw()))?;
                    self.unsent = Some(signal);
                    self.is_graceful = true;
                    self.kill_at = order.timeout_ms.map(|ms| Instant::now() + Duration::from_millis(ms));
                }
                None => self.kill("Cancelled: the command is killed")?,
            }
        }
        if let Some(signal) = self.unsent
            && self.send(signal)
        {
            self.unsent = None;
        }
        if self.kill_at.is_some_and(|at| Instant::now() >= at) {
            self.kill("The time is over: the command is killed")?;
        }
        Ok(())
    }

    /// Sends the signal to the command; false when it is not there yet.
    fn send(&self, signal: Signal) -> bool {
        match self.sandbox {
            // What is around the command must outlive the signal.
            Sandbox::Bubblewrap => descendants::signal_inside(self.child.id(), signal),
            Sandbox::User | Sandbox::None => {
                // A group that is gone needs no signal.
                let _ = kill_process_group(self.group, signal);
                true
            }
        }
    }

    fn kill(&mut self, why: &str) -> io::Result<()> {
        self.log.system(why)?;
        self.is_graceful = false;
        self.kill_at = None;
        self.unsent = None;
        descendants::kill_below(self.child.id());
        let _ = kill_process_group(self.group, Signal::KILL);
        Ok(())
    }

    /// Nobody is left who could write, so each pipe ends.
    fn drain_the_rest(&mut self) -> io::Result<()> {
        let Self { pipes, log, .. } = self;
        loop {
            pipes.drain(|stream, bytes| log.append(&source(stream), bytes))?;
            if !pipes.is_open() {
                return Ok(());
            }
            let mut sources: Vec<PollFd<'_>> = pipes
                .sources()
                .skip(1)
                .map(|source| PollFd::from_borrowed_fd(source, PollFlags::IN))
                .collect();
            let _ = poll(&mut sources, None);
        }
    }
}

fn source(stream: Stream) -> LogSource {
    match stream {
        Stream::Out => LogSource::Out,
        Stream::Err => LogSource::Err,
    }
}

fn ended(status: ExitStatus, cancelled: bool) -> Exit {
    let signal = status.signal();
    Exit {
        return_code: Some(match (status.code(), signal) {
            (Some(code), _) => code.into(),
            (None, Some(signal)) => i64::from(128 + signal),
            (None, None) => 255,
        }),
        cancelled,
        details: signal.map_or_else(String::new, |signal| {
            format!("The command was ended by signal {signal}")
        }),
        error: None,
    }
}

fn never_began(error: Option<String>) -> Exit {
    Exit {
        return_code: None,
        cancelled: error.is_none(),
        details: String::new(),
        error,
    }
}

fn summary(exit: &Exit, took: Duration) -> String {
    let code = exit.return_code.unwrap_or_default();
    format!("The command has ended with {code} after {:.1} s", took.as_secs_f64())
}
