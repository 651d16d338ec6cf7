//! Why a token was not taken.

use leptos::prelude::*;

use crate::app::{
    notice::ErrorNotice,
    sign_in::state::trial::{Problem, Trial},
    text::{use_text, words},
};

/// Why a token was not taken; empty as long as nothing stands in the way.
#[component]
pub(crate) fn TrialProblem(
    /// Whose.
    trial: Trial,
    /// Its place in the page, for the field that it is about.
    #[prop(optional)]
    id: Option<&'static str>,
) -> impl IntoView {
    view! {
        <div id=id class="field-problems" role="alert">
            {move || trial.problem.get().map(|problem| view! { <ProblemText problem /> })}
        </div>
    }
}

#[component]
fn ProblemText(problem: Problem) -> impl IntoView {
    let text = use_text();
    match problem {
        Problem::Empty => view! { <p>{text.say(words::TOKEN_EMPTY)}</p> }.into_any(),
        Problem::Unknown => view! { <p>{text.say(words::TOKEN_UNKNOWN)}</p> }.into_any(),
        Problem::Call(error) => view! { <ErrorNotice error /> }.into_any(),
    }
}
