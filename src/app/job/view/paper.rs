//! What a printed page says of itself: where it comes from, and what is not on it.

use leptos::prelude::*;

use crate::{
    app::{
        printing::use_printing,
        text::{use_text, words},
    },
    browser::{clock, document},
};

/// At the end of the paper.
#[component]
pub(crate) fn Colophon() -> impl IntoView {
    let text = use_text();
    let is_printing = use_printing();
    let source = move || {
        // Each printing has its own time.
        is_printing.track();
        text.get(words::PrintSource {
            address: document::address(),
            time: text.instant(clock::now_ms()),
        })
    };
    view! {
        <footer class="print-only quiet">
            <p>{text.say(words::PRINT_LEFT_OUT)}</p>
            <p class="as-written">{source}</p>
        </footer>
    }
}
