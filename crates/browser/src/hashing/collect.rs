//! The page's side of collecting a job's outputs into one ZIP. Steps: the archive is begun in a file, outputs are added
//! one after the other, each under an address that was just asked for, then it is ended.

use serde::{Deserialize, Serialize};
use web_sys::FileSystemFileHandle;

use super::{Failure, HashError, Hasher, Request};
use crate::{api::sha256::Sha256, channel::Beside};
use jobsphere_client::between::Between;

/// A step.
#[derive(Debug, Serialize, Deserialize)]
pub enum Step {
    /// An archive begins in this file.
    Begin(Beside<FileSystemFileHandle>),
    /// An output is fetched, checked and added.
    Add {
        /// Path in the archive.
        path: String,
        /// Where it can be fetched.
        url: String,
        /// Its size.
        size_bytes: u64,
        /// What it must be.
        sha256: String,
    },
    /// A text is added.
    Text {
        /// Path in the archive.
        path: String,
        /// The text.
        content: String,
    },
    /// That was all.
    End,
}

/// An output on its way into the archive.
#[derive(Debug, Clone)]
pub struct Added {
    /// Path in the archive.
    pub path: String,
    /// Where it can be fetched.
    pub url: String,
    /// Its size.
    pub size_bytes: u64,
    /// What it must be.
    pub sha256: Sha256,
}

/// Why an output is not in the archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum AddError {
    /// Its address holds no longer.
    #[error("its address has expired: {0}")]
    Expired(String),
    /// It did not come, or it is not what it should be; the others may.
    #[error("{0}")]
    Output(String),
    /// It did not come: something between here and the server refused in its place.
    #[error("HTTP {} from something between here and the server: {}", .0.status, .0.server)]
    Between(Between),
    /// The archive cannot be written.
    #[error("the archive cannot be written: {0}")]
    Archive(String),
}

impl Hasher {
    /// Begins an archive in `file`.
    ///
    /// # Errors
    /// [`AddError`].
    pub async fn begin_bundle(&self, file: &FileSystemFileHandle) -> Result<(), AddError> {
        self.step(Step::Begin(Beside(file.clone())), |_| {}).await
    }

    /// Adds an output; `on_progress` hears how many of its bytes have come.
    ///
    /// # Errors
    /// [`AddError`].
    pub async fn add_to_bundle(&self, added: &Added, on_progress: impl Fn(f64)) -> Result<(), AddError> {
        let step = Step::Add {
            path: added.path.clone(),
            url: added.url.clone(),
            size_bytes: added.size_bytes,
            sha256: added.sha256.to_string(),
        };
        self.step(step, on_progress).await
    }

    /// Adds a text.
    ///
    /// # Errors
    /// [`AddError`].
    pub async fn add_text_to_bundle(&self, path: &str, content: &str) -> Result<(), AddError> {
        let (path, content) = (path.to_owned(), content.to_owned());
        self.step(Step::Text { path, content }, |_| {}).await
    }

    /// Ends the archive: it is all on the disk then.
    ///
    /// # Errors
    /// [`AddError`].
    pub async fn end_bundle(&self) -> Result<(), AddError> {
        self.step(Step::End, |_| {}).await
    }

    async fn step(&self, step: Step, on_progress: impl Fn(f64)) -> Result<(), AddError> {
        let lost = |error: HashError| AddError::Archive(error.to_string());
        match self.ask(&Request::Collect(step), on_progress).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(Failure::NotCollected(error))) => Err(error),
            Ok(Err(error)) => Err(lost(error.into())),
            Err(error) => Err(lost(error.into())),
        }
    }
}
