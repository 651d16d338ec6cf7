//! The page's side of the worker that keeps a log: it asks, and hears what is told.

mod clock;
pub mod early;
mod figures;
mod folder;
mod follow;
pub mod last_numbers;
pub mod messages;
mod save;
mod turns;
pub mod worker;

use gloo_events::EventListener;
use std::{future::Future, rc::Rc};

use tonic::Code;

use super::{
    channel::{Channel, ChannelError, Work},
    document,
};
use crate::log_worker::messages::{Answer, Phase, Request, Update};
use jobsphere_client::CallError;

/// What the worker does.
#[derive(Debug)]
pub enum Logging {}

impl Work for Logging {
    const WORKER: &'static str = "log";
    type Request = Request;
    type Progress = Update;
    type Answer = Answer;
}

/// A log that a worker keeps as long as this lives.
#[derive(Debug)]
pub struct LogWorker {
    worker: Rc<Channel<Logging>>,
    _on_visibility: Option<EventListener>,
}

impl LogWorker {
    /// Starts the worker. What it tells is heard by `on_told`; its death is told as [`Phase::Failed`].
    ///
    /// # Errors
    /// [`ChannelError`] when no worker can be started.
    pub fn open(on_told: impl Fn(Update) + 'static) -> Result<Self, ChannelError> {
        let worker = Channel::with(early::take()?, move |told| on_told(told.unwrap_or_else(failed)));
        let worker = Rc::new(worker);
        Ok(Self {
            _on_visibility: tell_visibility(&worker),
            worker,
        })
    }

    /// Asks for something; what comes of it is told.
    pub fn ask(&self, ask: &Request) {
        self.worker.tell(ask);
    }

    /// Asks for something that has an answer; `None` when the worker is gone.
    pub fn answer(&self, ask: &Request) -> impl Future<Output = Option<Answer>> + use<> {
        let answer = self.worker.ask(ask, |_| {});
        async { answer.await.ok() }
    }
}

/// Says whether anybody sees the page, now and whenever that changes.
fn tell_visibility(worker: &Rc<Channel<Logging>>) -> Option<EventListener> {
    let worker = Rc::downgrade(worker);
    let tell = move || {
        if let Some(worker) = worker.upgrade() {
            worker.tell(&Request::Seen(document::is_visible()));
        }
    };
    tell();
    document::document().map(|document| EventListener::new(&document, "visibilitychange", move |_| tell()))
}

fn failed(error: ChannelError) -> Update {
    Update::Phase(Phase::Failed(CallError::new(Code::Internal, error.to_string())))
}
