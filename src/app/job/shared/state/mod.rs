//! What a link tells of its job.

pub(crate) mod looks;
pub(crate) mod watch;
