//! `DownloadJobFiles`: fresh addresses for files of a job.

use super::{Caller, JobService, Role, ServiceError, files, jobs::job_id, page::Page};
use crate::{
    api::{
        jobs::{self, File, Job, StorageFile},
        sha256::Sha256,
    },
    job::{limits, status::Forbidden},
};

impl JobService {
    pub(super) async fn download_files(
        &self,
        caller: &Caller,
        request: jobs::DownloadProjectJobFilesRequest,
    ) -> Result<jobs::DownloadProjectJobFilesResponse, ServiceError> {
        let job = self.job_for(caller, Role::Viewer, &job_id(&request.job_id)?).await?.job;
        if request.files.is_empty() {
            return Err(ServiceError::Field {
                field: "files",
                problem: "must name at least one file".into(),
            });
        }
        if request.files.len() > limits::MAX_DOWNLOADS {
            return Err(too_many());
        }
        if job.data_cleared {
            return Err(ServiceError::Forbidden {
                action: "DownloadJobFiles",
                reason: Forbidden::DataCleared,
            });
        }
        let project = self.project_id(&job.project_id)?;
        let mut answer = Page::new(limits::MAX_DOWNLOADS);
        for asked in &request.files {
            let file = find(&job, asked).ok_or_else(|| unknown(asked))?;
            let sha256 = Sha256::parse(&file.sha256).map_err(|_| unknown(asked))?;
            if !self.blobs.holds(&project, sha256).await? {
                return Err(unknown(asked));
            }
            let is_added = answer.add(StorageFile {
                url: self.blobs.download_url(&caller.origin, &project, file),
                file: Some(file.clone()),
            });
            if !is_added {
                return Err(too_many());
            }
        }
        Ok(jobs::DownloadProjectJobFilesResponse {
            download_files: answer.into_entries(),
        })
    }
}

fn too_many() -> ServiceError {
    ServiceError::Field {
        field: "files",
        problem: "are more than fit into one answer: ask for them in parts".into(),
    }
}

/// The job's file with the asked content, and with the asked path where one was given.
fn find<'a>(job: &'a Job, asked: &File) -> Option<&'a File> {
    let path = asked.desc.as_ref().map(|desc| desc.path.as_str()).unwrap_or_default();
    files::all(job)
        .filter(|file| file.sha256 == asked.sha256)
        .find(|file| path.is_empty() || file.desc.as_ref().is_some_and(|desc| desc.path == path))
}

fn unknown(file: &File) -> ServiceError {
    let path = file.desc.as_ref().map(|desc| desc.path.as_str()).unwrap_or_default();
    ServiceError::NotFound {
        kind: "file of this job",
        id: format!("{path} (sha256 {})", file.sha256),
    }
}
