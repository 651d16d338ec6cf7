//! The configurations that were dropped: which one the form was filled with, what of it is still missing, and the others.

use leptos::{prelude::*, task::spawn_local};

use crate::app::{
    announce::use_announcer,
    new_job::state::{
        form::Form,
        inputs::{configs::ConfigFile, taking::Taking},
    },
    text::{use_text, words},
};

use jobsphere_authoring::draft::PythonKind;

/// So much of a command tells configurations apart.
const MAX_CHARS: usize = 80;

/// What is said of them.
#[component]
pub(crate) fn ConfigChoice(
    /// The form.
    form: Form,
    /// What took them in.
    taking: Taking,
) -> impl IntoView {
    let text = use_text();
    let found = move || {
        taking
            .configs
            .with(|configs| configs.as_ref().map_or(Vec::new(), |configs| configs.found.clone()))
    };
    let chosen = move || taking.chosen.get().and_then(|place| found().into_iter().nth(place));
    let as_files = move |_| {
        spawn_local(async move {
            form.while_busy(taking.take_as_files()).await;
        });
    };
    view! {
        <Show when=move || !found().is_empty()>
            <div class="notice">
                <Show when=move || chosen().is_some()>
                    <Imported form file=Signal::derive(move || chosen().map(|config| config.path).unwrap_or_default()) />
                </Show>
                <Show when=move || { found().len() > 1 }>
                    <fieldset>
                        <legend>{text.say(words::CONFIGS_HEADING)}</legend>
                        {move || {
                            found()
                                .into_iter()
                                .enumerate()
                                .map(|(place, config)| view! { <ConfigLine form taking place config /> })
                                .collect_view()
                        }}
                    </fieldset>
                </Show>
                <p class="row-actions">
                    <button type="button" class="small" on:click=as_files>{text.say(words::CONFIGS_AS_FILES)}</button>
                    <button type="button" class="small" on:click=move |_| taking.undo()>{text.say(words::TAKE_BACK)}</button>
                </p>
            </div>
        </Show>
    }
}

/// One of several.
#[component]
fn ConfigLine(form: Form, taking: Taking, place: usize, config: ConfigFile) -> impl IntoView {
    let text = use_text();
    let announcer = use_announcer();
    let ConfigFile { path, name, cmd, .. } = config;
    let what = [name, cmd]
        .into_iter()
        .map(|words| shortened(&words))
        .filter(|words| !words.is_empty());
    let what = what.collect::<Vec<_>>().join(": ");
    let choose = {
        let path = path.clone();
        move |_| {
            let path = path.clone();
            spawn_local(async move {
                form.while_busy(taking.choose(place)).await;
                announcer.say(untrack(|| text.get(words::ConfigImported { file: path.as_str() })));
            });
        }
    };
    view! {
        <label class="check">
            <input type="radio" name="dropped-config" prop:checked=move || taking.chosen.get() == Some(place) on:change=choose />
            <span class="file-name">{path}</span>
            <span class="quiet">{what}</span>
        </label>
    }
}

/// Which configuration was taken over, and which of its inputs were not among the files.
#[component]
fn Imported(form: Form, file: Signal<String>) -> impl IntoView {
    let text = use_text();
    let missing = move || {
        form.with(|draft| {
            let brought = &draft.python.brought;
            let brought = brought.scripts.iter().chain(&brought.modules);
            let brought = brought.filter(|_| draft.python.kind != PythonKind::None);
            let rows = draft.inputs.iter().chain(brought);
            let missing = rows.filter(|row| row.content.is_missing() && !row.path.is_empty());
            missing.map(|row| row.path.clone()).collect::<Vec<_>>()
        })
    };
    view! {
        <p>{move || text.get(words::ConfigImported { file: file.get() })}</p>
        <Show when=move || !missing().is_empty()>
            <p>{text.say(words::INPUTS_MISSING)} " " <span class="code">{move || missing().join(", ")}</span></p>
        </Show>
    }
}

fn shortened(words: &str) -> String {
    let line = words.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(MAX_CHARS) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}
