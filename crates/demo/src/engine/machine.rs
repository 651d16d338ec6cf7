//! What the engine asks of machines, and of what keeps files and logs. The words are those of `demo/PROTOCOL.md`.

use std::{collections::BTreeMap, time::Duration};

use async_trait::async_trait;
use futures::stream::BoxStream;

use crate::{
    api::{
        id::{JobId, ProjectId},
        sha256::Sha256,
    },
    log::LogSource,
};

/// What can be said of machines before a job is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sight {
    /// Whether there are any.
    pub is_there: bool,
}

/// A command with everything it needs.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Order {
    /// For `bash -c`.
    pub command: String,
    /// What the job sets, and what the service adds.
    pub env: BTreeMap<String, String>,
    /// In their order.
    pub inputs: Vec<Input>,
    /// To be made, also when nothing lies in them.
    pub folders: Vec<String>,
}

/// A file for the command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// Below the working directory, or absolute.
    pub path: String,
    /// What it holds.
    pub content: Content,
}

/// What an input holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// A content of the project.
    Held(Sha256),
    /// These bytes.
    Bytes(Vec<u8>),
}

/// What a machine has to fetch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The machine itself.
    Machine,
    /// Python.
    Python,
}

/// What a command writes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stream {
    /// Standard output.
    Out,
    /// Standard error.
    Err,
}

/// What the processes of a command use.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Usage {
    /// When, in milliseconds since the epoch.
    pub at_ms: f64,
    /// 100 is one processor.
    pub cpu_percent: f64,
    /// Bytes.
    pub memory_bytes: f64,
    /// Bytes since the beginning.
    pub disk_read_bytes: f64,
    /// Bytes since the beginning.
    pub disk_write_bytes: f64,
    /// How many there are.
    pub processes: f64,
}

/// How a command ended.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Exit {
    /// 128 and the signal after a signal; `None` when it never began.
    pub return_code: Option<i64>,
    /// Whether a cancel ended it.
    pub cancelled: bool,
    /// A sentence, when the code does not say all.
    pub details: String,
    /// All of the progress file.
    pub progress: Vec<u8>,
}

/// Why there was no command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailedBy {
    /// What a machine is made of could not be fetched.
    Load,
    /// There is no room for one.
    Memory,
    /// It broke.
    Machine,
    /// The order is not right.
    Refused,
}

/// What a machine tells of a run.
#[derive(Debug, Clone, PartialEq)]
pub enum Word {
    /// Something is being fetched.
    Loading {
        /// What.
        part: Part,
        /// So much has come.
        loaded_bytes: u64,
        /// Of so much.
        total_bytes: u64,
    },
    /// The command has begun.
    Started {
        /// In milliseconds since the epoch.
        at_ms: f64,
    },
    /// It has written something.
    Output(Stream, Vec<u8>),
    /// A line for the system log.
    System(String),
    /// The end of its progress file.
    Progress(Vec<u8>),
    /// What it uses.
    Usage(Usage),
    /// It has ended.
    Exit(Exit),
    /// There is no command, or no machine any more.
    Failed(FailedBy, String),
}

/// What was asked for after the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Collected {
    /// A file.
    File(Vec<u8>),
    /// A folder.
    Folder {
        /// What is in it, by paths below it.
        entries: Vec<Found>,
        /// What cannot be told.
        left_out: Vec<String>,
    },
    /// There is nothing.
    Missing,
    /// Neither a file nor a folder.
    Other,
    /// It holds more than was asked for.
    TooLarge,
    /// The machine is gone, and all of it.
    Lost,
}

/// Something in a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Below the folder.
    pub path: String,
    /// What it is.
    pub kind: Kind,
}

/// What something in a folder is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// A folder.
    Folder,
    /// A file.
    File(Vec<u8>),
}

/// What runs commands.
#[async_trait]
pub trait Machines: Send + Sync {
    /// What can be said of them now.
    fn sight(&self) -> Sight;

    /// Begins a run, in a machine of its own; the last word is [`Word::Exit`] or [`Word::Failed`].
    ///
    /// # Errors
    /// A sentence, when a content cannot be read or there is no machine.
    async fn run(&self, project: &ProjectId, job: &JobId, order: Order) -> Result<BoxStream<'static, Word>, String>;

    /// Asks for the end of a run: by this signal and at once after this time, or at once.
    fn cancel(&self, job: &JobId, signal: Option<i32>, timeout: Option<Duration>);

    /// What lies at a path after the end, of at most so many bytes.
    async fn collect(&self, job: &JobId, path: &str, most_bytes: u64) -> Collected;

    /// Lets a machine go.
    fn forget(&self, job: &JobId);
}

/// What keeps files and logs.
#[async_trait]
pub trait Keeping: Send + Sync {
    /// A whole content.
    ///
    /// # Errors
    /// A sentence.
    async fn read(&self, project: &ProjectId, sha256: Sha256) -> Result<Vec<u8>, String>;

    /// Keeps a content.
    ///
    /// # Errors
    /// A sentence.
    async fn put(&self, project: &ProjectId, content: Vec<u8>) -> Result<Sha256, String>;

    /// Appends to the log of a job.
    ///
    /// # Errors
    /// A sentence.
    async fn append(&self, job: &JobId, source: &LogSource, content: &[u8]) -> Result<(), String>;

    /// What each source has written to the log of a job.
    ///
    /// # Errors
    /// A sentence.
    async fn sources(&self, job: &JobId) -> Result<BTreeMap<LogSource, Vec<u8>>, String>;

    /// Microseconds since the epoch.
    fn now_micros(&self) -> i64;
}
