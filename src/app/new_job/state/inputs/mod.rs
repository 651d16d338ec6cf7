//! What the inputs of a draft are made of.

pub(crate) mod ahead;
pub(crate) mod job_outputs;
pub(crate) mod sorted;
pub(crate) mod source;
