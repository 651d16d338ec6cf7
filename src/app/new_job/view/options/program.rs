//! What was found in the Python program, to be corrected before it is sent.

use leptos::{prelude::*, task::spawn_local};

use crate::app::{
    name::Name,
    new_job::state::{
        drafts::{store::PROJECT, stored_source::reread},
        form::Form,
        python::program::{Program, State, requirement_lines},
    },
    text::{Text, use_text, words},
};
use jobsphere_authoring::python::{LocalModule, Misread, Needs, Place, Requirement};

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
    let requirements = Memo::new(move |_| needs().requirements);
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
            <Show when=move || !requirements.read().is_empty()>
                <details class="packages">
                    <summary>
                        {move || text.get(words::PackagesHeading { count: requirements.read().len() })}
                    </summary>
                    <ul>
                        {move || requirements.get().iter().map(|need| package(text, need)).collect_view()}
                    </ul>
                </details>
            </Show>
            <Refill form />
        </section>
    }
}

fn status(text: Text, state: State) -> String {
    match state {
        State::Idle => String::new(),
        State::Reading => text.get(words::PROGRAM_READING),
        State::Failed(reason) => text.get(words::ProgramFailed { reason }),
        State::Read(needs) => match needs.main {
            Some(main) => text.get(words::ProgramMain { path: main }),
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

fn package(text: Text, need: &Requirement) -> impl IntoView + use<> {
    let place = need.at.as_ref().map(|place| imported_at(text, place));
    let kind = match (need.optional, need.guessed) {
        (true, _) => Some(text.get(words::PACKAGE_OPTIONAL)),
        (_, true) => Some(text.get(words::PACKAGE_GUESSED)),
        _ => None,
    };
    let notes: Vec<String> = place.into_iter().chain(kind).collect();
    let name = need.package.clone();
    view! {
        <li>
            <code><Name of=name /></code>
            " "
            <span class="quiet">{notes.join("; ")}</span>
        </li>
    }
}

fn imported_at(text: Text, place: &Place) -> String {
    text.get(words::ImportedAt {
        path: place.path.as_str(),
        line: place.line,
    })
}

fn sentence(text: Text, problem: &Misread) -> String {
    let at = |place: &Place, what: String| {
        let place = text.get(words::PlaceAt {
            path: place.path.as_str(),
            line: place.line,
        });
        format!("{place}: {what}")
    };
    match problem {
        Misread::NoMain => text.get(words::RULE_MAIN_MODULE),
        Misread::MissingMain { path } => text.get(words::MisreadMain { path }),
        Misread::MissingRoot { path } => text.get(words::MisreadRoot { path }),
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
        State::Read(needs) => requirement_lines(&needs),
        _ => String::new(),
    };
    let is_other = move || {
        let found = found();
        !found.is_empty()
            && form.with(|draft| draft.python.requirements_file.is_empty() && draft.python.requirements != found)
    };
    let refill = move |_| {
        let found = untrack(found);
        form.bring(|python| {
            python.requirements.clear();
            python.fill_requirements(found);
        });
    };
    view! {
        <Show when=is_other>
            <button type="button" class="small" on:click=refill>{text.say(words::PROGRAM_REFILL)}</button>
        </Show>
    }
}
