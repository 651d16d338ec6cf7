//! Numbers of lines, as people see them: texts are counted from 1, and tables for themselves.

use super::{Log, Storage, StorageError, block::Lines, lines::Place};

impl<S: Storage> Log<S> {
    /// Index of the first line in memory, of all lines that have ended.
    pub(super) fn tail_first(&self) -> u64 {
        self.lines - self.tail.heads.len() as u64
    }

    fn is_text(&self, source: u16) -> bool {
        !self.streams[usize::from(source)].is_table
    }

    /// The number of a line among the texts. A table's line has that of the text before it.
    pub(super) fn number(&mut self, line: u64) -> Result<u64, StorageError> {
        self.number_in(line, false)
    }

    /// The number of a line among the texts, or among the lines of tables.
    pub(super) fn number_in(&mut self, line: u64, of_tables: bool) -> Result<u64, StorageError> {
        let Some(place) = self.place(line) else {
            return Ok(0);
        };
        let texts = match place {
            Place::Kept(block, at) => {
                let lines = self.block(block)?;
                self.entries[block].texts_before + self.texts_up_to(&lines, at)
            }
            Place::Tail(at) => self.texts_before_tail() + self.texts_up_to(&self.tail, at),
            Place::Open(_) => self.texts,
        };
        Ok(if of_tables { line + 1 - texts } else { texts })
    }

    fn texts_up_to(&self, lines: &Lines, at: usize) -> u64 {
        let heads = lines.heads[..=at].iter();
        heads.filter(|head| self.is_text(head.source)).count() as u64
    }

    fn texts_before_tail(&self) -> u64 {
        self.texts - self.texts_in(&self.tail_counts)
    }

    /// The number of the line that a source has not ended.
    pub(super) fn open_number(&self, source: u16) -> u64 {
        let is_text = self.is_text(source);
        let same = self
            .open_sources()
            .into_iter()
            .filter(|its| self.is_text(*its) == is_text);
        let before = same.take_while(|its| *its != source).count() as u64;
        let ended = if is_text { self.texts } else { self.lines - self.texts };
        ended + before + 1
    }

    /// The line with a number among the texts, or among the lines of tables.
    pub(super) fn line_of_number(&mut self, number: u64, of_tables: bool) -> Result<Option<u64>, StorageError> {
        let Some(nth) = number.checked_sub(1) else {
            return Ok(None);
        };
        let before = |first: u64, texts: u64| if of_tables { first - texts } else { texts };
        let (tail, tail_texts) = (self.tail_first(), self.texts_before_tail());
        let nth_in = |log: &Self, lines: &Lines, nth: u64| {
            let same = lines.heads.iter().enumerate();
            let mut same = same.filter(|(_, head)| log.is_text(head.source) != of_tables);
            same.nth(usize::try_from(nth).ok()?).map(|(at, _)| at as u64)
        };
        if nth >= before(tail, tail_texts) {
            let at = nth_in(self, &self.tail, nth - before(tail, tail_texts));
            return Ok(at.map(|at| tail + at));
        }
        let block = self
            .entries
            .partition_point(|entry| before(entry.first, entry.texts_before) <= nth);
        let Some(block) = block.checked_sub(1) else {
            return Ok(None);
        };
        let lines = self.block(block)?;
        let (first, texts) = (self.entries[block].first, self.entries[block].texts_before);
        Ok(nth_in(self, &lines, nth - before(first, texts)).map(|at| first + at))
    }

    /// Earlier states of the line that a source has not ended.
    pub(super) fn open_states(&self, source: u16) -> u32 {
        let open = self
            .streams
            .get(usize::from(source))
            .and_then(|stream| stream.open.as_ref());
        open.map_or(0, |open| open.trace.shown().states)
    }
}
