//! Answers what comes over the channels.

use std::{cell::RefCell, collections::BTreeMap, pin::pin, rc::Rc};

use bytes::Bytes;
use futures::{
    StreamExt,
    channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded},
    future::{Either, select},
};
use gloo_events::EventListener;
use http::{HeaderName, HeaderValue, Request};
use jobsphere_browser::{
    in_page::{self, Hall, Headers, ToPage, ToService},
    slots::Locks,
};
use jobsphere_demo::calls::{Calls, Pieces};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::{Blob, BroadcastChannel, MessageEvent};

use super::{
    blobs::PrivateBlobs,
    files::{self, FileAnswer},
};

/// Pieces of an answer that are on their way at the same time.
const WINDOW: usize = 4;
const FILES: &str = "/files/";

/// What answers.
pub(super) struct Answering {
    pub(super) calls: Calls,
    pub(super) blobs: std::sync::Arc<PrivateBlobs>,
}

/// The service to all clients.
struct Server {
    place: String,
    name: String,
    locks: Locks,
    answering: Rc<Answering>,
    clients: RefCell<BTreeMap<String, Rc<Client>>>,
}

/// One page or worker.
struct Client {
    channel: BroadcastChannel,
    /// Those answers that have more to come.
    open: RefCell<BTreeMap<u32, UnboundedSender<Word>>>,
    listener: RefCell<Option<EventListener>>,
}

/// What a client says of an answer.
enum Word {
    Taken,
    Drop,
}

/// Serves all who come to the hall of `place`, as long as the worker lives.
pub(super) fn serve(place: String, name: String, hall: &BroadcastChannel, locks: Locks, answering: Answering) {
    let server = Rc::new(Server {
        place,
        name,
        locks,
        answering: Rc::new(answering),
        clients: RefCell::default(),
    });
    let serving = Hall::Serving {
        service: server.name.clone(),
    };
    let hear = listen(hall, move |word| {
        if let Some(Hall::Hello { client }) = Hall::read(word) {
            server.clone().welcome(client);
        }
    });
    std::mem::forget(hear);
    // Refused only for what cannot be copied.
    let _ = hall.post_message(&serving.write());
}

impl Server {
    fn welcome(self: Rc<Self>, name: String) {
        let known = self.clients.borrow().get(&name).cloned();
        let client = match known {
            Some(client) => client,
            None => {
                let Ok(channel) = BroadcastChannel::new(&in_page::client_channel(&self.place, &name)) else {
                    return;
                };
                let client = Rc::new(Client {
                    channel,
                    open: RefCell::default(),
                    listener: RefCell::default(),
                });
                client.listen(&self.answering);
                self.clients.borrow_mut().insert(name.clone(), client.clone());
                self.clone().watch(name);
                client
            }
        };
        client.say(&ToPage::Welcome {
            service: self.name.clone(),
        });
    }

    /// Forgets a client when its page has gone.
    fn watch(self: Rc<Self>, name: String) {
        spawn_local(async move {
            let lock = self.locks.wait_for(&in_page::client_lock(&self.place, &name)).await;
            if lock.is_ok()
                && let Some(client) = self.clients.borrow_mut().remove(&name)
            {
                client.close();
            }
        });
    }
}

impl Client {
    fn listen(self: &Rc<Self>, answering: &Rc<Answering>) {
        let (client, answering) = (Rc::downgrade(self), answering.clone());
        let listener = listen(&self.channel, move |word| {
            if let (Some(client), Some(word)) = (client.upgrade(), ToService::read(word)) {
                client.hear(word, &answering);
            }
        });
        self.listener.replace(Some(listener));
    }

    fn close(&self) {
        self.listener.take();
        self.open.borrow_mut().clear();
        self.channel.close();
    }

    fn say(&self, word: &ToPage) {
        // Refused only for what cannot be copied.
        let _ = self.channel.post_message(&word.write());
    }

    fn hear(self: Rc<Self>, word: ToService, answering: &Rc<Answering>) {
        match word {
            ToService::Ask {
                number,
                method,
                path,
                headers,
                body,
                file,
            } => {
                let answering = answering.clone();
                let (say, words) = unbounded();
                self.open.borrow_mut().insert(number, say);
                // It comes to the beginning of its answer also when the client has gone: what is being written is written.
                spawn_local(async move {
                    match path.starts_with(FILES) {
                        true => {
                            self.answer_file(&answering, number, &method, &path, &headers, file)
                                .await
                        }
                        false => self.answer_call(&answering, number, &path, &headers, body, words).await,
                    }
                    self.open.borrow_mut().remove(&number);
                });
            }
            ToService::Taken { number } => self.tell(number, Word::Taken),
            ToService::Drop { number } => self.tell(number, Word::Drop),
        }
    }

    fn tell(&self, number: u32, word: Word) {
        if let Some(answer) = self.open.borrow().get(&number) {
            // It may have ended.
            let _ = answer.unbounded_send(word);
        }
    }

    async fn answer_file(
        &self,
        answering: &Answering,
        number: u32,
        method: &str,
        path: &str,
        headers: &Headers,
        sent: Option<Blob>,
    ) {
        let progress = |bytes: u64| {
            self.say(&ToPage::Progress {
                number,
                bytes: bytes as f64,
            });
        };
        let FileAnswer { status, content } =
            files::answer(&answering.blobs, method, path, headers, sent, progress).await;
        let (file, sentence) = match content {
            Ok(file) => (Some(file), None),
            Err(sentence) => (None, Some(sentence)),
        };
        self.say(&ToPage::Head {
            number,
            status,
            headers: Headers::new(),
            file,
        });
        if let Some(sentence) = sentence {
            let bytes = sentence.into_bytes();
            self.say(&ToPage::Piece { number, bytes });
            self.say(&ToPage::End { number });
        }
    }

    async fn answer_call(
        &self,
        answering: &Answering,
        number: u32,
        path: &str,
        headers: &Headers,
        body: Option<Vec<u8>>,
        words: UnboundedReceiver<Word>,
    ) {
        let mut request = Request::new(Bytes::from(body.unwrap_or_default()));
        *request.method_mut() = http::Method::POST;
        *request.uri_mut() = path.parse().unwrap_or_default();
        for (name, value) in headers {
            if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
                request.headers_mut().append(name, value);
            }
        }
        let (head, pieces) = answering.calls.answer(request).await.into_parts();
        let texts = head.headers.iter();
        self.say(&ToPage::Head {
            number,
            status: head.status.as_u16(),
            headers: texts
                .filter_map(|(name, value)| Some((name.to_string(), value.to_str().ok()?.to_owned())))
                .collect(),
            file: None,
        });
        self.send(number, pieces, words).await;
    }

    /// Sends pieces, not many more than have been taken.
    async fn send(&self, number: u32, mut pieces: Pieces, mut words: UnboundedReceiver<Word>) {
        let mut room = WINDOW;
        loop {
            if room == 0 {
                match words.next().await {
                    Some(Word::Taken) => room += 1,
                    Some(Word::Drop) | None => return,
                }
                continue;
            }
            match select(pin!(words.next()), pin!(pieces.next())).await {
                Either::Left((Some(Word::Taken), _)) => room += 1,
                Either::Left((Some(Word::Drop) | None, _)) => return,
                Either::Right((Some(piece), _)) => {
                    room -= 1;
                    let bytes = piece.to_vec();
                    self.say(&ToPage::Piece { number, bytes });
                }
                Either::Right((None, _)) => break,
            }
        }
        self.say(&ToPage::End { number });
    }
}

/// Hears what is said on a channel.
pub(super) fn listen(channel: &BroadcastChannel, hear: impl Fn(&JsValue) + 'static) -> EventListener {
    EventListener::new(channel, "message", move |event| {
        if let Some(event) = event.dyn_ref::<MessageEvent>() {
            hear(&event.data());
        }
    })
}
