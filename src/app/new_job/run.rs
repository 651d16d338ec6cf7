//! Run: hash, Create, send what is missing, Execute. Each step is shown while it happens, can be paused, and goes on after
//! a broken connection, an address that expired, or a reload.

use futures::{
    StreamExt, TryStreamExt,
    channel::oneshot,
    future::{Either, select},
    stream,
};
use leptos::prelude::*;
use tonic::Code;

use super::{
    drafts::Keeper,
    form::Form,
    sources::{Hashed, Source},
};
use crate::{
    browser::{
        self, Client, document,
        gate::Gate,
        hashing::{HashError, Pool},
        upload::{self, UploadError},
    },
    client::{
        CallError, Clock,
        retry::Backoff,
        submit::{self, Created, Upload},
    },
    job::draft::{Draft, InputRow},
};

/// Id of the part that shows a Run.
pub(super) const RUN: &str = "run";

/// Uploads at a time: more than one keeps the line busy between files, many would starve each other.
const UPLOADS_AT_ONCE: usize = 3;
/// How often in a row an upload is begun anew without a byte more having arrived.
const UPLOAD_ATTEMPTS: u32 = 8;
/// How often a file may need a new address.
const RENEWALS: u32 = 3;
/// From so many bytes on the page asks before it sends.
const ASK_FROM_BYTES: f64 = 64.0 * 1024.0 * 1024.0;

/// Where a Run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
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

/// A job on its way, as it is kept until it runs.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(super) struct Sending {
    /// The digest of the request.
    pub(super) request: String,
    /// The `Idempotency-Key` of its Create.
    pub(super) key: String,
    /// The job it became, as long as Execute has not been asked for.
    #[serde(default)]
    pub(super) waiting_job: Option<String>,
}

/// What a Run shows.
#[derive(Clone, Copy)]
pub(super) struct Run {
    pub(super) phase: RwSignal<Phase>,
    pub(super) files: RwSignal<Vec<FileState>>,
    pub(super) error: RwSignal<Option<RunError>>,
    pub(super) is_paused: RwSignal<bool>,
    /// Whether so much is to be sent that it is asked first.
    pub(super) asks: RwSignal<bool>,
    /// How many uploads wait for the connection to come back.
    pub(super) waiting: RwSignal<usize>,
    /// What was begun and has not come to its end.
    pub(super) sending: RwSignal<Option<Sending>>,
    gate: StoredValue<send_wrapper::SendWrapper<Gate>>,
    /// Where the answer goes to the question before sending.
    asked: StoredValue<Option<oneshot::Sender<()>>>,
}

impl Run {
    pub(super) fn new() -> Self {
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
    pub(super) fn pause(self, is_paused: bool) {
        self.is_paused.set(is_paused);
        self.gate.with_value(|gate| gate.set(!is_paused));
    }

    /// Stops with an error, which takes the focus.
    pub(super) fn fail(self, error: RunError) {
        self.phase.set(Phase::Idle);
        self.error.set(Some(error));
        request_animation_frame(|| document::focus(RUN));
    }

    /// Yes, send it.
    pub(super) fn agree(self) {
        if let Some(asked) = self.asked.try_update_value(Option::take).flatten() {
            // Nobody listens any more when the Run was stopped.
            let _ = asked.send(());
        }
    }

    /// Submits the form and answers the job's id.
    pub(super) async fn submit(self, form: Form, keeper: Keeper, project: &str) -> Result<String, RunError> {
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
        let draft_id = untrack(|| keeper.id());
        let copy = form.source_job().and_then(|source| source.copy(&request));
        let mut order = self.order(&draft_id, copy.unwrap_or_else(|| submit::Order::New(request.clone())));
        // Whatever happens from here on, the same request will have the same key.
        keeper.save().await;
        let created = match order.place(&client).await {
            Err(RunError::Call(error)) if order.is_copy() && is_source_gone(&error) => {
                order = self.order(&draft_id, submit::Order::New(request));
                keeper.save().await;
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
        keeper.save().await;
        client
            .execute(&created.job_id)
            .await
            .map_err(|error| self.forget(error))?;
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

    fn file(self, index: usize) -> FileState {
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

    async fn send(self, client: &Client, inputs: &[Input], order: &Order, created: &Created) -> Result<(), RunError> {
        stream::iter(&created.uploads)
            .map(|upload| self.send_one(client, inputs, order, upload))
            .buffer_unordered(UPLOADS_AT_ONCE)
            .try_collect::<()>()
            .await
    }

    async fn send_one(self, client: &Client, inputs: &[Input], order: &Order, upload: &Upload) -> Result<(), RunError> {
        let shown: Vec<FileState> = upload.inputs.iter().map(|index| self.file(*index)).collect();
        let file = shown.first().map(|file| file.name.clone()).unwrap_or_default();
        // Any of the inputs with this content will do; one may be known by its hash alone.
        let Some((source, hashed)) = upload.inputs.iter().find_map(|index| inputs.get(*index)?.hashed()) else {
            return Err(RunError::NoFile { file });
        };
        let failed = |error| RunError::Upload {
            file: file.clone(),
            error,
        };
        shown.iter().for_each(|file| file.step.set(FileStep::Sending));
        let mut url = upload.url.clone();
        let mut tries = Tries::default();
        loop {
            match self.try_to_send(&url, &hashed, &shown).await {
                None => self.wait_for_gate().await,
                Some(Ok(())) => break,
                Some(Err(error)) if error.is_passing() && tries.may_go_on(&shown) => {
                    self.waiting.update(|waiting| *waiting += 1);
                    client.clock().pause_before_retry(tries.backoff.next_ms()).await;
                    self.waiting.update(|waiting| *waiting = waiting.saturating_sub(1));
                }
                Some(Err(error)) if error.is_expired() && tries.renewals < RENEWALS => {
                    tries.renewals += 1;
                    let renewed = order.place(client).await?;
                    match renewed.uploads.into_iter().find(|other| other.inputs == upload.inputs) {
                        Some(other) => url = other.url,
                        // It has arrived meanwhile.
                        None => break,
                    }
                }
                Some(Err(error)) => {
                    if error.is_other_content() || matches!(error, UploadError::Unreadable(_)) {
                        source.mistrust().await;
                    }
                    return Err(failed(error));
                }
            }
        }
        for file in shown {
            file.done_bytes.set(file.size_bytes);
            file.step.set(FileStep::Sent);
        }
        Ok(())
    }

    /// Sends until it ends, or `None` when the Run was paused.
    async fn try_to_send(self, url: &str, hashed: &Hashed, shown: &[FileState]) -> Option<Result<(), UploadError>> {
        let bars: Vec<RwSignal<f64>> = shown.iter().map(|file| file.done_bytes).collect();
        let progress = move |bytes| bars.iter().for_each(|bar| bar.set(bytes));
        let gate = self.gate.with_value(|gate| (**gate).clone());
        let closed = std::pin::pin!(gate.is(false));
        let sending = std::pin::pin!(upload::send(url, &hashed.body, progress));
        match select(closed, sending).await {
            Either::Left(_) => None,
            Either::Right((sent, _)) => Some(sent),
        }
    }

    async fn wait_for_gate(self) {
        let gate = self.gate.with_value(|gate| (**gate).clone());
        gate.is(true).await;
    }

    fn forget(self, error: CallError) -> RunError {
        // Whatever stands in the way of this job, a new one finds out what the service still lacks.
        if matches!(error.code, Code::FailedPrecondition | Code::NotFound) {
            self.sending.update(|sending| {
                if let Some(sending) = sending {
                    sending.key = document::random_id();
                }
            });
        }
        RunError::Call(error)
    }
}

/// An input as it stands in the request.
struct Input {
    source: Option<Source>,
    path: String,
}

impl Input {
    fn hashed(&self) -> Option<(&Source, Hashed)> {
        let source = self.source.as_ref()?;
        Some((source, source.hashed(&self.path)?))
    }
}

/// What makes the job's record; asked for again, it is the same job.
struct Order {
    what: submit::Order,
    key: String,
}

impl Order {
    async fn place(&self, client: &Client) -> Result<Created, RunError> {
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

/// How often an upload was begun.
#[derive(Default)]
struct Tries {
    backoff: Backoff,
    in_vain: u32,
    renewals: u32,
    most_bytes: f64,
}

impl Tries {
    /// Counts a failure; one after new bytes arrived is a first one, and without a network none is counted.
    fn may_go_on(&mut self, shown: &[FileState]) -> bool {
        let bytes = shown.first().map_or(0.0, |file| file.done_bytes.get_untracked());
        if bytes > self.most_bytes {
            self.most_bytes = bytes;
            self.in_vain = 0;
            self.backoff.reset();
        }
        if document::is_online() {
            self.in_vain += 1;
        }
        self.in_vain < UPLOAD_ATTEMPTS
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
