//! What can be done to the selected jobs.

use leptos::prelude::*;

use super::{
    act::{ActDialog, done_words},
    table::TABLE,
};
use crate::app::jobs::state::{
    bulk_action::{Asked, Done, Target},
    list::List,
    loaded_jobs::LastList,
};
use crate::{
    app::{
        address::compare_address,
        compare,
        status::forbidden_message,
        text::{Message, use_text, words},
    },
    browser::document,
};
use jobsphere_overview::listing::{Row, Slot};
use jobsphere_rules::{lifetime::Action, status::Forbidden};

/// From so many jobs on there is something to compare; and more than that no page compares.
const COMPARED: std::ops::RangeInclusive<usize> = 2..=compare::MAX_JOBS;
const USUAL_DAYS: u32 = 14;

/// The bar that stands below the list while jobs are selected.
#[component]
pub(crate) fn SelectionBar(list: List) -> impl IntoView {
    let text = use_text();
    let asked = RwSignal::new(None::<Asked>);
    // Jobs that are gone are not selected any more.
    let rows = Memo::new(move |_| {
        list.known.version.track();
        let selected = list.selected.read();
        list.known.with(|index| {
            let rows = selected
                .iter()
                .filter_map(|slot| Some((*slot, index.row(*slot)?.clone())));
            rows.collect::<Vec<(Slot, Row)>>()
        })
    });
    let count = Memo::new(move |_| rows.read().len());
    let act = move |action: Action| {
        let jobs = rows.read_untracked().iter().map(|(_, row)| Target::of(row)).collect();
        asked.set(Some(Asked { action, jobs }));
    };
    let compare = move || {
        let rows = rows.read();
        let ids: Vec<_> = rows.iter().map(|(_, row)| row.id.clone()).collect();
        let address = list.known.project.with_value(|project| compare_address(project, &ids));
        COMPARED.contains(&ids.len()).then_some(address)
    };
    let compare_link = move || match compare() {
        Some(address) => view! { <a class="button" href=address>{text.say(words::BULK_COMPARE)}</a> }.into_any(),
        None => view! {
            <button type="button" aria-disabled="true" title=text.say(words::BULK_COMPARE_FORBIDDEN)>
                {text.say(words::BULK_COMPARE)}
            </button>
        }
        .into_any(),
    };
    let last: LastList = expect_context();
    let done = move |done: Done| {
        if !done.ids.is_empty() {
            last.note.set(Some(done_words(text, done.action, done.ids.len())));
        }
        // What has failed stays selected.
        let rows = rows.get_untracked();
        let slots = rows.iter().filter(|(_, row)| done.ids.contains(&row.id));
        list.selected.update(|selected| {
            for (slot, _) in slots {
                selected.remove(slot);
            }
        });
        // The button that was pressed may be gone with the bar.
        if list.selected.read_untracked().is_empty() {
            document::focus_in_place(TABLE);
        }
    };
    let clear = move |_| {
        list.selected.update(|selected| selected.clear());
        document::focus_in_place(TABLE);
    };
    let button = move |label: Message, action: Action| view! { <ActButton label action rows act /> };
    view! {
        <Show when=move || { count.get() > 0 }>
            <section class="selection" aria-label=text.say(words::BULK_LABEL)>
                <p>{move || text.get(words::BulkSelected { count: count.get() })}</p>
                <div class="selection-actions">
                    {button(words::BULK_CANCEL, Action::Cancel)}
                    {button(words::BULK_KEEP, Action::Keep { days: Some(USUAL_DAYS) })}
                    {button(words::BULK_DELETE_DATA, Action::DeleteData)}
                    {button(words::BULK_DELETE, Action::Delete)}
                    {compare_link}
                    <button type="button" on:click=clear>
                        {text.say(words::BULK_CLEAR)}
                    </button>
                </div>
            </section>
        </Show>
        <ActDialog known=list.known asked on_done=Callback::new(done) />
    }
}

/// A button that is there for all the selected, and disabled with the reason when it can be done to none of them.
#[component]
fn ActButton(
    label: Message,
    action: Action,
    rows: Memo<Vec<(Slot, Row)>>,
    act: impl Fn(Action) + Copy + Send + 'static,
) -> impl IntoView {
    let text = use_text();
    let verdict = Memo::new(move |_| {
        let rows = rows.read();
        let mut reason = None;
        for (_, row) in rows.iter() {
            match action.may(row.status, row.cleared) {
                Ok(()) => return Ok(()),
                Err(forbidden) => reason = Some(forbidden),
            }
        }
        Err(reason.unwrap_or(Forbidden::Ended))
    });
    let reason = move || verdict.get().err().map(|reason| text.get(forbidden_message(reason)));
    let press = move |_| {
        if verdict.get_untracked().is_ok() {
            act(action);
        }
    };
    view! {
        <button type="button" aria-disabled=move || verdict.get().is_err().to_string() title=reason on:click=press>
            {text.say(label)}
        </button>
    }
}
