//! The comparison on the page.

pub(crate) mod columns;
pub(crate) mod curves;
pub(crate) mod log;
pub(crate) mod picker;
pub(crate) mod runs;
pub(crate) mod switch;
pub(crate) mod table;
pub(crate) mod verdict;
