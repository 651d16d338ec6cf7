//! What a link is to show.

pub(crate) mod choice;
