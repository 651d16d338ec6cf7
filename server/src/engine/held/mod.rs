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
    sync::{Arc, Mutex, MutexGuard, PoisonError},
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

/// A folder that is held, in memory and as `held.json`.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(super) struct HeldRun {
    /// The job's project.
    pub(super) project: String,
    /// When it goes, in microseconds since the epoch.
    pub(super) until_micros: i64,
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
    removing: Arc<Semaphore>,
}

impl Default for HeldRuns {
    fn default() -> Self {
        Self {
            runs: Mutex::default(),
            added: Notify::new(),
            taking: Arc::new(Semaphore::new(TAKEN_AT_ONCE)),
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

    /// The folder whose time is over first.
    fn first(&self) -> Option<(JobId, i64)> {
        let runs = self.runs();
        let first = runs.iter().min_by_key(|(_, run)| run.until_micros);
        first.map(|(job, run)| (job.clone(), run.until_micros))
    }

    /// Those whose time is over, and the oldest where there are too many.
    fn due(&self, now_micros: i64) -> Vec<JobId> {
        let runs = self.runs();
        let mut newest_first: Vec<(&JobId, &HeldRun)> = runs.iter().collect();
        newest_first.sort_by_key(|(_, run)| std::cmp::Reverse(run.until_micros));
        let mut of_project: BTreeMap<&str, usize> = BTreeMap::new();
        let (mut all, mut due) = (0, Vec::new());
        for (job, run) in newest_first {
            let of_project = of_project.entry(&run.project).or_default();
            if run.until_micros <= now_micros || *of_project >= MOST_OF_PROJECT || all >= MOST {
                due.push(job.clone());
                continue;
            }
            *of_project += 1;
            all += 1;
        }
        due
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
        let mut due = held.due(50);
        due.sort();
        let mut expected = vec![job(0), job(1), job(9000)];
        expected.sort();
        assert_eq!(due, expected);
        assert_eq!((held.until(&job(9001)), held.until(&job(9002))), (Some(60), None));
        assert_eq!(held.first(), Some((job(9000), 50)));
        assert!(held.remove(&job(9000)) && !held.remove(&job(9000)));
    }
}
