//! Limits: a sentence at each, and everything as before on its near side.

use std::{fs, io::Write, net::TcpStream, os::unix::process::CommandExt, path::Path, time::Duration};

use jobsphere_api::jobs::{
    CreateProjectJobRequest, CreateProjectJobResponse, JobParameters, ListProjectJobRequest, ReadProjectJobLogsRequest,
};
use rustix::process::{Resource, Rlimit, setrlimit};
use tonic::Code;
use tonic_types::StatusExt;

use super::{IAM, JOBS, PROJECTS, add_token, call, send, token, verdict};
use crate::process::{Server, desc, file, response};

fn limit(data_dir: &Path, limits: &str) {
    fs::write(data_dir.join("config.toml"), format!("[limits]\n{limits}\n")).unwrap();
}

fn list() -> ListProjectJobRequest {
    ListProjectJobRequest {
        project_id: "default".into(),
        ..Default::default()
    }
}

fn create(cmd: &str) -> CreateProjectJobRequest {
    CreateProjectJobRequest {
        project_id: "default".into(),
        job_parameters: Some(JobParameters {
            cmd: cmd.into(),
            ..Default::default()
        }),
        ..Default::default()
    }
}

#[tokio::test]
async fn each_token_has_its_calls_of_a_minute() {
    let dir = tempfile::tempdir().unwrap();
    limit(dir.path(), "requests_per_minute = 3");
    let [anna, boris] = ["anna", "boris"].map(|name| add_token(dir.path(), name, "*", "viewer"));
    let server = Server::start(dir.path());
    let mut client = server.client_with(Some(&anna)).await.jobs;
    for _ in 0..3 {
        client.list(list()).await.unwrap();
    }
    let refused = client.list(list()).await.unwrap_err();
    assert_eq!(refused.code(), Code::ResourceExhausted);
    assert!(refused.message().contains("3 calls a minute"), "{}", refused.message());
    let wait = refused.get_details_retry_info().unwrap().retry_delay.unwrap();
    assert!(
        wait > Duration::from_secs(1) && wait <= Duration::from_secs(20),
        "{wait:?}"
    );
    let bearer = format!("Bearer {anna}");
    let page = call(&server, &format!("{PROJECTS}/List"), &(), &[("authorization", &bearer)]);
    assert_eq!(verdict(&page).0, Code::ResourceExhausted);
    server.client_with(Some(&boris)).await.jobs.list(list()).await.unwrap();
}

/// Descriptors that the server of a test may have.
const DESCRIPTORS: u64 = 400;

#[tokio::test]
async fn connections_leave_room_for_jobs() {
    let dir = tempfile::tempdir().unwrap();
    let mut command = Server::command(dir.path());
    // SAFETY: between fork and exec only system calls are made, which is safe there.
    unsafe {
        command.pre_exec(|| {
            let few = Rlimit {
                current: Some(DESCRIPTORS),
                maximum: Some(DESCRIPTORS),
            };
            Ok(setrlimit(Resource::Nofile, few)?)
        });
    }
    let server = Server::by(command);
    let mut client = server.client().await;
    let (id, operation) = client.submit("sleep 1; echo kept > out", &[], &["out"]).await;
    let address = server.address.strip_prefix("http://").unwrap();
    // Half a request each, which says that more will come.
    let half = format!("POST {JOBS}/List HTTP/1.1\r\nhost: {address}\r\ncontent-length: 100\r\n\r\nx");
    let held: Vec<TcpStream> = (0..DESCRIPTORS + 50)
        .filter_map(|_| {
            let mut connection = TcpStream::connect(address).ok()?;
            connection.write_all(half.as_bytes()).ok()?;
            Some(connection)
        })
        .collect();
    assert!(held.len() as u64 > DESCRIPTORS / 2);
    client.follow(&id, 0).await;
    let answer: jobsphere_api::jobs::ExecuteProjectJobResponse = response(&client.operation(&operation.id).await);
    assert_eq!((answer.output_files.len(), answer.output_files_errors.len()), (1, 0));
    drop(held);
}

#[tokio::test]
async fn a_request_has_a_size() {
    let dir = tempfile::tempdir().unwrap();
    limit(dir.path(), "message_bytes = 2000\nfile_bytes = 10");
    let server = Server::start(dir.path());
    let mut client = server.client().await.jobs;
    client.create(create(&"x".repeat(1900))).await.unwrap();
    for size in [2001, 100_000, 20_000_000] {
        let request = create(&"x".repeat(size));
        let refused = client.create(request.clone()).await.unwrap_err();
        assert_eq!(refused.code(), Code::ResourceExhausted, "{size}: {refused:?}");
        assert!(refused.message().contains("2000 bytes"), "{}", refused.message());
        let (code, sentence) = verdict(&call(&server, &format!("{JOBS}/Create"), &request, &[]));
        assert_eq!(code, Code::ResourceExhausted, "{size}");
        assert!(sentence.contains("2000 bytes"), "{sentence}");
    }
    // Who has no token yet has nothing to say but one.
    let token = jobsphere_api::iam::CreateIamTokenRequest::default();
    let (code, _) = verdict(&call(&server, &format!("{IAM}/Create"), &token, &[]));
    assert_ne!(code, Code::ResourceExhausted);
    let web = [("content-type", "application/grpc-web+proto")];
    let mut long = vec![0];
    long.extend(9000_u32.to_be_bytes());
    long.extend([0; 9000]);
    let refused = send("POST", &format!("{}{IAM}/Create", server.address), &web, long);
    assert_eq!(verdict(&refused).0, Code::ResourceExhausted);
    // A length that is only claimed reserves nothing.
    let web = [("content-type", "application/grpc-web+proto")];
    let url = format!("{}{JOBS}/Create", server.address);
    let claimed = send("POST", &url, &web, vec![0, 0xff, 0xff, 0xff, 0xff, 1, 2]);
    assert_eq!(verdict(&claimed).0, Code::ResourceExhausted);
}

#[tokio::test]
async fn a_file_has_a_size() {
    let dir = tempfile::tempdir().unwrap();
    limit(dir.path(), "file_bytes = 10");
    let server = Server::start(dir.path());
    let mut request = create("true");
    let contents = [&b"ten bytes!"[..], b"eleven byte"];
    request.job_parameters.as_mut().unwrap().input_files = contents
        .iter()
        .enumerate()
        .map(|(place, content)| file(&desc(&format!("{place}"), ""), content))
        .collect();
    let mut client = server.client().await.jobs;
    let created: CreateProjectJobResponse = response(&client.create(request).await.unwrap().into_inner());
    let put = |place: usize| send("PUT", &created.upload_files[place].url, &[], contents[place].to_vec());
    assert_eq!(put(0).status(), 200);
    let refused = put(1);
    assert_eq!(refused.status(), 413);
    assert!(String::from_utf8_lossy(refused.body()).contains("at most 10 bytes"));
}

#[tokio::test]
async fn a_token_holds_so_many_streams_and_none_when_it_is_removed() {
    let dir = tempfile::tempdir().unwrap();
    limit(dir.path(), "open_streams = 2");
    let anna = add_token(dir.path(), "anna", "default", "editor");
    let boris = add_token(dir.path(), "boris", "default", "viewer");
    let server = Server::start(dir.path());
    let mut client = server.client_with(Some(&anna)).await;
    let (job_id, _) = client.submit("sleep 600", &[], &[]).await;
    let logs = || ReadProjectJobLogsRequest {
        job_id: job_id.clone(),
        offset: 0,
    };
    let first = client.jobs.read_logs(logs()).await.unwrap();
    let mut second = client.jobs.read_logs(logs()).await.unwrap().into_inner();
    let refused = client.jobs.read_logs(logs()).await.unwrap_err();
    assert_eq!(refused.code(), Code::ResourceExhausted);
    assert!(refused.message().contains("2 log streams"), "{}", refused.message());
    let mut other = server.client_with(Some(&boris)).await.jobs;
    let mut stays = other.read_logs(logs()).await.unwrap().into_inner();

    drop(first);
    // The server learns of it with the next packet.
    let reopened = async {
        while client.jobs.clone().read_logs(logs()).await.is_err() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), reopened).await.unwrap();

    assert!(token(dir.path(), &["remove", "anna"]).0);
    let ended = async {
        loop {
            match second.message().await {
                Ok(Some(_)) => {}
                Ok(None) => panic!("the stream ended well"),
                Err(status) => return status,
            }
        }
    };
    let status = tokio::time::timeout(Duration::from_secs(10), ended).await.unwrap();
    assert_eq!(status.code(), Code::Unauthenticated);
    assert!(status.message().contains("removed"), "{}", status.message());
    assert!(other.list(list()).await.is_ok());
    let quiet = tokio::time::timeout(Duration::from_secs(2), async {
        while stays.message().await.unwrap().is_some() {}
    });
    assert!(quiet.await.is_err(), "another token's stream goes on");
}
