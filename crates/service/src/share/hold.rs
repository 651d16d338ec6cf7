//! Who holds a link: known by its secret, and by nothing else.

use super::{ShareRecord, secret::ShareSecret};
use crate::{
    JobRecord, JobService, ServiceError,
    api::{
        id::{JobId, ShareId},
        sha256::Sha256,
        share::ShareParts,
    },
};

/// Someone who has shown the secret of a link. Only the service makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    pub(super) share: ShareId,
}

impl Holder {
    /// The link.
    pub fn share_id(&self) -> &ShareId {
        &self.share
    }
}

/// A link that is good, with the job it shows.
#[derive(Debug)]
pub(super) struct Held {
    pub(super) share: ShareRecord,
    pub(super) job: JobRecord,
}

impl Held {
    pub(super) fn parts(&self) -> ShareParts {
        self.share.share.parts.clone().unwrap_or_default()
    }
}

impl JobService {
    /// The holder of a link, by `<share id>.<secret>`.
    ///
    /// # Errors
    /// One and the same NOT_FOUND whatever is wrong, or UNAVAILABLE.
    pub async fn holder(&self, sent: &str) -> Result<Holder, ServiceError> {
        let (id, secret) = sent.split_once('.').ok_or(ServiceError::NoShare)?;
        let share = ShareId::parse(id).map_err(|_| ServiceError::NoShare)?;
        let digest = ShareSecret::sent(secret).digest();
        let record = self.store.share(&share).await?;
        let kept = record.as_ref().map_or(Sha256::of(b""), |record| record.secret);
        // Compared for unknown links too, so that both take the same time.
        let is_right = kept.equals_in_constant_time(&digest);
        if !is_right || record.is_none() {
            return Err(ServiceError::NoShare);
        }
        self.good_share(&share).await?;
        Ok(Holder { share })
    }

    /// What a holder's link shows, as long as it is good.
    pub(super) async fn held(&self, holder: &Holder) -> Result<Held, ServiceError> {
        self.good_share(&holder.share).await
    }

    /// A link that was not revoked, has not expired, and whose job is there.
    pub(super) async fn good_share(&self, id: &ShareId) -> Result<Held, ServiceError> {
        let share = self.store.share(id).await?.ok_or(ServiceError::NoShare)?;
        if !share.is_good(self.host.now_micros()) {
            return Err(ServiceError::NoShare);
        }
        let job = JobId::parse(&share.share.job_id).map_err(|_| ServiceError::NoShare)?;
        let job = self.store.job(&job).await?.ok_or(ServiceError::NoShare)?;
        Ok(Held { share, job })
    }
}
