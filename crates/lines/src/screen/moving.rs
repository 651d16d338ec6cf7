//! What a line does that leaves its row, or began on another's.

use super::{OPEN, Screen, ScreenRow};
use crate::{
    canvas::Canvas,
    orders::{Order, Part},
    style::Style,
};

/// Rows of the page, where a program names them from its top.
const PAGE_ROWS: u64 = 24;
/// Whoever is sent further right is sent to the edge.
const FARTHEST: usize = 512;
const EDGE: usize = 79;

impl Screen {
    /// Whether an order of a line that has stayed on its own row leads away from it.
    pub(super) fn leaves(&self, order: Order) -> bool {
        order.leaves_row() || order == Order::Restore && self.saved.is_none_or(|(row, _)| row != self.row)
    }

    /// The line that is read leaves its row, which shows this.
    pub(super) fn activate(&mut self, canvas: &Canvas) {
        self.is_active = true;
        self.column = canvas.column();
        if let Some(row) = self.rows.back_mut() {
            self.cells += canvas.cells();
            row.canvas = Some(Box::new(canvas.clone()));
            row.is_changed = true;
            row.visit = self.visit;
        }
    }

    pub(super) fn obey(&mut self, order: Order, style: Style, fetch: &mut impl FnMut(u64) -> Canvas) {
        match order {
            Order::Up(rows) => self.go(self.row.saturating_sub(rows.into()), self.column),
            Order::Down(rows) => self.go(self.row + u64::from(rows), self.column),
            Order::RowBefore(rows) => self.go(self.row.saturating_sub(rows.into()), 0),
            Order::NextRow(rows) => self.go(self.row + u64::from(rows), 0),
            Order::Row(row) => self.go_on_page(row, self.column),
            Order::Place(row, column) => {
                let column = usize::from(column) - 1;
                self.go_on_page(row, if column > FARTHEST { EDGE } else { column });
            }
            Order::Save => self.saved = Some((self.row, self.column)),
            Order::Restore => {
                if let Some((row, column)) = self.saved {
                    self.go(row, column);
                }
            }
            Order::ErasePage(Part::All) => self.clear_page(),
            Order::ErasePage(part) => {
                self.change(fetch, |canvas| {
                    canvas.obey(Order::EraseLine(part), style);
                });
                if part == Part::After {
                    self.empty_below();
                }
            }
            Order::Return => self.column = 0,
            Order::Back | Order::Left(_) | Order::Right(_) | Order::Column(_) => {
                let column = self.column;
                if let Some(canvas) = self.canvas(fetch) {
                    canvas.stand_at(column);
                    canvas.obey(order, style);
                    self.column = canvas.column();
                }
            }
            _ => self.change(fetch, |canvas| {
                canvas.obey(order, style);
            }),
        }
    }

    fn go(&mut self, row: u64, column: usize) {
        let top = self.first.max(self.page).min(self.end().saturating_sub(1));
        self.row = row.clamp(top, self.end().saturating_sub(1).max(top));
        self.column = column;
        self.visit += 1;
    }

    fn go_on_page(&mut self, row: u16, column: usize) {
        let top = self.page.max(self.end().saturating_sub(PAGE_ROWS));
        self.go(top + u64::from(row) - 1, column);
        if std::mem::take(&mut self.is_cleared) && self.row == self.page {
            // What was cleared stays to be read, but for what stands where the page begins.
            self.empty(self.row);
        }
    }

    /// What is taken off a whole page stays to be read: a new page begins with the last row.
    pub(super) fn clear_page(&mut self) {
        self.page = self.end().saturating_sub(1);
        if self.row != self.page {
            self.go(self.page, self.column);
        }
        self.is_cleared = true;
    }

    fn empty_below(&mut self) {
        (self.row + 1..self.empty_from).for_each(|row| self.empty(row));
        self.empty_from = self.row + 1;
    }

    fn empty(&mut self, row: u64) {
        let is_empty = |row: &ScreenRow| row.canvas().is_some_and(Canvas::is_empty);
        if self.at(row).is_none_or(is_empty) {
            return;
        }
        self.touch(row);
        let canvas = Box::new(Canvas::new(self.columns));
        let before = self.at_mut(row).and_then(|row| row.canvas.replace(canvas));
        self.cells -= before.map_or(0, |canvas| canvas.cells());
    }

    /// The row where it writes, as it stands.
    fn canvas(&mut self, fetch: &mut impl FnMut(u64) -> Canvas) -> Option<&mut Canvas> {
        let at = usize::try_from(self.row.checked_sub(self.first)?).ok()?;
        let row = self.rows.get_mut(at)?;
        if row.canvas.is_none() {
            let canvas = fetch(row.line);
            self.cells += canvas.cells();
            row.canvas = Some(Box::new(canvas));
        }
        row.canvas.as_deref_mut()
    }

    pub(super) fn change(&mut self, fetch: &mut impl FnMut(u64) -> Canvas, change: impl FnOnce(&mut Canvas)) {
        let (row, column) = (self.row, self.column);
        let is_new = self.touch(row);
        let Some(canvas) = self.canvas(fetch) else { return };
        if is_new || canvas.column() != column {
            canvas.stand_at(column);
        }
        let before = canvas.cells();
        change(canvas);
        let (column, after) = (canvas.column(), canvas.cells());
        self.column = column;
        self.cells = self.cells + after - before;
    }

    /// A row is written to; whether that is so for the first time since somebody came to it.
    fn touch(&mut self, row: u64) -> bool {
        let visit = self.visit;
        self.empty_from = self.empty_from.max(row + 1);
        let Some(row) = self.at_mut(row) else { return false };
        row.is_changed = true;
        let is_new = row.visit != visit;
        row.visit = visit;
        row.redraws = row.redraws.saturating_add(u32::from(is_new));
        let line = row.line;
        if line != OPEN && self.changed.last() != Some(&line) {
            self.changed.push(line);
        }
        is_new
    }
}
