//! Which lines count, and their rows before anything is hidden: base rows.
//!
//! A line of a source that the filter shows is one row, or one for each of its states. Lines that have not ended come last.

use super::{
    Log, Storage, StorageError,
    block::{Head, Lines, ROWLESS, SourceLines},
    lines::Place,
    model::RowFilter,
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

/// Counts rows by block, as the log grows.
#[derive(Debug, Default)]
pub(super) struct BaseRows {
    filter: RowFilter,
    /// For each source, whether its lines count.
    shown: Vec<bool>,
    /// Rows before each block.
    before: Vec<u64>,
    /// Rows of all blocks.
    kept: u64,
}

impl BaseRows {
    pub(super) fn new(filter: RowFilter) -> Self {
        Self {
            filter,
            ..Self::default()
        }
    }

    pub(super) fn filter(&self) -> &RowFilter {
        &self.filter
    }

    /// Takes in what came to the log since.
    pub(super) fn sync<S: Storage>(&mut self, log: &Log<S>) {
        for stream in &log.streams[self.shown.len()..] {
            let sources = &self.filter.sources;
            self.shown.push(if sources.is_empty() {
                !stream.is_table
            } else {
                sources.contains(&stream.source)
            });
        }
        for (at, entry) in log.entries.iter().enumerate().skip(self.before.len()) {
            let end = log.entries.get(at + 1).map_or(log.counts.len(), |next| next.counts);
            self.before.push(self.kept);
            self.kept += self.rows_of(&log.counts[entry.counts..end]);
        }
    }

    fn rows_of(&self, counts: &[SourceLines]) -> u64 {
        let shown = counts.iter().filter(|count| self.shows(count.source));
        shown
            .map(|count| {
                let (lines, states) = (u64::from(count.lines), u64::from(count.states));
                if self.filter.with_history {
                    lines + states
                } else {
                    lines - u64::from(count.rowless)
                }
            })
            .sum()
    }

    pub(super) fn shows(&self, source: u16) -> bool {
        self.shown.get(usize::from(source)).copied().unwrap_or(false)
    }

    /// How many rows a line has.
    pub(super) fn weight(&self, head: &Head) -> u64 {
        match (self.shows(head.source), self.filter.with_history) {
            (false, _) => 0,
            (true, false) => u64::from(!head.has(ROWLESS)),
            (true, true) => 1 + u64::from(head.states),
        }
    }

    /// Lines that have ended and count.
    pub(super) fn lines<S: Storage>(&self, log: &Log<S>) -> u64 {
        let shown = log.streams.iter().zip(&self.shown).filter(|(_, is_shown)| **is_shown);
        shown.map(|(stream, _)| stream.lines).sum()
    }

    /// Those of them before a line with which a block begins.
    pub(super) fn lines_before<S: Storage>(&self, log: &Log<S>, line: u64) -> u64 {
        let counted = |counts: &[SourceLines]| -> u64 {
            let shown = counts.iter().filter(|count| self.shows(count.source));
            shown.map(|count| u64::from(count.lines)).sum()
        };
        let block = log.entries.partition_point(|entry| entry.first < line);
        let counts = log.entries.get(block).map_or(log.counts.len(), |entry| entry.counts);
        self.lines(log) - counted(&log.tail_counts) - counted(&log.counts[counts..])
    }

    /// Rows of lines that have ended.
    pub(super) fn ended<S: Storage>(&self, log: &Log<S>) -> u64 {
        self.kept + self.rows_of(&log.tail_counts)
    }

    /// All rows.
    pub(super) fn count<S: Storage>(&self, log: &Log<S>) -> u64 {
        self.ended(log) + self.open(log).iter().map(|(_, weight)| weight).sum::<u64>()
    }

    fn open<S: Storage>(&self, log: &Log<S>) -> Vec<(u16, u64)> {
        let shown = log.open_sources().into_iter().filter(|source| self.shows(*source));
        shown
            .map(|source| {
                let weight = if self.filter.with_history {
                    1 + u64::from(log.open_states(source))
                } else {
                    u64::from(log.open_under(source).is_none())
                };
                (source, weight)
            })
            .collect()
    }

    /// The row with this number.
    pub(super) fn find<S: Storage>(&self, log: &mut Log<S>, row: u64) -> Result<Option<Found>, StorageError> {
        let state = |within: u64| self.filter.with_history.then_some(within as u32);
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
            let lines = log.block(block)?;
            return Ok(walk(&lines, self.before[block]).map(|(at, state)| Found {
                place: Place::Kept(block, at),
                line: Some(log.entries[block].first + at as u64),
                state,
            }));
        }
        if let Some((at, state)) = walk(&log.tail, self.kept) {
            return Ok(Some(Found {
                place: Place::Tail(at),
                line: Some(log.tail_first() + at as u64),
                state,
            }));
        }
        let mut start = self.ended(log);
        for (source, weight) in self.open(log) {
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
    pub(super) fn before<S: Storage>(&self, log: &mut Log<S>, line: u64) -> Result<u64, StorageError> {
        let sum = |lines: &Lines, at: usize| lines.heads[..at].iter().map(|head| self.weight(head)).sum::<u64>();
        Ok(match log.place(line) {
            Some(Place::Kept(block, at)) => self.before[block] + sum(&*log.block(block)?, at),
            Some(Place::Tail(at)) => self.kept + sum(&log.tail, at),
            _ => self.ended(log),
        })
    }

    /// Rows before an open line of a source.
    pub(super) fn before_open<S: Storage>(&self, log: &Log<S>, source: u16) -> u64 {
        let open = self.open(log).into_iter().take_while(|(its, _)| *its != source);
        self.ended(log) + open.map(|(_, weight)| weight).sum::<u64>()
    }

    /// Rows before a block; the one after the last holds the lines in memory.
    pub(super) fn before_block(&self, block: usize) -> u64 {
        self.before.get(block).copied().unwrap_or(self.kept)
    }
}
