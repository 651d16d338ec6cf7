//! Time, and the moments when a lost connection may be back.

use std::{cell::RefCell, pin::pin};

use futures::{
    channel::oneshot,
    future::{Either, select},
};
use gloo_events::EventListener;
use gloo_timers::future::TimeoutFuture;

use super::document;
use jobsphere_client::Clock;

/// A page that nobody sees asks so many times less often.
const HIDDEN_TIMES: u32 = 5;

/// The browser's timers.
#[derive(Debug, Clone, Copy)]
pub struct BrowserClock;

impl Clock for BrowserClock {
    async fn sleep(&self, millis: u32) {
        TimeoutFuture::new(millis).await;
    }

    async fn pause_before_look(&self, millis: u32) {
        if document::is_visible() {
            return self.sleep(millis).await;
        }
        // The tab's title still tells the state, so it goes on.
        let seen = document::seen();
        select(pin!(TimeoutFuture::new(millis * HIDDEN_TIMES)), pin!(seen.is(true))).await;
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

/// When a day of the person's calendar begins, in milliseconds since the epoch; `month` counts from 1. A day too many
/// is the next month's first.
pub fn start_of_day_ms(year: u16, month: u8, day: u8) -> i64 {
    let date = js_sys::Date::new_with_year_month_day(u32::from(year), i32::from(month) - 1, i32::from(day));
    date.get_time() as i64
}

/// Lets the browser draw and answer before going on.
pub async fn give_way() {
    TimeoutFuture::new(0).await;
}

/// Milliseconds since some moment, with their fractions: for what takes less than one.
pub fn precise_ms() -> f64 {
    web_sys::window()
        .and_then(|window| window.performance())
        .map_or_else(js_sys::Date::now, |performance| performance.now())
}
