//! The questions about a token, and the switch in the head.

pub(crate) mod dialog;
pub(crate) mod link;
pub(crate) mod switch;
pub(crate) mod trial;
