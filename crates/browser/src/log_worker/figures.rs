//! Numbers over time for the page: which it wants, and when it is told.

use jobsphere_log::{model::Series, series::SeriesReader};

use crate::api::jobs::LogMessage;

/// Update about twice a second at most.
pub(super) const SERIES_MS: f64 = 500.0;

/// The series of the log, and what the page knows of them.
#[derive(Default)]
pub(super) struct Figures {
    reader: SeriesReader,
    names: Vec<String>,
    points: u32,
    /// What was told last: the newest number, where curves are wanted; how many names there are.
    told: Option<(u64, usize)>,
}

impl Figures {
    /// Takes the next message of the log.
    pub(super) fn push(&mut self, message: &LogMessage) {
        self.reader.push(message);
    }

    /// Nothing more will come.
    pub(super) fn finish(&mut self) {
        self.reader.finish();
    }

    /// How far the program is, in per cent, as far as its lines say.
    pub(super) fn progress(&self) -> Option<u8> {
        self.reader.progress()
    }

    /// These are wanted from now on.
    pub(super) fn want(&mut self, names: Vec<String>, points: u32) {
        self.names = names;
        self.points = points;
        self.told = None;
    }

    /// What has changed since it was told last.
    pub(super) fn take_news(&mut self) -> Option<Vec<Series>> {
        let log = self.reader.log();
        let newest = if self.names.is_empty() { 0 } else { log.revision() };
        let now = (newest, log.names_count());
        if now == (0, 0) || self.told == Some(now) {
            return None;
        }
        self.told = Some(now);
        Some(self.reader.log().take(&self.names, self.points))
    }
}
