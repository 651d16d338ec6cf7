//! Questions to the worker that have one answer.

use leptos::prelude::*;
use web_sys::File;

use super::log::Log;
use crate::browser::log_worker::messages::{Answer, Request};
use jobsphere_log::model::{CopyForm, Goal, SaveForm, Source};

/// Where a place stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Found {
    /// The row within the filter.
    pub(crate) row: Option<u64>,
    /// The line's number, also when the filter hides it.
    pub(crate) line: Option<u64>,
    /// Of a match: how many lines match up to this one.
    pub(crate) rank: Option<u64>,
}

impl Log {
    async fn answer(self, ask: Request) -> Option<Answer> {
        let answer = self
            .worker
            .try_with_value(|worker| worker.as_ref().map(|worker| worker.answer(&ask)))
            .flatten()?;
        answer.await
    }

    /// Where a place is.
    pub(super) async fn seek(self, goal: Goal) -> Found {
        match self.answer(Request::Seek(goal)).await {
            Some(Answer::Place { row, line, rank }) => Found { row, line, rank },
            _ => Found::default(),
        }
    }

    /// The text of lines, and how many of them were left out.
    pub(super) async fn text_of(self, (first, last): (u64, u64), form: CopyForm) -> Option<(String, u64)> {
        match self.answer(Request::Copy { first, last, form }).await? {
            Answer::Text { text, left_out } => Some((text, left_out)),
            _ => None,
        }
    }

    /// The log as a file; or why there is none.
    pub(in crate::app::job) async fn file(self, form: SaveForm, source: Option<Source>) -> Result<File, String> {
        match self.answer(Request::Save { form, source }).await {
            Some(Answer::Saved(saved)) => saved.map(|file| file.0),
            _ => Err(String::new()),
        }
    }
}
