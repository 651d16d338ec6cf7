//! How often a token may call.

use std::num::NonZeroU32;

use governor::{
    DefaultKeyedRateLimiter, Quota, RateLimiter,
    clock::{Clock, DefaultClock},
};
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt};

use crate::tokens::Digest;

/// Calls of each token, counted in memory.
#[derive(Debug)]
pub(super) struct Rates {
    per_minute: u32,
    limiter: Option<DefaultKeyedRateLimiter<Digest>>,
    clock: DefaultClock,
}

impl Rates {
    /// `per_minute` calls, all at once or spread; 0 means any number.
    pub(super) fn new(per_minute: u32) -> Self {
        Self {
            per_minute,
            limiter: NonZeroU32::new(per_minute).map(|calls| RateLimiter::keyed(Quota::per_minute(calls))),
            clock: DefaultClock::default(),
        }
    }

    /// Counts a call.
    ///
    /// # Errors
    /// RESOURCE_EXHAUSTED, with the time to wait.
    pub(super) fn count(&self, token: Digest) -> Result<(), Box<Status>> {
        let Some(limiter) = &self.limiter else {
            return Ok(());
        };
        limiter.check_key(&token).map_err(|not_until| {
            let wait = not_until.wait_time_from(self.clock.now());
            Box::new(Status::with_error_details(
                Code::ResourceExhausted,
                format!(
                    "this token may make {} calls a minute; try again in {} s",
                    self.per_minute,
                    wait.as_secs() + 1
                ),
                ErrorDetails::with_retry_info(Some(wait)),
            ))
        })
    }
}
