//! The job service inside a page, but for what only a browser gives: how its calls travel as bytes, where its files lie,
//! how its rows are written down and its logs kept.
//!
//! What stands under it is given by traits: a [`Journal`](journal::Journal) for the rows, [`Content`](log::Content) for
//! the bytes of a log. In a page these are IndexedDB and the browser's private files; in a test, memory.

use jobsphere_api as api;

pub mod address;
pub mod calls;
pub mod engine;
pub mod journal;
pub mod log;
