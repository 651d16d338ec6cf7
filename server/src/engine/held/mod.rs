//! The folders of runs that have ended, held for a while for what nobody has named in them.
//!
//! A run that leaves such files (`list`) keeps its working folder when everything else of it goes (`hold`); a caller may
//! have some of them stored (`take`). A folder goes when its time is over, when its job's data is deleted, or when there
//! is no room: it is renamed out of sight at once, and removed in the background (`go`).

mod go;
mod hold;
mod list;
mod take;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
};

use jobsphere_api::id::JobId;
use tokio::sync::{Notify, Semaphore};

pub(super) use go::{held_before, let_go, watch};
pub(super) use hold::hold_unnamed;
pub(super) use list::{note, unnamed};
pub(super) use take::take;

use crate::porter::Made;

/// Porters that take files out of held folders at the same time.
const TAKEN_AT_ONCE: usize = 4;
/// Folders that are removed at the same time.
const REMOVED_AT_ONCE: usize = 2;
/// Folders that are held of one project; the oldest goes for one more.
const MOST_OF_PROJECT: usize = 100;
/// And of all.
const MOST: usize = 1000;
/// Of the bytes that all may have, one project has such a part at most.
const PART_OF_PROJECT: u64 = 2;

/// A folder that is held, in memory and as `held.json`.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(super) struct HeldRun {
    /// The job's project.
    pub(super) project: String,
    /// When it goes, in microseconds since the epoch.
    pub(super) until_micros: i64,
    /// What lies in it, holes counted.
    #[serde(default)]
    pub(super) bytes: u64,
}

/// `unnamed.json`: what nobody has named, and whose it is.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(super) struct LeftUnnamed {
    /// The job's project.
    pub(super) project: String,
    /// The files.
    pub(super) made: Made,
}

/// All folders that are held.
#[derive(Debug)]
pub(super) struct HeldRuns {
    runs: Mutex<BTreeMap<JobId, HeldRun>>,
    /// One more is held.
    added: Notify,
    taking: Arc<Semaphore>,
    /// By project: one at a time, whatever it asks for.
    turns: Mutex<BTreeMap<String, Weak<tokio::sync::Mutex<()>>>>,
    removing: Arc<Semaphore>,
}

impl Default for HeldRuns {
    fn default() -> Self {
        Self {
            runs: Mutex::default(),
            added: Notify::new(),
            taking: Arc::new(Semaphore::new(TAKEN_AT_ONCE)),
            turns: Mutex::default(),
            removing: Arc::new(Semaphore::new(REMOVED_AT_ONCE)),
        }
    }
}

impl HeldRuns {
    fn runs(&self) -> MutexGuard<'_, BTreeMap<JobId, HeldRun>> {
        self.runs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn add(&self, job: &JobId, run: HeldRun) {
        self.runs().insert(job.clone(), run);
        self.added.notify_one();
    }

    /// True when it was held.
    fn remove(&self, job: &JobId) -> bool {
        self.runs().remove(job).is_some()
    }

    /// Until when the folder of a job is held, in microseconds since the epoch.
    fn until(&self, job: &JobId) -> Option<i64> {
        self.runs().get(job).map(|run| run.until_micros)
    }

    /// The jobs whose folders are held.
    pub(super) fn jobs(&self) -> Vec<JobId> {
        self.runs().keys().cloned().collect()
    }

    /// What whoever takes files of a project's folders has locked meanwhile.
    fn turn_of(&self, project: &str) -> Arc<tokio::sync::Mutex<()>> {
        let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
        turns.retain(|_, turn| turn.strong_count() > 0);
        if let Some(turn) = turns.get(project).and_then(Weak::upgrade) {
            return turn;
        }
        let turn = Arc::default();
        turns.insert(project.to_owned(), Arc::downgrade(&turn));
        turn
    }

    /// Of the project whose folders have the most bytes, the one whose time is over first.
    fn first_of_largest(&self) -> Option<JobId> {
        let runs = self.runs();
        let mut bytes: BTreeMap<&str, u64> = BTreeMap::new();
        for run in runs.values() {
            let of_project = bytes.entry(&run.project).or_default();
            *of_project = of_project.saturating_add(run.bytes);
        }
        let (largest, _) = bytes.into_iter().max_by_key(|(_, bytes)| *bytes)?;
        let of_largest = runs.iter().filter(|(_, run)| run.project == largest);
        let first = of_largest.min_by_key(|(_, run)| run.until_micros);
        first.map(|(job, _)| job.clone())
    }

    /// Bytes in all of them.
    fn bytes(&self) -> u64 {
        let runs = self.runs();
        runs.values().map(|run| run.bytes).fold(0, u64::saturating_add)
    }

    /// The folder whose time is over first.
    fn first(&self) -> Option<(JobId, i64)> {
        let runs = self.runs();
        let first = runs.iter().min_by_key(|(_, run)| run.until_micros);
        first.map(|(job, run)| (job.clone(), run.until_micros))
    }

    /// Those whose time is over, and the oldest where there are too many, or more than so many bytes in them.
    fn due(&self, now_micros: i64, most_bytes: u64) -> Vec<JobId> {
        let runs = self.runs();
        let mut newest_first: Vec<(&JobId, &HeldRun)> = runs.iter().collect();
        newest_first.sort_by_key(|(_, run)| std::cmp::Reverse(run.until_micros));
        let mut projects: BTreeMap<&str, Held> = BTreeMap::new();
        let (mut all, mut due) = (Held::default(), Vec::new());
        for (job, run) in newest_first {
            let project = projects.entry(&run.project).or_default();
            let fits = project.has_room(run, MOST_OF_PROJECT, most_bytes / PART_OF_PROJECT)
                && all.has_room(run, MOST, most_bytes);
            if run.until_micros <= now_micros || !fits {
                due.push(job.clone());
                continue;
            }
            project.add(run);
            all.add(run);
        }
        due
    }
}

/// Folders that stay.
#[derive(Default)]
struct Held {
    folders: usize,
    bytes: u64,
}

impl Held {
    fn has_room(&self, run: &HeldRun, most: usize, most_bytes: u64) -> bool {
        self.folders < most && self.bytes.saturating_add(run.bytes) <= most_bytes
    }

    fn add(&mut self, run: &HeldRun) {
        self.folders += 1;
        self.bytes = self.bytes.saturating_add(run.bytes);
    }
}

/// The time, in microseconds since the epoch.
pub(super) fn now_micros() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.map_or(0, |since| since.as_micros().try_into().unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job(number: usize) -> JobId {
        // A letter of an id is made of five bits.
        JobId::from_random(std::array::from_fn(|place| match place {
            0..8 => u8::try_from(number >> (5 * place) & 31).unwrap(),
            _ => 0,
        }))
    }

    fn run(project: &str, until_micros: i64) -> HeldRun {
        HeldRun {
            project: project.into(),
            until_micros,
            bytes: 10,
        }
    }

    #[test]
    fn what_is_over_goes_and_the_oldest_of_too_many() {
        let held = HeldRuns::default();
        for number in 0..MOST_OF_PROJECT + 2 {
            held.add(&job(number), run("loud", 100 + i64::try_from(number).unwrap()));
        }
        held.add(&job(9000), run("quiet", 50));
        held.add(&job(9001), run("quiet", 60));
        let mut due = held.due(50, u64::MAX);
        due.sort();
        let mut expected = vec![job(0), job(1), job(9000)];
        expected.sort();
        assert_eq!(due, expected);
        assert_eq!((held.until(&job(9001)), held.until(&job(9002))), (Some(60), None));
        assert_eq!(held.first(), Some((job(9000), 50)));
        assert!(held.remove(&job(9000)) && !held.remove(&job(9000)));
    }

    #[test]
    fn what_lies_in_them_is_bounded_and_the_largest_project_goes_first() {
        let held = HeldRuns::default();
        for number in 0..6 {
            held.add(&job(number), run("loud", 100 + i64::try_from(number).unwrap()));
        }
        held.add(&job(6), run("quiet", 60));
        // Half of sixty bytes for one project: its three newest.
        let mut due = held.due(50, 60);
        due.sort();
        let mut expected = vec![job(0), job(1), job(2)];
        expected.sort();
        assert_eq!(due, expected);
        assert_eq!(held.due(50, 10).len(), 7);
        assert_eq!(held.first_of_largest(), Some(job(0)));
    }

    #[test]
    fn a_project_has_one_turn_at_a_time_and_others_theirs() {
        let held = HeldRuns::default();
        let turn = held.turn_of("loud").try_lock_owned().unwrap();
        assert!(held.turn_of("loud").try_lock_owned().is_err());
        assert!(held.turn_of("quiet").try_lock_owned().is_ok());
        drop(turn);
        assert!(held.turn_of("loud").try_lock_owned().is_ok());
    }
}
