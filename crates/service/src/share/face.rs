//! What of a link is told to everyone, without its secret: what its maker has allowed.

use crate::{
    JobService, ServiceError,
    api::{id::ShareId, jobs::JobStatus, share::ShareParts},
};

/// What a preview, a badge or a frame may show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Face {
    /// The job's name, swept; empty when it has none.
    pub name: String,
    /// The state the job is in.
    pub status: JobStatus,
    /// Whether a preview may tell these.
    pub allow_preview: bool,
    /// Whether a badge may.
    pub allow_badge: bool,
    /// Whether pages elsewhere may frame the link's page.
    pub allow_embed: bool,
}

impl JobService {
    /// The face of a link; `None` for one that is not good, or has none to show.
    ///
    /// # Errors
    /// UNAVAILABLE or DATA_LOSS, when it cannot be looked up.
    pub async fn share_face(&self, id: &str) -> Result<Option<Face>, ServiceError> {
        let Ok(id) = ShareId::parse(id) else {
            return Ok(None);
        };
        let holder = match self.good_share(&id).await {
            Ok(holder) => holder,
            Err(ServiceError::NoShare) => return Ok(None),
            Err(error) => return Err(error),
        };
        let held = holder.held();
        let share = &held.share.share;
        if !(share.allow_preview || share.allow_badge || share.allow_embed) {
            return Ok(None);
        }
        let job = &held.job.job;
        let rules = self.rules(job, &ShareParts::default(), &share.hidden_texts).await?;
        Ok(Some(Face {
            name: rules.clean(&job.name).0,
            status: job.status(),
            allow_preview: share.allow_preview,
            allow_badge: share.allow_badge,
            allow_embed: share.allow_embed,
        }))
    }
}
