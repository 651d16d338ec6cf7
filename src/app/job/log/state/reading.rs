//! How the reader looks at the log: what is shown, what is looked for, what is marked.

use leptos::prelude::*;

use super::log::Log;
use crate::browser::{
    document,
    log_worker::messages::Request,
    storage::{self, Scope},
};
use jobsphere_log::{
    model::{Pattern, RowFilter, Source},
    view::{place::Marked, settings::Settings, times::Times},
};

/// The part of an address behind `?` that says it.
pub(crate) const QUERY: &str = "log";

const KEYS: &str = "log-keys";
const OFF: &str = "off";

/// How the reader looks at the log.
#[derive(Clone, Copy)]
pub(crate) struct Reading {
    /// These sources alone; all but tables when empty.
    pub(crate) sources: RwSignal<Vec<Source>>,
    /// Only matches, with so many lines around each.
    pub(crate) only: RwSignal<Option<u32>>,
    /// Whether the states that were drawn over are shown.
    pub(crate) has_history: RwSignal<bool>,
    /// What is looked for, as it is typed.
    pub(crate) find: RwSignal<String>,
    pub(crate) is_regex: RwSignal<bool>,
    pub(crate) is_case_sensitive: RwSignal<bool>,
    pub(crate) times: RwSignal<Times>,
    pub(crate) wraps: RwSignal<bool>,
    /// The lines that the reader marked.
    pub(crate) marked: RwSignal<Option<Marked>>,
    /// The number of the line that was found last.
    pub(crate) current: RwSignal<Option<u64>>,
    /// Whether the view stays at the end.
    pub(crate) is_following: RwSignal<bool>,
    /// Whether the view is as high as the window.
    pub(crate) is_tall: RwSignal<bool>,
    /// Whether single keys do something.
    pub(crate) has_keys: RwSignal<bool>,
    /// Whether the sheet of keys is open.
    pub(crate) shows_keys: RwSignal<bool>,
    /// Whether what comes is said aloud.
    pub(crate) is_aloud: RwSignal<bool>,
    /// What was done last, or could not be.
    pub(crate) note: RwSignal<String>,
}

impl Reading {
    /// As the page's address says.
    pub(crate) fn of_address() -> Self {
        let said = Settings::read(&document::query(QUERY).unwrap_or_default());
        let find = said.find.as_ref();
        Self {
            sources: RwSignal::new(said.filter.sources),
            only: RwSignal::new(said.filter.matches_with_context),
            has_history: RwSignal::new(said.filter.with_history),
            find: RwSignal::new(find.map(|find| find.text.clone()).unwrap_or_default()),
            is_regex: RwSignal::new(find.is_some_and(|find| find.is_regex)),
            is_case_sensitive: RwSignal::new(find.is_some_and(|find| find.is_case_sensitive)),
            times: RwSignal::new(said.times),
            wraps: RwSignal::new(said.wraps),
            marked: RwSignal::new(None),
            current: RwSignal::new(None),
            is_following: RwSignal::new(true),
            is_tall: RwSignal::new(false),
            has_keys: RwSignal::new(storage::get(Scope::Browser, KEYS).as_deref() != Some(OFF)),
            shows_keys: RwSignal::new(false),
            is_aloud: RwSignal::new(false),
            note: RwSignal::default(),
        }
    }

    /// Whether something is looked for.
    pub(crate) fn is_looking(self) -> bool {
        !self.find.read().is_empty()
    }

    /// Which lines count as rows.
    pub(crate) fn filter(self) -> RowFilter {
        RowFilter {
            sources: self.sources.get(),
            // Without anything to look for there are no matches to show alone.
            matches_with_context: self.only.get().filter(|_| self.is_looking()),
            with_history: self.has_history.get(),
        }
    }

    /// What is looked for.
    pub(crate) fn pattern(self) -> Option<Pattern> {
        let text = self.find.get();
        (!text.is_empty()).then(|| Pattern {
            text,
            is_regex: self.is_regex.get(),
            is_case_sensitive: self.is_case_sensitive.get(),
        })
    }

    /// All that an address says of it.
    pub(crate) fn settings(self) -> Settings {
        Settings {
            filter: self.filter(),
            find: self.pattern(),
            times: self.times.get(),
            wraps: self.wraps.get(),
        }
    }

    /// Shows every line again.
    pub(crate) fn show_all(self) {
        self.sources.set(Vec::new());
        self.only.set(None);
    }

    /// Turns single keys on or off, for good.
    pub(crate) fn set_keys(self, are_on: bool) {
        if are_on {
            storage::remove(Scope::Browser, KEYS);
        } else {
            storage::set(Scope::Browser, KEYS, OFF);
        }
        self.has_keys.set(are_on);
    }

    /// Has the worker learn of each change.
    pub(crate) fn tell_worker(self, log: Log) {
        let pattern = Memo::new(move |_| self.pattern());
        Effect::new(move |was: Option<Option<Pattern>>| {
            let pattern = pattern.get();
            if was.unwrap_or_default() != pattern {
                self.current.set(None);
                log.rank.set(None);
                log.ask(Request::Find(pattern.clone()));
            }
            pattern
        });
        let filter = Memo::new(move |_| self.filter());
        Effect::new(move |was: Option<RowFilter>| {
            let filter = filter.get();
            if was.unwrap_or_default() != filter {
                log.stay_at_line(Request::RowFilter(filter.clone()));
            }
            filter
        });
    }
}
