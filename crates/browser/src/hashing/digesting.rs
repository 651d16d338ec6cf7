//! The worker's side of digests.

use sha2::{Digest, Sha256 as Sha2};
use web_sys::File;

use super::{
    Answer, Failure,
    reading::{Progress, Reading},
};
use crate::api::sha256::Sha256;

/// The digests of files, in their order.
pub(super) async fn digest(files: &[File], mut progress: Progress) -> Result<Answer, Failure> {
    let mut reading = Reading::of(files, 0..files.len());
    let mut hasher = Sha2::new();
    let mut digests = Vec::with_capacity(files.len());
    while let Some(part) = reading.next().await? {
        hasher.update(part.bytes);
        progress.count(part.bytes.len());
        if part.is_last {
            digests.push(Sha256::finish(std::mem::take(&mut hasher)).to_string());
        }
    }
    Ok(Answer::Digests(digests))
}
