//! Tokens are tried before they are used, so that one that is no good replaces nothing.

use leptos::{prelude::*, task::spawn_local};
use tonic::Code;

use crate::{
    app::{
        notice::ErrorNotice,
        shell::project_of,
        text::{use_text, words},
    },
    browser::{self, document},
    client::CallError,
};

/// The trial of tokens in one place of the page.
#[derive(Clone, Copy)]
pub(super) struct Trial {
    is_running: RwSignal<bool>,
    problem: RwSignal<Option<Problem>>,
}

impl Trial {
    pub(super) fn new() -> Self {
        Self {
            is_running: RwSignal::new(false),
            problem: RwSignal::new(None),
        }
    }

    /// Tries a token, and has a good one taken, unless the person has left the place meanwhile.
    pub(super) fn run(self, secret: String, take: impl FnOnce(&str) + 'static) {
        if secret.is_empty() {
            return self.problem.set(Some(Problem::Empty));
        }
        self.is_running.set(true);
        spawn_local(async move {
            let problem = problem_of(&secret).await;
            let is_left = self.is_running.try_set(false).is_some();
            match problem {
                _ if is_left => {}
                None => take(&secret),
                Some(problem) => drop(self.problem.try_set(Some(problem))),
            }
        });
    }

    pub(super) fn is_running(self) -> bool {
        self.is_running.get()
    }

    pub(super) fn has_failed(self) -> bool {
        self.problem.read().is_some()
    }
}

/// Why a token was not taken; empty as long as nothing stands in the way.
#[component]
pub(super) fn TrialProblem(
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
        Problem::Empty => view! { <p>{text.say(words::TOKEN_EMPTY)}</p> }.into_any(),
        Problem::Unknown => view! { <p>{text.say(words::TOKEN_UNKNOWN)}</p> }.into_any(),
        Problem::Call(error) => view! { <ErrorNotice error /> }.into_any(),
    }
}

/// Whether the server says that it does not know the token.
pub(super) async fn is_unknown(secret: &str) -> bool {
    matches!(problem_of(secret).await, Some(Problem::Unknown))
}

/// Tries the token on a call; `None` when it is good, though perhaps not for this project.
async fn problem_of(secret: &str) -> Option<Problem> {
    // No header holds anything else, and no server makes such a token.
    if !secret.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Some(Problem::Unknown);
    }
    let project = project_of(&document::path());
    match browser::holder(secret).list(&project, 1, "").await {
        Ok(_) => None,
        Err(error) if error.code == Code::Unauthenticated => Some(Problem::Unknown),
        Err(error) if error.is_transient() => Some(Problem::Call(error)),
        Err(_) => None,
    }
}
