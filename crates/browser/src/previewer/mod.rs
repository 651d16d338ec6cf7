//! Reading the beginnings of tables, documents and texts away from the page's own thread: what a job wrote may be
//! anything, and the readers are not part of the first load.

pub mod worker;

use js_sys::Uint8Array;
use serde::{Deserialize, Serialize};

use super::channel::{Beside, ChannelError, Kept, Work};
use jobsphere_results::look::{Answer, Question};

/// What the worker does.
enum Previewing {}

/// A question about bytes, which travel beside it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Request {
    question: Question,
    bytes: Beside<Uint8Array>,
}

impl Work for Previewing {
    const WORKER: &'static str = "previewer";
    type Request = Request;
    type Progress = ();
    type Answer = Answer;
}

thread_local! {
    static PREVIEWER: Kept<Previewing> = Kept::default();
}

/// What a file that begins with `bytes` shows.
///
/// # Errors
/// [`ChannelError`].
pub async fn look(question: Question, bytes: &[u8]) -> Result<Answer, ChannelError> {
    let bytes = Beside(Uint8Array::from(bytes));
    PREVIEWER.with(Kept::clone).ask(&Request { question, bytes }).await
}
