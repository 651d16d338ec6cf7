//! Replaces what looks like a secret by as many asterisks.
//!
//! [`Rules`] say what is hidden in a line: known values ([`values`]), shapes of tokens and passwords ([`patterns`]) and
//! private keys, which go over several lines ([`pem`]). [`Redactor`] applies them to a log as it arrives, with the same
//! result wherever messages are cut and wherever reading begins ([`stream`]).
//!
//! Known values are found as they are, line by line, and by the [`veil`] in other letter case, with `%XX` for letters,
//! and broken up by control characters and escape sequences ([`letters`]). Encoded otherwise they are not.

mod letters;
mod patterns;
mod pem;
mod source;
mod stream;
#[cfg(test)]
mod tests;
mod values;
mod veil;

use std::ops::Range;

pub(super) use stream::Redactor;
pub(super) use values::{Known, Values};

use crate::api::share::finding::Kind;

/// What stands in the place of a secret, byte by byte.
pub(super) const MASK: u8 = b'*';

/// Shown of a line on either side of a secret.
const EXCERPT_BYTES: usize = 60;

/// A part of a line that is hidden.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) range: Range<usize>,
    pub(super) kind: Kind,
    /// The place of the known value in [`Values`].
    pub(super) known: Option<usize>,
}

/// Something that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) kind: Kind,
    /// The variable whose value it is; empty for others.
    pub(super) variable: String,
    /// The line, from 1.
    pub(super) line: u64,
    /// Where it begins in all that was pushed.
    pub(super) offset: u64,
    /// The text around it, every secret masked.
    pub(super) excerpt: String,
}

/// What is hidden.
#[derive(Debug, Default)]
pub(super) struct Rules {
    values: Values,
}

impl Rules {
    /// The general rules, and `values`.
    pub(super) fn new(values: Values) -> Self {
        Self { values }
    }

    /// What is hidden in a line by rules that look at nothing else; the most telling kinds first.
    fn spans(&self, line: &[u8]) -> Vec<Span> {
        let mut spans = self.values.spans(line);
        patterns::spans(line, &mut spans);
        spans
    }

    /// Up to where what is hidden in a line does not depend on how it goes on.
    ///
    /// No rule hides a blank unless everything behind its beginning, up to a closing quote, is hidden too; so what
    /// stands before the last word is settled, except for known values that have blanks in them.
    fn settled(&self, line: &[u8]) -> usize {
        let word = line
            .iter()
            .rposition(u8::is_ascii_whitespace)
            .map_or(0, |blank| blank + 1);
        word.min(self.values.begun(line))
    }

    /// `text` with what is hidden in it replaced, and what that was.
    pub(super) fn clean(&self, text: &str) -> (String, Vec<Found>) {
        let mut whole = source::Lines::from_start(u64::MAX);
        let mut found = Vec::new();
        whole.push(self, 0, text.as_bytes(), &mut found);
        whole.finish(self, &mut found);
        let cleaned = whole.take(usize::MAX);
        (String::from_utf8_lossy(&cleaned).into_owned(), found)
    }

    /// What is hidden in the first part of a file.
    pub(super) fn look_at(&self, content: &[u8]) -> Vec<Found> {
        let mut found = Vec::new();
        let mut whole = source::Lines::from_start(u64::MAX);
        whole.push(self, 0, content, &mut found);
        whole.finish(self, &mut found);
        found
    }
}

fn mask(line: &mut [u8], span: &Range<usize>) {
    if let Some(hidden) = line.get_mut(span.clone()) {
        hidden.fill(MASK);
    }
}

/// The surroundings of a secret in a line that is masked already.
fn excerpt(masked: &[u8], span: &Range<usize>) -> String {
    let start = span.start.saturating_sub(EXCERPT_BYTES);
    let end = span.end.min(span.start + EXCERPT_BYTES) + EXCERPT_BYTES;
    let shown = masked.get(start..end.min(masked.len())).unwrap_or_default();
    let text = String::from_utf8_lossy(shown);
    // A letter that the border has cut says nothing.
    text.trim_matches(|letter: char| letter == char::REPLACEMENT_CHARACTER || letter.is_control())
        .to_owned()
}
