//! Where the view stands among rows, however many there are.
//!
//! Browsers draw no element higher than some ten million pixels, so the scrolled space is capped. The truth is the row at
//! the top and how far it is scrolled out; the scroll bar follows it. A small move of the bar moves by as many pixels, a
//! large one by its share of the whole; where both have drifted apart, [`Scroll::bar_px`] says where the bar belongs.

use std::ops::Range;

/// Higher than this the scrolled space does not grow. Firefox ends at about 17,800,000 pixels of the device, of which up to
/// four make one of the page.
const CAP_PX: f64 = 4_000_000.0;

/// So many heights of the view a move may span to count as one by pixels.
const SMALL_MOVE_VIEWS: f64 = 3.0;

/// So near to an end, in pixels, the bar counts as being there.
const END_PX: f64 = 2.0;

/// The view's place.
#[derive(Debug, Clone, PartialEq)]
pub struct Scroll {
    /// How many rows there are.
    rows: u64,
    /// Height of a row that was not measured.
    row_px: f64,
    /// Height of the view.
    view_px: f64,
    /// The row at the top of the view.
    top: u64,
    /// How many pixels of it are scrolled out.
    out_px: f64,
    /// The last row stands at the view's lower end, and stays there when rows are added.
    is_at_end: bool,
    /// Where the bar was last.
    bar_px: f64,
}

impl Default for Scroll {
    fn default() -> Self {
        Self {
            rows: 0,
            row_px: 20.0,
            view_px: 400.0,
            top: 0,
            out_px: 0.0,
            is_at_end: true,
            bar_px: 0.0,
        }
    }
}

impl Scroll {
    /// Takes over what was measured, in pixels: a row's usual height, and the view's.
    pub fn measure(&mut self, row_px: f64, view_px: f64) {
        self.row_px = row_px.max(1.0);
        self.view_px = view_px.max(0.0);
    }

    /// There are so many rows now; those that were there stay in row_view. Where rows have gone, the view is filled again.
    pub fn set_rows(&mut self, rows: u64) {
        let are_fewer = rows < self.rows;
        self.rows = rows;
        if are_fewer && self.top > self.end_top() {
            (self.top, self.out_px) = (self.end_top(), 0.0);
        }
    }

    /// How many rows there are.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// The row at the top of the view, where it does not stand at the end.
    pub fn top(&self) -> u64 {
        if self.is_at_end { self.end_top() } else { self.top }
    }

    /// Whether the view stands at the end and follows it.
    pub fn is_at_end(&self) -> bool {
        self.is_at_end
    }

    /// How many rows of the usual height the view holds, rounded up.
    pub fn page(&self) -> u64 {
        (self.view_px / self.row_px).ceil() as u64
    }

    fn end_top(&self) -> u64 {
        self.rows.saturating_sub(self.page())
    }

    /// Height of the scrolled space.
    pub fn space_px(&self) -> f64 {
        (self.rows as f64 * self.row_px).clamp(self.view_px, CAP_PX.max(self.view_px))
    }

    fn bar_end_px(&self) -> f64 {
        self.space_px() - self.view_px
    }

    fn is_capped(&self) -> bool {
        self.rows as f64 * self.row_px > CAP_PX
    }

    /// Goes to the end and stays there.
    pub fn go_to_end(&mut self) {
        self.is_at_end = true;
    }

    /// Stays where it is while rows are added.
    pub fn stay(&mut self) {
        if self.is_at_end && self.rows as f64 * self.row_px > self.view_px {
            let top_px = self.rows as f64 * self.row_px - self.view_px;
            self.set_top_px(top_px);
        }
        self.is_at_end = false;
    }

    /// Goes to a row, so that `above` rows stand over it.
    pub fn go_to(&mut self, row: u64, above: u64) {
        self.is_at_end = false;
        self.top = row.saturating_sub(above).min(self.end_top());
        self.out_px = 0.0;
    }

    /// Moves by so many rows, downwards where the number is positive.
    pub fn move_by(&mut self, rows: i64) {
        self.stay();
        self.go_to(self.top.saturating_add_signed(rows), 0);
    }

    fn set_top_px(&mut self, px: f64) {
        let row = (px / self.row_px).floor().max(0.0);
        self.top = (row as u64).min(self.rows.saturating_sub(1));
        self.out_px = (px - self.top as f64 * self.row_px).max(0.0);
    }

    /// The bar has been moved to `bar_px`; `height` tells a row's height where it was measured.
    pub fn moved(&mut self, bar_px: f64, height: impl Fn(u64) -> Option<f64>) {
        let by = bar_px - self.bar_px;
        self.bar_px = bar_px;
        if by == 0.0 {
            return;
        }
        let end = self.bar_end_px();
        if bar_px >= end - END_PX {
            self.is_at_end = true;
            return;
        }
        if bar_px <= 0.0 {
            self.is_at_end = false;
            (self.top, self.out_px) = (0, 0.0);
            return;
        }
        let height = |row| height(row).unwrap_or(self.row_px);
        if by.abs() <= self.view_px * SMALL_MOVE_VIEWS {
            if self.is_at_end {
                (self.top, self.out_px) = (self.rows, 0.0);
                (self.top, self.out_px) = self.walked(by - self.view_px, height);
            } else {
                (self.top, self.out_px) = self.walked(by, height);
            }
        } else {
            let rows = (self.rows as f64 - self.view_px / self.row_px).max(0.0);
            self.set_top_px(bar_px / end * rows * self.row_px);
        }
        self.is_at_end = false;
    }

    /// The top after a move by pixels over rows of these heights.
    fn walked(&self, by_px: f64, height: impl Fn(u64) -> f64) -> (u64, f64) {
        let (mut row, mut px) = (self.top, self.out_px + by_px);
        while px < 0.0 && row > 0 {
            row -= 1;
            px += height(row);
        }
        while row + 1 < self.rows {
            let here = height(row);
            if px < here {
                break;
            }
            px -= here;
            row += 1;
        }
        (row, px.max(0.0))
    }

    /// Where the bar belongs.
    pub fn bar_px(&self) -> f64 {
        if self.is_at_end {
            return self.bar_end_px();
        }
        let px = self.top as f64 * self.row_px + self.out_px.min(self.row_px);
        if !self.is_capped() {
            return px.min(self.bar_end_px());
        }
        let all = self.rows as f64 * self.row_px - self.view_px;
        (px / all * self.bar_end_px()).clamp(0.0, self.bar_end_px())
    }

    /// The bar has been put to `bar_px` by the view itself.
    pub fn put(&mut self, bar_px: f64) {
        self.bar_px = bar_px;
    }

    /// Whether the bar runs into an end long before the rows do.
    pub fn must_be_put(&self) -> bool {
        let rest = (self.bar_px - self.bar_px()).abs();
        let is_near_an_end = self.bar_px < self.view_px || self.bar_px > self.bar_end_px() - self.view_px;
        is_near_an_end && rest > END_PX && !self.is_at_end
    }

    /// The rows to draw: those in row_view and `beyond` more on both sides.
    pub fn drawn(&self, beyond: u64) -> Range<u64> {
        let from = self.top().saturating_sub(beyond);
        let to = (self.top() + self.page() + 1 + beyond).min(self.rows);
        from.min(to)..to
    }

    /// How far the first row drawn stands above the top of the view, when the rows drawn have these heights.
    pub fn lift_px(&self, first: u64, height: impl Fn(u64) -> Option<f64>) -> f64 {
        let above: f64 = (first..self.top).map(|row| height(row).unwrap_or(self.row_px)).sum();
        above + self.out_px
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scroll(rows: u64) -> Scroll {
        let mut scroll = Scroll::default();
        scroll.measure(20.0, 400.0);
        scroll.set_rows(rows);
        scroll
    }

    fn unmeasured(_: u64) -> Option<f64> {
        None
    }

    #[test]
    fn a_short_log_scrolls_by_pixels_both_ways() {
        let mut scroll = scroll(1000);
        assert_eq!((scroll.space_px(), scroll.bar_px()), (20_000.0, 19_600.0));
        scroll.put(19_600.0);
        scroll.moved(19_550.0, unmeasured);
        assert!(!scroll.is_at_end());
        assert_eq!((scroll.top(), scroll.lift_px(977, unmeasured)), (977, 10.0));
        assert_eq!(scroll.bar_px(), 19_550.0);
        scroll.moved(30.0, unmeasured);
        assert_eq!((scroll.top(), scroll.lift_px(0, unmeasured)), (1, 30.0));
        scroll.moved(19_599.0, unmeasured);
        assert!(scroll.is_at_end());
    }

    #[test]
    fn a_view_whose_rows_have_gone_is_filled_again() {
        let mut scroll = scroll(1000);
        scroll.go_to(700, 5);
        scroll.set_rows(30);
        assert_eq!((scroll.top(), scroll.lift_px(10, unmeasured)), (10, 0.0));
        scroll.set_rows(8);
        assert_eq!((scroll.top(), scroll.drawn(4)), (0, 0..8));
    }

    #[test]
    fn every_row_of_a_capped_log_can_be_reached() {
        let mut scroll = scroll(300_000_000);
        assert_eq!(scroll.space_px(), CAP_PX);
        scroll.put(scroll.bar_px());
        scroll.moved(2_000_000.0, unmeasured);
        assert!(scroll.top().abs_diff(150_000_000) < 20_000, "{}", scroll.top());
        let top = scroll.top();
        for step in 1..=10 {
            scroll.moved(2_000_000.0 + f64::from(step) * 20.0, unmeasured);
        }
        assert_eq!(scroll.top(), top + 10);
        let belongs = scroll.bar_px();
        assert!((belongs - 2_000_000.0).abs() < 10.0);
        scroll.put(belongs);
        scroll.moved(0.0, unmeasured);
        assert_eq!(scroll.top(), 0);
        scroll.moved(CAP_PX, unmeasured);
        assert!(scroll.is_at_end());
    }

    #[test]
    fn a_capped_log_asks_for_its_bar_before_it_runs_into_an_end() {
        let mut scroll = scroll(3_000_000);
        scroll.go_to(1000, 0);
        scroll.put(scroll.bar_px());
        assert!(!scroll.must_be_put());
        let mut bar = scroll.bar_px();
        while !scroll.must_be_put() {
            bar -= 100.0;
            assert!(bar > 0.0);
            scroll.moved(bar, unmeasured);
        }
        assert!(scroll.top() > 0);
        assert!(scroll.bar_px() > bar);
    }

    #[test]
    fn rows_that_wrap_are_walked_by_their_heights() {
        let mut scroll = scroll(100);
        scroll.go_to(10, 0);
        scroll.put(scroll.bar_px());
        let height = |row| (row == 10).then_some(60.0);
        scroll.moved(250.0, height);
        assert_eq!((scroll.top(), scroll.lift_px(10, height)), (10, 50.0));
        scroll.moved(270.0, height);
        assert_eq!((scroll.top(), scroll.lift_px(10, height)), (11, 70.0));
    }

    #[test]
    fn added_rows_move_only_who_follows() {
        let mut scroll = scroll(100);
        assert_eq!(scroll.drawn(5), 75..100);
        scroll.set_rows(200);
        assert_eq!(scroll.top(), 180);
        scroll.stay();
        scroll.set_rows(300);
        assert_eq!(scroll.top(), 180);
        scroll.go_to(5, 8);
        assert_eq!(scroll.drawn(2), 0..23);
        scroll.set_rows(0);
        assert!(scroll.drawn(2).is_empty());
    }
}
