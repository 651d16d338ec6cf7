//! The real server process, driven over native gRPC and HTTP as any client would.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::disallowed_methods
)]

mod backup;
mod containers;
mod crash;
mod data;
mod doctor;
mod doors;
mod environments;
mod escape;
mod faults;
mod groups;
mod hostile;
mod outputs;
mod package_index;
mod parts;
mod process;
mod secrets;
mod unnamed;
mod upgrade;

use std::{
    fs,
    io::{Read, Write},
    net::TcpStream,
    process::Command,
    time::Duration,
};

use jobsphere_api::{
    jobs::{
        CancelProjectJobRequest, DownloadProjectJobFilesRequest, JobStatus, ReadProjectJobLogsRequest,
        file_upload_error::ErrorType,
    },
    operation::operation::Result as Answer,
};
use process::{BINARY, Server, desc, printed};
use tonic::Code;

#[tokio::test]
async fn a_job_takes_inputs_and_leaves_outputs() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::start(dir.path());
    let mut client = server.client().await;
    let inputs = [
        (desc("папка/it's \"one\" <script>.txt", "IN"), &b"hello"[..]),
        (desc("/data/absolute.txt", "ABS"), b"there"),
        (desc("run.sh", ""), b"echo ran; cat \"$1\""),
    ];
    let cmd = "./run.sh ${IN} > 'a b.txt' && cat ${ABS} && mkdir -p out/sub && echo x > out/sub/y; exit 3";
    let (answer, log) = client.run(cmd, &inputs, &["a b.txt", "out", "a_b.txt"]).await;
    assert_eq!(log, "there");
    assert_eq!(answer.result.unwrap().return_code, 3);
    let get = |index: usize| {
        let mut body = ureq::get(&answer.output_files[index].url).call().unwrap();
        body.body_mut().read_to_vec().unwrap()
    };
    assert_eq!(get(0), b"ran\nhello");
    assert!(get(1).starts_with(b"PK"));
    let missing = &answer.output_files_errors[0];
    assert_eq!(missing.r#type(), ErrorType::NotFound);
    assert!(missing.description.contains("a b.txt"), "{}", missing.description);
    // Its folder goes when the result is stored, which is told before.
    while dir.path().join("runs").read_dir().unwrap().any(|_| true) {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn both_streams_come_in_the_order_they_were_written() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::start(dir.path());
    let cmd = "i=0; while [ $i -lt 500 ]; do echo out $i; echo err $i >&2; i=$((i+1)); done";
    let (_, log) = server.client().await.run(cmd, &[], &[]).await;
    let expected: String = (0..500).map(|i| format!("out {i}\nerr {i}\n")).collect();
    assert!(log == expected, "{log}");
}

#[tokio::test]
async fn a_loud_command_loses_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::start(dir.path());
    let cmd = "head -c 60000000 /dev/zero | tr '\\0' x; echo end >&2";
    let (_, log) = server.client().await.run(cmd, &[], &[]).await;
    assert_eq!(log.len(), 60_000_004);
    assert!(log.ends_with("xend\n"));
}

#[tokio::test]
async fn a_command_outlives_a_killed_server_and_runs_once() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::start(dir.path());
    let mut client = server.client().await;
    // Begun twice, it would say "first" twice.
    let cmd = "echo first; until [ -e go ]; do sleep 0.05; done; echo last";
    let (job_id, operation) = client.submit(cmd, &[], &[]).await;
    let request = ReadProjectJobLogsRequest {
        job_id: job_id.clone(),
        offset: 0,
    };
    let mut stream = client.jobs.read_logs(request).await.unwrap().into_inner();
    let mut seen = Vec::new();
    while !printed(&seen).contains("first") {
        seen.extend(stream.message().await.unwrap().unwrap().logs);
    }
    server.kill();
    fs::write(dir.path().join("runs").join(&job_id).join("work/go"), "").unwrap();

    let server = Server::start(dir.path());
    let mut client = server.client().await;
    let log = client.follow(&job_id, 0).await;
    assert_eq!(printed(&log), "first\nlast\n");
    assert!(client.operation(&operation.id).await.done);
    assert_eq!(client.job(&job_id).await.status(), JobStatus::Success);
}

#[tokio::test]
async fn a_log_is_read_from_every_offset() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::start(dir.path());
    let mut client = server.client().await;
    let (job_id, _) = client.submit("echo привет; echo ошибка >&2", &[], &[]).await;
    let bytes = |messages: Vec<jobsphere_api::jobs::LogMessage>| -> Vec<u8> {
        messages.into_iter().flat_map(|message| message.content).collect()
    };
    let whole = bytes(client.follow(&job_id, 0).await);
    for offset in 0..=whole.len() {
        let rest = bytes(client.follow(&job_id, offset as i64).await);
        assert_eq!(rest, &whole[offset..], "{offset}");
    }
    let request = ReadProjectJobLogsRequest {
        job_id,
        offset: whole.len() as i64 + 1,
    };
    let refused = client.jobs.read_logs(request).await.unwrap_err();
    assert_eq!(refused.code(), Code::InvalidArgument);
}

#[tokio::test]
async fn cancel_ends_everything_the_command_started() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::start(dir.path());
    let mut client = server.client().await;
    let mark = format!("9{}", std::process::id());
    let cmd = format!("setsid sleep {mark} & (sleep {mark} &); trap '' TERM; echo ready; sleep {mark}");
    let (job_id, operation) = client.submit(&cmd, &[], &[]).await;
    let request = ReadProjectJobLogsRequest {
        job_id: job_id.clone(),
        offset: 0,
    };
    let mut stream = client.jobs.read_logs(request).await.unwrap().into_inner();
    let mut seen = Vec::new();
    while !printed(&seen).contains("ready") {
        seen.extend(stream.message().await.unwrap().unwrap().logs);
    }
    let cancel = CancelProjectJobRequest {
        job_id: job_id.clone(),
        reason: "enough".into(),
        graceful: false,
    };
    client.jobs.cancel(cancel).await.unwrap();
    client.follow(&job_id, 0).await;
    let job = client.job(&job_id).await;
    assert_eq!(
        (job.status(), job.status_details.as_str()),
        (JobStatus::Cancelled, "Cancelled: enough")
    );
    let Some(Answer::Error(status)) = client.operation(&operation.id).await.result else {
        panic!("no error");
    };
    assert_eq!(status.code, Code::Cancelled as i32);
    let left = Command::new("pgrep")
        .args(["-f", &format!("sleep {mark}")])
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&left.stdout), "");
}

#[tokio::test]
async fn a_daemon_does_not_keep_a_job_open() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::start(dir.path());
    let (answer, log) = server.client().await.run("setsid sleep 600 & echo bye", &[], &[]).await;
    assert_eq!((answer.result.unwrap().return_code, log.as_str()), (0, "bye\n"));
}

#[tokio::test]
async fn progress_is_read_and_logs_are_files() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::start(dir.path());
    let mut client = server.client().await;
    let cmd = r#"echo '{"progress": 150, "message": "шаг"}' >> $JOB_PROGRESS_FILENAME; echo not json >> $JOB_PROGRESS_FILENAME"#;
    let (job_id, operation) = client.submit(cmd, &[], &[]).await;
    client.follow(&job_id, 0).await;
    let operation = client.operation(&operation.id).await;
    let metadata: jobsphere_api::jobs::ExecuteProjectJobMetadata =
        jobsphere_api::any::unpack(operation.metadata.as_ref().unwrap()).unwrap();
    let progress = metadata.progress.unwrap();
    assert_eq!((progress.progress, progress.message.as_str()), (100, "шаг"));

    let log_files = client.job(&job_id).await.log_files;
    let names: Vec<_> = log_files.iter().map(|file| file.desc.clone().unwrap().path).collect();
    assert_eq!(names, ["stdout.txt", "stderr.txt", "system.log"]);
    let request = DownloadProjectJobFilesRequest {
        job_id,
        files: log_files,
    };
    let links = client
        .jobs
        .download_job_files(request)
        .await
        .unwrap()
        .into_inner()
        .download_files;
    let system_log = ureq::get(&links[2].url)
        .call()
        .unwrap()
        .body_mut()
        .read_to_string()
        .unwrap();
    assert_eq!(system_log.matches("JOB_PROGRESS_FILENAME").count(), 1, "{system_log}");
}

#[test]
fn a_page_from_elsewhere_and_a_wide_address_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::start(dir.path());
    let host = server.address.trim_start_matches("http://");
    let ask = |headers: &str| {
        let mut stream = TcpStream::connect(host).unwrap();
        write!(stream, "GET / HTTP/1.1\r\n{headers}connection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    };
    for foreign in [
        "host: evil.example\r\n".to_owned(),
        format!("host: {host}\r\norigin: https://evil.example\r\n"),
    ] {
        assert!(ask(&foreign).starts_with("HTTP/1.1 403"), "{foreign}");
    }
    assert!(!ask(&format!("host: {host}\r\n")).starts_with("HTTP/1.1 403"));

    let other = tempfile::tempdir().unwrap();
    let wide = Command::new(BINARY)
        .args(["--listen", "0.0.0.0:0", "--data-dir"])
        .arg(other.path())
        .output()
        .unwrap();
    assert!(!wide.status.success());
    assert!(String::from_utf8_lossy(&wide.stderr).contains("token"));
    let second = Command::new(BINARY)
        .args(["--listen", "127.0.0.1:0", "--data-dir"])
        .arg(dir.path())
        .output()
        .unwrap();
    assert!(String::from_utf8_lossy(&second.stderr).contains("another server"));
}

#[tokio::test]
async fn ctrl_c_ends_cleanly_while_someone_follows() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::start(dir.path());
    let mut client = server.client().await;
    let (job_id, _) = client.submit("sleep 600", &[], &[]).await;
    let request = ReadProjectJobLogsRequest {
        job_id: job_id.clone(),
        offset: 0,
    };
    let _stream = client.jobs.read_logs(request).await.unwrap().into_inner();
    let ended = tokio::task::spawn_blocking(move || server.interrupt());
    assert_eq!(
        tokio::time::timeout(Duration::from_secs(10), ended)
            .await
            .unwrap()
            .unwrap(),
        Some(0)
    );

    // The command goes on; the next server can end it.
    let server = Server::start(dir.path());
    let mut client = server.client().await;
    client
        .jobs
        .cancel(CancelProjectJobRequest {
            job_id: job_id.clone(),
            ..Default::default()
        })
        .await
        .unwrap();
    client.follow(&job_id, 0).await;
    assert_eq!(client.job(&job_id).await.status(), JobStatus::Cancelled);
}
