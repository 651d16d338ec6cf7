//! One curve, with the moment under the pointer.

use leptos::{ev, prelude::*};

use super::Scene;
use crate::app::{
    job::log::state::log::Log,
    series::{
        MomentLine,
        axes::{Powers, edges, is_told, place_words},
        moved_among, moved_by_key, share_of, title, value,
    },
    text::{Text, use_text, words},
};
use jobsphere_log::{
    model::{Point, SeriesOrigin},
    plot::{HEIGHT, Span, WIDTH},
    series::{
        axis::{Axis, Drawn, Way},
        measure::Measure,
    },
};

/// One series as it is drawn. All charts tell of one moment: the time that is pointed at, whatever they run over.
#[derive(Clone, Copy)]
struct Curve {
    text: Text,
    log: Log,
    scene: Scene,
    origin: SeriesOrigin,
    name: StoredValue<String>,
    drawn: Memo<Drawn>,
    span: Memo<Span>,
    /// The point that was the newest at the moment.
    current: Memo<Option<Point>>,
}

impl Curve {
    fn new(log: Log, origin: SeriesOrigin, name: String, scene: Scene) -> Self {
        let name = StoredValue::new(name);
        let drawn = Memo::new(move |_| {
            let series = log.series.read();
            let found = name.with_value(|name| {
                series
                    .iter()
                    .find(|series| series.name == *name && series.origin == origin)
            });
            let points = found.map(|series| series.points.as_slice()).unwrap_or_default();
            let way = if is_told(origin) {
                scene.axes.way()
            } else {
                Way::default()
            };
            way.draw(points)
        });
        let span = Memo::new(move |_| {
            let drawn = drawn.read();
            drawn.span(match drawn.way.axis {
                Axis::Time => scene.times.get(),
                Axis::Step | Axis::Epoch => scene.places.get(),
            })
        });
        let current = Memo::new(move |_| {
            let drawn = drawn.read();
            let place = newest(&drawn, log.pointed_ms.get(), scene.pointed.get())?;
            drawn.points.get(place).copied()
        });
        Self {
            text: use_text(),
            log,
            scene,
            origin,
            name,
            drawn,
            span,
            current,
        }
    }

    fn measured(self, number: f64) -> String {
        self.name
            .with_value(|name| value(self.text, Measure::of(self.origin, name), number))
    }

    fn label(self) -> String {
        self.name.with_value(|name| title(self.text, self.origin, name))
    }

    fn axis(self) -> Axis {
        self.drawn.read().way.axis
    }

    /// Where the moment stands on the axis, the end when there is none.
    fn place(self) -> i64 {
        let axis = self.axis();
        let end = self.span.read().to_ms;
        match axis {
            Axis::Time => self.log.pointed_ms.get().unwrap_or(end),
            Axis::Step | Axis::Epoch => {
                let current = self.current.read();
                current.as_ref().and_then(|point| axis.place(point)).unwrap_or(end)
            }
        }
    }

    /// A place in words; a curve without points has none.
    fn words(self, place: i64) -> String {
        let drawn = self.drawn.read();
        if drawn.points.is_empty() {
            return String::new();
        }
        place_words(self.text, drawn.way.axis, place, |millis| self.text.clock(millis))
    }

    fn value(self) -> String {
        let current = self.current.get();
        current.map_or_else(String::new, |point| self.measured(point.value))
    }

    /// Points at a share of the width; the time of what is there.
    fn point_at(self, share: f64) -> Option<i64> {
        let at = self.span.read_untracked().time_at(share);
        if self.drawn.read_untracked().way.axis == Axis::Time {
            return Some(self.point_to_time(at));
        }
        let places = self.drawn.read_untracked().places();
        let nearest = places.into_iter().min_by_key(|place| place.abs_diff(at))?;
        self.point_to(nearest)
    }

    fn point_to_time(self, time_ms: i64) -> i64 {
        self.scene.pointed.set(None);
        self.log.pointed_ms.set(Some(time_ms));
        time_ms
    }

    /// Points at a place where it has a point, the last of several.
    fn point_to(self, place: i64) -> Option<i64> {
        let (axis, point) = {
            let drawn = self.drawn.read_untracked();
            (drawn.way.axis, drawn.points.get(drawn.up_to(place)?).copied()?)
        };
        let time_ms = self.point_to_time(point.time_ms);
        self.scene.pointed.set(Some((axis, place, time_ms)));
        Some(time_ms)
    }

    /// Points at where a key leads; `None` for keys that lead nowhere.
    fn move_by(self, key: &str) -> Option<i64> {
        let pointed = self.log.pointed_ms.get_untracked();
        let drawn = self.drawn.get_untracked();
        if drawn.way.axis == Axis::Time {
            let span = self.span.get_untracked();
            let here = span.share_of(pointed.unwrap_or(span.to_ms));
            return moved_by_key(here, key).and_then(|share| self.point_at(share));
        }
        let here = newest(&drawn, pointed, self.scene.pointed.get_untracked())?;
        let here = drawn.way.axis.place(drawn.points.get(here)?)?;
        let places = drawn.places();
        let here = places.partition_point(|place| *place < here);
        self.point_to(*places.get(moved_among(here, places.len(), key)?)?)
    }

    /// The time of the moment.
    fn time(self) -> i64 {
        let newest = || self.current.get_untracked().map(|point| point.time_ms);
        let end = || match self.drawn.read_untracked().way.axis {
            Axis::Time => self.span.read_untracked().to_ms,
            Axis::Step | Axis::Epoch => newest().unwrap_or_default(),
        };
        self.log.pointed_ms.get_untracked().unwrap_or_else(end)
    }

    fn on_key(self, event: &ev::KeyboardEvent) {
        match event.key().as_str() {
            "Enter" => self.log.show_time(self.time()),
            "Escape" => return self.log.pointed_ms.set(None),
            key => match self.move_by(key) {
                Some(_) => {}
                None => return,
            },
        }
        event.prevent_default();
    }
}

/// Which point was the newest at the moment that is pointed at, by its place where it is one of the same axis; at the end
/// when there is none.
fn newest(drawn: &Drawn, time_ms: Option<i64>, pointed: Option<(Axis, i64, i64)>) -> Option<usize> {
    match (time_ms, pointed) {
        (Some(time_ms), Some((axis, place, its_ms))) if axis == drawn.way.axis && its_ms == time_ms => {
            drawn.up_to(place)
        }
        (time_ms, _) => drawn.at_time(time_ms.unwrap_or(i64::MAX)),
    }
}

#[component]
pub(crate) fn Chart(log: Log, origin: SeriesOrigin, name: String, scene: Scene) -> impl IntoView {
    let curve = Curve::new(log, origin, name, scene);
    let text = curve.text;
    let Curve { drawn, span, .. } = curve;
    let edge = move || edges(drawn.read().way, &span.read());
    let way = Signal::derive(move || drawn.read().way);
    let point_at = move |event: &ev::MouseEvent| share_of(event).and_then(|share| curve.point_at(share));
    let on_move = move |event: ev::MouseEvent| {
        point_at(&event);
    };
    let on_click = move |event: ev::MouseEvent| point_at(&event).into_iter().for_each(|time_ms| log.show_time(time_ms));
    let across = Signal::derive(move || span.read().share_of(curve.place()));
    let is_pointed = Signal::derive(move || log.pointed_ms.read().is_some());
    view! {
        <figure class="chart">
            <figcaption>
                <span class="chart-name as-written">{move || curve.label()}</span>
                <output class="chart-value">{move || curve.value()}</output>
            </figcaption>
            <div
                class="chart-plot"
                role="slider"
                tabindex="0"
                aria-label=move || curve.label()
                aria-valuemin=move || span.read().from_ms.to_string()
                aria-valuemax=move || span.read().to_ms.to_string()
                aria-valuenow=move || curve.place().to_string()
                aria-valuetext=move || format!("{}, {}", curve.words(curve.place()), curve.value())
                on:mousemove=on_move
                on:mouseleave=move |_| log.pointed_ms.set(None)
                on:click=on_click
                on:keydown=move |event| curve.on_key(&event)
            >
                <svg viewBox=format!("0 0 {WIDTH} {HEIGHT}") preserveAspectRatio="none" aria-hidden="true">
                    <path class="chart-line" d=move || span.read().path(&drawn.read().shape)></path>
                    <MomentLine share=across is_pointed />
                </svg>
                <Powers way span measured=Callback::new(move |number| curve.measured(number)) />
                <span class="chart-high">{move || curve.measured(edge().1)}</span>
                <span class="chart-low">{move || curve.measured(edge().0)}</span>
            </div>
            <p class="chart-times">
                <span>{move || curve.words(span.read().from_ms)}</span>
                <span>{move || curve.words(curve.place())}</span>
            </p>
            <Show when=move || drawn.read().leaves_out()>
                <p class="hint">{text.say(words::AXIS_LEFT_OUT)}</p>
            </Show>
        </figure>
    }
}
