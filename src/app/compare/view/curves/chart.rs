//! One series of all jobs: a line each, and their values in a table.

use leptos::{ev, prelude::*};

use super::Curves;
use crate::app::{
    compare::state::comparison::BESIDE,
    series::{MomentLine, moved_by_key, share_of, title, value},
    text::{Text, use_text, words},
};
use jobsphere_log::{
    plot::{HEIGHT, WIDTH},
    series::measure::Measure,
};
use jobsphere_overview::overlay::{self, Key, Line};

/// Shorter times are said with tenths of a second.
const MINUTE_MS: i64 = 60_000;
/// No value.
const NONE: &str = "–";

/// The line of the job at a place among the compared ones.
#[derive(Clone, PartialEq)]
struct Drawn {
    place: usize,
    letter: String,
    line: Line,
}

impl Drawn {
    /// The same for a job in every chart.
    fn class(&self) -> String {
        format!("chart-line {}", curve(self.place))
    }
}

/// Its look; those of further jobs come round again, and letters tell them apart.
fn curve(place: usize) -> String {
    format!("curve-{}", place % BESIDE)
}

/// A time since the start.
fn elapsed(text: Text, millis: i64) -> String {
    if millis >= MINUTE_MS {
        return text.duration(millis);
    }
    let seconds = (millis as f64 / 100.0).round() / 10.0;
    text.get(words::DurationSeconds { seconds })
}

#[component]
pub(crate) fn Chart(curves: Curves, key: Key) -> impl IntoView {
    let text = use_text();
    let key = StoredValue::new(key);
    let measured = move |number: f64| key.with_value(|(origin, name)| value(text, Measure::of(*origin, name), number));
    let label = move || key.with_value(|(origin, name)| title(text, *origin, name));
    let lines = Memo::new(move |_| {
        let jobs = curves.jobs.get_value();
        let drawn = jobs.into_iter().enumerate().filter_map(|(place, (letter, numbers))| {
            let run = numbers.run.read();
            let line = key.with_value(|key| run.as_ref()?.line(key))?;
            Some(Drawn { place, letter, line })
        });
        drawn.collect::<Vec<_>>()
    });
    let axes = Memo::new(move |_| overlay::span(lines.read().iter().map(|drawn| &drawn.line), curves.length_ms.get()));
    let pointed = curves.pointed_ms;
    // The moment under the pointer, else the end.
    let moment = Memo::new(move |_| pointed.get().unwrap_or(axes.read().to_ms));
    let current = move |line: &Line| match pointed.get() {
        Some(time_ms) => line.at(time_ms).map_or_else(|| NONE.to_owned(), measured),
        None => measured(line.last),
    };
    let aloud = move || {
        let lines = lines.read();
        let each = lines
            .iter()
            .map(|drawn| format!("{} {}", drawn.letter, current(&drawn.line)));
        format!(
            "{}: {}",
            elapsed(text, moment.get()),
            each.collect::<Vec<_>>().join(", ")
        )
    };
    let head = move || match pointed.get() {
        Some(time_ms) => text.get(words::CompareCurvesAt {
            time: elapsed(text, time_ms),
        }),
        None => text.get(words::COMPARE_CURVES_LAST),
    };

    let point_at = move |share: f64| pointed.set(Some(axes.get_untracked().time_at(share)));
    let on_move = move |event: ev::MouseEvent| share_of(&event).into_iter().for_each(point_at);
    let on_key = move |event: ev::KeyboardEvent| {
        let here = axes.get_untracked().share_of(moment.get_untracked());
        let key = event.key();
        if key == "Escape" {
            return pointed.set(None);
        }
        if let Some(share) = moved_by_key(here, &key) {
            event.prevent_default();
            point_at(share);
        }
    };
    let across = Signal::derive(move || axes.read().share_of(moment.get()));
    let is_pointed = Signal::derive(move || pointed.read().is_some());
    let paths = move || {
        let axes = axes.read();
        let lines = lines.read();
        lines
            .iter()
            .map(|drawn| view! { <path class=drawn.class() d=axes.path(&drawn.line.points)></path> })
            .collect_view()
    };
    let ends = move || {
        let lines = lines.read();
        let ends = overlay::ends(&axes.read(), lines.iter().map(|drawn| &drawn.line));
        let marks = lines.iter().zip(ends).map(|(drawn, (x, y))| {
            view! {
                <span
                    class=format!("curve-end {}", curve(drawn.place))
                    style:left=format!("{:.1}%", x * 100.0)
                    style:top=format!("{:.1}%", y * 100.0)
                >
                    {drawn.letter.clone()}
                </span>
            }
        });
        marks.collect_view()
    };
    let rows = move || {
        let rows = lines.get().into_iter().map(|drawn| {
            let (low, high) = (drawn.line.low, drawn.line.high);
            view! {
                <tr>
                    <th scope="row">
                        <svg class="curve-sample" viewBox="0 0 28 4" aria-hidden="true">
                            <path class=drawn.class() d="M0 2H28"></path>
                        </svg>
                        {drawn.letter.clone()}
                    </th>
                    <td>{move || current(&drawn.line)}</td>
                    <td>{move || measured(low)}</td>
                    <td>{move || measured(high)}</td>
                </tr>
            }
        });
        rows.collect_view()
    };
    view! {
        <figure class="chart">
            <figcaption>
                <span class="chart-name as-written">{label}</span>
            </figcaption>
            <div
                class="chart-plot"
                role="slider"
                tabindex="0"
                aria-label=label
                aria-valuemin="0"
                aria-valuemax=move || axes.read().to_ms.to_string()
                aria-valuenow=move || moment.get().to_string()
                aria-valuetext=aloud
                on:mousemove=on_move
                on:mouseleave=move |_| pointed.set(None)
                on:click=on_move
                on:keydown=on_key
            >
                <svg viewBox=format!("0 0 {WIDTH} {HEIGHT}") preserveAspectRatio="none" aria-hidden="true">
                    {paths}
                    <MomentLine share=across is_pointed />
                </svg>
                <div aria-hidden="true">{ends}</div>
                <span class="chart-high">{move || measured(axes.read().high)}</span>
                <span class="chart-low">{move || measured(axes.read().low)}</span>
            </div>
            <p class="chart-times">
                <span>{move || elapsed(text, 0)}</span>
                <span>{move || elapsed(text, axes.read().to_ms)}</span>
            </p>
            <table class="curve-values">
                <caption class="visually-hidden">{label}</caption>
                <thead>
                    <tr>
                        <th scope="col">{text.say(words::COMPARE_CURVES_JOB)}</th>
                        <th scope="col">{head}</th>
                        <th scope="col">{text.say(words::COMPARE_CURVES_LOW)}</th>
                        <th scope="col">{text.say(words::COMPARE_CURVES_HIGH)}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </figure>
    }
}
