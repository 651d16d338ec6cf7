//! A thousand followers of one job.

use std::{
    path::Path,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use anyhow::Context;
use futures::future::try_join_all;
use jobsphere_api::jobs::{ReadProjectJobLogsRequest, log_message::Source};

use crate::{
    Finding, finding,
    server::{Client, Server, mib},
};

const FOLLOWERS: usize = 1000;
/// Streams that share a connection.
const STREAMS_EACH: usize = 50;
const LINES: usize = 20;

pub(crate) async fn measure(binary: &Path) -> anyhow::Result<Vec<Finding>> {
    let server = Server::start(binary, "")?;
    let mut client = server.client().await?;
    // Each line is the moment at which it was written.
    let cmd = format!("sleep 3; for i in $(seq {LINES}); do date +%s%N; sleep 0.2; done");
    let (job_id, operation) = client.start(&cmd).await?;
    let mut followers = Vec::new();
    for _ in 0..FOLLOWERS / STREAMS_EACH {
        let client = server.client().await?;
        for _ in 0..STREAMS_EACH {
            followers.push(tokio::spawn(follow(client.clone(), job_id.clone())));
        }
    }
    let latest = try_join_all(followers)
        .await?
        .into_iter()
        .collect::<anyhow::Result<Vec<_>>>()?;
    client.end(operation).await?;
    let (_, highest) = server.memory_kib()?;
    let slowest = latest.into_iter().max().unwrap_or_default();
    Ok(vec![
        finding(
            format!("a line of one job at the last of {FOLLOWERS} followers, slowest of {LINES} lines"),
            format!("{:.0} ms after it was written", slowest.as_secs_f64() * 1000.0),
            "within 1 s",
        ),
        finding("memory meanwhile, at its highest", mib(highest), "under 300 MiB"),
    ])
}

/// Reads to the end; the longest way of a line. Every line must come.
async fn follow(mut client: Client, job_id: String) -> anyhow::Result<Duration> {
    let request = ReadProjectJobLogsRequest { job_id, offset: 0 };
    let mut stream = client.jobs.read_logs(request).await?.into_inner();
    let mut slowest = Duration::ZERO;
    let mut lines = 0;
    while let Some(answer) = stream.message().await? {
        let arrived = SystemTime::now().duration_since(UNIX_EPOCH)?;
        let printed = answer
            .logs
            .iter()
            .filter(|message| matches!(message.source, Some(Source::StandardStream(_))));
        for message in printed {
            for line in std::str::from_utf8(&message.content)?.lines() {
                let written = Duration::from_nanos(line.parse().context("a line is not a time")?);
                slowest = slowest.max(arrived.saturating_sub(written));
                lines += 1;
            }
        }
    }
    anyhow::ensure!(lines == LINES, "{lines} lines of {LINES} came");
    Ok(slowest)
}
