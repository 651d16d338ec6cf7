//! Run: hash, Create, send what is missing, Execute. Each step is shown while it happens.

use futures::{StreamExt, TryStreamExt, stream};
use leptos::prelude::*;
use tonic::Code;

use super::form::{Form, Source};
use crate::{
    api::{jobs::CreateProjectJobRequest, sha256::Sha256},
    browser::{
        self, Client,
        hashing::{HashError, Hasher},
        upload::{self, UploadError},
    },
    client::{
        CallError, Clock,
        retry::Backoff,
        submit::{self, Created, Upload},
    },
    job::draft::{Draft, InputRow, List},
};

/// Uploads at a time: more than one keeps the line busy between files, many would starve each other.
const UPLOADS_AT_ONCE: usize = 3;
/// How often an upload is begun anew when the connection breaks.
const UPLOAD_ATTEMPTS: u32 = 5;

/// Where a Run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// Not running.
    Idle,
    /// Reading the files.
    Hashing,
    /// Telling the service what the job is.
    Creating,
    /// Sending the files it lacks.
    Sending,
    /// Starting the job.
    Starting,
}

/// Where a file stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FileStep {
    /// Its turn has not come.
    Waiting,
    /// It is being read.
    Hashing,
    /// Its digest is known.
    Hashed,
    /// The service holds its content already.
    Held,
    /// It is being sent.
    Sending,
    /// The service has confirmed its content.
    Sent,
}

/// A file on its way.
#[derive(Clone)]
pub(super) struct FileState {
    pub(super) name: String,
    pub(super) size_bytes: f64,
    pub(super) step: RwSignal<FileStep>,
    /// Bytes read or sent in the current step.
    pub(super) done_bytes: RwSignal<f64>,
}

/// Why a Run stopped.
#[derive(Debug, Clone)]
pub(super) enum RunError {
    Hash {
        file: String,
        error: HashError,
    },
    Call(CallError),
    Upload {
        file: String,
        error: UploadError,
    },
    /// The service does not hold the content of an input any more that is known by its hash alone.
    NoFile {
        file: String,
    },
}

/// What a Run shows.
#[derive(Clone, Copy)]
pub(super) struct Run {
    pub(super) phase: RwSignal<Phase>,
    pub(super) files: RwSignal<Vec<FileState>>,
    pub(super) error: RwSignal<Option<RunError>>,
    /// A created job whose files did not all arrive; the same request goes on with it.
    pending: StoredValue<Option<(CreateProjectJobRequest, Created)>>,
}

impl Run {
    pub(super) fn new() -> Self {
        Self {
            phase: RwSignal::new(Phase::Idle),
            files: RwSignal::default(),
            error: RwSignal::new(None),
            pending: StoredValue::new(None),
        }
    }

    /// Submits the form and answers the job's id.
    pub(super) async fn submit(self, form: Form, project: &str) -> Result<String, RunError> {
        let client = browser::client();
        let draft: Draft = untrack(|| form.draft());
        // As they stand in the request, in which blank rows are left out.
        let rows: Vec<InputRow> = draft
            .written(List::Inputs)
            .into_iter()
            .map(|row| draft.inputs[row].clone())
            .collect();
        let inputs: Vec<Option<Source>> = rows.iter().map(|row| form.source(row.source)).collect();
        self.files.set(rows.iter().map(file_state).collect());
        self.phase.set(Phase::Hashing);
        self.hash(&inputs).await?;

        self.phase.set(Phase::Creating);
        let mut request = form.hashed().to_request(project);
        request.config = untrack(|| form.text());
        let created = self.create(&client, request).await?;
        self.mark_held(&created);

        self.phase.set(Phase::Sending);
        self.send(&client, &inputs, &created).await?;

        self.phase.set(Phase::Starting);
        client
            .execute(&created.job_id)
            .await
            .map_err(|error| self.forget(error))?;
        self.pending.set_value(None);
        Ok(created.job_id)
    }

    fn file(self, index: usize) -> FileState {
        self.files.read_untracked()[index].clone()
    }

    async fn hash(self, inputs: &[Option<Source>]) -> Result<(), RunError> {
        let mut hasher = None;
        for (index, input) in inputs.iter().enumerate() {
            let shown = self.file(index);
            if let Some(input) = input.as_ref().filter(|input| input.digest.get_value().is_none()) {
                shown.step.set(FileStep::Hashing);
                let digest = hash_one(&mut hasher, input, shown.done_bytes).await;
                let digest = digest.map_err(|error| RunError::Hash {
                    file: shown.name.clone(),
                    error,
                })?;
                input.digest.set_value(Some(digest));
            }
            shown.done_bytes.set(shown.size_bytes);
            shown.step.set(FileStep::Hashed);
        }
        Ok(())
    }

    async fn create(self, client: &Client, request: CreateProjectJobRequest) -> Result<Created, RunError> {
        if let Some((_, created)) = self.pending.get_value().filter(|(same, _)| *same == request) {
            return Ok(created);
        }
        let created = submit::create(client, request.clone()).await.map_err(RunError::Call)?;
        self.pending.set_value(Some((request, created.clone())));
        Ok(created)
    }

    fn mark_held(self, created: &Created) {
        for index in &created.held {
            self.file(*index).step.set(FileStep::Held);
        }
        for upload in &created.uploads {
            for index in &upload.inputs {
                let shown = self.file(*index);
                shown.done_bytes.set(0.0);
                shown.step.set(FileStep::Waiting);
            }
        }
    }

    async fn send(self, client: &Client, inputs: &[Option<Source>], created: &Created) -> Result<(), RunError> {
        stream::iter(&created.uploads)
            .map(|upload| self.send_one(client, inputs, upload))
            .buffer_unordered(UPLOADS_AT_ONCE)
            .try_collect::<()>()
            .await
    }

    async fn send_one(self, client: &Client, inputs: &[Option<Source>], upload: &Upload) -> Result<(), RunError> {
        let shown: Vec<FileState> = upload.inputs.iter().map(|index| self.file(*index)).collect();
        // Any of the inputs with this content will do; one may be known by its hash alone.
        let Some(first) = upload.inputs.iter().find_map(|index| inputs.get(*index)?.as_ref()) else {
            self.pending.set_value(None);
            let file = shown.first().map(|file| file.name.clone()).unwrap_or_default();
            return Err(RunError::NoFile { file });
        };
        shown.iter().for_each(|file| file.step.set(FileStep::Sending));
        let bars: Vec<RwSignal<f64>> = shown.iter().map(|file| file.done_bytes).collect();
        let mut backoff = Backoff::default();
        for attempt in 1.. {
            let bars = bars.clone();
            let progress = move |bytes| bars.iter().for_each(|bar| bar.set(bytes));
            match upload::send(&upload.url, &first.file, progress).await {
                Ok(()) => break,
                Err(UploadError::Connection) if attempt < UPLOAD_ATTEMPTS => {
                    client.clock().pause_before_retry(backoff.next_ms()).await;
                }
                Err(error) => {
                    if matches!(error, UploadError::Refused { .. }) {
                        // The address may have expired, or the file is another one now: begin anew.
                        self.pending.set_value(None);
                        first.digest.set_value(None);
                    }
                    let file = shown.first().map(|file| file.name.clone()).unwrap_or_default();
                    return Err(RunError::Upload { file, error });
                }
            }
        }
        for file in shown {
            file.done_bytes.set(file.size_bytes);
            file.step.set(FileStep::Sent);
        }
        Ok(())
    }

    fn forget(self, error: CallError) -> RunError {
        // Whatever stands in the way of this job, a new Create finds out what the service still lacks.
        if matches!(error.code, Code::FailedPrecondition | Code::NotFound) {
            self.pending.set_value(None);
        }
        RunError::Call(error)
    }
}

fn file_state(input: &InputRow) -> FileState {
    FileState {
        name: input.path.clone(),
        size_bytes: input.size_bytes as f64,
        step: RwSignal::new(FileStep::Waiting),
        done_bytes: RwSignal::new(0.0),
    }
}

async fn hash_one(hasher: &mut Option<Hasher>, input: &Source, done_bytes: RwSignal<f64>) -> Result<Sha256, HashError> {
    let hasher = match hasher {
        Some(hasher) => hasher,
        None => hasher.insert(Hasher::start().await?),
    };
    hasher.hash(&input.file, move |bytes| done_bytes.set(bytes)).await
}
