//! A line that has not ended.

use jobsphere_lines::{Style, Trace};

use super::{Piece, Storage, StorageError, block, draw};

/// So many first bytes of a line are remembered: they tell whether it is text, and what it marks.
pub(super) const FIRST_BYTES: usize = 4096;

/// The line, in pieces on the storage and in memory.
#[derive(Debug, Clone)]
pub(super) struct OpenLine {
    pub(super) offset: u64,
    pub(super) time_ms: i64,
    /// Grows until it is written to the storage: memory stays small though a program never ends its line.
    pub(super) bytes: Vec<u8>,
    pub(super) pieces: Vec<Piece>,
    /// Bytes in all.
    pub(super) length: u64,
    pub(super) first: Vec<u8>,
    pub(super) trace: Trace,
}

impl OpenLine {
    pub(super) fn new(offset: u64, time_ms: i64, style: Style) -> Self {
        Self {
            offset,
            time_ms,
            bytes: Vec::new(),
            pieces: Vec::new(),
            length: 0,
            first: Vec::new(),
            trace: Trace::new(style, draw::MAX_COLUMNS),
        }
    }

    /// Adds bytes. What is longer than a block goes to the storage, in pieces of one size wherever messages ended.
    pub(super) fn extend(&mut self, mut bytes: &[u8], storage: &mut impl Storage) -> Result<(), StorageError> {
        while !bytes.is_empty() {
            if self.bytes.len() == block::MAX_BYTES {
                self.write(storage)?;
            }
            let (now, later) = bytes.split_at(bytes.len().min(block::MAX_BYTES - self.bytes.len()));
            self.bytes.extend_from_slice(now);
            self.length += now.len() as u64;
            bytes = later;
        }
        Ok(())
    }

    /// Writes what is in memory to the storage.
    pub(super) fn write(&mut self, storage: &mut impl Storage) -> Result<(), StorageError> {
        if self.pieces.is_empty() {
            self.first = self.bytes[..self.bytes.len().min(FIRST_BYTES)].to_vec();
        }
        let position = storage.append(&self.bytes)?;
        self.pieces.push(Piece {
            position,
            bytes: self.bytes.len() as u32,
        });
        self.bytes.clear();
        Ok(())
    }

    /// The first bytes of the line.
    pub(super) fn first(&self) -> &[u8] {
        if self.pieces.is_empty() {
            &self.bytes[..self.bytes.len().min(FIRST_BYTES)]
        } else {
            &self.first
        }
    }
}
