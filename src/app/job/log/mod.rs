//! The log of a job: what its worker tells, as signals, and what a page asks of it.

// Of the parts of the page that are to use it, not all are there yet.
#![allow(dead_code)]

mod links;
mod panel;

use leptos::prelude::*;

pub(super) use self::{links::LogLink, panel::LogPanel};
use crate::{
    app::notice::Lost,
    client::{
        book::words::{Ask, Count, Matches, Phase, Rows, Series, Trouble},
        log_text::LogText,
        marks::MarkReader,
    },
};

/// More lines than this slow a page down; earlier ones are in the stored log file.
const MAX_LINES: usize = 20_000;

/// A place that the log is to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Goto {
    /// The lines that hold these bytes: scrolled to, marked, focused.
    Offsets(u64, u64),
    /// The line written at this time, in milliseconds since 1970.
    Time(i64),
}

/// What is known of the log.
#[derive(Clone, Copy)]
pub(super) struct Log {
    /// How reading goes; nothing before it was asked for.
    pub(super) phase: RwSignal<Option<Phase>>,
    /// How much there is.
    pub(super) count: RwSignal<Count>,
    /// The rows in sight.
    pub(super) rows: RwSignal<Rows>,
    /// How far looking for the pattern has come.
    pub(super) matches: RwSignal<Matches>,
    /// What a reader of a failed job wants to see first.
    pub(super) trouble: RwSignal<Trouble>,
    /// Numbers over time, see [`Log::set_series`].
    pub(super) series: RwSignal<Vec<Series>>,
    /// The connection that is gone for now.
    pub(super) lost: RwSignal<Option<Lost>>,
    /// The time under the pointer, in the log or in a chart; milliseconds since 1970.
    pub(super) pointed_ms: RwSignal<Option<i64>>,
    goto: RwSignal<Option<Goto>>,
    text: StoredValue<LogText>,
    mark_reader: StoredValue<MarkReader>,
    version: RwSignal<u64>,
    failed: RwSignal<Option<crate::client::CallError>>,
    has_ended: RwSignal<bool>,
}

impl Log {
    pub(super) fn new() -> Self {
        Self {
            phase: RwSignal::new(None),
            count: RwSignal::default(),
            rows: RwSignal::default(),
            matches: RwSignal::default(),
            trouble: RwSignal::default(),
            series: RwSignal::default(),
            lost: RwSignal::new(None),
            pointed_ms: RwSignal::new(None),
            goto: RwSignal::new(None),
            text: StoredValue::new(LogText::new(MAX_LINES)),
            mark_reader: StoredValue::default(),
            version: RwSignal::new(0),
            failed: RwSignal::new(None),
            has_ended: RwSignal::new(false),
        }
    }

    /// Tells the worker what the page wants.
    pub(super) fn ask(self, _ask: Ask) {}

    /// Scrolls to the line that holds this byte, marks it and moves the focus there; once it has come.
    pub(super) fn show_offset(self, offset: u64) {
        self.goto.set(Some(Goto::Offsets(offset, offset)));
    }

    /// Scrolls to the first line written at this time or after it; milliseconds since 1970.
    pub(super) fn show_time(self, time_ms: i64) {
        self.goto.set(Some(Goto::Time(time_ms)));
    }

    /// Which series of numbers are told; each keeps at most as many points as a chart can show.
    pub(super) fn set_series(self, names: Vec<String>) {
        const POINTS: u32 = 800;
        self.ask(Ask::Series { names, points: POINTS });
    }
}
