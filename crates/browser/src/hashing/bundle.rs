//! The page's side of an archive of outputs. Steps: the archive is begun in a file, outputs are added one after the other,
//! each under an address that was just asked for, then it is ended.

use js_sys::Array;
use wasm_bindgen::JsValue;
use web_sys::FileSystemFileHandle;

use super::{BUNDLE, HashError, Hasher};
use crate::api::sha256::Sha256;

/// Step: the file to write into follows.
pub(super) const BEGIN: &str = "begin";
/// Step: path, address, size and digest of an output follow.
pub(super) const ADD: &str = "add";
/// Step: path and content of a text follow.
pub(super) const TEXT: &str = "text";
/// Step: that was all.
pub(super) const END: &str = "end";
/// Stands where a failed step says an HTTP status: the archive itself cannot be written.
pub(super) const DISK: usize = 1;

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
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AddError {
    /// Its address holds no longer.
    #[error("its address has expired: {0}")]
    Expired(String),
    /// It did not come, or it is not what it should be; the others may.
    #[error("{0}")]
    Output(String),
    /// The archive cannot be written.
    #[error("the archive cannot be written: {0}")]
    Archive(String),
}

impl Hasher {
    /// Begins an archive in `file`.
    ///
    /// # Errors
    /// [`HashError`].
    pub async fn begin_bundle(&self, file: &FileSystemFileHandle) -> Result<(), HashError> {
        self.step(&[BEGIN.into(), file.into()], |_| {}).await
    }

    /// Adds an output; `on_progress` hears how many of its bytes have come.
    ///
    /// # Errors
    /// [`AddError`].
    pub async fn add_to_bundle(&self, added: &Added, on_progress: impl Fn(f64)) -> Result<(), AddError> {
        let step = [
            ADD.into(),
            added.path.as_str().into(),
            added.url.as_str().into(),
            (added.size_bytes as f64).into(),
            added.sha256.to_string().into(),
        ];
        self.step(&step, on_progress).await.map_err(|error| match error {
            HashError::Read(403 | 410, reason) => AddError::Expired(reason),
            HashError::Read(DISK, reason) => AddError::Archive(reason),
            HashError::Read(_, reason) => AddError::Output(reason),
            error => AddError::Archive(error.to_string()),
        })
    }

    /// Adds a text.
    ///
    /// # Errors
    /// [`HashError`].
    pub async fn add_text_to_bundle(&self, path: &str, content: &str) -> Result<(), HashError> {
        self.step(&[TEXT.into(), path.into(), content.into()], |_| {}).await
    }

    /// Ends the archive: it is all on the disk then.
    ///
    /// # Errors
    /// [`HashError`].
    pub async fn end_bundle(&self) -> Result<(), HashError> {
        self.step(&[END.into()], |_| {}).await
    }

    async fn step(&self, words: &[JsValue], on_progress: impl Fn(f64)) -> Result<(), HashError> {
        let mut task = Array::of1(&BUNDLE.into());
        task.extend(words.iter().cloned());
        self.work(&task, on_progress).await.map(drop)
    }
}
