//! Run: hash, Create, send what is missing, Execute. Each step is shown while it happens, can be paused, and goes on after
//! a broken connection, an address that expired, or a reload.

use futures::{StreamExt, TryStreamExt, channel::oneshot, stream};
use leptos::prelude::*;
use tonic::Code;

use crate::{
    app::new_job::state::{
        drafts::{sending::Sending, store::DraftStore},
        form::Form,
        inputs::source::{Hashed, Source},
    },
    browser::{
        self, Client, document,
        gate::Gate,
        hashing::{HashError, Pool},
        upload::UploadError,
    },
    client::{
        CallError,
        submit::{self, Created},
    },
    job::draft::{Draft, InputRow},
};

/// Id of the part that shows a Run.
pub(crate) const RUN: &str = "run";

/// From so many bytes on the page asks before it sends.
const ASK_FROM_BYTES: f64 = 64.0 * 1024.0 * 1024.0;

/// Where a Run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phase {
    /// Not running.
    Idle,
    /// Reading the files.
    Hashing,
    /// Telling the service what the job is.
    Creating,
    /// Asking whether to send as much as it lacks.
    Asking,
    /// Sending the files it lacks.
    Sending,
    /// Starting the job.
    Starting,
}

/// Where a file stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FileStep {
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
pub(crate) struct FileState {
    pub(crate) name: String,
    pub(crate) size_bytes: f64,
    pub(crate) step: RwSignal<FileStep>,
    /// Bytes read or sent in the current step.
    pub(crate) done_bytes: RwSignal<f64>,
}

/// Why a Run stopped.
#[derive(Debug, Clone)]
pub(crate) enum RunError {
    Hash {
        file: String,
        error: HashError,
    },
    Call(CallError),
    /// The Python program could not be read.
    Program {
        reason: String,
    },
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
pub(crate) struct Run {
    pub(crate) phase: RwSignal<Phase>,
    pub(crate) files: RwSignal<Vec<FileState>>,
    pub(crate) error: RwSignal<Option<RunError>>,
    pub(crate) is_paused: RwSignal<bool>,
    /// Whether so much is to be sent that it is asked first.
    pub(crate) asks: RwSignal<bool>,
    /// How many uploads wait for the connection to come back.
    pub(crate) waiting: RwSignal<usize>,
    /// What was begun and has not come to its end.
    pub(crate) sending: RwSignal<Option<Sending>>,
    pub(crate) gate: StoredValue<send_wrapper::SendWrapper<Gate>>,
    /// Where the answer goes to the question before sending.
    asked: StoredValue<Option<oneshot::Sender<()>>>,
}

impl Run {
    pub(crate) fn new() -> Self {
        Self {
            phase: RwSignal::new(Phase::Idle),
            files: RwSignal::default(),
            error: RwSignal::new(None),
            is_paused: RwSignal::new(false),
            asks: RwSignal::new(false),
            waiting: RwSignal::new(0),
            sending: RwSignal::new(None),
            gate: StoredValue::new(send_wrapper::SendWrapper::new(Gate::default())),
            asked: StoredValue::new(None),
        }
    }

    /// Stops all uploads where they are, or lets them go on.
    pub(crate) fn pause(self, is_paused: bool) {
        self.is_paused.set(is_paused);
        self.gate.with_value(|gate| gate.set(!is_paused));
    }

    /// Stops with an error, which takes the focus.
    pub(crate) fn fail(self, error: RunError) {
        self.phase.set(Phase::Idle);
        self.error.set(Some(error));
        request_animation_frame(|| document::focus(RUN));
    }

    /// Yes, send it.
    pub(crate) fn agree(self) {
        if let Some(asked) = self.asked.try_update_value(Option::take).flatten() {
            // Nobody listens any more when the Run was stopped.
            let _ = asked.send(());
        }
    }

    /// Submits the form and answers the job's id.
    pub(crate) async fn submit(self, form: Form, drafts: DraftStore, project: &str) -> Result<String, RunError> {
        let client = browser::client();
        let draft: Draft = untrack(|| form.draft());
        // As their files stand in the request.
        let rows: Vec<InputRow> = draft
            .sent_inputs()
            .into_iter()
            .chain(draft.sent_modules())
            .cloned()
            .collect();
        self.pause(false);
        self.waiting.set(0);
        self.files.set(rows.iter().map(file_state).collect());
        self.phase.set(Phase::Hashing);
        let inputs: Vec<Input> = rows
            .into_iter()
            .map(|row| Input {
                source: form.source(row.source),
                path: row.path,
            })
            .collect();
        self.hash(&inputs).await?;

        self.phase.set(Phase::Creating);
        let mut request = form.hashed().to_request(project);
        request.config = untrack(|| form.text());
        let before = self.sending.get_untracked().and_then(|sending| sending.waiting_job);
        let draft_id = untrack(|| drafts.id());
        let copy = form.source_job().and_then(|source| source.copy(&request));
        let mut order = self.order(
            &draft_id,
            copy.unwrap_or_else(|| submit::Order::New(Box::new(request.clone()))),
        );
        // Whatever happens from here on, the same request will have the same key.
        drafts.save().await;
        let created = match order.place(&client).await {
            Err(RunError::Call(error)) if order.is_copy() && is_source_gone(&error) => {
                order = self.order(&draft_id, submit::Order::New(Box::new(request)));
                drafts.save().await;
                order.place(&client).await
            }
            placed => placed,
        }?;
        if let Some(left_behind) = before.filter(|before| *before != created.job_id) {
            // Made by an earlier Run with other content. The service keeps one that runs after all.
            let _ = client.delete(&left_behind).await;
        }
        self.set_waiting_job(Some(created.job_id.clone()));
        self.mark_held(&created);

        self.asks.set(self.bytes_to_send() >= ASK_FROM_BYTES);
        if self.asks.get_untracked() {
            self.phase.set(Phase::Asking);
            let (asked, answer) = oneshot::channel();
            self.asked.set_value(Some(asked));
            // The other end lives until it is answered.
            let _ = answer.await;
        }
        self.phase.set(Phase::Sending);
        self.send(&client, &inputs, &order, &created).await?;

        self.phase.set(Phase::Starting);
        // From here on it may run, and is not to be deleted.
        self.set_waiting_job(None);
        drafts.save().await;
        client
            .execute(&created.job_id)
            .await
            .map_err(|error| self.forget(error, created.job_id.clone()))?;
        self.sending.set(None);
        Ok(created.job_id)
    }

    fn set_waiting_job(self, job_id: Option<String>) {
        self.sending.update(|sending| {
            if let Some(sending) = sending {
                sending.waiting_job = job_id;
            }
        });
    }

    /// What is asked for, with its key: the same after a reload and in every window that shows the draft, so that it
    /// becomes one job.
    fn order(self, draft_id: &str, what: submit::Order) -> Order {
        let digest = what.digest();
        let known = self.sending.get_untracked().filter(|known| known.request == digest);
        let sending = known.unwrap_or_else(|| Sending {
            key: format!("{draft_id}-{digest}"),
            request: digest,
            waiting_job: None,
        });
        self.sending.set(Some(sending.clone()));
        Order { what, key: sending.key }
    }

    pub(crate) fn file(self, index: usize) -> FileState {
        self.files.read_untracked()[index].clone()
    }

    fn bytes_to_send(self) -> f64 {
        let files = self.files.read_untracked();
        let waiting = files
            .iter()
            .filter(|file| file.step.get_untracked() == FileStep::Waiting);
        waiting.map(|file| file.size_bytes).sum()
    }

    async fn hash(self, inputs: &[Input]) -> Result<(), RunError> {
        let pool = Pool::default();
        stream::iter(inputs.iter().enumerate())
            .map(|(index, input)| self.hash_one(&pool, index, input))
            .buffer_unordered(Pool::width())
            .try_collect()
            .await
    }

    async fn hash_one(self, pool: &Pool, index: usize, input: &Input) -> Result<(), RunError> {
        let shown = self.file(index);
        if let Some(source) = &input.source {
            shown.step.set(FileStep::Hashing);
            let progress = |share| shown.done_bytes.set(share * shown.size_bytes);
            let hashed = source.hash(pool, &input.path, progress).await;
            hashed.map_err(|error| RunError::Hash {
                file: shown.name.clone(),
                error,
            })?;
        }
        shown.done_bytes.set(shown.size_bytes);
        shown.step.set(FileStep::Hashed);
        Ok(())
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

    fn forget(self, error: CallError, job_id: String) -> RunError {
        // Whatever stands in the way of this job, a new one finds out what the service still lacks.
        if matches!(error.code, Code::FailedPrecondition | Code::NotFound) {
            self.sending.update(|sending| {
                if let Some(sending) = sending {
                    sending.key = document::random_id();
                    sending.waiting_job = Some(job_id);
                }
            });
        }
        RunError::Call(error)
    }
}

/// An input as it stands in the request.
pub(crate) struct Input {
    source: Option<Source>,
    path: String,
}

impl Input {
    pub(crate) fn hashed(&self) -> Option<(&Source, Hashed)> {
        let source = self.source.as_ref()?;
        Some((source, source.hashed(&self.path)?))
    }
}

/// What makes the job's record; asked for again, it is the same job.
pub(crate) struct Order {
    what: submit::Order,
    key: String,
}

impl Order {
    /// Asks for it.
    pub(crate) async fn place(&self, client: &Client) -> Result<Created, RunError> {
        let created = submit::place(client, &self.what, &self.key).await;
        created.map_err(RunError::Call)
    }

    fn is_copy(&self) -> bool {
        matches!(self.what, submit::Order::Copy { .. })
    }
}

/// Whether there is nothing left that could be copied, though it can be made anew.
fn is_source_gone(error: &CallError) -> bool {
    matches!(error.code, Code::FailedPrecondition | Code::NotFound)
}

fn file_state(input: &InputRow) -> FileState {
    FileState {
        name: input.path.clone(),
        size_bytes: input.size_bytes as f64,
        step: RwSignal::new(FileStep::Waiting),
        done_bytes: RwSignal::new(0.0),
    }
}
