//! The form on the page.

pub(crate) mod command;
pub(crate) mod config;
mod control;
pub(crate) mod differences;
pub(crate) mod drafts;
pub(crate) mod examples;
pub(crate) mod field;
pub(crate) mod further_values;
pub(crate) mod group;
pub(crate) mod inputs;
pub(crate) mod misfits;
pub(crate) mod offered_draft;
pub(crate) mod offers;
pub(crate) mod options;
pub(crate) mod problems;
pub(crate) mod restored;
pub(crate) mod rows;
pub(crate) mod submission;
