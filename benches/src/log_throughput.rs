//! How fast one loud job's output reaches the disk.

use std::{path::Path, process::Command, time::Instant};

use anyhow::ensure;
use jobsphere_api::jobs::GetProjectJobRequest;

use crate::{Finding, finding, server::Server};

const BYTES: i64 = 2_000_000_000;

pub(crate) async fn measure(binary: &Path) -> anyhow::Result<Vec<Finding>> {
    let cmd = format!("head -c {BYTES} /dev/zero");
    let server = Server::start(binary, "")?;
    let mut client = server.client().await?;
    let reference = directly(&cmd, server.dir.path())?;
    let (job_id, operation) = client.start(&cmd).await?;
    client.end(operation).await?;
    let request = GetProjectJobRequest { job_id };
    let job = client.jobs.get(request).await?.into_inner();
    let written = job
        .log_files
        .iter()
        .map(|file| file.size_bytes)
        .max()
        .unwrap_or_default();
    ensure!(written == BYTES, "{written} bytes of {BYTES} arrived");
    let (Some(started), Some(finished)) = (job.started_at, job.finished_at) else {
        anyhow::bail!("the job has no times");
    };
    // Up to the end of the job: the log is on the disk, hashed and stored as a file, too.
    let took = (finished.seconds - started.seconds) as f64 + f64::from(finished.nanos - started.nanos) / 1e9;
    let rate = BYTES as f64 / took / 1e6;
    Ok(vec![finding(
        "log of one loud job, to disk and into its log file, nothing lost",
        format!(
            "{rate:.0} MB/s ({:.2} of a plain redirection to the same disk)",
            rate / reference
        ),
        "200 MB/s",
    )])
}

/// The same output by redirection, synced; MB/s.
fn directly(cmd: &str, dir: &Path) -> anyhow::Result<f64> {
    let file = dir.join("reference");
    let begun = Instant::now();
    Command::new("/bin/sh")
        .arg("-c")
        .arg(format!("{cmd} > {0}; sync {0}", file.display()))
        .status()?;
    let rate = BYTES as f64 / begun.elapsed().as_secs_f64() / 1e6;
    std::fs::remove_file(file)?;
    Ok(rate)
}
