//! The view of the log: which rows are drawn, and where they stand.

use std::{collections::BTreeMap, ops::Range};

use web_sys::wasm_bindgen::JsValue;

use crate::browser::{
    log_rows::{RowNodes, Shown},
    log_view::{LogRegion, Stand},
};
use jobsphere_log::{
    model::{Count, Row, Rows, Window},
    view::{cache::Cache, scroll::Scroll},
};

/// So many rows beyond those in drawn are drawn, so that a scroll shows no emptiness.
const BEYOND: u64 = 8;

/// The view's parts.
pub(crate) struct Stage {
    pub(crate) region: LogRegion,
    nodes: RowNodes,
    scroll: Scroll,
    cache: Cache,
    /// Heights of rows that wrap, as they were measured.
    heights: BTreeMap<u64, f64>,
    wraps: bool,
    /// As in [`Count`].
    filter: u32,
    rows: u64,
    /// Rows up to the last one have been told since the end was asked for.
    has_end: bool,
    was_at_end: bool,
    goes_up: bool,
    columns: usize,
    digits: usize,
}

impl Stage {
    pub(crate) fn new(region: LogRegion) -> Option<Self> {
        Some(Self {
            nodes: RowNodes::new(region.rows.clone())?,
            region,
            scroll: Scroll::default(),
            cache: Cache::default(),
            heights: BTreeMap::new(),
            wraps: false,
            filter: 0,
            rows: 0,
            has_end: false,
            was_at_end: false,
            goes_up: false,
            columns: 0,
            digits: 0,
        })
    }

    /// Takes in how much there is.
    pub(crate) fn take_count(&mut self, count: &Count) {
        if count.filter != self.filter {
            self.set_lens(count.filter);
        }
        self.rows = count.rows;
        let digits = count.lines.max(1).ilog10() as usize + 1;
        if digits != self.digits {
            self.digits = digits;
            self.region.set_digits(digits);
        }
    }

    /// Takes in rows.
    pub(crate) fn take_rows(&mut self, rows: Rows) {
        if rows.filter < self.filter {
            return;
        }
        if rows.filter != self.filter {
            self.set_lens(rows.filter);
            self.rows = rows.of;
        }
        self.rows = self.rows.max(rows.of);
        if rows.first + rows.rows.len() as u64 == rows.of {
            self.has_end = true;
        }
        for number in rows.first..rows.first + rows.rows.len() as u64 {
            self.heights.remove(&number);
        }
        self.cache.take(rows);
    }

    fn set_lens(&mut self, filter: u32) {
        self.filter = filter;
        self.columns = 0;
        self.has_end = false;
        self.heights.clear();
        self.cache.forget_asked();
    }

    /// The worker is another one and was asked for nothing.
    pub(crate) fn ask_anew(&mut self) {
        self.cache.forget_asked();
    }

    /// Whether long lines are broken.
    pub(crate) fn set_wraps(&mut self, wraps: bool) {
        self.wraps = wraps;
        self.heights.clear();
    }

    /// The view has another size.
    pub(crate) fn resized(&mut self) {
        self.heights.clear();
    }

    /// Whether the view stays at the end.
    pub(crate) fn is_at_end(&self) -> bool {
        self.scroll.is_at_end()
    }

    /// A row that the page holds.
    pub(crate) fn row(&self, number: u64) -> Option<&Row> {
        self.cache.row(number)
    }

    /// The number of the row at the top of the view.
    pub(crate) fn top(&self) -> u64 {
        self.scroll.top()
    }

    /// The first row that is in drawn as a whole.
    pub(crate) fn first_in_sight(&self) -> u64 {
        (self.scroll.top() + 1).min(self.rows.saturating_sub(1))
    }

    /// The row of a line, where it is held.
    pub(crate) fn row_of_line(&self, line: u64) -> Option<u64> {
        let held = self.cache.rows(0..u64::MAX);
        let mut held = held.filter(|(_, row)| row.line == line);
        held.next().map(|(number, _)| number)
    }

    /// The bar was moved.
    pub(crate) fn scrolled(&mut self) {
        let before = self.scroll.top();
        let heights = &self.heights;
        self.scroll
            .moved(self.region.bar_px(), |row| heights.get(&row).copied());
        self.goes_up = self.scroll.top() < before;
    }

    /// Goes to the end and stays there.
    pub(crate) fn go_to_end(&mut self) {
        self.scroll.go_to_end();
    }

    /// Stays where it is.
    pub(crate) fn stay(&mut self) {
        self.scroll.stay();
    }

    /// Goes to a row, a third down the view.
    pub(crate) fn go_to(&mut self, row: u64) {
        self.scroll.set_rows(self.rows);
        self.goes_up = row < self.scroll.top();
        self.scroll.go_to(row, self.scroll.page() / 3);
        self.region.set_space(self.scroll.space_px());
        self.put_bar();
    }

    /// Goes to a row only where it is not in drawn.
    pub(crate) fn bring(&mut self, row: u64) {
        let drawn = self.scroll.drawn(0);
        if !(drawn.start + 1..drawn.end.saturating_sub(2)).contains(&row) {
            self.go_to(row);
        }
    }

    /// Moves the bar to where it belongs, once it rests.
    pub(crate) fn put_bar(&mut self) {
        let bar = self.region.set_bar(self.scroll.bar_px());
        self.scroll.put(bar);
    }

    /// Whether the page holds what is to be drawn; until then the last rows stay.
    fn drawable(&self, range: &Range<u64>) -> bool {
        let is_of_lens = self.cache.filter() == self.filter;
        if self.scroll.is_at_end() {
            return is_of_lens && self.has_end;
        }
        is_of_lens && (range.is_empty() || self.cache.rows(self.scroll.drawn(0)).next().is_some())
    }

    /// Draws the rows in drawn; what to ask the worker for.
    ///
    /// # Errors
    /// What the browser throws when a node cannot be made.
    pub(crate) fn draw(&mut self, shown: impl Fn(&Cache, u64) -> Shown) -> Result<Option<Window>, JsValue> {
        let (row_px, view_px) = self.region.measure();
        if view_px <= 0.0 {
            // Nobody sees it.
            return Ok(None);
        }
        self.scroll.measure(row_px, view_px);
        self.region.fit_layer(view_px);
        let at_end = self.scroll.is_at_end();
        self.has_end &= self.was_at_end || !at_end;
        self.was_at_end = at_end;
        // At the end, what was told counts: rows that were only counted would stand there empty.
        let told = self.cache.end().unwrap_or(0);
        self.scroll.set_rows(if at_end && self.has_end {
            told.min(self.rows)
        } else {
            self.rows
        });
        self.region.set_space(self.scroll.space_px());
        if at_end || self.scroll.must_be_put() {
            self.put_bar();
        }
        let range = self.scroll.drawn(BEYOND);
        let wanted = self.cache.wanted(range.clone(), at_end, self.goes_up);
        if !self.drawable(&range) {
            return Ok(wanted);
        }
        let cache = &self.cache;
        self.nodes.draw(range.clone(), |number| shown(cache, number))?;
        self.widen(&range);
        if self.wraps {
            self.heights.extend(self.nodes.heights());
            while self.heights.len() > 2000 {
                self.heights.pop_first();
            }
        }
        let heights = &self.heights;
        let height = |row| heights.get(&row).copied();
        let stand = if self.scroll.is_at_end() {
            Stand::End
        } else {
            Stand::Lifted(self.scroll.lift_px(range.start, height))
        };
        if let (true, Stand::Lifted(lift)) = (self.wraps, stand) {
            let all: f64 = range.clone().map(|row| height(row).unwrap_or(row_px)).sum();
            if range.end == self.rows && all > view_px && all - lift < view_px {
                self.scroll.go_to_end();
                self.has_end = true;
                self.region.stand(Stand::End);
                return Ok(wanted);
            }
        }
        self.region.stand(stand);
        Ok(wanted)
    }

    /// Keeps room for the longest line seen, so that the view does not jump sideways.
    fn widen(&mut self, range: &Range<u64>) {
        let letters = |(_, row): (u64, &Row)| row.text.len();
        let longest = self.cache.rows(range.clone()).map(letters).max().unwrap_or(0);
        let columns = if self.wraps { 0 } else { longest.max(self.columns) };
        if columns != self.columns {
            self.columns = columns;
            self.region.set_columns(columns);
        }
    }
}
