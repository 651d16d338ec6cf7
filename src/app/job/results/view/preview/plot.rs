//! A drawing of a column of numbers, over another or over the number of the row.

use std::sync::Arc;

use leptos::prelude::*;

use crate::app::text::{Text, use_text, words};
use jobsphere_results::{
    plot::{HEIGHT, Plot, WIDTH},
    table::{Content, Form, Table},
};

/// Room for the words of the axes.
const LEFT: f64 = 70.0;
const BELOW: f64 = 24.0;
const EDGE: f64 = 12.0;
/// Digits of a number that stands in the table; of a mean; of a mark.
const DIGITS: u32 = 17;
const DIGITS_OF_MEAN: u32 = 10;
const DIGITS_OF_MARK: u32 = 6;

/// The drawing, and the choice of columns.
#[component]
pub(crate) fn ColumnPlot(
    /// What was read.
    table: Arc<Table>,
    /// Whether that is not all.
    is_partial: bool,
) -> impl IntoView {
    let text = use_text();
    let columns = table.columns.iter().enumerate();
    let numeric: Vec<(usize, String)> = columns
        .filter(|(_, column)| column.numbers().is_some())
        .map(|(place, column)| (place, column.name.clone()))
        .collect();
    let last = numeric.last().map(|(place, _)| *place);
    let y = RwSignal::new(last.unwrap_or_default());
    let x = RwSignal::new(None::<usize>);
    let is_open = RwSignal::new(false);
    let name = move |place: usize, name: &str| match name {
        "" => text.get(words::TableColumn { number: place + 1 }),
        name => name.to_owned(),
    };
    let options = {
        let numeric = numeric.clone();
        move |chosen: Option<usize>| {
            let option = |(place, column): &(usize, String)| {
                let (place, column) = (*place, column.clone());
                view! {
                    <option value=place.to_string() selected={chosen == Some(place)}>{move || name(place, &column)}</option>
                }
            };
            numeric.iter().map(option).collect_view()
        }
    };
    let drawn = {
        let table = table.clone();
        Memo::new(move |_| {
            let across = x.get().map(|column| table.values(column));
            is_open
                .get()
                .then(|| Plot::draw(across.as_deref(), &table.values(y.get())))
                .flatten()
        })
    };
    let said = Signal::derive(move || {
        let column = &table.columns[y.get()];
        let Content::Numbers(form, numbers) = &column.content else {
            return None;
        };
        let exact = |value, digits| with_unit(form, text.exact(value, digits));
        let said = text.get(words::PlotSaid {
            column: name(y.get(), &column.name),
            count: numbers.count,
            min: exact(numbers.min, DIGITS),
            max: exact(numbers.max, DIGITS),
            mean: exact(numbers.mean, DIGITS_OF_MEAN),
        });
        let gaps = (numbers.gaps > 0).then(|| text.get(words::PlotGaps { count: numbers.gaps }));
        let part = is_partial.then(|| text.get(words::PLOT_PARTIAL));
        Some(
            [Some(said), gaps, part]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
                .join(" "),
        )
    });
    let choose = move |to: RwSignal<usize>| move |event| to.set(event_target_value(&event).parse().unwrap_or_default());
    last.map(|last| {
        view! {
            <details class="plot" on:toggle=move |_| is_open.set(true)>
                <summary>{text.say(words::PLOT_HEADING)}</summary>
                <div class="plot-choice">
                    <label>
                        {text.say(words::PLOT_Y)} " " <select on:change=choose(y)>{options(Some(last))}</select>
                    </label>
                    <label>
                        {text.say(words::PLOT_X)} " "
                        <select on:change=move |event| x.set(event_target_value(&event).parse().ok())>
                            <option value="">{text.say(words::PLOT_ROW)}</option>
                            {options(None)}
                        </select>
                    </label>
                </div>
                {move || drawn.get().map(|plot| view! { <Drawing plot label=said.get().unwrap_or_default() /> })}
                <p class="hint">{said}</p>
            </details>
        }
    })
}

fn with_unit(form: &Form, number: String) -> String {
    match form.suffix.as_str() {
        "" => format!("{}{number}", form.prefix),
        // A blank that does not break.
        suffix => format!("{}{number}\u{a0}{suffix}", form.prefix),
    }
}

fn mark(text: Text, value: f64) -> String {
    text.exact(value, DIGITS_OF_MARK)
}

#[component]
fn Drawing(plot: Plot, label: String) -> impl IntoView {
    let text = use_text();
    let number = move |value| mark(text, value);
    let across = |(at, value): (f64, f64)| {
        view! {
            <line x1=at y1=HEIGHT x2=at y2={HEIGHT + 4.0} />
            <text x=at y={HEIGHT + 18.0} text-anchor="middle">{move || number(value)}</text>
        }
    };
    let down = |(at, value): (f64, f64)| {
        view! {
            <line class="plot-grid" x1=0.0 y1=at x2=WIDTH y2=at />
            <text x="-6" y={at + 4.0} text-anchor="end">{move || number(value)}</text>
        }
    };
    let room = format!(
        "{} {} {} {}",
        -LEFT,
        -EDGE,
        WIDTH + LEFT + 3.0 * EDGE,
        HEIGHT + BELOW + EDGE
    );
    let kind = if plot.is_line { "plot-line" } else { "plot-dots" };
    view! {
        <svg class="plot-drawing" viewBox=room role="img" aria-label=label>
            {plot.y_marks.into_iter().map(down).collect_view()}
            <line x1=0.0 y1=HEIGHT x2=WIDTH y2=HEIGHT />
            {plot.x_marks.into_iter().map(across).collect_view()}
            <path class=kind d=plot.path />
        </svg>
    }
}
