//! What the surroundings give: time, randomness, and tasks.

use std::time::Duration;

use futures::future::BoxFuture;

/// Time, randomness and spawning; a test brings its own.
pub trait Host: Send + Sync {
    /// Microseconds since the Unix epoch.
    fn now_micros(&self) -> i64;

    /// Fills `bytes` from a source that cannot be guessed.
    fn random(&self, bytes: &mut [u8]);

    /// Resolves after `time`.
    fn sleep(&self, time: Duration) -> BoxFuture<'static, ()>;

    /// Tells the operator of something that went wrong and that no call can tell.
    fn warn(&self, sentence: &str);

    /// Runs `task` in the background to its end.
    fn spawn(&self, task: BoxFuture<'static, ()>);
}
