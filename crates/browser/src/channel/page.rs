//! The page's side.

use std::{
    cell::RefCell,
    collections::BTreeMap,
    future::Future,
    pin::pin,
    rc::{Rc, Weak},
};

use futures::{
    StreamExt,
    channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded},
    future::{Either, select},
};
use gloo_events::EventListener;
use gloo_timers::future::TimeoutFuture;
use js_sys::Array;
use wasm_bindgen::JsCast;
use web_sys::{ErrorEvent, Event, MessageEvent, Worker};

use super::{ChannelError, UNASKED, Word, Work, read, write};
use crate::{error::message, worker_script};

/// A worker, and what is said to it and by it. Dropping it ends the worker, whatever it does.
pub struct Channel<W: Work> {
    worker: Worker,
    pending: Rc<RefCell<Pending<W>>>,
    _listeners: [EventListener; 2],
}

impl<W: Work> std::fmt::Debug for Channel<W> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_tuple("Channel").field(&W::WORKER).finish()
    }
}

impl<W: Work> Drop for Channel<W> {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}

type Said<W> = Result<Word<<W as Work>::Progress, <W as Work>::Answer>, ChannelError>;

/// Who waits for what.
struct Pending<W: Work> {
    /// What was said before the worker listened: it would not have heard it. `None` since it does.
    early: Option<Vec<Array>>,
    last_id: u32,
    waiting: BTreeMap<u32, UnboundedSender<Said<W>>>,
    death: Option<ChannelError>,
}

/// A request that waits for its answer; dropping it gives it up.
struct Asked<W: Work> {
    id: u32,
    said: UnboundedReceiver<Said<W>>,
    pending: Weak<RefCell<Pending<W>>>,
}

impl<W: Work> Drop for Asked<W> {
    fn drop(&mut self) {
        if let Some(pending) = self.pending.upgrade() {
            pending.borrow_mut().waiting.remove(&self.id);
        }
    }
}

/// A worker that starts while what will use it is still being loaded, with what it has said since.
#[derive(Debug)]
pub struct Starting {
    worker: Worker,
    events: Rc<RefCell<Vec<Event>>>,
    _listeners: [EventListener; 2],
}

impl Starting {
    /// Starts the worker of this name.
    ///
    /// # Errors
    /// [`ChannelError::Worker`].
    pub fn new(name: &str) -> Result<Self, ChannelError> {
        let worker =
            Worker::new(&worker_script::address(name)).map_err(|thrown| ChannelError::Worker(message(&thrown)))?;
        let events: Rc<RefCell<Vec<Event>>> = Rc::default();
        let listeners = ["message", "error"].map(|kind| {
            let events = events.clone();
            EventListener::new(&worker, kind, move |event| events.borrow_mut().push(event.clone()))
        });
        Ok(Self {
            worker,
            events,
            _listeners: listeners,
        })
    }

    /// Whether it did not start or has died.
    pub fn has_failed(&self) -> bool {
        let events = self.events.borrow();
        events.iter().any(|event| !event.is_instance_of::<MessageEvent>())
    }
}

impl<W: Work> Channel<W> {
    /// Starts a worker.
    ///
    /// # Errors
    /// [`ChannelError::Worker`].
    pub fn start() -> Result<Self, ChannelError> {
        Ok(Self::with(Starting::new(W::WORKER)?, |_| {}))
    }

    /// Speaks to a worker that has been started; `on_unasked` hears what it says without a request, and its death.
    pub fn with(starting: Starting, on_unasked: impl Fn(Result<W::Progress, ChannelError>) + 'static) -> Self {
        let Starting {
            worker,
            events,
            _listeners,
        } = starting;
        drop(_listeners);
        let pending = Rc::new(RefCell::new(Pending {
            early: Some(Vec::new()),
            last_id: UNASKED,
            waiting: BTreeMap::new(),
            death: None,
        }));
        let hear = {
            let (pending, worker) = (pending.clone(), worker.clone());
            move |event: &Event| hear(&pending, &worker, &on_unasked, event)
        };
        for event in events.take() {
            hear(&event);
        }
        let hear = Rc::new(hear);
        let listeners = ["message", "error"].map(|kind| {
            let hear = hear.clone();
            EventListener::new(&worker, kind, move |event| hear(event))
        });
        Self {
            worker,
            pending,
            _listeners: listeners,
        }
    }

    /// Has a request answered; `on_progress` hears what is said before. Dropping the future gives the request up, though
    /// the worker may go on with it.
    ///
    /// # Errors
    /// [`ChannelError`].
    pub fn ask<F: Fn(W::Progress)>(
        &self,
        request: &W::Request,
        on_progress: F,
    ) -> impl Future<Output = Result<W::Answer, ChannelError>> + use<W, F> {
        let asked = self.begin(request);
        async move {
            let mut asked = asked?;
            loop {
                match asked.next().await? {
                    Word::Progress(progress) => on_progress(progress),
                    Word::Answer(answer) => return Ok(answer),
                    Word::Failed(reason) => return Err(ChannelError::Worker(reason)),
                    Word::Listening => {}
                }
            }
        }
    }

    /// Says something that wants no answer.
    pub fn tell(&self, request: &W::Request) {
        // Nothing is lost with a worker that is dead, and that it died has been told.
        let _ = self.send(UNASKED, request);
    }

    /// Whether the worker is dead.
    pub fn is_dead(&self) -> bool {
        self.pending.borrow().death.is_some()
    }

    fn begin(&self, request: &W::Request) -> Result<Asked<W>, ChannelError> {
        let (say, said) = unbounded();
        let id = {
            let mut pending = self.pending.borrow_mut();
            if let Some(death) = &pending.death {
                return Err(death.clone());
            }
            pending.last_id += 1;
            let id = pending.last_id;
            pending.waiting.insert(id, say);
            id
        };
        let asked = Asked {
            id,
            said,
            pending: Rc::downgrade(&self.pending),
        };
        self.send(id, request)?;
        Ok(asked)
    }

    fn send(&self, id: u32, request: &W::Request) -> Result<(), ChannelError> {
        let message = write(id, request).map_err(ChannelError::Worker)?;
        match &mut self.pending.borrow_mut().early {
            Some(early) => early.push(message),
            None => post(&self.worker, &message)?,
        }
        Ok(())
    }
}

impl<W: Work> Asked<W> {
    async fn next(&mut self) -> Said<W> {
        let word = self.said.next();
        let word = match W::SILENCE_LIMIT_MS {
            None => word.await,
            Some(limit_ms) => match select(word, pin!(TimeoutFuture::new(limit_ms))).await {
                Either::Left((word, _)) => word,
                Either::Right(_) => Some(Err(ChannelError::Silent)),
            },
        };
        word.unwrap_or_else(|| Err(ChannelError::Worker("it is gone".into())))
    }
}

fn post(worker: &Worker, message: &Array) -> Result<(), ChannelError> {
    worker
        .post_message(message)
        .map_err(|thrown| ChannelError::Worker(crate::error::message(&thrown)))
}

fn hear<W: Work>(
    pending: &RefCell<Pending<W>>,
    worker: &Worker,
    on_unasked: &impl Fn(Result<W::Progress, ChannelError>),
    event: &Event,
) {
    let Some(event) = event.dyn_ref::<MessageEvent>() else {
        let text = event.dyn_ref::<ErrorEvent>().map(ErrorEvent::message);
        let death = ChannelError::Worker(text.unwrap_or_else(|| W::WORKER.to_owned()));
        let waiting = {
            let mut pending = pending.borrow_mut();
            pending.death = Some(death.clone());
            std::mem::take(&mut pending.waiting)
        };
        for say in waiting.into_values() {
            // Nobody may be waiting.
            let _ = say.unbounded_send(Err(death.clone()));
        }
        return on_unasked(Err(death));
    };
    let (id, word) = read(&event.data());
    match (id, word.map_err(ChannelError::Worker)) {
        (_, Ok(Word::Listening)) => {
            let early = pending.borrow_mut().early.take();
            for message in early.unwrap_or_default() {
                // What cannot be sent is answered by nobody, which is told as silence.
                let _ = post(worker, &message);
            }
        }
        (UNASKED, Ok(Word::Progress(progress))) => on_unasked(Ok(progress)),
        (UNASKED, Ok(Word::Failed(reason))) => on_unasked(Err(ChannelError::Worker(reason))),
        (UNASKED, Ok(Word::Answer(_))) => {}
        (UNASKED, Err(error)) => on_unasked(Err(error)),
        (id, word) => {
            if let Some(say) = pending.borrow().waiting.get(&id) {
                let _ = say.unbounded_send(word);
            }
        }
    }
}
