//! Doing something to many jobs.

use crate::app::text::Message;
use std::collections::{BTreeMap, BTreeSet, HashSet};

use futures::{StreamExt, stream};
use leptos::prelude::*;

use super::loaded_jobs::LoadedJobs;
use crate::{
    api::jobs::JobStatus,
    app::status::forbidden_message,
    browser::{self, clock},
};
use jobsphere_client::CallError;
use jobsphere_overview::listing::Row;
use jobsphere_rules::lifetime::{Action, DAY_MS};

/// Calls under way at the same time.
const AT_ONCE: usize = 4;
/// What is known is brought up to date after so many answers.
const NOTED_AT_ONCE: usize = 50;
/// A job that something is to be done to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Target {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) status: JobStatus,
    pub(crate) cleared: bool,
}

impl Target {
    pub(crate) fn of(row: &Row) -> Self {
        Self {
            id: row.id.clone(),
            name: row.name.clone(),
            status: row.status,
            cleared: row.cleared,
        }
    }
}

/// What is to be done, to which jobs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Asked {
    pub(crate) action: Action,
    pub(crate) jobs: Vec<Target>,
}

/// What has been done, and to which jobs.
#[derive(Debug, Clone)]
pub(crate) struct Done {
    pub(crate) action: Action,
    pub(crate) ids: BTreeSet<String>,
}

/// An action on many jobs: where it stands.
#[derive(Clone, Copy)]
pub(crate) struct BulkAction {
    pub(crate) action: RwSignal<Action>,
    pub(crate) jobs: RwSignal<Vec<Target>>,
    /// The number of answers so far, while it is being done or has been.
    pub(crate) answered: RwSignal<Option<usize>>,
    pub(crate) is_running: RwSignal<bool>,
    pub(crate) failed: RwSignal<Vec<(Target, CallError)>>,
}

impl BulkAction {
    /// Nothing is asked yet.
    pub(crate) fn new() -> Self {
        Self {
            action: RwSignal::new(Action::Cancel),
            jobs: RwSignal::new(Vec::new()),
            answered: RwSignal::new(None),
            is_running: RwSignal::new(false),
            failed: RwSignal::new(Vec::new()),
        }
    }

    /// Asks for another one.
    pub(crate) fn ask(self, asked: &Asked) {
        self.action.set(asked.action);
        self.jobs.set(asked.jobs.clone());
        self.answered.set(None);
        self.failed.set(Vec::new());
    }

    /// The jobs it can be done to, as they are now, and why it cannot be done to the others.
    pub(crate) fn sifted(self, known: LoadedJobs) -> Sifted {
        known.version.track();
        let action = self.action.get();
        let mut refused = BTreeMap::new();
        let now = known.with(|index| {
            let now = |target: &Target| {
                let row = index.slot_of(&target.id).and_then(|slot| index.row(slot));
                row.map_or_else(|| target.clone(), Target::of)
            };
            self.jobs.read().iter().map(now).collect::<Vec<_>>()
        });
        let may = |target: &Target| match action.may(target.status, target.cleared) {
            Ok(()) => true,
            Err(reason) => {
                *refused.entry(forbidden_message(reason)).or_default() += 1;
                false
            }
        };
        (now.into_iter().filter(may).collect(), refused)
    }
}

/// The jobs something can be done to, and why it cannot be done to the others, with the number of them.
pub(crate) type Sifted = (Vec<Target>, BTreeMap<Message, usize>);

/// Does it to each; the ids of those where it worked.
pub(crate) async fn perform(
    action: Action,
    doing: BulkAction,
    known: LoadedJobs,
    jobs: Vec<Target>,
) -> BTreeSet<String> {
    let calls = jobs.into_iter().map(|target| async move {
        let answer = call(action, &target.id).await;
        (target, answer)
    });
    let mut answers = stream::iter(calls)
        .buffer_unordered(AT_ONCE)
        .ready_chunks(NOTED_AT_ONCE);
    let mut ids = BTreeSet::new();
    while let Some(chunk) = answers.next().await {
        let count = chunk.len();
        let mut worked = Vec::new();
        for (target, answer) in chunk {
            match answer {
                Ok(()) => worked.push(target.id),
                Err(error) => drop(doing.failed.try_update(|failed| failed.push((target, error)))),
            }
        }
        note(known, action, &worked);
        ids.extend(worked);
        doing
            .answered
            .update(|answered| *answered = answered.map(|before| before + count));
    }
    ids
}

async fn call(action: Action, id: &str) -> Result<(), CallError> {
    let client = browser::client();
    match action {
        Action::Cancel => client.cancel(id, "", true).await,
        Action::Delete => client.delete(id).await,
        Action::DeleteData => client.delete_data(id).await,
        Action::Keep { days } => client.set_data_ttl(id, days.map(|days| i64::from(days) * DAY_MS)).await,
    }
}

/// Brings the rows up to date with what the service has just done.
fn note(known: LoadedJobs, action: Action, ids: &[String]) {
    let now_ms = clock::now_ms();
    known.update(|index| {
        let slots: HashSet<_> = ids.iter().filter_map(|id| index.slot_of(id)).collect();
        match action {
            Action::Cancel => {}
            Action::Delete => index.remove_all(&slots),
            Action::DeleteData => slots.iter().for_each(|slot| {
                index.change(*slot, |row| {
                    row.cleared = true;
                    row.size_bytes = 0;
                });
            }),
            Action::Keep { days } => slots.iter().for_each(|slot| {
                let expires_ms = days.map(|days| now_ms + i64::from(days) * DAY_MS);
                index.change(*slot, |row| row.expires_ms = expires_ms);
            }),
        }
    });
}
