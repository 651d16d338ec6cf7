//! A large upload that breaks, and goes on where it stopped.

use std::{
    io::{Read, Write},
    net::TcpStream,
    path::Path,
};

use jobsphere_api::jobs::{CreateProjectJobRequest, CreateProjectJobResponse, JobParameters};

use crate::process::{Client, Server, desc, file, response};

const SIZE: usize = 48 << 20;

fn content() -> Vec<u8> {
    (0..SIZE).map(|at| (at % 251) as u8 ^ (at >> 16) as u8).collect()
}

async fn create(client: &mut Client, content: &[u8]) -> CreateProjectJobResponse {
    let request = CreateProjectJobRequest {
        project_id: "default".into(),
        job_parameters: Some(JobParameters {
            cmd: "sha256sum < in".into(),
            input_files: vec![file(&desc("in", ""), content)],
            ..Default::default()
        }),
        ..Default::default()
    };
    let created = client.jobs.create(request).await.unwrap();
    response(&created.into_inner())
}

/// The path and query of an address: the server's port changes when it starts again.
fn path(url: &str) -> &str {
    &url[url.find("/files/").unwrap()..]
}

/// Begins to send everything from `offset` on, and stops after `bytes`; the connection stays open.
fn send(server: &Server, url: &str, content: &[u8], offset: usize, bytes: usize) -> TcpStream {
    let mut stream = TcpStream::connect(host(server)).unwrap();
    let rest = &content[offset..];
    let head = format!(
        "PATCH {} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\nupload-offset: {offset}\r\ncontent-length: {}\r\n\r\n",
        path(url),
        host(server),
        rest.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(&rest[..bytes.min(rest.len())]).unwrap();
    stream
}

/// Host and port.
fn host(server: &Server) -> &str {
    server.address.trim_start_matches("http://")
}

fn kept(server: &Server, url: &str) -> usize {
    let answer = ureq::head(format!("{}{}", server.address, path(url))).call().unwrap();
    answer.headers()["upload-offset"].to_str().unwrap().parse().unwrap()
}

/// Waits until so many bytes are on the disk.
async fn arrives(data_dir: &Path, bytes: usize) {
    let on_disk = || -> u64 {
        let files = std::fs::read_dir(data_dir.join("partial")).unwrap();
        files.map(|file| file.unwrap().metadata().unwrap().len()).sum()
    };
    while on_disk() < bytes as u64 {
        tokio::time::sleep(std::time::Duration::from_millis(2)).await;
    }
}

#[tokio::test]
async fn an_upload_goes_on_after_broken_connections_and_a_killed_server() {
    let dir = tempfile::tempdir().unwrap();
    let mut server = Server::start(dir.path());
    let mut client = server.client().await;
    let content = content();
    let created = create(&mut client, &content).await;
    let url = &created.upload_files[0].url;

    // Connections that end in the middle: all that was sent is kept.
    let mut offset = 0;
    for bytes in [1, 65_537, 9 << 20] {
        drop(send(&server, url, &content, offset, bytes));
        offset += bytes;
        arrives(dir.path(), offset).await;
        assert_eq!(kept(&server, url), offset);
    }
    // A server that ends in the middle.
    let sending = send(&server, url, &content, offset, 4 << 20);
    arrives(dir.path(), offset + 1).await;
    server.kill();
    drop(sending);
    server = Server::start(dir.path());
    let now = kept(&server, url);
    assert!(now > offset && now <= offset + (4 << 20), "{now}");
    offset = now;
    // One that hangs does not keep the next from going on.
    let hanging = send(&server, url, &content, offset, 1 << 20);
    offset += 1 << 20;
    arrives(dir.path(), offset).await;
    let mut last = send(&server, url, &content, offset, SIZE);
    let mut answer = String::new();
    last.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    drop(hanging);

    let mut client = server.client().await;
    let request = jobsphere_api::jobs::ExecuteProjectJobRequest {
        job_id: created.job_id.clone(),
    };
    client.jobs.execute(request).await.unwrap();
    let log = crate::process::printed(&client.follow(&created.job_id, 0).await);
    assert_eq!(log, format!("{}  -\n", jobsphere_api::sha256::Sha256::of(&content)));
}
