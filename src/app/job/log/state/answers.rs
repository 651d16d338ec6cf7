//! Questions to the worker that have one answer.

use std::collections::HashMap;

use futures::channel::oneshot;
use leptos::prelude::*;
use web_sys::File;

use super::log::Log;
use crate::client::book::words::{Ask, CopyForm, Goal, SaveForm, Source, Told};

/// Where a place stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Found {
    /// The row within the lens.
    pub(crate) row: Option<u64>,
    /// The line's number, also when the lens hides it.
    pub(crate) line: Option<u64>,
    /// Of a match: how many lines match up to this one.
    pub(crate) rank: Option<u64>,
}

type Waiting = HashMap<u32, oneshot::Sender<(Told, Option<File>)>>;

/// The questions that wait for their answers.
#[derive(Clone, Copy)]
pub(crate) struct Answers {
    waiting: StoredValue<Waiting, LocalStorage>,
    last: StoredValue<u32>,
}

impl Answers {
    pub(crate) fn new() -> Self {
        Self {
            waiting: StoredValue::new_local(HashMap::new()),
            last: StoredValue::new(0),
        }
    }

    /// Hands an answer to whoever waits for it.
    pub(crate) fn take(self, told: Told, file: Option<File>) {
        let ticket = match &told {
            Told::Place { ticket, .. } | Told::Text { ticket, .. } | Told::Saved { ticket, .. } => *ticket,
            _ => return,
        };
        let asker = self
            .waiting
            .try_update_value(|waiting| waiting.remove(&ticket))
            .flatten();
        if let Some(asker) = asker {
            // Fails only when nobody waits any more.
            let _ = asker.send((told, file));
        }
    }
}

impl Log {
    async fn answer(self, question: impl FnOnce(u32) -> Ask) -> Option<(Told, Option<File>)> {
        let (tell, told) = oneshot::channel();
        let ticket = self.answers.last.try_update_value(|last| {
            *last += 1;
            *last
        })?;
        self.answers
            .waiting
            .try_update_value(|waiting| waiting.insert(ticket, tell))?;
        self.ask(question(ticket));
        told.await.ok()
    }

    /// Where a place is.
    pub(crate) async fn seek(self, goal: Goal) -> Found {
        match self.answer(|ticket| Ask::Seek { ticket, goal }).await {
            Some((Told::Place { row, line, rank, .. }, _)) => Found { row, line, rank },
            _ => Found::default(),
        }
    }

    /// The text of lines, and how many of them were left out.
    pub(crate) async fn text_of(self, (first, last): (u64, u64), form: CopyForm) -> Option<(String, u64)> {
        let question = |ticket| Ask::Copy {
            ticket,
            first,
            last,
            form,
        };
        match self.answer(question).await? {
            (Told::Text { text, left_out, .. }, _) => Some((text, left_out)),
            _ => None,
        }
    }

    /// The log as a file; or why there is none.
    pub(crate) async fn file(self, form: SaveForm, source: Option<Source>) -> Result<File, String> {
        let question = |ticket| Ask::Save { ticket, form, source };
        match self.answer(question).await {
            Some((Told::Saved { error: None, .. }, Some(file))) => Ok(file),
            Some((Told::Saved { error: Some(error), .. }, _)) => Err(error),
            _ => Err(String::new()),
        }
    }
}
