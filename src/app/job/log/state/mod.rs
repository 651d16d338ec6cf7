//! What the log's worker tells, as signals, and what a page asks of it.

pub(crate) mod address;
pub(crate) mod aloud;
pub(crate) mod answers;
pub(crate) mod copy;
pub(crate) mod goto;
pub(crate) mod log;
pub(crate) mod marking;
pub(crate) mod reading;
pub(crate) mod save;
pub(crate) mod stage;
