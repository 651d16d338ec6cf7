//! Curves of numbers: their names, their values in words, and the way to a moment in them.

pub(crate) mod axes;

use leptos::{ev, prelude::*};
use web_sys::{Element, wasm_bindgen::JsCast};

use crate::app::text::{Message, Text, words};
use jobsphere_log::{
    model::SeriesOrigin,
    plot::{HEIGHT, WIDTH},
    series::measure::{Measure, Unit},
};

/// A step of the arrow keys, as a share of the width; with Page Up and Page Down ten of them.
const STEP: f64 = 0.01;
/// So many points are passed over with Page Up and Page Down.
const PAGE: usize = 10;

/// A series as the person knows it.
pub(crate) fn title(text: Text, origin: SeriesOrigin, name: &str) -> String {
    let measure = Measure::of(origin, name);
    let words = measure
        .column
        .map_or_else(|| name.to_owned(), |column| text.get(message_of(column)));
    match measure.gpu {
        Some(gpu) => text.get(words::SeriesOfGpu { gpu, series: words }),
        None => words,
    }
}

/// The message that names a column of the service's tables.
fn message_of(column: &str) -> Message {
    match column {
        "cpu_percent" => words::SERIES_CPU,
        "memory_bytes" => words::SERIES_MEMORY,
        "disk_read_bytes_per_second" => words::SERIES_DISK_READ,
        "disk_write_bytes_per_second" => words::SERIES_DISK_WRITE,
        "machine_network_receive_bytes_per_second" => words::SERIES_NETWORK_RECEIVE,
        "machine_network_send_bytes_per_second" => words::SERIES_NETWORK_SEND,
        "utilization.gpu" => words::SERIES_GPU_USE,
        "memory.used" => words::SERIES_MEMORY,
        "memory.total" => words::SERIES_GPU_MEMORY_TOTAL,
        "temperature.gpu" => words::SERIES_TEMPERATURE,
        "power.draw" => words::SERIES_POWER,
        "processes" => words::SERIES_PROCESSES,
        _ => words::SERIES_OTHER,
    }
}

/// A number of a series, in its unit.
pub(crate) fn value(text: Text, measure: Measure<'_>, value: f64) -> String {
    let value = value * measure.factor;
    match measure.unit {
        Unit::Percent => text.percent_of(value),
        Unit::Bytes => text.size(value.max(0.0)),
        Unit::BytesPerSecond => text.get(words::ValuePerSecond {
            value: text.size(value.max(0.0)),
        }),
        Unit::Celsius => text.get(words::ValueCelsius {
            value: text.rounded(value),
        }),
        Unit::Watts => text.get(words::ValueWatts {
            value: text.rounded(value),
        }),
        Unit::Plain => text.rounded(value),
    }
}

/// Where in the element the pointer is, as a share of its width.
pub(crate) fn share_of(event: &ev::MouseEvent) -> Option<f64> {
    let element: Element = event.current_target()?.dyn_into().ok()?;
    let place = element.get_bounding_client_rect();
    (place.width() > 0.0).then(|| (f64::from(event.client_x()) - place.left()) / place.width())
}

/// Where a key leads from `here`, as shares of the width; `None` for keys that lead nowhere.
pub(crate) fn moved_by_key(here: f64, key: &str) -> Option<f64> {
    Some(match key {
        "ArrowLeft" | "ArrowDown" => here - STEP,
        "ArrowRight" | "ArrowUp" => here + STEP,
        "PageDown" => here - 10.0 * STEP,
        "PageUp" => here + 10.0 * STEP,
        "Home" => 0.0,
        "End" => 1.0,
        _ => return None,
    })
}

/// Which of `count` points a key leads to from the one at `here`; `None` for keys that lead nowhere.
pub(crate) fn moved_among(here: usize, count: usize, key: &str) -> Option<usize> {
    let last = count.checked_sub(1)?;
    let place = match key {
        "ArrowLeft" | "ArrowDown" => here.saturating_sub(1),
        "ArrowRight" | "ArrowUp" => here + 1,
        "PageDown" => here.saturating_sub(PAGE),
        "PageUp" => here + PAGE,
        "Home" => 0,
        "End" => last,
        _ => return None,
    };
    Some(place.min(last))
}

/// Puts a curve away that is drawn, else fetches it.
pub(crate) fn toggle<T: PartialEq + Clone>(drawn: &mut Vec<T>, curve: &T) {
    match drawn.iter().position(|other| other == curve) {
        Some(place) => drop(drawn.remove(place)),
        None => drawn.push(curve.clone()),
    }
}

/// The line across a chart at the moment that is pointed at.
#[component]
pub(crate) fn MomentLine(
    /// Where the moment is, as a share of the width.
    #[prop(into)]
    share: Signal<f64>,
    /// Whether a moment is pointed at.
    #[prop(into)]
    is_pointed: Signal<bool>,
) -> impl IntoView {
    view! {
        <path
            class="chart-moment"
            d=move || format!("M{:.1} 0V{HEIGHT}", share.get() * WIDTH)
            visibility=move || if is_pointed.get() { "visible" } else { "hidden" }
        ></path>
    }
}
