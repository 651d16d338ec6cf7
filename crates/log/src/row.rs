//! A line, or one of its versions, as a row.

use super::{
    Log, Storage, StorageError,
    block::{self, BINARY, ERROR, Head, MARK, ODD},
    draw::{self, Drawn},
    lines::Place,
    marks::Mark,
    model::Row,
};

/// A line in pieces that wrote over itself is read to its end, as far as it can be done in a moment.
const MOVED_BYTES: usize = 1 << 20;

/// The last version of a line, whatever others wrote over it.
pub(super) const AS_WRITTEN: u32 = u32::MAX;

impl<S: Storage> Log<S> {
    /// Draws a line; `state` is one of its earlier versions, from 0, or [`AS_WRITTEN`]; `None`: what a terminal shows of it at
    /// the end. Number, group and matches are left to the caller.
    pub(super) fn row(&mut self, place: Place, state: Option<u32>) -> Result<Row, StorageError> {
        let mut head = self.head(place)?;
        let redrawn = match state {
            None => self.redrawn(place, &head)?,
            Some(_) => None,
        };
        let is_error = redrawn.as_ref().map_or(head.has(ERROR), |redrawn| redrawn.is_error);
        let drawn = match (redrawn, state) {
            (Some(redrawn), _) => {
                head.states = head.states.saturating_add(redrawn.redraws);
                redrawn.drawn
            }
            (None, Some(state)) if state < head.states => self.version(place, state, draw::MAX_COLUMNS)?,
            _ => self.drawn(place, &head)?,
        };
        Ok(Row {
            offset: head.offset,
            source: head.source,
            time_ms: head.time_ms,
            cut_bytes: drawn.left_out,
            text: drawn.text,
            styles: drawn.styles,
            states: head.states,
            state: state.unwrap_or(head.states).min(head.states),
            is_open: matches!(place, Place::Open(_)),
            is_binary: head.has(BINARY),
            is_error,
            depth: head.depth,
            ..Row::default()
        })
    }

    /// The text of a line without colours, cut as a row is.
    pub(super) fn line_text(&mut self, place: Place) -> Result<String, StorageError> {
        let head = self.head(place)?;
        Ok(self.drawn(place, &head)?.text)
    }

    fn drawn(&mut self, place: Place, head: &Head) -> Result<Drawn, StorageError> {
        if let Place::Open(source) = place
            && !head.has(BINARY | MARK)
            && let Some(drawn) = self.open_drawn(source)
        {
            return Ok(drawn);
        }
        let from = if head.has(BINARY) { 0 } else { head.start };
        let length = if head.length <= block::MAX_BYTES as u64 {
            block::MAX_BYTES
        } else if head.states > 0 {
            MOVED_BYTES
        } else {
            draw::MAX_BYTES
        };
        let bytes = self.line_bytes(place, from, length)?;
        let text = bytes.strip_suffix(b"\n").unwrap_or(&bytes);
        let rest = head.length.saturating_sub(from + bytes.len() as u64);
        // The line's end is not part of what is left out.
        let unread = rest.saturating_sub(u64::from(rest > 0 && !matches!(place, Place::Open(_))));
        let mut drawn = if head.has(BINARY) {
            draw::draw_hex(text)
        } else {
            let mark = Some(text)
                .filter(|_| head.has(MARK))
                .and_then(Mark::of)
                .map_or(0, Mark::text);
            draw_text(&text[mark..], head)
        };
        drawn.left_out += unread;
        Ok(drawn)
    }

    /// The line that a source has not ended, as it stands.
    fn open_drawn(&self, source: u16) -> Option<Drawn> {
        let open = self.streams.get(usize::from(source))?.open.as_ref()?;
        Some(Drawn {
            left_out: open.trace.over().map_or(0, |over| open.length - over),
            ..open.trace.drawn()
        })
    }
}

/// Draws the text of a line; one that is simply seen needs no terminal.
fn draw_text(text: &[u8], head: &Head) -> Drawn {
    if head.has(ODD) || !head.style.is_plain() {
        return draw::draw(text, head.style, draw::MAX_COLUMNS);
    }
    let all = String::from_utf8_lossy(text);
    let shown = all
        .char_indices()
        .nth(draw::MAX_COLUMNS)
        .map_or(all.len(), |(at, _)| at);
    Drawn {
        text: all[..shown].to_owned(),
        left_out: (all.len() - shown) as u64,
        ..Drawn::default()
    }
}
