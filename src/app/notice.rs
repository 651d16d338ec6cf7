//! What went wrong: a sentence, what to do, and the details for whoever asks.

use leptos::prelude::*;
use tonic::Code;

use super::{
    connection::Lost,
    text::{Message, Text, use_text, words},
    time::use_now,
};
use jobsphere_client::{CallError, between::Between};
use jobsphere_names::said;

/// The message that says what an answer with this code means.
pub(crate) fn message_of(code: Code) -> Message {
    match code {
        Code::Unavailable | Code::DeadlineExceeded => words::ERROR_UNAVAILABLE,
        Code::NotFound => words::ERROR_NOT_FOUND,
        Code::InvalidArgument | Code::OutOfRange => words::ERROR_INVALID,
        Code::FailedPrecondition => words::ERROR_PRECONDITION,
        Code::PermissionDenied => words::ERROR_PERMISSION,
        Code::Unauthenticated => words::ERROR_UNAUTHENTICATED,
        Code::ResourceExhausted => words::ERROR_EXHAUSTED,
        Code::Unimplemented => words::ERROR_UNIMPLEMENTED,
        Code::AlreadyExists | Code::Aborted => words::ERROR_CONFLICT,
        Code::Cancelled => words::ERROR_CANCELLED,
        Code::Ok | Code::Unknown | Code::Internal | Code::DataLoss => words::ERROR_INTERNAL,
    }
}

/// The name a code has in the specification, such as `NOT_FOUND`.
pub(crate) fn code_name(code: Code) -> String {
    let mut name = String::new();
    for letter in format!("{code:?}").chars() {
        if letter.is_uppercase() && !name.is_empty() {
            name.push('_');
        }
        name.extend(letter.to_uppercase());
    }
    name
}

/// What it means that something on the way answered in the server's place.
pub(crate) fn between_said(text: Text, between: &Between) -> String {
    let server = match between.server.as_str() {
        "" => text.get(words::BETWEEN_UNNAMED),
        named => named.to_owned(),
    };
    if between.is_about_size() {
        text.get(words::BetweenSize { server })
    } else {
        let status = between.status.to_string();
        text.get(words::BetweenOther { server, status })
    }
}

/// What whoever the service does not know can do about it.
#[derive(Clone, Copy)]
pub(crate) struct SignInAction(pub(crate) Callback<()>);

/// A failed call.
#[component]
pub(crate) fn ErrorNotice(
    /// What failed.
    error: CallError,
) -> impl IntoView {
    let text = use_text();
    let sentence = {
        let (code, between) = (error.code, error.between.clone());
        move || match &between {
            Some(between) if !between.is_passing() => between_said(text, between),
            _ => text.get(message_of(code)),
        }
    };
    let code = code_name(error.code);
    let violations = error.violations.clone();
    let SignInAction(sign_in) = expect_context();
    let is_unknown = error.code == Code::Unauthenticated;
    // Here the service's own words are what helps.
    let says_what = matches!(
        error.code,
        Code::FailedPrecondition | Code::InvalidArgument | Code::OutOfRange
    );
    view! {
        <div class="notice notice-bad" role="alert">
            <p>{sentence}</p>
            {is_unknown
                .then(|| view! { <button type="button" on:click=move |_| sign_in.run(())>{text.say(words::SIGN_IN)}</button> })}
            <details open=says_what>
                <summary>{text.say(words::ERROR_DETAILS)}</summary>
                <p><code>{code}</code></p>
                <p class="as-written">{said(&error.message).into_owned()}</p>
                <ul>
                    {violations
                        .into_iter()
                        .map(|violation| view! { <li><code>{violation.field}</code>": " {said(&violation.description).into_owned()}</li> })
                        .collect_view()}
                </ul>
            </details>
        </div>
    }
}

/// Says that the connection is gone and when it is tried again; empty while it holds.
#[component]
pub(crate) fn ConnectionBanner(
    /// The loss, if there is one.
    #[prop(into)]
    lost: Signal<Option<Lost>>,
) -> impl IntoView {
    let text = use_text();
    let now = use_now();
    let seconds = move |lost: &Lost| (lost.retry_at_ms - now.get() + 999).max(0) / 1000;
    move || {
        lost.get().map(|lost| {
            let details = format!("{}: {}", code_name(lost.error.code), lost.error.message);
            view! {
                <div class="notice notice-warn banner">
                    <p role="alert">{text.say(words::CONNECTION_LOST)}</p>
                    <p aria-live="off">
                        {move || text.get(words::ConnectionRetry { seconds: seconds(&lost) })}
                    </p>
                    <details>
                        <summary>{text.say(words::ERROR_DETAILS)}</summary>
                        <p class="as-written">{said(&details).into_owned()}</p>
                    </details>
                </div>
            }
        })
    }
}
