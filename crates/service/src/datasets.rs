//! Datasets: folders that one job has made and others of its project read.

use tonic::Code;

use super::{Change, DatasetRecord, JobService, Outcome, ServiceError, Task};
use crate::api::{
    any,
    id::{DatasetId, ProjectId},
    jobs::{FileUploadError, Job, JobParameters, JobStatus, file_upload_error::ErrorType},
    operation::operation::Result as Answer,
    rpc::Status,
};

impl JobService {
    /// Lets pass what names datasets of this project alone; one of another project is as unknown as one that never
    /// was.
    pub(super) async fn check_datasets(
        &self,
        project: &ProjectId,
        parameters: &JobParameters,
    ) -> Result<(), ServiceError> {
        for id in &parameters.dataset_ids {
            let found = match DatasetId::parse(id) {
                Ok(id) => self.store.dataset(&id).await?,
                Err(_) => None,
            };
            if found.is_none_or(|dataset| dataset.project_id != *project) {
                return Err(ServiceError::NotFound {
                    kind: "dataset",
                    id: id.clone(),
                });
            }
        }
        Ok(())
    }
}

/// What makes the datasets of `outcome` known, together with the end of their job.
pub(super) fn known(task: &Task, outcome: &Outcome, now_micros: i64) -> Vec<Change> {
    let Outcome::Finished { output_datasets, .. } = outcome else {
        return Vec::new();
    };
    let records = output_datasets.iter().filter_map(|dataset| {
        Some(DatasetRecord {
            id: DatasetId::parse(&dataset.id).ok()?,
            project_id: task.project_id.clone(),
            job_id: task.job_id.clone(),
            desc: dataset.desc.clone()?,
            created_micros: now_micros,
        })
    });
    records.map(|record| Change::PutDataset(Box::new(record))).collect()
}

/// The command did its part and its datasets could not be kept: an ERROR of the job and of its operation, with what
/// is wrong with each dataset in the details.
pub(super) fn refused(job: &mut Job, errors: Vec<FileUploadError>) -> Answer {
    let sentences: Vec<&str> = errors.iter().map(|error| error.description.as_str()).collect();
    let message = sentences.join("\n");
    let is_missing = errors.iter().any(|error| error.r#type() == ErrorType::NotFound);
    let code = match is_missing {
        true => Code::FailedPrecondition,
        false => Code::ResourceExhausted,
    };
    let details = errors.iter().map(any::pack).collect();
    job.set_status(JobStatus::Error);
    job.status_details = message.clone();
    job.file_errors.extend(errors);
    Answer::Error(Status {
        code: code.into(),
        message,
        details,
    })
}
