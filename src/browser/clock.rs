//! Time, and the moments when a lost connection may be back.

use std::{cell::RefCell, pin::pin};

use futures::{
    channel::oneshot,
    future::{Either, select},
};
use gloo_events::EventListener;
use gloo_timers::future::TimeoutFuture;

use crate::client::Clock;

/// The browser's timers.
#[derive(Debug, Clone, Copy)]
pub struct BrowserClock;

impl Clock for BrowserClock {
    async fn sleep(&self, millis: u32) {
        TimeoutFuture::new(millis).await;
    }

    async fn pause_before_retry(&self, millis: u32) {
        let (wake, woken) = oneshot::channel::<()>();
        let wake = std::rc::Rc::new(RefCell::new(Some(wake)));
        let listeners = web_sys::window().map(|window| {
            let document = window.document();
            let listen = |target: &web_sys::EventTarget, event: &'static str| {
                let wake = wake.clone();
                EventListener::new(target, event, move |_| {
                    if let Some(wake) = wake.borrow_mut().take() {
                        let _ = wake.send(());
                    }
                })
            };
            (
                listen(&window, "online"),
                document.map(|document| listen(&document, "visibilitychange")),
            )
        });
        match select(pin!(TimeoutFuture::new(millis)), pin!(woken)).await {
            Either::Left(_) => {}
            // The network needs a moment after the event, and a tab that flickers must not hammer.
            Either::Right(_) => TimeoutFuture::new(millis.min(300)).await,
        }
        drop(listeners);
    }
}

/// Milliseconds since the epoch.
pub fn now_ms() -> i64 {
    js_sys::Date::now() as i64
}
