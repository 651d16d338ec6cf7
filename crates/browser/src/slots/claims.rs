//! Places where there are no locks: who wants one says so to all pages of the origin, and has it where nobody objects in
//! time. Who holds it objects, and of two who want it at once the one with the smaller number.
//!
//! A page that is busy may object too late; then a slot is held twice until one lets it go. That costs a connection, and
//! nothing else.

use std::{
    cell::RefCell,
    collections::{HashMap, HashSet},
    pin::pin,
    rc::Rc,
};

use event_listener::Event;
use futures::future::select;
use gloo_events::EventListener;
use gloo_timers::future::TimeoutFuture;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{BroadcastChannel, MessageEvent};

/// The channel of all pages and workers.
const CHANNEL: &str = "jobsphere-slots";
/// So long somebody may object.
const OBJECTION_MS: u32 = 80;
/// Who waits asks again after so long at the latest: a page that was closed says nothing.
const AGAIN_MS: u32 = 1000;

thread_local! {
    static SPEAKER: Option<Rc<Speaker>> = Speaker::new();
}

/// A slot that is held until it is dropped.
#[derive(Debug)]
pub(super) struct Claim {
    name: String,
}

impl Drop for Claim {
    fn drop(&mut self) {
        if let Some(speaker) = speaker() {
            speaker.state.borrow_mut().held.remove(&self.name);
            speaker.say("free", "", &self.name);
            speaker.freed.notify(usize::MAX);
        }
    }
}

/// The slot of this name, if nobody objects.
pub(super) async fn take(name: &str) -> Option<Claim> {
    let Some(speaker) = speaker() else {
        // Without a channel there is nobody to agree with, and nothing to wait for.
        return Some(Claim { name: name.to_owned() });
    };
    let wish = Wish::begin(&speaker, name)?;
    speaker.say("want", &wish.number, name);
    TimeoutFuture::new(OBJECTION_MS).await;
    if !wish.is_still_wished() {
        return None;
    }
    speaker.state.borrow_mut().held.insert(name.to_owned());
    Some(Claim { name: name.to_owned() })
}

/// Ends when a slot may have become free.
pub(super) async fn freed() {
    let again = pin!(TimeoutFuture::new(AGAIN_MS));
    match speaker() {
        Some(speaker) => drop(select(speaker.freed.listen(), again).await),
        None => again.await,
    }
}

fn speaker() -> Option<Rc<Speaker>> {
    SPEAKER.with(Clone::clone)
}

/// What this page or worker says and hears.
struct Speaker {
    channel: BroadcastChannel,
    state: RefCell<State>,
    freed: Event,
}

#[derive(Default)]
struct State {
    held: HashSet<String>,
    /// By name: the number of the wish. One that met an objection is gone.
    wished: HashMap<String, String>,
}

impl Speaker {
    fn new() -> Option<Rc<Self>> {
        let speaker = Rc::new(Self {
            channel: BroadcastChannel::new(CHANNEL).ok()?,
            state: RefCell::default(),
            freed: Event::new(),
        });
        let hearer = Rc::clone(&speaker);
        let listener = EventListener::new(&speaker.channel, "message", move |event| {
            let message = event
                .dyn_ref::<MessageEvent>()
                .and_then(|event| event.data().as_string());
            let message = message.unwrap_or_default();
            if let [verb, number, name] = message.splitn(3, ' ').collect::<Vec<_>>()[..] {
                hearer.hear(verb, number, name);
            }
        });
        // As long as the page lives.
        listener.forget();
        Some(speaker)
    }

    fn say(&self, verb: &str, number: &str, name: &str) {
        // A text can always be sent.
        let _ = self
            .channel
            .post_message(&JsValue::from_str(&format!("{verb} {number} {name}")));
    }

    fn hear(&self, verb: &str, number: &str, name: &str) {
        let mut state = self.state.borrow_mut();
        let own = state.wished.get(name);
        match verb {
            "want" if state.held.contains(name) || own.is_some_and(|own| own.as_str() < number) => {
                self.say("taken", number, name);
            }
            "want" => drop(state.wished.remove(name)),
            "taken" if own.is_some_and(|own| own == number) => drop(state.wished.remove(name)),
            "free" => {
                self.freed.notify(usize::MAX);
            }
            _ => {}
        }
    }
}

/// A wish for a slot, as long as somebody waits for it.
struct Wish<'a> {
    speaker: &'a Speaker,
    name: &'a str,
    number: String,
}

impl<'a> Wish<'a> {
    /// `None` where this page has it, or wishes for it already.
    fn begin(speaker: &'a Speaker, name: &'a str) -> Option<Self> {
        let mut state = speaker.state.borrow_mut();
        if state.held.contains(name) || state.wished.contains_key(name) {
            return None;
        }
        let number = format!("{:016.0}", js_sys::Math::random() * 1e15);
        state.wished.insert(name.to_owned(), number.clone());
        Some(Self { speaker, name, number })
    }

    fn is_still_wished(&self) -> bool {
        self.speaker.state.borrow().wished.get(self.name) == Some(&self.number)
    }
}

impl Drop for Wish<'_> {
    fn drop(&mut self) {
        let mut state = self.speaker.state.borrow_mut();
        if state.wished.get(self.name) == Some(&self.number) {
            state.wished.remove(self.name);
        }
    }
}
