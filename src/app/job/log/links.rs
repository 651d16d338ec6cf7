//! Links to a place in the log.

use leptos::{ev::MouseEvent, prelude::*};

use super::Log;

/// The part of the address behind `#` that shows the line which holds this byte, with the `#`.
pub(in crate::app) fn log_link(offset: u64) -> String {
    format!("#log-{offset}")
}

/// Leads to a line of the log on the same page.
#[component]
pub(in crate::app::job) fn LogLink(
    /// The job's log.
    log: Log,
    /// A byte of the line.
    offset: u64,
    /// What the link says.
    children: Children,
) -> impl IntoView {
    let show = move |event: MouseEvent| {
        event.prevent_default();
        log.show_offset(offset);
    };
    view! { <a href=log_link(offset) on:click=show>{children()}</a> }
}
