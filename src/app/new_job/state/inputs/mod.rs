//! What the inputs of a draft are made of.

pub(crate) mod ahead;
pub(crate) mod configs;
pub(crate) mod contents;
pub(crate) mod editing;
pub(crate) mod fetched;
pub(crate) mod job_outputs;
pub(crate) mod serving;
pub(crate) mod sorted;
pub(crate) mod source;
pub(crate) mod taking;
