//! What a link is to show, to be ticked.

use std::collections::BTreeSet;

use leptos::prelude::*;

use crate::{
    api::jobs::Job,
    app::{
        name::Name,
        sharing::state::choice::{Choice, DAYS, output_paths},
        text::{Message, use_text, words},
    },
};

/// The form.
#[component]
pub(crate) fn ChoiceForm(choice: Choice, #[prop(into)] job: Signal<Job>) -> impl IntoView {
    let text = use_text();
    let variables = Memo::new(move |_| {
        let job = job.read();
        let parameters = job.job_parameters.as_ref();
        let env = parameters.and_then(|parameters| parameters.env.as_ref());
        let names = env.map(|env| env.vars.keys().cloned().collect::<BTreeSet<_>>());
        names.unwrap_or_default().into_iter().collect::<Vec<_>>()
    });
    let outputs = Memo::new(move |_| output_paths(&job.read()));
    let expiry = move |days: u32| {
        view! {
            <option value=days.to_string() selected=move || choice.days.get() == days>
                {move || text.get(words::ShareDays { days })}
            </option>
        }
    };
    let on_days = move |event| {
        if let Ok(days) = event_target_value(&event).parse() {
            choice.days.set(days);
        }
    };
    view! {
        <fieldset class="share-parts">
            <legend>{text.say(words::SHARE_PARTS)}</legend>
            <p class="hint">{text.say(words::SHARE_PARTS_HINT)}</p>
            <Tick label=words::SHARE_LOG on=choice.log />
            <Tick label=words::SHARE_PARAMETERS on=choice.parameters />
            <Show when=move || choice.parameters.get() && !variables.read().is_empty()>
                <div class="several-inside">
                    <Several
                        heading=words::SHARE_ENV_VALUES
                        hint=words::SHARE_ENV_VALUES_HINT
                        names=variables
                        chosen=choice.env_values
                    />
                </div>
            </Show>
            <Show when=move || !outputs.read().is_empty()>
                <Several
                    heading=words::SHARE_OUTPUTS
                    hint=words::SHARE_OUTPUTS_HINT
                    names=outputs
                    chosen=choice.outputs
                />
            </Show>
        </fieldset>
        <fieldset class="share-parts">
            <legend>{text.say(words::SHARE_PUBLIC)}</legend>
            <p class="hint">{text.say(words::SHARE_PUBLIC_HINT)}</p>
            <Tick label=words::SHARE_PREVIEW on=choice.preview />
            <Tick label=words::SHARE_BADGE on=choice.badge />
            <Tick label=words::SHARE_EMBED on=choice.embed />
        </fieldset>
        <div class="field">
            <label for="share-days">{text.say(words::SHARE_EXPIRY)}</label>
            <select id="share-days" on:change=on_days>{DAYS.map(expiry)}</select>
        </div>
        <div class="field">
            <label for="share-hidden">{text.say(words::SHARE_HIDDEN)}</label>
            <textarea
                id="share-hidden"
                rows="2"
                spellcheck="false"
                autocomplete="off"
                aria-describedby="share-hidden-hint"
                prop:value=choice.hidden
                on:input=move |event| choice.hidden.set(event_target_value(&event))
            ></textarea>
            <p id="share-hidden-hint" class="hint">{text.say(words::SHARE_HIDDEN_HINT)}</p>
        </div>
    }
}

#[component]
fn Tick(label: Message, on: RwSignal<bool>) -> impl IntoView {
    let text = use_text();
    view! {
        <label class="tick">
            <input type="checkbox" prop:checked=on on:change=move |event| on.set(event_target_checked(&event)) />
            <span>{text.say(label)}</span>
        </label>
    }
}

/// Names, each of which can be ticked.
#[component]
fn Several(
    heading: Message,
    hint: Message,
    names: Memo<Vec<String>>,
    chosen: RwSignal<BTreeSet<String>>,
) -> impl IntoView {
    let text = use_text();
    let tick = move |name: String| {
        let is_chosen = {
            let name = name.clone();
            move || chosen.read().contains(&name)
        };
        let change = {
            let name = name.clone();
            move |event| {
                chosen.update(|chosen| {
                    if event_target_checked(&event) {
                        chosen.insert(name.clone());
                    } else {
                        chosen.remove(&name);
                    }
                });
            }
        };
        view! {
            <label class="tick">
                <input type="checkbox" prop:checked=is_chosen on:change=change />
                <code class="file-name"><Name of=name /></code>
            </label>
        }
    };
    view! {
        <div class="several" role="group" aria-label=text.say(heading)>
            <p>{text.say(heading)} " " <span class="hint">{text.say(hint)}</span></p>
            <For each=move || names.get() key=Clone::clone children=tick />
        </div>
    }
}
