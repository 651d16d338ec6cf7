//! Which lines count, and their rows before anything is hidden: base rows.
//!
//! A line of a source that the lens shows is one row, or one for each of its states. Lines that have not ended come last.

use super::{
    Book, Shelf, ShelfError,
    block::{Head, Lines, SourceLines},
    lines::Place,
    words::Lens,
};

/// A base row that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) place: Place,
    /// The line's index among all that have ended.
    pub(super) line: Option<u64>,
    /// Which state of it, where each is a row.
    pub(super) state: Option<u32>,
}

/// Counts rows by block, as the book grows.
#[derive(Debug, Default)]
pub(super) struct BaseRows {
    lens: Lens,
    /// For each source, whether its lines count.
    shown: Vec<bool>,
    /// Rows before each block.
    before: Vec<u64>,
    /// Rows of all blocks.
    kept: u64,
}

impl BaseRows {
    pub(super) fn new(lens: Lens) -> Self {
        Self {
            lens,
            ..Self::default()
        }
    }

    pub(super) fn lens(&self) -> &Lens {
        &self.lens
    }

    /// Takes in what came to the book since.
    pub(super) fn sync<S: Shelf>(&mut self, book: &Book<S>) {
        for stream in &book.streams[self.shown.len()..] {
            let sources = &self.lens.sources;
            self.shown.push(if sources.is_empty() {
                !stream.is_table
            } else {
                sources.contains(&stream.source)
            });
        }
        for (at, entry) in book.entries.iter().enumerate().skip(self.before.len()) {
            let end = book.entries.get(at + 1).map_or(book.counts.len(), |next| next.counts);
            self.before.push(self.kept);
            self.kept += self.rows_of(&book.counts[entry.counts..end]);
        }
    }

    fn rows_of(&self, counts: &[SourceLines]) -> u64 {
        let shown = counts.iter().filter(|count| self.shows(count.source));
        shown
            .map(|count| {
                u64::from(count.lines)
                    + if self.lens.with_history {
                        u64::from(count.states)
                    } else {
                        0
                    }
            })
            .sum()
    }

    pub(super) fn shows(&self, source: u16) -> bool {
        self.shown.get(usize::from(source)).copied().unwrap_or(false)
    }

    /// How many rows a line has.
    pub(super) fn weight(&self, head: &Head) -> u64 {
        match (self.shows(head.source), self.lens.with_history) {
            (false, _) => 0,
            (true, false) => 1,
            (true, true) => 1 + u64::from(head.states),
        }
    }

    /// Lines that have ended and count.
    pub(super) fn lines<S: Shelf>(&self, book: &Book<S>) -> u64 {
        let shown = book.streams.iter().zip(&self.shown).filter(|(_, is_shown)| **is_shown);
        shown.map(|(stream, _)| stream.lines).sum()
    }

    /// Rows of lines that have ended.
    pub(super) fn ended<S: Shelf>(&self, book: &Book<S>) -> u64 {
        self.kept + self.rows_of(&book.tail_counts)
    }

    /// All rows.
    pub(super) fn count<S: Shelf>(&self, book: &Book<S>) -> u64 {
        self.ended(book) + self.open(book).iter().map(|(_, weight)| weight).sum::<u64>()
    }

    fn open<S: Shelf>(&self, book: &Book<S>) -> Vec<(u16, u64)> {
        let shown = book.open_sources().into_iter().filter(|source| self.shows(*source));
        shown
            .map(|source| {
                let states = if self.lens.with_history {
                    book.open_states(source)
                } else {
                    0
                };
                (source, 1 + u64::from(states))
            })
            .collect()
    }

    /// The row with this number.
    pub(super) fn find<S: Shelf>(&self, book: &mut Book<S>, row: u64) -> Result<Option<Found>, ShelfError> {
        let state = |within: u64| self.lens.with_history.then_some(within as u32);
        let walk = |lines: &Lines, first: u64| {
            let mut next = first;
            lines.heads.iter().enumerate().find_map(|(at, head)| {
                let start = next;
                next += self.weight(head);
                (row < next).then(|| (at, state(row - start)))
            })
        };
        if row < self.kept {
            let block = self.before.partition_point(|before| *before <= row) - 1;
            let lines = book.block(block)?;
            return Ok(walk(&lines, self.before[block]).map(|(at, state)| Found {
                place: Place::Kept(block, at),
                line: Some(book.entries[block].first + at as u64),
                state,
            }));
        }
        if let Some((at, state)) = walk(&book.tail, self.kept) {
            return Ok(Some(Found {
                place: Place::Tail(at),
                line: Some(book.tail_first() + at as u64),
                state,
            }));
        }
        let mut start = self.ended(book);
        for (source, weight) in self.open(book) {
            if row < start + weight {
                return Ok(Some(Found {
                    place: Place::Open(source),
                    line: None,
                    state: state(row - start),
                }));
            }
            start += weight;
        }
        Ok(None)
    }

    /// Rows before a line that has ended: its own first row, if it counts.
    pub(super) fn before<S: Shelf>(&self, book: &mut Book<S>, line: u64) -> Result<u64, ShelfError> {
        let sum = |lines: &Lines, at: usize| lines.heads[..at].iter().map(|head| self.weight(head)).sum::<u64>();
        Ok(match book.place(line) {
            Some(Place::Kept(block, at)) => self.before[block] + sum(&*book.block(block)?, at),
            Some(Place::Tail(at)) => self.kept + sum(&book.tail, at),
            _ => self.ended(book),
        })
    }

    /// Rows before an open line of a source.
    pub(super) fn before_open<S: Shelf>(&self, book: &Book<S>, source: u16) -> u64 {
        let open = self.open(book).into_iter().take_while(|(its, _)| *its != source);
        self.ended(book) + open.map(|(_, weight)| weight).sum::<u64>()
    }

    /// Rows before a block; the one after the last holds the lines in memory.
    pub(super) fn before_block(&self, block: usize) -> u64 {
        self.before.get(block).copied().unwrap_or(self.kept)
    }
}
