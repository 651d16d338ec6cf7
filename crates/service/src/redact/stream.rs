//! A log as it arrives, with secrets hidden.
//!
//! Each source is looked at line by line. A line is shown up to its last word while it is not complete, and wholly once
//! it is; later messages of other sources wait, so that the order and all offsets stay. What a reader gets does not
//! depend on how the log was cut into messages:
//!
//! - A line counts within [`BOUND`] bytes of log from its beginning. Where it is longer, or other sources have written so
//!   much before it went on, its last word within the bound and all that is behind it are hidden.
//! - A value that is written otherwise is hidden where the whole of it lies within [`BOUND`] bytes of log.
//! - A private key is hidden up to its end, but no line that begins more than [`BOUND`] behind the key's beginning.
//!
//! Nor does it depend on where reading begins, as nothing that lies more than three bounds before an offset has to do
//! with what is hidden behind it, with one exception: a source that was silent over all of [`LOOK_BACK`] may have been in
//! the middle of a line, so its first line is hidden.
//!
//! What waits for too long can be given up ([`Redactor::give_up`]): it is then hidden for this reader.

use std::{collections::VecDeque, sync::Arc};

use super::{Found, Rules, source::Lines};
use crate::api::jobs::{LogMessage, log_message::Source};

/// How far a line, and a key, is followed.
pub(crate) const BOUND: u64 = 64 * 1024;
/// How far before an offset reading has to begin.
pub(crate) const LOOK_BACK: u64 = 2 * 1024 * 1024;

/// Hides secrets in messages that are pushed in order.
#[derive(Debug)]
pub(crate) struct Redactor {
    rules: Arc<Rules>,
    bound: u64,
    /// Whether the first message begins where the log does.
    is_from_start: bool,
    sources: Vec<(Option<Source>, Lines)>,
    waiting: VecDeque<Waiting>,
    /// Offset behind all that was pushed.
    end: u64,
    /// Offset of what comes out next.
    next: u64,
    /// Nothing before it comes out.
    from: u64,
    /// What was hidden, if that is asked for.
    found: Option<Vec<(usize, Found)>>,
}

/// A message, or the rest of one, whose bytes are with its source.
#[derive(Debug)]
struct Waiting {
    source: usize,
    /// The message without its content.
    message: LogMessage,
    bytes: usize,
}

impl Redactor {
    /// Where to begin reading in order to show what is behind `from`.
    pub(crate) fn beginning(from: u64) -> u64 {
        from.saturating_sub(LOOK_BACK)
    }

    /// Shows what is behind `from`; the first message to push is the one at [`Redactor::beginning`].
    pub(crate) fn new(rules: Arc<Rules>, from: u64) -> Self {
        Self::with_bound(rules, from, Self::beginning(from), BOUND)
    }

    pub(super) fn with_bound(rules: Arc<Rules>, from: u64, beginning: u64, bound: u64) -> Self {
        Self {
            rules,
            bound,
            is_from_start: beginning == 0,
            sources: Vec::new(),
            waiting: VecDeque::new(),
            end: beginning,
            next: beginning,
            from,
            found: None,
        }
    }

    /// Shows the log from its start, and tells what is hidden in it.
    pub(crate) fn telling(rules: Arc<Rules>) -> Self {
        Self {
            found: Some(Vec::new()),
            ..Self::new(rules, 0)
        }
    }

    /// Takes the next message.
    pub(crate) fn push(&mut self, mut message: LogMessage) {
        let content = std::mem::take(&mut message.content);
        let source = self.source(message.source.as_ref());
        let mut found = Vec::new();
        if let Some((_, lines)) = self.sources.get_mut(source) {
            lines.push(&self.rules, self.end, &content, &mut found);
        }
        keep(&mut self.found, source, found);
        self.end += content.len() as u64;
        self.waiting.push_back(Waiting {
            source,
            message,
            bytes: content.len(),
        });
        for (source, (_, lines)) in self.sources.iter_mut().enumerate() {
            let mut found = Vec::new();
            lines.pass(&self.rules, self.end, &mut found);
            keep(&mut self.found, source, found);
        }
    }

    /// What can be shown now.
    pub(crate) fn take(&mut self) -> Vec<LogMessage> {
        let mut shown = Vec::new();
        while let Some(mut first) = self.waiting.pop_front() {
            let Some((_, lines)) = self.sources.get_mut(first.source) else {
                continue;
            };
            if lines.ready() < first.bytes {
                lines.settle(&self.rules);
                keep(&mut self.found, first.source, lines.unveiled());
            }
            let count = first.bytes.min(lines.ready());
            let skipped = usize::try_from(self.from.saturating_sub(self.next)).unwrap_or(usize::MAX);
            let mut content = lines.take(count);
            content.drain(..skipped.min(content.len()));
            self.next += count as u64;
            first.bytes -= count;
            if !content.is_empty() {
                shown.push(LogMessage {
                    content,
                    ..first.message.clone()
                });
            }
            if first.bytes > 0 {
                self.waiting.push_front(first);
                break;
            }
        }
        shown
    }

    /// Where to read on behind what was taken.
    pub(crate) fn offset(&self) -> u64 {
        self.next.max(self.from)
    }

    /// Whether something waits for the rest of a line.
    pub(crate) fn is_waiting(&self) -> bool {
        !self.waiting.is_empty()
    }

    /// Hides what waits, so that it can be taken.
    pub(crate) fn give_up(&mut self) {
        for (_, lines) in &mut self.sources {
            lines.hide_rest(&self.rules);
        }
    }

    /// Nothing comes any more: all can be taken.
    pub(crate) fn finish(&mut self) {
        for (source, (_, lines)) in self.sources.iter_mut().enumerate() {
            let mut found = Vec::new();
            lines.finish(&self.rules, &mut found);
            keep(&mut self.found, source, found);
        }
    }

    /// What was hidden in lines that are complete, with its source.
    pub(crate) fn found(&mut self) -> Vec<(Option<Source>, Found)> {
        let found = self.found.as_mut().map(std::mem::take);
        let named = found
            .into_iter()
            .flatten()
            .filter_map(|(source, found)| Some((self.sources.get(source)?.0.clone(), found)));
        named.collect()
    }

    fn source(&mut self, source: Option<&Source>) -> usize {
        let known = self.sources.iter().position(|(known, _)| known.as_ref() == source);
        known.unwrap_or_else(|| {
            let lines = match self.is_from_start {
                true => Lines::from_start(self.bound),
                false => Lines::from_middle(self.bound),
            };
            self.sources.push((source.cloned(), lines));
            self.sources.len() - 1
        })
    }
}

fn keep(kept: &mut Option<Vec<(usize, Found)>>, source: usize, found: Vec<Found>) {
    if let Some(kept) = kept {
        kept.extend(found.into_iter().map(|found| (source, found)));
    }
}
