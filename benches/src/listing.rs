//! Pages of List over very many jobs.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use jobsphere_api::jobs::{Job, JobParameters, JobStatus, ListProjectJobRequest};
use jobsphere_server::store::SqliteStore;
use jobsphere_service::{Change, JobRecord, Store};

use crate::{
    Finding, finding,
    server::{Client, Server},
};

const JOBS: i64 = 100_000;
const AT_ONCE: i64 = 1000;
const PAGE: i64 = 50;
const REPEATS: u32 = 20;

pub(crate) async fn measure(binary: &Path) -> anyhow::Result<Vec<Finding>> {
    let dir = tempfile::tempdir()?;
    fill(dir.path()).await?;
    let server = Server::over(binary, "", dir)?;
    let mut client = server.client().await?;
    let mut findings = Vec::new();
    for (depth, token) in [
        ("first", String::new()),
        ("middle", (JOBS / 2).to_string()),
        ("last", "60".into()),
    ] {
        for (name, filter) in [
            ("", ""),
            (", status IN (ERROR, CANCELLED)", "status IN (ERROR, CANCELLED)"),
        ] {
            let took = page(&mut client, &token, filter).await?;
            findings.push(finding(
                format!("List of {JOBS} jobs, {depth} page of {PAGE}{name}"),
                format!("{:.1} ms", took.as_secs_f64() * 1000.0),
                "under 20 ms, flat with depth",
            ));
        }
    }
    Ok(findings)
}

/// Writes the rows through the server's own store.
async fn fill(data_dir: &Path) -> anyhow::Result<()> {
    let store = SqliteStore::open(data_dir).await?;
    for first in (1..=JOBS).step_by(usize::try_from(AT_ONCE)?) {
        let rows = (first..first + AT_ONCE).map(|sequence| Change::PutJob(Box::new(record(sequence))));
        store.commit(rows.collect()).await?;
    }
    Ok(())
}

/// One of a hundred failed, as in a healthy project.
fn record(sequence: i64) -> JobRecord {
    let status = if sequence % 100 == 0 {
        JobStatus::Error
    } else {
        JobStatus::Success
    };
    JobRecord {
        job: Job {
            id: format!("job{sequence:017}"),
            name: format!("job number {sequence}"),
            project_id: "default".into(),
            status: status.into(),
            job_parameters: Some(JobParameters {
                cmd: "python main.py ${INPUT} > ${OUTPUT}".into(),
                ..Default::default()
            }),
            ..Default::default()
        }
        .into(),
        sequence,
        execute_operation: None,
        waiting_since: None,
        cancellation: None,
        progress: None,
    }
}

async fn page(client: &mut Client, token: &str, filter: &str) -> anyhow::Result<Duration> {
    let request = ListProjectJobRequest {
        project_id: "default".into(),
        page_size: PAGE,
        page_token: token.into(),
        filter: filter.into(),
    };
    client.jobs.list(request.clone()).await?;
    let begun = Instant::now();
    for _ in 0..REPEATS {
        client.jobs.list(request.clone()).await?;
    }
    Ok(begun.elapsed() / REPEATS)
}
