//! Surroundings of the service under test: files and logs in memory, a clock that the test moves, and an
//! engine whose commands end when the test says so.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex},
    time::Duration,
};

use futures::{FutureExt, StreamExt, future::BoxFuture, stream::BoxStream};
use jobsphere_api::{
    id::{JobId, ProjectId},
    jobs::{File, JobParameters, LogMessage, log_message::Source},
    sha256::Sha256,
};
use jobsphere_service::{
    Blobs, BlobsError, CancelMode, Engine, Host, LogBatch, LogFrom, Logs, LogsError, NotHeld, Outcome, Report,
    SecretValue, StoreError, Taken, Task, Unnamed, UnnamedFile,
};
use tokio::sync::watch;
use tonic::async_trait;

#[derive(Default)]
pub(crate) struct MemoryBlobs {
    pub(crate) held: Mutex<HashSet<(ProjectId, Sha256)>>,
    /// What is held, where a test looks into it.
    pub(crate) contents: Mutex<HashMap<Sha256, Vec<u8>>>,
}

#[async_trait]
impl Blobs for MemoryBlobs {
    async fn holds(&self, project: &ProjectId, sha256: Sha256) -> Result<bool, BlobsError> {
        Ok(self.held.lock().unwrap().contains(&(project.clone(), sha256)))
    }

    async fn beginning(&self, _: &ProjectId, sha256: Sha256, most: usize) -> Result<Vec<u8>, BlobsError> {
        let mut content = self.contents.lock().unwrap().get(&sha256).cloned().unwrap_or_default();
        content.truncate(most);
        Ok(content)
    }

    async fn remove(&self, project: &ProjectId, sha256: Sha256) -> Result<(), BlobsError> {
        self.held.lock().unwrap().remove(&(project.clone(), sha256));
        Ok(())
    }

    fn stored(&self) -> BoxStream<'static, (ProjectId, Sha256)> {
        let held: Vec<_> = self.held.lock().unwrap().iter().cloned().collect();
        futures::stream::iter(held).boxed()
    }

    fn upload_url(&self, origin: &str, project: &ProjectId, file: &File) -> String {
        format!("{origin}/put/{project}/{}", file.sha256)
    }

    fn download_url(&self, origin: &str, project: &ProjectId, file: &File) -> String {
        format!("{origin}/get/{project}/{}", file.sha256)
    }
}

/// Each job's log, kept in a channel that followers watch.
#[derive(Default)]
pub(crate) struct MemoryLogs {
    logs: Mutex<HashMap<JobId, watch::Sender<Vec<u8>>>>,
}

impl MemoryLogs {
    pub(crate) fn append(&self, job: &JobId, content: &[u8]) {
        self.sender(job).send_modify(|log| log.extend_from_slice(content));
    }

    fn sender(&self, job: &JobId) -> watch::Sender<Vec<u8>> {
        self.logs
            .lock()
            .unwrap()
            .entry(job.clone())
            .or_insert_with(|| watch::Sender::new(Vec::new()))
            .clone()
    }
}

#[async_trait]
impl Logs for MemoryLogs {
    async fn read(&self, job: &JobId, from: LogFrom, max_bytes: usize) -> Result<LogBatch, LogsError> {
        let log = self.sender(job).borrow().clone();
        let start = match from {
            LogFrom::Offset(offset) => usize::try_from(offset).unwrap(),
            LogFrom::End => log.len(),
        };
        let end = log.len() as u64;
        let rest = log.get(start..).ok_or(LogsError::BehindEnd {
            offset: start as u64,
            end,
        })?;
        let content = rest[..rest.len().min(max_bytes)].to_vec();
        let offset = (start + content.len()) as u64;
        let message = LogMessage {
            content,
            created_at: None,
            source: Some(Source::StandardStream(1)),
        };
        let messages = Some(message)
            .filter(|message| !message.content.is_empty())
            .into_iter()
            .collect();
        Ok(LogBatch { messages, offset })
    }

    async fn remove(&self, job: &JobId) -> Result<(), LogsError> {
        self.logs.lock().unwrap().remove(job);
        Ok(())
    }

    fn stored(&self) -> BoxStream<'static, JobId> {
        let ids: Vec<_> = self.logs.lock().unwrap().keys().cloned().collect();
        futures::stream::iter(ids).boxed()
    }

    fn changes(&self, job: &JobId) -> BoxStream<'static, ()> {
        let mut receiver = self.sender(job).subscribe();
        receiver.mark_changed();
        futures::stream::unfold(receiver, |mut receiver| async {
            receiver.changed().await.ok()?;
            Some(((), receiver))
        })
        .boxed()
    }
}

/// What the test lets a command do.
#[derive(Clone)]
pub(crate) enum Step {
    Wait,
    End(Outcome),
}

/// Counts the runs of each job, and ends them at the test's word.
pub(crate) struct GatedEngine {
    pub(crate) runs: Mutex<Vec<JobId>>,
    pub(crate) cancels: Mutex<Vec<(JobId, CancelMode)>>,
    pub(crate) forgotten: Mutex<Vec<JobId>>,
    pub(crate) gate: watch::Sender<Step>,
    pub(crate) secrets: Mutex<Vec<SecretValue>>,
    /// What was run.
    pub(crate) parameters: Mutex<Vec<JobParameters>>,
    /// What every command leaves that nobody has named, or why nothing of it can be had.
    pub(crate) left: Mutex<Result<Vec<File>, NotHeld>>,
    /// Whether files that are to be kept are stored now.
    pub(crate) stores: watch::Sender<bool>,
    pub(crate) let_go: Mutex<Vec<JobId>>,
    /// The stored files.
    pub(crate) blobs: Mutex<Option<Arc<MemoryBlobs>>>,
}

impl Default for GatedEngine {
    fn default() -> Self {
        Self {
            runs: Mutex::default(),
            cancels: Mutex::default(),
            forgotten: Mutex::default(),
            gate: watch::Sender::new(Step::Wait),
            secrets: Mutex::default(),
            parameters: Mutex::default(),
            left: Mutex::new(Ok(Vec::new())),
            stores: watch::Sender::new(true),
            let_go: Mutex::default(),
            blobs: Mutex::default(),
        }
    }
}

#[async_trait]
impl Engine for GatedEngine {
    async fn refusals(&self, _: &ProjectId, parameters: &JobParameters) -> Result<Vec<String>, StoreError> {
        let spark = parameters.spark_parameters.as_ref();
        Ok(spark.map(|_| "Spark is not here".to_owned()).into_iter().collect())
    }

    async fn secrets(&self, _: &ProjectId) -> Result<Vec<SecretValue>, StoreError> {
        Ok(self.secrets.lock().unwrap().clone())
    }

    async fn run(&self, task: Task, report: Arc<dyn Report>) -> Outcome {
        self.parameters.lock().unwrap().push(task.parameters);
        self.runs.lock().unwrap().push(task.job_id);
        report.executing(jobsphere_api::time::from_millis(5_000)).await;
        let mut gate = self.gate.subscribe();
        loop {
            let step = gate.borrow_and_update().clone();
            if let Step::End(outcome) = step {
                report.uploading_output().await;
                return outcome;
            }
            gate.changed().await.unwrap();
        }
    }

    async fn cancel(&self, job: &JobId, mode: CancelMode) {
        self.cancels.lock().unwrap().push((job.clone(), mode));
        let ended = Outcome::Finished {
            return_code: 137,
            cancelled: true,
            details: String::new(),
            output_files: Vec::new(),
            log_files: Vec::new(),
            diagnostic_files: Vec::new(),
            file_errors: Vec::new(),
            output_datasets: Vec::new(),
            dataset_errors: Vec::new(),
        };
        self.gate.send_replace(Step::End(ended));
    }

    async fn kept(&self) -> Vec<JobId> {
        self.runs.lock().unwrap().clone()
    }

    async fn forget(&self, job: &JobId) {
        self.forgotten.lock().unwrap().push(job.clone());
    }

    async fn unnamed(&self, _: &JobId) -> Option<Unnamed> {
        let left = self.left.lock().unwrap().clone().ok()?;
        let files = left.iter().map(|file| UnnamedFile {
            path: file.desc.clone().unwrap().path,
            size_bytes: file.size_bytes,
        });
        Some(Unnamed {
            files: files.collect(),
            until_micros: 9_000_000,
            ..Default::default()
        })
    }

    async fn take(&self, task: &Task, paths: &[String]) -> Result<Vec<Taken>, NotHeld> {
        let left = self.left.lock().unwrap().clone()?;
        self.stores.subscribe().wait_for(|may| *may).await.unwrap();
        let blobs = self.blobs.lock().unwrap().clone();
        let taken = paths.iter().map(|path| {
            let mut left = left.iter();
            let file = left.find(|file| file.desc.as_ref().unwrap().path == *path);
            if let (Some(file), Some(blobs)) = (file, &blobs) {
                let key = (task.project_id.clone(), Sha256::parse(&file.sha256).unwrap());
                blobs.held.lock().unwrap().insert(key);
            }
            Taken {
                path: path.clone(),
                file: file.cloned().ok_or_else(|| "it is not there".to_owned()),
            }
        });
        Ok(taken.collect())
    }

    async fn let_go(&self, job: &JobId) {
        self.let_go.lock().unwrap().push(job.clone());
    }
}

/// Stands still until the test moves it; sleeps never end, so that a test that passes waited for no time.
#[derive(Default)]
pub(crate) struct StillHost {
    random: Mutex<u8>,
    pub(crate) passed_s: Mutex<i64>,
}

impl Host for StillHost {
    fn now_micros(&self) -> i64 {
        1_000_000_000 + *self.passed_s.lock().unwrap() * 1_000_000
    }

    fn random(&self, bytes: &mut [u8]) {
        let mut next = self.random.lock().unwrap();
        *next += 1;
        bytes.fill(*next);
    }

    fn sleep(&self, _: Duration) -> BoxFuture<'static, ()> {
        std::future::pending().boxed()
    }

    fn warn(&self, sentence: &str) {
        panic!("{sentence}");
    }

    fn spawn(&self, task: BoxFuture<'static, ()>) {
        tokio::spawn(task);
    }
}
