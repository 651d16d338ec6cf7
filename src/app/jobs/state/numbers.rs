//! The last numbers of jobs that have ended, for the columns of the list: read from the ends of their logs, the newest
//! rows first, and kept in this browser, since they do not change any more.

use std::collections::HashSet;

use futures::{StreamExt, channel::mpsc};
use leptos::prelude::*;
use wasm_bindgen::JsValue;

use super::list::List;
use crate::{
    app::task::run_while_mounted,
    browser::{
        clock,
        database::{self, Store},
        log_worker::last_numbers::{Texts, last_numbers},
    },
};
use jobsphere_overview::listing::{Numbers, Slot, ValueColumn};
use jobsphere_rules::status::is_final;

/// The logs of so many rows are read; of further ones when the list is narrowed down.
const MAX_ROWS: usize = 200;
/// So many are enough to know which names there are to choose from.
const SAMPLE: usize = 20;
/// More jobs are not kept in the browser: it begins anew then.
const MAX_KEPT: usize = 2000;
/// What was read is shown so often at most: the rows are sorted and drawn anew each time.
const SHOW_MS: f64 = 500.0;

impl List {
    /// Reads numbers as long as a column of some is shown, or `offers` their names.
    pub(crate) fn read_numbers(self, offers: Signal<bool>) {
        let wanted = Memo::new(move |_| {
            let is_number = |value: &ValueColumn| matches!(value, ValueColumn::Number(_));
            match (self.values().iter().any(is_number), offers.get()) {
                (true, _) => MAX_ROWS,
                (false, true) => SAMPLE,
                (false, false) => 0,
            }
        });
        let (wake, mut woken) = mpsc::channel::<()>(0);
        let wake = StoredValue::new(wake);
        Effect::new(move || {
            self.known.version.track();
            self.finding.found.track();
            if wanted.get() > 0 {
                // One that waits to be heard is enough.
                wake.update_value(|wake| drop(wake.try_send(())));
            }
        });
        run_while_mounted(async move {
            let mut has_room = false;
            while woken.next().await.is_some() {
                if !has_room {
                    make_room().await;
                    has_room = true;
                }
                read_wanted(self, wanted).await;
            }
        });
    }

    /// The first row among `count` whose numbers are wanted and not known, with the id of its job.
    fn next_unread(self, count: usize, read: &HashSet<Slot>) -> Option<(Slot, String)> {
        let found = self.finding.found.get_untracked()?;
        self.known.with(|index| {
            let first = found.slots.iter().take(count).filter(|slot| !read.contains(slot));
            let mut entries = first.filter_map(|slot| Some((*slot, index.get(*slot)?)));
            let next =
                entries.find(|(_, entry)| is_final(entry.row.status) && !entry.row.cleared && !entry.has_numbers());
            next.map(|(slot, entry)| (slot, entry.row.id.clone()))
        })
    }

    fn learn(self, learnt: &mut Vec<(Slot, Numbers)>) {
        if !learnt.is_empty() {
            self.known.update(|index| index.learn(learnt.drain(..)));
        }
    }
}

/// Reads until nothing is wanted that is not known.
async fn read_wanted(list: List, wanted: Memo<usize>) {
    let mut learnt = Vec::new();
    let mut read = HashSet::new();
    let mut shown_ms = clock::precise_ms();
    while let Some((slot, job_id)) = list.next_unread(wanted.get_untracked(), &read) {
        let numbers = match kept(&job_id).await {
            Some(numbers) => numbers,
            None => read_and_keep(job_id).await,
        };
        // What could not be read is not asked for again and again.
        read.insert(slot);
        learnt.push((slot, numbers));
        if clock::precise_ms() - shown_ms > SHOW_MS {
            list.learn(&mut learnt);
            shown_ms = clock::precise_ms();
        }
    }
    list.learn(&mut learnt);
}

async fn read_and_keep(job_id: String) -> Numbers {
    let Ok(Some(texts)) = last_numbers(job_id.clone()).await else {
        return Numbers::new();
    };
    if let Ok(text) = serde_json::to_string(&texts) {
        database::put(Store::Numbers, &job_id, &JsValue::from_str(&text)).await;
    }
    numbers_of(texts)
}

async fn kept(job_id: &str) -> Option<Numbers> {
    let text = database::get(Store::Numbers, job_id).await?.as_string()?;
    serde_json::from_str(&text).ok().map(numbers_of)
}

fn numbers_of(texts: Texts) -> Numbers {
    let numbers = texts
        .into_iter()
        .filter_map(|(name, number)| Some((name, number.parse().ok()?)));
    numbers.collect()
}

async fn make_room() {
    if database::all(Store::Numbers, "").await.len() > MAX_KEPT {
        database::remove(Store::Numbers, "").await;
    }
}
