//! Further values of an argument: each makes a job of its own.

use leptos::prelude::*;

use super::problems::{FieldProblems, error_id};
use crate::{
    app::{
        new_job::state::{form::Form, problems::use_problems},
        text::{use_text, words},
    },
    browser::document,
};
use jobsphere_authoring::draft::{Column, Field, List};

/// What opens the list of values, and the list.
#[component]
pub(crate) fn FurtherValues(
    /// The form it belongs to.
    form: Form,
    /// Which argument.
    row: usize,
) -> impl IntoView {
    let text = use_text();
    let is_wanted = RwSignal::new(false);
    // A list that is made empty does not vanish from under the hands of who writes in it.
    let is_open = Memo::new(move |before: Option<&bool>| {
        let is_given = !form.cell(List::Arguments, row, Column::More).is_empty();
        before == Some(&true) || is_wanted.get() || is_given
    });
    let id = Field::Cell(List::Arguments, row, Column::More).id();
    let open = move |_| {
        is_wanted.set(true);
        let id = Field::Cell(List::Arguments, row, Column::More).id();
        // It is in the page after this turn.
        request_animation_frame(move || document::focus(&id));
    };
    let name = move || form.cell(List::Arguments, row, Column::First).trim().to_owned();
    let label = move || text.get(words::SeveralValuesOf { name: name() });
    view! {
        <Show
            when=move || is_open.get()
            fallback=move || {
                view! {
                    <button type="button" class="small further-values" aria-label=label on:click=open>
                        {text.say(words::SEVERAL_VALUES)}
                    </button>
                }
            }
        >
            <ValueLines form row id=id.clone() />
        </Show>
    }
}

#[component]
fn ValueLines(form: Form, row: usize, id: String) -> impl IntoView {
    let text = use_text();
    let problems = use_problems();
    let is_wrong = {
        let id = id.clone();
        move || (!problems.about(&id).is_empty()).to_string()
    };
    let write = move |event| {
        let value = event_target_value(&event);
        form.edit(|draft| {
            if let Some(cell) = draft.cell_mut(List::Arguments, row, Column::More) {
                *cell = value;
            }
        });
    };
    let hint = move || {
        text.get(words::FurtherValuesHint {
            count: form.jobs_count(),
        })
    };
    let label = move || {
        text.get(words::FurtherValues {
            name: form.cell(List::Arguments, row, Column::First).trim().to_owned(),
        })
    };
    let described = format!("{id}-hint {}", error_id(&id));
    view! {
        <div class="field further-values">
            <label for=id.clone()>{label}</label>
            <textarea
                id=id.clone()
                class="code"
                rows="3"
                spellcheck="false"
                autocapitalize="off"
                aria-describedby=described
                aria-invalid=is_wrong
                prop:value=move || form.cell(List::Arguments, row, Column::More)
                on:input=write
            ></textarea>
            <p class="hint" id=format!("{id}-hint")>{hint}</p>
            <FieldProblems element=id />
        </div>
    }
}
