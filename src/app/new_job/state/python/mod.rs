//! What a Python program among the files needs.

pub(crate) mod files;
pub(crate) mod program;
