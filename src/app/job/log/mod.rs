//! The log of a job.

pub(crate) mod state;
pub(crate) mod view;
