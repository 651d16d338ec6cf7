//! The rules of a job. They exist once: form, server and module ask the same functions.

pub mod cancelling;
pub mod command;
pub mod comparison;
pub mod config;
pub mod difference;
pub mod draft;
pub mod estimate;
pub mod folder;
pub mod lifetime;
pub mod limits;
pub mod lineage;
pub mod overrides;
pub mod python;
pub mod results;
pub mod return_code;
pub mod rules;
pub mod status;
pub mod timeline;
pub mod variable;
pub mod waiting;
pub mod yaml;
