//! Outputs as a tree, and a look into each.

pub(crate) mod archive;
pub(crate) mod download;
pub(crate) mod missing;
pub(crate) mod preview;
pub(crate) mod tree;
pub(crate) mod unnamed;
