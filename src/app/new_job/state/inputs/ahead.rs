//! Large files are read while the form is still filled in, so that Run finds their digests known.

use std::{cell::Cell, rc::Rc};

use futures::{
    FutureExt,
    future::{AbortHandle, Either, LocalBoxFuture, Shared, abortable, select},
};
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use web_sys::File;

use super::source::{Source, hash_file};
use crate::{
    api::sha256::Sha256,
    app::{new_job::state::form::Form, task::run_while_mounted},
    browser::{hashing::Pool, idle::idle},
};

/// Smaller files are read in no time.
const WORTH_BYTES: f64 = 8.0 * 1024.0 * 1024.0;
/// So much is read that may never be sent.
const MOST_BYTES: f64 = 4.0 * 1024.0 * 1024.0 * 1024.0;
/// How often whoever waits for a reading hears how far it is.
const REPORT_MS: u32 = 100;

/// A file that is read ahead, or has been.
#[derive(Clone)]
pub(crate) struct Ahead {
    /// `None` when it was given up or failed: then whoever needs the digest reads anew, and says what is wrong.
    reading: Shared<LocalBoxFuture<'static, Option<Sha256>>>,
    read_bytes: Rc<Cell<f64>>,
    end: AbortHandle,
}

impl Ahead {
    /// Begins as soon as somebody follows it.
    pub(crate) fn of(file: File) -> Self {
        let read_bytes = Rc::new(Cell::new(0.0));
        let heard = Rc::clone(&read_bytes);
        let (reading, end) = abortable(async move {
            let pool = Pool::default();
            hash_file(&pool, &file, |bytes| heard.set(bytes)).await.ok()
        });
        Self {
            reading: reading.map(|ended| ended.ok().flatten()).boxed_local().shared(),
            read_bytes,
            end,
        }
    }

    /// Its digest; `on_progress` hears how many bytes have been read.
    pub(crate) async fn follow(&self, on_progress: impl Fn(f64)) -> Option<Sha256> {
        let mut reading = self.reading.clone();
        loop {
            match select(reading, TimeoutFuture::new(REPORT_MS)).await {
                Either::Left((digest, _)) => return digest,
                Either::Right(((), rest)) => reading = rest,
            }
            on_progress(self.read_bytes.get());
        }
    }

    /// Nobody needs it any more.
    pub(crate) fn end(&self) {
        self.end.abort();
    }
}

/// Reads the form's large files one after another whenever the page is idle, for as long as they are among its inputs.
pub(crate) fn read_ahead(form: Form) {
    Effect::new(move |before: Option<Vec<(u64, Source)>>| {
        let used = form.used_sources();
        for (id, source) in before.into_iter().flatten() {
            if !used.iter().any(|(other, _)| *other == id) {
                source.end_ahead();
            }
        }
        let worth = worth_reading(&used);
        run_while_mounted(async move {
            for source in worth {
                idle().await;
                source.read_ahead().await;
            }
        });
        used
    });
}

/// The large ones, up to [`MOST_BYTES`].
fn worth_reading(sources: &[(u64, Source)]) -> Vec<Source> {
    let mut left = MOST_BYTES;
    let mut worth = Vec::new();
    for (_, source) in sources {
        let size = source.as_file().map_or(0.0, |file| file.size());
        if (WORTH_BYTES..=left).contains(&size) {
            left -= size;
            worth.push(source.clone());
        }
    }
    worth
}
