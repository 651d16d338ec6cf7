//! Time in the worker; a pause between tries can be cut short.

use std::{cell::RefCell, pin::pin, rc::Rc};

use futures::{
    channel::oneshot,
    future::{Either, select},
};
use gloo_timers::future::TimeoutFuture;

use crate::gate::Gate;
use jobsphere_client::Clock;

/// Who follows a log that nobody sees asks so many times less often.
const HIDDEN_TIMES: u32 = 10;

/// Timers, and a bell that ends a pause.
#[derive(Debug, Clone)]
pub(super) struct WorkerClock {
    /// Open while somebody sees the page.
    pub(super) seen: Gate,
    bell: Rc<RefCell<Option<oneshot::Sender<()>>>>,
}

impl WorkerClock {
    pub(super) fn new(seen: Gate) -> Self {
        Self {
            seen,
            bell: Rc::default(),
        }
    }

    /// Ends the pause before the next try, if there is one.
    pub(super) fn ring(&self) {
        if let Some(bell) = self.bell.take() {
            // Nobody waits when the pause has just ended.
            let _ = bell.send(());
        }
    }

    /// Until somebody rings.
    pub(super) async fn rung(&self) {
        let (bell, rung) = oneshot::channel();
        self.bell.replace(Some(bell));
        // A bell that is replaced ends the wait, too.
        let _ = rung.await;
    }
}

impl Clock for WorkerClock {
    async fn sleep(&self, millis: u32) {
        TimeoutFuture::new(millis).await;
    }

    async fn pause_before_look(&self, millis: u32) {
        if self.seen.is_open() {
            return self.sleep(millis).await;
        }
        select(
            pin!(TimeoutFuture::new(millis * HIDDEN_TIMES)),
            pin!(self.seen.is(true)),
        )
        .await;
    }

    async fn pause_before_retry(&self, millis: u32) {
        match select(pin!(TimeoutFuture::new(millis)), pin!(self.rung())).await {
            Either::Left(_) => {}
            // The network needs a moment after it is back, and a page that flickers must not hammer.
            Either::Right(_) => TimeoutFuture::new(millis.min(300)).await,
        }
    }
}
