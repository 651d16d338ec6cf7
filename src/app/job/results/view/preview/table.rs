//! A table: sorted by a press on a column's name, a stretch of rows at a time, with a drawing of its numbers.

use std::sync::Arc;

use leptos::prelude::*;

use super::plot::ColumnPlot;
use crate::app::text::{use_text, words};
use jobsphere_names::said;
use jobsphere_results::table::{Content, Table};

/// Rows that are shown at once; more come by a press.
const SHOWN_AT_ONCE: usize = 200;
/// More columns than this are not shown.
const MAX_COLUMNS: usize = 100;

/// By which column the rows are ordered, and whether the greatest is first.
type Order = Option<(usize, bool)>;

/// The table.
#[component]
pub(crate) fn TableView(
    /// What was read.
    table: Arc<Table>,
    /// Whether that is not all.
    is_partial: bool,
) -> impl IntoView {
    let text = use_text();
    let order = RwSignal::new(None as Order);
    let count = RwSignal::new(SHOWN_AT_ONCE.min(table.rows.len()));
    let total = table.rows.len();
    let width = table.columns.len().min(MAX_COLUMNS);
    let places = {
        let table = table.clone();
        Memo::new(move |_| match order.get() {
            Some((column, is_descending)) => table.order(column, is_descending),
            None => (0..table.rows.len()).collect(),
        })
    };
    let note = move || {
        let shown = count.get();
        if is_partial {
            text.get(words::TableRowsRead { shown, total })
        } else {
            text.get(words::TableRows { shown, total })
        }
    };
    let hidden = table.columns.len() - width + table.left_out;
    let heads = {
        let table = table.clone();
        (0..width)
            .map(|place| {
                let name = table.columns[place].name.clone();
                let name = Signal::derive(move || match name.as_str() {
                    "" => text.get(words::TableColumn { number: place + 1 }),
                    name => said(name).into_owned(),
                });
                view! { <Head name place order /> }
            })
            .collect_view()
    };
    let rows = {
        let table = table.clone();
        move || {
            let places = places.read();
            let row = |place: &usize| {
                let cells = (0..width).map(|column| {
                    let is_number = table.columns[column].numbers().is_some();
                    view! { <td class:number=is_number>{said(table.cell(*place, column)).into_owned()}</td> }
                });
                view! { <tr>{cells.collect_view()}</tr> }
            };
            places.iter().take(count.get()).map(row).collect_view()
        }
    };
    view! {
        {above(&table)}
        <ColumnPlot table=table.clone() is_partial />
        <Doubts table=table.clone() />
        <p class="hint">
            {note} " "
            {(hidden > 0).then_some(move || text.get(words::TableColumnsHidden { count: hidden }))}
        </p>
        <div class="wide preview-table" tabindex="0" role="region" aria-label=text.say(words::TABLE_LABEL)>
            <table>
                <thead><tr>{heads}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        <Show when=move || count.get() < total>
            <button
                type="button"
                class="small"
                on:click=move |_| count.update(|count| *count = (*count + SHOWN_AT_ONCE).min(total))
            >
                {move || text.get(words::TableMore { count: SHOWN_AT_ONCE.min(total - count.get()) })}
            </button>
        </Show>
    }
}

/// What stands above the table.
fn above(table: &Table) -> Option<impl IntoView + use<>> {
    let lines = said(&table.above.join("\n")).into_owned();
    (!lines.is_empty()).then(|| view! { <pre class="hint table-above" tabindex="0">{lines}</pre> })
}

/// What is not sure of it.
#[component]
fn Doubts(table: Arc<Table>) -> impl IntoView {
    let text = use_text();
    let uneven = table.uneven;
    let name = move |(place, name): (usize, String)| match name.as_str() {
        "" => text.get(words::TableColumn { number: place + 1 }),
        name => said(name).into_owned(),
    };
    let columns = table.columns.iter().enumerate();
    let unsure: Vec<(usize, String)> = columns
        .filter(|(_, column)| column.content == Content::Unsure)
        .map(|(place, column)| (place, column.name.clone()))
        .collect();
    let is_unsure = !unsure.is_empty();
    let said = move || {
        let columns: Vec<String> = unsure.iter().cloned().map(name).collect();
        text.get(words::TableUnsure {
            columns: columns.join(", "),
        })
    };
    view! {
        {(uneven > 0).then(|| view! { <p class="hint">{move || text.get(words::TableUneven { count: uneven })}</p> })}
        {is_unsure.then(|| view! { <p class="hint">{said}</p> })}
    }
}

#[component]
fn Head(name: Signal<String>, place: usize, order: RwSignal<Order>) -> impl IntoView {
    let direction = move || match order.get() {
        Some((column, false)) if column == place => "ascending",
        Some((column, true)) if column == place => "descending",
        _ => "none",
    };
    let turn = move |_| {
        order.update(|order| {
            *order = match *order {
                Some((column, false)) if column == place => Some((place, true)),
                Some((column, true)) if column == place => None,
                _ => Some((place, false)),
            };
        });
    };
    let mark = move || match direction() {
        "ascending" => " ↑",
        "descending" => " ↓",
        _ => "",
    };
    view! {
        <th scope="col" aria-sort=direction>
            <button type="button" class="link" on:click=turn>
                {name}
                <span aria-hidden="true">{mark}</span>
            </button>
        </th>
    }
}
