//! The input files: chosen by the button or dropped anywhere on the section.

use leptos::{html, prelude::*};
use web_sys::{DragEvent, FileList};

use super::{
    field::RowField,
    form::{Form, INPUTS, Input, LEFT, RIGHT, row_id},
    problems::FieldProblems,
    rows::RemoveButton,
};
use crate::{
    app::{announce::use_announcer, text::use_text},
    browser::document,
};

const ADD: &str = "field-inputs-add";

fn files(list: Option<FileList>) -> Vec<web_sys::File> {
    let Some(list) = list else { return Vec::new() };
    (0..list.length()).filter_map(|index| list.get(index)).collect()
}

/// The section of the input files.
#[component]
pub(super) fn Inputs(
    /// The form it belongs to.
    form: Form,
) -> impl IntoView {
    let text = use_text();
    let announcer = use_announcer();
    let picker = NodeRef::<html::Input>::new();
    let is_over = RwSignal::new(false);
    let add = move |chosen: Vec<web_sys::File>| {
        if !chosen.is_empty() {
            announcer.say(text.with("inputs-added", [("count", chosen.len().into())]));
            form.add_files(chosen);
        }
    };
    let pick = move |_| {
        if let Some(picker) = picker.get() {
            add(files(picker.files()));
            // Choosing the same file again must be noticed too.
            picker.set_value("");
        }
    };
    let drag = move |event: DragEvent| {
        event.prevent_default();
        is_over.set(true);
    };
    let drop = move |event: DragEvent| {
        event.prevent_default();
        is_over.set(false);
        add(files(event.data_transfer().and_then(|data| data.files())));
    };
    let open = move |_| {
        if let Some(picker) = picker.get() {
            picker.click();
        }
    };
    let remove = move |key| {
        form.inputs.write().retain(|input| input.key != key);
        document::focus(ADD);
    };
    view! {
        <fieldset
            id=INPUTS
            tabindex="-1"
            class="drop"
            class:drop-over=is_over
            on:dragover=drag
            on:dragleave=move |_| is_over.set(false)
            on:drop=drop
        >
            <legend>{text.say("inputs-heading")}</legend>
            <p class="hint">{text.say("inputs-hint")}</p>
            <FieldProblems element=INPUTS />
            <For each=move || form.inputs.get() key=|input| input.key let(input)>
                <InputEntry on_remove=Callback::new(move |()| remove(input.key)) input=input.clone() />
            </For>
            <input type="file" multiple hidden node_ref=picker on:change=pick />
            <button type="button" id=ADD on:click=open>{text.say("inputs-add")}</button>
            <span class="hint drop-hint">{text.say("inputs-drop")}</span>
        </fieldset>
    }
}

#[component]
fn InputEntry(input: Input, on_remove: Callback<()>) -> impl IntoView {
    let text = use_text();
    let (name, size_bytes) = (input.file.name(), input.file.size());
    view! {
        <div class="row">
            <p class="file">
                <span class="file-name">{name}</span>
                " "
                <span class="quiet">{move || text.size(size_bytes)}</span>
            </p>
            <RowField id=row_id(INPUTS, input.key, LEFT) label="path-label" value=input.path />
            <RowField id=row_id(INPUTS, input.key, RIGHT) label="var-label" value=input.var />
            <RemoveButton what=input.path on_click=on_remove />
        </div>
    }
}
