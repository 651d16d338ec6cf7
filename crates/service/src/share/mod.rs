//! Share links: a job, or parts of it, shown to whoever has the link.
//!
//! Those who make them are callers with the role of an editor (`make`, `sweep`). Those who hold one are no callers: a
//! [`Holder`] is known by the secret of the link alone (`hold`), and sees what the link says (`open`, `log`, `output`).
//! What needs no secret is what the maker has allowed to be told to everyone (`face`).

mod face;
mod grpc;
mod hold;
mod log;
mod make;
mod open;
mod output;
mod request;
mod secret;
mod sweep;
mod uses;

pub use face::Face;
pub use hold::Holder;
pub use output::SharedContent;
pub(super) use uses::Uses;

use crate::api::{id::ShareId, sha256::Sha256, share::Share, time};

/// A link as it is stored.
#[derive(Debug, Clone, PartialEq)]
pub struct ShareRecord {
    /// Its id, that of `share`.
    pub id: ShareId,
    /// The message, without what changes later: the rest of this record says that.
    pub share: Share,
    /// The digest of the secret, which is not kept.
    pub secret: Sha256,
    /// When it was made, in microseconds since the epoch.
    pub created_micros: i64,
    /// When it was revoked, in microseconds since the epoch, and by whom.
    pub revoked: Option<(i64, String)>,
    /// When it was used last, in microseconds since the epoch.
    pub used_micros: Option<i64>,
    /// How often its page was opened.
    pub uses: i64,
}

impl ShareRecord {
    /// When the link ends to be good, in milliseconds since the epoch.
    pub fn expires_millis(&self) -> i64 {
        self.share.expires_at.map_or(0, |at| time::to_millis(&at))
    }

    /// Whether the link still shows something to its holders, as far as the record says.
    pub(super) fn is_good(&self, now_micros: i64) -> bool {
        self.revoked.is_none() && now_micros.div_euclid(1000) < self.expires_millis()
    }

    /// The message with what has changed.
    fn told(&self, job_name: &str) -> Share {
        Share {
            job_name: job_name.to_owned(),
            revoked_at: self.revoked.as_ref().map(|(at, _)| time::from_micros(*at)),
            revoked_by: self.revoked.as_ref().map(|(_, by)| by.clone()).unwrap_or_default(),
            last_used_at: self.used_micros.map(time::from_micros),
            use_count: self.uses,
            ..self.share.clone()
        }
    }
}
