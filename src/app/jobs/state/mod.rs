//! What the app knows of a project's jobs, and what is asked of the list.

pub(crate) mod bulk_action;
pub(crate) mod list;
pub(crate) mod loaded_jobs;
pub(crate) mod numbers;
pub(crate) mod search;
