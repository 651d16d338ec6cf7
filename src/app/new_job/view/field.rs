//! A labelled text of the form, with its hint and its problems.

use leptos::prelude::*;

use super::{
    control::Control,
    problems::{FieldProblems, error_id},
};
use crate::app::{
    name::Marks,
    new_job::state::{form::Form, problems::use_problems},
    text::{Message, use_text},
};
use jobsphere_authoring::draft::{Column, Field, Item, List};

/// A text with a visible label.
#[component]
pub(crate) fn TextField(
    /// The form it belongs to.
    form: Form,
    /// What it shows.
    item: Item,
    /// Message of the label.
    label: Message,
    /// Message of a hint below.
    #[prop(optional)]
    hint: Option<Message>,
    /// Rows of text; one makes a single line.
    #[prop(default = 1)]
    rows: u32,
    /// Whether it holds code: no spelling, fixed width.
    #[prop(default = false)]
    code: bool,
) -> impl IntoView {
    let text = use_text();
    let problems = use_problems();
    let id = Field::Item(item).id();
    let is_wrong = {
        let id = id.clone();
        move || !problems.about(&id).is_empty()
    };
    let described = format!("{id}-hint {}", error_id(&id));
    let value = Signal::derive(move || form.with(|draft| draft.item(item).to_owned()));
    let write = move |value: String| form.edit(|draft| *draft.item_mut(item) = value);
    let control = view! {
        <Control
            id=id.clone()
            described
            is_wrong=Signal::derive(is_wrong)
            value
            on_write=write
            rows
            code
        />
    };
    view! {
        <div class="field">
            <label for=id.clone()>{text.say(label)}</label>
            {control}
            <p class="hint" id=format!("{id}-hint")>{hint.map(|hint| text.say(hint))}</p>
            <Marks of=value />
            <FieldProblems element=id />
        </div>
    }
}

/// Whether a text of a row may have several lines: what programs are given does.
fn holds_lines(list: List, column: Column) -> bool {
    match list {
        List::Arguments | List::Env => column == Column::Second,
        _ => column == Column::Description,
    }
}

/// A text inside a row.
#[component]
pub(crate) fn RowField(
    /// The form it belongs to.
    form: Form,
    /// The row's list.
    list: List,
    /// The row's place.
    row: usize,
    /// Which text of the row.
    column: Column,
    /// Message of the label.
    label: Message,
) -> impl IntoView {
    let text = use_text();
    let problems = use_problems();
    let id = Field::Cell(list, row, column).id();
    let is_wrong = {
        let id = id.clone();
        move || !problems.about(&id).is_empty()
    };
    let value = Signal::derive(move || form.cell(list, row, column));
    let write = move |value: String| {
        form.edit(|draft| {
            if let Some(cell) = draft.cell_mut(list, row, column) {
                *cell = value;
            }
        });
    };
    view! {
        <div class="field">
            <label for=id.clone()>{text.say(label)}</label>
            <Control
                id=id.clone()
                described=error_id(&id)
                is_wrong=Signal::derive(is_wrong)
                value
                on_write=write
                holds_lines=holds_lines(list, column)
                code=true
            />
            <Marks of=Signal::derive(move || form.cell(list, row, column)) />
            <FieldProblems element=id />
        </div>
    }
}

/// A choice among a few.
#[component]
pub(crate) fn ChoiceField(
    /// Id of the control.
    id: &'static str,
    /// Message of the label.
    label: Message,
    /// Values with the messages that name them; without one, a value names itself.
    choices: &'static [(&'static str, Option<Message>)],
    /// The chosen value.
    #[prop(into)]
    chosen: Signal<String>,
    /// Hears of a choice.
    #[prop(into)]
    on_choose: Callback<String>,
) -> impl IntoView {
    let text = use_text();
    let option = move |(value, message): &(&'static str, Option<Message>)| {
        let (value, message) = (*value, *message);
        view! {
            <option value=value selected=move || chosen.get() == value>
                {move || message.map_or_else(|| value.to_owned(), |message| text.get(message))}
            </option>
        }
    };
    view! {
        <div class="field">
            <label for=id>{text.say(label)}</label>
            <select id=id prop:value=move || chosen.get() on:change=move |event| on_choose.run(event_target_value(&event))>
                {choices.iter().map(option).collect_view()}
            </select>
        </div>
    }
}

/// Yes or no.
#[component]
pub(crate) fn CheckField(
    /// Message of the label.
    label: Message,
    /// Whether it is chosen.
    #[prop(into)]
    checked: Signal<bool>,
    /// Hears of a change.
    #[prop(into)]
    on_change: Callback<bool>,
) -> impl IntoView {
    let text = use_text();
    view! {
        <label class="check">
            <input
                type="checkbox"
                prop:checked=move || checked.get()
                on:change=move |event| on_change.run(event_target_checked(&event))
            />
            {text.say(label)}
        </label>
    }
}
