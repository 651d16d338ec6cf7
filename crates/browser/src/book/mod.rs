//! The page's side of the worker that keeps a log: it asks, and hears what is told.

mod clock;
pub mod early;
mod figures;
mod folder;
mod follow;
pub mod messages;
mod save;
mod turns;
pub mod worker;

use std::{cell::RefCell, rc::Rc};

use gloo_events::EventListener;
use js_sys::Reflect;
use tonic::Code;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{ErrorEvent, Event, File, MessageEvent, Worker};

use super::{document, error::message};
use crate::book::messages::{Ask, Phase, Told};
use jobsphere_client::CallError;

const WORKER: &str = "log";

/// What a message with a file holds.
const TOLD: &str = "told";
const FILE: &str = "file";

/// A log that a worker keeps as long as this lives.
pub struct Book {
    asker: Asker,
    _listeners: [Option<EventListener>; 3],
}

impl std::fmt::Debug for Book {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Book").finish_non_exhaustive()
    }
}

impl Drop for Book {
    fn drop(&mut self) {
        self.asker.worker.terminate();
    }
}

/// Says to the worker what is asked.
#[derive(Clone)]
struct Asker {
    worker: Worker,
    /// What was asked before the worker listened: it would not have heard it. `None` since it does.
    waiting: Rc<RefCell<Option<Vec<String>>>>,
}

impl Asker {
    fn of(worker: &Worker) -> Self {
        Self {
            worker: worker.clone(),
            waiting: Rc::new(RefCell::new(Some(Vec::new()))),
        }
    }

    fn ask(&self, ask: &Ask) {
        // These words can always be written as JSON.
        let Ok(text) = serde_json::to_string(ask) else { return };
        match &mut *self.waiting.borrow_mut() {
            Some(waiting) => waiting.push(text),
            None => self.send(&text),
        }
    }

    /// The worker listens now.
    fn begin(&self) {
        for text in self.waiting.take().unwrap_or_default() {
            self.send(&text);
        }
    }

    fn send(&self, text: &str) {
        // A text can always be sent.
        let _ = self.worker.post_message(&JsValue::from_str(text));
    }

    /// Says whether anybody sees the page, now and whenever that changes.
    fn tell_visibility(&self) -> Option<EventListener> {
        let asker = self.clone();
        let tell = move || asker.ask(&Ask::Seen(document::is_visible()));
        tell();
        document::document().map(|document| EventListener::new(&document, "visibilitychange", move |_| tell()))
    }
}

impl Book {
    /// Starts the worker. What it tells is heard by `on_told`, with the file of [`Told::Saved`]; its death is told as
    /// [`Phase::Failed`].
    ///
    /// # Errors
    /// The browser's words when no worker can be started.
    pub fn open(on_told: impl Fn(Told, Option<File>) + 'static) -> Result<Self, String> {
        let (worker, messages) = early::take().map_err(|thrown| message(&thrown))?;
        let asker = Asker::of(&worker);
        let on_visibility = asker.tell_visibility();
        let on_told = Rc::new(on_told);
        let hear = {
            let (asker, on_told) = (asker.clone(), on_told.clone());
            move |event: &Event| match heard(event) {
                Ok((Told::Ready, _)) => asker.begin(),
                Ok((told, file)) => on_told(told, file),
                Err(error) => on_told(failed(error), None),
            }
        };
        messages.iter().for_each(&hear);
        let on_message = EventListener::new(&worker, "message", hear);
        let on_error = EventListener::new(&worker, "error", move |event| {
            let text = event.dyn_ref::<ErrorEvent>().map(ErrorEvent::message);
            on_told(failed(text.unwrap_or_else(|| WORKER.to_owned())), None);
        });
        Ok(Self {
            asker,
            _listeners: [Some(on_message), Some(on_error), on_visibility],
        })
    }

    /// Asks for something; answers come by `on_told`.
    pub fn ask(&self, ask: &Ask) {
        self.asker.ask(ask);
    }
}

/// What a message of the worker tells.
fn heard(event: &Event) -> Result<(Told, Option<File>), String> {
    let data = event
        .dyn_ref::<MessageEvent>()
        .map(MessageEvent::data)
        .unwrap_or_default();
    let part = |name: &str| Reflect::get(&data, &name.into()).unwrap_or_default();
    let (text, file) = match data.as_string() {
        Some(text) => (text, None),
        None => (part(TOLD).as_string().unwrap_or_default(), part(FILE).dyn_into().ok()),
    };
    let told = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    Ok((told, file))
}

fn failed(error: String) -> Told {
    Told::Phase(Phase::Failed(CallError::new(Code::Internal, error)))
}
