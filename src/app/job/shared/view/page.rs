//! The page of a share link.

use leptos::prelude::*;

use super::{copy::CopyButton, looks::Looks, outputs::SharedOutputs};
use crate::{
    api::time,
    app::{
        job::{
            log::view::panel::LogPanel,
            shared::state::watch::Shared,
            view::{charts::Charts, failure::Failure, head, parameters::Parameters},
        },
        name::{Name, Passage},
        notice::ConnectionBanner,
        page_title::PageTitle,
        status::{StatusMark, message_of},
        text::{use_text, words},
    },
    browser::log_worker::messages::Access,
};
use jobsphere_names::{isolated, list};

/// The job of the link in the address.
#[component]
pub(crate) fn SharedPage() -> impl IntoView {
    let text = use_text();
    let shared = Shared::follow();
    let view = shared.view;
    let job = shared.job;
    let shows = move |pick: fn(&crate::api::share::ShareParts) -> bool| {
        let job = job.read();
        job.as_ref().and_then(|job| job.parts.as_ref()).is_some_and(pick)
    };
    let has_log = Memo::new(move |_| shows(|parts| parts.log));
    let has_parameters = Memo::new(move |_| shows(|parts| parts.parameters));
    Effect::new(move |begun: Option<bool>| {
        let begun = begun.unwrap_or(false);
        if begun || !has_log.get() {
            return begun;
        }
        let link = shared.holder.with_value(|holder| {
            let holder = holder.as_ref()?;
            Some(holder.credentials().link())
        });
        if let Some(link) = link {
            view.log.prepare();
            view.log.follow_as(Access::Share(link));
        }
        true
    });
    let name = Memo::new(move |_| job.read().as_ref().map(|job| job.name.clone()).unwrap_or_default());
    let title = Signal::derive(move || {
        let name = if name.read().is_empty() {
            text.get(words::SHARED_TITLE)
        } else {
            name.get()
        };
        match view.state.read().as_ref() {
            Some(state) => format!("{}: {}", isolated(&name), text.get(message_of(state.shown_status()))),
            None => name,
        }
    });
    let lost = Signal::derive(move || view.lost.get().or_else(|| view.log.lost.get()));
    view! {
        <PageTitle title />
        <ConnectionBanner lost />
        <Show when=move || view.failed.read().is_some()>
            <h1>{text.say(words::SHARED_GONE)}</h1>
            <p>{text.say(words::SHARED_GONE_HINT)}</p>
        </Show>
        <Show
            when=move || job.read().is_some()
            fallback=move || {
                view.failed.read().is_none().then(|| view! { <p class="quiet">{text.say(words::LOADING)}</p> })
            }
        >
            <Failure view />
            <SharedHead shared />
            <SharedOutputs shared />
            <Looks shared />
            <Show when=move || has_log.get()>
                <Charts view />
                <LogPanel view />
            </Show>
            <Show when=move || has_parameters.get()>
                <HiddenEnv shared />
                <Parameters view />
            </Show>
            <CopyButton shared />
        </Show>
    }
}

#[component]
fn SharedHead(shared: Shared) -> impl IntoView {
    let text = use_text();
    let view = shared.view;
    let job = Memo::new(move |_| shared.job.get().unwrap_or_default());
    let name = move || {
        let job = job.read();
        if job.name.is_empty() {
            text.get(words::JOB_UNNAMED)
        } else {
            job.name.clone()
        }
    };
    let words = move || {
        view.state
            .read()
            .as_ref()
            .and_then(|state| head::words(&state.job, text))
    };
    let progress = move || job.read().progress.clone();
    let facts = move || {
        let state = view.state.get()?;
        let expires = job.read().expires_at.as_ref().map(time::to_millis);
        Some(view! { <head::Times job=state.job end=words::SHARED_LINK_ENDS end_ms=expires /> })
    };
    view! {
        <header class="job-head">
            <div class="page-head">
                <h1 class="as-written"><Name of=Signal::derive(name) /></h1>
                <p class="quiet">{text.say(words::SHARED_READ_ONLY)}</p>
            </div>
            <p class="job-state">
                <StatusMark status=Signal::derive(move || view.shown_status()) />
                <span class="quiet as-written"><bdi>{words}</bdi></span>
            </p>
            <p class="as-written"><Passage of=Signal::derive(move || job.read().desc.clone()) /></p>
            {move || {
                progress()
                    .map(|progress| {
                        let share = progress.progress.clamp(0, 100);
                        view! {
                            <div class="progress">
                                <progress
                                    max="100"
                                    value=share.to_string()
                                    aria-label=text.say(words::PROGRESS_LABEL)
                                ></progress>
                                <span>{move || text.percent(share as f64 / 100.0)}</span>
                                <span class="as-written"><Passage of=progress.message /></span>
                            </div>
                        }
                    })
            }}
            {facts}
        </header>
    }
}

/// Says which values the link does not show.
#[component]
fn HiddenEnv(shared: Shared) -> impl IntoView {
    let text = use_text();
    move || {
        let names = list(&shared.job.read().as_ref()?.hidden_env);
        (!names.is_empty()).then(|| {
            view! { <p class="hint as-written">{text.get(words::SharedHiddenEnv { names })}</p> }
        })
    }
}
