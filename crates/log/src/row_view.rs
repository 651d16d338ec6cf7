//! What is in row_view: which lines are rows, and the rows of a window.

use super::{
    Log, Storage, StorageError,
    find::Find,
    folds::Folds,
    model::{Group, Matches, Pattern, Row, RowFilter, Rows, Window},
    row_filter::{BaseRows, Found},
};

/// A window has so many rows at most.
const MAX_WINDOW_ROWS: u64 = 1000;

/// Which lines are rows: the filter, what is looked for, which groups are closed.
#[derive(Debug, Default)]
pub struct RowView {
    pub(super) base: BaseRows,
    pub(super) folds: Folds,
    pub(super) find: Option<Find>,
    version: u32,
}

impl RowView {
    /// Shows lines by this filter.
    pub fn set_lens(&mut self, filter: RowFilter) {
        let context = filter.matches_with_context;
        self.base = BaseRows::new(filter);
        self.folds.recount();
        self.find = self.find.take().map(|find| find.again(context));
        self.version += 1;
    }

    /// Looks for this from now on.
    pub fn set_pattern(&mut self, pattern: Option<Pattern>) {
        let context = self.base.filter().matches_with_context;
        self.find = pattern.map(|pattern| Find::new(pattern, context));
        self.version += 1;
    }

    /// Closes or opens the group whose first line has this number.
    ///
    /// # Errors
    /// When the storage fails.
    pub fn fold<S: Storage>(&mut self, log: &mut Log<S>, number: u64, is_closed: bool) -> Result<(), StorageError> {
        if let Some(line) = log.line_of_number(number, false)?
            && log.groups.starting(line).is_some()
        {
            self.folds.set(line, is_closed);
            self.version += 1;
        }
        Ok(())
    }

    /// Grows with each change of which lines are rows.
    pub fn version(&self) -> u32 {
        self.version
    }

    /// Looks for the pattern until `is_over`, or until all was looked at; says whether there is more to do.
    ///
    /// # Errors
    /// When the storage fails.
    pub fn step<S: Storage>(&mut self, log: &mut Log<S>, is_over: impl FnMut() -> bool) -> Result<bool, StorageError> {
        self.base.sync(log);
        let Some(find) = &mut self.find else {
            return Ok(false);
        };
        // Which rows are shown around matches is another matter then.
        let is_other = find.step(log, &self.base, is_over)? && find.shown().is_some();
        self.version += u32::from(is_other);
        Ok(find.has_more(log))
    }

    /// Whether there is more to look for.
    pub fn has_more<S: Storage>(&self, log: &Log<S>) -> bool {
        self.find.as_ref().is_some_and(|find| find.has_more(log))
    }

    /// How far looking for the pattern has come.
    pub fn matches<S: Storage>(&self, log: &Log<S>) -> Option<Matches> {
        Some(self.find.as_ref()?.progress(log, &self.base))
    }

    /// How many rows there are.
    ///
    /// # Errors
    /// When the storage fails.
    pub fn count<S: Storage>(&mut self, log: &mut Log<S>) -> Result<u64, StorageError> {
        self.sync(log)?;
        Ok(self.rows(log))
    }

    pub(super) fn sync<S: Storage>(&mut self, log: &mut Log<S>) -> Result<(), StorageError> {
        self.base.sync(log);
        self.folds.sync(log, &self.base)
    }

    fn rows<S: Storage>(&self, log: &Log<S>) -> u64 {
        if let Some(shown) = self.find.as_ref().and_then(Find::shown) {
            return shown.before(self.base.ended(log));
        }
        let all = self.base.count(log);
        self.folds.hidden().map_or(all, |hidden| hidden.others_before(all))
    }

    /// The base row of a row; none of it is hidden.
    pub(super) fn base_of(&self, row: u64) -> Option<u64> {
        if let Some(shown) = self.find.as_ref().and_then(Find::shown) {
            return shown.nth(row);
        }
        Some(self.folds.hidden().map_or(row, |hidden| hidden.nth_other(row)))
    }

    /// The row of a base row, or of the next one that is shown; and whether it is shown itself.
    pub(super) fn row_of(&self, base: u64) -> (u64, bool) {
        if let Some(shown) = self.find.as_ref().and_then(Find::shown) {
            return (shown.before(base), shown.has(base));
        }
        match self.folds.hidden() {
            Some(hidden) => (hidden.others_before(base), !hidden.has(base)),
            None => (base, true),
        }
    }

    /// Draws the rows of a window.
    ///
    /// # Errors
    /// When the storage fails.
    pub fn window<S: Storage>(&mut self, log: &mut Log<S>, window: Window) -> Result<Rows, StorageError> {
        let of = self.count(log)?;
        let count = u64::from(window.count).min(MAX_WINDOW_ROWS);
        let first = window.first.unwrap_or(of.saturating_sub(count)).min(of);
        let mut rows = Vec::new();
        let mut last = match first.checked_sub(1) {
            Some(before) => self.base_of(before),
            None => None,
        };
        for row in first..of.min(first + count) {
            let Some(base) = self.base_of(row) else { break };
            let Some(found) = self.base.find(log, base)? else {
                break;
            };
            let mut drawn = self.row(log, found)?;
            drawn.hidden_before = base - last.map_or(0, |last| last + 1);
            if let Some(find) = self.find.as_ref().filter(|find| find.shown().is_some()) {
                drawn.is_context = !find.found().has(base);
            }
            last = Some(base);
            rows.push(drawn);
        }
        Ok(Rows {
            filter: self.version,
            first,
            rows,
            of,
        })
    }

    fn row<S: Storage>(&self, log: &mut Log<S>, found: Found) -> Result<Row, StorageError> {
        let mut row = log.row(found.place, found.state)?;
        if let Some(find) = &self.find {
            row.matches = find.stretches(&row.text);
        }
        row.line = match found.line {
            Some(line) => log.number_in(line, self.shows_tables_alone(log))?,
            None => log.open_number(row.source),
        };
        if let Some(span) = found.line.and_then(|line| log.groups.starting(line)) {
            row.group = Some(Group {
                lines: span.lines(log.streams[usize::from(span.source)].lines),
                is_closed: self.folds.is_closed(span.first),
            });
        }
        Ok(row)
    }

    /// Whether lines are numbered among those of tables.
    pub(super) fn shows_tables_alone<S>(&self, log: &Log<S>) -> bool {
        let sources = &self.base.filter().sources;
        !sources.is_empty() && !log.streams.is_empty() && sources.iter().all(super::model::Source::is_table)
    }
}
