//! From a draft to a started job.

pub(crate) mod run;
pub(crate) mod uploads;
