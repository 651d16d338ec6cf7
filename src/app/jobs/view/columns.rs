//! Which columns the list has.

use leptos::prelude::*;

use crate::app::jobs::state::list::List;
use crate::{app::text::use_text, client::listing::Column};

/// The message that names a column.
pub(super) fn message_id(column: Column) -> &'static str {
    match column {
        Column::State => "column-state",
        Column::Name => "column-name",
        Column::Created => "column-created",
        Column::Duration => "column-duration",
        Column::Instance => "column-instance",
        Column::Author => "column-author",
        Column::Code => "column-code",
        Column::Expires => "column-expires",
        Column::Size => "column-size",
        Column::Parent => "column-parent",
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
                <span>{text.say(message_id(column))}</span>
            </label>
        }
    };
    let choosable = Column::ALL.into_iter().filter(|column| *column != Column::Name);
    view! {
        <details class="filter menu">
            <summary>{text.say("columns")}</summary>
            <fieldset class="menu-body">
                <legend class="visually-hidden">{text.say("columns")}</legend>
                {choosable.map(choice).collect_view()}
            </fieldset>
        </details>
    }
}
