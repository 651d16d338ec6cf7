//! What a job left, as a person looks at it: the tree of its outputs, what kind each file is, and the beginnings of
//! tables, texts and documents in a form that a page can show without believing anything in them.

pub mod bundle;
pub mod decoding;
pub mod frozen;
pub mod json;
pub mod kind;
pub mod listing;
pub mod look;
pub mod markdown;
pub mod pictures;
pub mod plot;
pub mod table;
pub mod tree;

use jobsphere_api as api;
pub use jobsphere_rules::{nearest, too_large};
