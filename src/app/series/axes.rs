//! What printed curves run over and on which scale: chosen by the person, remembered as long as the tab.

use leptos::prelude::*;

use crate::{
    app::text::{Message, Text, use_text, words},
    browser::storage::{self, Scope},
};
use jobsphere_log::{
    model::SeriesOrigin,
    plot::Span,
    series::axis::{Axis, Offer, Way, place_of},
};

/// Where the choices are remembered.
const AXIS: &str = "axis";
const SCALE: &str = "scale";
const LOG: &str = "log";
/// A place is told as exactly as it is.
const DIGITS: u32 = 15;

/// Whether a series is drawn as it was chosen: what the machine did has its times, and its own scale.
pub(crate) fn is_told(origin: SeriesOrigin) -> bool {
    origin != SeriesOrigin::Stats
}

/// What was chosen, and what there is to choose from.
#[derive(Clone, Copy)]
pub(crate) struct Axes {
    chosen: RwSignal<Option<Axis>>,
    wants_log: RwSignal<bool>,
    offer: Memo<Offer>,
}

impl Axes {
    /// With what was chosen last in this tab.
    pub(crate) fn new(offer: Memo<Offer>) -> Self {
        let (axis, is_log) = remembered();
        Self {
            chosen: RwSignal::new(axis),
            wants_log: RwSignal::new(is_log),
            offer,
        }
    }

    /// How curves are drawn that can be.
    pub(crate) fn way(self) -> Way {
        way_of(&self.offer.read(), (self.chosen.get(), self.wants_log.get()))
    }

    fn choose(self, axis: Axis) {
        storage::set(Scope::Tab, AXIS, word(axis));
        self.chosen.set(Some(axis));
    }

    fn turn_scale(self) {
        let is_log = !self.wants_log.get_untracked();
        match is_log {
            true => storage::set(Scope::Tab, SCALE, LOG),
            false => storage::remove(Scope::Tab, SCALE),
        }
        self.wants_log.set(is_log);
    }
}

/// How curves are drawn that are kept, as they were seen.
pub(crate) fn kept_way(offer: &Offer) -> Way {
    way_of(offer, remembered())
}

fn remembered() -> (Option<Axis>, bool) {
    let named = |name: String| ALL.into_iter().find(|axis| word(*axis) == name);
    let axis = storage::get(Scope::Tab, AXIS).and_then(named);
    (axis, storage::get(Scope::Tab, SCALE).as_deref() == Some(LOG))
}

fn way_of(offer: &Offer, (chosen, wants_log): (Option<Axis>, bool)) -> Way {
    let chosen = chosen.filter(|axis| offer.axes.contains(axis));
    Way {
        axis: chosen.unwrap_or(offer.first),
        is_log: wants_log && offer.has_log,
    }
}

const ALL: [Axis; 3] = [Axis::Time, Axis::Step, Axis::Epoch];

fn word(axis: Axis) -> &'static str {
    match axis {
        Axis::Time => "time",
        Axis::Step => "step",
        Axis::Epoch => "epoch",
    }
}

fn message_of(axis: Axis) -> Message {
    match axis {
        Axis::Time => words::AXIS_TIME,
        Axis::Step => words::AXIS_STEP,
        Axis::Epoch => words::AXIS_EPOCH,
    }
}

/// A place on the axis in words: "step 1,200"; of the time what `time` says.
pub(crate) fn place_words(text: Text, axis: Axis, place: i64, time: impl FnOnce(i64) -> String) -> String {
    let number = || text.exact(place_of(place), DIGITS);
    match axis {
        Axis::Time => time(place),
        Axis::Step => text.get(words::AxisAtStep { number: number() }),
        Axis::Epoch => text.get(words::AxisAtEpoch { number: number() }),
    }
}

/// Chooses the axis, where there are several, and the scale, where it shows anything.
#[component]
pub(crate) fn AxisChoice(axes: Axes) -> impl IntoView {
    let text = use_text();
    let way = Memo::new(move |_| axes.way());
    let offered = Memo::new(move |_| axes.offer.read().axes.clone());
    let choice = move |axis: Axis| {
        view! {
            <button
                type="button"
                class="choice"
                aria-pressed=move || (way.read().axis == axis).to_string()
                on:click=move |_| axes.choose(axis)
            >
                {text.say(message_of(axis))}
            </button>
        }
    };
    view! {
        <div class="choices axis-choice">
            <Show when=move || { offered.read().len() > 1 }>
                <div class="choices" role="group" aria-label=text.say(words::AXIS_CHOOSE)>
                    <For each=move || offered.get() key=|axis| word(*axis) children=choice />
                </div>
            </Show>
            <Show when=move || axes.offer.read().has_log>
                <button
                    type="button"
                    class="choice"
                    aria-pressed=move || way.read().is_log.to_string()
                    on:click=move |_| axes.turn_scale()
                >
                    {text.say(words::AXIS_LOG)}
                </button>
            </Show>
        </div>
    }
}

/// The marks at powers of ten, where the scale has them; `measured` says a value.
#[component]
pub(crate) fn Powers(
    #[prop(into)] way: Signal<Way>,
    #[prop(into)] span: Signal<Span>,
    measured: Callback<f64, String>,
) -> impl IntoView {
    move || {
        let marks = if way.read().is_log {
            span.read().powers()
        } else {
            Vec::new()
        };
        let mark = |exponent: f64| {
            view! {
                <span class="chart-power" style:top=format!("{:.1}%", span.read().depth_of(exponent) * 100.0)>
                    {measured.run(10_f64.powf(exponent))}
                </span>
            }
        };
        marks.into_iter().map(mark).collect_view()
    }
}

/// The values of a chart's lower and upper edge.
pub(crate) fn edges(way: Way, span: &Span) -> (f64, f64) {
    match way.is_log {
        true => (10_f64.powf(span.low), 10_f64.powf(span.high)),
        false => (span.low, span.high),
    }
}
