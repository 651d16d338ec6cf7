//! A command that runs: its output, its orders, its limits, its end.

use std::{
    io,
    os::fd::{AsFd, BorrowedFd, OwnedFd},
    process::{Child, ExitStatus},
    time::{Duration, Instant},
};

use jobsphere_rules::service_line::ServiceLine;
use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    process::{Pid, PidfdFlags, Signal, kill_process_group, pidfd_open},
};

use super::{descendants, groups::Group, limits::Watch, lines::Lines, pipes::Pipes, stats::Stats};
use crate::{
    engine::run_dir::{CancelOrder, RunDir},
    logs::LogWriter,
    sandbox::{Container, Sandbox, Spec},
};

/// How soon the end of the last process of a job that is being cancelled is seen.
const GLANCE: Duration = Duration::from_millis(20);

/// What the shell leaves may finish as long as it was at work within this time;
const QUIET: Duration = Duration::from_millis(500);
/// and no longer than this.
const LONGEST_LINGER: Duration = Duration::from_secs(10);

/// What was written before the end is read within this time;
const REST: Duration = Duration::from_millis(200);
/// and all of it, whoever goes on writing, within this one.
const LONGEST_REST: Duration = Duration::from_secs(10);

/// The end of a shell, and whether what it leaves is at work: a reader of `> >(tee log.txt)` ends a moment after the shell.
struct Linger {
    since: Instant,
    worked: Instant,
    /// Time of the processor that the rest had taken at the last look.
    ticks: u64,
}

impl Linger {
    fn begin(now: Instant) -> Self {
        Self {
            since: now,
            worked: now,
            ticks: 0,
        }
    }

    /// Whether the rest may go on, which has taken so much time of the processor, and has written something just now or not.
    fn goes_on(&mut self, now: Instant, ticks: u64, has_written: bool) -> bool {
        if has_written || ticks > self.ticks {
            self.worked = now;
        }
        self.ticks = self.ticks.max(ticks);
        now - self.worked < QUIET && now - self.since < LONGEST_LINGER
    }
}

/// What ended a command.
pub(super) enum End {
    /// It did.
    Own,
    /// An order.
    Cancelled,
    /// A limit; the sentence says which.
    OverLimit(ServiceLine<'static>),
}

/// A command that runs.
pub(super) struct Run<'a> {
    dir: &'a RunDir,
    child: Child,
    sandbox: Sandbox,
    container: Option<Container>,
    group: Pid,
    stats: Stats,
    watch: Watch,
    over_limit: Option<ServiceLine<'static>>,
    ended: OwnedFd,
    pipes: Pipes,
    lines: Lines,
    log: &'a mut LogWriter,
    orders: BorrowedFd<'a>,
    /// The newest order that was obeyed.
    order: Option<CancelOrder>,
    /// A signal for a command that has not begun inside its sandbox.
    unsent: Option<Signal>,
    is_graceful: bool,
    kill_at: Option<Instant>,
}

impl<'a> Run<'a> {
    pub(super) fn new(
        dir: &'a RunDir,
        spec: &Spec,
        (child, control): (Child, Group),
        pipes: Pipes,
        log: &'a mut LogWriter,
        orders: BorrowedFd<'a>,
    ) -> io::Result<Self> {
        let group = Pid::from_child(&child);
        Ok(Self {
            ended: pidfd_open(group, PidfdFlags::empty())?,
            dir,
            child,
            sandbox: spec.sandbox,
            container: spec.container.clone(),
            group,
            stats: Stats::begin(log)?,
            watch: Watch::begin(spec, control),
            over_limit: None,
            pipes,
            lines: Lines::default(),
            log,
            orders,
            order: None,
            unsent: None,
            is_graceful: false,
            kill_at: None,
        })
    }

    pub(super) fn follow(&mut self) -> io::Result<ExitStatus> {
        let mut status = None;
        let mut linger: Option<Linger> = None;
        loop {
            self.wait(status.is_some())?;
            let mut has_written = false;
            let Self { pipes, lines, log, .. } = self;
            pipes.drain(|stream, bytes| {
                has_written = true;
                lines.add(log, stream, bytes)
            })?;
            lines.write_due(log)?;
            self.obey()?;
            self.measure()?;
            if status.is_none() {
                status = self.child.try_wait()?;
            }
            let Some(status) = status else { continue };
            let left = self.left();
            if !self.may_others_finish(&left, &mut linger, has_written) {
                self.note_left(left.len())?;
                descendants::kill_all();
                self.drain_the_rest()?;
                self.look_back()?;
                return Ok(status);
            }
        }
    }

    /// What has ended the command, once it has ended.
    pub(super) fn end(&mut self) -> End {
        match (self.over_limit.take(), &self.order) {
            (Some(sentence), _) => End::OverLimit(sentence),
            (None, Some(_)) => End::Cancelled,
            (None, None) => End::Own,
        }
    }

    /// Writes what the job uses, and ends it when that is too much.
    fn measure(&mut self) -> io::Result<()> {
        self.stats.write(self.log)?;
        if self.over_limit.is_none()
            && let Some(sentence) = self.watch.look()
        {
            self.kill(&sentence)?;
            self.over_limit = Some(sentence);
        }
        Ok(())
    }

    /// The kernel may have ended the command for its memory, with all it had started, since the last look.
    fn look_back(&mut self) -> io::Result<()> {
        if self.over_limit.is_none()
            && let Some(sentence) = self.watch.look_back()
        {
            self.log.system(&sentence)?;
            self.over_limit = Some(sentence);
        }
        Ok(())
    }

    /// The shell may end before what it started, which has its time too: after a signal all of it, else a moment.
    fn may_others_finish(&self, left: &[u32], linger: &mut Option<Linger>, has_written: bool) -> bool {
        if left.is_empty() {
            return false;
        }
        let now = Instant::now();
        if self.is_graceful {
            return self.kill_at.is_none_or(|at| now < at);
        }
        // What is left around a container is its engine's.
        let was_told = self.order.is_some() || self.over_limit.is_some() || self.container.is_some();
        let linger = linger.get_or_insert_with(|| Linger::begin(now));
        !was_told && linger.goes_on(now, descendants::ticks(left), has_written)
    }

    /// The processes of the command that outlived its shell.
    fn left(&self) -> Vec<u32> {
        match (&self.container, self.sandbox) {
            // The first one there is bubblewrap's own, which takes note of the end of others.
            (None, Sandbox::Bubblewrap) => descendants::below_the_first(),
            _ => {
                descendants::reap();
                descendants::all()
            }
        }
    }

    fn note_left(&mut self, count: usize) -> io::Result<()> {
        if count > 0 && self.order.is_none() && self.over_limit.is_none() && self.container.is_none() {
            let processes = count.to_string().into();
            self.log.system(&ServiceLine::LeftProcesses { processes })?;
        }
        Ok(())
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
        let due = [self.kill_at, Some(self.stats.due()), self.watch.due(), self.lines.due()];
        let until_due = due
            .into_iter()
            .flatten()
            .min()
            .map(|at| at.saturating_duration_since(Instant::now()));
        let glances = has_ended || self.unsent.is_some();
        let limit = if glances { Some(GLANCE) } else { until_due };
        let limit = limit.and_then(|limit| Timespec::try_from(limit).ok());
        match poll(&mut sources, limit.as_ref()) {
            Ok(_) | Err(rustix::io::Errno::INTR) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Does what `cancel.json` says, once for each new order, and kills when the time is over.
    fn obey(&mut self) -> io::Result<()> {
        let mut buffer = [0; 4096];
        while rustix::io::read(self.orders, &mut buffer).is_ok() {}
        let order = self.dir.cancel()?;
        if order != self.order
            && let Some(order) = order
        {
            self.order = Some(order);
            match order.signal.and_then(Signal::from_named_raw) {
                Some(signal) => {
                    let number = signal.as_raw().to_string().into();
                    self.log.system(&ServiceLine::SignalSent { signal: number })?;
                    self.unsent = Some(signal);
                    self.is_graceful = true;
                    self.kill_at = order.timeout_ms.map(|ms| Instant::now() + Duration::from_millis(ms));
                }
                None => self.kill(&ServiceLine::Killed)?,
            }
        }
        if let Some(signal) = self.unsent
            && self.send(signal)
        {
            self.unsent = None;
        }
        if self.kill_at.is_some_and(|at| Instant::now() >= at) {
            self.kill(&ServiceLine::Overdue)?;
        }
        Ok(())
    }

    /// Sends the signal to the command; false when it is not there yet.
    fn send(&self, signal: Signal) -> bool {
        if let Some(container) = &self.container {
            container.signal(signal);
            return true;
        }
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

    fn kill(&mut self, why: &ServiceLine<'_>) -> io::Result<()> {
        self.log.system(why)?;
        self.is_graceful = false;
        self.kill_at = None;
        self.unsent = None;
        if let Some(container) = &self.container {
            container.signal(Signal::KILL);
        }
        descendants::kill_below(self.child.id());
        let _ = kill_process_group(self.group, Signal::KILL);
        Ok(())
    }

    /// Nobody of the job is left who could write: what was written is there, and as a rule each pipe ends. One that was handed
    /// to somebody else may stay open, and is not listened to.
    fn drain_the_rest(&mut self) -> io::Result<()> {
        let Self { pipes, lines, log, .. } = self;
        let begin = Instant::now();
        let moment = Timespec::try_from(REST).ok();
        let mut is_silent = false;
        loop {
            pipes.drain(|stream, bytes| lines.add(log, stream, bytes))?;
            if !pipes.is_open() || is_silent || begin.elapsed() > LONGEST_REST {
                return lines.end(log);
            }
            let mut sources: Vec<PollFd<'_>> = pipes
                .sources()
                .skip(1)
                .map(|source| PollFd::from_borrowed_fd(source, PollFlags::IN))
                .collect();
            is_silent = matches!(poll(&mut sources, moment.as_ref()), Ok(0));
        }
    }
}
