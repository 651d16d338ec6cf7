//! The packages of a Python program: which are installed, which only may be meant, and what a file says of them.

use leptos::prelude::*;

use super::program::{imported_at, place_at};
use crate::app::{
    new_job::state::form::Form,
    text::{Text, use_text, words},
};
use jobsphere_authoring::python::{Declared, LostKind, Needs, Requirement, canonical, subjects};

/// What is imported, each to be ticked.
#[component]
pub(super) fn Packages(
    /// The form it belongs to.
    form: Form,
    /// What was found.
    needs: Signal<Needs>,
) -> impl IntoView {
    let text = use_text();
    let parted = move |is_known: bool| {
        let all = needs.get().requirements.into_iter();
        all.filter(|need| (!need.guessed && need.rivals.is_empty()) == is_known)
            .collect::<Vec<_>>()
    };
    let known = Memo::new(move |_| parted(true));
    let doubtful = Memo::new(move |_| parted(false));
    let lines = move |found: Vec<Requirement>| {
        let lines = found.into_iter().map(|need| view! { <PackageLine form need /> });
        lines.collect_view()
    };
    view! {
        {move || needs.get().declared.map(|declared| view! { <DeclaredView declared /> })}
        <Show when=move || !known.read().is_empty()>
            <details class="packages">
                <summary>{move || text.get(words::PackagesHeading { count: known.read().len() })}</summary>
                {move || lines(known.get())}
            </details>
        </Show>
        <Show when=move || !doubtful.read().is_empty()>
            <fieldset class="packages">
                <legend>{text.say(words::DOUBTFUL_HEADING)}</legend>
                <p class="hint">{text.say(words::DOUBTFUL_HINT)}</p>
                {move || lines(doubtful.get())}
            </fieldset>
        </Show>
    }
}

/// A package, and the dropped files that may be meant in its place.
#[component]
fn PackageLine(form: Form, need: Requirement) -> impl IntoView {
    let text = use_text();
    let name = need.package.clone();
    let own = canonical(&name);
    let is_wanted = move || form.with(|draft| subjects(&draft.python.requirements).contains(&own));
    let toggle = {
        let name = name.clone();
        move |event| {
            let is_wanted = event_target_checked(&event);
            form.bring(|python| python.want(&name, is_wanted));
        }
    };
    let place = need.at.as_ref().map(|place| imported_at(text, place));
    let kind = match (need.optional, need.guessed) {
        (true, _) => Some(text.get(words::PACKAGE_OPTIONAL)),
        (_, true) => Some(text.get(words::PACKAGE_GUESSED)),
        _ => None,
    };
    let notes: Vec<String> = place.into_iter().chain(kind).collect();
    let rivals = need.rivals.into_iter().map(|path| view! { <RivalLine form path /> });
    view! {
        <label class="check">
            <input type="checkbox" prop:checked=is_wanted on:change=toggle />
            <code>{name}</code>
            <span class="quiet">{notes.join("; ")}</span>
        </label>
        {rivals.collect_view()}
    }
}

/// A dropped file that is called as an imported module.
#[component]
fn RivalLine(form: Form, path: String) -> impl IntoView {
    let text = use_text();
    let is_added = {
        let path = path.clone();
        move || form.with(|draft| draft.python.brought.added.contains(&path))
    };
    let toggle = {
        let path = path.clone();
        move |event| {
            let is_added = event_target_checked(&event);
            form.bring(|python| {
                let added = &mut python.brought.added;
                added.retain(|known| *known != path);
                added.extend(is_added.then(|| path.clone()));
            });
        }
    };
    view! {
        <label class="check">
            <input type="checkbox" prop:checked=is_added on:change=toggle />
            <span class="file-name">{path.clone()}</span>
            <span class="quiet">{text.say(words::PACKAGE_RIVAL)}</span>
        </label>
    }
}

/// What a file says is to be installed, and what of it is not kept.
#[component]
fn DeclaredView(declared: Declared) -> impl IntoView {
    let text = use_text();
    let count = subjects(&declared.lines.join("\n")).len();
    let path = declared.path;
    let lost = declared.lost.into_iter().map(move |lost| {
        let written = lost.written.as_str();
        let why = match lost.kind {
            LostKind::Hash => text.get(words::LostHash { written }),
            LostKind::Local => text.get(words::LostLocal { written }),
            LostKind::Option => text.get(words::LostOption { written }),
            LostKind::Missing => text.get(words::LostMissing { written }),
            LostKind::Constraint => text.get(words::LostConstraint { written }),
            LostKind::Unclear => text.get(words::LostUnclear { written }),
        };
        view! { <li>{format!("{}: {why}", place_at(text, &lost.at))}</li> }
    });
    view! {
        <p>{declared_words(text, &path, count)}</p>
        <ul class="program-problems">{lost.collect_view()}</ul>
    }
}

fn declared_words(text: Text, path: &str, count: usize) -> String {
    text.get(words::PackagesDeclared { path, count })
}
