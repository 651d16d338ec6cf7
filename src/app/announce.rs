//! The live region: what a screen reader says without being asked.

use leptos::prelude::*;

/// Speaks through the page's one live region.
#[derive(Clone, Copy)]
pub(crate) struct Announcer(RwSignal<String>);

/// The page's announcer.
pub(crate) fn use_announcer() -> Announcer {
    expect_context()
}

impl Announcer {
    pub(crate) fn new() -> Self {
        Self(RwSignal::new(String::new()))
    }

    /// Has `sentence` said politely: after whatever is being said now.
    pub(crate) fn say(self, sentence: String) {
        self.0.set(sentence);
    }
}

/// The region itself, once per page.
#[component]
pub(crate) fn LiveRegion() -> impl IntoView {
    let Announcer(sentence) = use_announcer();
    view! { <p class="visually-hidden" role="status" aria-live="polite">{sentence}</p> }
}
