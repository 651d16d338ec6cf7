//! Benchmarks of the server: `cargo xtask bench [NAME…]`.
//!
//! Each measures the real server process, built as an operator builds it, on a fresh data folder. Speed is given as
//! a ratio to a reference measured in the same run, or as a plain count; nothing here passes or fails.

mod collection;
mod followers;
mod latency;
mod listing;
mod log_throughput;
mod nginx;
mod queue;
mod server;
mod transfer;

use std::path::PathBuf;

use anyhow::{Context, bail};

/// What a bench found: a name, a value, and the goal in words.
pub(crate) struct Finding {
    /// What was measured.
    pub(crate) what: String,
    /// What came out, with its unit.
    pub(crate) value: String,
    /// What it should be.
    pub(crate) goal: &'static str,
}

pub(crate) fn finding(what: impl Into<String>, value: impl Into<String>, goal: &'static str) -> Finding {
    Finding {
        what: what.into(),
        value: value.into(),
        goal,
    }
}

const NAMES: [&str; 8] = [
    "idle",
    "latency",
    "queue",
    "collection",
    "listing",
    "log",
    "followers",
    "transfer",
];

/// Usage: `jobsphere-benches SERVER_BINARY [NAME…]`.
#[allow(clippy::print_stdout)]
fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let binary = PathBuf::from(arguments.next().context("name the server's binary")?);
    let asked: Vec<String> = arguments.collect();
    if let Some(unknown) = asked.iter().find(|name| !NAMES.contains(&name.as_str())) {
        bail!("there is no bench `{unknown}`; there are {}", NAMES.join(", "));
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    println!("| measured | reached | goal |\n|---|---|---|");
    for name in NAMES {
        if !asked.is_empty() && !asked.iter().any(|asked| asked == name) {
            continue;
        }
        let findings = runtime.block_on(async {
            match name {
                "idle" => server::idle(&binary).await,
                "latency" => latency::measure(&binary).await,
                "queue" => queue::measure(&binary).await,
                "collection" => collection::measure(&binary).await,
                "listing" => listing::measure(&binary).await,
                "log" => log_throughput::measure(&binary).await,
                "followers" => followers::measure(&binary).await,
                _ => transfer::measure(&binary).await,
            }
        });
        for Finding { what, value, goal } in findings.with_context(|| format!("bench `{name}`"))? {
            println!("| {what} | {value} | {goal} |");
        }
    }
    Ok(())
}
