//! The runs of a job: what it was cloned from, what was cloned from it, and what changed each time. Read when the
//! section is opened, and not before.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use futures::future::{AbortHandle, abortable};
use leptos::{html, prelude::*, task::spawn_local};
use tonic::Code;

use crate::app::job::state::ShownJob;
use crate::{
    api::{
        jobs::{Job, JobStatus},
        time,
    },
    app::{
        address::{compare_address, job_address},
        compare,
        differences::ChangeText,
        name::Name,
        notice::ErrorNotice,
        status::StatusMark,
        text::{use_text, words},
        time::Instant,
    },
    browser,
};
use jobsphere_client::CallError;
use jobsphere_overview::lineage::{self, Run};
use jobsphere_rules::{shown::ShownStatus, status::missing_outputs};

/// So many ancestors are asked for one by one; longer lineages are found among the project's jobs.
const MAX_ASKED: usize = 50;
/// So many jobs are asked for at once; each comes with all its parameters.
const PAGE_SIZE: i64 = 200;
/// So many jobs of the project are looked through.
const MAX_SEEN: usize = 20_000;
/// So many runs are shown around this one, until all are wanted.
const SHOWN: usize = 100;
/// So many changes stand at a run; the rest is told by the comparison.
const MAX_CHANGES: usize = 4;

/// What was found.
#[derive(Clone, Default, PartialEq)]
struct Found {
    runs: Arc<Vec<Run>>,
    /// Whether the project has more jobs than were looked through.
    is_cut: bool,
}

/// Where looking stands.
#[derive(Clone, Copy)]
struct Look {
    found: RwSignal<Option<Found>>,
    failed: RwSignal<Option<CallError>>,
    /// Jobs of the project that were looked through.
    seen: RwSignal<usize>,
}

/// The section, closed until it is wanted.
#[component]
pub(crate) fn Lineage(view: ShownJob) -> impl IntoView {
    let text = use_text();
    let look = Look {
        found: RwSignal::new(None),
        failed: RwSignal::new(None),
        seen: RwSignal::new(0),
    };
    let under_way = StoredValue::new(None::<AbortHandle>);
    let stop = move || under_way.try_update_value(|handle| handle.take().iter().for_each(AbortHandle::abort));
    on_cleanup(move || {
        stop();
    });
    let details = NodeRef::<html::Details>::new();
    let toggled = move |_| {
        stop();
        let is_open = details.get_untracked().is_some_and(|details| details.open());
        let job = view.state.read_untracked().as_ref().map(|state| state.job.clone());
        let Some(job) = job.filter(|_| is_open) else { return };
        let (work, handle) = abortable(gather(job, look));
        under_way.set_value(Some(handle));
        spawn_local(async move {
            // Aborted means: the section was closed, or the page is gone.
            let _ = work.await;
        });
    };
    let id = Memo::new(move |_| view.state.read().as_ref().map(|state| state.job.id.clone()));
    view! {
        <section aria-labelledby="lineage-heading">
            <details class="lineage" node_ref=details on:toggle=toggled>
                <summary><h2 id="lineage-heading">{text.say(words::LINEAGE_HEADING)}</h2></summary>
                <div>
                    {move || look.failed.get().map(|error| view! { <ErrorNotice error /> })}
                    {move || match look.found.get() {
                        Some(found) => view! { <Runs found current=id.get().unwrap_or_default() /> }.into_any(),
                        None if look.failed.read().is_some() => ().into_any(),
                        None => {
                            let count = move || text.get(words::LineageLooking { count: look.seen.get() });
                            view! { <p class="quiet" role="status">{count}</p> }.into_any()
                        }
                    }}
                </div>
            </details>
        </section>
    }
}

async fn gather(job: Job, look: Look) {
    look.failed.set(None);
    match find(job, look.seen).await {
        Ok(found) => look.found.set(Some(found)),
        Err(error) => look.failed.set(Some(error)),
    }
}

/// Looks upwards job by job, and downwards through the project's jobs since the first run.
async fn find(job: Job, seen: RwSignal<usize>) -> Result<Found, CallError> {
    let client = browser::client();
    let (id, project) = (job.id.clone(), job.project_id.clone());
    let mut jobs = BTreeMap::from([(id.clone(), slim(job))]);
    let mut missing = BTreeSet::new();
    ascend(&mut jobs, &mut missing, &id).await?;
    let (mut token, mut count) = (String::new(), 0);
    let is_cut = loop {
        let page = client.list(&project, PAGE_SIZE, &token).await?;
        count += page.jobs.len();
        seen.set(count);
        let oldest = page.jobs.last().and_then(|job| job.created_at);
        let linked = page.jobs.into_iter().filter(|job| !jobs.contains_key(&job.id));
        let linked: Vec<Job> = linked.map(slim).collect();
        jobs.extend(linked.into_iter().map(|job| (job.id.clone(), job)));
        let root = lineage::root(&jobs, &id);
        let is_top = |job: &Job| job.parent_job_id.is_empty() || missing.contains(&job.parent_job_id);
        let is_past = jobs.get(root).is_some_and(|root| {
            let age = |at: Option<prost_types::Timestamp>| at.map(|at| time::to_millis(&at));
            is_top(root) && age(oldest) < age(root.created_at)
        });
        if page.next_page_token.is_empty() || is_past {
            break false;
        }
        if count >= MAX_SEEN {
            break true;
        }
        token = page.next_page_token;
    };
    ascend(&mut jobs, &mut missing, &id).await?;
    Ok(Found {
        runs: Arc::new(lineage::runs(&jobs, &id)),
        is_cut,
    })
}

/// Asks for ancestors that are not among `jobs`, up to the first or to one that is not there.
async fn ascend(jobs: &mut BTreeMap<String, Job>, missing: &mut BTreeSet<String>, id: &str) -> Result<(), CallError> {
    let client = browser::client();
    for _ in 0..MAX_ASKED {
        let root = &jobs[lineage::root(jobs, id)];
        let parent = root.parent_job_id.clone();
        if parent.is_empty() || jobs.contains_key(&parent) || missing.contains(&parent) {
            break;
        }
        match client.job(&parent).await {
            Ok(job) => drop(jobs.insert(parent, slim(job))),
            Err(error) if matches!(error.code, Code::NotFound | Code::PermissionDenied) => {
                missing.insert(parent);
            }
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Without what no run is told by: many jobs are held at once.
fn slim(job: Job) -> Job {
    Job {
        config: String::new(),
        output_files: Vec::new(),
        log_files: Vec::new(),
        diagnostic_files: Vec::new(),
        file_errors: Vec::new(),
        ..job
    }
}

#[component]
fn Runs(found: Found, current: String) -> impl IntoView {
    let text = use_text();
    let Found { runs, is_cut } = found;
    let place = runs.iter().position(|run| run.job.id == current).unwrap_or(0);
    let shows_all = RwSignal::new(runs.len() <= SHOWN);
    let all: Vec<String> = runs.iter().map(|run| run.job.id.clone()).collect();
    let compares_all = (2..=compare::MAX_JOBS).contains(&all.len());
    let project = runs.first().map(|run| run.job.project_id.clone()).unwrap_or_default();
    let count = runs.len();
    let listed = move || {
        let start = if shows_all.get() {
            0
        } else {
            place.saturating_sub(SHOWN / 2)
        };
        let end = if shows_all.get() {
            count
        } else {
            count.min(start + SHOWN)
        };
        list(&runs[start..end], &current)
    };
    view! {
        {(count == 1).then(|| view! { <p class="quiet">{text.say(words::LINEAGE_ALONE)}</p> })}
        {is_cut
            .then(|| view! { <p class="hint">{move || text.get(words::LineageCut { count: MAX_SEEN })}</p> })}
        {compares_all
            .then(|| {
                view! { <p><a href=compare_address(&project, &all)>{text.say(words::LINEAGE_COMPARE_ALL)}</a></p> }
            })}
        {listed}
        <Show when=move || !shows_all.get()>
            <button type="button" on:click=move |_| shows_all.set(true)>
                {move || text.get(words::LineageAll { count })}
            </button>
        </Show>
    }
}

/// The runs as lists in lists: what is deeper belongs to the run before it.
fn list(runs: &[Run], current: &str) -> AnyView {
    let Some(level) = runs.iter().map(|run| run.depth).min() else {
        return ().into_any();
    };
    let starts: Vec<usize> = (0..runs.len())
        .filter(|place| *place == 0 || runs[*place].depth == level)
        .collect();
    let ends = starts.iter().skip(1).copied().chain([runs.len()]);
    let items: Vec<_> = starts
        .iter()
        .zip(ends)
        .map(|(start, end)| {
            let run = runs[*start].clone();
            let below = list(&runs[start + 1..end], current);
            view! { <li><RunItem run current=current.to_owned() />{below}</li> }
        })
        .collect();
    view! { <ol>{items}</ol> }.into_any()
}

#[component]
fn RunItem(run: Run, current: String) -> impl IntoView {
    let text = use_text();
    let Run {
        job,
        number,
        parent,
        is_orphan,
        changes,
        ..
    } = run;
    let is_current = job.id == current;
    let status = ShownStatus::of(
        JobStatus::try_from(job.status).unwrap_or_default(),
        &job.status_details,
        missing_outputs(&job.file_errors),
    );
    let created = job.created_at.as_ref().map(time::to_millis);
    let name = job.name.clone();
    let name = move || {
        if name.is_empty() {
            text.get(words::JOB_UNNAMED)
        } else {
            name.clone()
        }
    };
    let pair = [job.id.clone(), current];
    let address = job_address(&job.project_id, &job.id);
    let compared = compare_address(&job.project_id, &pair);
    let more = changes.len().saturating_sub(MAX_CHANGES);
    let is_same = changes.is_empty();
    let items: Vec<_> = changes
        .into_iter()
        .take(MAX_CHANGES)
        .map(|change| view! { <li><ChangeText change /></li> })
        .collect();
    let edge = parent.map(|parent| {
        let words = move || {
            if is_same {
                text.get(words::LineageUnchanged { number: parent })
            } else {
                text.get(words::LineageChanged { number: parent })
            }
        };
        view! {
            <p class="hint">{words}</p>
            {(!is_same).then(|| view! { <ul class="changes">{items}</ul> })}
            {(more > 0).then(|| view! { <p class="hint">{move || text.get(words::LineageMore { count: more })}</p> })}
        }
    });
    view! {
        <div class="lineage-run">
            <p class="lineage-head" aria-current=is_current.then_some("true")>
                <span class="number quiet">{format!("{number}.")}</span>
                <a href=address><Name of=Signal::derive(name) /></a>
                <StatusMark status=Signal::stored(status) />
                {created.map(|millis| view! { <span class="quiet"><Instant millis /></span> })}
                {is_current.then(|| view! { <strong>{text.say(words::LINEAGE_THIS)}</strong> })}
                {(!is_current)
                    .then(|| {
                        view! {
                            <a href=compared aria-label=move || text.get(words::LineageCompareLabel { number })>
                                {text.say(words::LINEAGE_COMPARE)}
                            </a>
                        }
                    })}
            </p>
            {edge}
            {is_orphan.then(|| view! { <p class="hint">{text.say(words::LINEAGE_ORPHAN)}</p> })}
        </div>
    }
}
