//! A folder that becomes an input: which of its files are sent, how they are shown, and the archive they make.

mod find;
mod pack;
mod rules;
mod tree;

pub use find::{Found, Index};
pub use pack::{Packer, Piece};
pub use rules::{LeftOut, Rules, USUAL_RULES};
pub use tree::{Entry, Node};

/// The last part of a path, by which a folder's archive calls it.
pub fn base_name(path: &str) -> &str {
    let path = path.trim_end_matches('/');
    path.rsplit('/').next().unwrap_or(path)
}

/// The folder of a file or folder; empty for the outermost.
pub fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}
