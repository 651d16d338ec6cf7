//! The lines of one source of a log, each hidden as soon as it can be.

use std::collections::VecDeque;

use jobsphere_lines::{Ends, pieces};

use super::{Found, MASK, Rules, Span, excerpt, mask, pem, veil::Veil};
use crate::api::share::finding::Kind;

/// What stands before a carriage return counts as a line.
const ENDS: Ends = Ends::FeedOrReturn;

/// Lines as they arrive. Offsets are those of the whole log, in which other sources come between.
#[derive(Debug)]
pub(super) struct Lines {
    /// A line counts as far as it lies within so many bytes of log from its beginning; the rest of it is hidden.
    bound: u64,
    /// The current line, from its beginning.
    line: Vec<u8>,
    /// Where parts of the line lie in the log: the place in the line, and the offset.
    places: Vec<(usize, u64)>,
    /// How much of the line is ready.
    settled: usize,
    /// Behind the bound of a line: hidden up to the line's end.
    is_beyond: bool,
    /// In a line whose beginning is not known: all of it is hidden, and a key that begins in it is heeded.
    is_unknown: bool,
    /// Where the newest key has begun, while it has not ended.
    key_since: Option<u64>,
    /// The number of the line.
    number: u64,
    /// What can be shown, but for what the veil covers.
    ready: VecDeque<u8>,
    /// Values in the source as a whole.
    veil: Veil,
    /// Where the log has come to.
    log_end: u64,
}

impl Lines {
    /// Lines from the beginning of the source.
    pub(super) fn from_start(bound: u64) -> Self {
        Self {
            bound,
            line: Vec::new(),
            places: Vec::new(),
            settled: 0,
            is_beyond: false,
            is_unknown: false,
            key_since: None,
            number: 1,
            ready: VecDeque::new(),
            veil: Veil::new(bound),
            log_end: 0,
        }
    }

    /// Lines from somewhere: the first is hidden, as its beginning is not known.
    pub(super) fn from_middle(bound: u64) -> Self {
        Self {
            is_unknown: true,
            ..Self::from_start(bound)
        }
    }

    /// Takes what comes next in this source, which begins at `offset` of the log.
    pub(super) fn push(&mut self, rules: &Rules, mut offset: u64, content: &[u8], found: &mut Vec<Found>) {
        self.veil.push(&rules.values, offset, content);
        self.log_end = offset + content.len() as u64;
        for piece in pieces(content, ENDS) {
            self.take_piece(rules, offset, piece, found);
            offset += piece.len() as u64;
        }
    }

    /// Takes a piece of a line, with the line's end if it has come.
    fn take_piece(&mut self, rules: &Rules, offset: u64, piece: &[u8], found: &mut Vec<Found>) {
        if self.is_beyond {
            return self.hide(piece);
        }
        if self.line.is_empty() {
            self.places.clear();
            self.places.push((0, offset));
        }
        let room = (self.start().saturating_add(self.bound)).saturating_sub(offset);
        let taken = usize::try_from(room).unwrap_or(usize::MAX).min(piece.len());
        let (within, beyond) = piece.split_at(taken);
        if !within.is_empty() {
            self.places.push((self.line.len(), offset));
            self.line.extend(within);
        }
        if !beyond.is_empty() {
            self.end_by_bound(rules, found);
            self.hide(beyond);
        } else if within.last().is_some_and(|byte| ENDS.has(*byte)) {
            self.end_line(rules, found);
        }
    }

    /// Ends a line that lies too far back when the log has come to `end`.
    pub(super) fn pass(&mut self, rules: &Rules, end: u64, found: &mut Vec<Found>) {
        self.log_end = end;
        if !self.line.is_empty() && end >= self.start().saturating_add(self.bound) {
            self.end_by_bound(rules, found);
        }
    }

    /// Makes ready what does not depend on the rest of the line.
    pub(super) fn settle(&mut self, rules: &Rules) {
        let settled = rules.settled(&self.line);
        if settled > self.settled {
            let (masked, ..) = self.masked(rules, self.line.len());
            self.ready.extend(&masked[self.settled..settled]);
            self.settled = settled;
        }
        self.veil.look(&rules.values, self.log_end, false);
    }

    /// Makes all of the line ready; what depends on the rest of it is hidden.
    pub(super) fn give_up(&mut self, rules: &Rules) {
        self.settle(rules);
        self.ready
            .extend(std::iter::repeat_n(MASK, self.line.len() - self.settled));
        self.settled = self.line.len();
    }

    /// Hides all that is not ready.
    pub(super) fn hide_rest(&mut self, rules: &Rules) {
        self.give_up(rules);
        self.veil.give_up();
    }

    /// Values that were found written otherwise than they are.
    pub(super) fn unveiled(&mut self) -> Vec<Found> {
        self.veil.found()
    }

    /// Nothing comes any more.
    pub(super) fn finish(&mut self, rules: &Rules, found: &mut Vec<Found>) {
        if !self.line.is_empty() {
            self.end_line(rules, found);
        }
        self.veil.look(&rules.values, self.log_end, true);
        found.extend(self.unveiled());
    }

    /// Bytes that can be shown.
    pub(super) fn ready(&self) -> usize {
        self.ready.len().min(self.veil.decided())
    }

    /// The next bytes that can be shown, at most `most`.
    pub(super) fn take(&mut self, most: usize) -> Vec<u8> {
        let count = most.min(self.ready());
        let mut bytes: Vec<u8> = self.ready.drain(..count).collect();
        self.veil.cover(&mut bytes);
        bytes
    }

    fn start(&self) -> u64 {
        self.places.first().map_or(0, |(_, offset)| *offset)
    }

    /// Where a place in the line lies in the log.
    fn offset(&self, place: usize) -> u64 {
        let part = self.places.iter().rev().find(|(start, _)| *start <= place);
        part.map_or(0, |(start, offset)| offset + (place - start) as u64)
    }

    /// Hides a part of a line; its end stays.
    fn hide(&mut self, content: &[u8]) {
        for byte in content {
            let is_end = ENDS.has(*byte);
            self.ready.push_back(if is_end { *byte } else { MASK });
            if is_end {
                self.is_beyond = false;
                self.number += u64::from(*byte == b'\n');
            }
        }
    }

    fn end_line(&mut self, rules: &Rules, found: &mut Vec<Found>) {
        let end = self.line.last().copied().filter(|byte| ENDS.has(*byte));
        let length = self.line.len() - usize::from(end.is_some());
        let (masked, spans, keys) = self.masked(rules, length);
        self.tell(rules, &masked, &spans, &keys, found);
        self.ready.extend(masked.get(self.settled..).unwrap_or_default());
        self.ready.extend(end);
        self.close(&keys);
        self.number += u64::from(end == Some(b'\n'));
    }

    fn end_by_bound(&mut self, rules: &Rules, found: &mut Vec<Found>) {
        let (masked, spans, keys) = self.masked(rules, self.line.len());
        self.tell(rules, &masked, &spans, &keys, found);
        self.give_up(rules);
        self.close(&keys);
        self.is_beyond = true;
    }

    /// Forgets the line, but not a key that goes on.
    fn close(&mut self, keys: &pem::Keys) {
        self.key_since = match keys.begun.last() {
            _ if !keys.is_open => None,
            Some(place) => Some(self.offset(*place)),
            None => self.key_since,
        };
        self.is_unknown = false;
        self.line.clear();
        self.settled = 0;
    }

    /// The first `length` bytes of the line with all that is hidden, and what is.
    fn masked(&self, rules: &Rules, length: usize) -> (Vec<u8>, Vec<Span>, pem::Keys) {
        let line = &self.line[..length];
        let is_inside = self
            .key_since
            .is_some_and(|since| self.start().saturating_sub(since) < self.bound);
        let keys = pem::keys(line, is_inside);
        let spans = rules.spans(line);
        let mut masked = line.to_vec();
        let ranges = spans.iter().map(|span| &span.range);
        ranges.chain(&keys.hidden).for_each(|range| mask(&mut masked, range));
        if self.is_unknown {
            masked.fill(MASK);
        }
        (masked, spans, keys)
    }

    /// Tells what is hidden, each place once, by the kind that says most.
    fn tell(&self, rules: &Rules, masked: &[u8], spans: &[Span], keys: &pem::Keys, found: &mut Vec<Found>) {
        let begun = keys.begun.iter().map(|place| Span {
            range: *place..*place + 1,
            kind: Kind::PrivateKey,
            known: None,
        });
        let begun: Vec<Span> = begun.collect();
        let mut told: Vec<&Span> = Vec::new();
        for span in spans.iter().chain(&begun) {
            let overlaps = |other: &&Span| other.range.start < span.range.end && span.range.start < other.range.end;
            if !told.iter().any(overlaps) {
                told.push(span);
            }
        }
        told.sort_by_key(|span| span.range.start);
        found.extend(told.into_iter().map(|span| Found {
            kind: span.kind,
            variable: span.known.map_or("", |place| rules.values.variable(place)).to_owned(),
            line: self.number,
            offset: self.offset(span.range.start),
            excerpt: excerpt(masked, &span.range),
        }));
    }
}
