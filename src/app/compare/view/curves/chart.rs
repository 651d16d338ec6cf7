//! One series of all jobs: a line each, and their values in a table.

use leptos::{ev, prelude::*};

use super::{Curves, with_runs};
use crate::app::{
    compare::state::comparison::BESIDE,
    series::{
        MomentLine,
        axes::{Axes, Powers, edges, place_words},
        moved_among, moved_by_key, share_of, title, value,
    },
    text::{Text, use_text, words},
};
use jobsphere_log::{
    plot::{HEIGHT, Span, WIDTH},
    series::{
        axis::{Axis, Way},
        measure::Measure,
    },
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

/// One series of all jobs as it is drawn.
#[derive(Clone, Copy)]
struct Overlay {
    text: Text,
    key: StoredValue<Key>,
    way: Memo<Way>,
    lines: Memo<Vec<Drawn>>,
    span: Memo<Span>,
    pointed: RwSignal<Option<(Axis, i64)>>,
}

impl Overlay {
    fn new(curves: Curves, axes: Axes, key: Key) -> Self {
        let key = StoredValue::new(key);
        let way = Memo::new(move |_| {
            let wanted = axes.way();
            key.with_value(|key| with_runs(curves.jobs, |runs| overlay::way_of(runs, key, wanted)))
        });
        let lines = Memo::new(move |_| {
            let (jobs, way) = (curves.jobs.get_value(), way.get());
            let drawn = jobs.into_iter().enumerate().filter_map(|(place, (letter, numbers))| {
                let run = numbers.run.read();
                let line = key.with_value(|key| run.as_ref()?.line(key, way))?;
                Some(Drawn { place, letter, line })
            });
            drawn.collect::<Vec<_>>()
        });
        let span = Memo::new(move |_| {
            let way = way.get();
            let reach = with_runs(curves.jobs, |runs| overlay::reach(runs, way.axis));
            overlay::span(lines.read().iter().map(|drawn| &drawn.line), way, reach)
        });
        Self {
            text: use_text(),
            key,
            way,
            lines,
            span,
            pointed: curves.pointed,
        }
    }

    fn measured(self, number: f64) -> String {
        self.key
            .with_value(|(origin, name)| value(self.text, Measure::of(*origin, name), number))
    }

    fn label(self) -> String {
        self.key.with_value(|(origin, name)| title(self.text, *origin, name))
    }

    /// The place that is pointed at, in a chart over the same.
    fn pointed(self) -> Option<i64> {
        let axis = self.way.read().axis;
        self.pointed
            .get()
            .filter(|(other, _)| *other == axis)
            .map(|(_, place)| place)
    }

    /// The place that is pointed at, else the end.
    fn place(self) -> i64 {
        self.pointed().unwrap_or(self.span.read().to_ms)
    }

    fn words(self, place: i64) -> String {
        place_words(self.text, self.way.read().axis, place, |millis| {
            elapsed(self.text, millis)
        })
    }

    fn current(self, line: &Line) -> String {
        match self.pointed() {
            Some(place) => line
                .at(place)
                .map_or_else(|| NONE.to_owned(), |value| self.measured(value)),
            None => self.measured(line.last),
        }
    }

    fn aloud(self) -> String {
        let lines = self.lines.read();
        let each = lines
            .iter()
            .map(|drawn| format!("{} {}", drawn.letter, self.current(&drawn.line)));
        let values = each.collect::<Vec<_>>().join(", ");
        format!("{}: {values}", self.words(self.place()))
    }

    /// What the column of values is called.
    fn head(self) -> String {
        match (self.pointed(), self.way.read().axis) {
            (Some(place), Axis::Time) => self.text.get(words::CompareCurvesAt {
                time: elapsed(self.text, place),
            }),
            (Some(place), _) => self.words(place),
            (None, _) => self.text.get(words::COMPARE_CURVES_LAST),
        }
    }

    fn point_at(self, share: f64) {
        let at = self.span.read_untracked().time_at(share);
        let place = match self.way.read_untracked().axis {
            Axis::Time => Some(at),
            Axis::Step | Axis::Epoch => self.places().into_iter().min_by_key(|place| place.abs_diff(at)),
        };
        place.into_iter().for_each(|place| self.point_to(place));
    }

    fn point_to(self, place: i64) {
        self.pointed.set(Some((self.way.read_untracked().axis, place)));
    }

    fn on_key(self, event: &ev::KeyboardEvent) {
        let key = event.key();
        if key == "Escape" {
            return self.pointed.set(None);
        }
        let (axis, span) = (self.way.read_untracked().axis, self.span.get_untracked());
        let pointed = self.pointed.get_untracked().filter(|(other, _)| *other == axis);
        let here = pointed.map_or(span.to_ms, |(_, place)| place);
        if axis == Axis::Time {
            let Some(share) = moved_by_key(span.share_of(here), &key) else {
                return;
            };
            self.point_at(share);
        } else {
            let places = self.places();
            let place = places
                .partition_point(|place| *place < here)
                .min(places.len().saturating_sub(1));
            let Some(place) = moved_among(place, places.len(), &key) else {
                return;
            };
            places.get(place).into_iter().for_each(|place| self.point_to(*place));
        }
        event.prevent_default();
    }

    /// The places at which any of the lines has a point.
    fn places(self) -> Vec<i64> {
        let lines = self.lines.read_untracked();
        let points = lines.iter().flat_map(|drawn| &drawn.line.points);
        let mut places: Vec<i64> = points.map(|point| point.time_ms).collect();
        places.sort_unstable();
        places.dedup();
        places
    }
}

#[component]
pub(crate) fn Chart(curves: Curves, axes: Axes, key: Key) -> impl IntoView {
    let chart = Overlay::new(curves, axes, key);
    let Overlay {
        text,
        lines,
        span,
        way,
        pointed,
        ..
    } = chart;
    let on_move = move |event: ev::MouseEvent| share_of(&event).into_iter().for_each(|share| chart.point_at(share));
    let edge = move || edges(way.get(), &span.read());
    let across = Signal::derive(move || span.read().share_of(chart.place()));
    let is_pointed = Signal::derive(move || chart.pointed().is_some());
    let paths = move || {
        let span = span.read();
        let lines = lines.read();
        lines
            .iter()
            .map(|drawn| view! { <path class=drawn.class() d=span.path(&drawn.line.shape)></path> })
            .collect_view()
    };
    let ends = move || {
        let lines = lines.read();
        let ends = overlay::ends(&span.read(), lines.iter().map(|drawn| &drawn.line));
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
                    <td>{move || chart.current(&drawn.line)}</td>
                    <td>{move || chart.measured(low)}</td>
                    <td>{move || chart.measured(high)}</td>
                </tr>
            }
        });
        rows.collect_view()
    };
    view! {
        <figure class="chart">
            <figcaption>
                <span class="chart-name as-written">{move || chart.label()}</span>
            </figcaption>
            <div
                class="chart-plot"
                role="slider"
                tabindex="0"
                aria-label=move || chart.label()
                aria-valuemin=move || span.read().from_ms.to_string()
                aria-valuemax=move || span.read().to_ms.to_string()
                aria-valuenow=move || chart.place().to_string()
                aria-valuetext=move || chart.aloud()
                on:mousemove=on_move
                on:mouseleave=move |_| pointed.set(None)
                on:click=on_move
                on:keydown=move |event| chart.on_key(&event)
            >
                <svg viewBox=format!("0 0 {WIDTH} {HEIGHT}") preserveAspectRatio="none" aria-hidden="true">
                    {paths}
                    <MomentLine share=across is_pointed />
                </svg>
                <div aria-hidden="true">{ends}</div>
                <Powers way span measured=Callback::new(move |number| chart.measured(number)) />
                <span class="chart-high">{move || chart.measured(edge().1)}</span>
                <span class="chart-low">{move || chart.measured(edge().0)}</span>
            </div>
            <p class="chart-times">
                <span>{move || chart.words(span.read().from_ms)}</span>
                <span>{move || chart.words(span.read().to_ms)}</span>
            </p>
            <Show when=move || lines.read().iter().any(|drawn| drawn.line.leaves_out())>
                <p class="hint">{text.say(words::AXIS_LEFT_OUT)}</p>
            </Show>
            <table class="curve-values">
                <caption class="visually-hidden">{move || chart.label()}</caption>
                <thead>
                    <tr>
                        <th scope="col">{text.say(words::COMPARE_CURVES_JOB)}</th>
                        <th scope="col">{move || chart.head()}</th>
                        <th scope="col">{text.say(words::COMPARE_CURVES_LOW)}</th>
                        <th scope="col">{text.say(words::COMPARE_CURVES_HIGH)}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </figure>
    }
}
