//! Outputs of jobs as inputs of the new one: known to the service by their content, so nothing of them is moved.

use std::collections::BTreeMap;

use crate::{
    api::jobs::{File, FileCompressionType, Job},
    app::new_job::state::form::Form,
    browser,
};
use jobsphere_authoring::draft::{InputContent, InputRow};
use jobsphere_client::CallError;

/// Adds the outputs as inputs; answers with how many there are, and with those that no service holds any more.
///
/// # Errors
/// [`CallError`] of a job that cannot be read.
pub(crate) async fn take(form: Form, places: &[String]) -> Result<(usize, Vec<String>), CallError> {
    let mut jobs: BTreeMap<&str, Job> = BTreeMap::new();
    let (mut rows, mut gone) = (Vec::new(), Vec::new());
    for place in places {
        let (job_id, path) = place.split_once('/').unwrap_or((place, ""));
        if !jobs.contains_key(job_id) {
            jobs.insert(job_id, browser::client().job(job_id).await?);
        }
        match jobs.get(job_id).and_then(|job| row(job, path)) {
            Some(row) => rows.push(row),
            None => gone.push(path.to_owned()),
        }
    }
    let count = rows.len();
    form.add_known(rows);
    Ok((count, gone))
}

fn row(job: &Job, path: &str) -> Option<InputRow> {
    let is_it = |file: &&File| file.desc.as_ref().is_some_and(|desc| desc.path == path);
    let file = job.output_files.iter().find(is_it).filter(|_| !job.data_cleared)?;
    Some(InputRow {
        path: path.to_owned(),
        content: InputContent::held(&*file.sha256, file.size_bytes),
        is_folder: file.compression_type() == FileCompressionType::Zip,
        ..InputRow::default()
    })
}
