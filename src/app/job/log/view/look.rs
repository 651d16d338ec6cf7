//! How a row looks: its number and link, its time, its source, and what is said beside it.

use leptos::prelude::*;

use super::{links::LineLinks, service::in_language};
use crate::{
    app::{
        job::log::state::log::Log,
        text::{Text, words},
    },
    browser::{intl, log_rows::Shown},
};
use jobsphere_log::{
    model::{Source, SourceCount},
    view::{
        cache::Cache,
        times::{self, Around},
    },
};

/// The name of a source beside a line.
pub(super) fn source_name(source: &Source) -> String {
    match source {
        Source::Out => "out".to_owned(),
        Source::Err => "err".to_owned(),
        Source::File(path) => path.clone(),
    }
}

/// All that decides how rows look.
pub(super) struct Look<'a> {
    log: Log,
    text: Text,
    sources: &'a [SourceCount],
    times: times::Times,
    around: Around,
    pointed_ms: Option<i64>,
    says_skipped: bool,
    links: LineLinks,
}

impl<'a> Look<'a> {
    /// As the reader looks at the log now. `sources` are those that the rows name.
    pub(super) fn of(log: Log, began_ms: Option<i64>, sources: &'a [SourceCount]) -> Self {
        Self {
            log,
            text: log.text,
            sources,
            times: log.reading.times.get(),
            around: Around {
                began_ms,
                before_ms: None,
                zone_min: began_ms.map(intl::zone_min).unwrap_or_default(),
            },
            pointed_ms: log.pointed_ms.get(),
            says_skipped: log.reading.filter().matches_with_context.is_some(),
            links: LineLinks::of_page(),
        }
    }

    /// A row as it is drawn.
    pub(super) fn shown(&self, cache: &Cache, number: u64) -> Shown {
        let Some(row) = cache.row(number) else {
            return Shown::default();
        };
        let before_ms = number
            .checked_sub(1)
            .and_then(|before| cache.row(before))
            .map(|row| row.time_ms);
        let after_ms = cache.row(number + 1).map(|row| row.time_ms);
        let (time, is_long_gap) = times::words(
            self.times,
            row.time_ms,
            Around {
                before_ms,
                ..self.around
            },
        );
        let source = self.sources.get(usize::from(row.source)).map(|count| &count.source);
        let reading = self.log.reading;
        Shown {
            mark: match source {
                Some(Source::Err) => "err",
                Some(Source::File(_)) => "file",
                _ => "out",
            },
            source: source.map(source_name).unwrap_or_default(),
            number: row.line.to_string(),
            link: self.links.to(row.offset),
            time,
            is_long_gap,
            is_marked: reading.marked.get().is_some_and(|marked| marked.holds(row.line)),
            is_current: reading.current.get() == Some(row.line),
            is_pointed: self
                .pointed_ms
                .is_some_and(|at| row.time_ms <= at && after_ms.is_none_or(|after| after > at)),
            skipped: said_if(self.says_skipped && row.hidden_before > 0, || {
                let count = row.hidden_before;
                self.text.get(words::LogSkipped { count })
            }),
            binary: said_if(row.is_binary, || self.text.get(words::LOG_BINARY)),
            fold: row.group.as_ref().map_or_else(String::new, |group| {
                self.text.get(words::LogGroup { count: group.lines })
            }),
            states: said_if(
                row.states > 0 && row.state == row.states && !reading.has_history.get(),
                || self.text.get(words::LogStates { count: row.states }),
            ),
            cut: said_if(row.cut_bytes != 0, || {
                let size = self.text.size(row.cut_bytes as f64);
                self.text.get(words::LogCut { size })
            }),
            row: Some(in_language(row, source, self.text)),
        }
    }
}

fn said_if(is_said: bool, words: impl FnOnce() -> String) -> String {
    if is_said { words() } else { String::new() }
}
