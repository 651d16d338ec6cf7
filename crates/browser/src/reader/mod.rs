//! Looking into dropped folders away from the page's own thread, and out of its first load: which files are left out,
//! and what a Python program needs.

pub mod worker;

use super::questions::{Answerer, QuestionError};
use jobsphere_authoring::{
    folder::{LeftOut, Rules},
    python::{self, Needs, Program},
};

/// The name of the worker.
const WORKER: &str = "reader";

/// What can be asked.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
enum Question {
    LeftOut { paths: Vec<String>, rules: Rules },
    Needs(Program),
}

impl Question {
    fn answer(self) -> serde_json::Result<String> {
        match self {
            Self::LeftOut { paths, rules } => serde_json::to_string(&rules.left_out(&paths)),
            Self::Needs(program) => serde_json::to_string(&python::read(&program)),
        }
    }
}

thread_local! {
    static READER: Answerer = Answerer::of(WORKER);
}

/// For each path of a file in a folder, why it is left out by `rules`.
///
/// # Errors
/// [`QuestionError`].
pub async fn left_out(paths: Vec<String>, rules: Rules) -> Result<Vec<Option<LeftOut>>, QuestionError> {
    let reader = READER.with(Answerer::clone);
    reader.ask(&Question::LeftOut { paths, rules }).await
}

/// What a Python program needs.
///
/// # Errors
/// [`QuestionError`].
pub async fn needs(program: Program) -> Result<Needs, QuestionError> {
    let reader = READER.with(Answerer::clone);
    reader.ask(&Question::Needs(program)).await
}
