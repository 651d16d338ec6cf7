//! Why a submission stopped.

use crate::CallError;

/// Why a submission stopped; asked for again, it goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure<H, S> {
    /// A file could not be read.
    Hash {
        /// Its path.
        file: String,
        /// Why.
        error: H,
    },
    /// The service refused, or was not reached.
    Call(CallError),
    /// A file could not be sent.
    Send {
        /// Its path.
        file: String,
        /// Why.
        error: S,
    },
    /// The service does not hold the content of a file any more that is known by its digest alone.
    NoContent {
        /// Its path.
        file: String,
    },
}

impl<H, S> From<CallError> for Failure<H, S> {
    fn from(error: CallError) -> Self {
        Self::Call(error)
    }
}
