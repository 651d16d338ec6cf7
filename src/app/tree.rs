//! What trees of files have in common, wherever they are shown.

use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::text::{Text, words};

/// Entries of one level that are shown at once; more come by a press.
const SHOWN_AT_ONCE: usize = 200;

/// One level of a tree with `total` entries, each made when it is shown.
pub(crate) fn level(
    text: Text,
    class: Option<&'static str>,
    total: usize,
    entry: impl Fn(usize) -> Option<AnyView> + Clone + Send + 'static,
) -> AnyView {
    let count = RwSignal::new(SHOWN_AT_ONCE.min(total));
    view! {
        <ul class=class>
            <For each=move || 0..count.get() key=|place| *place let(place)>
                {entry(place)}
            </For>
        </ul>
        <Show when=move || count.get() < total>
            <button
                type="button"
                class="small"
                on:click=move |_| count.update(|count| *count = (*count + SHOWN_AT_ONCE).min(total))
            >
                {move || text.get(words::FolderMore { count: total - count.get() })}
            </button>
            <p class="print-only quiet">{move || text.get(words::PrintMore { count: total - count.get() })}</p>
        </Show>
    }
    .into_any()
}

/// Whether the `<details>` whose `toggle` this is are open now.
pub(crate) fn is_open_now(event: &leptos::ev::Event) -> bool {
    let details = event.current_target();
    let details = details.and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    details.is_some_and(|details| details.has_attribute("open"))
}
