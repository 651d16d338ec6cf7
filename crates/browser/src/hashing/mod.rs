//! SHA-256 of files, the archives of folders, and archives of a job's outputs, away from the page's own thread.
//!
//! The page sends an array that begins with the name of a task. The worker says `null` when it listens, a number of
//! bytes read, and at last an array: the answer, or [`FAILED`] with the place of the file and a reason.

pub mod bundle;
mod bundling;
pub mod worker;

use std::{cell::RefCell, pin::pin, rc::Rc};

use futures::{
    StreamExt,
    channel::mpsc::{UnboundedReceiver, unbounded},
    future::{Either, select},
};
use gloo_events::EventListener;
use gloo_timers::future::TimeoutFuture;
use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, File, MessageEvent, Worker};

use super::{error::message, worker_script};
use crate::api::sha256::Sha256;

/// The name of the worker.
const WORKER: &str = "hasher";
/// A worker that reads nothing for so long hangs; reads of a whole view take milliseconds.
const SILENCE_LIMIT_MS: u32 = 30_000;

/// Task: the digests of the files that follow.
const HASH: &str = "hash";
/// Task: the archive of the paths and files that follow in turn, with `null` for an empty folder.
const PACK: &str = "pack";
/// Task: a step in the writing of an archive of outputs, see [`bundle`].
const BUNDLE: &str = "bundle";
/// Answer: the place of a file, and why it could not be read.
const FAILED: &str = "failed";
/// More workers than this read no faster from one disk.
const MOST_WORKERS: usize = 4;

/// Why a file has no digest.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HashError {
    /// The file changed, moved, or may not be read.
    #[error("the file cannot be read: {1}")]
    Read(
        /// Which of the files.
        usize,
        /// The browser's words.
        String,
    ),
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
    Done(Array),
    Failed(usize, String),
    Died(String),
}

/// A file or empty folder on its way into an archive, by its path there.
#[derive(Debug, Clone)]
pub struct PackEntry {
    /// Path inside the archive.
    pub path: String,
    /// Its content; `None` for an empty folder.
    pub file: Option<File>,
}

/// A folder's archive.
#[derive(Debug, Clone)]
pub struct Packed {
    /// Of the archive.
    pub sha256: Sha256,
    /// The archive; its contents are read from the files when it is.
    pub archive: Blob,
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
        let worker =
            Worker::new(&worker_script::address(WORKER)).map_err(|thrown| HashError::Worker(message(&thrown)))?;
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
            let _ = say.unbounded_send(Said::Died(text.unwrap_or_else(|| WORKER.to_owned())));
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

    /// The digests of `files`, in their order; `on_progress` hears how many bytes have been read.
    ///
    /// # Errors
    /// [`HashError`].
    pub async fn hash(&self, files: &[File], on_progress: impl Fn(f64)) -> Result<Vec<Sha256>, HashError> {
        let mut task = Array::of1(&HASH.into());
        task.extend(files.iter().cloned());
        let answer = self.work(&task, on_progress).await?;
        answer.iter().map(|digest| parse(&digest)).collect()
    }

    /// The archive of `entries`, which come in the order of their paths; `on_progress` hears how many bytes have been
    /// read, each of them twice.
    ///
    /// # Errors
    /// [`HashError`].
    pub async fn pack(&self, entries: &[PackEntry], on_progress: impl Fn(f64)) -> Result<Packed, HashError> {
        let task = Array::of1(&PACK.into());
        for entry in entries {
            task.push(&JsValue::from_str(&entry.path));
            task.push(&entry.file.clone().map_or(JsValue::NULL, JsValue::from));
        }
        let answer = self.work(&task, on_progress).await?;
        Ok(Packed {
            sha256: parse(&answer.get(0))?,
            archive: answer.get(1).unchecked_into(),
        })
    }

    async fn work(&self, task: &Array, on_progress: impl Fn(f64)) -> Result<Array, HashError> {
        self.worker
            .post_message(task)
            .map_err(|thrown| HashError::Worker(message(&thrown)))?;
        loop {
            match self.listen().await? {
                Said::Ready => {}
                Said::Read(bytes) => on_progress(bytes),
                Said::Done(answer) => return Ok(answer),
                Said::Failed(index, reason) => return Err(HashError::Read(index, reason)),
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
    if data.is_null() {
        return Said::Ready;
    }
    let answer: Array = data.clone().unchecked_into();
    if answer.get(0).as_string().as_deref() == Some(FAILED) {
        let index = answer.get(1).as_f64().unwrap_or_default();
        return Said::Failed(index as usize, message(&answer.get(2)));
    }
    Said::Done(answer)
}

fn parse(digest: &JsValue) -> Result<Sha256, HashError> {
    Sha256::parse(&digest.as_string().unwrap_or_default()).map_err(|error| HashError::Worker(error.to_string()))
}

/// Workers that take turns, as many as the machine has use for. Dropping it ends them.
#[derive(Debug, Default)]
pub struct Pool {
    idle: RefCell<Vec<Hasher>>,
}

impl Pool {
    /// How many tasks it is worth giving at once.
    pub fn width() -> usize {
        let cores = web_sys::window().map_or(1.0, |window| window.navigator().hardware_concurrency());
        (cores as usize).clamp(1, MOST_WORKERS)
    }

    /// Has `task` done by a worker of its own, a new one when none is idle.
    ///
    /// # Errors
    /// What `task` says, [`HashError::Worker`], [`HashError::Stuck`]. A worker that failed is not used again.
    pub async fn with<T>(&self, task: impl AsyncFnOnce(&Hasher) -> Result<T, HashError>) -> Result<T, HashError> {
        let idle = self.idle.borrow_mut().pop();
        let hasher = match idle {
            Some(hasher) => hasher,
            None => Hasher::start().await?,
        };
        let done = task(&hasher).await?;
        self.idle.borrow_mut().push(hasher);
        Ok(done)
    }
}
