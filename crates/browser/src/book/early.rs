//! A worker that starts while the page that needs it is still being loaded.

use std::{cell::RefCell, rc::Rc};

use gloo_events::EventListener;
use wasm_bindgen::JsValue;
use web_sys::{Event, Worker};

use super::{super::worker_script, WORKER};

thread_local! {
    static EARLY: RefCell<Option<Early>> = const { RefCell::new(None) };
}

/// The worker, and its messages that nobody has heard. What they say is read by who opens a book: here, in the part of the
/// app that every page loads, it would be read for nothing.
struct Early {
    worker: Worker,
    messages: Rc<RefCell<Vec<Event>>>,
    _listeners: [EventListener; 2],
}

/// Starts the worker, for a page that opens a book soon. What fails now is tried again, and told, by who opens it.
pub fn start() {
    let Ok(worker) = new() else { return };
    let messages = Rc::new(RefCell::new(Vec::new()));
    let on_message = {
        let messages = messages.clone();
        EventListener::new(&worker, "message", move |event| {
            messages.borrow_mut().push(event.clone())
        })
    };
    let on_error = EventListener::once(&worker, "error", |_| EARLY.set(None));
    EARLY.set(Some(Early {
        worker,
        messages,
        _listeners: [on_message, on_error],
    }));
}

/// The worker that was started, with what it has said since, else a new one.
pub(super) fn take() -> Result<(Worker, Vec<Event>), JsValue> {
    match EARLY.take() {
        Some(early) => Ok((early.worker, early.messages.take())),
        None => Ok((new()?, Vec::new())),
    }
}

fn new() -> Result<Worker, JsValue> {
    Worker::new(&worker_script::address(WORKER))
}
