//! Drafts that this browser holds.

pub(crate) mod saved;
pub(crate) mod sending;
pub(crate) mod store;
pub(crate) mod stored_source;
