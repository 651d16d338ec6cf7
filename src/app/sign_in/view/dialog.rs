//! The question for a token.

use leptos::{ev::SubmitEvent, html, prelude::*};

use super::{link::OfferedToken, trial::TrialProblem};
use crate::{
    app::{
        modal::show_while,
        sign_in::state::{Question, trial::Trial, use_sign_in},
        text::{use_text, words},
    },
    browser::{server, storage::Scope},
};

const TOKEN: &str = "token";
const PROBLEM: &str = "token-problem";

/// Asks for a token, over whatever the page shows.
#[component]
pub(crate) fn SignInDialog() -> impl IntoView {
    let text = use_text();
    let sign_in = use_sign_in();
    let is_asked = sign_in.is_asked(Question::Token);
    let dialog = NodeRef::<html::Dialog>::new();
    show_while(is_asked.into(), dialog);
    let put_aside = move |_| {
        if is_asked.get_untracked() {
            sign_in.close();
        }
    };
    view! {
        <dialog node_ref=dialog aria-labelledby="sign-in-heading" on:close=put_aside>
            <Show when=move || is_asked.get()>
                <h2 id="sign-in-heading">{text.say(words::SIGN_IN_HEADING)}</h2>
                <OfferedToken />
                <p>{text.say(words::SIGN_IN_TEXT)}</p>
                {server::current()
                    .map(|url| {
                        let words = move || text.get(words::SignInServer { url: url.origin().to_owned() });
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
    let secret = RwSignal::new(String::new());
    let is_kept = RwSignal::new(false);
    let trial = Trial::new();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let keep = if is_kept.get_untracked() {
            Scope::Browser
        } else {
            Scope::Tab
        };
        let given = secret.get_untracked().trim().to_owned();
        trial.run(given, move |given| sign_in.sign_in(keep, given));
    };
    let put_aside = move |_| sign_in.close();
    view! {
        <form class="sign-in" on:submit=submit novalidate>
            <div class="field">
                <label for=TOKEN>{text.say(words::TOKEN_LABEL)}</label>
                <input
                    id=TOKEN
                    class="code"
                    type="password"
                    autocomplete="current-password"
                    autofocus
                    aria-describedby=PROBLEM
                    aria-invalid=move || trial.has_failed().to_string()
                    bind:value=secret
                />
                <TrialProblem trial id=PROBLEM />
            </div>
            <label class="check">
                <input type="checkbox" bind:checked=is_kept />
                <span>{text.say(words::TOKEN_KEEP)}</span>
            </label>
            <div class="buttons">
                <button class="button-main" type="submit" disabled=move || trial.is_running()>
                    {text.say(words::SIGN_IN)}
                </button>
                <button type="button" on:click=put_aside>{text.say(words::SIGN_IN_LATER)}</button>
            </div>
        </form>
    }
}
