//! The page that shares a job: what is shown, what was found in it, the link.

use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_params_map;

use super::{choice::ChoiceForm, findings::Findings, links::Links, made::Made};
use crate::{
    api::{
        jobs::Job,
        share::{CreateShareResponse, SweepRequest, SweepResponse},
    },
    app::{
        address::job_address,
        name::Name,
        notice::ErrorNotice,
        page_title::PageTitle,
        sharing::state::choice::Choice,
        sign_in::use_sign_in,
        task::run_while_mounted,
        text::{use_text, words},
    },
    browser::{self, document},
};
use jobsphere_client::CallError;

/// Sharing the job in the address.
#[component]
pub(crate) fn SharePage() -> impl IntoView {
    let params = use_params_map();
    let place = Memo::new(move |_| {
        let params = params.read();
        (
            params.get("project").unwrap_or_default(),
            params.get("job").unwrap_or_default(),
        )
    });
    move || {
        let (project, job_id) = place.get();
        view! { <Sharing project job_id /> }
    }
}

#[component]
fn Sharing(project: String, job_id: String) -> impl IntoView {
    let text = use_text();
    let job = RwSignal::new(None::<Job>);
    let error = RwSignal::new(None::<CallError>);
    let sign_in = use_sign_in();
    run_while_mounted({
        let job_id = job_id.clone();
        async move {
            loop {
                match browser::client().job(&job_id).await {
                    Ok(found) => return job.set(Some(found)),
                    Err(failure) => error.set(Some(failure.clone())),
                }
                let Some(failure) = error.get_untracked() else { return };
                if !sign_in.overcomes(&failure).await {
                    return;
                }
                error.set(None);
            }
        }
    });
    let name = move || match job.read().as_ref() {
        Some(job) if !job.name.is_empty() => job.name.clone(),
        _ => text.get(words::JOB_UNNAMED),
    };
    let address = job_address(&project, &job_id);
    view! {
        <PageTitle title=Signal::derive(move || text.get(words::SHARE_TITLE)) />
        <nav aria-label=text.say(words::BREADCRUMB_LABEL) class="quiet">
            <a class="as-written" href=address><Name of=name /></a>
        </nav>
        <h1>{text.say(words::SHARE_TITLE)}</h1>
        <p class="quiet">{text.say(words::SHARE_INTRO)}</p>
        {move || error.get().map(|error| view! { <ErrorNotice error /> })}
        <Show when=move || job.read().is_some()>
            <Making project=project.clone() job=Signal::derive(move || job.get().unwrap_or_default()) />
        </Show>
    }
}

#[component]
fn Making(project: String, job: Signal<Job>) -> impl IntoView {
    let text = use_text();
    let choice = Choice::of(&job.read_untracked());
    let job_id = job.read_untracked().id.clone();
    let swept = RwSignal::new(None::<(SweepRequest, SweepResponse)>);
    let made = RwSignal::new(None::<CreateShareResponse>);
    let error = RwSignal::new(None::<CallError>);
    let is_asking = RwSignal::new(false);
    let changed = RwSignal::new(0_u32);
    let request = {
        let job_id = job_id.clone();
        Memo::new(move |_| choice.sweep(&job_id))
    };
    // Only what was looked at may be published.
    let found = Memo::new(move |_| {
        let swept = swept.read();
        let (asked, answer) = swept.as_ref()?;
        (*asked == *request.read()).then(|| answer.clone())
    });
    let review = move || {
        let asked = request.get_untracked();
        spawn_local(async move {
            let answer = browser::client().sweep(asked.clone()).await;
            is_asking.try_set(false);
            match answer {
                Ok(answer) => drop(swept.try_set(Some((asked, answer)))),
                Err(failure) => drop(error.try_set(Some(failure))),
            }
        });
    };
    let create = {
        let job_id = job_id.clone();
        move || {
            let asked = untrack(|| choice.create(&job_id));
            spawn_local(async move {
                let answer = browser::client().create_share(asked).await;
                is_asking.try_set(false);
                match answer {
                    Ok(answer) => {
                        made.try_set(Some(answer));
                        swept.try_set(None);
                        changed.try_update(|count| *count += 1);
                        document::focus("made-heading");
                    }
                    Err(failure) => drop(error.try_set(Some(failure))),
                }
            });
        }
    };
    let on_submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if is_asking.get_untracked() {
            return;
        }
        is_asking.set(true);
        error.set(None);
        made.set(None);
        if found.read_untracked().is_some() {
            create()
        } else {
            review()
        }
    };
    let action = move || {
        text.get(if found.read().is_some() {
            words::SHARE_CREATE
        } else {
            words::SHARE_REVIEW
        })
    };
    view! {
        <form class="share-form" on:submit=on_submit>
            <ChoiceForm choice job />
            {move || found.get().map(|swept| view! { <Findings swept /> })}
            {move || error.get().map(|error| view! { <ErrorNotice error /> })}
            <p class="said-action">
                <button class="button-main" aria-busy=move || is_asking.get().to_string()>{action}</button>
                <span class="hint">{text.say(words::SHARE_REVIEW_HINT)}</span>
            </p>
        </form>
        {move || made.get().map(|made| view! { <Made made /> })}
        <section aria-labelledby="shares-heading">
            <h2 id="shares-heading">{text.say(words::SHARES_OF_JOB)}</h2>
            <Links project_id=project job_id changed />
        </section>
    }
}
