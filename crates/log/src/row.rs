//! A line, or one of its states, as a row.

use jobsphere_lines::{Style, Trace};

use super::{
    Log, Storage, StorageError,
    block::{BINARY, ERROR, Head, MARK},
    draw::{self, Drawn},
    lines::Place,
    marks::Mark,
    model::Row,
};

/// A line's bytes are looked through in pieces of this size.
const STEP_BYTES: usize = 64 * 1024;

impl<S: Storage> Log<S> {
    /// Draws a line; `state` is one of its earlier states, from 0. Number, group and matches are left to the caller.
    pub(super) fn row(&mut self, place: Place, state: Option<u32>) -> Result<Row, StorageError> {
        let head = self.head(place)?;
        let (start, style) = self.state_of(place, state)?;
        let drawn = self.drawn(place, &head, start, style)?;
        Ok(Row {
            offset: head.offset,
            source: head.source,
            time_ms: head.time_ms,
            cut_bytes: self.cut(place, &head, start, drawn.used)?,
            text: drawn.text,
            styles: drawn.styles,
            states: head.states,
            state: state.unwrap_or(head.states).min(head.states),
            is_open: matches!(place, Place::Open(_)),
            is_binary: head.has(BINARY),
            is_error: head.has(ERROR),
            depth: head.depth,
            ..Row::default()
        })
    }

    /// Where a state begins, and how letters look there; without a state, the shown one.
    pub(super) fn state_of(&mut self, place: Place, state: Option<u32>) -> Result<(u64, Style), StorageError> {
        let head = self.head(place)?;
        match state {
            Some(state) if state < head.states => self.state(place, &head, state),
            _ => Ok((head.start, head.style)),
        }
    }

    /// The text of a line without colours, cut as a row is.
    pub(super) fn line_text(&mut self, place: Place) -> Result<String, StorageError> {
        let head = self.head(place)?;
        Ok(self.drawn(place, &head, head.start, head.style)?.text)
    }

    fn drawn(&mut self, place: Place, head: &Head, start: u64, style: Style) -> Result<Drawn, StorageError> {
        let bytes = self.line_bytes(place, if head.has(BINARY) { 0 } else { start }, draw::MAX_BYTES)?;
        if head.has(BINARY) {
            return Ok(draw::draw_hex(bytes.strip_suffix(b"\n").unwrap_or(&bytes)));
        }
        let mark = if head.has(MARK) {
            Mark::of(&bytes).map_or(0, Mark::text)
        } else {
            0
        };
        let mut drawn = draw::draw(&bytes[mark..], style, draw::MAX_LETTERS);
        drawn.used += mark;
        Ok(drawn)
    }

    /// How many bytes of the state that begins at `start` are not drawn.
    fn cut(&mut self, place: Place, head: &Head, start: u64, used: usize) -> Result<u64, StorageError> {
        let from = if head.has(BINARY) { 0 } else { start } + used as u64;
        let rest = head.length.saturating_sub(from);
        if rest == 0 {
            return Ok(0);
        }
        if head.has(BINARY) || start == head.start {
            // To the end of the line; one or two bytes are its end, or a return to states without letters.
            let next = self.line_bytes(place, from, 1)?;
            let is_end = matches!(next.first(), None | Some(b'\n' | b'\r'));
            return Ok(if is_end {
                0
            } else {
                rest - u64::from(self.ends_with_feed(place, head)?)
            });
        }
        // An earlier state ends at the next return.
        let mut at = from;
        while at < head.length {
            let bytes = self.line_bytes(place, at, STEP_BYTES)?;
            if let Some(end) = memchr::memchr(b'\r', &bytes) {
                at += end as u64;
                break;
            }
            at += bytes.len().max(1) as u64;
        }
        Ok(at.min(head.length) - from)
    }

    fn ends_with_feed(&mut self, place: Place, head: &Head) -> Result<bool, StorageError> {
        Ok(self.line_bytes(place, head.length.saturating_sub(1), 1)? == b"\n")
    }

    /// Where an earlier state begins, and how letters look there.
    fn state(&mut self, place: Place, head: &Head, state: u32) -> Result<(u64, Style), StorageError> {
        // How letters looked when the line began is kept for the shown state alone: earlier ones begin plain.
        let mut trace = Trace::new(Style::default());
        let (mut at, mut seen, mut found) = (0, 0, None);
        while at < head.length && found.is_none() {
            let bytes = self.line_bytes(place, at, STEP_BYTES)?;
            if bytes.is_empty() {
                break;
            }
            trace.read(bytes.strip_suffix(b"\n").unwrap_or(&bytes), |start, style| {
                if seen == state {
                    found = Some((start, style));
                }
                seen += 1;
            });
            at += bytes.len() as u64;
        }
        Ok(found.unwrap_or((head.start, head.style)))
    }
}
