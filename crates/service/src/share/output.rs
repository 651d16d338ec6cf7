//! The bytes of an output that a link names.

use super::{Holder, request::made};
use crate::{
    JobService, ServiceError,
    api::{id::ProjectId, jobs::FileCompressionType, sha256::Sha256},
};

/// Where an output's bytes are, for the host, which gives them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SharedContent {
    /// The project that holds them.
    pub project: ProjectId,
    /// Their name.
    pub sha256: Sha256,
    /// The path the job calls them by, swept.
    pub path: String,
    /// Whether they are an archive of a folder.
    pub is_zip: bool,
}

impl JobService {
    /// The output at this place of the link's parts.
    ///
    /// # Errors
    /// One and the same NOT_FOUND, whatever is wrong with the link, and also when it names no such output or its bytes
    /// are not there.
    pub async fn shared_output(&self, holder: &Holder, index: usize) -> Result<SharedContent, ServiceError> {
        let holder = self.in_force(holder).await?;
        let held = holder.held();
        let parts = held.parts();
        let path = parts.outputs.get(index).ok_or(ServiceError::NoShare)?;
        let job = &held.job.job;
        let file = made(job, path).ok_or(ServiceError::NoShare)?;
        let project = self.project_id(&job.project_id)?;
        let sha256 = Sha256::parse(&file.sha256).map_err(|_| ServiceError::NoShare)?;
        if !self.blobs.holds(&project, sha256).await? {
            return Err(ServiceError::NoShare);
        }
        let rules = self.rules(job, &parts, &held.share.share.hidden_texts).await?;
        self.note_use(holder.share_id(), 0).await;
        Ok(SharedContent {
            project,
            sha256,
            path: rules.clean(path).0,
            is_zip: file.compression_type() == FileCompressionType::Zip,
        })
    }
}
