//! `DownloadJobFiles`: fresh addresses for files of a job.

use super::{Caller, JobService, Role, ServiceError, files, jobs::job_id};
use crate::{
    api::{
        jobs::{self, File, Job, StorageFile},
        sha256::Sha256,
    },
    job::status::Forbidden,
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
        if job.data_cleared {
            return Err(ServiceError::Forbidden {
                action: "DownloadJobFiles",
                reason: Forbidden::DataCleared,
            });
        }
        let project = self.project_id(&job.project_id)?;
        let mut download_files = Vec::with_capacity(request.files.len());
        for asked in &request.files {
            let file = find(&job, asked).ok_or_else(|| unknown(asked))?;
            let sha256 = Sha256::parse(&file.sha256).map_err(|_| unknown(asked))?;
            if !self.blobs.holds(&project, sha256).await? {
                return Err(unknown(asked));
            }
            download_files.push(StorageFile {
                url: self.blobs.download_url(&caller.origin, &project, file),
                file: Some(file.clone()),
            });
        }
        Ok(jobs::DownloadProjectJobFilesResponse { download_files })
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
