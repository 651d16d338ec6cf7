//! A labelled text of the form, with its hint and its problems.

use leptos::prelude::*;

use super::problems::{FieldProblems, error_id, use_problems};
use crate::app::text::use_text;

/// A one-line text with a visible label.
#[component]
pub(super) fn TextField(
    /// Id of the input.
    id: &'static str,
    /// Message of the label.
    label: &'static str,
    /// Message of a hint below; empty for none.
    #[prop(default = "")]
    hint: &'static str,
    /// Rows of text; one makes a single line.
    #[prop(default = 1)]
    rows: u32,
    /// Whether it holds code: no spelling, fixed width.
    #[prop(default = false)]
    code: bool,
    /// What is written.
    value: RwSignal<String>,
) -> impl IntoView {
    let text = use_text();
    let problems = use_problems();
    let is_wrong = move || !problems.about(text, id).is_empty();
    let described = format!("{id}-hint {}", error_id(id));
    let class = if code { "code" } else { "" };
    let control = if rows == 1 {
        view! {
            <input
                id=id
                class=class
                autocomplete="off"
                aria-describedby=described
                aria-invalid=move || is_wrong().to_string()
                bind:value=value
            />
        }
        .into_any()
    } else {
        view! {
            <textarea
                id=id
                class=class
                rows=rows
                spellcheck=(!code).to_string()
                autocapitalize="off"
                aria-describedby=described
                aria-invalid=move || is_wrong().to_string()
                prop:value=value
                on:input=move |event| value.set(event_target_value(&event))
            ></textarea>
        }
        .into_any()
    };
    view! {
        <div class="field">
            <label for=id>{text.say(label)}</label>
            {control}
            <p class="hint" id=format!("{id}-hint")>{(!hint.is_empty()).then(|| text.say(hint))}</p>
            <FieldProblems element=id />
        </div>
    }
}

/// A one-line text inside a row, labelled for whoever cannot see the row's head.
#[component]
pub(super) fn RowField(
    /// Id of the input.
    id: String,
    /// Message of the label.
    label: &'static str,
    /// What is written.
    value: RwSignal<String>,
) -> impl IntoView {
    let text = use_text();
    let problems = use_problems();
    let is_wrong = {
        let id = id.clone();
        move || (!problems.about(text, &id).is_empty()).to_string()
    };
    view! {
        <div class="field">
            <label for=id.clone()>{text.say(label)}</label>
            <input
                id=id.clone()
                class="code"
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                aria-describedby=error_id(&id)
                aria-invalid=is_wrong
                bind:value=value
            />
            <FieldProblems element=id />
        </div>
    }
}
