//! The switch in the head of the page.

use leptos::prelude::*;

use crate::app::{
    sign_in::state::{Question, use_sign_in},
    text::{use_text, words},
};

/// The switch in the head: out, or back in after the question was put aside.
#[component]
pub(crate) fn SignInSwitch() -> impl IntoView {
    let text = use_text();
    let sign_in = use_sign_in();
    let is_asked = sign_in.is_asked(Question::Token);
    let was_asked = Memo::new(move |was: Option<&bool>| was.copied().unwrap_or(false) || is_asked.get());
    move || match (sign_in.has_token.get(), was_asked.get()) {
        (true, _) => {
            view! { <button type="button" on:click=move |_| sign_in.sign_out()>{text.say(words::SIGN_OUT)}</button> }
                .into_any()
        }
        (false, true) => {
            view! { <button type="button" on:click=move |_| sign_in.ask()>{text.say(words::SIGN_IN)}</button> }
                .into_any()
        }
        (false, false) => ().into_any(),
    }
}
