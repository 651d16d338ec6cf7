//! Tokens are tried before they are used, so that one that is no good replaces nothing.

use leptos::{prelude::*, task::spawn_local};
use tonic::Code;

use crate::{
    app::address::project_of,
    browser::{self, document},
};
use jobsphere_client::CallError;

/// The trial of tokens in one place of the page.
#[derive(Clone, Copy)]
pub(crate) struct Trial {
    is_running: RwSignal<bool>,
    pub(crate) problem: RwSignal<Option<Problem>>,
}

impl Trial {
    pub(crate) fn new() -> Self {
        Self {
            is_running: RwSignal::new(false),
            problem: RwSignal::new(None),
        }
    }

    /// Tries a token, and has a good one taken, unless the person has left the place meanwhile.
    pub(crate) fn run(self, secret: String, take: impl FnOnce(&str) + 'static) {
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

    pub(crate) fn is_running(self) -> bool {
        self.is_running.get()
    }

    pub(crate) fn has_failed(self) -> bool {
        self.problem.read().is_some()
    }
}

/// Why a token was not taken.
#[derive(Clone)]
pub(crate) enum Problem {
    Empty,
    Unknown,
    Call(CallError),
}

/// Whether the server says that it does not know the token.
pub(crate) async fn is_unknown(secret: &str) -> bool {
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
