//! Time, randomness and tasks of this machine.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use futures::{FutureExt, future::BoxFuture};
use jobsphere_service::Host;

/// The service's surroundings under tokio.
pub(crate) struct TokioHost;

impl Host for TokioHost {
    fn now_micros(&self) -> i64 {
        SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |since| since.as_micros().try_into().unwrap_or(i64::MAX))
    }

    #[allow(clippy::expect_used)]
    fn random(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("the kernel gives random bytes");
    }

    fn sleep(&self, time: Duration) -> BoxFuture<'static, ()> {
        tokio::time::sleep(time).boxed()
    }

    fn warn(&self, sentence: &str) {
        tracing::warn!("{sentence}");
    }

    fn spawn(&self, task: BoxFuture<'static, ()>) {
        tokio::spawn(task);
    }
}
