//! Uploads and downloads through the server, against nginx on the same disk with the same client.

use std::{
    fs::File,
    io::{self, Read, Write},
    path::Path,
    time::{Duration, Instant},
};

use anyhow::Context;
use jobsphere_api::{
    any,
    jobs::{
        self, CreateProjectJobRequest, CreateProjectJobResponse, DownloadProjectJobFilesRequest, FileDesc,
        JobParameters,
    },
    operation::operation::Result as Answer,
    sha256::Sha256,
};

use crate::{
    Finding, finding,
    nginx::Nginx,
    server::{Client, Server, mib},
};

const FILE_BYTES: u64 = 1 << 30;
const LARGE_BYTES: u64 = 5 << 30;
const REPEATS: usize = 3;

pub(crate) async fn measure(binary: &Path) -> anyhow::Result<Vec<Finding>> {
    let server = Server::start(binary, "")?;
    let mut client = server.client().await?;
    let reference = tempfile::tempdir()?;
    let nginx = Nginx::start(reference.path())?;
    let (mut up, mut down, mut nginx_up, mut nginx_down) = (vec![], vec![], vec![], vec![]);
    for round in 0..REPEATS {
        let content = tempfile::NamedTempFile::new()?;
        let sha256 = fill(content.as_file(), FILE_BYTES, round as u8)?;
        let url = format!("{}/file{round}", nginx.address);
        nginx_up.push(put(&url, content.path()).await?);
        nginx_down.push(get(&url).await?);
        let (upload, job_id, file) = announce(&mut client, &sha256, FILE_BYTES).await?;
        up.push(put(&upload, content.path()).await?);
        down.push(get(&link(&mut client, &job_id, file).await?).await?);
    }
    let (idle, _) = server.memory_kib()?;
    let large = tempfile::NamedTempFile::new()?;
    let sha256 = fill(large.as_file(), LARGE_BYTES, 99)?;
    let (upload, job_id, file) = announce(&mut client, &sha256, LARGE_BYTES).await?;
    put(&upload, large.path()).await?;
    get(&link(&mut client, &job_id, file).await?).await?;
    let (_, highest) = server.memory_kib()?;
    Ok(vec![
        compared("upload of 1 GiB, hashed and synced", best(&up), best(&nginx_up)),
        compared("download of 1 GiB", best(&down), best(&nginx_down)),
        finding(
            "memory with a 5 GiB file up and down, at its highest above before",
            mib(highest.saturating_sub(idle)),
            "at most 64 MiB",
        ),
    ])
}

fn compared(what: &str, ours: Duration, nginx: Duration) -> Finding {
    let rate = |time: Duration| FILE_BYTES as f64 / time.as_secs_f64() / 1e6;
    finding(
        format!("{what}, best of {REPEATS}, against nginx"),
        format!(
            "{:.2} ({:.0} MB/s, nginx {:.0} MB/s)",
            nginx.as_secs_f64() / ours.as_secs_f64(),
            rate(ours),
            rate(nginx)
        ),
        "at least 0.8",
    )
}

fn best(times: &[Duration]) -> Duration {
    times.iter().min().copied().unwrap_or_default()
}

/// Bytes that do not repeat from block to block; their digest.
fn fill(mut file: &File, bytes: u64, seed: u8) -> anyhow::Result<String> {
    let mut block = vec![seed; 1 << 20];
    let mut hasher = Hashing::default();
    for number in 0..bytes >> 20 {
        block[..8].copy_from_slice(&number.to_le_bytes());
        hasher.write_all(&block)?;
        file.write_all(&block)?;
    }
    Ok(hasher.finish())
}

/// A digest as something to write to.
#[derive(Default)]
struct Hashing(sha2::Sha256);

impl Hashing {
    fn finish(self) -> String {
        Sha256::finish(self.0).to_string()
    }
}

impl Write for Hashing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        sha2::Digest::update(&mut self.0, bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Creates a job with the file as its input: where to send it, the job, the file.
async fn announce(client: &mut Client, sha256: &str, bytes: u64) -> anyhow::Result<(String, String, jobs::File)> {
    let file = jobs::File {
        desc: Some(FileDesc {
            path: "input".into(),
            var: String::new(),
        }),
        sha256: sha256.into(),
        size_bytes: bytes.try_into()?,
        compression_type: 1,
    };
    let request = CreateProjectJobRequest {
        project_id: "default".into(),
        job_parameters: Some(JobParameters {
            cmd: "true".into(),
            input_files: vec![file.clone()],
            ..Default::default()
        }),
        ..Default::default()
    };
    let created = client.jobs.create(request).await?.into_inner();
    let Some(Answer::Response(packed)) = &created.result else {
        anyhow::bail!("Create has no response");
    };
    let created: CreateProjectJobResponse = any::unpack(packed)?;
    let upload = created.upload_files.first().context("the file is held already")?;
    Ok((upload.url.clone(), created.job_id, file))
}

async fn link(client: &mut Client, job_id: &str, file: jobs::File) -> anyhow::Result<String> {
    let request = DownloadProjectJobFilesRequest {
        job_id: job_id.into(),
        files: vec![file],
    };
    let answer = client.jobs.download_job_files(request).await?.into_inner();
    let link = answer.download_files.first().context("no link")?;
    Ok(link.url.clone())
}

async fn put(url: &str, content: &Path) -> anyhow::Result<Duration> {
    let (url, file) = (url.to_owned(), File::open(content)?);
    let sent = tokio::task::spawn_blocking(move || {
        let begun = Instant::now();
        ureq::put(&url).send(file)?;
        anyhow::Ok(begun.elapsed())
    });
    sent.await?
}

async fn get(url: &str) -> anyhow::Result<Duration> {
    let url = url.to_owned();
    let read = tokio::task::spawn_blocking(move || {
        let begun = Instant::now();
        let mut body = ureq::get(&url).call()?.into_body().into_reader();
        let mut buffer = vec![0; 1 << 20];
        while body.read(&mut buffer)? > 0 {}
        anyhow::Ok(begun.elapsed())
    });
    read.await?
}
