//! Reading the beginnings of tables, documents and texts away from the page's own thread: what a job wrote may be
//! anything, and the readers are not part of the first load.

pub mod worker;

use super::channel::{ChannelError, Kept, Work};
use jobsphere_results::{Answer, Question, markdown::Node, table::Table};

/// What the worker does.
enum Previewing {}

impl Work for Previewing {
    const WORKER: &'static str = "previewer";
    type Request = Question;
    type Progress = ();
    type Answer = Answer;
}

thread_local! {
    static PREVIEWER: Kept<Previewing> = Kept::default();
}

async fn ask(question: Question) -> Result<Answer, ChannelError> {
    PREVIEWER.with(Kept::clone).ask(&question).await
}

/// Rows and columns of a text.
///
/// # Errors
/// [`ChannelError`].
pub async fn table(text: String, delimiter: char, is_whole: bool) -> Result<Table, ChannelError> {
    let question = Question::Table {
        text,
        delimiter,
        is_whole,
    };
    match ask(question).await? {
        Answer::Table(table) => Ok(table),
        _ => Err(ChannelError::mistaken()),
    }
}

/// The blocks of a document.
///
/// # Errors
/// [`ChannelError`].
pub async fn markdown(text: String) -> Result<Vec<Node>, ChannelError> {
    match ask(Question::Markdown(text)).await? {
        Answer::Markdown(blocks) => Ok(blocks),
        _ => Err(ChannelError::mistaken()),
    }
}

/// JSON with a line for each value.
///
/// # Errors
/// [`ChannelError`].
pub async fn json(text: String) -> Result<String, ChannelError> {
    match ask(Question::Json(text)).await? {
        Answer::Json(text) => Ok(text),
        _ => Err(ChannelError::mistaken()),
    }
}
