//! What a person can do to a submission while it goes on. To cancel it, its future is dropped.

use std::pin::pin;

use futures::future::{Either, select};

use crate::gate::Gate;

/// Pauses, and agrees; clones are the same one.
#[derive(Debug, Clone, Default)]
pub struct Control {
    /// Open while files are sent.
    sending: Gate,
    /// Open when it was agreed to send them.
    agreed: Gate,
}

impl Control {
    /// Stops all uploads where they are, or lets them go on.
    pub fn pause(&self, is_paused: bool) {
        self.sending.set(!is_paused);
    }

    /// Yes, send it. Counts only while it is asked.
    pub fn agree(&self) {
        self.agreed.set(true);
    }

    /// Ends when it was agreed to what is asked from now on.
    pub(super) fn ask(&self) -> impl Future<Output = ()> {
        self.agreed.set(false);
        self.agreed.is(true)
    }

    /// The outcome of `work`, or `None` when it was paused before the end.
    pub(super) async fn unless_paused<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        match select(pin!(self.sending.is(false)), pin!(work)).await {
            Either::Left(_) => None,
            Either::Right((done, _)) => Some(done),
        }
    }

    pub(super) async fn resumed(&self) {
        self.sending.is(true).await;
    }
}
