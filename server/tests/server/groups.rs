//! What the kernel keeps of a job's limits, where the server can make control groups.
//!
//! Each of these says "NOT TESTED" where it cannot: the documents say on which machines they were run.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use jobsphere_api::jobs::{CancelProjectJobRequest, CloudInstanceType, JobParameters, JobStatus};
use rustix::process::{Pid, Signal, kill_process};

use crate::process::{Client, Server, printed};

const CONFIG: &str = "[[instance_type]]\nname = \"small\"\ncpus = 0.25\nmemory_gb = 0.25\n";
const PATIENCE: Duration = Duration::from_secs(60);

fn start() -> (tempfile::TempDir, Server) {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("config.toml"), CONFIG).unwrap();
    let server = Server::start(dir.path());
    (dir, server)
}

fn small(cmd: &str) -> JobParameters {
    JobParameters {
        cmd: cmd.into(),
        cloud_instance_types: vec![CloudInstanceType { name: "small".into() }],
        ..Default::default()
    }
}

/// The folders of the job's group that has been written down, and is there.
fn groups(data: &Path, job: &str) -> Vec<PathBuf> {
    let started = fs::read(data.join("runs").join(job).join("started.json")).unwrap();
    let started: serde_json::Value = serde_json::from_slice(&started).unwrap();
    let folders: Vec<PathBuf> = serde_json::from_value(started["groups"].clone()).unwrap();
    let there: Vec<PathBuf> = folders.into_iter().filter(|folder| folder.exists()).collect();
    if there.is_empty() {
        println!("NOT TESTED: no control group can be made on this machine");
    }
    there
}

/// The first of these files that is in one of the folders.
fn read(groups: &[PathBuf], files: [&str; 2]) -> Option<String> {
    let paths = groups.iter().flat_map(|group| files.map(|file| group.join(file)));
    let text = paths.filter_map(|path| fs::read_to_string(path).ok()).next();
    text.map(|text| text.trim().to_owned())
}

async fn begin(client: &mut Client, cmd: &str) -> String {
    let (job, _) = client.submit_job(small(cmd), &[]).await;
    client.until_printed(&job, "ready").await;
    job
}

async fn gone(groups: &[PathBuf]) {
    let wait = async {
        while groups.iter().any(|group| group.exists()) {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(PATIENCE, wait).await.unwrap();
}

#[tokio::test]
async fn a_job_is_in_a_group_of_its_own_with_the_limits_of_its_instance_type() {
    let (dir, server) = start();
    let mut client = server.client().await;
    let job = begin(&mut client, "setsid sleep 300 & echo ready; sleep 300").await;
    let groups = groups(dir.path(), &job);
    for group in &groups {
        assert!(group.file_name().unwrap().to_str().unwrap().contains(&job));
        let processes = fs::read_to_string(group.join("cgroup.procs")).unwrap();
        // The shell and what it has started, also in a session of its own.
        assert!(processes.lines().count() >= 3, "{}: {processes}", group.display());
        let own = std::process::id().to_string();
        assert!(
            !processes
                .lines()
                .any(|pid| pid == own || pid == server.pid().to_string())
        );
    }
    for (files, expected) in [
        (["memory.limit_in_bytes", "memory.max"], "268435456"),
        (["pids.max", "pids.max"], "2048"),
    ] {
        if let Some(limit) = read(&groups, files) {
            assert_eq!(limit, expected);
        }
    }
    if let Some(quota) = read(&groups, ["cpu.cfs_quota_us", "cpu.max"]) {
        assert!(["25000", "25000 100000"].contains(&quota.as_str()), "{quota}");
    }
    let cancel = CancelProjectJobRequest {
        job_id: job.clone(),
        ..Default::default()
    };
    client.jobs.cancel(cancel).await.unwrap();
    client.follow(&job, 0).await;
    gone(&groups).await;
}

/// Faster than measuring, and at once all that is left of the job.
#[tokio::test]
async fn memory_that_is_taken_at_once_ends_the_job_with_the_same_sentence() {
    let (dir, server) = start();
    let mut client = server.client().await;
    let eater = "echo ready; sleep 1; python3 -c 'b\"x\" * 400_000_000'; echo survived";
    let job = begin(&mut client, eater).await;
    let is_kept = read(&groups(dir.path(), &job), ["memory.limit_in_bytes", "memory.max"]).is_some();
    client.follow(&job, 0).await;
    let job = client.job(&job).await;
    if is_kept {
        assert_eq!(job.status(), JobStatus::Error);
        assert!(
            job.status_details.contains("256 MiB of memory"),
            "{}",
            job.status_details
        );
    }
}

/// Measuring sees only what processes have mapped.
#[tokio::test]
async fn files_in_memory_count_as_memory() {
    let (dir, server) = start();
    if jobsphere_server::sandbox::probe(dir.path()) != jobsphere_server::sandbox::Sandbox::Bubblewrap {
        println!("NOT TESTED: without bubblewrap this would fill the machine's own memory");
        return;
    }
    let mut client = server.client().await;
    let job = begin(
        &mut client,
        "echo ready; sleep 1; head -c 400000000 /dev/zero > /dev/shm/x; sleep 5",
    )
    .await;
    let is_kept = read(&groups(dir.path(), &job), ["memory.limit_in_bytes", "memory.max"]).is_some();
    client.follow(&job, 0).await;
    let job = client.job(&job).await;
    if is_kept {
        assert_eq!(job.status(), JobStatus::Error);
        assert!(
            job.status_details.contains("256 MiB of memory"),
            "{}",
            job.status_details
        );
    }
}

#[tokio::test]
async fn a_job_gets_no_more_processor_time_than_its_instance_type_has() {
    let (dir, server) = start();
    let mut client = server.client().await;
    let burner = "echo ready; sleep 1; python3 -c 'import time\nend = time.time() + 3\nwhile time.time() < end: pass\n\
                  print(time.process_time())'";
    let job = begin(&mut client, burner).await;
    let is_kept = read(&groups(dir.path(), &job), ["cpu.cfs_quota_us", "cpu.max"]).is_some();
    let log = printed(&client.follow(&job, 0).await);
    let used_s: f64 = log.lines().last().unwrap().parse().unwrap();
    // A quarter of three seconds, and a bit for how it is given out.
    assert!(!is_kept || used_s < 1.2, "{used_s}");
}

#[tokio::test]
async fn the_group_of_a_job_whose_supervisor_was_killed_goes_with_all_that_is_in_it() {
    let (dir, server) = start();
    let mut client = server.client().await;
    // What hides its environment is found in the group alone.
    let job = begin(&mut client, "setsid env -i sleep 301.5 & echo ready; sleep 301.5").await;
    let groups = groups(dir.path(), &job);
    server.kill();
    for process in fs::read_dir("/proc").unwrap().flatten() {
        let line = fs::read_to_string(process.path().join("cmdline")).unwrap_or_default();
        if line.contains("supervise") && line.contains(dir.path().to_str().unwrap()) {
            let pid = process.file_name().to_str().unwrap().parse().unwrap();
            kill_process(Pid::from_raw(pid).unwrap(), Signal::KILL).unwrap();
        }
    }
    let server = Server::start(dir.path());
    let mut client = server.client().await;
    client.follow(&job, 0).await;
    gone(&groups).await;
    if !groups.is_empty() {
        let lines = fs::read_dir("/proc").unwrap().flatten();
        let left = lines.filter_map(|process| fs::read_to_string(process.path().join("cmdline")).ok());
        assert_eq!(left.filter(|line| line.starts_with("sleep\x00301.5")).count(), 0);
    }
}
