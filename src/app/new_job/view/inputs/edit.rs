//! Editing one file of the inputs in place, and putting another in its place.

use leptos::{html, prelude::*, task::spawn_local};

use super::picker::{Picker, PickerKind, open};
use crate::{
    app::{
        job::results::state::content::ContentError,
        new_job::state::inputs::{
            editing::{EditError, Edited, Editing, MAX_TEXT_BYTES, Target},
            fetched::{FetchedError, MAX_BYTES},
        },
        notice::{between_said, message_of},
        text::{Text, use_text, words},
    },
    browser::{document, entries::Picked},
};

const TEXT: &str = "edited-text";

/// What can be done with a file of a folder; shared by all entries of its tree.
#[derive(Clone, Copy)]
pub(super) struct FileTools {
    editing: Editing,
    target: Target,
    picker: NodeRef<html::Input>,
    /// The file whose place another is to take.
    replaced: StoredValue<String>,
}

impl FileTools {
    pub(super) fn new(editing: Editing, target: Target) -> Self {
        Self {
            editing,
            target,
            picker: NodeRef::new(),
            replaced: StoredValue::default(),
        }
    }

    /// The dialog by which a file is chosen; once in a view.
    pub(super) fn picker(self) -> impl IntoView {
        let pick = move |mut all: Vec<Picked>| {
            let Some(file) = all.pop().and_then(|picked| picked.file) else {
                return;
            };
            spawn_local(async move {
                let Self {
                    editing,
                    target,
                    replaced,
                    ..
                } = self;
                let inner = replaced.get_value();
                editing.form.while_busy(editing.put(target, &inner, file)).await;
            });
        };
        view! { <Picker kind=PickerKind::File node_ref=self.picker on_pick=Callback::new(pick) /> }
    }

    /// The buttons of a file at `inner`.
    pub(super) fn buttons(self, text: Text, inner: String, size_bytes: f64) -> impl IntoView {
        let edit = edit_button(
            text,
            self.editing,
            self.target,
            inner.clone(),
            inner.clone(),
            size_bytes,
        );
        let label = {
            let file = inner.clone();
            move || text.get(words::FileReplace { file: file.as_str() })
        };
        let replace = move |_| {
            self.replaced.set_value(inner.clone());
            open(self.picker);
        };
        view! {
            {edit} " "
            <button type="button" class="small" aria-label=label on:click=replace>{text.say(words::FILE_REPLACE_SHORT)}</button>
        }
    }
}

/// Opens a file as a text, where it is small enough for that.
pub(super) fn edit_button(
    text: Text,
    editing: Editing,
    target: Target,
    inner: String,
    name: String,
    size_bytes: f64,
) -> impl IntoView {
    (size_bytes <= MAX_TEXT_BYTES).then(|| {
        let label = move || text.get(words::FileEdit { file: name.as_str() });
        let edit = move |_| {
            let inner = inner.clone();
            spawn_local(async move {
                editing.form.while_busy(editing.open(target, &inner)).await;
                request_animation_frame(|| document::focus(TEXT));
            });
        };
        view! { <button type="button" class="small" aria-label=label on:click=edit>{text.say(words::FILE_EDIT_SHORT)}</button> }
    })
}

/// The text that is edited, and why another could not be.
#[component]
pub(super) fn Editor(
    /// What is edited.
    editing: Editing,
) -> impl IntoView {
    let text = use_text();
    view! {
        {move || {
            editing
                .failure
                .get()
                .map(|(file, error)| view! { <p class="wrong" role="alert">{failure(text, &file, &error)}</p> })
        }}
        {move || editing.edited.get().map(|edited| view! { <TextOf editing edited /> })}
    }
}

#[component]
fn TextOf(editing: Editing, edited: Edited) -> impl IntoView {
    let text = use_text();
    let written = RwSignal::new(edited.text);
    let name = edited.name;
    let save = move |_| {
        spawn_local(async move {
            editing.form.while_busy(editing.save(&written.get_untracked())).await;
        });
    };
    view! {
        <div class="field notice">
            <label for=TEXT>{move || text.get(words::FileContent { file: name.as_str() })}</label>
            <textarea
                id=TEXT
                class="code"
                rows="14"
                spellcheck="false"
                autocapitalize="off"
                prop:value=move || written.get()
                on:input=move |event| written.set(event_target_value(&event))
            ></textarea>
            <p class="row-actions">
                <button type="button" on:click=save>{text.say(words::FILE_SAVE)}</button>
                <button type="button" on:click=move |_| editing.edited.set(None)>{text.say(words::FILE_LEAVE)}</button>
            </p>
        </div>
    }
}

/// Why a content of the source job is not here.
fn not_fetched(text: Text, error: &FetchedError) -> String {
    match error {
        FetchedError::Content(ContentError::Call(error)) if error.between.is_none() => text.get(message_of(error.code)),
        FetchedError::Content(error) => match error.between() {
            Some(between) => between_said(text, between),
            None => text.get(words::CONTENT_UNREADABLE),
        },
        FetchedError::TooLarge => text.get(words::FetchedTooLarge {
            size: text.size(MAX_BYTES as f64),
        }),
        FetchedError::Unknown => text.get(words::FETCHED_UNKNOWN),
        FetchedError::Browser(reason) => reason.clone(),
    }
}

fn failure(text: Text, file: &str, error: &EditError) -> String {
    match error {
        EditError::NoText => text.get(words::EditNoText { file }),
        EditError::MixedEnds => text.get(words::EditMixedEnds { file }),
        EditError::Unreadable(reason) => text.get(words::EditUnreadable {
            file,
            reason: reason.as_str(),
        }),
        EditError::Fetched(error) => text.get(words::EditUnreadable {
            file,
            reason: not_fetched(text, error),
        }),
    }
}
