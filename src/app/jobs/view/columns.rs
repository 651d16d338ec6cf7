//! Which columns the list has.

use leptos::prelude::*;

use crate::app::jobs::state::list::List;
use crate::app::text::{Message, use_text, words};
use jobsphere_overview::listing::Column;

/// The message that names a column.
pub(super) fn message_of(column: Column) -> Message {
    match column {
        Column::State => words::COLUMN_STATE,
        Column::Name => words::COLUMN_NAME,
        Column::Created => words::COLUMN_CREATED,
        Column::Duration => words::COLUMN_DURATION,
        Column::Instance => words::COLUMN_INSTANCE,
        Column::Author => words::COLUMN_AUTHOR,
        Column::Code => words::COLUMN_CODE,
        Column::Expires => words::COLUMN_EXPIRES,
        Column::Size => words::COLUMN_SIZE,
        Column::Parent => words::COLUMN_PARENT,
    }
}

/// Chooses the columns.
#[component]
pub(crate) fn Columns(list: List) -> impl IntoView {
    let text = use_text();
    let shown = Memo::new(move |_| list.columns());
    let choice = move |column: Column| {
        let toggle = move |event| {
            let is_wanted = event_target_checked(&event);
            let before = shown.get_untracked();
            let wanted = |other: &Column| {
                if *other == column {
                    is_wanted
                } else {
                    before.contains(other)
                }
            };
            list.choose_columns(Column::ALL.into_iter().filter(wanted).collect());
        };
        view! {
            <label class="check">
                <input type="checkbox" prop:checked=move || shown.read().contains(&column) on:change=toggle />
                <span>{text.say(message_of(column))}</span>
            </label>
        }
    };
    let choosable = Column::ALL.into_iter().filter(|column| *column != Column::Name);
    view! {
        <details class="filter menu">
            <summary>{text.say(words::COLUMNS)}</summary>
            <fieldset class="menu-body">
                <legend class="visually-hidden">{text.say(words::COLUMNS)}</legend>
                {choosable.map(choice).collect_view()}
            </fieldset>
        </details>
    }
}
