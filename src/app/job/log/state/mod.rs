//! What the log's worker tells, as signals, and what a page asks of it.

pub(crate) mod address;
pub(crate) mod answers;
pub(crate) mod goto;
pub(crate) mod links;
pub(crate) mod log;
pub(crate) mod reading;
pub(crate) mod stage;
