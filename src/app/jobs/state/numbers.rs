//! The last numbers of jobs that have ended, for the columns of the list: read from the ends of their logs, the newest
//! rows first, and kept in this browser, since they do not change any more.

use std::cell::Cell;

use futures::future::{AbortHandle, Abortable};
use leptos::prelude::*;
use wasm_bindgen::JsValue;

use super::list::List;
use crate::{
    app::task::run_while_mounted,
    browser::{
        self, clock,
        database::{self, Store},
        slots::Connections,
    },
};
use jobsphere_client::{
    Clock,
    log_tail::read_tail,
    logs::{JobLog, LogEvent, follow},
};
use jobsphere_log::{model::SeriesOrigin, series::SeriesReader};
use jobsphere_overview::listing::{Numbers, Slot, ValueColumn};
use jobsphere_rules::status::is_final;

/// The logs of so many rows are read; of further ones when the list is narrowed down.
const MAX_ROWS: usize = 200;
/// So many are enough to know which names there are to choose from.
const SAMPLE: usize = 20;
/// A log whose end cannot be had alone is read up to this.
const MAX_BYTES: u64 = 4 << 20;
/// More jobs are not kept in the browser: it begins anew then.
const MAX_KEPT: usize = 2000;
/// Between two looks at which rows are wanted.
const LOOK_MS: u32 = 500;

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
        Effect::new(move |_| {
            let count = wanted.get();
            if count > 0 {
                run_while_mounted(read_first(self, count));
            }
        });
    }

    /// The first row among `count` whose numbers are wanted and not known, with the id of its job.
    fn next_unread(self, count: usize) -> Option<(Slot, String)> {
        let found = self.finding.found.get_untracked()?;
        self.known.with(|index| {
            let mut entries = found
                .slots
                .iter()
                .take(count)
                .filter_map(|slot| Some((*slot, index.get(*slot)?)));
            let next =
                entries.find(|(_, entry)| is_final(entry.row.status) && !entry.row.cleared && !entry.has_numbers());
            next.map(|(slot, entry)| (slot, entry.row.id.clone()))
        })
    }
}

async fn read_first(list: List, count: usize) {
    make_room().await;
    loop {
        let Some((slot, job_id)) = list.next_unread(count) else {
            clock::BrowserClock.sleep(LOOK_MS).await;
            continue;
        };
        let numbers = match kept(&job_id).await {
            Some(numbers) => numbers,
            None => read_and_keep(job_id).await,
        };
        // What could not be read is not asked for again and again.
        list.known.update(|index| index.learn(slot, numbers));
    }
}

async fn read_and_keep(job_id: String) -> Numbers {
    let Some(numbers) = read(job_id.clone()).await else {
        return Numbers::new();
    };
    // As texts: JSON has no words for what is no number.
    let texts: Vec<(&String, String)> = numbers
        .iter()
        .map(|(name, number)| (name, number.to_string()))
        .collect();
    if let Ok(text) = serde_json::to_string(&texts) {
        database::put(Store::Numbers, &job_id, &JsValue::from_str(&text)).await;
    }
    numbers
}

async fn kept(job_id: &str) -> Option<Numbers> {
    let text = database::get(Store::Numbers, job_id).await?.as_string()?;
    let texts: Vec<(String, String)> = serde_json::from_str(&text).ok()?;
    let numbers = texts
        .into_iter()
        .filter_map(|(name, number)| Some((name, number.parse().ok()?)));
    Some(numbers.collect())
}

async fn make_room() {
    if database::all(Store::Numbers, "").await.len() > MAX_KEPT {
        database::remove(Store::Numbers, "").await;
    }
}

/// The numbers of a job that has ended; `None` when its log cannot be read now.
async fn read(job_id: String) -> Option<Numbers> {
    let log = JobLog {
        client: browser::client(),
        job_id,
    };
    let mut reader = SeriesReader::default();
    if let Some(tail) = read_tail(&log).await.ok()? {
        tail.messages.iter().for_each(|message| reader.push(message));
        return Some(last_numbers(reader));
    }
    let is_whole = Cell::new(false);
    let (abort, registration) = AbortHandle::new_pair();
    let mut offset = 0;
    let hear = async |event| match event {
        LogEvent::Messages(messages) => {
            messages.iter().for_each(|message| reader.push(message));
            if reader.bytes() > MAX_BYTES {
                abort.abort();
            }
        }
        LogEvent::Ended => is_whole.set(true),
        LogEvent::Lost { .. } | LogEvent::Failed(_) => abort.abort(),
        LogEvent::Connected | LogEvent::HeldBack => {}
    };
    let connections = Connections::of_page();
    let following = follow(&log, &connections, &mut offset, hear);
    // What was aborted is not whole.
    let _ = Abortable::new(following, registration).await;
    is_whole.get().then(|| last_numbers(reader))
}

fn last_numbers(mut reader: SeriesReader) -> Numbers {
    reader.finish();
    let series = reader.log().take_all(4);
    let printed = series
        .into_iter()
        .filter(|series| series.origin == SeriesOrigin::Printed);
    printed
        .filter_map(|series| Some((series.name, series.points.last()?.value)))
        .collect()
}
