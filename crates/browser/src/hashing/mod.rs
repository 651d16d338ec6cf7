//! What is done with the bytes of files away from the page's own thread, by one kind of worker that does three things:
//!
//! - `digest`: the SHA-256 of files;
//! - `pack`: a folder into an archive, with the archive's SHA-256;
//! - [`collect`]: a job's outputs into one ZIP.

pub mod collect;
mod collecting;
mod digest;
mod digesting;
mod pack;
mod packing;
mod reading;
pub mod worker;

use serde::{Deserialize, Serialize};
use web_sys::{Blob, File};

use crate::{
    api::sha256::Sha256,
    channel::{self, Beside, Channel, ChannelError, Work},
};
use collect::AddError;
pub use pack::{PackEntry, Packed};

/// A worker that reads nothing for so long hangs; reads of a whole part take milliseconds.
const SILENCE_LIMIT_MS: u32 = 30_000;

/// A worker that reads files. Dropping it ends it, whatever it does.
pub type Hasher = Channel<Hashing>;

/// Such workers that take turns.
pub type Pool = channel::Pool<Hashing>;

/// What [`Hasher`]s do.
#[derive(Debug)]
pub enum Hashing {}

impl Work for Hashing {
    const WORKER: &'static str = "hasher";
    const SILENCE_LIMIT_MS: Option<u32> = Some(SILENCE_LIMIT_MS);
    type Request = Request;
    /// So many bytes have been read.
    type Progress = f64;
    type Answer = Result<Answer, Failure>;
}

/// What a worker can be asked for.
#[derive(Debug, Serialize, Deserialize)]
pub enum Request {
    /// The digests of files.
    Digest(Vec<Beside<File>>),
    /// The archive of files and, without one, empty folders, by their paths in it.
    Pack(Vec<(String, Option<Beside<File>>)>),
    /// A step in the collecting of outputs.
    Collect(collect::Step),
}

/// What it answers.
#[derive(Debug, Serialize, Deserialize)]
pub enum Answer {
    /// In the order of the files.
    Digests(Vec<String>),
    /// The archive, and its digest.
    Packed(String, Beside<Blob>),
    /// The step has been taken.
    Collected,
}

/// Why it could not.
#[derive(Debug, Serialize, Deserialize)]
pub enum Failure {
    /// A file cannot be read: which one, and the browser's words.
    Unreadable(usize, String),
    /// An output is not in the archive.
    NotCollected(AddError),
}

/// Why a file has no digest.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HashError {
    /// The file changed, moved, or may not be read.
    #[error("the file cannot be read: {1}")]
    Read(
        /// Which of the files.
        usize,
        /// The browser's words.
        String,
    ),
    /// The worker did not start or died.
    #[error("the background worker failed: {0}")]
    Worker(String),
    /// Nothing was read for a long time.
    #[error("reading stopped for {} seconds", SILENCE_LIMIT_MS / 1000)]
    Stuck,
}

impl From<ChannelError> for HashError {
    fn from(error: ChannelError) -> Self {
        match error {
            ChannelError::Worker(reason) => Self::Worker(reason),
            ChannelError::Silent => Self::Stuck,
        }
    }
}

impl From<Failure> for HashError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Unreadable(file, reason) => Self::Read(file, reason),
            Failure::NotCollected(error) => Self::Worker(error.to_string()),
        }
    }
}

fn parse(digest: &str) -> Result<Sha256, HashError> {
    Sha256::parse(digest).map_err(|error| HashError::Worker(error.to_string()))
}
