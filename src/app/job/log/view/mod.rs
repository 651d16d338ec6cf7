//! The log on a page.

pub(crate) mod ahead;
pub(crate) mod find;
pub(crate) mod hotkeys;
pub(crate) mod links;
pub(crate) mod look;
pub(crate) mod menu;
pub(crate) mod panel;
pub(crate) mod rows;
pub(crate) mod save;
mod service;
pub(crate) mod sources;
pub(crate) mod status;
pub(crate) mod toolbar;
