//! The list: what is asked, what is known, what was found, what is selected.

use std::collections::BTreeSet;

use leptos::prelude::*;

use super::{loaded_jobs::LoadedJobs, search::JobSearch};
use crate::browser::storage::{self, Scope};
use jobsphere_overview::listing::{Column, Query, Slot};

const COLUMNS: &str = "columns";

/// The list: what is asked, what is known, what was found, what is selected.
#[derive(Clone, Copy)]
pub(crate) struct List {
    pub(crate) known: LoadedJobs,
    pub(crate) finding: JobSearch,
    /// What is asked, with the words as they are typed.
    pub(crate) query: Signal<Query>,
    pub(crate) selected: RwSignal<BTreeSet<Slot>>,
    /// Where a range of selected rows begins.
    pub(crate) anchor: StoredValue<Option<Slot>>,
    /// The words in the search field.
    pub(crate) typed: RwSignal<String>,
    /// Goes to another query; the second says whether it replaces this one in the history.
    pub(crate) go: Callback<(Query, bool)>,
}

impl List {
    /// Asks for something else: a step in the history.
    pub(crate) fn ask(self, change: impl FnOnce(&mut Query)) {
        let mut query = self.query.get_untracked();
        change(&mut query);
        self.go.run((query, false));
    }

    pub(crate) fn columns(self) -> Vec<Column> {
        let named = self.query.read().columns.clone();
        let stored = || storage::get(Scope::Browser, COLUMNS).map(|words| Column::read(&words));
        named.or_else(stored).unwrap_or_else(|| Column::USUAL.to_vec())
    }

    pub(crate) fn choose_columns(self, columns: Vec<Column>) {
        let is_usual = columns == Column::USUAL;
        if is_usual {
            storage::remove(Scope::Browser, COLUMNS);
        } else {
            storage::set(Scope::Browser, COLUMNS, &Column::write(&columns));
        }
        self.ask(|query| query.columns = (!is_usual).then_some(columns));
    }
}
