//! The phases of a job with their times: from the API where it has them, else from the service's own lines in
//! `.system.log`, else from what a page saw happen.
//!
//! A border between two phases that nothing tells is left out: its phases are one stretch then.

use serde::{Deserialize, Serialize};

use super::{status::is_final, waiting};
use crate::api::jobs::JobStatus;

/// First words of the line in `.system.log` that ends the wait in the queue. These lines, too, are written by
/// [`ServiceLine`](super::service_line::ServiceLine); here their beginnings are enough.
const TURN: &str = "The turn of the job has come";
/// First words of the line that begins the run.
const BEGUN: &str = "The command has begun";
/// First words of the line that ends it.
const ENDED: &str = "The command has ended";
/// The line of a command that is killed by an order.
const KILLED: &str = "Cancelled: the command is killed";
/// The line of a command that is killed because it did not end in time.
const OVERDUE: &str = "The time is over: the command is killed";

const SIGNAL: &str = "Cancelled: signal ";
const IS_SENT: &str = " is sent";
/// Handing over files that are there already is not worth a phase.
const SHORTEST_FILES_MS: i64 = 1000;

/// A turn in the life of a job, as a line of `.system.log` tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Mark {
    /// The job left the queue.
    Turn,
    /// The command has begun.
    Begun,
    /// It has ended.
    Ended,
    /// It was asked to end, by this signal.
    SignalSent(i32),
    /// It was killed by an order, or because its time to end was over.
    Killed,
}

impl Mark {
    /// What a line of `.system.log` tells, if anything.
    pub fn of_line(line: &str) -> Option<Self> {
        if line.starts_with(TURN) {
            return Some(Self::Turn);
        }
        if line.starts_with(BEGUN) {
            return Some(Self::Begun);
        }
        if line.starts_with(ENDED) {
            return Some(Self::Ended);
        }
        if line.starts_with(KILLED) || line.starts_with(OVERDUE) {
            return Some(Self::Killed);
        }
        let signal = line.strip_prefix(SIGNAL)?.strip_suffix(IS_SENT)?;
        signal.parse().ok().map(Self::SignalSent)
    }
}

/// A mark and where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct MarkAt {
    /// What happened.
    pub mark: Mark,
    /// When, by the service's clock; milliseconds since 1970.
    pub time_ms: i64,
    /// The line's first byte in the log.
    pub offset: u64,
}

/// A phase of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// Created; its files are sent.
    Files,
    /// Waiting for its turn.
    Queue,
    /// Environment and working directory are made ready.
    Environment,
    /// The command runs.
    Run,
    /// What it made is stored.
    Outputs,
}

const PHASES: [Phase; 5] = [
    Phase::Files,
    Phase::Queue,
    Phase::Environment,
    Phase::Run,
    Phase::Outputs,
];

/// One phase, or several whose borders are not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    /// The phase it begins with.
    pub first: Phase,
    /// The phase it ends with.
    pub last: Phase,
    /// Its begin; milliseconds since 1970.
    pub begin_ms: i64,
    /// Its end; `None` while it goes on.
    pub end_ms: Option<i64>,
    /// The first byte of its first line in the log, where that is known.
    pub offset: Option<u64>,
}

impl Stretch {
    /// How long it took, or takes until now.
    pub fn length_ms(&self, now_ms: i64) -> i64 {
        (self.end_ms.unwrap_or(now_ms) - self.begin_ms).max(0)
    }

    /// Its share of a bar. Grows slower than its length, so that a night in the queue leaves room for the rest.
    pub fn weight(&self, now_ms: i64) -> f64 {
        (self.length_ms(now_ms) as f64 + 1000.0).sqrt()
    }
}

/// Borders that a page saw, by its own clock; better than nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Seen {
    turn_ms: Option<i64>,
    ended_ms: Option<i64>,
    has_ended_in_queue: bool,
    before: Option<(JobStatus, bool)>,
}

impl Seen {
    /// Takes note of the state at a time.
    pub fn look(&mut self, status: JobStatus, status_details: &str, now_ms: i64) {
        let waits = is_in_queue(status, status_details);
        match self.before {
            Some((_, true)) if is_final(status) => self.has_ended_in_queue = true,
            Some((_, true)) if !waits => self.turn_ms = Some(now_ms),
            Some((JobStatus::Executing, _)) if status == JobStatus::UploadingOutput => self.ended_ms = Some(now_ms),
            _ => {}
        }
        self.before = Some((status, waits));
    }
}

/// What is known of a job's times; milliseconds since 1970.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// Its state now.
    pub status: JobStatus,
    /// What the state says in words.
    pub status_details: String,
    /// When it was created.
    pub created_ms: i64,
    /// When it was executed: its operation was created.
    pub executed_ms: Option<i64>,
    /// When the command began.
    pub started_ms: Option<i64>,
    /// When the job ended.
    pub finished_ms: Option<i64>,
    /// The lines of `.system.log` that tell of it.
    pub marks: Vec<MarkAt>,
    /// What the page saw.
    pub seen: Seen,
}

impl Facts {
    /// The phases until now, in order.
    pub fn stretches(&self) -> Vec<Stretch> {
        let borders = self.borders();
        let last = self.reached(&borders);
        let mut stretches = Vec::new();
        let mut first = 0;
        for next in 1..=last {
            if let Some(border) = borders[next] {
                stretches.push(self.stretch(first, next - 1, &borders, Some(border)));
                first = next;
            }
        }
        let end = is_final(self.status).then(|| self.finished_ms.or(borders[first]).unwrap_or_default());
        stretches.push(self.stretch(first, last, &borders, end));
        stretches.retain(|stretch| {
            stretch.last != Phase::Files || stretch.end_ms.is_none() || stretch.length_ms(0) >= SHORTEST_FILES_MS
        });
        stretches
    }

    fn stretch(&self, first: usize, last: usize, borders: &[Option<i64>; 5], end: Option<i64>) -> Stretch {
        let begin_ms = borders[first].unwrap_or(self.created_ms);
        let mark = match PHASES[first] {
            Phase::Environment => self.first_mark(Mark::Turn),
            Phase::Run => self.first_mark(Mark::Begun),
            Phase::Outputs => self.last_mark(Mark::Ended),
            Phase::Files | Phase::Queue => None,
        };
        Stretch {
            first: PHASES[first],
            last: PHASES[last],
            begin_ms,
            end_ms: end.map(|end| end.max(begin_ms)),
            offset: mark.map(|mark| mark.offset),
        }
    }

    /// The begin of each phase, none before the one in front of it.
    fn borders(&self) -> [Option<i64>; 5] {
        let time = |mark: Option<MarkAt>| mark.map(|mark| mark.time_ms);
        let mut borders = [
            Some(self.created_ms),
            self.executed_ms,
            time(self.first_mark(Mark::Turn)).or(self.seen.turn_ms),
            self.started_ms.or(time(self.first_mark(Mark::Begun))),
            time(self.last_mark(Mark::Ended)).or(self.seen.ended_ms),
        ];
        let mut earliest = self.created_ms;
        for border in borders.iter_mut().flatten() {
            *border = (*border).max(earliest).min(self.finished_ms.unwrap_or(i64::MAX));
            earliest = *border;
        }
        borders
    }

    /// The phase the job is in, or has ended in, as a place in `PHASES`.
    fn reached(&self, borders: &[Option<i64>; 5]) -> usize {
        let known = borders.iter().rposition(Option::is_some).unwrap_or_default();
        let phase = match self.status {
            JobStatus::Unspecified | JobStatus::Creating => Phase::Files,
            JobStatus::Preparing if is_in_queue(self.status, &self.status_details) => Phase::Queue,
            JobStatus::Preparing => Phase::Environment,
            JobStatus::Executing => Phase::Run,
            JobStatus::UploadingOutput => Phase::Outputs,
            JobStatus::Cancelling => PHASES[known],
            JobStatus::Success | JobStatus::Error | JobStatus::Cancelled => match known {
                0 => Phase::Files,
                1 if self.seen.has_ended_in_queue => Phase::Queue,
                // It may have ended in the queue or while it was made ready.
                1 | 2 => Phase::Environment,
                _ => Phase::Outputs,
            },
        };
        (phase as usize).max(known)
    }

    fn first_mark(&self, wanted: Mark) -> Option<MarkAt> {
        self.marks.iter().find(|mark| mark.mark == wanted).copied()
    }

    fn last_mark(&self, wanted: Mark) -> Option<MarkAt> {
        self.marks.iter().rfind(|mark| mark.mark == wanted).copied()
    }
}

/// Whether a job with these words waits for its turn.
pub fn is_in_queue(status: JobStatus, status_details: &str) -> bool {
    status == JobStatus::Preparing
        && (waiting::place(status_details).is_some() || status_details == waiting::IN_THE_QUEUE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service_line::ServiceLine;

    fn at(mark: Mark, time_ms: i64, offset: u64) -> MarkAt {
        MarkAt { mark, time_ms, offset }
    }

    /// Phases as `first..last begin-end`.
    fn told(facts: &Facts) -> Vec<String> {
        let stretches = facts.stretches();
        let tell = |stretch: &Stretch| {
            let end = stretch.end_ms.map_or("now".to_owned(), |end| end.to_string());
            let (first, last) = (stretch.first, stretch.last);
            let name = if first == last {
                format!("{first:?}")
            } else {
                format!("{first:?}..{last:?}")
            };
            format!("{name} {}-{end}", stretch.begin_ms)
        };
        stretches.iter().map(tell).collect()
    }

    fn done() -> Facts {
        Facts {
            status: JobStatus::Success,
            created_ms: 0,
            executed_ms: Some(5_000),
            started_ms: Some(30_000),
            finished_ms: Some(90_000),
            marks: vec![
                at(Mark::Turn, 10_000, 0),
                at(Mark::Begun, 30_001, 70),
                at(Mark::Ended, 80_000, 900),
            ],
            ..Facts::default()
        }
    }

    #[test]
    fn a_job_that_is_done_has_all_its_phases() {
        let expected = [
            "Files 0-5000",
            "Queue 5000-10000",
            "Environment 10000-30000",
            "Run 30000-80000",
            "Outputs 80000-90000",
        ];
        assert_eq!(told(&done()), expected);
        let offsets: Vec<_> = done().stretches().iter().map(|stretch| stretch.offset).collect();
        assert_eq!(offsets, [None, None, Some(0), Some(70), Some(900)]);
    }

    #[test]
    fn borders_that_nothing_tells_join_their_phases() {
        let mut facts = done();
        facts.marks.clear();
        facts.executed_ms = Some(100);
        assert_eq!(
            told(&facts),
            ["Queue..Environment 100-30000", "Run..Outputs 30000-90000"]
        );
        facts.executed_ms = None;
        assert_eq!(told(&facts), ["Files..Environment 0-30000", "Run..Outputs 30000-90000"]);
    }

    #[test]
    fn what_goes_on_has_no_end() {
        let mut facts = Facts {
            status: JobStatus::Creating,
            ..Facts::default()
        };
        assert_eq!(told(&facts), ["Files 0-now"]);
        facts.executed_ms = Some(10);
        facts.status = JobStatus::Preparing;
        facts.status_details = waiting::details(3);
        assert_eq!(told(&facts), ["Queue 10-now"]);
        facts.status_details = "Building the environment".into();
        facts.marks = vec![at(Mark::Turn, 2_000, 0)];
        assert_eq!(told(&facts), ["Queue 10-2000", "Environment 2000-now"]);
        facts.status = JobStatus::Executing;
        facts.started_ms = Some(3_000);
        assert_eq!(told(&facts)[2..], ["Run 3000-now"]);
        facts.status = JobStatus::Cancelling;
        assert_eq!(told(&facts)[2..], ["Run 3000-now"]);
    }

    #[test]
    fn a_job_ends_where_it_was() {
        let mut facts = Facts {
            status: JobStatus::Cancelled,
            executed_ms: Some(10),
            finished_ms: Some(9_000),
            ..Facts::default()
        };
        assert_eq!(told(&facts), ["Queue..Environment 10-9000"]);
        let mut seen = Seen::default();
        seen.look(JobStatus::Preparing, &waiting::details(1), 1_000);
        seen.look(JobStatus::Cancelled, "", 9_000);
        let in_queue = Facts { seen, ..facts.clone() };
        assert_eq!(told(&in_queue), ["Queue 10-9000"]);
        facts.marks = vec![at(Mark::Turn, 4_000, 0)];
        assert_eq!(told(&facts), ["Queue 10-4000", "Environment 4000-9000"]);
        facts = Facts {
            status: JobStatus::Cancelled,
            finished_ms: Some(9_000),
            ..Facts::default()
        };
        assert_eq!(told(&facts), ["Files 0-9000"]);
    }

    #[test]
    fn what_the_page_saw_stands_in_for_a_missing_line() {
        let mut seen = Seen::default();
        seen.look(JobStatus::Preparing, &waiting::details(1), 1_000);
        seen.look(JobStatus::Preparing, "Preparing", 2_000);
        seen.look(JobStatus::Executing, "", 3_000);
        seen.look(JobStatus::UploadingOutput, "", 4_000);
        let mut facts = Facts {
            marks: Vec::new(),
            seen,
            ..done()
        };
        facts.executed_ms = Some(10);
        facts.started_ms = Some(2_500);
        assert_eq!(
            told(&facts),
            [
                "Queue 10-2000",
                "Environment 2000-2500",
                "Run 2500-4000",
                "Outputs 4000-90000"
            ]
        );
    }

    #[test]
    fn a_clock_that_is_wrong_makes_no_negative_phase() {
        let mut facts = done();
        facts.marks[0].time_ms = 1;
        facts.marks[2].time_ms = 1_000_000;
        for stretch in facts.stretches() {
            assert!(stretch.end_ms >= Some(stretch.begin_ms), "{stretch:?}");
        }
    }

    #[test]
    fn lines_are_read_as_they_are_written() {
        for (line, mark) in [
            (ServiceLine::Turn, Mark::Turn),
            (ServiceLine::Begun { process: "7".into() }, Mark::Begun),
            (
                ServiceLine::Ended {
                    code: "0".into(),
                    seconds: "1.0".into(),
                },
                Mark::Ended,
            ),
            (ServiceLine::SignalSent { signal: "15".into() }, Mark::SignalSent(15)),
            (ServiceLine::Killed, Mark::Killed),
            (ServiceLine::Overdue, Mark::Killed),
        ] {
            assert_eq!(Mark::of_line(&line.to_string()), Some(mark));
        }
        assert_eq!(Mark::of_line("The working directory is ready; inputs: 1"), None);
    }
}
