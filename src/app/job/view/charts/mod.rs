//! Numbers of the run as curves: what the job used, and what its program printed.

pub(crate) mod chart;

use leptos::prelude::*;

use self::chart::Chart;
use crate::app::job::state::ShownJob;
use crate::app::{
    series::{
        self,
        axes::{Axes, AxisChoice, is_told},
        title,
    },
    text::{use_text, words},
};
use jobsphere_log::{
    model::{Series, SeriesOrigin},
    series::{
        axis::{Axis, Offer},
        measure::first_names,
    },
};

/// The curves; nothing as long as the log has no numbers.
#[component]
pub(crate) fn Charts(view: ShownJob) -> impl IntoView {
    let text = use_text();
    let log = view.log;
    // Nobody has chosen yet: what matters is drawn, also when it comes later.
    let chosen = RwSignal::new(None::<Vec<String>>);
    let known = Memo::new(move |_| {
        let series = log.series.read();
        series
            .iter()
            .map(|series| (series.origin, series.name.clone()))
            .collect::<Vec<_>>()
    });
    let drawn = Memo::new(move |_| chosen.get().unwrap_or_else(|| first_names(&log.series.read())));
    Effect::new(move || log.set_series(drawn.get()));
    let toggle = move |name: &String| {
        let mut names = drawn.get_untracked();
        series::toggle(&mut names, name);
        chosen.set(Some(names));
    };
    let choice = move |(origin, name): (SeriesOrigin, String)| {
        let is_drawn = {
            let name = name.clone();
            move || drawn.read().contains(&name)
        };
        let label = {
            let name = name.clone();
            move || title(text, origin, &name)
        };
        view! {
            <button
                type="button"
                class="choice"
                aria-pressed=move || is_drawn().to_string()
                on:click=move |_| toggle(&name)
            >
                {label}
            </button>
        }
    };
    let shown = Memo::new(move |_| {
        let drawn = drawn.read();
        let known = known.read();
        known
            .iter()
            .filter(|(_, name)| drawn.contains(name))
            .cloned()
            .collect::<Vec<_>>()
    });
    let axes = Axes::new(Memo::new(move |_| {
        let series = log.series.read();
        Offer::of(told(&series).map(|series| series.points.as_slice()))
    }));
    let scene = Scene {
        axes,
        pointed: RwSignal::new(None),
        times: Memo::new(move |_| span(view)),
        places: Memo::new(move |_| {
            let axis = axes.way().axis;
            axis.reach(told(&log.series.read()).flat_map(|series| &series.points))
        }),
    };
    view! {
        <Show when=move || !known.read().is_empty()>
            <section class="charts" aria-labelledby="charts-heading">
                <h2 id="charts-heading">{text.say(words::CHARTS_HEADING)}</h2>
                <div class="choices" role="group" aria-label=text.say(words::CHARTS_CHOOSE)>
                    <For each=move || known.get() key=Clone::clone children=choice />
                </div>
                <AxisChoice axes />
                <div class="charts-grid">
                    <For
                        each=move || shown.get()
                        key=Clone::clone
                        children=move |(origin, name)| view! { <Chart log origin name scene /> }
                    />
                </div>
                <p class="hint">{text.say(words::CHARTS_HINT)}</p>
            </section>
        </Show>
    }
}

/// What charts have in common.
#[derive(Clone, Copy)]
pub(crate) struct Scene {
    pub(crate) axes: Axes,
    /// The place on another axis than the time that is pointed at, and its time: several lines may have one time.
    pub(crate) pointed: RwSignal<Option<(Axis, i64, i64)>>,
    /// The times that they span.
    pub(crate) times: Memo<(i64, i64)>,
    /// What those span that run over something else.
    pub(crate) places: Memo<(i64, i64)>,
}

/// What the program told.
fn told(series: &[Series]) -> impl Iterator<Item = &Series> {
    series.iter().filter(|series| is_told(series.origin))
}

/// The times that all charts span: so a moment stands at the same place in each.
fn span(view: ShownJob) -> (i64, i64) {
    let series = view.log.series.read();
    let points = |pick: fn(&Series) -> Option<i64>| series.iter().filter_map(pick).collect::<Vec<_>>();
    let first = points(|series| series.points.first().map(|point| point.time_ms));
    let last = points(|series| series.points.last().map(|point| point.time_ms));
    let from = first.into_iter().min().unwrap_or_default();
    (from, last.into_iter().max().unwrap_or(from))
}
