//! A page that a job wrote, in a frame that has nothing: no scripts, no network, no origin.

use leptos::prelude::*;

use crate::{
    app::text::{use_text, words},
    browser::inert_page::inert,
};

/// The page.
#[component]
pub(crate) fn PageFrame(
    /// Its text.
    page: String,
    /// What it is called.
    name: String,
) -> impl IntoView {
    let text = use_text();
    let page = inert(&page);
    view! {
        <p class="hint">{text.say(words::PREVIEW_HTML)}</p>
        // Without a word in it, `sandbox` forbids everything.
        <iframe class="preview-frame" sandbox="" title=name srcdoc=page></iframe>
        <p class="print-only quiet">{text.say(words::PRINT_FRAME)}</p>
    }
}
