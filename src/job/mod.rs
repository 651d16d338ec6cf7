//! The rules of a job. They exist once: form, server and module ask the same functions.

pub mod comparison;
pub mod config;
pub mod difference;
pub mod draft;
pub mod estimate;
pub mod folder;
pub mod lineage;
pub mod python;
pub mod results;
pub mod yaml;

pub use jobsphere_rules::{
    cancelling, command, lifetime, limits, overrides, return_code, rules, status, timeline, variable, waiting,
};
