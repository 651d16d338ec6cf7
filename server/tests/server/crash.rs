//! The server is killed with SIGKILL again and again while it works; nothing that it acknowledged may be lost.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use jobsphere_api::{
    jobs::{
        Argument, CancelProjectJobRequest, CloneProjectJobRequest, CloneProjectJobResponse, CreateProjectJobRequest,
        CreateProjectJobResponse, DownloadProjectJobFilesRequest, ExecuteProjectJobRequest, File, Job, JobParameters,
        JobStatus, ReadProjectJobLogsRequest, StorageFile, project_job_service_client::ProjectJobServiceClient,
    },
    operation::{Operation, operation::Result as Answer},
    sha256::Sha256,
};
use rustix::process::{Pid, Signal, kill_process};

use crate::process::{Client, Server, desc, file, printed, response, runs_left};

const KILLS: usize = 200;
/// At most, to come to [`ENOUGH`].
const MOST_KILLS: usize = 2000;
/// Executed jobs, more than which prove something.
const ENOUGH: usize = 100;
const WORKERS: u64 = 4;
/// A job that has not ended after so long hangs.
const PATIENCE: Duration = Duration::from_secs(120);
/// More than one chunk of a stream, so that kills fall into uploads.
const LARGE_BYTES: usize = 3_000_000;

/// Says its argument and a number on each line, and pauses now and then when it is to be slow.
const COMMAND: &str = "i=0; while [ $i -lt ${lines} ]; do echo ${word} $i; i=$((i+1)); \
                       [ $((i % 10)) -ne 0 ] || sleep ${pause}; done; cp in.bin out.bin";
const LINES: usize = 40;

/// What the server has acknowledged of one job.
#[derive(Debug, Clone, Default)]
struct Known {
    word: String,
    input: Vec<u8>,
    was_sent: bool,
    operation: Option<String>,
    /// It was tried; whether it was acknowledged is not sure.
    may_be_cancelled: bool,
}

#[derive(Default)]
struct FileGuard {
    jobs: Mutex<BTreeMap<String, Known>>,
    stop: AtomicBool,
}

impl FileGuard {
    fn note(&self, id: &str, change: impl FnOnce(&mut Known)) {
        change(self.jobs.lock().unwrap().entry(id.to_owned()).or_default());
    }

    fn executed(&self) -> usize {
        let jobs = self.jobs.lock().unwrap();
        jobs.values().filter(|known| known.operation.is_some()).count()
    }
}

/// One client that creates, sends, executes, cancels and clones, whatever happens to the server.
struct Worker {
    random: fastrand::Rng,
    ledger: Arc<FileGuard>,
    client: Client,
}

/// Any failure: the server is away, and what was asked for is not acknowledged.
type Attempt<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

impl Worker {
    async fn work(mut self) {
        while !self.ledger.stop.load(Ordering::Relaxed) {
            if self.round().await.is_err() {
                return;
            }
        }
    }

    async fn round(&mut self) -> Attempt<()> {
        let word = format!("w{}", self.random.u32(..));
        let size = if self.random.u8(..) < 40 {
            LARGE_BYTES
        } else {
            self.random.usize(1..4000)
        };
        // Some contents are shared by several jobs.
        let input = vec![self.random.u8(..8); size];
        let parameters = parameters(&word, &input, self.random.bool());
        let request = CreateProjectJobRequest {
            project_id: "default".into(),
            job_parameters: Some(parameters.clone()),
            ..Default::default()
        };
        let created = self.client.jobs.create(request).await?.into_inner();
        let created: CreateProjectJobResponse = response(&created);
        let id = created.job_id;
        self.ledger.note(&id, |known| {
            known.word = word.clone();
            known.input = input.clone();
        });
        self.send_and_execute(&id, created.upload_files, input.clone()).await?;
        match self.random.u8(..4) {
            0 => self.cancel(&id).await?,
            1 => self.clone_of(&id, &input).await?,
            _ => {}
        }
        Ok(())
    }

    async fn send_and_execute(&mut self, id: &str, uploads: Vec<StorageFile>, input: Vec<u8>) -> Attempt<()> {
        for upload in uploads {
            let bytes = input.clone();
            tokio::task::spawn_blocking(move || ureq::put(&upload.url).send(&bytes[..])).await??;
        }
        self.ledger.note(id, |known| known.was_sent = true);
        let request = ExecuteProjectJobRequest { job_id: id.into() };
        let operation = self.client.jobs.execute(request).await?.into_inner();
        self.ledger.note(id, |known| known.operation = Some(operation.id));
        Ok(())
    }

    async fn cancel(&mut self, id: &str) -> Attempt<()> {
        tokio::time::sleep(Duration::from_millis(self.random.u64(..80))).await;
        self.ledger.note(id, |known| known.may_be_cancelled = true);
        let request = CancelProjectJobRequest {
            job_id: id.into(),
            reason: "for the test".into(),
            graceful: false,
        };
        match self.client.jobs.cancel(request).await {
            // It may have ended already.
            Err(status) if status.code() != tonic::Code::FailedPrecondition => Err(status.into()),
            _ => Ok(()),
        }
    }

    async fn clone_of(&mut self, id: &str, input: &[u8]) -> Attempt<()> {
        let word = format!("c{}", self.random.u32(..));
        let overrides = JobParameters {
            arguments: vec![argument("word", &word)],
            ..Default::default()
        };
        let request = CloneProjectJobRequest {
            source_job_id: id.into(),
            job_parameters_overrides: Some(overrides),
            ..Default::default()
        };
        let cloned = ProjectJobServiceClient::clone(&mut self.client.jobs, request).await?;
        let cloned: CloneProjectJobResponse = response(&cloned.into_inner());
        self.ledger.note(&cloned.job_id, |known| {
            known.word = word;
            known.input = input.to_vec();
        });
        self.send_and_execute(&cloned.job_id, cloned.upload_files, input.to_vec())
            .await
    }
}

fn argument(name: &str, value: &str) -> Argument {
    Argument {
        name: name.into(),
        value: value.into(),
    }
}

fn parameters(word: &str, input: &[u8], is_slow: bool) -> JobParameters {
    JobParameters {
        cmd: COMMAND.into(),
        input_files: vec![file(&desc("in.bin", ""), input)],
        output_files: vec![desc("out.bin", "")],
        arguments: vec![
            argument("word", word),
            argument("lines", &LINES.to_string()),
            argument("pause", if is_slow { "0.05" } else { "0" }),
        ],
        ..Default::default()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_when_the_server_is_killed_again_and_again() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("config.toml"), "[queue]\ncpus = 64\n").unwrap();
    let seed = fastrand::u64(..);
    println!("seed {seed}");
    let mut random = fastrand::Rng::with_seed(seed);
    let ledger = Arc::new(FileGuard::default());
    let mut kill = 0;
    // On a busy machine less comes through between two kills.
    while kill < KILLS || (ledger.executed() <= ENOUGH && kill < MOST_KILLS) {
        let server = Server::start(dir.path());
        let mut workers = Vec::new();
        for worker in 0..WORKERS {
            let worker = Worker {
                random: fastrand::Rng::with_seed(random.u64(..) ^ worker),
                ledger: ledger.clone(),
                client: server.client().await,
            };
            workers.push(tokio::spawn(worker.work()));
        }
        tokio::time::sleep(Duration::from_millis(random.u64(5..120))).await;
        if kill % 20 == 19 {
            // Now and then what has piled up is let run.
            ledger.stop.store(true, Ordering::Relaxed);
            for worker in workers.drain(..) {
                worker.await.unwrap();
            }
            tokio::time::sleep(Duration::from_millis(300)).await;
            ledger.stop.store(false, Ordering::Relaxed);
        }
        server.kill();
        kill += 1;
        for worker in workers {
            worker.await.unwrap();
        }
    }

    let server = Server::start(dir.path());
    let mut client = server.client().await;
    let jobs = ledger.jobs.lock().unwrap().clone();
    let executed = ledger.executed();
    println!("{kill} kills, {} jobs acknowledged, {executed} executed", jobs.len());
    assert!(executed > ENOUGH, "too little was done to prove anything");
    for (id, known) in &jobs {
        check(&mut client, id, known).await;
    }
    drop(server);
    nothing_is_left(dir.path());
}

/// Whoever kills everything of ours at once is told the truth, and nothing runs on unseen.
#[tokio::test]
async fn a_command_whose_supervisor_was_killed_is_ended_and_said_to_be_lost() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::start(dir.path());
    let mut client = server.client().await;
    let (id, operation) = client.submit("echo begun; sleep 300 & sleep 300", &[], &[]).await;
    let mut log = client.jobs.read_logs(logs_of(&id)).await.unwrap().into_inner();
    while !printed(&log.message().await.unwrap().unwrap().logs).contains("begun") {}
    server.kill();
    kill_all(dir.path(), "supervise");

    let server = Server::start(dir.path());
    let mut client = server.client().await;
    let operation = ended(&mut client, &operation.id).await;
    let Some(Answer::Error(status)) = operation.result else {
        panic!("no error");
    };
    assert!(status.message.contains("was lost"), "{}", status.message);
    assert_eq!(client.job(&id).await.status(), JobStatus::Error);
    assert_eq!(printed(&client.follow(&id, 0).await), "begun\n");
    drop(server);
    nothing_is_left(dir.path());
}

fn logs_of(id: &str) -> ReadProjectJobLogsRequest {
    ReadProjectJobLogsRequest {
        job_id: id.into(),
        offset: 0,
    }
}

/// SIGKILL for each process of the data folder whose command line has `word`.
fn kill_all(data_dir: &Path, word: &str) {
    for process in fs::read_dir("/proc").unwrap().flatten() {
        let line = fs::read_to_string(process.path().join("cmdline")).unwrap_or_default();
        let Ok(pid) = process.file_name().to_string_lossy().parse() else {
            continue;
        };
        if line.contains(word) && line.contains(data_dir.to_str().unwrap()) {
            kill_process(Pid::from_raw(pid).unwrap(), Signal::KILL).unwrap();
        }
    }
}

async fn check(client: &mut Client, id: &str, known: &Known) {
    let job = client.job(id).await;
    let parameters = job.job_parameters.clone().unwrap();
    let input = &parameters.input_files[0];
    assert_eq!(input.sha256, Sha256::of(&known.input).to_string(), "{id}");
    assert_eq!(parameters.arguments[0].value, known.word, "{id}");
    if known.was_sent {
        assert_eq!(download(client, id, input).await, known.input, "the input of {id}");
    }
    let Some(operation) = &known.operation else { return };
    let operation = ended(client, operation).await;
    let job = client.job(id).await;
    match job.status() {
        JobStatus::Success => {
            let output = download(client, id, &job.output_files[0]).await;
            assert!(output == known.input, "the output of {id}");
            let expected: String = (0..LINES).map(|line| format!("{} {line}\n", known.word)).collect();
            assert_eq!(printed(&client.follow(id, 0).await), expected, "the log of {id}");
        }
        JobStatus::Cancelled if known.may_be_cancelled => whole_beginning(client, &job, known).await,
        _ => panic!("{id} ended as {:?}: {} {operation:?}", job.status(), job.status_details),
    }
}

/// The log of a job that was cancelled holds what was printed until then, once.
async fn whole_beginning(client: &mut Client, job: &Job, known: &Known) {
    let log = printed(&client.follow(&job.id, 0).await);
    let whole: String = (0..LINES).map(|line| format!("{} {line}\n", known.word)).collect();
    assert!(whole.starts_with(&log), "the log of {}: {log}", job.id);
    assert!(job.status_details.contains("for the test"), "{}", job.status_details);
}

async fn ended(client: &mut Client, operation: &str) -> Operation {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let operation = client.operation(operation).await;
        if operation.done {
            return operation;
        }
        assert!(Instant::now() < deadline, "it hangs: {operation:?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

async fn download(client: &mut Client, id: &str, file: &File) -> Vec<u8> {
    let request = DownloadProjectJobFilesRequest {
        job_id: id.into(),
        files: vec![file.clone()],
    };
    let links = client.jobs.download_job_files(request).await.unwrap().into_inner();
    let url = links.download_files[0].url.clone();
    let body = tokio::task::spawn_blocking(move || {
        let mut answer = ureq::get(&url).call().unwrap();
        answer.body_mut().with_config().limit(1 << 30).read_to_vec().unwrap()
    });
    body.await.unwrap()
}

/// No process, temporary file or run directory.
fn nothing_is_left(data_dir: &Path) {
    let deadline = Instant::now() + Duration::from_secs(5);
    while !processes(data_dir).is_empty() && Instant::now() < deadline {
        std::thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(processes(data_dir), Vec::<String>::new(), "processes are left");
    let left: Vec<_> = fs::read_dir(data_dir.join("incoming")).unwrap().flatten().collect();
    assert!(left.is_empty(), "incoming holds {left:?}");
    assert_eq!(runs_left(data_dir), Vec::<PathBuf>::new());
}

/// The command lines of processes that name the data folder or run in it.
fn processes(data_dir: &Path) -> Vec<String> {
    let processes = fs::read_dir("/proc").unwrap().flatten();
    let lines = processes.filter_map(|process| {
        let line = fs::read_to_string(process.path().join("cmdline"))
            .ok()?
            .replace('\0', " ");
        let runs_there = fs::read_link(process.path().join("cwd")).is_ok_and(|cwd| cwd.starts_with(data_dir));
        let names_it = line.contains(data_dir.to_str()?);
        (runs_there || names_it).then_some(line)
    });
    lines.collect()
}
