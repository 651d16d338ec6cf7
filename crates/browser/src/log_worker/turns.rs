//! Long work in slices: between two of them, what the page asks is heard.

use std::{cell::RefCell, rc::Rc};

use futures::channel::oneshot;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{MessageChannel, MessagePort};

/// A slice of work lasts so long.
const SLICE_MS: f64 = 12.0;

/// Lets the worker's other work have its turn. A message to oneself does: timers wait at least four milliseconds, and an
/// answer that is there already would go on at once.
#[derive(Clone)]
pub(super) struct Turns {
    port: MessagePort,
    waiting: Rc<RefCell<Vec<oneshot::Sender<()>>>>,
    began_ms: Rc<RefCell<f64>>,
}

impl Turns {
    pub(super) fn new() -> Result<Self, JsValue> {
        let channel = MessageChannel::new()?;
        let waiting = Rc::new(RefCell::new(Vec::<oneshot::Sender<()>>::new()));
        let on_message = {
            let waiting = waiting.clone();
            Closure::<dyn Fn()>::new(move || {
                for turn in waiting.take() {
                    // Who waited may be gone.
                    let _ = turn.send(());
                }
            })
        };
        channel.port1().set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        // As long as the worker lives.
        on_message.forget();
        Ok(Self {
            port: channel.port2(),
            waiting,
            began_ms: Rc::new(RefCell::new(now_ms())),
        })
    }

    /// After what has come meanwhile.
    pub(super) async fn next(&self) {
        let (turn, taken) = oneshot::channel();
        self.waiting.borrow_mut().push(turn);
        if self.port.post_message(&JsValue::NULL).is_ok() {
            // The sender is kept until it is called.
            let _ = taken.await;
        }
        self.began_ms.replace(now_ms());
    }

    /// The same, where this slice has lasted long enough.
    pub(super) async fn next_if_due(&self) {
        if now_ms() - *self.began_ms.borrow() >= SLICE_MS {
            self.next().await;
        }
    }
}

/// Says when a slice that begins now is over.
pub(super) fn slice() -> impl FnMut() -> bool {
    let began_ms = now_ms();
    move || now_ms() - began_ms >= SLICE_MS
}

/// Milliseconds, for measuring.
pub(super) fn now_ms() -> f64 {
    js_sys::Date::now()
}
