//! Jobs side by side: why they went different ways, and everything that differs. The address says which jobs, the
//! first of them being the one that the others are compared with.

pub(crate) mod state;
pub(crate) mod view;

pub(crate) use self::state::comparison::MAX_JOBS;

use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

use self::{
    state::{
        comparison::{BESIDE, Column, Comparison, letter, rows_of},
        curves::Numbers,
        logs::Stage,
    },
    view::{
        columns::Columns, curves::CurvesSection, log::LogDifferences, picker::Picker, runs::Runs, table::Table,
        verdict::Verdicts,
    },
};
use crate::{
    app::{
        address::jobs_address,
        connection::Lost,
        notice::ConnectionBanner,
        page_title::PageTitle,
        sign_in::{SignIn, use_sign_in},
        task::run_while_mounted,
        text::{use_text, words},
    },
    browser::{self, clock},
};
use jobsphere_client::{
    Clock,
    follow::{self, JobEvent},
};
use jobsphere_rules::status::is_final;

/// Between two looks at all of many jobs.
const ROUND_MS: u32 = 2000;

/// The jobs that the address names.
#[component]
pub(crate) fn ComparePage() -> impl IntoView {
    let text = use_text();
    let params = use_params_map();
    let query = use_query_map();
    let project = Memo::new(move |_| params.read().get("project").unwrap_or_default());
    let ids = Memo::new(move |_| job_ids(&query.read().get("jobs").unwrap_or_default()));
    view! {
        <PageTitle title=Signal::derive(move || text.get(words::COMPARE_TITLE)) />
        <nav aria-label=text.say(words::BREADCRUMB_LABEL) class="quiet">
            <a href=move || jobs_address(&project.get())>{text.say(words::BREADCRUMB_JOBS)}</a>
        </nav>
        <h1>{text.say(words::COMPARE_TITLE)}</h1>
        {move || view! { <Compared project=project.get() ids=ids.get() /> }}
    }
}

/// The ids in the address, each once.
fn job_ids(text: &str) -> Vec<String> {
    let mut ids: Vec<String> = Vec::new();
    for id in text.split(',').map(str::trim).filter(|id| !id.is_empty()) {
        if ids.len() < MAX_JOBS && !ids.iter().any(|known| known == id) {
            ids.push(id.to_owned());
        }
    }
    ids
}

#[component]
fn Compared(project: String, ids: Vec<String>) -> impl IntoView {
    let text = use_text();
    let column = |(place, id): (usize, String)| Column {
        id,
        letter: letter(place),
        state: RwSignal::new(None),
        lost: RwSignal::new(None),
        failed: RwSignal::new(None),
        logs: [RwSignal::new(Stage::Waiting), RwSignal::new(Stage::Waiting)],
        numbers: Numbers::new(),
    };
    let columns: Vec<Column> = ids.iter().cloned().enumerate().map(column).collect();
    let (beside, further) = columns.split_at(columns.len().min(BESIDE));
    for column in beside {
        run_while_mounted(watch(column.clone(), use_sign_in()));
    }
    run_while_mounted(watch_in_turns(further.to_vec(), use_sign_in()));
    let lost = {
        let columns = columns.clone();
        Signal::derive(move || columns.iter().find_map(|column| column.lost.get()))
    };
    let count = columns.len();
    let comparison = Comparison {
        project: StoredValue::new(project),
        all_ids: StoredValue::new(ids),
        rows: rows_of(columns.clone()),
        columns: StoredValue::new(columns),
    };
    let is_ready = Memo::new(move |_| comparison.is_ready());
    let has_two = count >= 2;
    view! {
        <ConnectionBanner lost />
        <Columns comparison />
        <Picker comparison />
        <Show
            when=move || has_two
            fallback=move || view! { <p class="quiet">{text.say(words::COMPARE_TOO_FEW)}</p> }
        >
            <Show
                when=move || is_ready.get()
                fallback=move || view! { <p class="quiet">{text.say(words::LOADING)}</p> }
            >
                <Runs comparison />
                <CurvesSection comparison />
                <Beside comparison count />
            </Show>
        </Show>
    }
}

/// What is told of the jobs one by one.
#[component]
fn Beside(comparison: Comparison, count: usize) -> impl IntoView {
    let text = use_text();
    let comparison = comparison.beside();
    view! {
        {(count > BESIDE)
            .then(|| view! { <p class="notice">{move || text.get(words::CompareBeside { count: BESIDE })}</p> })}
        <Verdicts comparison />
        <LogDifferences comparison />
        <Table comparison />
    }
}

async fn watch(column: Column, sign_in: SignIn) {
    loop {
        follow::follow(&browser::client(), &column.id, |event| match event {
            JobEvent::State(state) => {
                column.lost.set(None);
                if column.state.read_untracked().as_ref() != Some(&*state) {
                    column.state.set(Some(*state));
                }
            }
            JobEvent::Lost { error, retry_ms } => {
                let retry_at_ms = clock::now_ms() + i64::from(retry_ms);
                column.lost.set(Some(Lost { error, retry_at_ms }));
            }
            JobEvent::Failed(error) => column.failed.set(Some(error)),
        })
        .await;
        let Some(error) = column.failed.get_untracked() else {
            return;
        };
        if !sign_in.overcomes(&error).await {
            return;
        }
        column.failed.set(None);
    }
}

/// Looks at many jobs one after another, so that they leave room for what else is asked.
async fn watch_in_turns(columns: Vec<Column>, sign_in: SignIn) {
    let client = browser::client();
    let mut open = columns;
    while !open.is_empty() {
        let mut still_open = Vec::new();
        for column in open {
            match follow::look_once(&client, &column.id).await {
                Ok(state) => {
                    let has_ended = is_final(state.status());
                    column.lost.set(None);
                    column.failed.set(None);
                    if column.state.read_untracked().as_ref() != Some(&state) {
                        column.state.set(Some(state));
                    }
                    if has_ended {
                        continue;
                    }
                }
                Err(error) if error.is_transient() => {
                    let retry_at_ms = clock::now_ms() + i64::from(ROUND_MS);
                    column.lost.set(Some(Lost { error, retry_at_ms }));
                }
                Err(error) => {
                    column.failed.set(Some(error.clone()));
                    if !sign_in.overcomes(&error).await {
                        continue;
                    }
                }
            }
            still_open.push(column);
        }
        open = still_open;
        client.clock().pause_before_look(ROUND_MS).await;
    }
}
