//! The worker's side.

use super::Previewing;
use crate::channel::worker;
use jobsphere_results::Question;

/// Listens for questions, and tells the page that it does.
pub fn listen() {
    worker::listen::<Previewing>(async |question: Question, _| question.answer());
}
