//! The list on the page.

pub(crate) mod act;
pub(crate) mod all_data;
pub(crate) mod columns;
pub(crate) mod consequences;
pub(crate) mod count;
pub(crate) mod filters;
pub(crate) mod row;
pub(crate) mod selection;
pub(crate) mod table;
