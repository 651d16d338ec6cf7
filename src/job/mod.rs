//! The rules of a job. They exist once: form, server and module ask the same functions.

pub mod command;
pub mod comparison;
pub mod config;
pub mod difference;
pub mod draft;
pub mod folder;
pub mod limits;
pub mod lineage;
pub mod overrides;
pub mod python;
pub mod rules;
pub mod status;
pub mod variable;
pub mod yaml;
