//! Known values in what one source says, however they are written: in other letter case, with `%XX` for letters, broken
//! up by control characters or escape sequences, over several lines that `\r` ends.
//!
//! A value is hidden when the whole of it lies within the bound of a line. That follows from those bytes alone, so
//! neither cuts nor the place where reading begins change it.

use std::{collections::VecDeque, ops::Range};

use super::{Found, MASK, letters::Letters, values::Values};

/// The newest bytes of a source, and which of those that nobody has taken are hidden. Places count its bytes.
#[derive(Debug)]
pub(super) struct Veil {
    bound: u64,
    /// What values may have begun in.
    raw: Vec<u8>,
    /// The place of the first byte of `raw`.
    begin: u64,
    /// Where parts lie in the log: the place, and the offset.
    parts: Vec<(u64, u64)>,
    /// Of each byte that was not taken, whether it is hidden.
    hidden: VecDeque<bool>,
    /// The place of the first of them.
    taken: u64,
    /// The place before which it is known what is hidden.
    decided: u64,
    /// The places behind which values were not told yet: as letters stand, and with `%XX` read.
    told: [u64; 2],
    /// Line feeds before `begin`.
    lines: u64,
    found: Vec<Found>,
}

impl Veil {
    pub(super) fn new(bound: u64) -> Self {
        Self {
            bound,
            raw: Vec::new(),
            begin: 0,
            parts: Vec::new(),
            hidden: VecDeque::new(),
            taken: 0,
            decided: 0,
            told: [0; 2],
            lines: 0,
            found: Vec::new(),
        }
    }

    /// Takes what comes next, which begins at `offset` of the log.
    pub(super) fn push(&mut self, values: &Values, offset: u64, content: &[u8]) {
        if values.is_empty() {
            self.begin += content.len() as u64;
            self.decided = self.begin;
            return;
        }
        self.hidden.resize(self.hidden.len() + content.len(), false);
        self.parts.push((self.end(), offset));
        self.raw.extend_from_slice(content);
    }

    /// The place behind all that was pushed.
    fn end(&self) -> u64 {
        self.begin + self.raw.len() as u64
    }

    /// Looks for values, when the log has come to `log_end`; `is_whole` when nothing follows.
    pub(super) fn look(&mut self, values: &Values, log_end: u64, is_whole: bool) {
        if self.raw.is_empty() {
            return;
        }
        let raw = std::mem::take(&mut self.raw);
        let is_short = |range: Range<usize>| self.reaches(&range, raw.len(), log_end) <= self.bound;
        let letters = Letters::of(&raw, is_whole, &is_short);
        let decoded = letters.decoded(is_whole);
        let mut found = Vec::new();
        let mut undecided = raw.len();
        for (round, letters) in std::iter::once(&letters).chain(&decoded).enumerate() {
            for (letters_of, known) in values.folded(&letters.bytes) {
                let place = letters.places(letters_of);
                if self.reaches(&place, raw.len(), log_end) <= self.bound {
                    found.push((round, place, known));
                }
            }
            if !is_whole {
                undecided = undecided.min(letters.start(values.begun_folded(&letters.bytes)));
            }
        }
        // What has begun too long ago is no value any more.
        let may_end = |place: &usize| self.reaches(&(*place..raw.len() + 1), raw.len(), log_end) <= self.bound;
        let undecided = (undecided..raw.len()).find(may_end).unwrap_or(raw.len());
        let needed = letters.first_start(undecided);
        let decoded_until = decoded.as_ref().map_or(letters.until, |decoded| decoded.until);
        let told = [letters.until, decoded_until].map(|until| self.begin + until as u64);
        for (round, place, known) in found {
            self.hide(&place);
            self.tell(values, &raw, round, place, known);
        }
        self.told = told;
        self.decided = self.decided.max(self.begin + undecided.max(needed) as u64);
        self.raw = raw;
        self.forget(needed);
    }

    /// How much of the log lies between the ends of a range of the newest `length` bytes, the ends included. What lies
    /// behind them is where the log has come to.
    fn reaches(&self, range: &Range<usize>, length: usize, log_end: u64) -> u64 {
        let end = match range.end > length {
            true => log_end.max(self.offset(length.saturating_sub(1))) + 1,
            false => self.offset(range.end.saturating_sub(1)) + 1,
        };
        end.saturating_sub(self.offset(range.start))
    }

    /// Where a byte of `raw` lies in the log.
    fn offset(&self, place: usize) -> u64 {
        let place = self.begin + place as u64;
        let part = self.parts.partition_point(|(start, _)| *start <= place);
        let (start, offset) = part
            .checked_sub(1)
            .and_then(|part| self.parts.get(part))
            .copied()
            .unwrap_or_default();
        offset + (place - start)
    }

    fn hide(&mut self, range: &Range<usize>) {
        let first = (self.begin + range.start as u64).max(self.taken);
        let end = self.begin + range.end as u64;
        for place in first..end {
            if let Some(hidden) = self.hidden.get_mut((place - self.taken) as usize) {
                *hidden = true;
            }
        }
    }

    /// Tells a value that is written otherwise; as it is, it is told with its line.
    fn tell(&mut self, values: &Values, raw: &[u8], round: usize, range: Range<usize>, known: usize) {
        let is_told = self.begin + range.end as u64 <= self.told[round];
        let Some(written) = raw.get(range.clone()).filter(|_| !is_told) else {
            return;
        };
        if values.is_line_of(known, written) || (round == 1 && !written.contains(&b'%')) {
            return;
        }
        let before = raw.get(..range.start).unwrap_or_default();
        let found = Found {
            kind: values.kind(known),
            variable: values.variable(known).to_owned(),
            line: 1 + self.lines + count_lines(before),
            offset: self.offset(range.start),
            excerpt: char::from(MASK)
                .to_string()
                .repeat(written.len().min(super::EXCERPT_BYTES)),
        };
        if !self.found.contains(&found) {
            self.found.push(found);
        }
    }

    /// Drops the first bytes of `raw`, in which nothing can begin any more.
    fn forget(&mut self, count: usize) {
        self.lines += count_lines(self.raw.get(..count).unwrap_or_default());
        self.raw.drain(..count.min(self.raw.len()));
        self.begin += count as u64;
        let begun = self.parts.partition_point(|(start, _)| *start <= self.begin);
        self.parts.drain(..begun.saturating_sub(1));
    }

    /// Hides what is not decided, so that it can be taken; what follows is looked at as before.
    pub(super) fn give_up(&mut self) {
        let first = usize::try_from(self.decided.saturating_sub(self.taken)).unwrap_or(usize::MAX);
        self.hidden.iter_mut().skip(first).for_each(|hidden| *hidden = true);
        self.decided = self.end();
    }

    /// Bytes of which it is known whether they are hidden.
    pub(super) fn decided(&self) -> usize {
        usize::try_from(self.decided.saturating_sub(self.taken)).unwrap_or(usize::MAX)
    }

    /// Puts asterisks into the next bytes where they are hidden.
    pub(super) fn cover(&mut self, bytes: &mut [u8]) {
        let count = bytes.len().min(self.hidden.len());
        for (byte, hidden) in bytes.iter_mut().zip(self.hidden.drain(..count)) {
            if hidden {
                *byte = MASK;
            }
        }
        self.taken += count as u64;
    }

    /// What was found since this was asked last.
    pub(super) fn found(&mut self) -> Vec<Found> {
        std::mem::take(&mut self.found)
    }
}

fn count_lines(bytes: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', bytes).count() as u64
}
