//! Reading lines again: what is known of them, and their bytes.

use std::rc::Rc;

use super::{
    CACHED_BLOCKS, Log, Piece, Storage, StorageError,
    block::{BINARY, Head, Lines, MARK, ODD},
    draw, ingest,
    marks::Mark,
};

/// Where a line is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// In a block, by its number within.
    Kept(usize, usize),
    /// Among the lines in memory.
    Tail(usize),
    /// It has not ended: by its source.
    Open(u16),
}

impl<S: Storage> Log<S> {
    /// The place of a line, by its index among all lines that have ended.
    pub(super) fn place(&self, line: u64) -> Option<Place> {
        let in_tail = self.lines - self.tail.heads.len() as u64;
        if line >= in_tail {
            return (line < self.lines).then(|| Place::Tail((line - in_tail) as usize));
        }
        let block = self.entries.partition_point(|entry| entry.first <= line) - 1;
        Some(Place::Kept(block, (line - self.entries[block].first) as usize))
    }

    /// The lines of a block.
    pub(super) fn block(&mut self, block: usize) -> Result<Rc<Lines>, StorageError> {
        if let Some(at) = self.cache.iter().position(|(number, _)| *number == block) {
            let found = self.cache.remove(at);
            let lines = found.1.clone();
            self.cache.push(found);
            return Ok(lines);
        }
        let lines = Rc::new(self.read_block(block, Vec::new())?);
        if self.cache.len() == CACHED_BLOCKS {
            self.cache.remove(0);
        }
        self.cache.push((block, lines.clone()));
        Ok(lines)
    }

    /// The same, not remembered: for going over the whole log. `buffer` is used again.
    pub(super) fn read_block(&mut self, block: usize, mut buffer: Vec<u8>) -> Result<Lines, StorageError> {
        let entry = &self.entries[block];
        let content = entry.content_bytes as usize;
        buffer.clear();
        buffer.resize(content + entry.heads_bytes as usize, 0);
        self.storage.read(entry.position, &mut buffer)?;
        let heads = buffer.split_off(content);
        Lines::decode(buffer, &heads, entry.lines as usize)
            .ok_or_else(|| StorageError::Failed("a block cannot be understood".to_owned()))
    }

    /// What is known of a line.
    pub(super) fn head(&mut self, place: Place) -> Result<Head, StorageError> {
        match place {
            Place::Kept(block, at) => Ok(self.block(block)?.heads[at]),
            Place::Tail(at) => Ok(self.tail.heads[at]),
            Place::Open(source) => Ok(self.open_head(source)),
        }
    }

    fn open_head(&self, source: u16) -> Head {
        let Some(open) = self
            .streams
            .get(usize::from(source))
            .and_then(|stream| stream.open.as_ref())
        else {
            return Head::default();
        };
        let shown = open.trace.shown();
        let first = open.first();
        let is_odd = !open.pieces.is_empty() || jobsphere_lines::is_odd(&open.bytes);
        let mut head = Head {
            source,
            flags: if is_odd { ODD } else { 0 },
            length: open.length,
            offset: open.offset,
            time_ms: open.time_ms,
            states: shown.states,
            start: shown.start,
            style: shown.style,
            depth: self.groups.depth(source),
            back: 0,
        };
        if is_odd && draw::is_binary(first) {
            head.flags |= BINARY;
        }
        if Mark::of(first).is_some() {
            head.flags |= MARK | ODD;
        }
        head
    }

    /// At most `max` bytes of a line, from its byte `from` on; its line feed counts.
    pub(super) fn line_bytes(&mut self, place: Place, from: u64, max: usize) -> Result<Vec<u8>, StorageError> {
        let part = |bytes: &[u8]| {
            let start = usize::try_from(from).unwrap_or(usize::MAX).min(bytes.len());
            bytes[start..bytes.len().min(start.saturating_add(max))].to_vec()
        };
        match place {
            Place::Kept(block, at) => match self.entries[block].pieces {
                Some(pieces) => {
                    let pieces = self.pieces[pieces].clone();
                    self.read_pieces(&pieces, from, max)
                }
                None => Ok(part(self.block(block)?.bytes(at))),
            },
            Place::Tail(at) => Ok(part(self.tail.bytes(at))),
            Place::Open(source) => {
                let Some(open) = self
                    .streams
                    .get(usize::from(source))
                    .and_then(|stream| stream.open.as_ref())
                else {
                    return Ok(Vec::new());
                };
                if open.pieces.is_empty() {
                    return Ok(part(&open.bytes));
                }
                let pieces: Rc<[Piece]> = open.pieces.as_slice().into();
                let on_shelf = ingest::length(&pieces);
                let start = usize::try_from(from.saturating_sub(on_shelf)).unwrap_or(usize::MAX);
                let rest = open.bytes.get(start..).unwrap_or_default();
                let rest = rest[..rest.len().min(max)].to_vec();
                let mut bytes = self.read_pieces(&pieces, from, max)?;
                let room = max - bytes.len();
                bytes.extend_from_slice(&rest[..rest.len().min(room)]);
                Ok(bytes)
            }
        }
    }

    fn read_pieces(&mut self, pieces: &[Piece], from: u64, max: usize) -> Result<Vec<u8>, StorageError> {
        let mut bytes = Vec::new();
        let mut start = 0;
        for piece in pieces {
            let end = start + u64::from(piece.bytes);
            let skip = from.saturating_sub(start);
            if skip < u64::from(piece.bytes) && bytes.len() < max {
                let at = bytes.len();
                let count = (u64::from(piece.bytes) - skip).min((max - at) as u64);
                bytes.resize(at + count as usize, 0);
                self.storage.read(piece.position + skip, &mut bytes[at..])?;
            }
            start = end;
        }
        Ok(bytes)
    }
}
