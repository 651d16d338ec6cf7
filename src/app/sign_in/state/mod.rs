//! Signing in: who has a token may call, and a page that was refused goes on where it stood. A link that brings another
//! token than the one that is held changes nothing by itself.

pub(crate) mod trial;

use leptos::{ev, prelude::*, task::spawn_local};
use tonic::Code;

use self::trial::is_unknown;
use crate::{
    app::address::is_about_a_share,
    browser::{
        document,
        storage::Scope,
        token::{self, LinkToken},
    },
};
use jobsphere_client::CallError;

/// What the person is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Question {
    /// For a token.
    Token,
    /// Whether to go on as before, or with the token of a link.
    Link,
}

/// Where signing in stands.
#[derive(Clone, Copy)]
pub(crate) struct SignIn {
    asked: RwSignal<Option<Question>>,
    /// Whether calls carry a token.
    pub(crate) has_token: RwSignal<bool>,
    /// The token of a link that was opened while another one was held.
    pub(crate) offered: RwSignal<Option<String>>,
    /// How often a token was given.
    given: StoredValue<u32>,
    /// Rings when the person has answered.
    answered: StoredValue<event_listener::Event>,
}

/// The page's sign-in.
pub(crate) fn use_sign_in() -> SignIn {
    expect_context()
}

impl SignIn {
    /// As the page begins, with what its address has brought.
    pub(crate) fn new(brought: Option<LinkToken>) -> Self {
        let sign_in = Self {
            asked: RwSignal::new(None),
            has_token: RwSignal::new(token::get().is_some()),
            offered: RwSignal::new(None),
            given: StoredValue::new(0),
            answered: StoredValue::new(event_listener::Event::new()),
        };
        if let Some(brought) = brought {
            sign_in.meet(brought);
        }
        // A link that differs from the page's address in its end alone loads no page.
        let _ = window_event_listener(ev::popstate, move |event| {
            if let Ok(Some(brought)) = token::take_from_address() {
                // The address is again as it was: the router, which listens behind this, has nowhere to go.
                event.stop_immediate_propagation();
                sign_in.meet(brought);
            }
        });
        sign_in
    }

    /// Asks for a token.
    pub(crate) fn ask(self) {
        self.asked.set(Some(Question::Token));
    }

    /// When `error` says that the server does not know the caller: asks for a token, waits for it, and answers
    /// whether the call is worth another try.
    pub(crate) async fn overcomes(self, error: &CallError) -> bool {
        if error.code != Code::Unauthenticated {
            return false;
        }
        let Some(answer) = self.answered.try_with_value(event_listener::Event::listen) else {
            return false;
        };
        let given = self.given.try_get_value();
        self.ask();
        answer.await;
        self.given.try_get_value() != given
    }

    fn meet(self, brought: LinkToken) {
        match brought {
            LinkToken::Nothing => {}
            LinkToken::Taken => self.go_on(),
            // Who looks at what a link shows is not asked about tokens, least of all in a frame of another page.
            LinkToken::Other { .. } if is_about_a_share(&document::path()) => {}
            LinkToken::Other { held, offered } => {
                self.offered.set(Some(offered));
                spawn_local(self.ask_about_link(held));
            }
        }
    }

    /// Asks whether to go on as before; where that cannot be, because the token that is held is good no more, asks for
    /// one.
    async fn ask_about_link(self, held: String) {
        let is_unknown = is_unknown(&held).await;
        if self.offered.read_untracked().is_none() {
            // Answered meanwhile: a call was refused before this one.
            return;
        }
        if is_unknown {
            self.ask();
        } else if self.asked.get_untracked().is_none() {
            self.asked.set(Some(Question::Link));
        }
    }

    pub(crate) fn is_asked(self, question: Question) -> Memo<bool> {
        Memo::new(move |_| self.asked.get() == Some(question))
    }

    pub(crate) fn sign_in(self, keep: Scope, secret: &str) {
        token::set(keep, secret);
        self.go_on();
    }

    /// There is a token now.
    fn go_on(self) {
        self.has_token.set(true);
        self.given.update_value(|times| *times += 1);
        self.close();
    }

    pub(crate) fn sign_out(self) {
        token::forget();
        self.has_token.set(false);
        self.ask();
    }

    pub(crate) fn close(self) {
        self.asked.set(None);
        self.offered.set(None);
        self.answered.with_value(|answered| {
            answered.notify(usize::MAX);
        });
    }
}
