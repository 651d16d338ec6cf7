//! A worker that starts while the page that needs it is still being loaded.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use gloo_events::EventListener;
use wasm_bindgen::JsValue;
use web_sys::Worker;

use super::{super::worker_script, WORKER, heard};
use crate::client::book::words::Told;

thread_local! {
    static EARLY: RefCell<Option<Early>> = const { RefCell::new(None) };
}

/// The worker, and whether it has said that it listens: it says nothing else before it is asked.
struct Early {
    worker: Worker,
    listens: Rc<Cell<bool>>,
    _listeners: [EventListener; 2],
}

/// Starts the worker, for a page that opens a book soon. What fails now is tried again, and told, by who opens it.
pub fn start() {
    let Ok(worker) = new() else { return };
    let listens = Rc::new(Cell::new(false));
    let on_message = {
        let listens = listens.clone();
        EventListener::once(&worker, "message", move |event| match heard(event) {
            Ok((Told::Ready, _)) => listens.set(true),
            // It will never listen; another one will, or will say why not.
            _ => EARLY.set(None),
        })
    };
    let on_error = EventListener::once(&worker, "error", |_| EARLY.set(None));
    EARLY.set(Some(Early {
        worker,
        listens,
        _listeners: [on_message, on_error],
    }));
}

/// The worker that was started, else a new one; and whether it listens already.
pub(super) fn take() -> Result<(Worker, bool), JsValue> {
    match EARLY.take() {
        Some(early) => Ok((early.worker, early.listens.get())),
        None => Ok((new()?, false)),
    }
}

fn new() -> Result<Worker, JsValue> {
    Worker::new(&worker_script::address(WORKER))
}
