//! A log as a file, a part at a time.

use serde::Serialize;

use super::{
    Book, Shelf, ShelfError, Sight,
    bits::Bits,
    copy, draw,
    find::Find,
    lens::{BaseRows, Found},
    lines::Place,
    stamp,
    words::{Lens, SaveForm, Source},
};

/// A part has about so many bytes.
const PART_BYTES: usize = 256 * 1024;
/// So many lines are looked at for a part.
const PART_LINES: u64 = 20_000;
/// A line of JSON has so many bytes of text at most.
const MAX_JSON_TEXT_BYTES: usize = 1 << 20;

/// Goes over the log, to its end as it is then.
#[derive(Debug)]
pub struct Saving {
    form: SaveForm,
    /// One source, byte for byte.
    is_exact: bool,
    base: BaseRows,
    /// These base rows alone.
    only: Option<Bits>,
    line: u64,
    row: u64,
    /// Bytes of the next line that were given already.
    from: u64,
}

#[derive(Serialize)]
struct JsonLine<'a> {
    time: String,
    source: &'a str,
    offset: u64,
    text: String,
    #[serde(skip_serializing_if = "is_zero")]
    cut_bytes: u64,
}

#[allow(clippy::trivially_copy_pass_by_ref)]
fn is_zero(number: &u64) -> bool {
    *number == 0
}

impl Saving {
    /// Begins to save one source, or all that the lens shows; lines in closed groups are saved, too.
    pub fn new(sight: &Sight, form: SaveForm, source: Option<Source>) -> Self {
        let is_exact = source.is_some() && form != SaveForm::JsonLines;
        let only = match source {
            Some(_) => None,
            None => sight.find.as_ref().and_then(Find::shown).cloned(),
        };
        let lens = source.map_or_else(
            || sight.base.lens().clone(),
            |source| Lens {
                sources: vec![source],
                ..Lens::default()
            },
        );
        Self {
            form,
            is_exact,
            base: BaseRows::new(lens),
            only,
            line: 0,
            row: 0,
            from: 0,
        }
    }

    /// The next part, which may be empty; `None` is the end.
    ///
    /// # Errors
    /// When the shelf fails.
    pub fn part<S: Shelf>(&mut self, book: &mut Book<S>) -> Result<Option<Vec<u8>>, ShelfError> {
        self.base.sync(book);
        let mut part = Vec::new();
        let end = self.line.saturating_add(PART_LINES);
        while part.len() < PART_BYTES && self.line < book.lines {
            if self.line == end {
                return Ok(Some(part));
            }
            let Some(place) = book.place(self.line) else { break };
            let head = book.head(place)?;
            let weight = self.base.weight(&head);
            let row = self.row + weight.saturating_sub(1);
            if weight > 0
                && self.only.as_ref().is_none_or(|only| only.has(row))
                && !self.write(book, place, &mut part)?
            {
                return Ok(Some(part));
            }
            self.row += weight;
            self.line += 1;
            self.from = 0;
        }
        if self.line == book.lines && self.only.is_none() && part.len() < PART_BYTES {
            for source in book.open_sources() {
                if self.base.shows(source) {
                    self.write(book, Place::Open(source), &mut part)?;
                }
            }
            if !self.is_exact {
                // Nothing is given twice: what ends from now on is not part of it.
                self.line = u64::MAX;
            }
        }
        let is_end = part.is_empty() && self.line >= book.lines;
        Ok((!is_end).then_some(part))
    }

    /// Adds a line; says whether all of it was added.
    fn write<S: Shelf>(&mut self, book: &mut Book<S>, place: Place, part: &mut Vec<u8>) -> Result<bool, ShelfError> {
        if self.form == SaveForm::JsonLines {
            self.write_json(book, place, part)?;
            return Ok(true);
        }
        if !self.is_exact && matches!(place, Place::Open(_)) {
            self.from = 0;
        }
        loop {
            let bytes = book.line_bytes(place, self.from, PART_BYTES)?;
            self.from += bytes.len() as u64;
            part.extend_from_slice(&bytes);
            if bytes.len() < PART_BYTES {
                break;
            }
            if self.is_exact {
                return Ok(false);
            }
        }
        if !self.is_exact && !part.ends_with(b"\n") {
            part.push(b'\n');
        }
        Ok(true)
    }

    fn write_json<S: Shelf>(&self, book: &mut Book<S>, place: Place, part: &mut Vec<u8>) -> Result<(), ShelfError> {
        let head = book.head(place)?;
        let found = Found {
            place,
            line: None,
            state: None,
        };
        let text = book.whole_text(found, MAX_JSON_TEXT_BYTES)?;
        let state_bytes = head.length - head.start.min(head.length);
        let line = JsonLine {
            time: stamp::date_time(head.time_ms),
            source: book.source(head.source).map_or("", copy::name),
            offset: head.offset,
            cut_bytes: state_bytes.saturating_sub((MAX_JSON_TEXT_BYTES.max(draw::MAX_BYTES)) as u64),
            text,
        };
        // A text and numbers can always be written.
        part.extend(serde_json::to_vec(&line).unwrap_or_default());
        part.push(b'\n');
        Ok(())
    }
}
