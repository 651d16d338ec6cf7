//! What a link is to show, as the maker ticks it.

use std::collections::BTreeSet;

use leptos::prelude::*;

use crate::{
    api::{
        jobs::Job,
        share::{CreateShareRequest, ShareParts, SweepRequest},
        time,
    },
    app::text::{Message, use_text, words},
    browser::clock,
};

/// How long a link can be good, in days; the first is proposed.
const DAYS: [u32; 4] = [7, 1, 30, 365];
const DAY_MS: i64 = 86_400_000;

/// What is ticked.
#[derive(Clone, Copy)]
pub(super) struct Choice {
    log: RwSignal<bool>,
    parameters: RwSignal<bool>,
    env_values: RwSignal<BTreeSet<String>>,
    outputs: RwSignal<BTreeSet<String>>,
    days: RwSignal<u32>,
    preview: RwSignal<bool>,
    badge: RwSignal<bool>,
    embed: RwSignal<bool>,
    hidden: RwSignal<String>,
}

impl Choice {
    pub(super) fn new() -> Self {
        Self {
            log: RwSignal::new(true),
            parameters: RwSignal::new(false),
            env_values: RwSignal::default(),
            outputs: RwSignal::default(),
            days: RwSignal::new(DAYS[0]),
            preview: RwSignal::new(false),
            badge: RwSignal::new(false),
            embed: RwSignal::new(false),
            hidden: RwSignal::default(),
        }
    }

    fn parts(self) -> ShareParts {
        let has_parameters = self.parameters.get();
        ShareParts {
            log: self.log.get(),
            parameters: has_parameters,
            env_values: if has_parameters {
                self.env_values.get().into_iter().collect()
            } else {
                Vec::new()
            },
            outputs: self.outputs.get().into_iter().collect(),
        }
    }

    fn hidden_texts(self) -> Vec<String> {
        let hidden = self.hidden.get();
        let lines = hidden.lines().map(str::trim).filter(|line| !line.is_empty());
        lines.map(str::to_owned).collect()
    }

    /// What would be looked through; reactive.
    pub(super) fn sweep(self, job_id: &str) -> SweepRequest {
        SweepRequest {
            job_id: job_id.to_owned(),
            parts: Some(self.parts()),
            hidden_texts: self.hidden_texts(),
        }
    }

    /// The link that would be made; reactive.
    pub(super) fn create(self, job_id: &str) -> CreateShareRequest {
        let ends_ms = clock::now_ms() + i64::from(self.days.get()) * DAY_MS;
        CreateShareRequest {
            job_id: job_id.to_owned(),
            parts: Some(self.parts()),
            expires_at: Some(time::from_millis(ends_ms)),
            allow_preview: self.preview.get(),
            allow_badge: self.badge.get(),
            allow_embed: self.embed.get(),
            hidden_texts: self.hidden_texts(),
        }
    }
}

/// The form.
#[component]
pub(super) fn ChoiceForm(choice: Choice, #[prop(into)] job: Signal<Job>) -> impl IntoView {
    let text = use_text();
    let variables = Memo::new(move |_| {
        let job = job.read();
        let parameters = job.job_parameters.as_ref();
        let env = parameters.and_then(|parameters| parameters.env.as_ref());
        let names = env.map(|env| env.vars.keys().cloned().collect::<BTreeSet<_>>());
        names.unwrap_or_default().into_iter().collect::<Vec<_>>()
    });
    let outputs = Memo::new(move |_| {
        let job = job.read();
        let parameters = job.job_parameters.as_ref();
        let declared = parameters.map(|parameters| parameters.output_files.iter().map(|desc| desc.path.clone()));
        declared.map(Iterator::collect::<Vec<_>>).unwrap_or_default()
    });
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
                <code class="file-name">{name}</code>
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
