//! The progress that the program tells: bar, words, the time left, and its curve.

use leptos::prelude::*;

use crate::app::job::state::ShownJob;
use crate::{
    api::{
        jobs::{JobProgress, JobStatus},
        time,
    },
    app::{
        name::Passage,
        text::{use_text, words},
        time::{Instant, use_now},
    },
    browser::{
        clock,
        storage::{self, Scope},
    },
};
use jobsphere_rules::estimate::{Estimate, Sample};

/// Width and height of the curve's own square.
const WIDTH: f64 = 240.0;
const HEIGHT: f64 = 40.0;
/// Where the tab keeps the samples of the job that told its progress last.
const KEPT: &str = "progress";
/// Fewer samples are no curve.
const FEWEST_SAMPLES: usize = 3;

fn share(progress: &JobProgress) -> i64 {
    progress.progress.clamp(0, 100)
}

/// What this tab has heard of the job's progress before the page was loaded again: the service tells only where it stands.
fn kept(job_id: &str) -> Estimate {
    let kept =
        storage::get(Scope::Tab, KEPT).and_then(|text| serde_json::from_str::<(String, Vec<Sample>)>(&text).ok());
    let mut estimate = Estimate::default();
    let samples = kept.filter(|(of, _)| of == job_id).map(|(_, samples)| samples);
    samples.into_iter().flatten().for_each(|sample| estimate.push(sample));
    estimate
}

fn keep(job_id: &str, estimate: &Estimate) {
    let samples: Vec<Sample> = estimate.samples().collect();
    // Numbers and a text can always be written as JSON.
    storage::set(
        Scope::Tab,
        KEPT,
        &serde_json::to_string(&(job_id, samples)).unwrap_or_default(),
    );
}

#[component]
pub(crate) fn Progress(view: ShownJob) -> impl IntoView {
    let text = use_text();
    let now = use_now();
    let told = Memo::new(move |_| view.progress());
    let progress = Memo::new(move |_| Some(told.get()?.0));
    let is_of_log = Memo::new(move |_| told.read().as_ref().is_some_and(|(_, is_of_log)| *is_of_log));
    let started = Memo::new(move |_| view.state.read().as_ref()?.job.started_at.as_ref().map(time::to_millis));
    let is_known = Memo::new(move |_| progress.read().is_some());
    let current = move || progress.get().unwrap_or_default();
    let runs = Memo::new(move |_| view.status() == JobStatus::Executing);
    let estimate = RwSignal::new(Estimate::default());
    let job_id = Memo::new(move |_| Some(view.state.read().as_ref()?.job.id.clone()));
    Effect::new(move || {
        let (Some(job_id), Some(progress)) = (job_id.get(), progress.get()) else {
            return;
        };
        let time_ms = progress
            .create_time
            .as_ref()
            .map_or_else(clock::now_ms, time::to_millis);
        estimate.update(|estimate| {
            if estimate.samples().next().is_none() {
                *estimate = kept(&job_id);
            }
            // A program begins with nothing done.
            if let Some(time_ms) = started.get_untracked().filter(|_| estimate.samples().next().is_none()) {
                estimate.push(Sample { time_ms, progress: 0.0 });
            }
            let progress = share(&progress) as f64;
            estimate.push(Sample { time_ms, progress });
        });
        estimate.with_untracked(|estimate| keep(&job_id, estimate));
    });
    let left = move || {
        if !runs.get() || share(&current()) == 100 {
            return String::new();
        }
        match estimate.read().left_ms(now.get()) {
            Some(left) => text.get(words::ProgressLeft {
                duration: text.duration(left),
            }),
            None => text.get(words::PROGRESS_LEFT_UNKNOWN),
        }
    };
    view! {
        <Show when=move || is_known.get()>
            <div class="progress">
                <progress
                    max="100"
                    value=move || share(&current()).to_string()
                    aria-label=text.say(words::PROGRESS_LABEL)
                ></progress>
                <span class="number">{move || text.percent(share(&current()) as f64 / 100.0)}</span>
                <span class="as-written"><Passage of=Signal::derive(move || current().message) /></span>
                <Show when=move || is_of_log.get()>
                    <span class="quiet">{text.say(words::PROGRESS_OF_LOG)}</span>
                </Show>
                <span class="quiet number">{left}</span>
                {move || {
                    let said = current().create_time?;
                    Some(view! { <span class="quiet"><Instant millis=time::to_millis(&said) /></span> })
                }}
            </div>
            <Curve estimate />
        </Show>
        <Show when=move || !is_known.get() && runs.get()>
            <div class="progress"><progress aria-label=text.say(words::PROGRESS_UNKNOWN)></progress></div>
        </Show>
    }
}

/// The samples over time.
#[component]
fn Curve(estimate: RwSignal<Estimate>) -> impl IntoView {
    let text = use_text();
    let count = Memo::new(move |_| estimate.read().samples().count());
    let is_curve = Memo::new(move |_| count.get() >= FEWEST_SAMPLES);
    let line = move || {
        let estimate = estimate.read();
        let (begin, end) = match (estimate.samples().next(), estimate.samples().last()) {
            (Some(first), Some(last)) => (first.time_ms, last.time_ms.max(first.time_ms + 1)),
            _ => return String::new(),
        };
        let points = estimate.samples().map(|sample| {
            let x = (sample.time_ms - begin) as f64 / (end - begin) as f64 * WIDTH;
            let y = (1.0 - sample.progress / 100.0) * HEIGHT;
            format!("{x:.1},{y:.1}")
        });
        points.collect::<Vec<_>>().join(" ")
    };
    let label = move || text.get(words::ProgressCurve { count: count.get() });
    view! {
        <Show when=move || is_curve.get()>
            <figure class="curve">
                <svg viewBox=format!("0 0 {WIDTH} {HEIGHT}") preserveAspectRatio="none" role="img" aria-label=label>
                    <polyline points=line></polyline>
                </svg>
                <figcaption class="hint">{text.say(words::PROGRESS_CURVE_HINT)}</figcaption>
            </figure>
        </Show>
    }
}
