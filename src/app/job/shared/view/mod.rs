//! The pages that a link opens.

pub(crate) mod copy;
pub(crate) mod embed;
pub(crate) mod frozen;
pub(crate) mod looks;
pub(crate) mod outputs;
pub(crate) mod page;
