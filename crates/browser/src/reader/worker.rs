//! The worker's side.

use super::{Answer, Question, Reading};
use crate::channel::worker;
use jobsphere_authoring::python;

/// Listens for questions, and tells the page that it does.
pub fn listen() {
    worker::listen::<Reading>(async |question, _| answer(question));
}

fn answer(question: Question) -> Answer {
    match question {
        Question::LeftOut { paths, rules } => Answer::LeftOut(rules.left_out(&paths)),
        Question::Needs(program) => Answer::Needs(python::read(&program)),
    }
}
