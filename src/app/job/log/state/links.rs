//! Links to a place in the log, and the lines that are marked.

use leptos::{ev::MouseEvent, prelude::*};

use super::log::Log;
use crate::{
    browser::{document, files},
    client::{
        book::words::Row,
        log_view::place::{Marked, Place, beside, fragment},
    },
};

/// What the links to lines of one page share.
pub(crate) struct LineLinks {
    /// All that stands before the line.
    before: String,
}

impl LineLinks {
    /// Of the page as its address is now.
    pub(crate) fn of_page() -> Self {
        let kept = beside(&files::fragment().unwrap_or_default(), Some(""));
        Self {
            before: format!("{}#{kept}", document::path()),
        }
    }

    /// Address of the line which holds this byte. It is whole, for whoever copies it: the page has a base, so that a bare
    /// `#` would lead to the base.
    pub(crate) fn to(&self, offset: u64) -> String {
        format!("{}{}", self.before, fragment(offset, offset))
    }
}

/// Whether the browser is to follow the link by itself: into a tab of its own.
pub(crate) fn wants_tab(event: &MouseEvent) -> bool {
    event.ctrl_key() || event.meta_key()
}

/// Leads to a line of the log on the same page.
#[component]
pub(crate) fn LogLink(
    /// The job's log.
    log: Log,
    /// A byte of the line.
    offset: u64,
    /// What the link says.
    children: Children,
) -> impl IntoView {
    let show = move |event: MouseEvent| {
        if !wants_tab(&event) {
            event.prevent_default();
            log.show_offset(offset);
        }
    };
    view! { <a href=LineLinks::of_page().to(offset) on:click=show>{children()}</a> }
}

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
