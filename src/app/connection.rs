//! A connection to the service that does not hold.

use jobsphere_client::CallError;

/// A connection that is gone for now.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Lost {
    /// Why.
    pub(crate) error: CallError,
    /// When it is tried again, in milliseconds since the epoch.
    pub(crate) retry_at_ms: i64,
}
