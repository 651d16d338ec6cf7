//! A backup made while the server works is a data folder of its own.

use std::{path::Path, process::Command};

use jobsphere_api::jobs::{DownloadProjectJobFilesRequest, JobParameters, JobStatus, OutputDatasetDesc};

use crate::process::{BINARY, Server, desc, printed};

fn back_up(data_dir: &Path, to: &Path) -> std::process::Output {
    let mut command = Command::new(BINARY);
    command.arg("backup").arg(to).arg("--data-dir").arg(data_dir);
    command.output().unwrap()
}

#[tokio::test]
async fn a_backup_of_a_running_server_has_all_that_was_done() {
    let dir = tempfile::tempdir().unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    let copy = elsewhere.path().join("copy");
    let server = Server::start(dir.path());
    let mut client = server.client().await;
    let parameters = JobParameters {
        cmd: "echo said; echo made > out; echo kept > ${SET}/x".into(),
        output_files: vec![desc("out", "")],
        output_datasets: vec![OutputDatasetDesc {
            name: "set".into(),
            var: "SET".into(),
            size_gb: 1,
            ..Default::default()
        }],
        ..Default::default()
    };
    let (done, _) = client.submit_job(parameters, &[]).await;
    client.follow(&done, 0).await;
    let (running, _) = client.submit("echo begun; sleep 30", &[], &[]).await;
    client.until_printed(&running, "begun").await;

    let output = back_up(dir.path(), &copy);
    assert!(output.status.success(), "{output:?}");
    assert!(!back_up(dir.path(), &copy).status.success(), "nothing is written over");
    server.kill();

    let server = Server::start(&copy);
    let mut client = server.client().await;
    let job = client.job(&done).await;
    assert_eq!(job.status(), JobStatus::Success);
    assert_eq!(printed(&client.follow(&done, 0).await), "said\n");
    let request = DownloadProjectJobFilesRequest {
        job_id: done,
        files: job.output_files,
    };
    let links = client.jobs.download_job_files(request).await.unwrap().into_inner();
    let mut body = ureq::get(&links.download_files[0].url).call().unwrap();
    assert_eq!(body.body_mut().read_to_vec().unwrap(), b"made\n");
    let read = JobParameters {
        cmd: format!("cat ${{{0}}}/x", job.output_datasets[0].id),
        dataset_ids: vec![job.output_datasets[0].id.clone()],
        ..Default::default()
    };
    let (reader, _) = client.submit_job(read, &[]).await;
    assert_eq!(printed(&client.follow(&reader, 0).await), "kept\n");
    client.follow(&running, 0).await;
    assert_eq!(
        client.job(&running).await.status(),
        JobStatus::Error,
        "it runs elsewhere"
    );
}
