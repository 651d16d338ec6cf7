//! The worker's side.

use super::{Previewing, Request};
use crate::channel::worker;

/// Listens for questions, and tells the page that it does.
pub fn listen() {
    worker::listen::<Previewing>(async |request: Request, _| request.question.answer(&request.bytes.0.to_vec()));
}
