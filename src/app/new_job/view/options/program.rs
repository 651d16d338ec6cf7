//! What was found in the Python program, to be corrected before it is sent.

use leptos::{prelude::*, task::spawn_local};

use super::{packages::Packages, unseen::UnseenView};
use crate::app::{
    name::Name,
    new_job::state::{
        drafts::{store::PROJECT, stored_source::reread},
        form::Form,
        python::program::{Program, State, sure_lines},
    },
    text::{Text, use_text, words},
};
use jobsphere_authoring::python::{LocalModule, Misread, Needs, Place, subjects};

/// Files named one by one; more are counted.
const MOST_NAMED: usize = 3;

/// What the program brings along, and what could not be found out about it.
#[component]
pub(crate) fn ProgramView(
    /// The form it belongs to.
    form: Form,
) -> impl IntoView {
    let text = use_text();
    let program: Program = expect_context();
    let needs = move || match program.state.get() {
        State::Read(needs) => needs,
        _ => Needs::default(),
    };
    let modules = Memo::new(move |_| needs().local_modules);
    let problems = Memo::new(move |_| needs().problems);
    let is_named = move || form.with(|draft| !draft.python.local_paths.is_empty());
    view! {
        <section class="program" aria-label=text.say(words::PROGRAM_LABEL)>
            <p role="status">{move || status(text, program.state.get())}</p>
            <AtHand form />
            <Show when=move || !problems.read().is_empty()>
                <ul class="program-problems">
                    {move || problems.get().iter().map(|problem| view! { <li>{sentence(text, problem)}</li> }).collect_view()}
                </ul>
            </Show>
            <Show when=move || !modules.read().is_empty() && !is_named()>
                <fieldset>
                    <legend>{text.say(words::MODULES_HEADING)}</legend>
                    <p class="hint">{text.say(words::MODULES_HINT)}</p>
                    {move || modules.get().into_iter().map(|module| view! { <ModuleLine form module /> }).collect_view()}
                </fieldset>
            </Show>
            <Packages form needs=Signal::derive(needs) />
            <UnseenView form needs=Signal::derive(needs) />
            <Refill form />
        </section>
    }
}

fn status(text: Text, state: State) -> String {
    match state {
        State::Idle => String::new(),
        State::Reading => text.get(words::PROGRAM_READING),
        State::Failed(reason) => text.get(words::ProgramFailed { reason }),
        State::Read(needs) => match &needs.main {
            Some(main) => {
                let main = text.get(words::ProgramMain { path: main.as_str() });
                // Nothing is said to be all of it while anything could not be read.
                let is_nothing = needs.is_all() && needs.requirements.is_empty() && needs.declared.is_none();
                match is_nothing {
                    true => format!("{main} {}", text.get(words::PROGRAM_NO_PACKAGES)),
                    false => main,
                }
            }
            None => text.get(words::PROGRAM_HINT),
        },
    }
}

/// A found module, which can be taken out.
#[component]
fn ModuleLine(form: Form, module: LocalModule) -> impl IntoView {
    let text = use_text();
    let LocalModule { path, imported_by } = module;
    let is_wanted = {
        let path = path.clone();
        move || form.with(|draft| !draft.python.brought.unwanted.contains(&path))
    };
    let toggle = {
        let path = path.clone();
        move |event| {
            let is_wanted = event_target_checked(&event);
            form.bring(|python| {
                python.brought.added.retain(|known| *known != path);
                let unwanted = &mut python.brought.unwanted;
                unwanted.retain(|known| *known != path);
                if !is_wanted {
                    unwanted.push(path.clone());
                }
            });
        }
    };
    let place = imported_by.map(move |place| move || imported_at(text, &place));
    view! {
        <label class="check">
            <input type="checkbox" prop:checked=is_wanted on:change=toggle />
            <span class="file-name"><Name of=path /></span>
            <span class="quiet">{place}</span>
        </label>
    }
}

/// Where something is imported.
pub(super) fn imported_at(text: Text, place: &Place) -> String {
    let (path, line) = (place.path.as_str(), place.line);
    match place.cell {
        Some(cell) => text.get(words::ImportedAtCell { path, cell, line }),
        None => text.get(words::ImportedAt { path, line }),
    }
}

/// A place in a file.
pub(super) fn place_at(text: Text, place: &Place) -> String {
    let (path, line) = (place.path.as_str(), place.line);
    match place.cell {
        Some(cell) => text.get(words::PlaceAtCell { path, cell, line }),
        None => text.get(words::PlaceAt { path, line }),
    }
}

fn sentence(text: Text, problem: &Misread) -> String {
    let at = |place: &Place, what: String| format!("{}: {what}", place_at(text, place));
    match problem {
        Misread::NoMain => text.get(words::RULE_MAIN_MODULE),
        Misread::MissingMain { path } => text.get(words::MisreadMain { path }),
        Misread::MissingRoot { path } => text.get(words::MisreadRoot { path }),
        Misread::Unread { path } => text.get(words::MisreadUnread { path }),
        Misread::OtherMachine { path } => text.get(words::MisreadMachine { path }),
        Misread::Encoding { at: place } => at(place, text.get(words::MISREAD_ENCODING)),
        Misread::TooDeep { at: place } => at(place, text.get(words::MISREAD_TOO_DEEP)),
        Misread::Syntax { at: place, message } => at(place, text.get(words::MisreadSyntax { words: message })),
        Misread::BeyondPackage { at: place, module } => at(place, text.get(words::MisreadBeyond { words: module })),
        Misread::MissingModule { at: place, module } => at(place, text.get(words::MisreadModule { words: module })),
    }
}

/// The files that were dropped for the program and are no inputs.
#[component]
fn AtHand(form: Form) -> impl IntoView {
    let text = use_text();
    let names = move || {
        let (_, folder) = form.project()?;
        let names: Vec<String> = folder.kept().into_iter().map(|picked| picked.path).collect();
        let count = names.len();
        let first = jobsphere_names::list(names.into_iter().take(MOST_NAMED));
        let words = if count > MOST_NAMED {
            format!("{first}, …")
        } else {
            first
        };
        Some(text.get(words::ProgramFiles { count, names: words }))
    };
    // The press is what lets the browser ask.
    let unlock = move |_| {
        if let Some(handle) = untrack(|| form.locked(PROJECT)) {
            spawn_local(async move {
                if handle.is_readable(true).await
                    && let Some(folder) = reread(&handle).await.and_then(|source| source.as_folder())
                {
                    form.add_to_project(folder.files().to_vec(), Some(handle)).await;
                }
            });
        }
    };
    view! {
        <Show when=move || form.project().is_some()>
            <p>
                {names} " "
                <button type="button" class="small" on:click=move |_| form.project_to_inputs()>
                    {text.say(words::PROGRAM_TO_INPUTS)}
                </button>
            </p>
        </Show>
        <Show when=move || form.project().is_none() && form.locked(PROJECT).is_some()>
            <p>
                {text.say(words::PROGRAM_LOCKED)} " "
                <button type="button" class="small" on:click=unlock>{text.say(words::INPUT_REREAD_SHORT)}</button>
            </p>
        </Show>
    }
}

/// Fills the requirements from the imports again, where the person has written others.
#[component]
fn Refill(form: Form) -> impl IntoView {
    let text = use_text();
    let program: Program = expect_context();
    let found = move || match program.state.get() {
        State::Read(needs) if needs.declared.is_none() => sure_lines(&needs),
        _ => Vec::new(),
    };
    let is_other = move || {
        let found = found();
        let requirements = form.with(|draft| draft.python.requirements.clone());
        let known = subjects(&requirements);
        let is_missing = |line: &String| subjects(line).iter().any(|name| !known.contains(name));
        form.with(|draft| draft.python.requirements_file.is_empty()) && found.iter().any(is_missing)
    };
    let refill = move |_| {
        let found = untrack(found);
        form.bring(|python| {
            // What it has now is what is filled anew; versions stay.
            python.brought.requirements = Some(python.requirements.clone());
            python.fill_from_imports(&found);
        });
    };
    view! {
        <Show when=is_other>
            <button type="button" class="small" on:click=refill>{text.say(words::PROGRAM_REFILL)}</button>
        </Show>
    }
}
