//! Disks that are full or lie, and a database that another program holds.

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use jobsphere_api::{
    jobs::{
        CreateProjectJobRequest, CreateProjectJobResponse, DownloadProjectJobFilesRequest, JobParameters, JobStatus,
        file_upload_error::ErrorType,
    },
    operation::operation::Result as Answer,
    sha256::Sha256,
};
use tonic::Code;

use crate::process::{Client, Server, desc, file, response};

fn with_input(content: &[u8]) -> CreateProjectJobRequest {
    CreateProjectJobRequest {
        project_id: "default".into(),
        job_parameters: Some(JobParameters {
            cmd: "cat in".into(),
            input_files: vec![file(&desc("in", ""), content)],
            ..Default::default()
        }),
        ..Default::default()
    }
}

async fn create(client: &mut Client, content: &[u8]) -> CreateProjectJobResponse {
    let created = client.jobs.create(with_input(content)).await.unwrap();
    response(&created.into_inner())
}

/// Where the server keeps the content.
fn place(data_dir: &Path, content: &[u8]) -> PathBuf {
    let sha256 = Sha256::of(content).to_string();
    data_dir.join("blobs/default").join(&sha256[..2]).join(sha256)
}

#[tokio::test]
async fn a_file_that_the_disk_has_altered_is_found_reported_and_asked_for_again() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::start(dir.path());
    let mut client = server.client().await;
    let content = vec![b'x'; 700_000];
    let mut altered = content.clone();
    altered[650_000] = b'y';

    // Found by a command that needs it.
    let upload = &create(&mut client, &content).await.upload_files[0];
    ureq::put(&upload.url).send(&content[..]).unwrap();
    let job_id = create(&mut client, &content).await.job_id;
    fs::write(place(dir.path(), &content), &altered).unwrap();
    let request = jobsphere_api::jobs::ExecuteProjectJobRequest { job_id: job_id.clone() };
    let operation = client.jobs.execute(request).await.unwrap().into_inner();
    client.follow(&job_id, 0).await;
    let Some(Answer::Error(status)) = client.operation(&operation.id).await.result else {
        panic!("no error");
    };
    assert!(
        status.message.contains("input `in`") && status.message.contains("damaged"),
        "{}",
        status.message
    );

    // Found by a download; it was removed, so it is asked for again.
    let created = create(&mut client, &content).await;
    ureq::put(&created.upload_files[0].url).send(&content[..]).unwrap();
    fs::write(place(dir.path(), &content), &altered).unwrap();
    let request = DownloadProjectJobFilesRequest {
        job_id: created.job_id,
        files: vec![file(&desc("in", ""), &content)],
    };
    let links = client.jobs.download_job_files(request).await.unwrap().into_inner();
    let mut answer = ureq::get(&links.download_files[0].url).call().unwrap();
    assert!(
        answer.body_mut().read_to_vec().is_err(),
        "damaged bytes are not served as good"
    );
    assert_eq!(create(&mut client, &content).await.upload_files.len(), 1);
}

#[tokio::test]
async fn a_locked_database_is_said_and_waited_out() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::start(dir.path());
    let mut client = server.client().await;
    let script = "import sqlite3, sys\nheld = sqlite3.connect(sys.argv[1])\nheld.execute('BEGIN EXCLUSIVE')\n\
                  print('held', flush=True)\nsys.stdin.readline()";
    let mut holder = Command::new("python3")
        .args(["-c", script])
        .arg(dir.path().join("jobsphere.sqlite"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(holder.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    assert_eq!(line, "held\n");
    let refused = client.jobs.create(with_input(b"a")).await.unwrap_err();
    assert_eq!(refused.code(), Code::Unavailable, "{refused:?}");
    assert!(refused.message().contains("try again"), "{}", refused.message());
    holder.stdin.take().unwrap().write_all(b"\n").unwrap();
    holder.wait().unwrap();
    assert!(client.jobs.create(with_input(b"a")).await.is_ok());
}

/// A small disk of its own; unmounted when dropped.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    /// `None`, and a word about it, where this user cannot mount.
    fn mount(megabytes: u32) -> Option<Self> {
        let dir = tempfile::tempdir().unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={megabytes}m"), "tmpfs"])
            .arg(dir.path())
            .status()
            .is_ok_and(|status| status.success());
        if !mounted {
            println!("NOT TESTED: a small disk cannot be mounted here");
        }
        mounted.then_some(Self(dir))
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(self.0.path()).status();
    }
}

#[tokio::test]
async fn a_full_disk_is_said_wherever_it_shows_and_is_over_with_free_space() {
    let Some(disk) = SmallDisk::mount(24) else { return };
    let server = Server::start(disk.0.path());
    let mut client = server.client().await;

    // An upload.
    let large = vec![7_u8; 40_000_000];
    let upload = &create(&mut client, &large).await.upload_files[0];
    let url = upload.url.clone();
    let refused = tokio::task::spawn_blocking(move || ureq::put(&url).send(&large[..]))
        .await
        .unwrap();
    assert!(matches!(refused, Err(ureq::Error::StatusCode(507))), "{refused:?}");

    // A log.
    let (job_id, operation) = client.submit("head -c 60000000 /dev/zero", &[], &[]).await;
    client.follow(&job_id, 0).await;
    let Some(Answer::Error(status)) = client.operation(&operation.id).await.result else {
        panic!("no error");
    };
    assert!(
        status.message.contains("disk of the server is full"),
        "{}",
        status.message
    );
    assert_eq!(client.job(&job_id).await.status(), JobStatus::Error);
    let request = jobsphere_api::jobs::DeleteProjectJobRequest { job_id };
    client.jobs.delete(request).await.unwrap();

    // An output: there is room for it once, and not twice.
    let (answer, _) = client.run("head -c 13000000 /dev/urandom > big", &[], &["big"]).await;
    let error = &answer.output_files_errors[0];
    assert_eq!(error.r#type(), ErrorType::UploadFailed);
    assert!(
        error.description.contains("could not be stored"),
        "{}",
        error.description
    );

    // Whatever needed the space is gone.
    let (_, log) = client.run("echo fine", &[], &[]).await;
    assert_eq!(log, "fine\n");
}
