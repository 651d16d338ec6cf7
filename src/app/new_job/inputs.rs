//! The input files: chosen by the button or dropped anywhere on the section. A `config.yaml` among them becomes the
//! form's own.

use leptos::{html, prelude::*, task::spawn_local};
use web_sys::{DragEvent, FileList};

use super::{field::RowField, form::Form, problems::FieldProblems, rows::RemoveButton};
use crate::{
    app::{announce::use_announcer, text::use_text},
    browser::{document, files},
    job::{
        config,
        draft::{Column, Field, List},
    },
};

const ADD: &str = "field-inputs-add";
/// A larger one is no configuration but data.
const MAX_CONFIG_BYTES: f64 = 1024.0 * 1024.0;

fn chosen(list: Option<FileList>) -> Vec<web_sys::File> {
    let Some(list) = list else { return Vec::new() };
    (0..list.length()).filter_map(|index| list.get(index)).collect()
}

fn may_be_config(file: &web_sys::File) -> bool {
    let name = file.name().to_lowercase();
    matches!(name.as_str(), "config.yaml" | "config.yml") && file.size() <= MAX_CONFIG_BYTES
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
    let add = move |dropped: Vec<web_sys::File>| {
        if dropped.is_empty() {
            return;
        }
        spawn_local(async move {
            let (configs, mut files): (Vec<_>, Vec<_>) = dropped.into_iter().partition(may_be_config);
            for file in configs {
                let content = files::text(&file).await.unwrap_or_default();
                // A file of that name that is no job's configuration is an input like any other.
                if config::read(&content).draft.cmd.trim().is_empty() {
                    files.push(file);
                } else {
                    form.type_text(content);
                    announcer.say(untrack(|| text.with("config-imported", [("file", file.name().into())])));
                }
            }
            if !files.is_empty() {
                announcer.say(untrack(|| text.with("inputs-added", [("count", files.len().into())])));
                form.add_files(files);
            }
        });
    };
    let pick = move |_| {
        if let Some(picker) = picker.get() {
            add(chosen(picker.files()));
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
        add(chosen(event.data_transfer().and_then(|data| data.files())));
    };
    let open = move |_| {
        if let Some(picker) = picker.get() {
            picker.click();
        }
    };
    view! {
        <fieldset
            id=Field::List(List::Inputs).id()
            tabindex="-1"
            class="drop"
            class:drop-over=is_over
            on:dragover=drag
            on:dragleave=move |_| is_over.set(false)
            on:drop=drop
        >
            <legend>{text.say("inputs-heading")}</legend>
            <p class="hint">{text.say("inputs-hint")}</p>
            <FieldProblems element=Field::List(List::Inputs).id() />
            <For each=move || 0..form.with(|draft| draft.inputs.len()) key=|row| *row let(row)>
                <InputEntry form row />
            </For>
            <input type="file" multiple hidden node_ref=picker on:change=pick />
            <button type="button" id=ADD on:click=open>{text.say("inputs-add")}</button>
            <span class="hint drop-hint">{text.say("inputs-drop")}</span>
        </fieldset>
    }
}

#[component]
fn InputEntry(form: Form, row: usize) -> impl IntoView {
    let remove = Callback::new(move |()| {
        form.edit(|draft| draft.remove_row(List::Inputs, row));
        document::focus(ADD);
    });
    view! {
        <div class="row">
            <Content form row />
            <RowField form list=List::Inputs row column=Column::First label="path-label" />
            <RowField form list=List::Inputs row column=Column::Second label="var-label" />
            <RemoveButton
                what=Signal::derive(move || form.cell(List::Inputs, row, Column::First))
                on_click=remove
            />
        </div>
    }
}

/// What an input's content is: a chosen file, content the service knows, or still to be chosen.
#[component]
fn Content(form: Form, row: usize) -> impl IntoView {
    let text = use_text();
    let picker = NodeRef::<html::Input>::new();
    let pick = move |_| {
        if let Some(picker) = picker.get() {
            if let Some(file) = chosen(picker.files()).pop() {
                form.choose(row, file);
            }
            picker.set_value("");
        }
    };
    let open = move |_| {
        if let Some(picker) = picker.get() {
            picker.click();
        }
    };
    let words = move || {
        let input = form.with(|draft| draft.inputs.get(row).cloned()).unwrap_or_default();
        let size = text.size(input.size_bytes as f64);
        match form.source(input.source) {
            Some(source) => (source.file.name(), size, false),
            None if !input.sha256.is_empty() => (text.get("input-known"), size, true),
            None => (text.get("input-missing"), String::new(), true),
        }
    };
    let choose_label = move || {
        text.with(
            "input-choose",
            [("path", form.cell(List::Inputs, row, Column::First).into())],
        )
    };
    view! {
        <p class="file">
            <span class="file-name">{move || words().0}</span>
            " "
            <span class="quiet">{move || words().1}</span>
            " "
            <Show when=move || words().2>
                <button type="button" class="small" aria-label=choose_label on:click=open>
                    {text.say("input-choose-short")}
                </button>
            </Show>
            <input type="file" hidden node_ref=picker on:change=pick />
        </p>
    }
}
