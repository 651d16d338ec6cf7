//! The compared jobs.

use leptos::prelude::*;
use leptos_router::params::ParamsMap;

use super::{curves::Numbers, logs::Stage};
use crate::app::{address::compare_address, connection::Lost};
use jobsphere_client::{CallError, follow::JobState};
use jobsphere_overview::comparison::{self, Row, Side};

/// More are not compared: as many as are made in one step.
pub(crate) use jobsphere_authoring::draft::MAX_JOBS;

/// More do not fit beside each other: of further jobs the table of all and the curves are shown.
pub(crate) const BESIDE: usize = 6;

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
    /// What its log tells in numbers.
    pub(crate) numbers: Numbers,
}

/// What the job at a place is called: `A` to `Z`, then `AA` and so on.
pub(crate) fn letter(place: usize) -> String {
    let of = |place: usize| char::from(b'A' + (place % 26) as u8);
    match place / 26 {
        0 => of(place).to_string(),
        round => format!("{}{}", of(round - 1), of(place)),
    }
}

/// Shows what is the same too.
pub(crate) const ALL: &str = "all";
/// Passes over times and numbers in logs.
pub(crate) const IGNORE: &str = "ignore";

/// What is compared.
#[derive(Clone, Copy)]
pub(crate) struct Comparison {
    pub(crate) project: StoredValue<String>,
    /// The jobs in the address.
    pub(crate) all_ids: StoredValue<Vec<String>>,
    pub(crate) columns: StoredValue<Vec<Column>>,
    pub(crate) rows: Memo<Vec<Row>>,
}

impl Comparison {
    pub(crate) fn ids(self) -> Vec<String> {
        self.all_ids.get_value()
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

    /// The same of the first jobs alone, which fit beside each other.
    pub(crate) fn beside(self) -> Self {
        let columns = self
            .columns
            .with_value(|columns| columns[..columns.len().min(BESIDE)].to_vec());
        Self {
            rows: rows_of(columns.clone()),
            columns: StoredValue::new(columns),
            ..self
        }
    }

    /// Whether every job is known that can be.
    pub(crate) fn is_ready(self) -> bool {
        self.columns
            .get_value()
            .iter()
            .all(|column| column.state.read().is_some() || column.failed.read().is_some())
    }
}

/// The rows of the comparison of these jobs, as they are known now.
pub(crate) fn rows_of(columns: Vec<Column>) -> Memo<Vec<Row>> {
    Memo::new(move |_| {
        let states: Vec<JobState> = columns
            .iter()
            .map(|column| column.state.get().unwrap_or_default())
            .collect();
        let sides: Vec<Side<'_>> = states.iter().map(side).collect();
        comparison::rows(&sides)
    })
}

fn side(state: &JobState) -> Side<'_> {
    Side {
        job: &state.job,
        return_code: state.return_code,
        progress: state.progress.as_ref().map(|progress| progress.progress),
    }
}
