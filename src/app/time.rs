//! Instants and lengths of time in a view.

use std::time::Duration;

use leptos::prelude::*;

use super::text::use_text;
use crate::{
    api::{jobs::Job, time},
    browser::{clock, intl},
};

/// The time of day, in milliseconds since the epoch, new each second.
#[derive(Clone, Copy)]
pub(crate) struct Now(RwSignal<i64>);

/// The page's clock.
pub(crate) fn use_now() -> Now {
    expect_context()
}

impl Now {
    pub(crate) fn new() -> Self {
        let now = RwSignal::new(clock::now_ms());
        // Fails only without a window; then nothing ticks.
        let _ = set_interval_with_handle(move || now.set(clock::now_ms()), Duration::from_secs(1));
        Self(now)
    }

    pub(crate) fn get(self) -> i64 {
        self.0.get()
    }
}

/// An instant, written for people and machines.
#[component]
pub(crate) fn Instant(
    /// Milliseconds since the epoch.
    millis: i64,
) -> impl IntoView {
    let text = use_text();
    view! { <time datetime=intl::machine_instant(millis)>{move || text.instant(millis)}</time> }
}

/// How long the job ran, or runs until now; nothing before its start.
#[component]
pub(crate) fn RunTime(
    /// Its start, in milliseconds since the epoch.
    started: Option<i64>,
    /// Its end.
    finished: Option<i64>,
) -> impl IntoView {
    let text = use_text();
    let now = use_now();
    move || {
        let started = started?;
        let finished = finished.unwrap_or_else(|| now.get());
        Some(text.duration(finished - started))
    }
}

/// Start and end of a job, in milliseconds since the epoch.
pub(crate) fn span(job: &Job) -> (Option<i64>, Option<i64>) {
    (
        job.started_at.as_ref().map(time::to_millis),
        job.finished_at.as_ref().map(time::to_millis),
    )
}
