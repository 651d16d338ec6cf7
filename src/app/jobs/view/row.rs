//! One job of the list.

use std::collections::HashMap;

use leptos::prelude::*;

use crate::app::jobs::state::list::List;
use crate::app::{
    address::job_address,
    lifetime::LifetimeBadge,
    name::{Name, Passage},
    service_words,
    status::StatusMark,
    text::{use_text, words},
    time::{Instant, RunTime},
};
use jobsphere_names::shown;
use jobsphere_overview::listing::{Column, Row, Slot, ValueColumn};

/// A row; its cells change in place.
#[component]
pub(crate) fn JobRow(
    list: List,
    at: Slot,
    positions: Memo<HashMap<Slot, usize>>,
    columns: Memo<Vec<Column>>,
) -> impl IntoView {
    let text = use_text();
    // Gone rows leave the table with the next search; until then they look as they did.
    let row = Memo::new(move |before: Option<&Row>| {
        let row = list.known.row(at);
        row.or_else(|| before.cloned()).unwrap_or_default()
    });
    // Rows are counted from 1, after the head.
    let number = move || positions.read().get(&at).map(|position| (position + 2).to_string());
    let is_selected = Memo::new(move |_| list.selected.read().contains(&at));
    let label = move || {
        let name = row.read().name.clone();
        let name = if name.is_empty() {
            text.get(words::JOB_UNNAMED)
        } else {
            name
        };
        text.get(words::SelectJob { name })
    };
    let select = move |event: leptos::ev::MouseEvent| {
        let is_wanted = event_target_checked(&event);
        list.select(at, is_wanted, event.shift_key());
    };
    let cells = move || {
        let cell = |column| view! { <Cell list at row column /> };
        columns.get().into_iter().map(cell).collect_view()
    };
    view! {
        <tr role="row" aria-rowindex=number class:is-selected=is_selected>
            <td role="cell" class="of-check">
                <label class="hit">
                    <input type="checkbox" prop:checked=is_selected on:click=select aria-label=label />
                </label>
            </td>
            {cells}
        </tr>
    }
}

/// What a job says in the column of a value.
#[derive(Debug, Clone, PartialEq)]
enum Said {
    Nothing,
    Text(String),
    Number(f64),
}

impl List {
    /// What a job says in the column of the value at `place`; reactive.
    fn said(self, at: Slot, place: u8) -> Said {
        self.known.version.track();
        let query = self.query.read();
        let value = query.values.get(usize::from(place));
        self.known.with(|index| match (index.get(at), value) {
            (Some(entry), Some(ValueColumn::Argument(name))) => {
                let text = entry.row.argument(name);
                text.map_or(Said::Nothing, |text| Said::Text(text.to_owned()))
            }
            (Some(entry), Some(ValueColumn::Number(name))) => entry.number(name).map_or(Said::Nothing, Said::Number),
            _ => Said::Nothing,
        })
    }

    /// Selects a row or not; with `to_anchor` all from the row that was chosen before.
    fn select(self, slot: Slot, is_wanted: bool, to_anchor: bool) {
        let anchor = self.anchor.get_value().filter(|_| to_anchor);
        let found = self.finding.found.get_untracked();
        let slots = found.as_ref().map(|found| found.slots.as_slice()).unwrap_or_default();
        let place = |wanted: Slot| slots.iter().position(|other| *other == wanted);
        let ends = anchor.and_then(place).zip(place(slot));
        let range = match ends {
            Some((one, other)) => slots[one.min(other)..=one.max(other)].to_vec(),
            None => vec![slot],
        };
        self.selected.update(|selected| {
            for slot in range {
                if is_wanted {
                    selected.insert(slot);
                } else {
                    selected.remove(&slot);
                }
            }
        });
        self.anchor.set_value(Some(slot));
    }
}

#[component]
fn Cell(list: List, at: Slot, row: Memo<Row>, column: Column) -> AnyView {
    let text = use_text();
    let class = format!("of-{}", column.word());
    let cell = move |content: AnyView| view! { <td role="cell" class=class>{content}</td> }.into_any();
    let own = move |part: fn(&Row) -> String| {
        let said = Memo::new(move |_| part(&row.read()));
        view! { <span title=move || shown(&said.read()).into_owned()><Name of=said /></span> }.into_any()
    };
    match column {
        Column::Name => view! { <NameCell list row /> }.into_any(),
        Column::State => {
            let status = Memo::new(move |_| row.read().shown_status());
            let details = move || service_words::details(&row.read().details, text);
            let progress = Memo::new(move |_| row.read().progress);
            let said = move || progress.get().map(|percent| text.percent(f64::from(percent) / 100.0));
            let content = view! {
                <span title=details><StatusMark status /></span>
                <span class="of-progress">{said}</span>
            };
            cell(content.into_any())
        }
        Column::Created => {
            let created = Memo::new(move |_| row.read().created_ms);
            cell((move || created.get().map(|millis| view! { <Instant millis /> })).into_any())
        }
        Column::Duration => {
            let times = Memo::new(move |_| {
                let row = row.read();
                (row.started_ms, row.finished_ms)
            });
            let time = move || {
                let (started, finished) = times.get();
                view! { <RunTime started finished /> }
            };
            cell(time.into_any())
        }
        Column::Instance => cell(own(|row| row.instance.clone())),
        Column::Author => cell(own(|row| row.author.clone())),
        Column::Code => cell(own(|row| {
            row.return_code().map(|code| code.to_string()).unwrap_or_default()
        })),
        Column::Expires => {
            let life = Signal::derive(move || {
                let row = row.read();
                (row.status, row.cleared, row.expires_ms)
            });
            cell(view! { <LifetimeBadge life /> }.into_any())
        }
        Column::Size => {
            let size = Memo::new(move |_| row.read().size_bytes);
            cell((move || text.size(size.get() as f64)).into_any())
        }
        Column::Value(place) => {
            let said = Memo::new(move |_| list.said(at, place));
            let shown = move || match said.get() {
                Said::Nothing => String::new(),
                Said::Text(words) => words,
                Said::Number(number) => text.rounded(number),
            };
            cell(view! { <span title=shown>{shown}</span> }.into_any())
        }
        Column::Parent => {
            let parent = Memo::new(move |_| row.read().parent.clone());
            let link = move || {
                let id = parent.get();
                let name = list.known.with(|index| {
                    let named = index.slot_of(&id).and_then(|slot| index.row(slot));
                    named.map(|row| row.name.clone()).filter(|name| !name.is_empty())
                });
                let address = list.known.project.with_value(|project| job_address(project, &id));
                (!id.is_empty()).then(|| view! { <a href=address><Name of=name.unwrap_or(id) /></a> })
            };
            cell(link.into_any())
        }
    }
}

#[component]
fn NameCell(list: List, row: Memo<Row>) -> impl IntoView {
    let text = use_text();
    let name = Memo::new(move |_| row.read().name.clone());
    let desc = Memo::new(move |_| row.read().desc.clone());
    let address = move || {
        list.known
            .project
            .with_value(|project| job_address(project, &row.read().id))
    };
    let name = Signal::derive(move || {
        let name = name.get();
        if name.is_empty() {
            text.get(words::JOB_UNNAMED)
        } else {
            name
        }
    });
    view! {
        <th scope="row" role="rowheader" class="of-name">
            <a href=address title=move || shown(&name.read()).into_owned()><Name of=name /></a>
            <span class="quiet desc"><Passage of=desc /></span>
        </th>
    }
}
