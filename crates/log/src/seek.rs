//! The row of a place: of a byte, a time, a match, an error.

use super::{
    Book, Shelf, ShelfError, Sight,
    bits::Bits,
    block::{ERROR, Lines},
    find::Find,
    words::Goal,
};

/// A place that was found, or not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sought {
    /// The row within the lens; none for a line that is hidden.
    pub row: Option<u64>,
    /// The number of the line.
    pub line: Option<u64>,
    /// Of a match: how many lines match up to this one.
    pub rank: Option<u64>,
}

impl Sight {
    /// Finds a place.
    ///
    /// # Errors
    /// When the shelf fails.
    pub fn seek<S: Shelf>(&mut self, book: &mut Book<S>, goal: Goal) -> Result<Sought, ShelfError> {
        self.sync(book)?;
        match goal {
            Goal::Offset(offset) => self.at_offset(book, offset),
            Goal::Time(time_ms) => self.at_time(book, time_ms),
            Goal::MatchAfter(row) => {
                let base = self.base_of(row).map_or(0, |base| base.saturating_add(1));
                let Some(found) = self.find.as_ref().map(Find::found) else {
                    return Ok(Sought::default());
                };
                let next = found.before(base);
                self.at_match(book, found, if next < found.count() { next } else { 0 })
            }
            Goal::MatchBefore(row) => {
                let base = self.base_of(row).unwrap_or(u64::MAX);
                let Some(found) = self.find.as_ref().map(Find::found) else {
                    return Ok(Sought::default());
                };
                let before = found.before(base).checked_sub(1);
                self.at_match(book, found, before.unwrap_or(found.count().saturating_sub(1)))
            }
            Goal::ErrorAfter(row) => {
                let after = self.line_of(book, row)?.map_or(0, |line| line + 1);
                let line = match self.first_error(book, after)? {
                    None if after > 0 => self.first_error(book, 0)?,
                    line => line,
                };
                self.at_line(book, line)
            }
            Goal::ErrorBefore(row) => {
                let before = self.line_of(book, row)?.unwrap_or(book.lines);
                let line = match self.last_error(book, before)? {
                    None => self.last_error(book, book.lines)?,
                    line => line,
                };
                self.at_line(book, line)
            }
        }
    }

    /// The line of a row, if it has ended.
    fn line_of<S: Shelf>(&self, book: &mut Book<S>, row: u64) -> Result<Option<u64>, ShelfError> {
        let base = self.base_of(row).filter(|base| *base < self.base.ended(book));
        Ok(match base {
            Some(base) => self.base.find(book, base)?.and_then(|found| found.line),
            None => None,
        })
    }

    fn at_match<S: Shelf>(&self, book: &mut Book<S>, found: &Bits, nth: u64) -> Result<Sought, ShelfError> {
        Ok(Sought {
            rank: found.nth(nth).map(|_| nth + 1),
            ..self.at_base(book, found.nth(nth))?
        })
    }

    fn at_base<S: Shelf>(&self, book: &mut Book<S>, base: Option<u64>) -> Result<Sought, ShelfError> {
        let Some(base) = base else {
            return Ok(Sought::default());
        };
        let line = self.base.find(book, base)?.and_then(|found| found.line);
        let number = match line {
            Some(line) => Some(book.number_in(line, self.shows_tables_alone(book))?),
            None => None,
        };
        let (row, is_shown) = self.row_of(base);
        Ok(Sought {
            row: is_shown.then_some(row),
            line: number,
            rank: None,
        })
    }

    fn at_line<S: Shelf>(&self, book: &mut Book<S>, line: Option<u64>) -> Result<Sought, ShelfError> {
        let Some((line, place)) = line.and_then(|line| Some((line, book.place(line)?))) else {
            return Ok(Sought::default());
        };
        let head = book.head(place)?;
        let is_table = book.streams[usize::from(head.source)].is_table;
        let number = Some(book.number_in(line, is_table && self.shows_tables_alone(book))?);
        if !self.base.shows(head.source) {
            return Ok(Sought {
                line: number,
                ..Sought::default()
            });
        }
        // Of a line with several rows, the last: that is its text.
        let base = self.base.before(book, line)? + self.base.weight(&head) - 1;
        let (row, is_shown) = self.row_of(base);
        Ok(Sought {
            row: is_shown.then_some(row),
            line: number,
            rank: None,
        })
    }

    fn at_open<S: Shelf>(&self, book: &Book<S>, source: u16) -> Sought {
        let number = Some(book.open_number(source));
        if !self.base.shows(source) || self.find.as_ref().is_some_and(|find| find.shown().is_some()) {
            return Sought {
                line: number,
                ..Sought::default()
            };
        }
        Sought {
            row: Some(self.row_of(self.base.before_open(book, source)).0),
            line: number,
            rank: None,
        }
    }

    /// The first line from `line` on, of those that count, that tells an error.
    fn first_error<S: Shelf>(&self, book: &mut Book<S>, line: u64) -> Result<Option<u64>, ShelfError> {
        let look = |lines: &Lines, first: u64| {
            let mut heads = (first..).zip(&lines.heads);
            let found = heads.find(|(at, head)| *at >= line && self.base.shows(head.source) && head.has(ERROR));
            found.map(|(at, _)| at)
        };
        let start = book
            .entries
            .partition_point(|entry| entry.first + u64::from(entry.lines) <= line);
        for block in start..book.entries.len() {
            if book.entries[block].has_error {
                let lines = book.block(block)?;
                if let Some(found) = look(&lines, book.entries[block].first) {
                    return Ok(Some(found));
                }
            }
        }
        Ok(look(&book.tail, book.tail_first()))
    }

    /// The last line before `line`, of those that count, that tells an error.
    fn last_error<S: Shelf>(&self, book: &mut Book<S>, line: u64) -> Result<Option<u64>, ShelfError> {
        let look = |lines: &Lines, first: u64| {
            let is_it = |at: &usize| {
                let head = &lines.heads[*at];
                first + (*at as u64) < line && self.base.shows(head.source) && head.has(ERROR)
            };
            (0..lines.heads.len()).rev().find(is_it).map(|at| first + at as u64)
        };
        if let Some(found) = look(&book.tail, book.tail_first()) {
            return Ok(Some(found));
        }
        for block in (0..book.entries.len()).rev() {
            let entry = &book.entries[block];
            let first = entry.first;
            if entry.has_error && first < line {
                let lines = book.block(block)?;
                if let Some(found) = look(&lines, first) {
                    return Ok(Some(found));
                }
            }
        }
        Ok(None)
    }

    /// The line whose first byte is the nearest at or before a byte of the log.
    fn at_offset<S: Shelf>(&self, book: &mut Book<S>, offset: u64) -> Result<Sought, ShelfError> {
        if offset >= book.offset {
            return Ok(Sought::default());
        }
        let entries = book.entries.iter().map(|entry| entry.offsets);
        let whole = entries
            .filter(|(_, greatest)| *greatest <= offset)
            .map(|(_, greatest)| greatest)
            .max();
        let blocks: Vec<usize> = (0..book.entries.len())
            .filter(|block| {
                let (smallest, greatest) = book.entries[*block].offsets;
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
            let lines = book.block(block)?;
            look(&lines, book.entries[block].first);
        }
        look(&book.tail, book.tail_first());
        let open = book.open_sources().into_iter().rev().find_map(|source| {
            let open = book.streams[usize::from(source)].open.as_ref()?;
            (open.offset <= offset).then_some((open.offset, source))
        });
        match (open, best) {
            (Some((its, source)), best) if best.is_none_or(|(other, _)| other < its) => Ok(self.at_open(book, source)),
            (_, best) => self.at_line(book, best.map(|(_, line)| line)),
        }
    }

    /// The first line that counts and was not written before a time; the next that is shown where it is hidden.
    fn at_time<S: Shelf>(&self, book: &mut Book<S>, time_ms: i64) -> Result<Sought, ShelfError> {
        let look = |lines: &Lines| {
            lines
                .heads
                .iter()
                .position(|head| head.time_ms >= time_ms && self.base.shows(head.source))
        };
        let mut line = None;
        for block in 0..book.entries.len() {
            if book.entries[block].last_ms >= time_ms {
                let lines = book.block(block)?;
                if let Some(at) = look(&lines) {
                    line = Some(book.entries[block].first + at as u64);
                    break;
                }
            }
        }
        let line = line.or_else(|| look(&book.tail).map(|at| book.tail_first() + at as u64));
        let Some(line) = line else {
            let open = book.open_sources().into_iter().find(|source| {
                let open = &book.streams[usize::from(*source)].open;
                self.base.shows(*source) && open.as_ref().is_some_and(|open| open.time_ms >= time_ms)
            });
            return Ok(open.map(|source| self.at_open(book, source)).unwrap_or_default());
        };
        let base = self.base.before(book, line)?;
        let (row, _) = self.row_of(base);
        let shown = self.base_of(row);
        self.at_base(book, shown.filter(|base| *base < self.base.ended(book)))
    }
}
