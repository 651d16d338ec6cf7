//! The lines that are marked.

use leptos::prelude::*;

use super::log::Log;
use jobsphere_log::{
    model::Row,
    view::place::{Marked, Place},
};

impl Log {
    /// Marks a line, or draws out what is marked to it. The one line that is marked is unmarked.
    pub(crate) fn mark(self, row: &Row, draws_out: bool) {
        let place = Place::of(row);
        let marked = self.reading.marked;
        let now = match marked.get_untracked() {
            Some(now) if draws_out => Some(now.drawn_out(place)),
            Some(now) if now == Marked::one(place) => None,
            _ => Some(Marked::one(place)),
        };
        marked.set(now);
        self.stage_do(|stage| stage.stay());
    }

    /// Marks the line below or above the one marked last, or draws out what is marked to it.
    pub(crate) fn mark_next(self, by: i64, draws_out: bool) {
        let marked = self.reading.marked.get_untracked();
        let next = self.stage_do(|stage| {
            stage.stay();
            let row = match marked.and_then(|marked| stage.row_of_line(marked.to.line)) {
                Some(row) => row.saturating_add_signed(by),
                None => stage.first_in_sight(),
            };
            let found = stage.row(row).cloned();
            if found.is_some() {
                stage.bring(row);
            }
            found
        });
        let Some(row) = next.flatten() else { return };
        let one = Marked::one(Place::of(&row));
        let now = marked
            .filter(|_| draws_out)
            .map_or(one, |marked| marked.drawn_out(one.to));
        self.reading.marked.set(Some(now));
    }
}
