//! Adds a job to the comparison: a run of the same lineage, one of the latest, or any by its id.

use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};

use crate::app::compare::state::comparison::{Comparison, MAX_JOBS};
use crate::{
    api::{
        jobs::{Job, JobStatus},
        time,
    },
    app::{
        address::use_go,
        status::message_of,
        text::{Message, Text, use_text, words},
    },
    browser,
};

/// So many of the latest jobs are offered.
const OFFERED: i64 = 50;
const ID: &str = "compare-id";
const OFFER: &str = "compare-offer";

#[component]
pub(crate) fn Picker(comparison: Comparison) -> impl IntoView {
    let text = use_text();
    let navigate = use_go();
    let ids = comparison.ids();
    let is_full = ids.len() >= MAX_JOBS;
    let starts_open = ids.len() < 2;
    let latest = RwSignal::new(Vec::<Job>::new());
    let typed = RwSignal::new(String::new());
    let open = move |event: leptos::ev::Event| {
        let is_first = latest.read_untracked().is_empty();
        if !event_target::<web_sys::Element>(&event).has_attribute("open") || !is_first {
            return;
        }
        spawn_local(async move {
            let project = comparison.project.get_value();
            // Without it an id can still be typed.
            if let Ok(page) = browser::client().list(&project, OFFERED, "").await {
                latest.try_set(page.jobs);
            }
        });
    };
    let add = StoredValue::new_local(move |id: &str| {
        let id = id.trim();
        let mut ids = comparison.ids();
        if id.is_empty() || ids.iter().any(|known| known == id) {
            return;
        }
        ids.push(id.to_owned());
        navigate(&comparison.address(&ids), leptos_router::NavigateOptions::default());
    });
    let choose = move |event| {
        let id = event_target_value(&event);
        add.with_value(|add| add(&id));
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        // A pasted address of a job names it too.
        let given = typed.get_untracked();
        let id = given
            .trim()
            .trim_end_matches('/')
            .rsplit('/')
            .next()
            .unwrap_or_default();
        let id = id.split(['?', '#']).next().unwrap_or_default().to_owned();
        add.with_value(|add| add(&id));
    };
    let groups = move || {
        let known = comparison.ids();
        let states = comparison.columns.get_value();
        let parents: Vec<String> = states
            .iter()
            .filter_map(|column| Some(column.state.read().as_ref()?.job.parent_job_id.clone()))
            .filter(|id| !id.is_empty())
            .collect();
        let jobs = latest.get();
        let others = jobs.into_iter().filter(|job| !known.contains(&job.id));
        others.partition::<Vec<Job>, _>(|job| {
            known.contains(&job.parent_job_id) || parents.contains(&job.id) || parents.contains(&job.parent_job_id)
        })
    };
    let group = move |label: Message, jobs: Vec<Job>| {
        let options: Vec<_> = jobs
            .into_iter()
            .map(|job| view! { <option value=job.id.clone()>{option(text, &job)}</option> })
            .collect();
        (!options.is_empty()).then(|| view! { <optgroup label=text.get(label)>{options}</optgroup> })
    };
    (!is_full).then(|| {
        view! {
            <details class="picker" open=starts_open on:toggle=open>
                <summary>{text.say(words::COMPARE_ADD)}</summary>
                <div class="picker-ways">
                    <div class="field">
                        <label for=OFFER>{text.say(words::COMPARE_OFFER)}</label>
                        <select id=OFFER on:change=choose>
                            <option value="">{text.say(words::COMPARE_CHOOSE)}</option>
                            {move || {
                                let (related, others) = groups();
                                view! {
                                    {group(words::COMPARE_RELATED, related)}
                                    {group(words::COMPARE_LATEST, others)}
                                }
                            }}
                        </select>
                    </div>
                    <form class="picker-form" on:submit=submit>
                        <div class="field">
                            <label for=ID>{text.say(words::COMPARE_ID)}</label>
                            <input id=ID class="code" autocomplete="off" bind:value=typed />
                        </div>
                        <button type="submit">{text.say(words::COMPARE_ADD_ID)}</button>
                    </form>
                </div>
            </details>
        }
    })
}

/// A job in one line: its name, its state, its time.
fn option(text: Text, job: &Job) -> String {
    let name = if job.name.is_empty() {
        job.id.clone()
    } else {
        job.name.clone()
    };
    let status = JobStatus::try_from(job.status).unwrap_or_default();
    let created = job.created_at.as_ref().map(time::to_millis);
    let created = created.map(|millis| text.instant(millis)).unwrap_or_default();
    format!(
        "{} — {}, {created}",
        jobsphere_names::isolated(&name),
        text.get(message_of(status))
    )
}
