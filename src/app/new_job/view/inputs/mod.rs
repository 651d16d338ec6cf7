//! The input files: chosen by the button, or dropped anywhere on the page. A `config.yaml` among them becomes the form's
//! own.

pub(crate) mod folder;
pub(crate) mod picker;

use std::sync::Arc;

use leptos::{html, prelude::*, task::spawn_local};

use self::{
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
                sorted::Sorted,
                source::{Folder, Source},
            },
        },
        text::{use_text, words},
    },
    browser::{
        document,
        entries::{Dropped, Picked},
        handle::Handle,
    },
};
use jobsphere_authoring::{
    draft::{Column, Field, List},
    folder::Node,
};
use jobsphere_names::list;
use jobsphere_rules::limits;

const ADD: &str = "field-inputs-add";
/// The folder for more files than there can be inputs.
const GATHERED: &str = "files";
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
    let failure = RwSignal::new(None::<String>);
    // The configuration that was taken over.
    let imported = RwSignal::new(None::<String>);
    // How many files were put into one folder.
    let gathered = RwSignal::new(None::<usize>);
    let add = move |all: Vec<Picked>, handles: Vec<Handle>| async move {
        let handle = |name: &str| handles.iter().find(|handle| handle.name() == name).cloned();
        let sorted = Sorted::sort(all).await;
        if let Some((name, content)) = sorted.config {
            form.type_text(content);
            form.find_inputs(sorted.project.clone()).await;
            if !sorted.project.is_empty() {
                form.add_to_project(sorted.project, handle(&sorted.project_name)).await;
            }
            announcer.say(untrack(|| text.get(words::ConfigImported { file: name.as_str() })));
            imported.set(Some(name));
        }
        // What does not fit into the draft now would be lost with the text that is not understood.
        if untrack(|| !form.is_understood()) {
            return drops.refuse(words::CONFIG_NOT_UNDERSTOOD);
        }
        let (of_program, files): (Vec<_>, Vec<_>) = sorted.files.into_iter().partition(|file| {
            let name = file.name();
            untrack(|| form.is_of_program(&name) && !form.waits_for_input(&name))
        });
        if !of_program.is_empty() {
            announcer.say(untrack(|| {
                text.get(words::ProgramAdded {
                    count: of_program.len(),
                })
            }));
            let picked = of_program.into_iter().map(|file| Picked {
                path: file.name(),
                file: Some(file),
            });
            form.add_to_project(picked.collect(), None).await;
        }
        let mut sources = Vec::new();
        let is_too_many = untrack(|| form.with(|draft| draft.inputs.len())) + files.len() > limits::MAX_ENTRIES;
        if is_too_many && files.len() > 1 {
            gathered.set(Some(files.len()));
            let inside = files.into_iter().map(|file| Picked {
                path: file.name(),
                file: Some(file),
            });
            sources.push(Source::folder(Folder::open(GATHERED, inside.collect()).await));
        } else {
            for file in files {
                let handle = handle(&file.name());
                sources.push(Source::file(file).with_handle(handle));
            }
        }
        for (name, files) in sorted.folders {
            let folder = Folder::open(&name, files).await;
            sources.push(Source::folder(folder).with_handle(handle(&name)));
        }
        if !sources.is_empty() {
            announcer.say(untrack(|| text.get(words::InputsAdded { count: sources.len() })));
            form.add_sources(sources);
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
            {move || imported.get().map(|file| view! { <Imported form file /> })}
            {move || {
                gathered
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

/// Which configuration was taken over, and which of its inputs were not among the files.
#[component]
fn Imported(form: Form, file: String) -> impl IntoView {
    let text = use_text();
    let missing = move || {
        form.with(|draft| {
            let rows = draft.inputs.iter();
            let missing = rows.filter(|row| row.content.is_missing() && !row.path.is_empty());
            missing.map(|row| row.path.clone()).collect::<Vec<_>>()
        })
    };
    view! {
        <div class="notice">
            <p>{move || text.get(words::ConfigImported { file: file.as_str() })}</p>
            <Show when=move || !missing().is_empty()>
                <p>{text.say(words::INPUTS_MISSING)} " " <span class="code">{move || list(missing())}</span></p>
            </Show>
        </div>
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
            <Show when=move || words().2>
                <button
                    type="button"
                    class="small"
                    aria-label=move || text.get(words::InputChoose { path: path() })
                    on:click=move |_| open(file_picker)
                >
                    {text.say(words::INPUT_CHOOSE_SHORT)}
                </button>
                " "
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
        Some(view! { <FolderView form folder on_change=Callback::new(move |()| form.resize(id)) /> })
    }
}
