//! The links there are, with their last use, and their end.

use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_params_map;

use crate::{
    api::{
        share::{Share, ShareParts},
        time,
    },
    app::{
        address::{job_address, jobs_address},
        name::Name,
        notice::ErrorNotice,
        page_title::PageTitle,
        text::{Text, use_text, words},
        time::{Instant, use_now},
    },
    browser,
};
use jobsphere_client::CallError;

/// All links of a project.
#[component]
pub(crate) fn SharesPage() -> impl IntoView {
    let text = use_text();
    let params = use_params_map();
    let project = Memo::new(move |_| params.read().get("project").unwrap_or_default());
    view! {
        <PageTitle title=Signal::derive(move || text.get(words::SHARES_TITLE)) />
        <nav aria-label=text.say(words::BREADCRUMB_LABEL) class="quiet">
            <a href=move || jobs_address(&project.get())>{text.say(words::BREADCRUMB_JOBS)}</a>
        </nav>
        <h1>{text.say(words::SHARES_TITLE)}</h1>
        <p class="quiet">{text.say(words::SHARES_HINT)}</p>
        {move || view! { <Links project_id=project.get() job_id=String::new() changed=RwSignal::new(0) /> }}
    }
}

/// What a link shows, in words.
fn parts(text: Text, parts: &ShareParts) -> String {
    let mut words = vec![text.get(words::PART_STATE)];
    if parts.log {
        words.push(text.get(words::PART_LOG));
    }
    if parts.parameters {
        words.push(text.get(words::PART_PARAMETERS));
    }
    if !parts.env_values.is_empty() {
        let count = parts.env_values.len();
        words.push(text.get(words::PartEnvValues { count }));
    }
    if !parts.outputs.is_empty() {
        words.push(text.get(words::PartOutputs {
            count: parts.outputs.len(),
        }));
    }
    words.join(", ")
}

/// Whether a link is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    Good,
    Expired,
    Revoked,
}

fn standing(share: &Share, now_ms: i64) -> Standing {
    let has_ended = |end: i64| end <= now_ms;
    if share.revoked_at.is_some() {
        Standing::Revoked
    } else if share.expires_at.as_ref().map(time::to_millis).is_some_and(has_ended) {
        Standing::Expired
    } else {
        Standing::Good
    }
}

/// The links of a project, or with a `job_id` those of that job; read anew whenever `changed` changes.
#[component]
pub(crate) fn Links(project_id: String, job_id: String, changed: RwSignal<u32>) -> impl IntoView {
    let text = use_text();
    let shares = RwSignal::new(None::<Vec<Share>>);
    let is_cut = RwSignal::new(false);
    let error = RwSignal::new(None::<CallError>);
    let place = StoredValue::new((project_id, job_id));
    Effect::new(move || {
        changed.get();
        let (project_id, job_id) = place.get_value();
        spawn_local(async move {
            let answer = browser::client().shares_of(&project_id, &job_id).await;
            match answer {
                Ok(answer) => {
                    error.try_set(None);
                    is_cut.try_set(answer.is_cut);
                    shares.try_set(Some(answer.shares));
                }
                Err(failure) => {
                    error.try_set(Some(failure));
                }
            }
        });
    });
    let end_all = move |_| {
        let (project_id, job_id) = place.get_value();
        spawn_local(async move {
            match browser::client().revoke_shares_of(&project_id, &job_id).await {
                Ok(_) => {
                    changed.try_update(|count| *count += 1);
                }
                Err(failure) => {
                    error.try_set(Some(failure));
                }
            }
        });
    };
    let now = use_now();
    let has_good = move || {
        let now_ms = now.get();
        let shares = shares.read();
        shares
            .iter()
            .flatten()
            .any(|share| standing(share, now_ms) == Standing::Good)
    };
    let shows_jobs = place.with_value(|(_, job_id)| job_id.is_empty());
    view! {
        {move || error.get().map(|error| view! { <ErrorNotice error /> })}
        {move || match shares.get() {
            None => {
                let loading = || view! { <p class="quiet">{text.say(words::LOADING)}</p> };
                error.read().is_none().then(loading).into_any()
            }
            Some(shares) if shares.is_empty() => {
                view! { <p class="quiet">{text.say(words::SHARES_NONE)}</p> }.into_any()
            }
            Some(shares) => {
                view! {
                    <ul class="shares">
                        {shares
                            .into_iter()
                            .map(|share| view! { <Link share shows_job=shows_jobs changed error /> })
                            .collect_view()}
                    </ul>
                }
                    .into_any()
            }
        }}
        <Show when=move || is_cut.get()>
            <p class="hint">{text.say(words::SHARES_CUT)}</p>
        </Show>
        <Show when=has_good>
            <p><button type="button" on:click=end_all>{text.say(words::SHARE_REVOKE_ALL)}</button></p>
        </Show>
    }
}

#[component]
fn Link(share: Share, shows_job: bool, changed: RwSignal<u32>, error: RwSignal<Option<CallError>>) -> impl IntoView {
    let text = use_text();
    let now = use_now();
    let share = StoredValue::new(share);
    let standing = Memo::new(move |_| share.with_value(|share| standing(share, now.get())));
    let millis = move |pick: fn(&Share) -> Option<&prost_types::Timestamp>| {
        share.with_value(|share| pick(share).map(time::to_millis))
    };
    let job = share.with_value(|share| {
        let name = if share.job_name.is_empty() {
            share.job_id.clone()
        } else {
            share.job_name.clone()
        };
        (job_address(&share.project_id, &share.job_id), name)
    });
    let name = share.with_value(|share| share.id.clone());
    let end = move |_| {
        let id = share.with_value(|share| share.id.clone());
        spawn_local(async move {
            match browser::client().revoke_share(&id).await {
                Ok(_) => {
                    changed.try_update(|count| *count += 1);
                }
                Err(failure) => {
                    error.try_set(Some(failure));
                }
            }
        });
    };
    let entry = move |label, pick| {
        millis(pick).map(|millis| view! { <div><dt>{text.say(label)}</dt><dd><Instant millis /></dd></div> })
    };
    let uses = share.with_value(|share| share.use_count);
    let maker = share.with_value(|share| share.created_by.clone());
    let revoke_label = {
        let name = name.clone();
        move || text.get(words::ShareRevokeOne { id: name.as_str() })
    };
    view! {
        <li class="share">
            <p class="share-head">
                {shows_job.then(|| view! { <a class="as-written" href=job.0><Name of=job.1.clone() /></a> })}
                <span>{move || share.with_value(|share| parts(text, &share.parts.clone().unwrap_or_default()))}</span>
                <code class="quiet">{name}</code>
            </p>
            <dl class="facts">
                {entry(words::SHARE_CREATED, |share| share.created_at.as_ref())}
                <div><dt>{text.say(words::SHARE_MAKER)}</dt><dd class="as-written"><Name of=maker /></dd></div>
                {entry(words::SHARE_EXPIRES, |share| share.expires_at.as_ref())}
                <div>
                    <dt>{text.say(words::SHARE_LAST_USE)}</dt>
                    <dd>
                        {match millis(|share| share.last_used_at.as_ref()) {
                            Some(millis) => {
                                view! {
                                    <Instant millis />
                                    " "
                                    <span class="quiet">{move || text.get(words::ShareUses { count: uses })}</span>
                                }
                                    .into_any()
                            }
                            None => view! { <span>{text.say(words::SHARE_NEVER_USED)}</span> }.into_any(),
                        }}
                    </dd>
                </div>
            </dl>
            {move || match standing.get() {
                Standing::Good => {
                    view! {
                        <button type="button" aria-label=revoke_label.clone() on:click=end>
                            {text.say(words::SHARE_REVOKE)}
                        </button>
                    }
                        .into_any()
                }
                Standing::Expired => view! { <span class="quiet">{text.say(words::SHARE_EXPIRED)}</span> }.into_any(),
                Standing::Revoked => view! { <span class="quiet">{text.say(words::SHARE_REVOKED)}</span> }.into_any(),
            }}
        </li>
    }
}
