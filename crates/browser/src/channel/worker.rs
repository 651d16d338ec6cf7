//! The worker's side.

use std::marker::PhantomData;

use serde::Serialize;
use wasm_bindgen::{JsCast, closure::Closure};
use wasm_bindgen_futures::spawn_local;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

use super::{UNASKED, Word, Work, read, write};

/// Says to the page what belongs to one request, or what nobody asked for.
#[derive(Debug)]
pub struct Teller<W> {
    id: u32,
    scope: DedicatedWorkerGlobalScope,
    work: PhantomData<W>,
}

impl<W> Clone for Teller<W> {
    fn clone(&self) -> Self {
        Self {
            id: self.id,
            scope: self.scope.clone(),
            work: PhantomData,
        }
    }
}

impl<W: Work> Teller<W> {
    fn of(id: u32) -> Self {
        Self {
            id,
            scope: js_sys::global().unchecked_into(),
            work: PhantomData,
        }
    }

    /// Says what nobody asked for.
    pub fn unasked() -> Self {
        Self::of(UNASKED)
    }

    /// Says how far it is.
    pub fn progress(&self, progress: &W::Progress) {
        self.say(&Word::<_, ()>::Progress(progress));
    }

    fn say(&self, word: &impl Serialize) {
        self.post(word).unwrap_or_else(|reason| {
            // A sentence can always be written, and sent.
            let _ = self.post(&Word::<(), ()>::Failed(reason));
        });
    }

    fn post(&self, word: &impl Serialize) -> Result<(), String> {
        let message = write(self.id, word)?;
        let posted = self.scope.post_message(&message);
        posted.map_err(|thrown| crate::error::message(&thrown))
    }
}

/// Listens for requests, each of which `answer` answers, and tells the page that it does.
pub fn listen<W: Work>(answer: impl AsyncFn(W::Request, Teller<W>) -> W::Answer + Clone + 'static) {
    let on_message = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
        let (id, request) = read(&event.data());
        let teller = Teller::<W>::of(id);
        let answer = answer.clone();
        spawn_local(async move {
            let word = match request {
                Ok(request) => Word::<(), _>::Answer(answer(request, teller.clone()).await),
                Err(reason) => Word::Failed(reason),
            };
            if id != UNASKED || matches!(word, Word::Failed(_)) {
                teller.say(&word);
            }
        });
    });
    let teller = Teller::<W>::unasked();
    teller.scope.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    // The worker lives as long as its page wants it.
    on_message.forget();
    teller.say(&Word::<(), ()>::Listening);
}
