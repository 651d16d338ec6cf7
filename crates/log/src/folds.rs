//! Rows hidden in closed groups.

use std::collections::BTreeSet;

use super::{Log, Storage, StorageError, bits::Bits, block::Lines, row_filter::BaseRows};

/// Which groups are closed, and which base rows that hides.
#[derive(Debug, Default)]
pub(super) struct Folds {
    /// Indices of the groups' first lines.
    closed: BTreeSet<u64>,
    hidden: Bits,
    /// Lines before this one were looked at.
    next: u64,
}

/// Lines of a source that are hidden, from the first to the last; without a last one, all that come.
struct Stretch {
    source: u16,
    first: u64,
    last: u64,
}

impl Folds {
    pub(super) fn is_closed(&self, line: u64) -> bool {
        self.closed.contains(&line)
    }

    /// Closes or opens the group that begins with a line; rows are counted anew.
    pub(super) fn set(&mut self, line: u64, is_closed: bool) {
        if is_closed {
            self.closed.insert(line);
        } else {
            self.closed.remove(&line);
        }
        self.recount();
    }

    /// Rows are numbered anew.
    pub(super) fn recount(&mut self) {
        self.hidden = Bits::default();
        self.next = 0;
    }

    /// The hidden base rows; `None` where no group is closed.
    pub(super) fn hidden(&self) -> Option<&Bits> {
        (!self.closed.is_empty()).then_some(&self.hidden)
    }

    /// Takes in what came to the log since.
    pub(super) fn sync<S: Storage>(&mut self, log: &mut Log<S>, base: &BaseRows) -> Result<(), StorageError> {
        if self.closed.is_empty() || self.next == log.lines {
            return Ok(());
        }
        let spans = self.closed.iter().filter_map(|line| log.groups.starting(*line));
        let stretches: Vec<Stretch> = spans
            .map(|span| Stretch {
                source: span.source,
                first: span.first + 1,
                last: span.last.unwrap_or(u64::MAX),
            })
            .collect();
        while self.next < log.lines {
            let block = log
                .entries
                .partition_point(|entry| entry.first + u64::from(entry.lines) <= self.next);
            let Some(entry) = log.entries.get(block) else {
                let first = log.tail_first();
                self.hide(&log.tail, first, base.before_block(block), &stretches, base);
                break;
            };
            let (first, end) = (entry.first, entry.first + u64::from(entry.lines));
            if stretches
                .iter()
                .any(|stretch| stretch.first < end && stretch.last >= first)
            {
                let lines = log.block(block)?;
                self.hide(&lines, first, base.before_block(block), &stretches, base);
            }
            self.next = end;
        }
        self.next = log.lines;
        Ok(())
    }

    fn hide(&mut self, lines: &Lines, first: u64, before: u64, stretches: &[Stretch], base: &BaseRows) {
        let mut row = before;
        for (line, head) in (first..).zip(&lines.heads) {
            let weight = base.weight(head);
            let is_within =
                |stretch: &Stretch| stretch.source == head.source && (stretch.first..=stretch.last).contains(&line);
            if line >= self.next && stretches.iter().any(is_within) {
                (row..row + weight).for_each(|row| self.hidden.add(row));
            }
            row += weight;
        }
    }
}
