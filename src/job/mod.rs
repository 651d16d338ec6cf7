//! The rules of a job. They exist once: form, server and module ask the same functions.

pub mod command;
pub mod config;
pub mod difference;
pub mod draft;
pub mod folder;
pub mod limits;
pub mod overrides;
pub mod python;
pub mod results;
pub mod rules;
pub mod status;
pub mod variable;
pub mod yaml;
