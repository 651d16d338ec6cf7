//! From Create to done, for a command that does nothing, against the same command run directly.

use std::{
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use crate::{Finding, finding, server::Server};

const RUNS: usize = 100;

pub(crate) async fn measure(binary: &Path) -> anyhow::Result<Vec<Finding>> {
    let server = Server::start(binary, "")?;
    let mut client = server.client().await?;
    let (mut through, mut directly) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        let begun = Instant::now();
        let (_, operation) = client.start("true").await?;
        client.end(operation).await?;
        through.push(begun.elapsed());
        let begun = Instant::now();
        Command::new("/bin/sh").args(["-c", "true"]).status()?;
        directly.push(begun.elapsed());
    }
    let (through, directly) = (median(through), median(directly));
    let above = through.saturating_sub(directly);
    Ok(vec![finding(
        format!("Create, Execute, done of `true`, median of {RUNS}, above running it directly"),
        format!("{:.1} ms (direct: {:.1} ms)", ms(above), ms(directly)),
        "at most 30 ms",
    )])
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
