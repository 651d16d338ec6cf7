//! Where the logs part: both are read in step, standard output first, and nothing of them is kept but the place.

use leptos::prelude::*;

use super::comparison::Column;
use crate::{
    api::jobs::Job,
    browser::{self, slots::Connections},
};
use jobsphere_client::logs::JobLog;
use jobsphere_log::model::Source;
use jobsphere_overview::{
    log_difference::{self, Ignoring, Outcome, Unread},
    log_lines::LogCursor,
};

/// The streams, in the order they are compared, with their names and stored files.
pub(crate) const STREAMS: [(Source, &str, &str); 2] = [
    (Source::Out, "stdout", "stdout.txt"),
    (Source::Err, "stderr", "stderr.txt"),
];
/// Logs this large whose digests are the same need not be read to know it.
const TRUSTED_FROM_BYTES: i64 = 16 * 1024 * 1024;
/// How far the comparison of a stream is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Stage {
    /// Its turn has not come.
    Waiting,
    /// Both are being read; so many lines are the same.
    Reading(u64),
    /// It is known.
    Known(Outcome),
    /// The stored files have the same digest.
    SameBytes,
    /// The log of one was deleted with its data: of the first, or of the other.
    Gone {
        /// Whether it is the other's.
        is_other: bool,
    },
    /// One cannot be read.
    Failed(Unread),
}

/// The job as it is known now.
pub(crate) fn job_of(column: &Column) -> Option<Job> {
    column.state.get_untracked().map(|state| state.job)
}

/// Compares the logs of the first with those of each other.
pub(crate) async fn compare(first: Column, others: Vec<Column>, ignoring: Ignoring) {
    for other in &others {
        other.logs.iter().for_each(|stage| stage.set(Stage::Waiting));
    }
    for other in &others {
        let (Some(own), Some(theirs)) = (job_of(&first), job_of(other)) else {
            continue;
        };
        for ((source, _, file), stage) in STREAMS.iter().zip(other.logs) {
            stage.set(match known(&own, &theirs, file) {
                Some(known) => known,
                None => {
                    stage.set(Stage::Reading(0));
                    let cursor = |job: &Job| {
                        let log = JobLog {
                            client: browser::client(),
                            job_id: job.id.clone(),
                        };
                        LogCursor::new(log, Connections::of_page(), source.clone())
                    };
                    let (mut a, mut b) = (cursor(&own), cursor(&theirs));
                    let report = |lines| stage.set(Stage::Reading(lines));
                    match log_difference::first(&mut a, &mut b, ignoring, report).await {
                        Ok(outcome) => Stage::Known(outcome),
                        Err(unread) => Stage::Failed(unread),
                    }
                }
            });
        }
    }
}

/// What the records alone tell of two logs.
fn known(first: &Job, other: &Job, file: &str) -> Option<Stage> {
    let stored = |job: &Job| {
        let is_it = |path: &str| path.rsplit('/').next() == Some(file);
        let mut files = job.log_files.iter();
        let found = files.find(|stored| stored.desc.as_ref().is_some_and(|desc| is_it(&desc.path)))?;
        Some((found.sha256.clone(), found.size_bytes))
    };
    let is_gone = first.data_cleared || other.data_cleared;
    match (stored(first), stored(other)) {
        (Some((own, size_bytes)), Some((theirs, _)))
            if own == theirs && !own.is_empty() && (is_gone || size_bytes >= TRUSTED_FROM_BYTES) =>
        {
            Some(Stage::SameBytes)
        }
        _ if is_gone => Some(Stage::Gone {
            is_other: !first.data_cleared,
        }),
        _ => None,
    }
}
