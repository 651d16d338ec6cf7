//! Drafts that this browser keeps.

pub(crate) mod store;
pub(crate) mod stored_source;
