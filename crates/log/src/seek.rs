//! The row of a place: of a byte, a time, a match, an error.

use super::{
    Log, RowView, Storage, StorageError,
    bits::Bits,
    block::{ERROR, Head, Lines, ROWLESS},
    find::Find,
    model::Goal,
};

/// A place that was found, or not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SeekResult {
    /// The row within the filter; none for a line that is hidden.
    pub row: Option<u64>,
    /// The number of the line.
    pub line: Option<u64>,
    /// Of a match: how many lines match up to this one.
    pub rank: Option<u64>,
}

impl RowView {
    /// Finds a place.
    ///
    /// # Errors
    /// When the storage fails.
    pub fn seek<S: Storage>(&mut self, log: &mut Log<S>, goal: Goal) -> Result<SeekResult, StorageError> {
        self.sync(log)?;
        match goal {
            Goal::Offset(offset) => self.at_offset(log, offset),
            Goal::Time(time_ms) => self.at_time(log, time_ms),
            Goal::MatchAfter(row) => {
                let base = self.base_of(row).map_or(0, |base| base.saturating_add(1));
                let Some(found) = self.find.as_ref().map(Find::found) else {
                    return Ok(SeekResult::default());
                };
                let next = found.before(base);
                self.at_match(log, found, if next < found.count() { next } else { 0 })
            }
            Goal::MatchBefore(row) => {
                let base = self.base_of(row).unwrap_or(u64::MAX);
                let Some(found) = self.find.as_ref().map(Find::found) else {
                    return Ok(SeekResult::default());
                };
                let before = found.before(base).checked_sub(1);
                self.at_match(log, found, before.unwrap_or(found.count().saturating_sub(1)))
            }
            Goal::ErrorAfter(row) => {
                let after = self.line_of(log, row)?.map_or(0, |line| line + 1);
                let line = match self.first_error(log, after)? {
                    None if after > 0 => self.first_error(log, 0)?,
                    line => line,
                };
                self.at_line(log, line)
            }
            Goal::ErrorBefore(row) => {
                let before = self.line_of(log, row)?.unwrap_or(log.lines);
                let line = match self.last_error(log, before)? {
                    None => self.last_error(log, log.lines)?,
                    line => line,
                };
                self.at_line(log, line)
            }
        }
    }

    /// The line of a row, if it has ended.
    fn line_of<S: Storage>(&self, log: &mut Log<S>, row: u64) -> Result<Option<u64>, StorageError> {
        let base = self.base_of(row).filter(|base| *base < self.base.ended(log));
        Ok(match base {
            Some(base) => self.base.find(log, base)?.and_then(|found| found.line),
            None => None,
        })
    }

    fn at_match<S: Storage>(&self, log: &mut Log<S>, found: &Bits, nth: u64) -> Result<SeekResult, StorageError> {
        Ok(SeekResult {
            rank: found.nth(nth).map(|_| nth + 1),
            ..self.at_base(log, found.nth(nth))?
        })
    }

    fn at_base<S: Storage>(&self, log: &mut Log<S>, base: Option<u64>) -> Result<SeekResult, StorageError> {
        let Some(base) = base else {
            return Ok(SeekResult::default());
        };
        let line = self.base.find(log, base)?.and_then(|found| found.line);
        let number = match line {
            Some(line) => Some(log.number_in(line, self.shows_tables_alone(log))?),
            None => None,
        };
        let (row, is_shown) = self.row_of(base);
        Ok(SeekResult {
            row: is_shown.then_some(row),
            line: number,
            rank: None,
        })
    }

    fn at_line<S: Storage>(&self, log: &mut Log<S>, line: Option<u64>) -> Result<SeekResult, StorageError> {
        let Some((mut line, place)) = line.and_then(|line| Some((line, log.place(line)?))) else {
            return Ok(SeekResult::default());
        };
        let mut head = log.head(place)?;
        if self.base.weight(&head) == 0
            && head.has(ROWLESS)
            && let Some(place) = log.place(line.saturating_sub(head.back))
        {
            // It was written to the row of that one.
            line -= head.back;
            head = log.head(place)?;
        }
        let is_table = log.streams[usize::from(head.source)].is_table;
        let number = Some(log.number_in(line, is_table && self.shows_tables_alone(log))?);
        if !self.base.shows(head.source) {
            return Ok(SeekResult {
                line: number,
                ..SeekResult::default()
            });
        }
        // Of a line with several rows, the last: that is its text.
        let base = self.base.before(log, line)? + self.base.weight(&head).saturating_sub(1);
        let (row, is_shown) = self.row_of(base);
        Ok(SeekResult {
            row: is_shown.then_some(row),
            line: number,
            rank: None,
        })
    }

    fn at_open<S: Storage>(&self, log: &mut Log<S>, source: u16) -> Result<SeekResult, StorageError> {
        if let Some(line) = log.open_under(source)
            && !self.base.filter().with_history
        {
            return self.at_line(log, Some(line));
        }
        Ok(self.at_own_open(log, source))
    }

    fn at_own_open<S: Storage>(&self, log: &Log<S>, source: u16) -> SeekResult {
        let number = Some(log.open_number(source));
        if !self.base.shows(source) || self.find.as_ref().is_some_and(|find| find.shown().is_some()) {
            return SeekResult {
                line: number,
                ..SeekResult::default()
            };
        }
        SeekResult {
            row: Some(self.row_of(self.base.before_open(log, source)).0),
            line: number,
            rank: None,
        }
    }

    /// The line on whose row a line is seen.
    fn place_of(&self, line: u64, head: &Head) -> u64 {
        if self.base.filter().with_history {
            line
        } else {
            line.saturating_sub(head.back)
        }
    }

    /// The first line from `line` on, of those that count, that tells an error.
    fn first_error<S: Storage>(&self, log: &mut Log<S>, line: u64) -> Result<Option<u64>, StorageError> {
        let look = |lines: &Lines, first: u64| {
            let mut heads = (first..).zip(&lines.heads);
            let found = heads
                .find(|(at, head)| self.place_of(*at, head) >= line && self.base.shows(head.source) && head.has(ERROR));
            found.map(|(at, head)| self.place_of(at, head))
        };
        let start = log
            .entries
            .partition_point(|entry| entry.first + u64::from(entry.lines) <= line);
        for block in start..log.entries.len() {
            if log.entries[block].has_error {
                let lines = log.block(block)?;
                if let Some(found) = look(&lines, log.entries[block].first) {
                    return Ok(Some(found));
                }
            }
        }
        Ok(look(&log.tail, log.tail_first()))
    }

    /// The last line before `line`, of those that count, that tells an error.
    fn last_error<S: Storage>(&self, log: &mut Log<S>, line: u64) -> Result<Option<u64>, StorageError> {
        let look = |lines: &Lines, first: u64| {
            let is_it = |at: &usize| {
                let head = &lines.heads[*at];
                self.place_of(first + (*at as u64), head) < line && self.base.shows(head.source) && head.has(ERROR)
            };
            let found = (0..lines.heads.len()).rev().find(is_it);
            found.map(|at| self.place_of(first + at as u64, &lines.heads[at]))
        };
        if let Some(found) = look(&log.tail, log.tail_first()) {
            return Ok(Some(found));
        }
        for block in (0..log.entries.len()).rev() {
            let entry = &log.entries[block];
            let first = entry.first;
            if entry.has_error && first < line {
                let lines = log.block(block)?;
                if let Some(found) = look(&lines, first) {
                    return Ok(Some(found));
                }
            }
        }
        Ok(None)
    }

    /// The line whose first byte is the nearest at or before a byte of the log.
    fn at_offset<S: Storage>(&self, log: &mut Log<S>, offset: u64) -> Result<SeekResult, StorageError> {
        if offset >= log.offset {
            return Ok(SeekResult::default());
        }
        let entries = log.entries.iter().map(|entry| entry.offsets);
        let whole = entries
            .filter(|(_, greatest)| *greatest <= offset)
            .map(|(_, greatest)| greatest)
            .max();
        let blocks: Vec<usize> = (0..log.entries.len())
            .filter(|block| {
                let (smallest, greatest) = log.entries[*block].offsets;
                smallest <= offset && (greatest > offset || Some(greatest) == whole)
            })
            .collect();
        let mut best: Option<(u64, u64)> = None;
        let mut look = |lines: &Lines, first: u64| {
            for (line, head) in (first..).zip(&lines.heads) {
                if head.offset <= offset && best.is_none_or(|(its, _)| its < head.offset) {
                    best = Some((head.offset, line));
                }
            }
        };
        for block in blocks {
            let lines = log.block(block)?;
            look(&lines, log.entries[block].first);
        }
        look(&log.tail, log.tail_first());
        let open = log.open_sources().into_iter().rev().find_map(|source| {
            let open = log.streams[usize::from(source)].open.as_ref()?;
            (open.offset <= offset).then_some((open.offset, source))
        });
        match (open, best) {
            (Some((its, source)), best) if best.is_none_or(|(other, _)| other < its) => self.at_open(log, source),
            (_, best) => self.at_line(log, best.map(|(_, line)| line)),
        }
    }

    /// The first line that counts and was not written before a time; the next that is shown where it is hidden.
    fn at_time<S: Storage>(&self, log: &mut Log<S>, time_ms: i64) -> Result<SeekResult, StorageError> {
        let look = |lines: &Lines| {
            lines
                .heads
                .iter()
                .position(|head| head.time_ms >= time_ms && self.base.shows(head.source))
        };
        let mut line = None;
        for block in 0..log.entries.len() {
            if log.entries[block].last_ms >= time_ms {
                let lines = log.block(block)?;
                if let Some(at) = look(&lines) {
                    line = Some(log.entries[block].first + at as u64);
                    break;
                }
            }
        }
        let line = line.or_else(|| look(&log.tail).map(|at| log.tail_first() + at as u64));
        let Some(line) = line else {
            let open = log.open_sources().into_iter().find(|source| {
                let open = &log.streams[usize::from(*source)].open;
                self.base.shows(*source) && open.as_ref().is_some_and(|open| open.time_ms >= time_ms)
            });
            return open.map_or(Ok(SeekResult::default()), |source| self.at_open(log, source));
        };
        let base = self.base.before(log, line)?;
        let (row, _) = self.row_of(base);
        let shown = self.base_of(row);
        self.at_base(log, shown.filter(|base| *base < self.base.ended(log)))
    }
}
