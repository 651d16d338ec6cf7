//! How many small jobs go through the queue.

use std::{path::Path, time::Instant};

use futures::future::try_join_all;

use crate::{Finding, finding, server::Server};

const CLIENTS: usize = 32;
const JOBS_EACH: usize = 60;
const CONFIG: &str = "[queue]\ncpus = 32\n[[instance_type]]\nname = \"small\"\ncpus = 1\n";

pub(crate) async fn measure(binary: &Path) -> anyhow::Result<Vec<Finding>> {
    let server = Server::start(binary, CONFIG)?;
    let begun = Instant::now();
    let mut clients = Vec::new();
    for _ in 0..CLIENTS {
        let mut client = server.client().await?;
        clients.push(tokio::spawn(async move {
            for _ in 0..JOBS_EACH {
                let (job_id, operation) = client.start("true").await?;
                // The log's end is the job's end: no polling takes processors from the jobs.
                client.follow(job_id).await?;
                client.end(operation).await?;
            }
            anyhow::Ok(())
        }));
    }
    for ended in try_join_all(clients).await? {
        ended?;
    }
    let jobs = CLIENTS * JOBS_EACH;
    let rate = jobs as f64 / begun.elapsed().as_secs_f64();
    Ok(vec![finding(
        format!("small jobs through the queue, {jobs} by {CLIENTS} clients"),
        format!("{rate:.0} a second"),
        "200 a second",
    )])
}
