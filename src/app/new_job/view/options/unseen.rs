//! What a program does that its imports do not show, each to be added with a press.

use leptos::{prelude::*, task::spawn_local};

use super::program::place_at;
use crate::app::{
    new_job::state::{
        form::Form,
        inputs::source::{Folder, Source},
        python::files::Files,
    },
    text::{Message, use_text, words},
};
use jobsphere_authoring::{
    draft::InputRow,
    folder::base_name,
    python::{Addition, Needs, Unseen, UnseenKind, Way},
};

/// What imports do not show.
#[component]
pub(super) fn UnseenView(
    /// The form it belongs to.
    form: Form,
    /// What was found.
    needs: Signal<Needs>,
) -> impl IntoView {
    let text = use_text();
    let unseen = Memo::new(move |_| needs.get().unseen);
    view! {
        <Show when=move || !unseen.read().is_empty()>
            <fieldset>
                <legend>{text.say(words::UNSEEN_HEADING)}</legend>
                <ul class="program-problems">
                    {move || unseen.get().into_iter().map(|unseen| view! { <UnseenLine form unseen /> }).collect_view()}
                </ul>
            </fieldset>
        </Show>
    }
}

fn kind_words(kind: UnseenKind) -> Message {
    match kind {
        UnseenKind::ComputedImport => words::UNSEEN_IMPORT,
        UnseenKind::StartedProgram => words::UNSEEN_PROGRAM,
        UnseenKind::ExecutedFile => words::UNSEEN_CODE,
        UnseenKind::NamedFile => words::UNSEEN_FILE,
        UnseenKind::SearchPath => words::UNSEEN_PATH,
        UnseenKind::Installation => words::UNSEEN_INSTALL,
        UnseenKind::Opaque => words::UNSEEN_OPAQUE,
    }
}

#[component]
fn UnseenLine(form: Form, unseen: Unseen) -> impl IntoView {
    let text = use_text();
    let files = unseen.additions.into_iter().map(|addition| {
        let label = text.get(words::UnseenAdd {
            what: addition.path.as_str(),
        });
        let brings = {
            let path = addition.path.clone();
            move || form.with(|draft| draft.inputs.iter().all(|row| row.path != path))
        };
        let add = move |_: leptos::ev::MouseEvent| add(form, addition.clone());
        view! {
            <Show when=brings>
                " " <button type="button" class="small" on:click=add.clone()>{label.clone()}</button>
            </Show>
        }
    });
    let packages = unseen.packages.into_iter().map(|line| {
        let label = text.get(words::UnseenAdd { what: line.as_str() });
        let add = move |_| form.bring(|python| python.want(&line, true));
        view! {
            " "
            <button type="button" class="small" on:click=add>{label}</button>
        }
    });
    view! {
        <li>
            {format!("{}: ", place_at(text, &unseen.at))} {text.say(kind_words(unseen.kind))} " "
            <code>{unseen.written}</code> {files.collect_view()} {packages.collect_view()}
        </li>
    }
}

/// Has a file sent as well.
fn add(form: Form, addition: Addition) {
    let Addition { path, way } = addition;
    match way {
        Way::Module => form.bring(|python| python.brought.added.push(path)),
        Way::Root => form.bring(|python| python.root_paths.push(path)),
        Way::Input => spawn_local(async move {
            let inside = Files::gather(form).at(&path);
            let is_file = inside.first().is_some_and(|picked| picked.path.is_empty());
            let file = inside
                .first()
                .filter(|_| is_file)
                .and_then(|picked| picked.file.clone());
            let source = match file {
                Some(file) => Source::file(file),
                None => Source::folder(Folder::open(base_name(&path), inside).await),
            };
            form.edit(|draft| {
                draft.inputs.push(InputRow {
                    path,
                    ..InputRow::default()
                });
            });
            let row = untrack(|| form.with(|draft| draft.inputs.len().saturating_sub(1)));
            form.choose(row, source);
        }),
    }
}
