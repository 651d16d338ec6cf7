//! The compared jobs.

use leptos::prelude::*;
use leptos_router::params::ParamsMap;

use super::logs::Stage;
use crate::app::{address::compare_address, connection::Lost};
use jobsphere_client::{CallError, follow::JobState};
use jobsphere_overview::comparison::Row;

/// More do not fit beside each other.
pub(crate) const MAX_JOBS: usize = 6;

/// One of the jobs, followed while it runs.
#[derive(Clone)]
pub(crate) struct Column {
    pub(crate) id: String,
    /// `A` for the first, and so on.
    pub(crate) letter: String,
    pub(crate) state: RwSignal<Option<JobState>>,
    pub(crate) lost: RwSignal<Option<Lost>>,
    pub(crate) failed: RwSignal<Option<CallError>>,
    /// How standard output and standard error compare with those of the first.
    pub(crate) logs: [RwSignal<Stage>; 2],
}

/// Shows what is the same too.
pub(crate) const ALL: &str = "all";
/// Passes over times and numbers in logs.
pub(crate) const IGNORE: &str = "ignore";

/// What is compared.
#[derive(Clone, Copy)]
pub(crate) struct Comparison {
    pub(crate) project: StoredValue<String>,
    pub(crate) columns: StoredValue<Vec<Column>>,
    pub(crate) rows: Memo<Vec<Row>>,
}

impl Comparison {
    pub(crate) fn ids(self) -> Vec<String> {
        self.columns
            .with_value(|columns| columns.iter().map(|column| column.id.clone()).collect())
    }

    pub(crate) fn address(self, ids: &[String]) -> String {
        self.project.with_value(|project| compare_address(project, ids))
    }

    /// The address with `flag` switched over.
    pub(crate) fn switched(self, query: &ParamsMap, flag: &str) -> String {
        let is_set = |name: &str| query.get(name).is_some() != (name == flag);
        let flags = [ALL, IGNORE].into_iter().filter(|name| is_set(name));
        let flags: String = flags.map(|name| format!("&{name}=1")).collect();
        self.address(&self.ids()) + &flags
    }

    /// Whether every job is known that can be.
    pub(crate) fn is_ready(self) -> bool {
        self.columns
            .get_value()
            .iter()
            .all(|column| column.state.read().is_some() || column.failed.read().is_some())
    }
}
