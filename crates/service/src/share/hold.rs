//! Who holds a link: known by its secret, and by nothing else.

use std::sync::Arc;

use super::{ShareRecord, secret::ShareSecret};
use crate::{
    JobRecord, JobService, ServiceError,
    api::{
        id::{JobId, ShareId},
        sha256::Sha256,
        share::ShareParts,
    },
};

/// How long it counts that a link was seen to be good.
pub(super) const GLANCE_MICROS: i64 = 2_000_000;

/// Someone who has shown the secret of a link, with what was read of it then. Only the service makes one.
///
/// A call that begins at once reads no row again; one that has waited, or takes long, looks again whether the link is
/// still good ([`JobService::in_force`]).
#[derive(Debug, Clone)]
pub struct Holder {
    held: Arc<Held>,
    /// When the link was seen to be good, in microseconds since the epoch.
    seen_micros: i64,
}

impl Holder {
    /// The link.
    pub fn share_id(&self) -> &ShareId {
        &self.held.share.id
    }

    /// What the link shows.
    pub(super) fn held(&self) -> &Held {
        &self.held
    }

    /// Whether what was seen still counts.
    fn is_fresh(&self, now_micros: i64) -> bool {
        (0..GLANCE_MICROS).contains(&(now_micros - self.seen_micros))
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
        let record = record.filter(|_| is_right).ok_or(ServiceError::NoShare)?;
        self.shown_by(record).await
    }

    /// The holder as long as their link is good: looked at anew where that was not done just now.
    pub(super) async fn in_force(&self, holder: &Holder) -> Result<Holder, ServiceError> {
        if holder.is_fresh(self.host.now_micros()) {
            return Ok(holder.clone());
        }
        self.good_share(holder.share_id()).await
    }

    /// A link that was not revoked, has not expired, and whose job is there.
    pub(super) async fn good_share(&self, id: &ShareId) -> Result<Holder, ServiceError> {
        let share = self.store.share(id).await?.ok_or(ServiceError::NoShare)?;
        self.shown_by(share).await
    }

    async fn shown_by(&self, share: ShareRecord) -> Result<Holder, ServiceError> {
        let seen_micros = self.host.now_micros();
        if !share.is_good(seen_micros) {
            return Err(ServiceError::NoShare);
        }
        let job = JobId::parse(&share.share.job_id).map_err(|_| ServiceError::NoShare)?;
        let job = self.store.job(&job).await?.ok_or(ServiceError::NoShare)?;
        let held = Arc::new(Held { share, job });
        Ok(Holder { held, seen_micros })
    }
}
