//! The token of a link that was opened while another one is held. Somebody else may have made the link, so that what
//! the person does next happens under their name: it is used only when the person says so.

use leptos::{html, prelude::*};

use super::trial::TrialProblem;
use crate::{
    app::{
        modal::show_while,
        sign_in::state::{Question, trial::Trial, use_sign_in},
        text::{use_text, words},
    },
    browser::{document, storage::Scope, token},
};

/// Asks whether to go on as before or with the token of a link. To leave the question is to go on as before.
#[component]
pub(crate) fn LinkDialog() -> impl IntoView {
    let text = use_text();
    let sign_in = use_sign_in();
    let is_asked = sign_in.is_asked(Question::Link);
    let dialog = NodeRef::<html::Dialog>::new();
    show_while(is_asked.into(), dialog);
    let leave = move |_| {
        if is_asked.get_untracked() {
            sign_in.close();
        }
    };
    view! {
        <dialog
            node_ref=dialog
            class="link-question"
            aria-labelledby="link-token-heading"
            aria-describedby="link-token-text"
            on:close=leave
        >
            <Show when=move || is_asked.get()>
                <h2 id="link-token-heading">{text.say(words::LINK_TOKEN_HEADING)}</h2>
                <p id="link-token-text">{text.say(words::LINK_TOKEN_TEXT)}</p>
                <p>{text.say(words::LINK_TOKEN_RISK)}</p>
                <Choice />
            </Show>
        </dialog>
    }
}

#[component]
fn Choice() -> impl IntoView {
    let text = use_text();
    let sign_in = use_sign_in();
    let trial = Trial::new();
    let what_becomes = if token::is_kept() {
        words::LINK_TOKEN_KEPT
    } else {
        words::LINK_TOKEN_GONE
    };
    let stay = move |_| sign_in.close();
    let switch = move |_| {
        trial.run(sign_in.offered.get_untracked().unwrap_or_default(), |offered| {
            token::hold(offered);
            // The page begins anew: nothing of one caller is left in the memory of the other's page.
            document::reload();
        });
    };
    view! {
        // In the place of the reason, so that nothing moves when there is one.
        <Show when=move || !trial.has_failed()>
            <p class="hint">{text.say(what_becomes)}</p>
        </Show>
        <TrialProblem trial />
        <div class="buttons">
            <button class="button-main" type="button" autofocus on:click=stay>
                {text.say(words::LINK_TOKEN_STAY)}
            </button>
            <button type="button" disabled=move || trial.is_running() on:click=switch>
                {text.say(words::LINK_TOKEN_SWITCH)}
            </button>
        </div>
    }
}

/// Offers the token of a link where one is asked for; empty without one.
#[component]
pub(crate) fn OfferedToken() -> impl IntoView {
    let text = use_text();
    let sign_in = use_sign_in();
    let trial = Trial::new();
    let sign_in_with_it = move |_| {
        let offered = sign_in.offered.get_untracked().unwrap_or_default();
        trial.run(offered, move |offered| sign_in.sign_in(Scope::Tab, offered));
    };
    view! {
        <Show when=move || sign_in.offered.read().is_some()>
            <div class="notice">
                <p>{text.say(words::LINK_TOKEN_OFFER)}</p>
                <p>{text.say(words::LINK_TOKEN_RISK)}</p>
                <button type="button" disabled=move || trial.is_running() on:click=sign_in_with_it>
                    {text.say(words::LINK_TOKEN_USE)}
                </button>
                <TrialProblem trial />
            </div>
        </Show>
    }
}
