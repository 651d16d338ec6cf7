//! Which columns the list has.

use leptos::prelude::*;

use crate::app::jobs::state::list::List;
use crate::app::text::{Message, Text, use_text, words};
use jobsphere_overview::listing::{Column, Index, MAX_VALUES, ValueColumn};

/// What a column is called.
pub(super) fn title(text: Text, list: List, column: Column) -> String {
    match column {
        Column::Value(place) => {
            let query = list.query.read();
            let value = query.values.get(usize::from(place));
            value.map(|value| value.name().to_owned()).unwrap_or_default()
        }
        column => text.get(message_of(column)),
    }
}

fn message_of(column: Column) -> Message {
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
        // Values have names of their own.
        Column::Value(_) => words::COLUMNS,
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
    let is_open = RwSignal::new(false);
    list.read_numbers(is_open.into());
    let choosable = Column::ALL.into_iter().filter(|column| *column != Column::Name);
    view! {
        <details
            class="filter menu"
            on:toggle=move |event| is_open.set(event_target::<web_sys::Element>(&event).has_attribute("open"))
        >
            <summary>{text.say(words::COLUMNS)}</summary>
            <div class="menu-body columns-menu">
                <fieldset>
                    <legend class="visually-hidden">{text.say(words::COLUMNS)}</legend>
                    {choosable.map(choice).collect_view()}
                </fieldset>
                <Show when=move || is_open.get()>
                    <Values list heading=words::ARGUMENTS_HEADING offered=arguments />
                    <Values list heading=words::COLUMNS_NUMBERS offered=numbers />
                </Show>
            </div>
        </details>
    }
}

/// So many names of a kind are offered.
const OFFERED: usize = 20;

fn arguments(index: &Index) -> Vec<ValueColumn> {
    index
        .argument_names(OFFERED)
        .into_iter()
        .map(ValueColumn::Argument)
        .collect()
}

fn numbers(index: &Index) -> Vec<ValueColumn> {
    index
        .number_names(OFFERED)
        .into_iter()
        .map(ValueColumn::Number)
        .collect()
}

/// Chooses among the values of one kind: those that jobs have, and those that are chosen.
#[component]
fn Values(list: List, heading: Message, offered: fn(&Index) -> Vec<ValueColumn>) -> impl IntoView {
    let text = use_text();
    let chosen = Memo::new(move |_| list.values());
    let is_of_kind = move |value: &ValueColumn| {
        let is_argument = matches!(value, ValueColumn::Argument(_));
        is_argument == (heading == words::ARGUMENTS_HEADING)
    };
    let all = Memo::new(move |_| {
        list.known.version.track();
        let mut all: Vec<ValueColumn> = chosen.get().into_iter().filter(is_of_kind).collect();
        for value in list.known.with(offered) {
            if !all.contains(&value) {
                all.push(value);
            }
        }
        all.sort_by(|one, other| one.name().cmp(other.name()));
        all
    });
    let choice = move |value: ValueColumn| {
        let name = value.name().to_owned();
        let own = value.clone();
        let is_full = move || chosen.read().len() >= MAX_VALUES;
        let is_chosen = Memo::new(move |_| chosen.read().contains(&own));
        view! {
            <label class="check">
                <input
                    type="checkbox"
                    prop:checked=is_chosen
                    disabled=move || is_full() && !is_chosen.get()
                    on:change=move |_| list.turn_value(&value)
                />
                <code>{name}</code>
            </label>
        }
    };
    view! {
        <Show when=move || !all.read().is_empty()>
            <fieldset>
                <legend>{text.say(heading)}</legend>
                <For each=move || all.get() key=Clone::clone children=choice />
            </fieldset>
        </Show>
    }
}
