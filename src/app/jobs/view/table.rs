//! The table: of very many rows only those that are in view, and a few around them, are in the page.

use std::{collections::HashMap, ops::Range};

use futures::FutureExt;
use leptos::{html, prelude::*};

use super::{columns::title, row::JobRow};
use crate::app::jobs::state::list::List;
use crate::{
    app::{
        task::run_while_mounted,
        text::{use_text, words},
    },
    browser::{log_view::next_frame, view_port},
};
use jobsphere_overview::listing::{Column, Slot};

/// The id of what holds the table.
pub(super) const TABLE: &str = "jobs-table";
/// Rows kept on either side of what is in view: the next Tab finds its row there.
const AROUND: usize = 8;
/// A row's height until one was measured, in pixels.
const GUESSED_HEIGHT: f64 = 45.0;
/// Rows shown before anything was measured.
const FIRST_ROWS: usize = 40;

/// The rows of what was found.
#[component]
pub(crate) fn JobTable(list: List) -> impl IntoView {
    let text = use_text();
    let body = NodeRef::<html::Tbody>::new();
    let height = RwSignal::new(GUESSED_HEIGHT);
    let place = RwSignal::new(0..FIRST_ROWS);
    let total = Memo::new(move |_| list.finding.found.read().as_ref().map_or(0, |found| found.slots.len()));
    let in_view = Memo::new(move |_| {
        let found = list.finding.found.read();
        let slots = found.as_ref().map(|found| found.slots.as_slice()).unwrap_or_default();
        let Range { start, end } = place.get();
        let end = end.min(slots.len());
        slots.get(start.min(end)..end).unwrap_or_default().to_vec()
    });
    let first = Memo::new(move |_| place.read().start.min(total.get()));
    let positions = Memo::new(move |_| {
        let first = first.get();
        let numbered = in_view.get().into_iter().enumerate();
        numbered
            .map(|(nth, slot)| (slot, first + nth))
            .collect::<HashMap<Slot, usize>>()
    });
    let columns = Memo::new(move |_| list.all_columns());
    let look = move || {
        let Some(body) = body.get_untracked() else { return };
        if let Ok(Some(row)) = body.query_selector("tr[aria-rowindex]") {
            let measured = view_port::height_of(&row);
            if measured > 0.0 && (measured - height.get_untracked()).abs() > 0.5 {
                height.set(measured);
            }
        }
        let height = height.get_untracked();
        let above = (-view_port::top_of(&body) / height).max(0.0) as usize;
        let fitting = (view_port::height() / height).ceil() as usize + 1;
        let next = above.saturating_sub(AROUND)..above + fitting + AROUND;
        if *place.read_untracked() != next {
            place.set(next);
        }
        list.stand_still(above > 0);
        if above + fitting >= total.get_untracked() && total.get_untracked() > 0 && above > 0 {
            list.known.wants_all.set(true);
        }
    };
    let watch = StoredValue::new_local(view_port::watch(look));
    on_cleanup(move || drop(watch.try_update_value(Option::take)));
    // What changes the table's own measures is looked at when it is in the page.
    Effect::new(move || {
        total.track();
        columns.track();
        body.track();
        run_while_mounted(next_frame().map(move |()| look()));
    });
    let above = move || format!("{}px", first.get() as f64 * height.get());
    let below = move || {
        let left = total.get().saturating_sub(first.get() + in_view.read().len());
        format!("{}px", left as f64 * height.get())
    };
    view! {
        <div id=TABLE tabindex="-1" class="jobs-scroll" class:is-empty=move || total.get() == 0>
            <table class="jobs" role="table" aria-rowcount=move || (total.get() + 1).to_string()>
                <caption class="visually-hidden">{text.say(words::JOBS_HEADING)}</caption>
                <thead role="rowgroup">
                    <tr role="row" aria-rowindex="1">
                        <th scope="col" role="columnheader" class="of-check"><SelectAll list /></th>
                        {move || {
                            columns.get().into_iter().map(|column| view! { <ColumnHead list column /> }).collect_view()
                        }}
                    </tr>
                </thead>
                <tbody role="rowgroup" node_ref=body>
                    <tr class="gap" aria-hidden="true" style:height=above></tr>
                    <For each=move || in_view.get() key=|slot| *slot let(slot)>
                        <JobRow list at=slot positions columns />
                    </For>
                    <tr class="gap" aria-hidden="true" style:height=below></tr>
                </tbody>
            </table>
        </div>
    }
}

impl List {
    /// While the newest row is out of view, newer ones wait.
    fn stand_still(self, is_scrolled: bool) {
        let up_to_rank = self.finding.up_to_rank;
        let stands = up_to_rank.get_untracked() != i64::MAX;
        if is_scrolled && !stands {
            let newest = self.known.with(|index| index.newest_rank());
            up_to_rank.set(newest.unwrap_or(i64::MAX));
        } else if !is_scrolled && stands {
            up_to_rank.set(i64::MAX);
        }
    }
}

#[component]
fn ColumnHead(list: List, column: Column) -> impl IntoView {
    let text = use_text();
    let direction = Memo::new(move |_| {
        let sort = list.query.read().sort;
        (sort.column == column).then_some(sort.descending)
    });
    let order = move || match direction.get() {
        Some(true) => Some("descending"),
        Some(false) => Some("ascending"),
        None => None,
    };
    let press = move |_| list.ask(|query| query.sort = query.sort.pressed(column));
    let mark = move || match direction.get() {
        Some(true) => "M4 7l4 4 4-4",
        Some(false) => "M4 10l4-4 4 4",
        None => "",
    };
    view! {
        <th scope="col" role="columnheader" class=format!("of-{}", column.word()) aria-sort=order>
            <button type="button" class="column-head" on:click=press>
                {move || title(text, list, column)}
                <svg viewBox="0 0 16 16" aria-hidden="true"><path d=mark></path></svg>
            </button>
        </th>
    }
}

/// Selects all that was found, or nothing.
#[component]
fn SelectAll(list: List) -> impl IntoView {
    let text = use_text();
    let input = NodeRef::<html::Input>::new();
    let marked = Memo::new(move |_| {
        let selected = list.selected.read();
        let found = list.finding.found.read();
        let slots = found.as_ref().map(|found| found.slots.as_slice()).unwrap_or_default();
        let count = if selected.is_empty() {
            0
        } else {
            slots.iter().filter(|slot| selected.contains(slot)).count()
        };
        (count > 0, count > 0 && count == slots.len())
    });
    Effect::new(move || {
        let (some, all) = marked.get();
        if let Some(input) = input.get() {
            input.set_checked(all);
            input.set_indeterminate(some && !all);
        }
    });
    let toggle = move |event| {
        let found = list.finding.found.get_untracked();
        let slots = found.iter().flat_map(|found| found.slots.iter().copied());
        if event_target_checked(&event) {
            list.selected.update(|selected| selected.extend(slots));
        } else {
            list.selected.update(|selected| selected.clear());
        }
    };
    view! { <input type="checkbox" node_ref=input aria-label=text.say(words::SELECT_ALL) on:change=toggle /> }
}
