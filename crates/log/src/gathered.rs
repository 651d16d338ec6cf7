//! A storage in front of one that is slow to ask: what is appended is written many pieces at once, and who reads on is
//! given what was read ahead.
//!
//! A browser's file answers each call after a word with another process, up to two milliseconds, however few the bytes.

use super::{Storage, StorageError};

/// So many bytes are written at once.
const WRITTEN_BYTES: usize = 1 << 20;
/// So many are read ahead.
const AHEAD_BYTES: u64 = 512 << 10;

/// The storage in front.
#[derive(Debug)]
pub struct Gathered<S> {
    storage: S,
    /// Bytes that were appended and are on the storage.
    written: u64,
    /// Those that are not yet.
    pending: Vec<u8>,
    /// Where the last bytes read end: who reads from there reads on.
    read_to: u64,
    /// What was read ahead, and where it begins.
    ahead: (u64, Vec<u8>),
}

impl<S: Storage> Gathered<S> {
    /// In front of an empty storage.
    pub fn new(storage: S) -> Self {
        Self {
            storage,
            written: 0,
            pending: Vec::new(),
            read_to: 0,
            ahead: (0, Vec::new()),
        }
    }

    /// Writes what is not on the storage. When that fails, it can still be read.
    fn flush(&mut self) -> Result<(), StorageError> {
        if !self.pending.is_empty() {
            self.storage.append(&self.pending)?;
            self.written += self.pending.len() as u64;
            self.pending.clear();
        }
        Ok(())
    }

    /// Reads bytes that are on the storage.
    fn read_written(&mut self, position: u64, into: &mut [u8]) -> Result<(), StorageError> {
        let end = position + into.len() as u64;
        let reads_on = position == self.read_to && position > 0;
        self.read_to = end;
        let (start, held) = &self.ahead;
        if *start > position || end > *start + held.len() as u64 {
            let length = AHEAD_BYTES.min(self.written - position);
            if !reads_on || length < into.len() as u64 {
                return self.storage.read(position, into);
            }
            // Taken, so that nothing wrong is held after a failure.
            let (_, mut held) = std::mem::take(&mut self.ahead);
            held.resize(usize::try_from(length).unwrap_or_default(), 0);
            self.storage.read(position, &mut held)?;
            self.ahead = (position, held);
        }
        let (start, held) = &self.ahead;
        let from = usize::try_from(position - start).unwrap_or_default();
        into.copy_from_slice(&held[from..from + into.len()]);
        Ok(())
    }
}

impl<S: Storage> Storage for Gathered<S> {
    fn append(&mut self, bytes: &[u8]) -> Result<u64, StorageError> {
        if self.pending.len() + bytes.len() > WRITTEN_BYTES {
            self.flush()?;
        }
        let position = self.written + self.pending.len() as u64;
        self.pending.extend_from_slice(bytes);
        Ok(position)
    }

    fn read(&mut self, position: u64, into: &mut [u8]) -> Result<(), StorageError> {
        let on_shelf = usize::try_from(self.written.saturating_sub(position))
            .unwrap_or(usize::MAX)
            .min(into.len());
        let (kept, rest) = into.split_at_mut(on_shelf);
        if !kept.is_empty() {
            self.read_written(position, kept)?;
        }
        if rest.is_empty() {
            return Ok(());
        }
        let from = usize::try_from((position + on_shelf as u64).saturating_sub(self.written)).unwrap_or(usize::MAX);
        let pending = self.pending.get(from..).and_then(|pending| pending.get(..rest.len()));
        rest.copy_from_slice(pending.ok_or_else(|| StorageError::Failed("read behind the end".to_owned()))?);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::MemoryStorage;

    /// Counts how often it is asked.
    #[derive(Debug)]
    struct Asked {
        storage: MemoryStorage,
        appends: u32,
        reads: u32,
    }

    impl Storage for Asked {
        fn append(&mut self, bytes: &[u8]) -> Result<u64, StorageError> {
            self.appends += 1;
            self.storage.append(bytes)
        }

        fn read(&mut self, position: u64, into: &mut [u8]) -> Result<(), StorageError> {
            self.reads += 1;
            self.storage.read(position, into)
        }
    }

    fn gathered(limit: u64) -> Gathered<Asked> {
        Gathered::new(Asked {
            storage: MemoryStorage::new(limit),
            appends: 0,
            reads: 0,
        })
    }

    fn block(number: u32) -> Vec<u8> {
        number.to_le_bytes().repeat(4000)
    }

    #[test]
    fn what_was_appended_is_read_in_any_order_with_few_calls() -> Result<(), StorageError> {
        let mut storage = gathered(u64::MAX);
        let places: Vec<u64> = (0..300)
            .map(|number| storage.append(&block(number)))
            .collect::<Result<_, _>>()?;
        assert!(storage.storage.appends < 6, "{}", storage.storage.appends);
        let mut read = vec![0; 16_000];
        let there = (0_u32..300).zip(&places);
        for (number, place) in there.clone().chain(there.clone().rev()).chain(there.step_by(7)) {
            storage.read(*place, &mut read)?;
            assert!(read == block(number), "block {number}");
        }
        // Once on, with few; the two other ways each block by itself.
        assert!(storage.storage.reads < 300 + 300 / 7 + 20, "{}", storage.storage.reads);
        assert!(storage.read(places[299] + 1, &mut read).is_err());
        // Over the border of what is written and what is not.
        let border = storage.written - 5;
        storage.read(border, &mut read[..10])?;
        let (before, place) = (border / 16_000, border % 16_000);
        let both = [block(before as u32), block(before as u32 + 1)].concat();
        assert_eq!(read[..10], both[place as usize..place as usize + 10]);
        Ok(())
    }

    #[test]
    fn what_finds_no_room_is_refused_and_the_rest_stays() -> Result<(), StorageError> {
        let mut storage = gathered(1_500_000);
        let mut places = Vec::new();
        let refused = (0..300).find_map(|number| match storage.append(&block(number)) {
            Ok(place) => {
                places.push(place);
                None
            }
            Err(error) => Some(error),
        });
        assert_eq!(refused, Some(StorageError::Full));
        let mut read = vec![0; 16_000];
        for (number, place) in (0..).zip(&places) {
            storage.read(*place, &mut read)?;
            assert!(read == block(number), "block {number}");
        }
        Ok(())
    }
}
