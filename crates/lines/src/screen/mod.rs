//! The rows of a terminal above the last one: a program may go back to them and write there again.
//!
//! Each row belongs to the line that made it: the one that began when the terminal had no further row. A line that begins on a
//! row which is there already makes none: what it writes changes what that row shows, and whatever else it goes to. Nobody
//! knows how high a terminal was meant: it is as high as it has rows, up to a limit, and whoever is sent below its last
//! row stays there.
//!
//! Most lines write behind each other. Of them only their numbers are kept; what such a row shows is asked for when somebody
//! comes to it.

mod moving;
mod row;

use std::collections::VecDeque;

use crate::{
    canvas::Canvas,
    decoder::Sign,
    orders::{Order, Part},
    style::Style,
};
pub use row::ScreenRow;

/// So many rows can be reached.
const ROWS: usize = 200;
/// So many columns of rows that were written to again are held, together.
const CELLS: usize = 1 << 17;
/// The number of a line that has not ended.
const OPEN: u64 = u64::MAX;

/// Where a line has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ended {
    /// It has made a row.
    pub has_row: bool,
    /// The line whose row it wrote to last; itself, as a rule.
    pub on: u64,
}

/// What the terminal of one source shows, and where it writes.
#[derive(Debug, Clone)]
pub struct Screen {
    /// Columns of a row that are kept.
    columns: usize,
    rows: VecDeque<ScreenRow>,
    /// How many rows came before them.
    first: u64,
    /// Where it writes; rows are counted from the first that ever was.
    row: u64,
    column: usize,
    saved: Option<(u64, usize)>,
    /// Rows before this one belong to pages that were cleared.
    page: u64,
    /// The page was cleared, and nobody has gone to its first row since.
    is_cleared: bool,
    is_begun: bool,
    /// The line that is read may write to rows that are not its own, or has.
    is_active: bool,
    /// The line whose row the one that is read began on.
    under: Option<u64>,
    visit: u64,
    /// From this row on, nothing stands in any.
    empty_from: u64,
    cells: usize,
    /// Rows that can be reached no more, of those that were changed.
    left: Vec<ScreenRow>,
    /// Lines that have ended and whose rows were changed.
    changed: Vec<u64>,
}

impl Screen {
    /// A screen without rows; each keeps at most so many columns.
    pub fn new(columns: usize) -> Self {
        Self {
            columns,
            rows: VecDeque::new(),
            first: 0,
            row: 0,
            column: 0,
            saved: None,
            page: 0,
            is_cleared: false,
            is_begun: false,
            is_active: false,
            under: None,
            visit: 0,
            empty_from: 0,
            cells: 0,
            left: Vec::new(),
            changed: Vec::new(),
        }
    }

    /// Whether the next line makes a row of its own.
    pub fn is_at_end(&self) -> bool {
        self.row == self.end()
    }

    /// A line begins.
    pub fn begin(&mut self) {
        self.is_begun = true;
        self.is_active = !self.is_at_end();
        self.visit += 1;
        self.under = None;
        if self.is_active {
            self.under = self.at(self.row).map(|row| row.line);
        } else {
            self.push(OPEN);
        }
    }

    /// The line whose row the open line began on; none where it made one.
    pub fn under(&self) -> Option<u64> {
        self.under
    }

    /// Hears a sign of the open line; `canvas` is the line before it. `fetch` gives what a line shows by itself.
    pub fn hear(&mut self, canvas: &Canvas, sign: Sign<'_>, style: Style, mut fetch: impl FnMut(u64) -> Canvas) {
        if !self.is_active {
            match sign {
                Sign::Order(order) if self.leaves(order) => self.activate(canvas),
                Sign::Order(Order::Save) => self.saved = Some((self.row, canvas.column())),
                Sign::Order(Order::ErasePage(Part::All)) => self.clear_page(),
                _ => {}
            }
            if !self.is_active {
                return;
            }
        }
        match sign {
            Sign::Text(text) => self.change(&mut fetch, |canvas| {
                canvas.write(text, style);
            }),
            Sign::Order(order) => self.obey(order, style, &mut fetch),
        }
    }

    /// A line has ended, with this number; says where. Of a line that [`goes`](crate::goes) nowhere, while
    /// [`Self::is_at_end`], nothing else has to be heard.
    pub fn end_line(&mut self, line: u64, is_error: bool) -> Ended {
        if !std::mem::take(&mut self.is_begun) {
            self.push(line);
        }
        if let Some(last) = self.rows.back_mut().filter(|last| last.line == OPEN) {
            last.line = line;
        }
        let row = self.row;
        let on = self.at_mut(row).map_or(line, |row| {
            row.is_error = is_error;
            row.line
        });
        if self.is_active {
            self.settle();
        }
        (self.row, self.column) = ((row + 1).min(self.end()), 0);
        (self.is_active, self.is_cleared) = (false, false);
        Ended {
            has_row: self.under.take().is_none(),
            on,
        }
    }

    /// The row that a line made, as long as it can be reached; `None` stands for the open line.
    pub fn row_of(&self, line: Option<u64>) -> Option<&ScreenRow> {
        self.place(line.unwrap_or(OPEN)).and_then(|at| self.rows.get(at))
    }

    /// The rows among these lines that show something else than their lines.
    pub fn changed_rows(&self, lines: std::ops::Range<u64>) -> impl Iterator<Item = &ScreenRow> {
        let from = self.rows.partition_point(|row| row.line < lines.start);
        let rows = self.rows.range(from..).take_while(move |row| row.line < lines.end);
        rows.filter(|row| row.canvas().is_some())
    }

    /// Rows that were changed and cannot be reached any more, in the order of their lines; each is told once.
    pub fn take_left(&mut self) -> Vec<ScreenRow> {
        std::mem::take(&mut self.left)
    }

    /// Lines that have ended and whose rows were changed since this was last asked.
    pub fn take_changed(&mut self) -> Vec<u64> {
        std::mem::take(&mut self.changed)
    }

    fn end(&self) -> u64 {
        self.first + self.rows.len() as u64
    }

    fn at(&self, row: u64) -> Option<&ScreenRow> {
        self.rows.get(usize::try_from(row.checked_sub(self.first)?).ok()?)
    }

    fn at_mut(&mut self, row: u64) -> Option<&mut ScreenRow> {
        self.rows.get_mut(usize::try_from(row.checked_sub(self.first)?).ok()?)
    }

    fn place(&self, line: u64) -> Option<usize> {
        self.rows.binary_search_by_key(&line, |row| row.line).ok()
    }

    fn push(&mut self, line: u64) {
        if self.rows.len() == ROWS {
            self.pop();
        }
        self.rows.push_back(ScreenRow::new(line));
        self.empty_from = self.end();
    }

    fn pop(&mut self) {
        let Some(row) = self.rows.pop_front() else { return };
        self.first += 1;
        self.cells -= row.cells();
        if row.canvas().is_some() {
            self.left.push(row);
        }
    }

    /// Lets go of the first rows where too much is held.
    fn settle(&mut self) {
        while self.cells > CELLS && self.first < self.row {
            self.pop();
        }
    }
}
