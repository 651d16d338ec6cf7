//! Sharing a job with those who have no access: making links, and ending them.

mod state;
mod view;

pub(crate) use self::view::{links::SharesPage, page::SharePage};

use super::shell::project_address;

/// Address of the page that shares a job.
pub(crate) fn share_address(project: &str, job_id: &str) -> String {
    project_address(project, &format!("jobs/{job_id}/share"))
}
