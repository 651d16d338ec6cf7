//! Every row of the comparison, by group: what differs, or all.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::switch::switch_over;
use crate::app::compare::state::comparison::{ALL, Comparison};
use crate::app::{
    differences::said,
    name, service_words,
    status::StatusMark,
    text::{Message, Text, use_text, words},
};
use jobsphere_authoring::difference::Said;
use jobsphere_overview::comparison::{Fact, Group, Name, Row, Value};
use jobsphere_rules::shown::ShownStatus;

/// The message that names a group.
pub(super) fn group_message(group: Group) -> Message {
    match group {
        Group::Result => words::COMPARE_GROUP_RESULT,
        Group::Outputs => words::COMPARE_GROUP_OUTPUTS,
        Group::Inputs => words::INPUTS_HEADING,
        Group::Command => words::CMD_LABEL,
        Group::Arguments => words::ARGUMENTS_HEADING,
        Group::Variables => words::ENV_HEADING,
        Group::Environment => words::COMPARE_GROUP_ENVIRONMENT,
        Group::Machine => words::GROUP_MACHINE,
        Group::Other => words::OTHER_PARAMETERS_HEADING,
        Group::About => words::COMPARE_GROUP_ABOUT,
    }
}

fn fact_message(fact: Fact) -> Message {
    match fact {
        Fact::Status => words::COLUMN_STATE,
        Fact::ReturnCode => words::COMPARE_RETURN_CODE,
        Fact::Details => words::ERROR_DETAILS,
        Fact::Waited => words::COMPARE_WAITED,
        Fact::Ran => words::COMPARE_RAN,
        Fact::Progress => words::PROGRESS_LABEL,
        Fact::Instance => words::INSTANCE_LABEL,
    }
}

#[component]
pub(crate) fn Table(comparison: Comparison) -> impl IntoView {
    let text = use_text();
    let query = use_query_map();
    let shows_all = Memo::new(move |_| query.read().get(ALL).is_some());
    let switch = switch_over(comparison, ALL);
    let shown = Memo::new(move |_| {
        let rows = comparison.rows.read();
        let wanted = rows.iter().filter(|row| shows_all.get() || row.differs());
        wanted.cloned().collect::<Vec<Row>>()
    });
    let same = move || comparison.rows.read().iter().filter(|row| !row.differs()).count();
    let groups = move || {
        let rows = shown.get();
        let group = |group: Group| {
            let rows: Vec<Row> = rows.iter().filter(|row| row.group == group).cloned().collect();
            (!rows.is_empty()).then(|| view! { <GroupTable comparison group rows /> })
        };
        Group::ALL.map(group).collect_view()
    };
    view! {
        <section aria-labelledby="compare-rows-heading">
            <div class="section-head">
                <h2 id="compare-rows-heading">
                    {move || {
                        text.get(if shows_all.get() {
                            words::COMPARE_ALL_HEADING
                        } else {
                            words::COMPARE_DIFFERS_HEADING
                        })
                    }}
                </h2>
                <label class="check">
                    <input type="checkbox" prop:checked=move || shows_all.get() on:change=switch />
                    <span>{move || text.get(words::CompareShowAll { count: same() })}</span>
                </label>
            </div>
            <Show when=move || shown.read().is_empty()>
                <p class="quiet">{text.say(words::COMPARE_NOTHING_DIFFERS)}</p>
            </Show>
            {groups}
        </section>
    }
}

#[component]
fn GroupTable(comparison: Comparison, group: Group, rows: Vec<Row>) -> impl IntoView {
    let text = use_text();
    let letters: Vec<String> = comparison
        .columns
        .with_value(|columns| columns.iter().map(|column| column.letter.clone()).collect());
    let heads: Vec<_> = letters
        .iter()
        .map(|letter| view! { <th scope="col">{letter.clone()}</th> })
        .collect();
    let body: Vec<_> = rows
        .into_iter()
        .map(|row| view! { <OneRow row letters=letters.clone() /> })
        .collect();
    view! {
        <table class="comparison">
            <caption>{text.say(group_message(group))}</caption>
            <thead>
                <tr>
                    <th scope="col">{text.say(words::DIFFERENCE_WHAT)}</th>
                    {heads}
                </tr>
            </thead>
            <tbody>{body}</tbody>
        </table>
    }
}

#[component]
fn OneRow(row: Row, letters: Vec<String>) -> impl IntoView {
    let text = use_text();
    let is_same = !row.differs();
    let is_details = matches!(row.name, Name::Fact(Fact::Details));
    let cells: Vec<_> = (0..row.values.len())
        .map(|place| {
            let class = if row.differs_at(place) {
                "cell cell-differs"
            } else {
                "cell"
            };
            let letter = letters[place].clone();
            let value = row.values[place].clone();
            let note = if place > 0 {
                bytes_note(row.values[0].as_ref(), value.as_ref())
            } else {
                None
            };
            view! {
                <td class=class>
                    <span class="cell-letter" aria-hidden="true">{letter}</span>
                    <div>
                        <ValueView value is_details />
                        {note.map(|note| view! { <span class="hint">{text.say(note)}</span> })}
                    </div>
                </td>
            }
        })
        .collect();
    let name = match row.name {
        Name::Fact(fact) => view! { <span>{text.say(fact_message(fact))}</span> }.into_any(),
        Name::Given(name) => view! { <code><name::Name of=name /></code> }.into_any(),
    };
    view! {
        <tr>
            <th scope="row">
                {name} {is_same.then(|| view! { <span class="hint">{text.say(words::COMPARE_SAME)}</span> })}
            </th>
            {cells}
        </tr>
    }
}

/// What the digest of a file means beside that of the first job: said, not left to the eye.
fn bytes_note(first: Option<&Value>, own: Option<&Value>) -> Option<Message> {
    let is_content = |value| matches!(value, Some(&Value::Said(Said::Content { .. })));
    is_content(own).then_some(if !is_content(first) {
        words::COMPARE_ONLY_HERE
    } else if first == own {
        words::COMPARE_SAME_BYTES
    } else {
        words::COMPARE_OTHER_BYTES
    })
}

#[component]
fn ValueView(value: Option<Value>, is_details: bool) -> impl IntoView {
    let text = use_text();
    match value {
        Some(Value::Said(Said::Text(said))) if is_details => {
            view! { <span class="as-written"><bdi>{move || service_words::details(&said, text)}</bdi></span> }
                .into_any()
        }
        Some(Value::Status(status)) => {
            view! { <StatusMark status=Signal::stored(ShownStatus::from(status)) /> }.into_any()
        }
        value => view! { <span class="as-written"><bdi>{move || words(text, value.as_ref())}</bdi></span> }.into_any(),
    }
}

fn words(text: Text, value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Status(_)) => said(text, None),
        Some(Value::Said(what)) => said(text, Some(what)),
        Some(Value::Duration(millis)) => text.duration(*millis),
        Some(Value::Share(share)) => text.percent(*share as f64 / 100.0),
        Some(Value::NotMade) => text.get(words::COMPARE_NOT_MADE),
    }
}
