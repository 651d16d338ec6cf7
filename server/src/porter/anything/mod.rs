//! Whatever a job's user makes of names, or either side of the pipe says: the folders of others stay as they are.
//!
//! `PROPTEST_CASES` sets how many cases each test takes, for a longer run.

mod child;
mod ground;
mod server;
mod tree;
mod words;

use proptest::test_runner::Config;

/// So many cases, or as many as the environment says.
fn cases(usual: u32) -> Config {
    let cases = std::env::var("PROPTEST_CASES")
        .ok()
        .and_then(|cases| cases.parse().ok());
    Config {
        cases: cases.unwrap_or(usual),
        // What is found becomes a test of its own.
        failure_persistence: None,
        ..Config::default()
    }
}
