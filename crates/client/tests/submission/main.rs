//! Submissions to the real service, in one process: whatever breaks, in the end there is one job with the right bytes.
//!
//! `JOBSPHERE_SEED` tells the one story with that seed.

#![allow(clippy::unwrap_used)]

mod faults;
mod person;
mod seed;
mod service;
mod stories;
mod table;
mod window;
mod wire;

use std::time::Duration;

/// Longer than anything here may take by its own clock.
const FOR_EVER: Duration = Duration::from_secs(7 * 24 * 3600);

/// Runs a test by a clock that passes as soon as everybody waits for it.
fn at_once<T>(test: impl Future<Output = T>) -> T {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    let runtime = builder.enable_time().start_paused(true).build().unwrap();
    let outcome = runtime.block_on(async { tokio::time::timeout(FOR_EVER, test).await });
    outcome.unwrap_or_else(|_| panic!("it hangs"))
}
