//! The real service over rows, files and an engine in memory.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use futures::{FutureExt, StreamExt, future::BoxFuture, stream::BoxStream};
use jobsphere_api::{
    id::{JobId, ProjectId},
    jobs::{File, Job, JobParameters, ListProjectJobRequest, project_job_service_server::ProjectJobService},
    sha256::Sha256,
};
use jobsphere_service::{
    Access, Blobs, BlobsError, Caller, CancelMode, Capacity, Engine, Host, InstanceType, JobService, LogBatch, LogFrom,
    Logs, LogsError, Outcome, Parts, Report, SecretValue, StoreError, Task, memory::MemoryStore,
};
use tonic::{Request, async_trait};

pub(crate) const PROJECT: &str = "default";

/// The files of the only project.
#[derive(Default)]
pub(crate) struct MemoryBlobs {
    held: Mutex<BTreeMap<Sha256, Vec<u8>>>,
    /// What others still need.
    of_others: Mutex<BTreeSet<Sha256>>,
    /// How often each content was received as a whole.
    received: Mutex<BTreeMap<Sha256, usize>>,
}

impl MemoryBlobs {
    /// Takes what is sent to an address, and answers with an HTTP status.
    pub(crate) fn put(&self, url: &str, content: &[u8]) -> u16 {
        let sha256 = Sha256::of(content);
        if !url.ends_with(&sha256.to_string()) {
            return 422;
        }
        *self.received.lock().unwrap().entry(sha256).or_default() += 1;
        self.held.lock().unwrap().insert(sha256, content.to_vec());
        200
    }

    /// Holds a content that nobody sent, for good.
    pub(crate) fn hold(&self, content: &[u8]) {
        self.of_others.lock().unwrap().insert(Sha256::of(content));
        self.held.lock().unwrap().insert(Sha256::of(content), content.to_vec());
    }

    pub(crate) fn lose(&self, content: &[u8]) {
        self.held.lock().unwrap().remove(&Sha256::of(content));
    }

    pub(crate) fn received(&self, content: &[u8]) -> usize {
        let received = self.received.lock().unwrap();
        received.get(&Sha256::of(content)).copied().unwrap_or_default()
    }

    fn content(&self, sha256: &str) -> Option<Vec<u8>> {
        self.held.lock().unwrap().get(&Sha256::parse(sha256).ok()?).cloned()
    }
}

#[async_trait]
impl Blobs for MemoryBlobs {
    async fn holds(&self, _: &ProjectId, sha256: Sha256) -> Result<bool, BlobsError> {
        Ok(self.held.lock().unwrap().contains_key(&sha256))
    }

    async fn beginning(&self, _: &ProjectId, sha256: Sha256, most: usize) -> Result<Vec<u8>, BlobsError> {
        let mut content = self.content(&sha256.to_string()).unwrap_or_default();
        content.truncate(most);
        Ok(content)
    }

    async fn remove(&self, _: &ProjectId, sha256: Sha256) -> Result<(), BlobsError> {
        if !self.of_others.lock().unwrap().contains(&sha256) {
            self.held.lock().unwrap().remove(&sha256);
        }
        Ok(())
    }

    fn stored(&self) -> BoxStream<'static, (ProjectId, Sha256)> {
        futures::stream::empty().boxed()
    }

    fn upload_url(&self, origin: &str, _: &ProjectId, file: &File) -> String {
        format!("{origin}/put/{}", file.sha256)
    }

    fn download_url(&self, origin: &str, _: &ProjectId, file: &File) -> String {
        format!("{origin}/get/{}", file.sha256)
    }
}

/// A job that was run, with the contents of its files by their paths.
#[derive(Debug, Clone)]
pub(crate) struct Ran {
    pub(crate) job_id: String,
    pub(crate) files: Vec<(String, Vec<u8>)>,
}

/// Ends every command at once, and remembers what it found.
struct RememberingEngine {
    blobs: Arc<MemoryBlobs>,
    ran: Arc<Mutex<Vec<Ran>>>,
}

impl RememberingEngine {
    fn files(&self, parameters: &JobParameters) -> Vec<(String, Vec<u8>)> {
        let python = parameters.env.as_ref().and_then(|env| env.python_env.as_ref());
        let modules = python.into_iter().flat_map(|python| &python.local_modules);
        let files = parameters.input_files.iter().chain(modules);
        let content = |file: &File| {
            let path = file.desc.as_ref().unwrap().path.clone();
            (path, self.blobs.content(&file.sha256).unwrap())
        };
        files.map(content).collect()
    }
}

#[async_trait]
impl Engine for RememberingEngine {
    async fn refusals(&self, _: &ProjectId, _: &JobParameters) -> Result<Vec<String>, StoreError> {
        Ok(Vec::new())
    }

    async fn secrets(&self, _: &ProjectId) -> Result<Vec<SecretValue>, StoreError> {
        Ok(Vec::new())
    }

    async fn run(&self, task: Task, report: Arc<dyn Report>) -> Outcome {
        self.ran.lock().unwrap().push(Ran {
            job_id: task.job_id.to_string(),
            files: self.files(&task.parameters),
        });
        report.executing(jobsphere_api::time::from_millis(5_000)).await;
        Outcome::Finished {
            return_code: 0,
            cancelled: false,
            details: String::new(),
            output_files: Vec::new(),
            log_files: Vec::new(),
            diagnostic_files: Vec::new(),
            file_errors: Vec::new(),
            output_datasets: Vec::new(),
            dataset_errors: Vec::new(),
        }
    }

    async fn cancel(&self, _: &JobId, _: CancelMode) {}

    async fn kept(&self) -> Vec<JobId> {
        Vec::new()
    }

    async fn forget(&self, _: &JobId) {}
}

/// Commands say nothing.
struct NoLogs;

#[async_trait]
impl Logs for NoLogs {
    async fn read(&self, _: &JobId, _: LogFrom, _: usize) -> Result<LogBatch, LogsError> {
        Ok(LogBatch::default())
    }

    async fn remove(&self, _: &JobId) -> Result<(), LogsError> {
        Ok(())
    }

    fn stored(&self) -> BoxStream<'static, JobId> {
        futures::stream::empty().boxed()
    }

    fn changes(&self, _: &JobId) -> BoxStream<'static, ()> {
        futures::stream::pending().boxed()
    }
}

/// Its time stands still, and its random bytes are counted.
#[derive(Default)]
struct StillHost {
    given: AtomicU64,
}

impl Host for StillHost {
    fn now_micros(&self) -> i64 {
        1_000_000_000
    }

    fn random(&self, bytes: &mut [u8]) {
        let given = self.given.fetch_add(1, Ordering::Relaxed).to_be_bytes();
        let (rest, end) = bytes.split_at_mut(bytes.len().saturating_sub(given.len()));
        rest.fill(0);
        end.copy_from_slice(&given[given.len() - end.len()..]);
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

/// The service with what lies under it.
pub(crate) struct Service {
    pub(crate) jobs: JobService,
    pub(crate) blobs: Arc<MemoryBlobs>,
    ran: Arc<Mutex<Vec<Ran>>>,
}

impl Service {
    pub(crate) async fn open() -> Self {
        let blobs = Arc::<MemoryBlobs>::default();
        let ran = Arc::<Mutex<Vec<Ran>>>::default();
        let parts = Parts {
            store: Arc::new(MemoryStore::default()),
            blobs: blobs.clone(),
            logs: Arc::new(NoLogs),
            engine: Arc::new(RememberingEngine {
                blobs: blobs.clone(),
                ran: ran.clone(),
            }),
            host: Arc::new(StillHost::default()),
            capacity: Capacity {
                cpus: 2.0,
                instance_types: vec![InstanceType {
                    name: "c1.1".into(),
                    cpus: 1.0,
                }],
            },
        };
        let jobs = JobService::open(parts).await.unwrap();
        tokio::task::yield_now().await;
        Self { jobs, blobs, ran }
    }

    /// What was run, in this order.
    pub(crate) fn ran(&self) -> Vec<Ran> {
        self.ran.lock().unwrap().clone()
    }

    /// All jobs, newest first.
    pub(crate) async fn all_jobs(&self) -> Vec<Job> {
        let request = ListProjectJobRequest {
            project_id: PROJECT.into(),
            page_size: 1000,
            ..ListProjectJobRequest::default()
        };
        let mut request = Request::new(request);
        request.extensions_mut().insert(caller());
        self.jobs.list(request).await.unwrap().into_inner().jobs
    }
}

pub(crate) fn caller() -> Caller {
    Caller {
        id: "me".into(),
        origin: "http://here".into(),
        access: Access::everything(),
    }
}
