//! One curve, with the moment under the pointer.

use leptos::{ev, prelude::*};

use crate::app::{
    job::log::state::log::Log,
    series::{MomentLine, moved_by_key, share_of, title, value},
    text::use_text,
};
use jobsphere_log::{
    model::{Point, SeriesOrigin},
    plot::{HEIGHT, Span, WIDTH, newest_at},
    series::measure::Measure,
};

#[component]
pub(crate) fn Chart(log: Log, origin: SeriesOrigin, name: String, span: Memo<(i64, i64)>) -> impl IntoView {
    let text = use_text();
    let name = StoredValue::new(name);
    let measured = move |number: f64| name.with_value(|name| value(text, Measure::of(origin, name), number));
    let points = Memo::new(move |_| {
        let series = log.series.read();
        let found = name.with_value(|name| {
            series
                .iter()
                .find(|series| series.name == *name && series.origin == origin)
        });
        found.map(|series| series.points.clone()).unwrap_or_default()
    });
    let axes = Memo::new(move |_| {
        let (from_ms, to_ms) = span.get();
        Span::of(&points.read(), from_ms, to_ms)
    });
    // The moment under the pointer, else the end.
    let moment = Memo::new(move |_| log.pointed_ms.get().unwrap_or(axes.read().to_ms));
    let current = Memo::new(move |_| newest_at(&points.read(), moment.get()).copied());
    let said = move || {
        current
            .get()
            .map_or_else(String::new, |point: Point| measured(point.value))
    };
    // A curve without points has no times either.
    let time = move |millis: i64| {
        let is_empty = points.read().is_empty();
        if is_empty { String::new() } else { text.clock(millis) }
    };
    let clock = move || time(moment.get());
    let label = move || name.with_value(|name| title(text, origin, name));

    let point_at = move |share: f64| log.pointed_ms.set(Some(axes.get_untracked().time_at(share)));
    let on_move = move |event: ev::MouseEvent| share_of(&event).into_iter().for_each(point_at);
    let on_click = move |event: ev::MouseEvent| {
        if let Some(share) = share_of(&event) {
            log.show_time(axes.get_untracked().time_at(share));
        }
    };
    let on_key = move |event: ev::KeyboardEvent| {
        let here = axes.get_untracked().share_of(moment.get_untracked());
        let share = match event.key().as_str() {
            "Enter" => {
                log.show_time(moment.get_untracked());
                return event.prevent_default();
            }
            "Escape" => return log.pointed_ms.set(None),
            key => match moved_by_key(here, key) {
                Some(share) => share,
                None => return,
            },
        };
        event.prevent_default();
        point_at(share);
    };
    let across = Signal::derive(move || axes.read().share_of(moment.get()));
    let is_pointed = Signal::derive(move || log.pointed_ms.read().is_some());
    view! {
        <figure class="chart">
            <figcaption>
                <span class="chart-name as-written">{label}</span>
                <output class="chart-value">{said}</output>
            </figcaption>
            <div
                class="chart-plot"
                role="slider"
                tabindex="0"
                aria-label=label
                aria-valuemin=move || axes.read().from_ms.to_string()
                aria-valuemax=move || axes.read().to_ms.to_string()
                aria-valuenow=move || moment.get().to_string()
                aria-valuetext=move || format!("{}, {}", clock(), said())
                on:mousemove=on_move
                on:mouseleave=move |_| log.pointed_ms.set(None)
                on:click=on_click
                on:keydown=on_key
            >
                <svg viewBox=format!("0 0 {WIDTH} {HEIGHT}") preserveAspectRatio="none" aria-hidden="true">
                    <path class="chart-line" d=move || axes.read().path(&points.read())></path>
                    <MomentLine share=across is_pointed />
                </svg>
                <span class="chart-high">{move || measured(axes.read().high)}</span>
                <span class="chart-low">{move || measured(axes.read().low)}</span>
            </div>
            <p class="chart-times">
                <span>{move || time(axes.read().from_ms)}</span>
                <span>{clock}</span>
            </p>
        </figure>
    }
}
