//! What a link tells of its job.

pub(crate) mod watch;
