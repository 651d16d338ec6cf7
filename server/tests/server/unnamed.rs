//! What a command made and nobody named: listed at the end, kept or let go, whatever the command has made of it.

use std::{
    fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    time::Duration,
};

use jobsphere_api::{
    jobs::{DeleteProjectJobRequest, DownloadProjectJobFilesRequest, File},
    sha256::Sha256,
    share::{KeepUnnamedFilesRequest, KeepUnnamedFilesResponse, ListUnnamedFilesRequest, ListUnnamedFilesResponse},
};
use tonic::{Code, Status};

use crate::process::{Client, Server, desc};

impl Client {
    async fn unnamed_of(&mut self, job_id: &str) -> ListUnnamedFilesResponse {
        let job_id = job_id.to_owned();
        let listed = self.unnamed.list(ListUnnamedFilesRequest { job_id }).await;
        listed.unwrap().into_inner()
    }

    async fn keep(&mut self, job_id: &str, paths: &[&str]) -> Result<KeepUnnamedFilesResponse, Status> {
        let request = KeepUnnamedFilesRequest {
            job_id: job_id.to_owned(),
            paths: paths.iter().map(|path| (*path).to_owned()).collect(),
        };
        Ok(self.unnamed.keep(request).await?.into_inner())
    }

    /// Runs a command to its end; the job's id.
    async fn leave(&mut self, cmd: &str) -> String {
        let (job_id, _) = self.submit(cmd, &[], &[]).await;
        self.follow(&job_id, 0).await;
        job_id
    }

    async fn bytes(&mut self, job_id: &str, file: &File) -> Vec<u8> {
        let request = DownloadProjectJobFilesRequest {
            job_id: job_id.to_owned(),
            files: vec![file.clone()],
        };
        let links = self.jobs.download_job_files(request).await.unwrap().into_inner();
        let mut body = ureq::get(&links.download_files[0].url).call().unwrap();
        body.body_mut().read_to_vec().unwrap()
    }
}

fn told(listed: &ListUnnamedFilesResponse) -> Vec<String> {
    let files = listed.files.iter();
    files.map(|file| format!("{} {}", file.path, file.size_bytes)).collect()
}

fn holding(data_dir: &Path, seconds: u64) {
    let config = format!("[limits]\nhold_run_folders_s = {seconds}\n");
    fs::write(data_dir.join("config.toml"), config).unwrap();
}

fn work(data_dir: &Path, job_id: &str) -> PathBuf {
    data_dir.join("runs").join(job_id).join("work")
}

async fn until(what: impl Fn() -> bool) {
    while !what() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

async fn until_nothing_is_held(data_dir: &Path) {
    until(|| data_dir.join("runs").read_dir().unwrap().next().is_none()).await;
}

#[tokio::test]
async fn what_nobody_named_is_listed_and_kept_also_by_the_next_server() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::start(dir.path());
    let mut client = server.client().await;
    let inputs = [
        (desc("same.txt", ""), &b"same"[..]),
        (desc("changed.txt", ""), b"one"),
        (desc("folder/same.txt", ""), b"same"),
    ];
    let cmd = "mkdir -p ckpt node_modules/x out/in; printf weights > ckpt/last.pt; printf '{}' > metrics.json; \
               printf n > node_modules/x/i.js; printf ' two' >> changed.txt; printf m > mean.txt; printf o > out/in/o; \
               printf b > \"$(printf '\\377')\"; ln -s /etc/hostname link; mkfifo pipe; printf t > /tmp/t; exit 3";
    let (job_id, _) = client.submit(cmd, &inputs, &["mean.txt", "out", "missing"]).await;
    client.follow(&job_id, 0).await;
    let listed = client.unnamed_of(&job_id).await;
    let expected = ["changed.txt 7", "ckpt/last.pt 7", "metrics.json 2", r"\xff 1"];
    assert_eq!(told(&listed), expected);
    assert_eq!((listed.more_count, listed.passed_count, listed.passed_bytes), (0, 1, 1));
    let left_s = listed.held_until.unwrap().seconds - client.job(&job_id).await.finished_at.unwrap().seconds;
    assert!((3500..=3660).contains(&left_s), "{left_s}");

    let kept = client.keep(&job_id, &["ckpt/last.pt", r"\xff"]).await.unwrap();
    assert_eq!(kept.errors, []);
    assert_eq!(client.bytes(&job_id, &kept.files[0]).await, b"weights");
    assert_eq!(client.bytes(&job_id, &kept.files[1]).await, b"b");

    until(|| dir.path().join("runs").join(&job_id).join("held.json").exists()).await;
    server.kill();
    let server = Server::start(dir.path());
    let mut client = server.client().await;
    let again = client.unnamed_of(&job_id).await;
    assert_eq!(told(&again), expected);
    assert_eq!(
        again.files.iter().map(|file| file.is_kept).collect::<Vec<_>>(),
        [false, true, false, true]
    );
    let kept = client.keep(&job_id, &["changed.txt"]).await.unwrap();
    assert_eq!(client.bytes(&job_id, &kept.files[0]).await, b"one two");
    let outputs = client.job(&job_id).await.output_files.into_iter();
    let outputs: Vec<String> = outputs.map(|file| file.desc.unwrap().path).collect();
    assert_eq!(outputs, ["mean.txt", "out", "ckpt/last.pt", r"\xff", "changed.txt"]);
    // Of the run nothing else is held.
    let run = dir.path().join("runs").join(&job_id);
    assert!(run.join("work").exists() && !run.join("tmp").exists());
}

#[tokio::test]
async fn a_folder_goes_when_its_time_is_over_and_with_its_job() {
    let dir = tempfile::tempdir().unwrap();
    holding(dir.path(), 1);
    let server = Server::start(dir.path());
    let mut client = server.client().await;
    let job_id = client.leave("echo x > model.pt; mkdir closed; chmod 0 closed").await;
    until_nothing_is_held(dir.path()).await;
    assert_eq!(client.unnamed_of(&job_id).await, ListUnnamedFilesResponse::default());
    let refused = client.keep(&job_id, &["model.pt"]).await.unwrap_err();
    assert_eq!(refused.code(), Code::FailedPrecondition);
    assert!(refused.message().contains("not held any more"), "{refused:?}");
    drop(server);

    holding(dir.path(), 3600);
    let server = Server::start(dir.path());
    let mut client = server.client().await;
    let job_id = client.leave("echo x > model.pt").await;
    assert_eq!(told(&client.unnamed_of(&job_id).await), ["model.pt 2"]);
    client.jobs.delete(DeleteProjectJobRequest { job_id }).await.unwrap();
    until_nothing_is_held(dir.path()).await;
    drop(server);

    holding(dir.path(), 0);
    let server = Server::start(dir.path());
    let mut client = server.client().await;
    let job_id = client.leave("echo x > model.pt").await;
    until_nothing_is_held(dir.path()).await;
    assert_eq!(client.unnamed_of(&job_id).await, ListUnnamedFilesResponse::default());
}

#[tokio::test]
async fn what_has_come_into_a_files_place_is_not_given() {
    let dir = tempfile::tempdir().unwrap();
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("file"), "secret").unwrap();
    let server = Server::start(dir.path());
    let mut client = server.client().await;
    let names = ["link", "pipe", "folder", "gone", "away/file", "closed", "good"];
    let job_id = client
        .leave("mkdir away; for name in link pipe folder gone away/file closed good; do echo mine > $name; done")
        .await;
    assert_eq!(client.unnamed_of(&job_id).await.files.len(), names.len());
    let at = |name: &str| work(dir.path(), &job_id).join(name);
    for name in &names[..4] {
        fs::remove_file(at(name)).unwrap();
    }
    fs::remove_dir_all(at("away")).unwrap();
    symlink(outside.path().join("file"), at("link")).unwrap();
    symlink(outside.path(), at("away")).unwrap();
    fs::create_dir(at("folder")).unwrap();
    let mode = rustix::fs::Mode::RWXU;
    rustix::fs::mknodat(rustix::fs::CWD, at("pipe"), rustix::fs::FileType::Fifo, mode, 0).unwrap();
    fs::set_permissions(at("closed"), std::os::unix::fs::PermissionsExt::from_mode(0o0)).unwrap();
    let kept = client.keep(&job_id, &names).await.unwrap();
    let refused: Vec<&str> = kept.errors.iter().map(|error| error.path.as_str()).collect();
    assert_eq!(refused, names[..5], "{kept:?}");
    assert_eq!(kept.files.len(), 2);
    // And what was never on the list.
    for path in [
        "../exit.json",
        "/etc/hostname",
        "away",
        "",
        ".",
        "good/../good",
        "unnamed.json",
    ] {
        let kept = client.keep(&job_id, &[path]).await.unwrap();
        assert_eq!((kept.files, kept.errors.len()), (vec![], 1), "{path}");
    }
    // The whole folder may be something else by now.
    let away = dir.path().join("away");
    fs::rename(work(dir.path(), &job_id), &away).unwrap();
    fs::write(outside.path().join("good"), "secret").unwrap();
    symlink(outside.path(), work(dir.path(), &job_id)).unwrap();
    let kept = client.keep(&job_id, &["link"]).await.unwrap();
    assert_eq!((kept.files, kept.errors.len()), (vec![], 1));
}

#[tokio::test]
async fn very_many_files_and_very_long_names_are_counted() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::start(dir.path());
    let mut client = server.client().await;
    let cmd = "echo x > first; mkdir many long; cd many; seq 100000 | xargs touch; cd ../long; \
               name=$(printf '%0240d' 0); for n in $(seq 2000); do : > $name$n; done; \
               d=$(printf '%0200d' 0); for n in $(seq 25); do mkdir $d; cd $d; done; : > deep";
    let job_id = client.leave(cmd).await;
    let listed = client.unnamed_of(&job_id).await;
    assert_eq!(listed.files.len() as i64 + listed.more_count, 102_002);
    assert!(listed.files.len() <= 1000 && listed.files.iter().any(|file| file.path == "first"));
    let names: usize = listed.files.iter().map(|file| file.path.len()).sum();
    assert!(names <= 128 << 10, "{names}");
    let paths: Vec<&str> = listed.files.iter().take(100).map(|file| file.path.as_str()).collect();
    let kept = client.keep(&job_id, &paths).await.unwrap();
    assert_eq!((kept.files.len(), kept.errors), (100, vec![]));
}

#[tokio::test]
async fn keeping_at_the_same_time_and_deleting_meanwhile_leave_nothing_behind() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::start(dir.path());
    let mut client = server.client().await;
    let job_id = client
        .leave("head -c 30000000 /dev/zero > big; echo small > small")
        .await;
    let mut clients = [
        client.clone(),
        client.clone(),
        client.clone(),
        client.clone(),
        client.clone(),
    ];
    let keeping = clients.iter_mut().map(|client| client.keep(&job_id, &["big", "small"]));
    for kept in futures::future::join_all(keeping).await {
        assert_eq!(kept.unwrap().files.len(), 2);
    }
    assert_eq!(client.job(&job_id).await.output_files.len(), 2);

    let job_id = client.leave("head -c 90000000 /dev/zero | tr '\\0' x > other").await;
    let mut keeper = client.clone();
    let delete = DeleteProjectJobRequest { job_id: job_id.clone() };
    let (kept, deleted) = futures::join!(keeper.keep(&job_id, &["other"]), client.jobs.delete(delete));
    deleted.unwrap();
    if let Err(refused) = kept {
        assert!(
            matches!(refused.code(), Code::NotFound | Code::FailedPrecondition),
            "{refused:?}"
        );
    }
    let sha256 = Sha256::of(&vec![b'x'; 90_000_000]).to_string();
    let blobs = dir.path().join("blobs/default");
    let is_there = || {
        walkdir::WalkDir::new(&blobs)
            .into_iter()
            .flatten()
            .any(|at| at.file_name() == sha256.as_str())
    };
    until(|| !is_there() && !dir.path().join("runs").join(&job_id).exists()).await;
}

#[tokio::test]
async fn streams_are_not_held_back_and_the_log_has_no_colours_in_a_file() {
    let dir = tempfile::tempdir().unwrap();
    let log = dir.path().join("server.log");
    let server = Server::start_logging(dir.path(), &log);
    let answer = ureq::post(format!(
        "{}/yandex.cloud.datasphere.v2.jobs.ProjectJobService/List",
        server.address
    ))
    .header("content-type", "application/grpc-web+proto")
    .send(&b"\0\0\0\0\0"[..])
    .unwrap();
    let header = |name: &str| {
        answer
            .headers()
            .get(name)
            .map(|value| value.to_str().unwrap().to_owned())
    };
    assert_eq!(header("x-accel-buffering").as_deref(), Some("no"));
    assert_eq!(header("cache-control").as_deref(), Some("no-transform"));
    let page = ureq::get(format!("{}/health", server.address)).call().unwrap();
    assert!(page.headers().get("x-accel-buffering").is_none());
    let log = fs::read_to_string(log).unwrap();
    assert!(!log.is_empty() && !log.contains('\u{1b}'), "{log}");
}
