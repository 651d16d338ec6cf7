//! Signing in: who has a token may call, and a page that was refused goes on where it stood.

use leptos::{ev::SubmitEvent, html, prelude::*, task::spawn_local};
use leptos_router::hooks::use_location;
use tonic::Code;

use super::{notice::ErrorNotice, shell::project_of, text::use_text};
use crate::{
    browser::{self, server, storage::Keep, token},
    client::CallError,
};

const TOKEN: &str = "token";
const PROBLEM: &str = "token-problem";

/// Where signing in stands.
#[derive(Clone, Copy)]
pub(crate) struct SignIn {
    /// Whether the person is being asked.
    is_asked: RwSignal<bool>,
    /// Whether calls carry a token.
    has_token: RwSignal<bool>,
    /// Rings when the person has answered.
    answered: StoredValue<event_listener::Event>,
}

/// The page's sign-in.
pub(crate) fn use_sign_in() -> SignIn {
    expect_context()
}

impl SignIn {
    pub(crate) fn new() -> Self {
        Self {
            is_asked: RwSignal::new(false),
            has_token: RwSignal::new(token::get().is_some()),
            answered: StoredValue::new(event_listener::Event::new()),
        }
    }

    /// Asks for a token.
    pub(crate) fn ask(self) {
        self.is_asked.set(true);
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
        self.ask();
        answer.await;
        self.has_token.try_get_untracked().unwrap_or(false)
    }

    fn sign_in(self, keep: Keep, secret: &str) {
        token::set(keep, secret);
        self.has_token.set(true);
        self.close();
    }

    fn sign_out(self) {
        token::forget();
        self.has_token.set(false);
        self.ask();
    }

    fn close(self) {
        self.is_asked.set(false);
        self.answered.with_value(|answered| {
            answered.notify(usize::MAX);
        });
    }
}

/// The switch in the head: out, or back in after the question was put aside.
#[component]
pub(crate) fn SignInSwitch() -> impl IntoView {
    let text = use_text();
    let sign_in = use_sign_in();
    let was_asked = Memo::new(move |was: Option<&bool>| was.copied().unwrap_or(false) || sign_in.is_asked.get());
    move || match (sign_in.has_token.get(), was_asked.get()) {
        (true, _) => {
            view! { <button type="button" on:click=move |_| sign_in.sign_out()>{text.say("sign-out")}</button> }
                .into_any()
        }
        (false, true) => {
            view! { <button type="button" on:click=move |_| sign_in.ask()>{text.say("sign-in")}</button> }.into_any()
        }
        (false, false) => ().into_any(),
    }
}

/// Asks for a token, over whatever the page shows.
#[component]
pub(crate) fn SignInDialog() -> impl IntoView {
    let text = use_text();
    let sign_in = use_sign_in();
    let dialog = NodeRef::<html::Dialog>::new();
    Effect::new(move || {
        let Some(dialog) = dialog.get() else { return };
        match (sign_in.is_asked.get(), dialog.open()) {
            // Fails only for a dialog that is not in the page.
            (true, false) => drop(dialog.show_modal()),
            (false, true) => dialog.close(),
            _ => {}
        }
    });
    view! {
        <dialog node_ref=dialog aria-labelledby="sign-in-heading" on:close=move |_| sign_in.close()>
            <Show when=move || sign_in.is_asked.get()>
                <h2 id="sign-in-heading">{text.say("sign-in-heading")}</h2>
                <p>{text.say("sign-in-text")}</p>
                {server::current()
                    .map(|url| {
                        let words = move || text.with("sign-in-server", [("url", url.origin().to_owned().into())]);
                        view! { <p>{words}</p> }
                    })}
                <TokenForm />
            </Show>
        </dialog>
    }
}

#[component]
fn TokenForm() -> impl IntoView {
    let text = use_text();
    let sign_in = use_sign_in();
    let path = use_location().pathname;
    let secret = RwSignal::new(String::new());
    let is_kept = RwSignal::new(false);
    let is_checking = RwSignal::new(false);
    let problem = RwSignal::new(None::<Problem>);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let given = secret.get_untracked().trim().to_owned();
        if given.is_empty() {
            return problem.set(Some(Problem::Empty));
        }
        let keep = if is_kept.get_untracked() {
            Keep::Browser
        } else {
            Keep::Tab
        };
        is_checking.set(true);
        spawn_local(async move {
            let refused = check(&given, &project_of(&path.get_untracked())).await;
            is_checking.try_set(false);
            match refused {
                None => sign_in.sign_in(keep, &given),
                Some(refused) => drop(problem.try_set(Some(refused))),
            }
        });
    };
    let put_aside = move |_| sign_in.close();
    view! {
        <form class="sign-in" on:submit=submit novalidate>
            <div class="field">
                <label for=TOKEN>{text.say("token-label")}</label>
                <input
                    id=TOKEN
                    class="code"
                    type="password"
                    autocomplete="current-password"
                    autofocus
                    aria-describedby=PROBLEM
                    aria-invalid=move || problem.read().is_some().to_string()
                    bind:value=secret
                />
                <div id=PROBLEM class="field-problems" role="alert">
                    {move || problem.get().map(|problem| view! { <ProblemText problem /> })}
                </div>
            </div>
            <label class="check">
                <input type="checkbox" bind:checked=is_kept />
                <span>{text.say("token-keep")}</span>
            </label>
            <div class="buttons">
                <button class="button-main" type="submit" disabled=is_checking>{text.say("sign-in")}</button>
                <button type="button" on:click=put_aside>{text.say("sign-in-later")}</button>
            </div>
        </form>
    }
}

/// Why a token was not taken.
#[derive(Clone)]
enum Problem {
    Empty,
    Unknown,
    Call(CallError),
}

#[component]
fn ProblemText(problem: Problem) -> impl IntoView {
    let text = use_text();
    match problem {
        Problem::Empty => view! { <p>{text.say("token-empty")}</p> }.into_any(),
        Problem::Unknown => view! { <p>{text.say("token-unknown")}</p> }.into_any(),
        Problem::Call(error) => view! { <ErrorNotice error /> }.into_any(),
    }
}

/// Tries the token on a call; `None` when it is good, though perhaps not for this project.
async fn check(secret: &str, project: &str) -> Option<Problem> {
    let before = token::get();
    token::set(Keep::Tab, secret);
    let answer = browser::client().list(project, 1, "").await;
    let problem = match answer {
        Ok(_) => return None,
        Err(error) if error.code == Code::Unauthenticated => Problem::Unknown,
        Err(error) if error.is_transient() => Problem::Call(error),
        Err(_) => return None,
    };
    match before {
        Some(before) => token::set(Keep::Tab, &before),
        None => token::forget(),
    }
    Some(problem)
}
