//! Looking into dropped folders away from the page's own thread, and out of its first load: which files are left out,
//! and what a Python program needs.

pub mod worker;

use serde::{Deserialize, Serialize};

use super::channel::{ChannelError, Kept, Work};
use jobsphere_authoring::{
    folder::{LeftOut, Rules},
    python::{Needs, Program},
};

/// What the worker does.
enum Reading {}

impl Work for Reading {
    const WORKER: &'static str = "reader";
    type Request = Question;
    type Progress = ();
    type Answer = Answer;
}

/// What can be asked.
#[derive(Serialize, Deserialize)]
enum Question {
    LeftOut { paths: Vec<String>, rules: Rules },
    Needs(Program),
}

/// To the question of the same name.
#[derive(Serialize, Deserialize)]
enum Answer {
    LeftOut(Vec<Option<LeftOut>>),
    Needs(Needs),
}

thread_local! {
    static READER: Kept<Reading> = Kept::default();
}

async fn ask(question: Question) -> Result<Answer, ChannelError> {
    READER.with(Kept::clone).ask(&question).await
}

/// For each path of a file in a folder, why it is left out by `rules`.
///
/// # Errors
/// [`ChannelError`].
pub async fn left_out(paths: Vec<String>, rules: Rules) -> Result<Vec<Option<LeftOut>>, ChannelError> {
    match ask(Question::LeftOut { paths, rules }).await? {
        Answer::LeftOut(left_out) => Ok(left_out),
        Answer::Needs(_) => Err(ChannelError::mistaken()),
    }
}

/// What a Python program needs.
///
/// # Errors
/// [`ChannelError`].
pub async fn needs(program: Program) -> Result<Needs, ChannelError> {
    match ask(Question::Needs(program)).await? {
        Answer::Needs(needs) => Ok(needs),
        Answer::LeftOut(_) => Err(ChannelError::mistaken()),
    }
}
