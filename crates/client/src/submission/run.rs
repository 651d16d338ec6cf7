//! The course of a submission.

use std::{cell::Cell, rc::Rc};

use futures::{StreamExt, TryStreamExt, stream};
use tonic::Code;

use super::{
    Control, Event, Failure, FileStep, Hands, Hashes, Pending, Phase, Sends, Submission, Tell,
    files::{JobFile, Read, Upload, plan, with_files},
    order::{Created, Order},
};
use crate::{
    CallError, Client, Clock, Transport,
    api::jobs::{Job, JobStatus},
};

/// Why a submission stops with these hands.
pub(super) type FailureOf<H> = Failure<<H as Hashes>::Error, <H as Sends>::Error>;

/// A file of the job that these hands have read.
type ReadFile<H> = JobFile<Read<<H as Hashes>::Content, <H as Hashes>::Body>>;

/// One content of the job that the service lacks.
pub(super) type UploadOf<'a, H> = Upload<'a, Read<<H as Hashes>::Content, <H as Hashes>::Body>>;

/// A submission that goes on.
pub(super) struct Run<'a, T, C, H> {
    pub(super) client: &'a Client<T, C>,
    pub(super) hands: &'a H,
    pub(super) control: &'a Control,
    pub(super) tell: Tell,
    /// How many uploads wait for the connection.
    pub(super) waiting: Cell<usize>,
}

/// An order that was placed.
pub(super) struct Placed {
    pub(super) order: Order,
    pub(super) pending: Pending,
    created: Created,
}

impl<C> Submission<C> {
    /// Submits it, and answers the job's id.
    ///
    /// # Errors
    /// [`Failure`]; made and run again, the submission goes on.
    pub async fn run<T: Transport, K: Clock, H: Hands<Content = C>>(
        self,
        client: &Client<T, K>,
        hands: &H,
        control: &Control,
        tell: impl Fn(Event) + 'static,
    ) -> Result<String, FailureOf<H>> {
        let run = Run {
            client,
            hands,
            control,
            tell: Rc::new(tell),
            waiting: Cell::new(0),
        };
        control.pause(false);
        run.tell(Event::Files(self.files.iter().map(JobFile::on_its_way).collect()));
        run.begin(Phase::Hashing);
        let files = run.hash(self.files).await?;

        run.begin(Phase::Creating);
        let request = with_files(self.request, &files);
        let copy = self.copy.and_then(|copy| copy(&request));
        let copy = copy.map(|copy| Order::Copy(Box::new(copy)));
        let new = Order::New(Box::new(request));
        if let Some(before) = &self.pending {
            let orders: Vec<String> = copy.iter().chain([&new]).map(Order::digest).collect();
            if let Some(job_id) = before.begun(orders.iter()) {
                return Ok(job_id);
            }
        }
        let mut placed = run.create(&self.draft, copy, new, self.pending).await?;
        run.take_up(&mut placed).await;

        let (uploads, held) = plan(&files, &placed.created.urls);
        run.say_what_is_lacking(&uploads, &held);
        run.ask(&uploads, self.ask_from_bytes).await;
        run.begin(Phase::Sending);
        run.send(&uploads, &placed).await?;

        run.begin(Phase::Starting);
        Ok(run.execute(&self.draft, placed).await?)
    }
}

impl<T: Transport, C: Clock, H: Hands> Run<'_, T, C, H> {
    pub(super) fn tell(&self, event: Event) {
        (self.tell)(event);
    }

    pub(super) fn begin_step(&self, file: usize, step: FileStep) {
        self.tell(Event::Step { file, step });
    }

    fn begin(&self, phase: Phase) {
        self.tell(Event::Phase(phase));
    }

    async fn hash(&self, files: Vec<JobFile<H::Content>>) -> Result<Vec<ReadFile<H>>, FailureOf<H>> {
        let mut read: Vec<_> = stream::iter(files)
            .map(|file| self.hash_one(file))
            .buffer_unordered(self.hands.at_once())
            .try_collect()
            .await?;
        read.sort_by_key(|file| file.number);
        Ok(read)
    }

    async fn hash_one(&self, file: JobFile<H::Content>) -> Result<ReadFile<H>, FailureOf<H>> {
        let (number, all_bytes) = (file.number, file.shown_bytes);
        let tell_progress = |bytes| self.tell(Event::Progress { file: number, bytes });
        let mut hashed = None;
        if let Some(content) = &file.content {
            self.begin_step(number, FileStep::Hashing);
            let progress = |share: f64| tell_progress((share * all_bytes as f64) as u64);
            let path = file.path();
            match self.hands.hash(content, &path, progress).await {
                Ok(found) => hashed = Some(found),
                Err(error) => return Err(Failure::Hash { file: path, error }),
            }
        }
        tell_progress(all_bytes);
        self.begin_step(number, FileStep::Hashed);
        Ok(file.read(hashed))
    }

    /// Makes the job's record: as a copy if it can be one, and nothing else was begun before.
    async fn create(
        &self,
        draft: &str,
        copy: Option<Order>,
        new: Order,
        before: Option<Pending>,
    ) -> Result<Placed, CallError> {
        let is_begun = before.as_ref().is_some_and(|before| before.request == new.digest());
        let mut before = before;
        if let Some(copy) = copy.filter(|_| !is_begun) {
            let pending = Pending::of(draft, copy.digest(), before);
            match self.place(copy, pending).await {
                Err((error, pending)) if is_gone(&error) => before = Some(pending),
                placed => return placed.map_err(|(error, _)| error),
            }
        }
        let pending = Pending::of(draft, new.digest(), before);
        self.place(new, pending).await.map_err(|(error, _)| error)
    }

    async fn place(&self, order: Order, pending: Pending) -> Result<Placed, (CallError, Pending)> {
        // Whatever happens from here on, the same order will have the same key.
        self.hands.keep(&pending).await;
        match order.place(self.client, &pending.key).await {
            Ok(created) => Ok(Placed {
                order,
                pending,
                created,
            }),
            Err(error) => Err((error, pending)),
        }
    }

    /// Writes down which job it is, and clears away what it is not.
    async fn take_up(&self, placed: &mut Placed) {
        placed.pending.became(&placed.created.job_id);
        self.hands.keep(&placed.pending).await;
        if self.clear_away(&mut placed.pending).await {
            self.hands.keep(&placed.pending).await;
        }
    }

    /// Deletes what was left behind and never ran; whether any of it is no concern any more.
    async fn clear_away(&self, pending: &mut Pending) -> bool {
        let left_behind = std::mem::take(&mut pending.left_behind);
        let count = left_behind.len();
        for job_id in left_behind {
            if !self.is_cleared_away(&job_id).await {
                pending.left_behind.push(job_id);
            }
        }
        pending.left_behind.len() < count
    }

    async fn is_cleared_away(&self, job_id: &str) -> bool {
        let outcome = match self.client.job(job_id).await {
            Ok(job) if never_began(&job) => self.client.delete(job_id).await,
            // It runs after all: its Execute was heard, or another window's.
            Ok(_) => Ok(()),
            Err(error) => Err(error),
        };
        outcome.map_or_else(|error| is_gone(&error), |()| true)
    }

    fn say_what_is_lacking(&self, uploads: &[UploadOf<'_, H>], held: &[&ReadFile<H>]) {
        for file in held {
            self.begin_step(file.number, FileStep::Held);
        }
        for file in uploads.iter().flat_map(Upload::numbers) {
            self.tell(Event::Progress { file, bytes: 0 });
            self.begin_step(file, FileStep::Waiting);
        }
    }

    async fn ask(&self, uploads: &[UploadOf<'_, H>], ask_from_bytes: u64) {
        let lacking = uploads.iter().flat_map(|upload| &upload.files);
        let bytes = lacking.map(|file| file.shown_bytes).sum();
        let is_asked = bytes >= ask_from_bytes;
        self.tell(Event::Lacking { bytes, is_asked });
        if is_asked {
            // An answer may come as soon as the question is seen.
            let answer = self.control.ask();
            self.begin(Phase::Asking);
            answer.await;
        }
    }

    async fn execute(&self, draft: &str, placed: Placed) -> Result<String, CallError> {
        let Placed {
            mut pending, created, ..
        } = placed;
        if let Err(error) = self.client.execute(&created.job_id).await {
            if is_gone(&error) {
                pending.gives_up(draft, created.job_id);
                self.hands.keep(&pending).await;
            }
            return Err(error);
        }
        // What could not be reached before, perhaps can be now.
        self.clear_away(&mut pending).await;
        Ok(created.job_id)
    }
}

/// Whether what was asked for is not there, or not in a state for it: another order may do.
fn is_gone(error: &CallError) -> bool {
    matches!(error.code, Code::FailedPrecondition | Code::NotFound)
}

/// Whether the job was never executed, so that there is nothing to lose.
fn never_began(job: &Job) -> bool {
    match job.status() {
        JobStatus::Creating => true,
        JobStatus::Cancelled => job.started_at.is_none(),
        _ => false,
    }
}
