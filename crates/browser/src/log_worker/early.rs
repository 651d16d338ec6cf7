//! A worker that starts while the page that needs it is still being loaded.

use std::cell::RefCell;

use super::Logging;
use crate::channel::{ChannelError, Starting, Work};

thread_local! {
    static EARLY: RefCell<Option<Starting>> = const { RefCell::new(None) };
}

/// Starts the worker, for a page that opens a log soon. What fails now is told by who opens it. What the worker says is
/// read there, too: here, in the part of the app that every page loads, it would be read for nothing.
pub fn start() {
    EARLY.set(Starting::new(Logging::WORKER).ok());
}

/// The worker that was started, else a new one.
pub(super) fn take() -> Result<Starting, ChannelError> {
    let early = EARLY.take().filter(|early| !early.has_failed());
    early.map_or_else(|| Starting::new(Logging::WORKER), Ok)
}
