//! The list: what is asked, what is known, what was found, what is selected.

use std::collections::BTreeSet;

use leptos::prelude::*;

use super::{loaded_jobs::LoadedJobs, search::JobSearch};
use crate::browser::storage::{self, Scope};
use jobsphere_overview::listing::{Column, MAX_VALUES, Query, Slot, ValueColumn};

const COLUMNS: &str = "columns";
const VALUES: &str = "values";

/// The values that were columns last.
pub(crate) fn remembered_values() -> Vec<ValueColumn> {
    let words = storage::get(Scope::Browser, VALUES).unwrap_or_default();
    let values = words.lines().filter_map(ValueColumn::from_word);
    values.take(MAX_VALUES).collect()
}

/// The list: what is asked, what is known, what was found, what is selected.
#[derive(Clone, Copy)]
pub(crate) struct List {
    pub(crate) known: LoadedJobs,
    pub(crate) finding: JobSearch,
    /// What is asked, with the words as they are typed.
    pub(crate) query: Memo<Query>,
    /// The values that were columns last, where the address names none.
    pub(crate) remembered: RwSignal<Vec<ValueColumn>>,
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

    /// The values that are columns beside these.
    pub(crate) fn values(self) -> Vec<ValueColumn> {
        self.query.read().values.clone()
    }

    /// What is shown: the columns, and one for each value.
    pub(crate) fn all_columns(self) -> Vec<Column> {
        let values = Column::values(self.values().len());
        self.columns().into_iter().chain(values).collect()
    }

    /// Shows a value as a column, or does not any more.
    pub(crate) fn turn_value(self, value: &ValueColumn) {
        let mut query = self.query.get_untracked();
        query.turn_value(value);
        let words: Vec<String> = query.values.iter().map(ValueColumn::word).collect();
        if words.is_empty() {
            storage::remove(Scope::Browser, VALUES);
        } else {
            storage::set(Scope::Browser, VALUES, &words.join("\n"));
        }
        self.remembered.set(query.values.clone());
        self.go.run((query, false));
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
