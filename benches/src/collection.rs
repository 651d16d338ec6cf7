//! What it takes to collect an output folder of many files, against packing the same files with tar and gzip.

use std::{
    fs,
    path::Path,
    process::Command,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use anyhow::{Context, ensure};

use crate::{
    Finding, finding,
    server::{Client, Server},
};

const FILES: usize = 10_000;
const RUNS: usize = 5;
const MAKE: &str = "mkdir out && cd out && seq 10000 | split -l 1 -a 5 -d";

pub(crate) async fn measure(binary: &Path) -> anyhow::Result<Vec<Finding>> {
    let server = Server::start(binary, "")?;
    let mut client = server.client().await?;
    let (mut with, mut without, mut packed) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..RUNS {
        for (outputs, times) in [(&["out"][..], &mut with), (&[], &mut without)] {
            times.push(after_command(&mut client, outputs).await?);
        }
        packed.push(pack()?);
    }
    let [with, without, packed] = [with, without, packed].map(middle);
    let collected = with.saturating_sub(without);
    Ok(vec![finding(
        format!("an output folder of {FILES} small files, collected; ratio to tar and gzip, median of {RUNS}"),
        format!(
            "{:.2} ({:.0} ms to {:.0} ms)",
            collected.as_secs_f64() / packed.as_secs_f64(),
            collected.as_secs_f64() * 1000.0,
            packed.as_secs_f64() * 1000.0
        ),
        "no more than a tenth over the version before",
    )])
}

/// From the end of the command, which says when that is, to that of its job. How long the files take to make is nobody's
/// work here, and depends on what was removed shortly before.
async fn after_command(client: &mut Client, outputs: &[&str]) -> anyhow::Result<Duration> {
    let command = format!("({MAKE}) && date +%s%N");
    let (job_id, operation) = client.start_with_outputs(&command, outputs).await?;
    client.end(operation).await?;
    let ended = SystemTime::now().duration_since(UNIX_EPOCH)?;
    let printed = String::from_utf8(client.follow(job_id).await?)?;
    Ok(ended.saturating_sub(Duration::from_nanos(printed.trim().parse()?)))
}

/// The same files, by the machine's own programs.
fn pack() -> anyhow::Result<Duration> {
    let dir = tempfile::tempdir()?;
    let made = Command::new("/bin/sh").args(["-c", MAKE]).current_dir(&dir).status()?;
    ensure!(made.success() && fs::read_dir(dir.path().join("out"))?.count() == FILES);
    let begun = Instant::now();
    let mut tar = Command::new("tar");
    let packed = tar
        .args(["--create", "--gzip", "--file", "out.tar.gz", "out"])
        .current_dir(&dir);
    ensure!(packed.status().context("tar does not start")?.success());
    Ok(begun.elapsed())
}

fn middle(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}
