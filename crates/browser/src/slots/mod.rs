//! Places for what holds a connection for long, over all tabs, windows and frames of the browser that show pages of this
//! origin.
//!
//! A browser opens six connections to an origin over HTTP/1.1. Two logs may be followed, two files sent, and one question
//! asked of a log at a time; the rest is for calls that are answered at once. A slot is a [lock](locks) where the browser
//! has them, else it is [claimed](claims) among the pages.

mod claims;
mod locks;

use std::pin::pin;

use futures::future::select;
use gloo_timers::future::TimeoutFuture;
use wasm_bindgen::JsValue;

pub use self::locks::Locks;
use self::{claims::Claim, locks::Lock};
use super::{document, gate::Gate, in_page, server};

/// Whoever asks and never ends, in a page that was stopped, is not waited for longer.
const TURN_MS: u32 = 3000;

/// A slot that is held until it is dropped.
#[derive(Debug)]
pub struct Slot {
    _held: Held,
}

#[derive(Debug)]
enum Held {
    Lock { _lock: Lock },
    Claim { _claim: Claim },
}

impl Slot {
    /// The first of `names` that is free.
    async fn of(names: &[String]) -> Option<Self> {
        let Some(locks) = Locks::of_browser() else {
            return Self::claimed(names).await;
        };
        for name in names {
            match locks.take(name).await {
                Ok(Some(lock)) => return Some(Self::locked(lock)),
                Ok(None) => {}
                Err(_) => return Self::claimed(names).await,
            }
        }
        None
    }

    /// One of `names`, as soon as it is free; first come, first served where there are locks.
    async fn of_next(names: &[String]) -> Self {
        loop {
            if let Some(slot) = Self::of(names).await {
                return slot;
            }
            // Any: those who wait spread over them.
            let any = (js_sys::Math::random() * names.len() as f64) as usize;
            let locks = Locks::of_browser();
            if let (Some(locks), Some(name)) = (locks, names.get(any))
                && let Ok(lock) = locks.wait_for(name).await
            {
                return Self::locked(lock);
            }
            claims::freed().await;
        }
    }

    async fn claimed(names: &[String]) -> Option<Self> {
        for name in names {
            if let Some(claim) = claims::take(name).await {
                return Some(Self {
                    _held: Held::Claim { _claim: claim },
                });
            }
        }
        None
    }

    fn locked(lock: Lock) -> Self {
        Self {
            _held: Held::Lock { _lock: lock },
        }
    }
}

/// The connections to one server, for a page or a worker that may be seen or not.
#[derive(Debug, Clone)]
pub struct Connections {
    origin: String,
    /// Open while somebody looks.
    seen: Gate,
}

impl Connections {
    /// Those to `origin`; `seen` is open while somebody looks.
    pub fn to(origin: &str, seen: Gate) -> Self {
        Self {
            origin: origin.to_owned(),
            seen,
        }
    }

    /// Those of this page to the server that it is about.
    pub fn of_page() -> Self {
        let origin = server::current().map_or_else(document::origin, |url| url.origin().to_owned());
        Self::to(&origin, document::seen())
    }

    fn names<const COUNT: usize>(&self, parts: [&str; COUNT]) -> Vec<String> {
        parts
            .iter()
            .map(|part| format!("jobsphere-{part}:{}", self.origin))
            .collect()
    }

    fn streams(&self) -> Vec<String> {
        let names = self.names(["stream-0", "stream-1"]);
        // The server's own pages may stand beside this one, and share the connections but not the slots.
        let count = if is_own(&self.origin) { 2 } else { 1 };
        names.into_iter().take(count).collect()
    }
}

impl jobsphere_client::slots::Slots for Connections {
    type Slot = Option<Slot>;

    async fn for_stream(&self) -> Option<Option<Slot>> {
        if !self.seen.is_open() {
            return None;
        }
        Slot::of(&self.streams()).await.map(Some)
    }

    async fn for_question(&self) -> Option<Slot> {
        let names = self.names(["question"]);
        let turn = pin!(Slot::of_next(&names));
        match select(turn, pin!(TimeoutFuture::new(TURN_MS))).await {
            futures::future::Either::Left((turn, _)) => Some(turn),
            futures::future::Either::Right(_) => None,
        }
    }

    async fn unseen(&self) {
        self.seen.is(false).await;
    }
}

/// A slot for sending a file to `url`, as soon as there is one. A stream's slot is taken where nobody follows a log in
/// it.
pub async fn for_transfer(url: &str) -> Slot {
    let own = own_origin().unwrap_or_default();
    let origin = web_sys::Url::new_with_base(url, &own).map_or(own, |url| url.origin());
    let connections = Connections::to(&origin, Gate::default());
    let transfers = connections.names(["transfer-0", "transfer-1"]);
    let mut any = transfers.clone();
    any.extend(connections.streams().into_iter().skip(1));
    match Slot::of(&any).await {
        Some(slot) => slot,
        None => Slot::of_next(&transfers).await,
    }
}

fn is_own(origin: &str) -> bool {
    in_page::is(origin) || own_origin().is_none_or(|own| own == origin)
}

/// The origin of this page, or of the page of this worker.
fn own_origin() -> Option<String> {
    let get = |object: &JsValue, name: &str| js_sys::Reflect::get(object, &name.into()).ok();
    get(&get(&js_sys::global(), "location")?, "origin")?.as_string()
}
