//! The data of all jobs of a project: how much it is, and its end.

use leptos::{ev::SubmitEvent, html, prelude::*, task::spawn_local};

use crate::{
    app::{
        announce::use_announcer,
        jobs::state::loaded_jobs::{LastList, LoadedJobs},
        notice::ErrorNotice,
        text::{use_text, words},
    },
    browser,
};
use jobsphere_client::CallError;
use jobsphere_rules::lifetime::may_stand_by;

const NAME: &str = "all-data-name";

/// Asks for the project's name before everything is dropped.
#[component]
pub(crate) fn AllData(known: LoadedJobs, is_open: RwSignal<bool>) -> impl IntoView {
    let text = use_text();
    let dialog = NodeRef::<html::Dialog>::new();
    Effect::new(move || {
        let Some(dialog) = dialog.get() else { return };
        match (is_open.get(), dialog.open()) {
            (true, false) => {
                known.wants_all.set(true);
                // Fails only for a dialog that is not in the page.
                drop(dialog.show_modal());
            }
            (false, true) => dialog.close(),
            _ => {}
        }
    });
    view! {
        <dialog node_ref=dialog class="act" aria-labelledby="all-data-heading" on:close=move |_| is_open.set(false)>
            <Show when=move || is_open.get()>
                <h2 id="all-data-heading">
                    {move || text.get(words::AllDataHeading { project: known.project.get_value() })}
                </h2>
                <Held known />
                <DropAll known is_open />
            </Show>
        </dialog>
    }
}

/// How much there is.
#[component]
fn Held(known: LoadedJobs) -> impl IntoView {
    let text = use_text();
    let held = Memo::new(move |_| {
        known.version.track();
        known.with(|index| {
            let rows = index.newest_first().filter_map(|slot| index.row(slot));
            (rows.filter(|row| !row.cleared).count(), index.held_bytes())
        })
    });
    let said = move || {
        let (count, bytes) = held.get();
        let size = text.size(bytes as f64);
        text.get(words::AllDataHeld { count, size })
    };
    view! {
        <p>{said}</p>
        <Show when=move || !known.is_whole.get()><p class="hint">{text.say(words::ALL_DATA_READING)}</p></Show>
        <ul class="breaks">
            <li>{text.say(words::ALL_DATA_BREAKS)}</li>
            <li>{text.say(words::BREAKS_LINKS)}</li>
            <li>{text.say(words::ALL_DATA_STAYS)}</li>
        </ul>
    }
}

#[component]
fn DropAll(known: LoadedJobs, is_open: RwSignal<bool>) -> impl IntoView {
    let text = use_text();
    let announcer = use_announcer();
    let last: LastList = expect_context();
    let typed = RwSignal::new(String::new());
    let is_running = RwSignal::new(false);
    let failed = RwSignal::new(None::<CallError>);
    let running = Memo::new(move |_| known.running());
    let project = known.project.get_value();
    let is_named = {
        let project = project.clone();
        Memo::new(move |_| typed.read().trim() == project)
    };
    let may = move || is_named.get() && running.get() == 0 && !is_running.get();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if !untrack(may) {
            return;
        }
        is_running.set(true);
        failed.set(None);
        spawn_local(async move {
            let answer = browser::client().delete_all_data(&known.project.get_value()).await;
            is_running.try_set(false);
            match answer {
                Ok(()) => {
                    note(known);
                    announcer.say(text.get(words::ALL_DATA_DONE));
                    last.note.set(Some(text.get(words::ALL_DATA_DONE)));
                    is_open.try_set(false);
                }
                Err(error) => drop(failed.try_set(Some(error))),
            }
        });
    };
    view! {
        <form class="plain" on:submit=submit novalidate>
            <Show when=move || { running.get() > 0 }>
                <p class="notice notice-warn">
                    {move || text.get(words::AllDataRunning { count: running.get() })}
                </p>
            </Show>
            <div class="field">
                <label for=NAME>{text.get(words::AllDataName { project })}</label>
                <input id=NAME autocomplete="off" autocapitalize="off" spellcheck="false" bind:value=typed />
            </div>
            {move || failed.get().map(|error| view! { <ErrorNotice error /> })}
            <div class="buttons">
                <button class="button-danger" type="submit" aria-disabled=move || (!may()).to_string()>
                    {move || text.get(if is_running.get() { words::ALL_DATA_RUNS } else { words::ACT_DATA })}
                </button>
                <button type="button" on:click=move |_| is_open.set(false)>{text.say(words::ACT_NO)}</button>
            </div>
        </form>
    }
}

/// Brings the rows up to date with what the service has just done.
fn note(known: LoadedJobs) {
    known.update(|index| {
        let slots: Vec<_> = index.newest_first().collect();
        for slot in slots {
            index.change(slot, |row| {
                if may_stand_by(row.status).is_ok() {
                    row.cleared = true;
                    row.size_bytes = 0;
                }
            });
        }
    });
}
