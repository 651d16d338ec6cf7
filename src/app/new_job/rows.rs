//! A list of rows with two texts each: outputs, arguments, environment variables.

use leptos::prelude::*;

use super::{
    field::RowField,
    form::{Form, LEFT, RIGHT, Row, row_id},
    problems::FieldProblems,
};
use crate::{app::text::use_text, browser::document};

/// The messages of a list.
#[derive(Clone, Copy)]
pub(super) struct Words {
    pub(super) heading: &'static str,
    pub(super) hint: &'static str,
    pub(super) left: &'static str,
    pub(super) right: &'static str,
    pub(super) add: &'static str,
}

/// The list.
#[component]
pub(super) fn Rows(
    /// Id of the list, part of the ids of its fields.
    id: &'static str,
    /// Its messages.
    words: Words,
    /// Its rows.
    rows: RwSignal<Vec<Row>>,
    /// The form it belongs to.
    form: Form,
) -> impl IntoView {
    let text = use_text();
    let add_id = format!("{id}-add");
    let add = move |_| {
        let key = form.add_row(rows);
        // The row is in the page after this turn.
        request_animation_frame(move || document::focus(&row_id(id, key, LEFT)));
    };
    let remove = {
        let add_id = add_id.clone();
        move |key| {
            rows.write().retain(|row| row.key != key);
            // The button that had the focus is gone with its row.
            document::focus(&add_id);
        }
    };
    view! {
        <fieldset id=id tabindex="-1">
            <legend>{text.say(words.heading)}</legend>
            <p class="hint">{text.say(words.hint)}</p>
            <FieldProblems element=id />
            <For each=move || rows.get() key=|row| row.key let(row)>
                <div class="row">
                    <RowField id=row_id(id, row.key, LEFT) label=words.left value=row.left />
                    <RowField id=row_id(id, row.key, RIGHT) label=words.right value=row.right />
                    <RemoveButton
                        what=row.left
                        on_click={
                            let remove = remove.clone();
                            Callback::new(move |()| remove(row.key))
                        }
                    />
                </div>
            </For>
            <button type="button" id=add_id on:click=add>{text.say(words.add)}</button>
        </fieldset>
    }
}

/// Removes a row; its name says which.
#[component]
pub(super) fn RemoveButton(
    /// What the row is about.
    what: RwSignal<String>,
    /// Removes it.
    on_click: Callback<()>,
) -> impl IntoView {
    let text = use_text();
    let label = move || text.with("remove-row", [("what", what.get().into())]);
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
