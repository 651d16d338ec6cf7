//! A log as a file, a part at a time.

use serde::Serialize;

use super::{
    Log, RowView, Storage, StorageError,
    bits::Bits,
    copy, draw,
    find::Find,
    lines::Place,
    model::{RowFilter, SaveForm, Source},
    row::AS_WRITTEN,
    row_filter::{BaseRows, Found},
    stamp,
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
    /// Begins to save one source, or all that the filter shows; lines in closed groups are saved, too.
    pub fn new(row_view: &RowView, form: SaveForm, source: Option<Source>) -> Self {
        let is_exact = source.is_some() && form != SaveForm::JsonLines;
        let only = match source {
            Some(_) => None,
            None => row_view.find.as_ref().and_then(Find::shown).cloned(),
        };
        let filter = source.map_or_else(
            || row_view.base.filter().clone(),
            |source| RowFilter {
                sources: vec![source],
                ..RowFilter::default()
            },
        );
        Self {
            form,
            is_exact,
            base: BaseRows::new(filter),
            only,
            line: 0,
            row: 0,
            from: 0,
        }
    }

    /// The next part, which may be empty; `None` is the end.
    ///
    /// # Errors
    /// When the storage fails.
    pub fn part<S: Storage>(&mut self, log: &mut Log<S>) -> Result<Option<Vec<u8>>, StorageError> {
        self.base.sync(log);
        let mut part = Vec::new();
        let end = self.line.saturating_add(PART_LINES);
        while part.len() < PART_BYTES && self.line < log.lines {
            if self.line == end {
                return Ok(Some(part));
            }
            let Some(place) = log.place(self.line) else { break };
            let head = log.head(place)?;
            let weight = self.base.weight(&head);
            let row = self.row + weight.saturating_sub(1);
            // Of what is shown, all lines are saved, also those without a row of their own.
            let is_wanted = match &self.only {
                Some(only) => weight > 0 && only.has(row),
                None => self.base.shows(head.source),
            };
            if is_wanted && !self.write(log, place, &mut part)? {
                return Ok(Some(part));
            }
            self.row += weight;
            self.line += 1;
            self.from = 0;
        }
        if self.line == log.lines && self.only.is_none() && part.len() < PART_BYTES {
            for source in log.open_sources() {
                if self.base.shows(source) {
                    self.write(log, Place::Open(source), &mut part)?;
                }
            }
            if !self.is_exact {
                // Nothing is given twice: what ends from now on is not part of it.
                self.line = u64::MAX;
            }
        }
        let is_end = part.is_empty() && self.line >= log.lines;
        Ok((!is_end).then_some(part))
    }

    /// Adds a line; says whether all of it was added.
    fn write<S: Storage>(&mut self, log: &mut Log<S>, place: Place, part: &mut Vec<u8>) -> Result<bool, StorageError> {
        if self.form == SaveForm::JsonLines {
            self.write_json(log, place, part)?;
            return Ok(true);
        }
        if !self.is_exact && matches!(place, Place::Open(_)) {
            self.from = 0;
        }
        loop {
            let bytes = log.line_bytes(place, self.from, PART_BYTES)?;
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

    fn write_json<S: Storage>(&self, log: &mut Log<S>, place: Place, part: &mut Vec<u8>) -> Result<(), StorageError> {
        let head = log.head(place)?;
        let found = Found {
            place,
            line: None,
            state: Some(AS_WRITTEN),
        };
        let text = log.whole_text(found, MAX_JSON_TEXT_BYTES)?;
        let state_bytes = head.length - head.start.min(head.length);
        let line = JsonLine {
            time: stamp::date_time(head.time_ms),
            source: log.source(head.source).map_or("", copy::name),
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
