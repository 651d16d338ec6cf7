//! What a reader of a log sees, without the browser: where the view stands in the rows, how it is kept in the address,
//! which pieces a row has, and what its time says.

pub mod cache;
pub mod keys;
pub mod pieces;
pub mod place;
pub mod scroll;
pub mod settings;
pub mod sources;
pub mod times;
