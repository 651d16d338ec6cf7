//! The rows that the page holds: those around the view, and which to ask for.

use std::{collections::BTreeMap, ops::Range};

use crate::model::{Row, Rows, Window};

/// So many rows are held at most.
const MAX_ROWS: usize = 800;

/// So many rows beyond those drawn are asked for: most of them ahead.
const AHEAD: u64 = 120;
const BEHIND: u64 = 40;

/// The rows that the page holds.
#[derive(Debug, Default)]
pub struct Cache {
    filter: u32,
    rows: BTreeMap<u64, Row>,
    asked: Option<Window>,
}

impl Cache {
    /// Takes in rows that were told. Those of another filter replace all; of too many, those around what was told last
    /// stay: where the view stands, the page may not know before it draws, and it draws nothing while it is hidden.
    pub fn take(&mut self, told: Rows) {
        let near = told.first;
        if told.filter != self.filter {
            self.rows.clear();
            self.filter = told.filter;
        }
        self.rows.extend((told.first..).zip(told.rows));
        // Where rows were taken away at the end, none may stay that is no more.
        self.rows.split_off(&told.of);
        while self.rows.len() > MAX_ROWS {
            let (Some((first, _)), Some((last, _))) = (self.rows.first_key_value(), self.rows.last_key_value()) else {
                return;
            };
            let farthest = if near.abs_diff(*first) > near.abs_diff(*last) {
                *first
            } else {
                *last
            };
            self.rows.remove(&farthest);
        }
    }

    /// The filter of the rows that are held.
    pub fn filter(&self) -> u32 {
        self.filter
    }

    /// A row, if it is held.
    pub fn row(&self, number: u64) -> Option<&Row> {
        self.rows.get(&number)
    }

    /// The rows of a stretch that are held.
    pub fn rows(&self, stretch: Range<u64>) -> impl Iterator<Item = (u64, &Row)> {
        let stretch = stretch.start..stretch.end.max(stretch.start);
        self.rows.range(stretch).map(|(number, row)| (*number, row))
    }

    /// The number after the last row that is held.
    pub fn end(&self) -> Option<u64> {
        self.rows.last_key_value().map(|(number, _)| number + 1)
    }

    /// What to ask for so that `drawn` can be drawn, where it was not asked for yet.
    pub fn wanted(&mut self, drawn: Range<u64>, is_at_end: bool, goes_up: bool) -> Option<Window> {
        let count = |rows: u64| u32::try_from(rows).unwrap_or(u32::MAX);
        if is_at_end {
            // Rounded up, so that a view that changes a little asks for the same.
            let rows = (drawn.end - drawn.start + 20).next_multiple_of(32);
            let window = Window {
                first: None,
                count: count(rows),
            };
            return (self.asked.replace(window) != Some(window)).then_some(window);
        }
        let is_asked = |window: &Window| {
            window.first.is_some_and(|first| {
                let slack = if first == 0 { 0 } else { BEHIND / 2 };
                first + slack <= drawn.start.max(slack) && drawn.end + BEHIND / 2 <= first + u64::from(window.count)
            })
        };
        if self.asked.as_ref().is_some_and(is_asked) {
            return None;
        }
        let (above, below) = if goes_up { (AHEAD, BEHIND) } else { (BEHIND, AHEAD) };
        let first = drawn.start.saturating_sub(above);
        let window = Window {
            first: Some(first),
            count: count(drawn.end + below - first),
        };
        self.asked = Some(window);
        Some(window)
    }

    /// Forgets what was asked for: it is asked anew.
    pub fn forget_asked(&mut self) {
        self.asked = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(filter: u32, first: u64, count: u64, of: u64) -> Rows {
        Rows {
            filter,
            first,
            rows: (first..first + count)
                .map(|line| Row { line, ..Row::default() })
                .collect(),
            of,
        }
    }

    #[test]
    fn rows_are_held_around_the_view() {
        let mut cache = Cache::default();
        for first in (0..2000).step_by(100) {
            cache.take(told(0, first, 100, 2000));
        }
        assert!(cache.row(0).is_none());
        assert_eq!(cache.rows(1200..2000).count(), 800);
        cache.take(told(0, 1990, 5, 1995));
        assert!(cache.row(1995).is_none());
        // Whoever stays at the end sees what comes, however much was told since the last look.
        for of in (10_000..40_000).step_by(1000) {
            cache.take(told(0, of - 64, 64, of));
            assert_eq!(cache.end(), Some(of));
        }
        cache.take(told(1, 3, 1, 4));
        assert_eq!(cache.rows(0..2000).map(|(number, _)| number).collect::<Vec<_>>(), [3]);
    }

    #[test]
    fn a_window_is_asked_for_once_and_ahead() {
        let mut cache = Cache::default();
        let window = |first, count| Some(Window { first, count });
        assert_eq!(cache.wanted(75..100, true, false), window(None, 64));
        assert_eq!(cache.wanted(76..101, true, false), None);
        assert_eq!(cache.wanted(500..530, false, true), window(Some(380), 190));
        assert_eq!(cache.wanted(420..450, false, true), None);
        assert_eq!(cache.wanted(390..420, false, true), window(Some(270), 190));
        assert_eq!(cache.wanted(0..30, false, true), window(Some(0), 70));
        assert_eq!(cache.wanted(0..30, false, true), None);
        assert_eq!(cache.wanted(5..55, false, false), window(Some(0), 175));
        cache.forget_asked();
        assert!(cache.wanted(5..55, false, false).is_some());
    }
}
