//! Links to a place in the log.

use leptos::{ev::MouseEvent, prelude::*};

use crate::{
    app::job::log::state::log::Log,
    browser::{document, files},
};
use jobsphere_log::view::place::{beside, fragment};

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
