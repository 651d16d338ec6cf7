//! All compared jobs as rows: the parameters that differ beside the final numbers, in the order of any of them.

use leptos::prelude::*;

use super::table::group_message;
use crate::app::{
    address::job_address,
    compare::state::comparison::{Column, Comparison},
    series,
    status::StatusMark,
    text::{Text, use_text, words},
};
use jobsphere_client::follow::JobState;
use jobsphere_log::series::measure::Measure;
use jobsphere_overview::{
    comparison::Group,
    finals::{self, Cell, Finals},
    overlay::Run,
};

/// By which column the rows are ordered, and whether the greatest comes first.
type Order = Option<(finals::Column, bool)>;

#[component]
pub(crate) fn Runs(comparison: Comparison) -> impl IntoView {
    let text = use_text();
    let table = Memo::new(move |_| finals_of(comparison));
    let order = RwSignal::new(Order::None);
    let heads = Memo::new(move |_| table.read().columns.clone());
    let shown = Memo::new(move |_| match order.get() {
        Some((column, descending)) => table.read().order(&column, descending),
        None => (0..table.read().cells.len()).collect(),
    });
    let left_out = move || {
        let count = table.read().left_out;
        (count > 0).then(|| view! { <p class="hint">{text.get(words::CompareRunsLeftOut { count })}</p> })
    };
    view! {
        <section aria-labelledby="compare-runs-heading">
            <h2 id="compare-runs-heading">{text.say(words::COMPARE_RUNS_HEADING)}</h2>
            <div class="runs-scroll" tabindex="0" role="group" aria-labelledby="compare-runs-heading">
                <table class="runs">
                    <thead>
                        <tr>
                            <th scope="col">{text.say(words::COMPARE_CURVES_JOB)}</th>
                            <th scope="col">{text.say(words::COLUMN_STATE)}</th>
                            <For each=move || heads.get() key=key_of let(column)>
                                <Head column order />
                            </For>
                        </tr>
                    </thead>
                    <tbody>
                        <For each=move || shown.get() key=|place| *place let(place)>
                            <OneRun comparison table place />
                        </For>
                    </tbody>
                </table>
            </div>
            {left_out}
        </section>
    }
}

fn finals_of(comparison: Comparison) -> Finals {
    let columns = comparison.columns.get_value();
    let guards: Vec<_> = columns.iter().map(|column| column.numbers.run.read()).collect();
    let runs: Vec<Option<&Run>> = guards.iter().map(|run| run.as_ref()).collect();
    finals::finals(&comparison.rows.read(), &runs)
}

/// Tells a column from the others.
fn key_of(column: &finals::Column) -> String {
    format!("{column:?}")
}

fn title(text: Text, column: &finals::Column) -> String {
    match column {
        finals::Column::Parameter(Group::Arguments | Group::Variables, name) => name.clone(),
        finals::Column::Parameter(Group::Command, _) => text.get(group_message(Group::Command)),
        finals::Column::Parameter(group, name) => format!("{}: {name}", text.get(group_message(*group))),
        finals::Column::Ran => text.get(words::COMPARE_RAN),
        finals::Column::Number((origin, name)) => series::title(text, *origin, name),
    }
}

#[component]
fn Head(column: finals::Column, order: RwSignal<Order>) -> impl IntoView {
    let text = use_text();
    let is_number = !matches!(column, finals::Column::Parameter(..));
    let column = StoredValue::new(column);
    let direction = move || {
        let order = order.read();
        let (other, descending) = order.as_ref()?;
        column.with_value(|column| column == other).then_some(*descending)
    };
    let aria_sort = move || match direction() {
        Some(true) => Some("descending"),
        Some(false) => Some("ascending"),
        None => None,
    };
    let mark = move || match direction() {
        Some(true) => "M4 7l4 4 4-4",
        Some(false) => "M4 10l4-4 4 4",
        None => "",
    };
    // The third press brings back the order of the address.
    let press = move |_| {
        let next = match untrack(direction) {
            None => Some((column.get_value(), false)),
            Some(false) => Some((column.get_value(), true)),
            Some(true) => None,
        };
        order.set(next);
    };
    let label = move || column.with_value(|column| title(text, column));
    view! {
        <th scope="col" aria-sort=aria_sort class:number=is_number>
            <button type="button" class="column-head as-written" on:click=press>
                {label}
                <svg viewBox="0 0 16 16" aria-hidden="true"><path d=mark></path></svg>
            </button>
        </th>
    }
}

#[component]
fn OneRun(comparison: Comparison, table: Memo<Finals>, place: usize) -> impl IntoView {
    let text = use_text();
    let column: Option<Column> = comparison.columns.with_value(|columns| columns.get(place).cloned());
    let Some(Column { id, letter, state, .. }) = column else {
        return ().into_any();
    };
    let name = {
        let id = id.clone();
        move || match state.read().as_ref() {
            Some(state) if state.job.name.is_empty() => text.get(words::JOB_UNNAMED),
            Some(state) => state.job.name.clone(),
            None => id.clone(),
        }
    };
    let address = comparison.project.with_value(|project| job_address(project, &id));
    let status = Signal::derive(move || state.read().as_ref().map(JobState::shown_status).unwrap_or_default());
    let cells = move || {
        let table = table.read();
        let said = table.columns.iter().zip(table.cells.get(place).into_iter().flatten());
        said.map(|(column, cell)| one_cell(text, column, cell)).collect_view()
    };
    view! {
        <tr>
            <th scope="row">
                <span class="letter">{letter}</span>
                " "
                <a class="as-written" href=address><bdi>{move || jobsphere_names::shown(&name()).into_owned()}</bdi></a>
            </th>
            <td><StatusMark status /></td>
            {cells}
        </tr>
    }
    .into_any()
}

fn one_cell(text: Text, column: &finals::Column, cell: &Cell) -> AnyView {
    let (said, exact) = match (column, cell) {
        (_, Cell::None) => ("–".to_owned(), None),
        (_, Cell::Text(said)) => (said.clone(), None),
        (finals::Column::Ran, Cell::Number(millis)) => (text.duration(*millis as i64), None),
        (finals::Column::Number((origin, name)), Cell::Number(number)) => (
            series::value(text, Measure::of(*origin, name), *number),
            Some(number.to_string()),
        ),
        (finals::Column::Parameter(..), Cell::Number(number)) => (text.number(*number), None),
    };
    let is_number = !matches!(column, finals::Column::Parameter(..));
    view! { <td class="as-written" class:number=is_number title=exact>{said}</td> }.into_any()
}
