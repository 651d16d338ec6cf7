//! Which files belong to a job.

use super::Change;
use crate::api::{
    id::{JobId, ProjectId},
    jobs::{File, Job, JobParameters},
    sha256::Sha256,
};

/// Everything a client sends: inputs, then local modules.
pub(super) fn sent(parameters: &JobParameters) -> impl Iterator<Item = &File> {
    let modules = parameters
        .env
        .iter()
        .flat_map(|env| &env.python_env)
        .flat_map(|python| &python.local_modules);
    parameters.input_files.iter().chain(modules)
}

/// What was sent, and what the job made.
pub(super) fn all(job: &Job) -> impl Iterator<Item = &File> {
    job.job_parameters
        .iter()
        .flat_map(sent)
        .chain(&job.output_files)
        .chain(&job.log_files)
        .chain(&job.diagnostic_files)
}

/// Size of the job's data in bytes; nothing once it was dropped.
pub(super) fn size_bytes(job: &Job) -> i64 {
    if job.data_cleared {
        return 0;
    }
    all(job).fold(0, |sum, file| sum.saturating_add(file.size_bytes.max(0)))
}

/// What keeps the job's files: nothing once its data was dropped.
pub(super) fn needed(id: &JobId, project: &ProjectId, job: &Job) -> Change {
    let files = all(job).filter(|_| !job.data_cleared);
    Change::SetFiles {
        job: id.clone(),
        project: project.clone(),
        files: files.filter_map(|file| Sha256::parse(&file.sha256).ok()).collect(),
    }
}
