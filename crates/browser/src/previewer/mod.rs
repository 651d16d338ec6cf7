//! Reading the beginnings of tables, documents and texts away from the page's own thread: what a job wrote may be
//! anything, and the readers are not part of the first load.

pub mod worker;

use super::questions::{Answerer, QuestionError};
use jobsphere_results::{Question, markdown::Node, table::Table};

const WORKER: &str = "previewer";

thread_local! {
    static PREVIEWER: Answerer = Answerer::of(WORKER);
}

fn previewer() -> Answerer {
    PREVIEWER.with(Answerer::clone)
}

/// Rows and columns of a text.
///
/// # Errors
/// [`QuestionError`].
pub async fn table(text: String, delimiter: char, is_whole: bool) -> Result<Table, QuestionError> {
    let question = Question::Table {
        text,
        delimiter,
        is_whole,
    };
    previewer().ask(&question).await
}

/// The blocks of a document.
///
/// # Errors
/// [`QuestionError`].
pub async fn markdown(text: String) -> Result<Vec<Node>, QuestionError> {
    previewer().ask(&Question::Markdown(text)).await
}

/// JSON with a line for each value.
///
/// # Errors
/// [`QuestionError`].
pub async fn json(text: String) -> Result<String, QuestionError> {
    previewer().ask(&Question::Json(text)).await
}
