//! Numbers over time for the page: which it wants, and when it is told.

use jobsphere_log::{
    model::{Series, Source},
    series::SeriesSet,
};

/// Update about twice a second at most.
pub(super) const SERIES_MS: f64 = 500.0;

/// The series of the log, and what the page knows of them.
#[derive(Default)]
pub(super) struct Figures {
    log: SeriesSet,
    names: Vec<String>,
    points: u32,
    /// What was told last: the newest number, where curves are wanted; how many names there are.
    told: Option<(u64, usize)>,
}

impl Figures {
    /// Hears of a line that ended.
    pub(super) fn push_line(&mut self, source: &Source, time_ms: i64, offset: u64, line: &[u8]) {
        self.log.push_line(source, time_ms, offset, line);
    }

    /// These are wanted from now on.
    pub(super) fn want(&mut self, names: Vec<String>, points: u32) {
        self.names = names;
        self.points = points;
        self.told = None;
    }

    /// What has changed since it was told last.
    pub(super) fn take_news(&mut self) -> Option<Vec<Series>> {
        let newest = if self.names.is_empty() { 0 } else { self.log.revision() };
        let now = (newest, self.log.names_count());
        if now == (0, 0) || self.told == Some(now) {
            return None;
        }
        self.told = Some(now);
        Some(self.log.take(&self.names, self.points))
    }
}
