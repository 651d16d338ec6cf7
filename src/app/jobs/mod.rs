//! The page of a project's jobs.

pub(crate) mod state;
pub(crate) mod view;

pub(crate) use self::{
    state::{
        bulk_action::{Asked, Done, Target},
        loaded_jobs::{LastList, LoadedJobs},
    },
    view::act::ActDialog,
};

use std::collections::BTreeSet;

use leptos::{ev, prelude::*, task::spawn_local};
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_params_map},
};

use self::view::{
    all_data::AllData,
    count::HowMany,
    filters::{self, Filters},
    selection::SelectionBar,
    table::JobTable,
};
use crate::{
    app::{
        address::{jobs_address, new_job_address, use_go},
        jobs::state::{
            list::{List, remembered_values},
            search::JobSearch,
        },
        notice::{ConnectionBanner, ErrorNotice},
        page_title::PageTitle,
        text::{use_text, words},
    },
    browser::{self, document},
};
use jobsphere_log::view::keys::meant;
use jobsphere_overview::listing::{Query, Sort};

/// The jobs of the project in the address.
#[component]
pub(crate) fn JobsPage() -> impl IntoView {
    let text = use_text();
    let params = use_params_map();
    let project = Memo::new(move |_| params.read().get("project").unwrap_or_default());
    view! {
        <PageTitle title=Signal::derive(move || text.get(words::JobsTitle { project: project.get() })) />
        {move || view! { <ProjectJobs project=project.get() /> }}
    }
}

#[component]
fn ProjectJobs(project: String) -> impl IntoView {
    let text = use_text();
    let list = new_list(&project);
    let known = list.known;
    let is_empty = Memo::new(move |_| known.count.get().map(|count| count == 0));
    let asks_about_data = RwSignal::new(false);
    let (named, new_job) = (project.clone(), new_job_address(&project));
    known.follow();
    focus_search_on_slash();
    let shown = move || match is_empty.get() {
        None if known.failed.read().is_some() => ().into_any(),
        None => view! { <p class="quiet">{text.say(words::LOADING)}</p> }.into_any(),
        Some(true) => view! { <NoJobs project=named.clone() new_job=new_job.clone() /> }.into_any(),
        Some(false) => view! {
            <Filters list />
            <HowMany list />
            <JobTable list />
            <SelectionBar list />
        }
        .into_any(),
    };
    view! {
        <div class="page-head">
            <h1>{text.say(words::JOBS_HEADING)}</h1>
            <div class="job-actions">
                <Show when=move || is_empty.get() == Some(false)>
                    <button type="button" on:click=move |_| asks_about_data.set(true)>
                        {text.say(words::ALL_DATA_OPEN)}
                    </button>
                </Show>
                <a class="button button-main" href=new_job_address(&project)>{text.say(words::NAV_NEW_JOB)}</a>
            </div>
        </div>
        <Note />
        <ConnectionBanner lost=known.lost />
        {move || known.failed.get().map(|error| view! { <ErrorNotice error /> })}
        {shown}
        <AllData known is_open=asks_about_data />
    }
}

fn new_list(project: &str) -> List {
    let known = LoadedJobs::new(project.to_owned());
    let location = use_location();
    let asked = Memo::new(move |_| Query::parse(&location.search.read()));
    let typed = RwSignal::new(asked.with_untracked(|query| query.text.clone()));
    let remembered = RwSignal::new(remembered_values());
    let query = Memo::new(move |_| {
        let mut query = asked.get();
        query.text = typed.get();
        if query.values.is_empty() {
            query.values = remembered.get();
        }
        query
    });
    // What a step back, or a link, has put into the address is what is looked for.
    let written = StoredValue::new(typed.get_untracked());
    Effect::new(move || {
        let text = asked.read().text.clone();
        if written.get_value() != text {
            written.set_value(text.clone());
            typed.set(text);
        }
    });
    Effect::new(move |_| {
        let query = query.read();
        if query.is_filter() || query.sort != Sort::default() {
            known.wants_all.set(true);
        }
    });
    let navigate = use_go();
    let path = jobs_address(project);
    let go = move |(query, replace): (Query, bool)| {
        written.set_value(query.text.clone());
        typed.set(query.text.clone());
        let search = query.to_search();
        let address = if search.is_empty() {
            path.clone()
        } else {
            format!("{path}?{search}")
        };
        let options = NavigateOptions {
            replace,
            scroll: false,
            ..NavigateOptions::default()
        };
        navigate(&address, options);
    };
    List {
        known,
        finding: JobSearch::new(known, query.into()),
        query,
        remembered,
        selected: RwSignal::new(BTreeSet::new()),
        anchor: StoredValue::new(None),
        typed,
        go: Callback::new(go),
    }
}

/// `/` leads into the search field, unless something is being typed.
fn focus_search_on_slash() {
    let handle = window_event_listener(ev::keydown, move |event| {
        let is_plain = !event.ctrl_key() && !event.meta_key() && !event.alt_key();
        let meant = meant(&event.key(), &event.code(), event.shift_key());
        if meant == Some('/') && is_plain && !document::is_typing() {
            event.prevent_default();
            document::focus(filters::SEARCH);
        }
    });
    on_cleanup(move || handle.remove());
}

/// What another page had to say of the list.
#[component]
fn Note() -> impl IntoView {
    let text = use_text();
    let LastList { note, .. } = expect_context();
    on_cleanup(move || note.set(None));
    move || {
        note.get().map(|said| {
            view! {
                <div class="notice list-note" role="status">
                    <p>{said}</p>
                    <button type="button" on:click=move |_| note.set(None)>{text.say(words::NOTE_CLOSE)}</button>
                </div>
            }
        })
    }
}

/// An empty list: of a project without jobs, or of none at all.
#[component]
fn NoJobs(project: String, new_job: String) -> impl IntoView {
    let text = use_text();
    let is_unknown = RwSignal::new(false);
    let asked = project.clone();
    spawn_local(async move {
        // What cannot be asked is not said.
        let has_project = browser::client().has_project(&asked).await;
        is_unknown.try_set(matches!(has_project, Ok(false)));
    });
    let heading = move || match is_unknown.get() {
        true => text.get(words::ProjectUnknown {
            project: project.as_str(),
        }),
        false => text.get(words::JOBS_EMPTY_HEADING),
    };
    let hint = move || {
        text.get(match is_unknown.get() {
            true => words::PROJECT_UNKNOWN_HINT,
            false => words::JOBS_EMPTY_TEXT,
        })
    };
    view! {
        <section class="empty">
            <h2>{heading}</h2>
            <p>{hint}</p>
            <p><a class="button button-main" href=new_job>{text.say(words::JOBS_EMPTY_LINK)}</a></p>
        </section>
    }
}
