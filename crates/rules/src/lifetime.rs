//! How long a job's data lives, and what its end frees and breaks.

use std::collections::{HashMap, HashSet};

use super::status::{Forbidden, is_final, may_cancel, may_delete};
use crate::api::{jobs::JobStatus, sha256::Sha256, time::Millis};

const SECOND_MS: Millis = 1000;
const MINUTE_MS: Millis = 60 * SECOND_MS;
const HOUR_MS: Millis = 60 * MINUTE_MS;

/// A day, in milliseconds.
pub const DAY_MS: Millis = 24 * HOUR_MS;

/// From so long before the end of the data on, it is pointed out.
pub const WARN_MS: Millis = 48 * HOUR_MS;

/// What is to be said of the life of a job's data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Life {
    /// It is counted from the job's end, which is not there yet.
    FromEnd,
    /// It stays until somebody deletes it.
    Forever,
    /// So much of it is left.
    Left(Left),
    /// Its time is over; the service drops it at its next look.
    Over,
    /// It was dropped.
    Cleared,
}

/// A length of time in its largest fitting unit, rounded down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Left {
    /// How many units.
    pub count: i64,
    /// Which.
    pub unit: Unit,
    /// Whether it is little enough to be pointed out.
    pub is_short: bool,
}

/// A unit of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Unit {
    Second,
    Minute,
    Hour,
    Day,
}

impl Life {
    /// The life of the data of a job in `status` that expires at `expires_ms`, seen at `now_ms`.
    pub fn of(status: JobStatus, cleared: bool, expires_ms: Option<Millis>, now_ms: Millis) -> Self {
        if cleared {
            return Self::Cleared;
        }
        let Some(expires_ms) = expires_ms else {
            return Self::Forever;
        };
        // The service drops nothing of a job that runs, and counts anew from its end.
        if may_delete(status).is_err() {
            return Self::FromEnd;
        }
        let left_ms = expires_ms - now_ms;
        if left_ms <= 0 {
            return Self::Over;
        }
        let (count, unit) = match left_ms {
            ms if ms >= 2 * DAY_MS => (ms / DAY_MS, Unit::Day),
            ms if ms >= 2 * HOUR_MS => (ms / HOUR_MS, Unit::Hour),
            ms if ms >= 2 * MINUTE_MS => (ms / MINUTE_MS, Unit::Minute),
            ms => (ms / SECOND_MS, Unit::Second),
        };
        Self::Left(Left {
            count,
            unit,
            is_short: left_ms < WARN_MS,
        })
    }
}

/// What can be done to many jobs at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Stop them.
    Cancel,
    /// Remove them with all they have.
    Delete,
    /// Drop files and logs, keep the records.
    DeleteData,
    /// Have the data live so many days from now on; without a number, for good.
    Keep {
        /// The number of days.
        days: Option<u32>,
    },
}

impl Action {
    /// Whether this may be done to a job now.
    ///
    /// # Errors
    /// [`Forbidden`] says why not.
    pub fn may(self, status: JobStatus, data_cleared: bool) -> Result<(), Forbidden> {
        match self {
            Self::Cancel => may_cancel(status),
            Self::Delete => may_delete(status),
            Self::DeleteData | Self::Keep { .. } if data_cleared => Err(Forbidden::DataCleared),
            Self::DeleteData => may_delete(status),
            Self::Keep { .. } => Ok(()),
        }
    }
}

/// Whether the data of all jobs of a project may be dropped while one of them is in this state.
///
/// # Errors
/// [`Forbidden::Runs`].
pub fn may_stand_by(status: JobStatus) -> Result<(), Forbidden> {
    if is_final(status) || status == JobStatus::Creating {
        Ok(())
    } else {
        Err(Forbidden::Runs)
    }
}

/// A content, by a number that takes less room than its hash.
pub type ContentNumber = u32;

/// The contents that the jobs of a project need, and how many jobs need each.
#[derive(Debug, Default)]
pub struct Contents {
    numbers: HashMap<Sha256, ContentNumber>,
    entries: Vec<Content>,
}

#[derive(Debug, Clone, Copy)]
struct Content {
    size_bytes: i64,
    needed_by: u32,
}

/// What dropping data does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Freed {
    /// Bytes that no other job needs: they go.
    pub freed_bytes: i64,
    /// Bytes that another job needs as well: they stay.
    pub kept_bytes: i64,
}

impl Contents {
    /// Notes that one more job needs `files`, each given by hash and size; the numbers of the different contents.
    pub fn need(&mut self, files: impl IntoIterator<Item = (Sha256, i64)>) -> Box<[ContentNumber]> {
        let mut numbers = Vec::new();
        for (sha256, size_bytes) in files {
            let next = self.entries.len() as ContentNumber;
            let number = *self.numbers.entry(sha256).or_insert(next);
            if number == next {
                self.entries.push(Content {
                    size_bytes: size_bytes.max(0),
                    needed_by: 0,
                });
            }
            numbers.push(number);
        }
        numbers.sort_unstable();
        numbers.dedup();
        for number in &numbers {
            if let Some(content) = self.entries.get_mut(*number as usize) {
                content.needed_by += 1;
            }
        }
        numbers.into()
    }

    /// Notes that a job needs these no longer.
    pub fn release(&mut self, numbers: &[ContentNumber]) {
        for number in numbers {
            if let Some(content) = self.entries.get_mut(*number as usize) {
                content.needed_by = content.needed_by.saturating_sub(1);
            }
        }
    }

    /// What is freed when all of `jobs`, each given by what it needs, lose their data.
    pub fn freed_by<'a>(&self, jobs: impl IntoIterator<Item = &'a [ContentNumber]>) -> Freed {
        let mut lost: HashMap<ContentNumber, u32> = HashMap::new();
        for number in jobs.into_iter().flatten() {
            *lost.entry(*number).or_default() += 1;
        }
        let mut freed = Freed::default();
        for (number, by) in lost {
            let Some(content) = self.entries.get(number as usize) else {
                continue;
            };
            if content.needed_by > by {
                freed.kept_bytes += content.size_bytes;
            } else {
                freed.freed_bytes += content.size_bytes;
            }
        }
        freed
    }

    /// The bytes that some job needs.
    pub fn held_bytes(&self) -> i64 {
        let needed = self.entries.iter().filter(|content| content.needed_by > 0);
        needed.map(|content| content.size_bytes).sum()
    }
}

/// The number of those of `jobs`, each given by id and parent, that were copied from one of `from` and are not of them.
pub fn copies_of<'a>(from: &HashSet<&str>, jobs: impl IntoIterator<Item = (&'a str, &'a str)>) -> usize {
    let jobs = jobs.into_iter();
    jobs.filter(|(id, parent)| !parent.is_empty() && from.contains(parent) && !from.contains(id))
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sha256(letter: &str) -> Sha256 {
        Sha256::of(letter.as_bytes())
    }

    #[test]
    fn the_rest_of_a_life_is_said_in_its_largest_unit() {
        let life = |left_ms| Life::of(JobStatus::Success, false, Some(5_000_000_000 + left_ms), 5_000_000_000);
        let left = |count, unit, is_short| Life::Left(Left { count, unit, is_short });
        assert_eq!(life(14 * DAY_MS - 1), left(13, Unit::Day, false));
        assert_eq!(life(2 * DAY_MS), left(2, Unit::Day, false));
        assert_eq!(life(2 * DAY_MS - 1), left(47, Unit::Hour, true));
        assert_eq!(life(2 * HOUR_MS - 1), left(119, Unit::Minute, true));
        assert_eq!(life(2 * MINUTE_MS - 1), left(119, Unit::Second, true));
        assert_eq!(life(0), Life::Over);
    }

    #[test]
    fn a_running_job_loses_nothing() {
        assert_eq!(Life::of(JobStatus::Executing, false, Some(1), 2), Life::FromEnd);
        assert_eq!(Life::of(JobStatus::Creating, false, Some(1), 2), Life::Over);
        assert_eq!(Life::of(JobStatus::Success, false, None, 2), Life::Forever);
        assert_eq!(Life::of(JobStatus::Success, true, None, 2), Life::Cleared);
    }

    #[test]
    fn what_another_job_needs_is_not_freed() {
        let mut contents = Contents::default();
        let one = contents.need([(sha256("shared"), 10), (sha256("own"), 5), (sha256("own"), 5)]);
        let two = contents.need([(sha256("shared"), 10), (sha256("other"), 7)]);
        assert_eq!(contents.held_bytes(), 22);
        let freed = |jobs: &[&[ContentNumber]]| contents.freed_by(jobs.iter().copied());
        let only = |freed_bytes, kept_bytes| Freed {
            freed_bytes,
            kept_bytes,
        };
        assert_eq!(freed(&[&one]), only(5, 10));
        assert_eq!(freed(&[&one, &two]), only(22, 0));
        contents.release(&two);
        assert_eq!(contents.held_bytes(), 15);
        assert_eq!(contents.freed_by([&*one]), only(15, 0));
    }

    #[test]
    fn what_may_be_done_follows_the_state() {
        let cleared = Err(Forbidden::DataCleared);
        assert_eq!(Action::Cancel.may(JobStatus::Success, false), Err(Forbidden::Ended));
        assert_eq!(Action::Delete.may(JobStatus::Executing, false), Err(Forbidden::Runs));
        assert_eq!(Action::Delete.may(JobStatus::Success, true), Ok(()));
        assert_eq!(Action::DeleteData.may(JobStatus::Success, true), cleared);
        assert_eq!(Action::Keep { days: None }.may(JobStatus::Executing, false), Ok(()));
        assert_eq!(Action::Keep { days: Some(3) }.may(JobStatus::Success, true), cleared);
    }

    #[test]
    fn copies_are_counted_once_and_not_among_those_that_go() {
        let from = HashSet::from(["a", "b"]);
        let jobs = [("a", ""), ("b", "a"), ("c", "a"), ("d", "c"), ("e", "b")];
        assert_eq!(copies_of(&from, jobs), 2);
    }
}
