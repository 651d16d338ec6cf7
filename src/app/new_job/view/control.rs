//! A field that a text is typed into. What has several lines keeps them: a browser's field of one line would join them as
//! soon as it shows them.

use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::{
    app::text::{use_text, words},
    browser::paste,
};

/// A field grows up to so many lines.
const MOST_ROWS: usize = 14;

/// The field, of one line or of several.
#[component]
pub(super) fn Control(
    /// Its id.
    id: String,
    /// Ids of what describes it.
    described: String,
    /// Whether something is wrong with it.
    is_wrong: Signal<bool>,
    /// Its text.
    value: Signal<String>,
    /// Hears what is typed.
    #[prop(into)]
    on_write: Callback<String>,
    /// The least rows it shows.
    #[prop(default = 1)]
    rows: u32,
    /// Whether its text may have several lines from the beginning.
    #[prop(default = false)]
    holds_lines: bool,
    /// Whether it holds code: no spelling, fixed width.
    code: bool,
) -> impl IntoView {
    let text = use_text();
    let class = if code { "code" } else { "" };
    // Once it has several lines it stays so: the caret would be lost with the field.
    let is_wide = Memo::new(move |was: Option<&bool>| {
        was.copied().unwrap_or(rows > 1 || holds_lines) || value.read().contains(['\n', '\r'])
    });
    // A browser's field knows one way to end a line; typing into it would change the others.
    let is_kept = Memo::new(move |_| value.read().contains('\r'));
    let joined = RwSignal::new(false);
    let height = move || {
        value
            .read()
            .split('\n')
            .count()
            .clamp(rows as usize, MOST_ROWS.max(rows as usize))
    };
    let write = move |event| {
        joined.set(false);
        on_write.run(event_target_value(&event));
    };
    let paste = move |event: leptos::ev::Event| {
        if paste::has_lines(event.unchecked_ref()) {
            // After the event of the pasted text itself.
            request_animation_frame(move || joined.set(true));
        }
    };
    let control = {
        let (id, described) = (id.clone(), described.clone());
        move || {
            let (id, described) = (id.clone(), described.clone());
            let is_wrong = move || is_wrong.get().to_string();
            if is_wide.get() {
                view! {
                    <textarea
                        id=id
                        class=class
                        rows=height
                        spellcheck=(!code).to_string()
                        autocapitalize="off"
                        aria-describedby=described
                        aria-invalid=is_wrong
                        readonly=move || is_kept.get()
                        prop:value=move || value.get()
                        on:input=write
                    ></textarea>
                }
                .into_any()
            } else {
                view! {
                    <input
                        id=id
                        class=class
                        autocomplete="off"
                        autocapitalize="off"
                        spellcheck=(!code).to_string()
                        aria-describedby=described
                        aria-invalid=is_wrong
                        prop:value=move || value.get()
                        on:input=write
                        on:paste=move |event| paste(event.into())
                    />
                }
                .into_any()
            }
        }
    };
    view! {
        {control}
        <Show when=move || is_kept.get()>
            <p class="hint">{text.say(words::FIELD_KEEPS_CR)}</p>
        </Show>
        <Show when=move || joined.get()>
            <p class="hint" role="status">{text.say(words::FIELD_JOINED)}</p>
        </Show>
    }
}
