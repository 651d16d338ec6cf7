//! Lists in pages, each of which is an answer that clients take.

use prost::Message;

use crate::job::limits;

/// Beside an entry's own bytes: its tag and its length.
const FRAME_BYTES: usize = 8;

/// Entries of one page, as they are put together.
#[derive(Debug)]
pub(super) struct Page<T> {
    entries: Vec<T>,
    limit: usize,
    room_bytes: usize,
}

impl<T: Message> Page<T> {
    /// A page of at most `limit` entries.
    pub(super) fn new(limit: usize) -> Self {
        Self {
            entries: Vec::new(),
            limit,
            room_bytes: limits::MAX_ANSWER_BYTES,
        }
    }

    /// Adds an entry; false when it belongs to the next page. The first always fits, so that no list stands still.
    pub(super) fn add(&mut self, entry: T) -> bool {
        let bytes = entry.encoded_len() + FRAME_BYTES;
        let is_full = self.entries.len() >= self.limit || bytes > self.room_bytes;
        if is_full && !self.entries.is_empty() {
            return false;
        }
        self.room_bytes = self.room_bytes.saturating_sub(bytes);
        self.entries.push(entry);
        true
    }

    /// How many more entries there may be room for if they are like those that are here, and one to see that there is
    /// more.
    pub(super) fn likely(&self) -> usize {
        let used = limits::MAX_ANSWER_BYTES - self.room_bytes;
        let by_bytes = self.room_bytes / (used / self.entries.len().max(1)).max(1);
        by_bytes.min(self.limit.saturating_sub(self.entries.len())) + 1
    }

    pub(super) fn into_entries(self) -> Vec<T> {
        self.entries
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_ends_by_number_or_by_bytes_and_one_entry_always_fits() {
        let entry = |bytes: usize| "x".repeat(bytes);
        let mut page = Page::new(2);
        assert!(page.add(entry(1)) && page.likely() == 2 && page.add(entry(1)) && !page.add(entry(1)));
        assert_eq!(page.likely(), 1);
        assert_eq!(page.into_entries().len(), 2);
        let mut page = Page::new(9);
        let large = limits::MAX_ANSWER_BYTES / 2;
        assert!(page.add(entry(large)) && page.likely() <= 2);
        assert!(!page.add(entry(large)) && page.add(entry(1000)));
        let mut page = Page::new(9);
        assert!(page.add(entry(2 * large)) && !page.add(entry(0)));
    }
}
