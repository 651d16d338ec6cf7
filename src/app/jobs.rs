//! The page of a project's jobs.

use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

use super::{
    notice::{ConnectionBanner, ErrorNotice, Lost},
    shell::{PageTitle, job_address, jobs_address, new_job_address},
    sign_in::{SignIn, use_sign_in},
    status::StatusMark,
    task::run_while_mounted,
    text::use_text,
    time::{Instant, RunTime, span},
};
use crate::{
    api::{
        jobs::{Job, JobStatus, ListProjectJobResponse},
        time,
    },
    browser::{self, clock, document},
    client::{CallError, Clock, retry::Backoff},
};

const PAGE_SIZE: i64 = 50;
const REFRESH_MS: u32 = 3000;

/// What the page knows; filled by [`watch`].
#[derive(Clone, Copy)]
struct Listing {
    page: RwSignal<Option<ListProjectJobResponse>>,
    lost: RwSignal<Option<Lost>>,
    failed: RwSignal<Option<CallError>>,
}

/// The jobs of the project in the address, newest first.
#[component]
pub(crate) fn JobsPage() -> impl IntoView {
    let text = use_text();
    let params = use_params_map();
    let query = use_query_map();
    let place = Memo::new(move |_| {
        (
            params.read().get("project").unwrap_or_default(),
            query.read().get("page").unwrap_or_default(),
        )
    });
    let project = Memo::new(move |_| place.get().0);
    view! {
        <PageTitle title=Signal::derive(move || text.with("jobs-title", [("project", project.get().into())])) />
        <div class="page-head">
            <h1>{text.say("jobs-heading")}</h1>
            <a class="button button-main" href=move || new_job_address(&project.get())>{text.say("nav-new-job")}</a>
        </div>
        {move || {
            let (project, token) = place.get();
            view! { <JobList project token /> }
        }}
    }
}

#[component]
fn JobList(project: String, token: String) -> impl IntoView {
    let text = use_text();
    let listing = Listing {
        page: RwSignal::new(None),
        lost: RwSignal::new(None),
        failed: RwSignal::new(None),
    };
    run_while_mounted(watch(project.clone(), token.clone(), listing, use_sign_in()));
    let is_empty = Memo::new(move |_| listing.page.read().as_ref().map(|page| page.jobs.is_empty()));
    let older = Memo::new(move |_| {
        let token = listing.page.read().as_ref().map(|page| page.next_page_token.clone());
        token.filter(|token| !token.is_empty())
    });
    let is_first_page = token.is_empty();
    let first_page = jobs_address(&project);
    let older_page = {
        let first_page = first_page.clone();
        move |token: String| {
            format!(
                "{first_page}?page={}",
                String::from(js_sys::encode_uri_component(&token))
            )
        }
    };
    let new_job = new_job_address(&project);
    view! {
        <ConnectionBanner lost=listing.lost />
        {move || listing.failed.get().map(|error| view! { <ErrorNotice error /> })}
        {move || match (is_empty.get(), is_first_page) {
            (None, _) if listing.failed.read().is_some() => ().into_any(),
            (None, _) => view! { <p class="quiet">{text.say("loading")}</p> }.into_any(),
            (Some(true), true) => view! { <NoJobs new_job=new_job.clone() /> }.into_any(),
            (Some(_), _) => view! { <JobTable project=project.clone() page=listing.page /> }.into_any(),
        }}
        <nav class="pages" aria-label=text.say("pages-label")>
            {(!is_first_page).then(|| view! { <a href=first_page>{text.say("pages-newest")}</a> })}
            {move || older.get().map(|token| view! { <a href=older_page(token) rel="next">{text.say("pages-older")}</a> })}
        </nav>
    }
}

async fn watch(project: String, token: String, listing: Listing, sign_in: SignIn) {
    let client = browser::client();
    let mut backoff = Backoff::default();
    loop {
        if !document::is_visible() {
            client.clock().pause_before_retry(REFRESH_MS).await;
            continue;
        }
        match client.list(&project, PAGE_SIZE, &token).await {
            Ok(page) => {
                backoff.reset();
                listing.lost.set(None);
                listing.failed.set(None);
                if listing.page.read_untracked().as_ref() != Some(&page) {
                    listing.page.set(Some(page));
                }
                client.clock().sleep(REFRESH_MS).await;
            }
            Err(error) if error.is_transient() => {
                let retry_ms = backoff.next_ms();
                let retry_at_ms = clock::now_ms() + i64::from(retry_ms);
                listing.lost.set(Some(Lost { error, retry_at_ms }));
                client.clock().pause_before_retry(retry_ms).await;
            }
            Err(error) => {
                listing.lost.set(None);
                listing.failed.set(Some(error.clone()));
                if !sign_in.overcomes(&error).await {
                    return;
                }
            }
        }
    }
}

#[component]
fn NoJobs(new_job: String) -> impl IntoView {
    let text = use_text();
    view! {
        <section class="empty">
            <h2>{text.say("jobs-empty-heading")}</h2>
            <p>{text.say("jobs-empty-text")}</p>
            <p><a class="button button-main" href=new_job>{text.say("jobs-empty-link")}</a></p>
        </section>
    }
}

#[component]
fn JobTable(project: String, page: RwSignal<Option<ListProjectJobResponse>>) -> impl IntoView {
    let text = use_text();
    let jobs = move || page.get().map(|page| page.jobs).unwrap_or_default();
    let project = StoredValue::new(project);
    view! {
        <table class="jobs">
            <caption class="visually-hidden">{text.say("jobs-heading")}</caption>
            <thead>
                <tr>
                    <th scope="col">{text.say("column-state")}</th>
                    <th scope="col">{text.say("column-name")}</th>
                    <th scope="col">{text.say("column-created")}</th>
                    <th scope="col">{text.say("column-duration")}</th>
                </tr>
            </thead>
            <tbody>
                <For
                    each=jobs
                    key=|job| (job.id.clone(), job.status, job.started_at, job.finished_at)
                    let(job)
                >
                    <JobRow project=project.get_value() job />
                </For>
            </tbody>
        </table>
    }
}

#[component]
fn JobRow(project: String, job: Job) -> impl IntoView {
    let text = use_text();
    let status = JobStatus::try_from(job.status).unwrap_or_default();
    let (started, finished) = span(&job);
    let created = job.created_at.as_ref().map(time::to_millis);
    let name = job.name.clone();
    view! {
        <tr>
            <td><StatusMark status=Signal::stored(status) /></td>
            <th scope="row">
                <a href=job_address(&project, &job.id)>
                    {move || if name.is_empty() { text.get("job-unnamed") } else { name.clone() }}
                </a>
            </th>
            <td>{created.map(|millis| view! { <Instant millis /> })}</td>
            <td><RunTime started finished /></td>
        </tr>
    }
}
