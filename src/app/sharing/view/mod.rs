//! The pages of links.

pub(crate) mod choice;
pub(crate) mod findings;
pub(crate) mod links;
pub(crate) mod made;
pub(crate) mod page;
