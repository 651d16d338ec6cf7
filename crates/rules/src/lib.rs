//! The rules of a job, and how its states read. They exist once: form, server and module ask the same functions.

use jobsphere_api as api;

pub mod cancelling;
pub mod command;
pub mod estimate;
pub mod lifetime;
pub mod limits;
pub mod nearest;
pub mod overrides;
pub mod return_code;
pub mod rules;
pub mod service_line;
pub mod shown;
pub mod signal;
pub mod status;
pub mod timeline;
pub mod too_large;
pub mod variable;
pub mod waiting;
