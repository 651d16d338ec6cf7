//! How often someone may call.

use std::{
    fmt::Debug,
    hash::Hash,
    num::NonZeroU32,
    sync::atomic::{AtomicU32, Ordering},
};

use governor::{
    DefaultKeyedRateLimiter, Quota, RateLimiter,
    clock::{Clock, DefaultClock},
};
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt};

/// After so many calls those are forgotten who have not called for long.
const CALLS_BETWEEN_TIDYING: u32 = 4096;

/// Calls of each, counted in memory.
#[derive(Debug)]
pub(super) struct Rates<K: Hash + Eq + Clone + Debug> {
    /// Who is counted, for the sentence.
    who: &'static str,
    per_minute: u32,
    limiter: Option<DefaultKeyedRateLimiter<K>>,
    clock: DefaultClock,
    calls: AtomicU32,
}

impl<K: Hash + Eq + Clone + Debug> Rates<K> {
    /// `per_minute` calls, all at once or spread; 0 means any number.
    pub(super) fn new(who: &'static str, per_minute: u32) -> Self {
        Self {
            who,
            per_minute,
            limiter: NonZeroU32::new(per_minute).map(|calls| RateLimiter::keyed(Quota::per_minute(calls))),
            clock: DefaultClock::default(),
            calls: AtomicU32::new(0),
        }
    }

    /// Counts a call.
    ///
    /// # Errors
    /// RESOURCE_EXHAUSTED, with the time to wait.
    pub(super) fn count(&self, key: &K) -> Result<(), Box<Status>> {
        let Some(limiter) = &self.limiter else {
            return Ok(());
        };
        if self.calls.fetch_add(1, Ordering::Relaxed) % CALLS_BETWEEN_TIDYING == CALLS_BETWEEN_TIDYING - 1 {
            limiter.retain_recent();
        }
        limiter.check_key(key).map_err(|not_until| {
            let wait = not_until.wait_time_from(self.clock.now());
            Box::new(Status::with_error_details(
                Code::ResourceExhausted,
                format!(
                    "{} may make {} calls a minute; try again in {} s",
                    self.who,
                    self.per_minute,
                    wait.as_secs() + 1
                ),
                ErrorDetails::with_retry_info(Some(wait)),
            ))
        })
    }
}
