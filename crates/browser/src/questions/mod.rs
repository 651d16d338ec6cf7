//! Workers that answer questions, away from the page's own thread and out of its first load.
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

/// Why there is no answer: the worker did not start, or died.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the background worker failed: {0}")]
pub struct QuestionError(String);

/// A worker that is started at the first question, and kept, since the next one is near.
#[derive(Debug, Clone)]
pub struct Answerer {
    name: &'static str,
    worker: Rc<RefCell<Option<Rc<Listening>>>>,
}

#[derive(Debug)]
struct Listening {
    worker: Worker,
    said: Mutex<Said>,
    _listeners: [EventListener; 2],
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}

#[derive(Debug)]
struct Said {
    /// `None` means that it listens; what it is sent before that is lost.
    words: UnboundedReceiver<Result<Option<String>, String>>,
    is_listening: bool,
}

impl Said {
    async fn next(&mut self) -> Result<Option<String>, QuestionError> {
        let words = self.words.next().await;
        words
            .unwrap_or_else(|| Err("it is gone".to_owned()))
            .map_err(QuestionError)
    }
}

impl Answerer {
    /// The worker of this name.
    pub fn of(name: &'static str) -> Self {
        Self {
            name,
            worker: Rc::default(),
        }
    }

    /// Has `question` answered.
    ///
    /// # Errors
    /// [`QuestionError`].
    pub async fn ask<T: DeserializeOwned>(self, question: &impl Serialize) -> Result<T, QuestionError> {
        let text = serde_json::to_string(question).map_err(|error| QuestionError(error.to_string()))?;
        let (tell, told) = oneshot::channel();
        // To its end, also when nobody waits for it any more: the worker answers in any case, and its next answer must be
        // the next question's.
        spawn_local(async move {
            let answer = self.answer(&text).await;
            if answer.is_err() {
                // What has failed once is not asked again; the next question starts another.
                self.worker.take();
            }
            let _ = tell.send(answer);
        });
        let answer = told.await.unwrap_or_else(|_| Err(QuestionError("it is gone".into())))?;
        serde_json::from_str(&answer).map_err(|error| QuestionError(error.to_string()))
    }

    async fn answer(&self, question: &str) -> Result<String, QuestionError> {
        let listening = self.listening()?;
        let mut said = listening.said.lock().await;
        if !said.is_listening {
            said.next().await?;
            said.is_listening = true;
        }
        listening
            .worker
            .post_message(&JsValue::from_str(question))
            .map_err(|thrown| QuestionError(message(&thrown)))?;
        Ok(said.next().await?.unwrap_or_default())
    }

    fn listening(&self) -> Result<Rc<Listening>, QuestionError> {
        if let Some(listening) = self.worker.borrow().clone() {
            return Ok(listening);
        }
        let name = self.name;
        let worker = Worker::new(&worker_script::address(name)).map_err(|thrown| QuestionError(message(&thrown)))?;
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
            let _ = say.unbounded_send(Err(text.unwrap_or_else(|| name.to_owned())));
        });
        let listening = Rc::new(Listening {
            worker,
            said: Mutex::new(Said {
                words: said,
                is_listening: false,
            }),
            _listeners: [on_message, on_error],
        });
        self.worker.replace(Some(listening.clone()));
        Ok(listening)
    }
}
