//! SHA-256 of files, away from the page's own thread.
//!
//! The worker says a number of bytes read, a text with the digest, or an `Error`; the page sends files.

pub mod worker;

use std::{cell::RefCell, pin::pin, rc::Rc};

use futures::{
    StreamExt,
    channel::mpsc::{UnboundedReceiver, unbounded},
    future::{Either, select},
};
use gloo_events::EventListener;
use gloo_timers::future::TimeoutFuture;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{File, MessageEvent, Worker};

use super::error::message;
use crate::api::sha256::Sha256;

/// Written by trunk next to the page, see `data-loader-shim` in index.html.
const WORKER_URL: &str = "/hasher_loader.js";
/// A worker that reads nothing for so long hangs; reads of a whole view take milliseconds.
const SILENCE_LIMIT_MS: u32 = 30_000;

/// Why a file has no digest.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HashError {
    /// The file changed, moved, or may not be read.
    #[error("the file cannot be read: {0}")]
    Read(String),
    /// The worker did not start or died.
    #[error("the background worker failed: {0}")]
    Worker(String),
    /// Nothing was read for a long time.
    #[error("reading stopped for {} seconds", SILENCE_LIMIT_MS / 1000)]
    Stuck,
}

enum Said {
    Ready,
    Read(f64),
    Digest(String),
    Failed(String),
    Died(String),
}

/// A worker that hashes one file after the other. Dropping it ends it, whatever it does.
#[derive(Debug)]
pub struct Hasher {
    worker: Worker,
    said: RefCell<UnboundedReceiver<Said>>,
    _listeners: [EventListener; 2],
}

impl std::fmt::Debug for Said {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Said")
    }
}

impl Drop for Hasher {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}

impl Hasher {
    /// Starts a worker and waits until it listens.
    ///
    /// # Errors
    /// [`HashError::Worker`], [`HashError::Stuck`].
    pub async fn start() -> Result<Self, HashError> {
        let worker = Worker::new(WORKER_URL).map_err(|thrown| HashError::Worker(message(&thrown)))?;
        let (say, said) = unbounded();
        let say = Rc::new(say);
        let on_message = {
            let say = say.clone();
            EventListener::new(&worker, "message", move |event| {
                if let Some(event) = event.dyn_ref::<MessageEvent>() {
                    // The receiver is gone only when the worker is.
                    let _ = say.unbounded_send(understand(&event.data()));
                }
            })
        };
        let on_error = EventListener::new(&worker, "error", move |event| {
            let text = event.dyn_ref::<web_sys::ErrorEvent>().map(web_sys::ErrorEvent::message);
            let _ = say.unbounded_send(Said::Died(text.unwrap_or_else(|| WORKER_URL.to_owned())));
        });
        let hasher = Self {
            worker,
            said: RefCell::new(said),
            _listeners: [on_message, on_error],
        };
        match hasher.listen().await? {
            Said::Ready => Ok(hasher),
            _ => Err(HashError::Worker("it spoke before it was ready".into())),
        }
    }

    /// The digest of `file`; `on_progress` hears how many bytes have been read.
    ///
    /// # Errors
    /// [`HashError`].
    pub async fn hash(&self, file: &File, on_progress: impl Fn(f64)) -> Result<Sha256, HashError> {
        self.worker
            .post_message(file)
            .map_err(|thrown| HashError::Worker(message(&thrown)))?;
        loop {
            match self.listen().await? {
                Said::Ready => {}
                Said::Read(bytes) => on_progress(bytes),
                Said::Digest(text) => {
                    return Sha256::parse(&text).map_err(|error| HashError::Worker(error.to_string()));
                }
                Said::Failed(reason) => return Err(HashError::Read(reason)),
                Said::Died(reason) => return Err(HashError::Worker(reason)),
            }
        }
    }

    // One file at a time uses the receiver: `hash` is not called again before it has ended.
    #[allow(clippy::await_holding_refcell_ref)]
    async fn listen(&self) -> Result<Said, HashError> {
        let Ok(mut said) = self.said.try_borrow_mut() else {
            return Err(HashError::Worker("it is busy with another file".into()));
        };
        match select(said.next(), pin!(TimeoutFuture::new(SILENCE_LIMIT_MS))).await {
            Either::Left((Some(Said::Died(reason)), _)) => Err(HashError::Worker(reason)),
            Either::Left((Some(said), _)) => Ok(said),
            Either::Left((None, _)) => Err(HashError::Worker("it is gone".into())),
            Either::Right(_) => Err(HashError::Stuck),
        }
    }
}

fn understand(data: &JsValue) -> Said {
    if let Some(bytes) = data.as_f64() {
        return Said::Read(bytes);
    }
    if let Some(text) = data.as_string() {
        return Said::Digest(text);
    }
    if data.is_null() {
        return Said::Ready;
    }
    Said::Failed(message(data))
}
