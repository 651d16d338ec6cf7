//! A file that is read before its digest is needed.

use std::{cell::Cell, rc::Rc};

use futures::{
    FutureExt,
    future::{AbortHandle, Either, LocalBoxFuture, Shared, abortable, select},
};
use gloo_timers::future::TimeoutFuture;
use web_sys::File;

use super::source::hash_file;
use crate::{api::sha256::Sha256, browser::hashing::Pool};

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
