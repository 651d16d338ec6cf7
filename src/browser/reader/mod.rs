//! Looking into dropped folders away from the page's own thread, and out of its first load: which files are left out,
//! and what a Python program needs.
//!
//! Questions and answers are JSON; the worker says `null` when it listens.

pub mod worker;

use std::{cell::RefCell, rc::Rc};

use futures::{
    StreamExt,
    channel::{
        mpsc::{UnboundedReceiver, unbounded},
        oneshot,
    },
    lock::Mutex,
};
use gloo_events::EventListener;
use serde::{Serialize, de::DeserializeOwned};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::{MessageEvent, Worker};

use super::{error::message, worker_script};
use crate::job::{
    folder::{LeftOut, Rules},
    python::{self, Needs, Program},
};

/// The name of the worker.
const WORKER: &str = "reader";

/// What can be asked.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
enum Question {
    LeftOut { paths: Vec<String>, rules: Rules },
    Needs(Program),
}

impl Question {
    fn answer(self) -> serde_json::Result<String> {
        match self {
            Self::LeftOut { paths, rules } => serde_json::to_string(&rules.left_out(&paths)),
            Self::Needs(program) => serde_json::to_string(&python::read(&program)),
        }
    }
}

/// Why there is no answer: the worker did not start, or died.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the background worker failed: {0}")]
pub struct ReaderError(String);

struct Reader {
    worker: Worker,
    said: Mutex<Said>,
    _listeners: [EventListener; 2],
}

impl Drop for Reader {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}

struct Said {
    /// `None` means that it listens; what it is sent before that is lost.
    words: UnboundedReceiver<Result<Option<String>, String>>,
    is_listening: bool,
}

impl Said {
    async fn next(&mut self) -> Result<Option<String>, ReaderError> {
        let words = self.words.next().await;
        words
            .unwrap_or_else(|| Err("it is gone".to_owned()))
            .map_err(ReaderError)
    }
}

thread_local! {
    /// Started at the first question; kept, since the next one is near.
    static READER: RefCell<Option<Rc<Reader>>> = const { RefCell::new(None) };
}

/// For each path of a file in a folder, why it is left out by `rules`.
///
/// # Errors
/// [`ReaderError`].
pub async fn left_out(paths: Vec<String>, rules: Rules) -> Result<Vec<Option<LeftOut>>, ReaderError> {
    ask(&Question::LeftOut { paths, rules }).await
}

/// What a Python program needs.
///
/// # Errors
/// [`ReaderError`].
pub async fn needs(program: Program) -> Result<Needs, ReaderError> {
    ask(&Question::Needs(program)).await
}

async fn ask<T: DeserializeOwned>(question: &(impl Serialize + Sync)) -> Result<T, ReaderError> {
    let text = serde_json::to_string(question).map_err(|error| ReaderError(error.to_string()))?;
    let (tell, told) = oneshot::channel();
    // To its end, also when nobody waits for it any more: the worker answers in any case, and its next answer must be the
    // next question's.
    spawn_local(async move {
        let answer = answer(&text).await;
        if answer.is_err() {
            // What has failed once is not asked again; the next question starts another.
            READER.take();
        }
        let _ = tell.send(answer);
    });
    let answer = told.await.unwrap_or_else(|_| Err(ReaderError("it is gone".into())))?;
    serde_json::from_str(&answer).map_err(|error| ReaderError(error.to_string()))
}

async fn answer(question: &str) -> Result<String, ReaderError> {
    let reader = reader()?;
    let mut said = reader.said.lock().await;
    if !said.is_listening {
        said.next().await?;
        said.is_listening = true;
    }
    reader
        .worker
        .post_message(&JsValue::from_str(question))
        .map_err(|thrown| ReaderError(message(&thrown)))?;
    Ok(said.next().await?.unwrap_or_default())
}

fn reader() -> Result<Rc<Reader>, ReaderError> {
    if let Some(reader) = READER.with_borrow(Option::clone) {
        return Ok(reader);
    }
    let worker = Worker::new(&worker_script::address(WORKER)).map_err(|thrown| ReaderError(message(&thrown)))?;
    let (say, said) = unbounded();
    let on_message = {
        let say = say.clone();
        EventListener::new(&worker, "message", move |event| {
            let data = event
                .dyn_ref::<MessageEvent>()
                .map(MessageEvent::data)
                .unwrap_or_default();
            let words = match data.as_string() {
                Some(text) => Ok(Some(text)),
                None if data.is_null() => Ok(None),
                None => Err(message(&data)),
            };
            // The receiver is gone only when the worker is.
            let _ = say.unbounded_send(words);
        })
    };
    let on_error = EventListener::new(&worker, "error", move |event| {
        let text = event.dyn_ref::<web_sys::ErrorEvent>().map(web_sys::ErrorEvent::message);
        let _ = say.unbounded_send(Err(text.unwrap_or_else(|| WORKER.to_owned())));
    });
    let reader = Rc::new(Reader {
        worker,
        said: Mutex::new(Said {
            words: said,
            is_listening: false,
        }),
        _listeners: [on_message, on_error],
    });
    READER.set(Some(reader.clone()));
    Ok(reader)
}
