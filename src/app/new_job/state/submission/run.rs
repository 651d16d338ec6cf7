//! Run: what the page shows of a submission while it goes on. The course itself is `client`'s.

use leptos::prelude::*;
use send_wrapper::SendWrapper;

use super::hands::Hands;
use crate::{
    api::jobs::{File, FileCompressionType},
    app::new_job::state::{
        drafts::{sending::Sending, store::DraftStore},
        form::Form,
        inputs::source::Source,
    },
    browser::{self, document, hashing::HashError, upload::UploadError},
};
use jobsphere_authoring::{config, draft::Variant};
use jobsphere_client::{
    CallError,
    submission::{Control, Event, Failure, FileOnItsWay, FileStep, Pending, Phase, Submission},
};

/// Id of the part that shows a Run.
pub(crate) const RUN: &str = "run";

/// From so many bytes on the page asks before it sends.
const ASK_FROM_BYTES: u64 = 64 * 1024 * 1024;

/// A file on its way.
#[derive(Clone)]
pub(crate) struct FileState {
    pub(crate) name: String,
    pub(crate) size_bytes: f64,
    /// How many files it is: a folder travels as one. `None` for a folder that only the service has looked into.
    pub(crate) count: Option<usize>,
    pub(crate) step: RwSignal<FileStep>,
    /// Bytes read or sent in the current step.
    pub(crate) done_bytes: RwSignal<f64>,
}

/// Why a Run stopped.
#[derive(Debug, Clone)]
pub(crate) enum RunError {
    /// The Python program could not be read.
    Program {
        reason: String,
    },
    Submission(Failure<HashError, UploadError>),
}

impl RunError {
    /// The failed call, if it is one.
    pub(crate) fn call(&self) -> Option<&CallError> {
        match self {
            Self::Submission(Failure::Call(error)) => Some(error),
            _ => None,
        }
    }
}

/// Which of the draft's jobs is submitted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Turn {
    /// From 1.
    pub(crate) number: usize,
    pub(crate) count: usize,
    pub(crate) label: String,
}

/// What a Run shows.
#[derive(Clone, Copy)]
pub(crate) struct Run {
    /// `None` while nothing runs.
    pub(crate) phase: RwSignal<Option<Phase>>,
    pub(crate) files: RwSignal<Vec<FileState>>,
    pub(crate) error: RwSignal<Option<RunError>>,
    pub(crate) is_paused: RwSignal<bool>,
    /// Whether so much is to be sent that it is asked first.
    pub(crate) asks: RwSignal<bool>,
    /// How many uploads wait for the connection to come back.
    pub(crate) waiting: RwSignal<usize>,
    /// What was begun and has not come to its end.
    pub(crate) sending: Sending,
    /// `None` where the draft makes one job.
    pub(crate) turn: RwSignal<Option<Turn>>,
    /// How many files each is that is on its way.
    counts: StoredValue<Vec<Option<usize>>>,
    control: StoredValue<SendWrapper<Control>>,
}

impl Run {
    pub(crate) fn new() -> Self {
        Self {
            phase: RwSignal::new(None),
            files: RwSignal::default(),
            error: RwSignal::new(None),
            is_paused: RwSignal::new(false),
            asks: RwSignal::new(false),
            waiting: RwSignal::new(0),
            sending: Sending::default(),
            turn: RwSignal::new(None),
            counts: StoredValue::default(),
            control: StoredValue::new(SendWrapper::new(Control::default())),
        }
    }

    /// Stops all uploads where they are, or lets them go on.
    pub(crate) fn pause(self, is_paused: bool) {
        self.is_paused.set(is_paused);
        self.control.with_value(|control| control.pause(is_paused));
    }

    /// Stops with an error, which takes the focus.
    pub(crate) fn fail(self, error: RunError) {
        self.phase.set(None);
        self.error.set(Some(error));
        request_animation_frame(|| document::focus(RUN));
    }

    /// Yes, send it.
    pub(crate) fn agree(self) {
        self.control.with_value(|control| control.agree());
    }

    /// Submits the form, and answers the ids of the jobs that it makes.
    pub(crate) async fn submit(self, form: Form, drafts: DraftStore, project: &str) -> Result<Vec<String>, RunError> {
        self.pause(false);
        self.waiting.set(0);
        let variants = untrack(|| form.draft()).variants();
        let mut unwanted = self.sending.take_unwanted(&variants);
        let mut jobs = Vec::new();
        for (number, variant) in (1..).zip(&variants) {
            let turn = Turn {
                number,
                count: variants.len(),
                label: variant.label.clone(),
            };
            self.turn.set((variants.len() > 1).then_some(turn));
            let mut before = self.sending.kept(&variant.key);
            if before.as_ref().is_none_or(|before| !before.has_begun) {
                before = Pending::instead_of(before, unwanted.drain(..));
            }
            jobs.push(self.submit_one(form, drafts, project, variant, before).await?);
        }
        self.sending.clear();
        Ok(jobs)
    }

    async fn submit_one(
        self,
        form: Form,
        drafts: DraftStore,
        project: &str,
        variant: &Variant,
        before: Option<Pending>,
    ) -> Result<String, RunError> {
        let (submission, counts) = untrack(|| submission(form, variant, drafts, project));
        let submission = submission.after(before);
        self.counts.set_value(counts);
        let control = self.control.with_value(|control| (**control).clone());
        let hands = Hands::new(self, drafts, variant.key.clone());
        let client = browser::client();
        let submitted = submission.run(&client, &hands, &control, move |event| self.mirror(event));
        let job_id = submitted.await.map_err(RunError::Submission)?;
        if !variant.key.is_empty() {
            self.sending.has_begun(&variant.key);
            drafts.save().await;
        }
        Ok(job_id)
    }

    /// Shows what has happened.
    fn mirror(self, event: Event) {
        match event {
            Event::Files(files) => {
                let counts = self.counts.try_get_value().unwrap_or_default();
                let counts = counts.into_iter().chain(std::iter::repeat(Some(1)));
                self.files.set(files.into_iter().zip(counts).map(file_state).collect());
            }
            Event::Phase(phase) => self.phase.set(Some(phase)),
            Event::Step { file, step } => self.with_file(file, |file| file.step.set(step)),
            Event::Progress { file, bytes } => self.with_file(file, |file| file.done_bytes.set(bytes as f64)),
            Event::Lacking { is_asked, .. } => self.asks.set(is_asked),
            Event::Waiting { uploads } => self.waiting.set(uploads),
        }
    }

    fn with_file(self, file: usize, change: impl FnOnce(FileState)) {
        let file = self.files.try_with_untracked(|files| files.get(file).cloned());
        if let Some(file) = file.flatten() {
            change(file);
        }
    }
}

/// One of the jobs that the form describes, with what leads to the contents of its files, and how many files each of these
/// is.
fn submission(
    form: Form,
    variant: &Variant,
    drafts: DraftStore,
    project: &str,
) -> (Submission<Source>, Vec<Option<usize>>) {
    let draft = &variant.draft;
    let mut request = draft.to_request(project);
    request.config = if variant.key.is_empty() {
        form.text()
    } else {
        config::write(&form.text(), draft)
    };
    let mut submission = Submission::new(&drafts.id(), request).ask_from(ASK_FROM_BYTES);
    let mut counts = Vec::new();
    for (file, row) in draft.input_files() {
        let source = form.source_of(row);
        counts.push(count(&file, source.as_ref()));
        submission = submission.with_input(file, source);
    }
    for (file, row) in draft.module_files() {
        let source = form.source_of(row);
        counts.push(count(&file, source.as_ref()));
        submission = submission.with_module(file, source);
    }
    let submission = match form.source_job() {
        Some(source) => submission.as_copy(move |request| source.copy(request)),
        None => submission,
    };
    (submission, counts)
}

fn count(file: &File, source: Option<&Source>) -> Option<usize> {
    match source.and_then(Source::as_folder) {
        Some(folder) => Some(folder.tree.with(|tree| tree.files)),
        None if source.is_none() && file.compression_type() == FileCompressionType::Zip => None,
        None => Some(1),
    }
}

fn file_state((file, count): (FileOnItsWay, Option<usize>)) -> FileState {
    FileState {
        count,
        name: file.path,
        size_bytes: file.size_bytes as f64,
        step: RwSignal::new(FileStep::Waiting),
        done_bytes: RwSignal::new(0.0),
    }
}
