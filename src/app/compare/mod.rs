//! Jobs side by side: why they went different ways, and everything that differs. The address says which jobs, the
//! first of them being the one that the others are compared with.

pub(crate) mod state;
pub(crate) mod view;

pub(crate) use self::state::comparison::MAX_JOBS;

use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

use self::{
    state::{
        comparison::{Column, Comparison},
        logs::Stage,
    },
    view::{
        columns::Columns, curves::CurvesSection, log::LogDifferences, picker::Picker, table::Table, verdict::Verdicts,
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
use jobsphere_client::follow::{self, JobEvent, JobState};
use jobsphere_overview::comparison::{self, Side};

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
    let column = |(id, letter): (String, char)| Column {
        id,
        letter: letter.into(),
        state: RwSignal::new(None),
        lost: RwSignal::new(None),
        failed: RwSignal::new(None),
        logs: [RwSignal::new(Stage::Waiting), RwSignal::new(Stage::Waiting)],
    };
    let columns: Vec<Column> = ids.into_iter().zip('A'..).map(column).collect();
    for column in &columns {
        run_while_mounted(watch(column.clone(), use_sign_in()));
    }
    let lost = {
        let columns = columns.clone();
        Signal::derive(move || columns.iter().find_map(|column| column.lost.get()))
    };
    let known = {
        let columns = columns.clone();
        Memo::new(move |_| {
            let states: Vec<JobState> = columns
                .iter()
                .map(|column| column.state.get().unwrap_or_default())
                .collect();
            let sides: Vec<Side<'_>> = states.iter().map(side).collect();
            comparison::rows(&sides)
        })
    };
    let count = columns.len();
    let comparison = Comparison {
        project: StoredValue::new(project),
        columns: StoredValue::new(columns),
        rows: known,
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
                <Verdicts comparison />
                <LogDifferences comparison />
                <CurvesSection comparison />
                <Table comparison />
            </Show>
        </Show>
    }
}

fn side(state: &JobState) -> Side<'_> {
    Side {
        job: &state.job,
        return_code: state.return_code,
        progress: state.progress.as_ref().map(|progress| progress.progress),
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
