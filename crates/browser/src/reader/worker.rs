//! The worker's side.

use super::{super::questions, Question};

/// Listens for questions, and tells the page that it does.
pub fn listen() {
    questions::worker::listen(Question::answer);
}
