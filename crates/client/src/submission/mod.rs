//! A submission: hash, Create, ask, send what the service lacks, Execute. A machine without a page, which goes on after a
//! broken connection, an address that expired, or a reload, and makes one job whatever breaks.
//!
//! A [`Submission`] is one value: the request, with what is known of each of its files and what leads to the content.
//! [`Submission::run`] does it with [`Hands`] that read, send and keep, tells [`Event`]s, and obeys a [`Control`].
//! Dropping its future cancels. Made again from the same draft, with what was [kept](Pending) last, it goes on.
//!
//! - The `Idempotency-Key` follows from the draft and the order, and is kept before the order is placed.
//! - What an earlier order became, with other content, is deleted unless it runs.
//! - One content is sent once, whatever number of files has it.

mod control;
mod event;
mod failure;
mod files;
mod hands;
mod order;
mod part_size;
mod pending;
mod run;
mod uploads;

pub use control::Control;
pub use event::{Event, FileOnItsWay, FileStep, Phase, Tell};
pub use failure::Failure;
pub use hands::{Hands, Hashed, Hashes, Keeps, SendError, Sends};
pub use part_size::PartSize;
pub use pending::Pending;

use files::{JobFile, Place};

use crate::api::jobs::{CloneProjectJobRequest, CreateProjectJobRequest, File};

type MakeCopy = Box<dyn Fn(&CreateProjectJobRequest) -> Option<CloneProjectJobRequest>>;

/// A job to be submitted; `C` leads to the content of a file.
pub struct Submission<C> {
    draft: String,
    /// Without its files.
    request: CreateProjectJobRequest,
    files: Vec<JobFile<C>>,
    copy: Option<MakeCopy>,
    ask_from_bytes: u64,
    pending: Option<Pending>,
}

impl<C> Submission<C> {
    /// The job that `request` asks for, without the files in it, written in the draft with the id `draft`.
    pub fn new(draft: &str, request: CreateProjectJobRequest) -> Self {
        Self {
            draft: draft.to_owned(),
            request: files::without_files(request),
            files: Vec::new(),
            copy: None,
            ask_from_bytes: u64::MAX,
            pending: None,
        }
    }

    /// With one more input. Its digest and size are found out by reading its content; without one they are as they stand
    /// in `file`.
    #[must_use]
    pub fn with_input(self, file: File, content: Option<C>) -> Self {
        self.with_file(Place::Input, file, content)
    }

    /// With one more local module of the Python environment.
    #[must_use]
    pub fn with_module(self, file: File, content: Option<C>) -> Self {
        self.with_file(Place::Module, file, content)
    }

    fn with_file(mut self, place: Place, file: File, content: Option<C>) -> Self {
        self.files.push(JobFile::new(self.files.len(), place, file, content));
        self
    }

    /// As a copy of another job, where `copy` makes one of the request; as a new one when that job is gone.
    #[must_use]
    pub fn as_copy(
        mut self,
        copy: impl Fn(&CreateProjectJobRequest) -> Option<CloneProjectJobRequest> + 'static,
    ) -> Self {
        self.copy = Some(Box::new(copy));
        self
    }

    /// Asks before it sends so many bytes or more.
    #[must_use]
    pub fn ask_from(mut self, bytes: u64) -> Self {
        self.ask_from_bytes = bytes;
        self
    }

    /// Goes on with what was kept of this draft last.
    #[must_use]
    pub fn after(mut self, pending: Option<Pending>) -> Self {
        self.pending = pending;
        self
    }
}
