//! The input files: chosen by the button, or dropped anywhere on the page. A `config.yaml` among them becomes the form's
//! own.

mod configs;
mod edit;
pub(crate) mod folder;
pub(crate) mod picker;

use std::sync::Arc;

use leptos::{html, prelude::*, task::spawn_local};

use self::{
    configs::ConfigChoice,
    edit::{Editor, edit_button},
    folder::{FolderView, ListedFolder, StaysOpen},
    picker::{Picker, PickerKind, open},
};
use super::{field::RowField, rows::RemoveButton};
use crate::app::new_job::view::problems::FieldProblems;
use crate::{
    app::{
        announce::use_announcer,
        drops::use_drops,
        name::Name,
        new_job::state::{
            drafts::stored_source::reread,
            form::Form,
            inputs::{
                contents::{can_be_root, is_root, lay},
                editing::{Editing, Target},
                fetched::held_file,
                source::{Folder, Source},
                taking::{Taken, Taking},
            },
        },
        text::{Text, use_text, words},
    },
    browser::{
        document,
        entries::{Dropped, Picked},
        handle::Handle,
    },
};
use jobsphere_authoring::{
    draft::{Column, Field, InputRow, List, PythonKind},
    folder::Node,
};

const ADD: &str = "field-inputs-add";
/// So many files take the browser a moment to hand over.
const MANY_FILES: usize = 500;

/// The section of the input files.
#[component]
pub(crate) fn Inputs(
    /// The form it belongs to.
    form: Form,
) -> impl IntoView {
    let text = use_text();
    let announcer = use_announcer();
    let files_picker = NodeRef::<html::Input>::new();
    let folder_picker = NodeRef::<html::Input>::new();
    let drops = use_drops();
    // While a large folder is listed: how many files were found.
    let found = RwSignal::new(None::<usize>);
    // Their names, while the browser is asked for the files themselves.
    let listed = RwSignal::new(None::<Arc<Node>>);
    provide_context(StaysOpen(RwSignal::new(false)));
    let editing = Editing::new(form);
    provide_context(editing);
    let failure = RwSignal::new(None::<String>);
    let taking = Taking::new(form);
    let add = move |all: Vec<Picked>, handles: Vec<Handle>| async move {
        let taken = taking.take(all, handles).await;
        if taken.iter().any(|taken| matches!(taken, Taken::Nothing)) {
            return drops.refuse(words::CONFIG_NOT_UNDERSTOOD);
        }
        let words: Vec<String> = taken.into_iter().map(|taken| untrack(|| said(text, taken))).collect();
        if !words.is_empty() {
            announcer.say(words.join(". "));
        }
    };
    let pick = Callback::new(move |all| spawn_local(async move { form.while_busy(add(all, Vec::new())).await }));
    let take_dropped = move |dropped: Dropped| {
        failure.set(None);
        let take = async move {
            let on_listed = move |paths: Vec<&str>| {
                if paths.len() >= MANY_FILES {
                    listed.set(Some(Arc::new(Node::of_names(&paths))));
                }
            };
            match dropped.read(move |count| found.set(Some(count)), on_listed).await {
                Ok((all, handles)) => add(all, handles).await,
                Err(reason) => failure.set(Some(reason)),
            }
            found.set(None);
            listed.set(None);
        };
        spawn_local(async move { form.while_busy(take).await });
    };
    drops.give_to(Callback::new(take_dropped));
    view! {
        <fieldset
            id=Field::List(List::Inputs).id()
            tabindex="-1"
            class="drop"
            class:drop-over=move || drops.are_over()
        >
            <legend>{text.say(words::INPUTS_HEADING)}</legend>
            <p class="hint">{text.say(words::INPUTS_HINT)}</p>
            <FieldProblems element=Field::List(List::Inputs).id() />
            <For each=move || 0..form.with(|draft| draft.inputs.len()) key=|row| *row let(row)>
                <InputEntry form row />
            </For>
            <ProjectFiles editing />
            <Editor editing />
            <ConfigChoice form taking />
            {move || {
                taking
                    .gathered
                    .get()
                    .map(|count| view! { <p class="notice">{text.get(words::InputsGathered { count })}</p> })
            }}
            {move || listed.get().map(|tree| view! { <ListedFolder tree /> })}
            {move || {
                found
                    .get()
                    .filter(|_| listed.read().is_none())
                    .map(|count| view! { <p role="status">{text.get(words::InputsListing { count })}</p> })
            }}
            {move || {
                failure
                    .get()
                    .map(|reason| {
                        view! {
                            <p class="wrong" role="alert">
                                {text.get(words::InputsUnreadable { reason })}
                            </p>
                        }
                    })
            }}
            <Picker kind=PickerKind::Files node_ref=files_picker on_pick=pick />
            <Picker kind=PickerKind::Folder node_ref=folder_picker on_pick=pick />
            <div class="row-actions">
                <button type="button" id=ADD on:click=move |_| open(files_picker)>{text.say(words::INPUTS_ADD)}</button>
                <button type="button" on:click=move |_| open(folder_picker)>
                    {text.say(words::INPUTS_ADD_FOLDER)}
                </button>
                <span class="hint drop-hint">{text.say(words::INPUTS_DROP)}</span>
            </div>
        </fieldset>
    }
}

/// What was done with what came.
fn said(text: Text, taken: Taken) -> String {
    match taken {
        Taken::Nothing => text.get(words::CONFIG_NOT_UNDERSTOOD),
        Taken::Config { file } => text.get(words::ConfigImported { file }),
        Taken::Choice { count } => text.get(words::ConfigsFound { count }),
        Taken::Served { count } => text.get(words::InputsServed { count }),
        Taken::Replaced { paths } => text.get(words::InputsReplaced {
            paths: jobsphere_names::list(paths),
        }),
        Taken::Program { count } => text.get(words::ProgramAdded { count }),
        Taken::Absorbed { count } => text.get(words::InputsAbsorbed { count }),
        Taken::Inputs { count } => text.get(words::InputsAdded { count }),
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
            <InputContent form row />
            <Inside form row />
            <Contents form row />
            <RowField form list=List::Inputs row column=Column::First label=words::PATH_LABEL />
            <RowField form list=List::Inputs row column=Column::Second label=words::VAR_LABEL />
            <RemoveButton
                what=Signal::derive(move || form.cell(List::Inputs, row, Column::First))
                on_click=remove
            />
        </div>
    }
}

/// What an input's content is: a chosen file or folder, content the service knows, or still to be chosen.
#[component]
fn InputContent(form: Form, row: usize) -> impl IntoView {
    let text = use_text();
    let file_picker = NodeRef::<html::Input>::new();
    let folder_picker = NodeRef::<html::Input>::new();
    let pick_file = Callback::new(move |mut all: Vec<Picked>| {
        if let Some(file) = all.pop().and_then(|picked| picked.file) {
            form.choose(row, Source::file(file));
        }
    });
    let pick_folder = Callback::new(move |all: Vec<Picked>| {
        spawn_local(async move {
            let name = all.first().and_then(|picked| picked.path.split_once('/'));
            let Some(name) = name.map(|(name, _)| name.to_owned()) else {
                return;
            };
            if let Some(files) = Folder::below(&all, &name) {
                let folder = form.while_busy(Folder::open(&name, files)).await;
                form.choose(row, Source::folder(folder));
            }
        });
    });
    let words = move || {
        let input = form.with(|draft| draft.inputs.get(row).cloned()).unwrap_or_default();
        match form.source_of(&input) {
            Some(source) => (source.name(), text.size(source.size_bytes()), false),
            None if !input.content.sha256().is_empty() => (
                text.get(words::INPUT_KNOWN),
                text.size(input.content.size_bytes() as f64),
                true,
            ),
            None => (text.get(words::INPUT_MISSING), String::new(), true),
        }
    };
    let path = move || form.cell(List::Inputs, row, Column::First);
    let editing: Editing = expect_context();
    let input = move || form.with(|draft| draft.inputs.get(row).cloned()).unwrap_or_default();
    let is_held = move || held_file(form, &input()).is_some();
    let is_file = move || {
        let input = input();
        !input.is_folder && (input.content.chosen().is_some() || is_held())
    };
    let fetch = move |_| {
        spawn_local(async move { form.while_busy(editing.fetch(row)).await });
    };
    // The press is what lets the browser ask.
    let unlock = move |_| {
        if let Some(handle) = untrack(|| form.locked(&path())) {
            spawn_local(async move {
                if handle.is_readable(true).await
                    && let Some(source) = reread(&handle).await
                {
                    form.choose(row, source);
                }
            });
        }
    };
    view! {
        <p class="file">
            <span class="file-name"><Name of=Signal::derive(move || words().0) /></span>
            " "
            <span class="quiet">{move || words().1}</span>
            " "
            <Show when=move || words().2 && form.locked(&path()).is_some()>
                <button
                    type="button"
                    class="small"
                    aria-label=move || text.get(words::InputReread { path: path() })
                    on:click=unlock
                >
                    {text.say(words::INPUT_REREAD_SHORT)}
                </button>
                " "
            </Show>
            {move || {
                is_file()
                    .then(|| {
                        let size_bytes = input().content.size_bytes() as f64;
                        edit_button(text, editing, Target::Row(row), String::new(), path(), size_bytes)
                    })
            }}
            " "
            <Show when=move || input().is_folder && is_held()>
                <button
                    type="button"
                    class="small"
                    aria-label=move || text.get(words::InputFetch { path: path() })
                    on:click=fetch
                >
                    {text.say(words::INPUT_FETCH_SHORT)}
                </button>
                " "
            </Show>
            <Show when=move || words().2 || is_file()>
                <button
                    type="button"
                    class="small"
                    aria-label=move || text.get(words::InputChoose { path: path() })
                    on:click=move |_| open(file_picker)
                >
                    {text.say(words::INPUT_CHOOSE_SHORT)}
                </button>
                " "
            </Show>
            <Show when=move || words().2>
                <button
                    type="button"
                    class="small"
                    aria-label=move || text.get(words::InputChooseFolder { path: path() })
                    on:click=move |_| open(folder_picker)
                >
                    {text.say(words::INPUT_CHOOSE_FOLDER_SHORT)}
                </button>
            </Show>
            <Picker kind=PickerKind::File node_ref=file_picker on_pick=pick_file />
            <Picker kind=PickerKind::Folder node_ref=folder_picker on_pick=pick_folder />
        </p>
    }
}

/// What is in a chosen folder.
#[component]
fn Inside(form: Form, row: usize) -> impl IntoView {
    let id = Memo::new(move |_| form.with(|draft| draft.inputs.get(row).and_then(|input| input.content.chosen())));
    move || {
        let id = id.get()?;
        let folder = form.source(id)?.as_folder()?;
        let on_change = Callback::new(move |()| form.resize(id));
        Some(view! { <FolderView form folder target=Target::Row(row) on_change /> })
    }
}

/// The files at hand for the program, which are no inputs; those of the source job can be fetched.
#[component]
fn ProjectFiles(editing: Editing) -> impl IntoView {
    let text = use_text();
    let form = editing.form;
    let id = Memo::new(move |_| form.project().map(|(id, _)| id));
    let is_held = Memo::new(move |_| {
        let brought = form.with(|draft| draft.python.brought.clone());
        let mut rows = brought.scripts.iter().chain(&brought.modules);
        form.project().is_none() && rows.any(|row| held_file(form, row).is_some())
    });
    let fetch = move |_| {
        spawn_local(async move { form.while_busy(editing.fetch_program()).await });
    };
    view! {
        {move || {
            let id = id.get()?;
            let folder = form.source(id)?.as_folder()?;
            let on_change = Callback::new(move |()| form.resize(id));
            Some(view! {
                <p class="hint">{text.say(words::PROJECT_FILES)}</p>
                <FolderView form folder target=Target::Project on_change />
            })
        }}
        <Brought form />
        <Show when=move || is_held.get()>
            <p class="file">
                {text.say(words::PROJECT_HELD)} " "
                <button type="button" class="small" on:click=fetch>{text.say(words::PROJECT_FETCH)}</button>
            </p>
        </Show>
    }
}

/// Whether a folder's contents are the working directory, or the folder lies in it.
#[component]
fn Contents(form: Form, row: usize) -> impl IntoView {
    let text = use_text();
    let is_laid = move || form.with(|draft| draft.inputs.get(row).is_some_and(|row| is_root(&row.path)));
    let is_offered = Memo::new(move |_| {
        form.with(|draft| {
            let is_chosen = draft.inputs.get(row).is_some_and(|row| row.content.chosen().is_some());
            is_chosen && can_be_root(draft, row)
        }) || is_laid()
    });
    view! {
        <Show when=move || is_offered.get()>
            <label class="check">
                <input type="checkbox" prop:checked=is_laid on:change=move |event| lay(form, row, event_target_checked(&event)) />
                {text.say(words::CONTENTS_LABEL)}
            </label>
        </Show>
    }
}

/// What is sent beside the inputs for the program: its scripts and local modules, each with what was found of it.
#[component]
fn Brought(form: Form) -> impl IntoView {
    let text = use_text();
    let brought = Memo::new(move |_| {
        form.with(|draft| match draft.python.kind {
            PythonKind::None => Vec::new(),
            _ => {
                let brought = &draft.python.brought;
                brought.scripts.iter().chain(&brought.modules).cloned().collect()
            }
        })
    });
    let line = move |row: InputRow| {
        let found = form.source_of(&row);
        let files = found
            .as_ref()
            .and_then(Source::as_folder)
            .map_or(1, |folder| folder.tree.get().files);
        let what = match found {
            Some(source) => text.get(words::FolderSummary {
                count: files,
                size: text.size(source.size_bytes()),
            }),
            None if row.content.is_missing() => text.get(words::INPUT_MISSING),
            None => text.get(words::INPUT_KNOWN),
        };
        view! { <li><span class="file-name"><Name of=row.path /></span> " " <span class="quiet">{what}</span></li> }
    };
    view! {
        <Show when=move || !brought.read().is_empty()>
            <p class="hint">{text.say(words::PROJECT_SENT)}</p>
            <ul class="brought">{move || brought.get().into_iter().map(line).collect_view()}</ul>
        </Show>
    }
}
