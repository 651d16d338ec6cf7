//! From a draft to a started job.

mod hands;
pub(crate) mod run;
