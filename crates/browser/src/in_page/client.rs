//! The side of those who ask: a page, or a worker of it.

use std::{
    cell::RefCell,
    collections::{BTreeMap, btree_map::Entry},
    rc::Rc,
};

use futures::{
    StreamExt,
    channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded},
};
use gloo_events::EventListener;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::{Blob, BroadcastChannel, MessageEvent};

use super::wire::{Hall, Headers, ToPage, ToService, client_channel, client_lock, hall};
use crate::{error::message, slots::Locks};

thread_local! {
    static LINES: RefCell<BTreeMap<Rc<str>, Rc<Line>>> = const { RefCell::new(BTreeMap::new()) };
}

/// What is asked of the service.
#[derive(Debug, Default)]
pub struct Question {
    /// As of HTTP.
    pub method: &'static str,
    /// Behind the place of the service.
    pub path: String,
    /// Lower-case names.
    pub headers: Headers,
    /// Bytes.
    pub body: Option<Vec<u8>>,
    /// A file.
    pub file: Option<Blob>,
}

/// An answer that has begun.
#[derive(Debug)]
pub struct Answer {
    /// As of HTTP.
    pub status: u16,
    /// Lower-case names.
    pub headers: Headers,
    /// The rest.
    pub body: Body,
}

/// The body of an answer.
#[derive(Debug)]
pub enum Body {
    /// A file of the browser.
    File(Blob),
    /// What comes piece by piece.
    Pieces(Asked),
}

type Said = Result<ToPage, String>;

/// A question whose answer is awaited, or has more to come; dropping it gives it up.
#[derive(Debug)]
pub struct Asked {
    line: Rc<Line>,
    number: u32,
    said: UnboundedReceiver<Said>,
    has_ended: bool,
}

impl Drop for Asked {
    fn drop(&mut self) {
        self.line.waiting.borrow_mut().remove(&self.number);
        if !self.has_ended {
            self.line.say(&ToService::Drop { number: self.number });
        }
    }
}

impl Asked {
    async fn next(&mut self) -> Said {
        self.said.next().await.unwrap_or_else(|| Err(LOST.into()))
    }

    /// The next piece of the body; `None` at its end.
    ///
    /// # Errors
    /// A sentence, when the service has gone.
    pub async fn piece(&mut self) -> Result<Option<Vec<u8>>, String> {
        loop {
            match self.next().await? {
                ToPage::Piece { bytes, .. } => {
                    self.line.say(&ToService::Taken { number: self.number });
                    return Ok(Some(bytes));
                }
                ToPage::End { .. } => {
                    self.has_ended = true;
                    return Ok(None);
                }
                _ => {}
            }
        }
    }
}

const LOST: &str = "the service in this browser has ended, and another one begins";

/// Asks the service at `place`; `on_progress` hears how many bytes of the file it has taken. Dropping the future gives the
/// question up.
///
/// # Errors
/// A sentence, when there is no service.
pub async fn ask(place: &str, question: Question, on_progress: impl Fn(f64)) -> Result<Answer, String> {
    let line = Line::to(place).map_err(|thrown| message(&thrown))?;
    let mut asked = line.begin(question)?;
    loop {
        match asked.next().await? {
            ToPage::Progress { bytes, .. } => on_progress(bytes),
            ToPage::Head {
                status, headers, file, ..
            } => {
                let body = match file {
                    Some(file) => {
                        asked.has_ended = true;
                        Body::File(file)
                    }
                    None => Body::Pieces(asked),
                };
                return Ok(Answer { status, headers, body });
            }
            _ => {}
        }
    }
}

/// A question that has been asked.
#[derive(Debug)]
struct Waiting {
    hears: UnboundedSender<Said>,
    /// The question, as long as there is nobody to hear it.
    unsaid: Option<JsValue>,
}

/// The channels to a service.
struct Line {
    name: String,
    hall: BroadcastChannel,
    own: BroadcastChannel,
    /// The service that knows this client.
    service: RefCell<Option<String>>,
    last_number: RefCell<u32>,
    waiting: RefCell<BTreeMap<u32, Waiting>>,
    listeners: RefCell<Vec<EventListener>>,
}

impl std::fmt::Debug for Line {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_tuple("Line").field(&self.name).finish()
    }
}

impl Line {
    /// The line of this page or worker to the service at `place`.
    fn to(place: &str) -> Result<Rc<Self>, JsValue> {
        LINES.with_borrow_mut(|lines| match lines.entry(place.into()) {
            Entry::Occupied(line) => Ok(line.get().clone()),
            Entry::Vacant(free) => Ok(free.insert(Self::open(place)?).clone()),
        })
    }

    fn open(place: &str) -> Result<Rc<Self>, JsValue> {
        let name = format!("{:.0}-{:.0}", js_sys::Date::now(), js_sys::Math::random() * 1e15);
        let line = Rc::new(Self {
            hall: BroadcastChannel::new(&hall(place))?,
            own: BroadcastChannel::new(&client_channel(place, &name))?,
            name,
            service: RefCell::default(),
            last_number: RefCell::default(),
            waiting: RefCell::default(),
            listeners: RefCell::default(),
        });
        let hear_hall = listen(&line.hall, &line, Self::hear_hall);
        let hear_own = listen(&line.own, &line, Self::hear);
        line.listeners.borrow_mut().extend([hear_hall, hear_own]);
        let (lock, held) = (client_lock(place, &line.name), line.clone());
        spawn_local(async move {
            // By it the service notices the end of this client, so it is held for ever.
            if let Some(locks) = Locks::of_browser()
                && let Ok(lock) = locks.wait_for(&lock).await
            {
                std::mem::forget(lock);
            }
            held.greet();
        });
        Ok(line)
    }

    /// Makes itself known; who serves answers.
    fn greet(&self) {
        let hello = Hall::Hello {
            client: self.name.clone(),
        };
        // Refused only for what cannot be copied.
        let _ = self.hall.post_message(&hello.write());
    }

    fn begin(self: &Rc<Self>, question: Question) -> Result<Asked, String> {
        let number = {
            let mut last = self.last_number.borrow_mut();
            *last += 1;
            *last
        };
        let asked = ToService::Ask {
            number,
            method: question.method.to_owned(),
            path: question.path,
            headers: question.headers,
            body: question.body,
            file: question.file,
        };
        let (hears, said) = unbounded();
        let mut unsaid = Some(asked.write());
        if self.service.borrow().is_some()
            && let Some(question) = unsaid.take()
        {
            self.own.post_message(&question).map_err(|thrown| message(&thrown))?;
        }
        self.waiting.borrow_mut().insert(number, Waiting { hears, unsaid });
        Ok(Asked {
            line: self.clone(),
            number,
            said,
            has_ended: false,
        })
    }

    fn say(&self, word: &ToService) {
        // Refused only for what cannot be copied.
        let _ = self.own.post_message(&word.write());
    }

    fn hear_hall(&self, word: &JsValue) {
        match Hall::read(word) {
            Some(Hall::Serving { service }) if self.service.borrow().as_ref() != Some(&service) => {
                self.forget_service();
                self.greet();
            }
            Some(Hall::Refused { sentence }) => {
                *self.service.borrow_mut() = None;
                for waiting in std::mem::take(&mut *self.waiting.borrow_mut()).into_values() {
                    // Nobody may wait any more.
                    let _ = waiting.hears.unbounded_send(Err(sentence.clone()));
                }
            }
            _ => {}
        }
    }

    /// What was asked of a service that has gone is not answered any more.
    fn forget_service(&self) {
        *self.service.borrow_mut() = None;
        let mut waiting = self.waiting.borrow_mut();
        waiting.retain(|_, waiting| {
            let is_kept = waiting.unsaid.is_some();
            if !is_kept {
                // Nobody may wait any more.
                let _ = waiting.hears.unbounded_send(Err(LOST.into()));
            }
            is_kept
        });
    }

    fn hear(&self, word: &JsValue) {
        match ToPage::read(word) {
            Some(ToPage::Welcome { service }) => self.welcomed(service),
            Some(word) => {
                let waiting = self.waiting.borrow();
                let waiting = word.number().and_then(|number| waiting.get(&number));
                if let Some(waiting) = waiting {
                    // Nobody may wait any more.
                    let _ = waiting.hears.unbounded_send(Ok(word));
                }
            }
            None => {}
        }
    }

    fn welcomed(&self, service: String) {
        if self.service.borrow().as_ref() == Some(&service) {
            return;
        }
        self.forget_service();
        *self.service.borrow_mut() = Some(service);
        for waiting in self.waiting.borrow_mut().values_mut() {
            if let Some(question) = waiting.unsaid.take()
                && let Err(thrown) = self.own.post_message(&question)
            {
                // Nobody may wait any more.
                let _ = waiting.hears.unbounded_send(Err(message(&thrown)));
            }
        }
    }
}

fn listen(channel: &BroadcastChannel, line: &Rc<Line>, hear: fn(&Line, &JsValue)) -> EventListener {
    // A line lives as long as its page or worker.
    let line = line.clone();
    EventListener::new(channel, "message", move |event| {
        if let Some(event) = event.dyn_ref::<MessageEvent>() {
            hear(&line, &event.data());
        }
    })
}
