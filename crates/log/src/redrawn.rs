//! What lines show that others wrote over, where that can change no more: on the storage, some hundred together.

use std::{ops::Range, rc::Rc};

use jobsphere_lines::{ScreenRow, Style};

use super::{
    Storage, StorageError,
    block::{self, read, take, write},
    draw::{self, Drawn},
};

/// What a line shows that others wrote over.
#[derive(Debug, Clone)]
pub(super) struct RedrawnLine {
    /// Its index among all lines that have ended.
    pub(super) line: u64,
    /// How often it was written to again.
    pub(super) redraws: u32,
    /// Whether what it shows tells an error.
    pub(super) is_error: bool,
    pub(super) drawn: Drawn,
}

impl RedrawnLine {
    /// Of a row; `None` where its line shows the same by itself.
    pub(super) fn of(row: &ScreenRow) -> Option<Self> {
        Some(Self {
            line: row.line(),
            redraws: row.redraws(),
            is_error: row.is_error(),
            drawn: row.canvas()?.drawn(),
        })
    }
}

/// Those of one source.
#[derive(Debug, Default)]
pub(super) struct Redrawn {
    entries: Vec<Entry>,
    /// Those that are not on the storage yet, written down.
    tail: Vec<u8>,
    tail_lines: Option<Range<u64>>,
    count: usize,
    held: Option<(usize, Rc<[RedrawnLine]>)>,
}

/// Some of them on the storage.
#[derive(Debug, Clone)]
struct Entry {
    /// From the first line to behind the last.
    lines: Range<u64>,
    position: u64,
    bytes: usize,
}

impl Redrawn {
    /// Keeps what a row shows; rows come in the order of their lines.
    pub(super) fn push(&mut self, row: &ScreenRow, storage: &mut impl Storage) -> Result<(), StorageError> {
        let Some(canvas) = row.canvas() else { return Ok(()) };
        let text = canvas.to_line();
        write(&mut self.tail, row.line());
        write(&mut self.tail, u64::from(row.redraws()));
        self.tail.push(u8::from(row.is_error()));
        write(&mut self.tail, canvas.left_out());
        write(&mut self.tail, text.len() as u64);
        self.tail.extend(text);
        self.count += 1;
        let lines = self.tail_lines.get_or_insert(row.line()..row.line());
        lines.end = row.line() + 1;
        if self.count < block::MAX_LINES && self.tail.len() < block::MAX_BYTES {
            return Ok(());
        }
        let entry = Entry {
            lines: lines.clone(),
            position: storage.append(&self.tail)?,
            bytes: self.tail.len(),
        };
        self.entries.push(entry);
        self.tail.clear();
        (self.tail_lines, self.count, self.held) = (None, 0, None);
        Ok(())
    }

    /// What a line shows, if it is among them.
    pub(super) fn find(&mut self, line: u64, storage: &mut impl Storage) -> Result<Option<RedrawnLine>, StorageError> {
        let mut found = Vec::new();
        self.find_among(&(line..line + 1), storage, &mut found)?;
        Ok(found.pop())
    }

    /// What these lines show, as far as they are among them.
    pub(super) fn find_among(
        &mut self,
        lines: &Range<u64>,
        storage: &mut impl Storage,
        found: &mut Vec<RedrawnLine>,
    ) -> Result<(), StorageError> {
        let from = self.entries.partition_point(|entry| entry.lines.end <= lines.start);
        let is_within = |its: &Range<u64>| its.start < lines.end && lines.start < its.end;
        let mut take = |held: &[RedrawnLine]| {
            let start = held.partition_point(|redrawn| redrawn.line < lines.start);
            let end = held.partition_point(|redrawn| redrawn.line < lines.end);
            found.extend_from_slice(&held[start..end]);
        };
        for at in from..self.entries.len() {
            if !is_within(&self.entries[at].lines) {
                break;
            }
            take(&self.entry(at, storage)?);
        }
        if self.tail_lines.as_ref().is_some_and(is_within) {
            take(&decode(&self.tail));
        }
        Ok(())
    }

    fn entry(&mut self, at: usize, storage: &mut impl Storage) -> Result<Rc<[RedrawnLine]>, StorageError> {
        if let Some((held, lines)) = &self.held
            && *held == at
        {
            return Ok(lines.clone());
        }
        let Entry { position, bytes, .. } = self.entries[at];
        let mut buffer = vec![0; bytes];
        storage.read(position, &mut buffer)?;
        let lines: Rc<[RedrawnLine]> = decode(&buffer).into();
        self.held = Some((at, lines.clone()));
        Ok(lines)
    }
}

fn decode(mut bytes: &[u8]) -> Vec<RedrawnLine> {
    let mut lines = Vec::new();
    while let Some(line) = decode_one(&mut bytes) {
        lines.push(line);
    }
    lines
}

fn decode_one(bytes: &mut &[u8]) -> Option<RedrawnLine> {
    let line = read(bytes)?;
    let redraws = u32::try_from(read(bytes)?).ok()?;
    let is_error = take(bytes)? != 0;
    let left_out = read(bytes)?;
    let length = usize::try_from(read(bytes)?).ok()?;
    let (text, rest) = bytes.split_at_checked(length)?;
    *bytes = rest;
    Some(RedrawnLine {
        line,
        redraws,
        is_error,
        drawn: Drawn {
            left_out,
            ..draw::draw(text, Style::default(), draw::MAX_COLUMNS)
        },
    })
}
