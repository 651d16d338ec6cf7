//! A list of rows: outputs, arguments, mounts and the like.

use leptos::prelude::*;

use super::{field::RowField, further_values::FurtherValues, problems::FieldProblems};
use crate::{
    app::{
        new_job::state::form::Form,
        text::{Message, use_text, words},
    },
    browser::document,
};
use jobsphere_authoring::draft::{Column, Field, List};

/// The messages of a list.
#[derive(Clone, Copy)]
pub(crate) struct Words {
    heading: Message,
    hint: Message,
    add: Message,
    /// The columns with their labels.
    columns: &'static [(Column, Message)],
}

impl Words {
    pub(super) const fn new(
        heading: Message,
        hint: Message,
        add: Message,
        columns: &'static [(Column, Message)],
    ) -> Self {
        Self {
            heading,
            hint,
            add,
            columns,
        }
    }
}

/// The list.
#[component]
pub(crate) fn Rows(
    /// The form it belongs to.
    form: Form,
    /// Which list.
    list: List,
    /// Its messages.
    words: Words,
    /// Whether the order counts, so that rows can be raised.
    #[prop(default = false)]
    ranked: bool,
) -> impl IntoView {
    let text = use_text();
    let id = Field::List(list).id();
    let add_id = format!("{id}-add");
    let add = move |_| {
        form.edit(|draft| draft.add_row(list));
        let row = form.with(|draft| draft.rows(list)).saturating_sub(1);
        // The row is in the page after this turn.
        request_animation_frame(move || document::focus(&Field::Cell(list, row, Column::First).id()));
    };
    let remove = {
        let add_id = add_id.clone();
        move |row| {
            form.edit(|draft| draft.remove_row(list, row));
            // The button that had the focus may be gone with its row.
            document::focus(&add_id);
        }
    };
    let kind = match words.columns.len() {
        1 => "row row-single",
        2 => "row",
        _ => "row row-many",
    };
    view! {
        <fieldset id=id tabindex="-1">
            <legend>{text.say(words.heading)}</legend>
            <p class="hint">{text.say(words.hint)}</p>
            <FieldProblems element=Field::List(list).id() />
            <For each=move || 0..form.with(|draft| draft.rows(list)) key=|row| *row let(row)>
                <div class=kind>
                    {words
                        .columns
                        .iter()
                        .map(|(column, label)| view! { <RowField form list row column=*column label=*label /> })
                        .collect_view()}
                    {ranked.then(|| view! { <RaiseButton form list row /> })}
                    <RemoveButton
                        what=Signal::derive(move || form.cell(list, row, Column::First))
                        on_click={
                            let remove = remove.clone();
                            Callback::new(move |()| remove(row))
                        }
                    />
                </div>
                {(list == List::Arguments).then(|| view! { <FurtherValues form row /> })}
            </For>
            <button type="button" id=add_id on:click=add>{text.say(words.add)}</button>
        </fieldset>
    }
}

/// Raises a row by one place.
#[component]
fn RaiseButton(form: Form, list: List, row: usize) -> impl IntoView {
    let text = use_text();
    let label = move || {
        text.get(words::RaiseRow {
            what: form.cell(list, row, Column::First),
        })
    };
    view! {
        <button
            type="button"
            class="remove"
            aria-label=label
            title=label
            disabled=row == 0
            on:click=move |_| form.edit(|draft| draft.raise_row(list, row))
        >
            <svg viewBox="0 0 16 16" aria-hidden="true"><path d="M4 10l4-4 4 4"></path></svg>
        </button>
    }
}

/// Removes a row; its name says which.
#[component]
pub(crate) fn RemoveButton(
    /// What the row is about.
    what: Signal<String>,
    /// Removes it.
    on_click: Callback<()>,
) -> impl IntoView {
    let text = use_text();
    let label = move || text.get(words::RemoveRow { what: what.get() });
    view! {
        <button
            type="button"
            class="remove"
            aria-label=label
            title=label
            on:click=move |_| on_click.run(())
        >
            <svg viewBox="0 0 16 16" aria-hidden="true"><path d="M4 4l8 8M12 4l-8 8"></path></svg>
        </button>
    }
}
