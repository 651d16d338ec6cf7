//! The job in the tab: its title and its picture, told apart by shape.

use leptos::prelude::*;

use crate::app::job::state::ShownJob;
use crate::{
    api::jobs::JobStatus,
    app::{status::shape, text::Text},
    browser::icon::Icon,
};
use jobsphere_client::follow::JobState;
use jobsphere_names::isolated;
use jobsphere_rules::shown::ShownStatus;

/// What stands before the name in the title.
fn symbol(status: ShownStatus) -> &'static str {
    if status == ShownStatus::Incomplete {
        return "!";
    }
    match status.status() {
        JobStatus::Success => "✓",
        JobStatus::Error => "✗",
        JobStatus::Cancelled => "–",
        JobStatus::Cancelling => "■",
        JobStatus::Executing | JobStatus::UploadingOutput => "▶",
        JobStatus::Creating | JobStatus::Preparing => "…",
        JobStatus::Unspecified => "?",
    }
}

/// The title of the job's tab; `name` stands for a job without one.
pub(crate) fn title(state: Option<&JobState>, progress: Option<i64>, name: &str, text: Text) -> String {
    let Some(state) = state else { return name.to_owned() };
    let name = match state.job.name.as_str() {
        "" => name,
        name => name,
    };
    let name = isolated(name);
    match progress {
        Some(progress) => format!("{} · {name}", text.percent(progress as f64 / 100.0)),
        None => format!("{} {name}", symbol(state.shown_status())),
    }
}

// The tab's ground is the browser's, so these are not the page's colours.
const LIVE: &str = "#2557c7";
const GOOD: &str = "#1b7a41";
const BAD: &str = "#c02530";
const IDLE: &str = "#5d6778";
const WARN: &str = "#9a5e00";
const DISC: &str = "<circle cx='8' cy='8' r='8' fill='COLOUR'/>";
const OCTAGON: &str = "<path d='M4.7 0h6.6L16 4.7v6.6L11.3 16H4.7L0 11.3V4.7z' fill='COLOUR'/>";
const SQUARE: &str = "<rect width='16' height='16' rx='3' fill='COLOUR'/>";

/// The picture of a state.
fn picture(status: ShownStatus, progress: Option<i64>) -> String {
    let (ground, colour) = match status.status() {
        JobStatus::Success if status == ShownStatus::Incomplete => (DISC, WARN),
        JobStatus::Success => (DISC, GOOD),
        JobStatus::Error => (OCTAGON, BAD),
        JobStatus::Cancelled => (SQUARE, IDLE),
        JobStatus::Cancelling => (SQUARE, WARN),
        JobStatus::Executing | JobStatus::UploadingOutput => (DISC, LIVE),
        JobStatus::Creating | JobStatus::Preparing | JobStatus::Unspecified => (DISC, IDLE),
    };
    let path = shape(status);
    let drawn = match progress {
        Some(progress) => format!(
            "<circle cx='8' cy='8' r='8' fill='#fff'/>\
             <circle cx='8' cy='8' r='6.5' fill='none' stroke='#c3ccdc' stroke-width='3'/>\
             <circle cx='8' cy='8' r='6.5' fill='none' stroke='{colour}' stroke-width='3' pathLength='100' \
             stroke-dasharray='{progress} 100' transform='rotate(-90 8 8)'/>\
             <path d='{path}' fill='{colour}' transform='translate(4 4) scale(.5)'/>"
        ),
        None => format!(
            "{}<path d='{path}' fill='none' stroke='#fff' stroke-width='2.4' stroke-linecap='round' \
             stroke-linejoin='round' transform='translate(1.6 1.6) scale(.8)'/>",
            ground.replace("COLOUR", colour)
        ),
    };
    format!("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'>{drawn}</svg>")
}

/// Keeps the tab's picture with the job's state, as long as the page is there.
pub(crate) fn show_icon(view: ShownJob) {
    let seen = Memo::new(move |_| {
        let state = view.state.read();
        let state = state.as_ref()?;
        Some((state.shown_status(), view.percent()))
    });
    let icon = StoredValue::new_local(Icon::take());
    Effect::new(move || {
        let Some((status, progress)) = seen.get() else { return };
        icon.with_value(|icon| icon.iter().for_each(|icon| icon.show(&picture(status, progress))));
    });
    on_cleanup(move || drop(icon.try_update_value(Option::take)));
}
