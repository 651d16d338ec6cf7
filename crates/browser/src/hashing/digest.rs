//! The page's side of digests.

use web_sys::File;

use super::{Answer, HashError, Hasher, Request, parse};
use crate::{
    api::sha256::Sha256,
    channel::{Beside, ChannelError},
};

impl Hasher {
    /// The digests of `files`, in their order; `on_progress` hears how many bytes have been read.
    ///
    /// # Errors
    /// [`HashError`].
    pub async fn hash(&self, files: &[File], on_progress: impl Fn(f64)) -> Result<Vec<Sha256>, HashError> {
        let files = files.iter().cloned().map(Beside).collect();
        match self.ask(&Request::Digest(files), on_progress).await?? {
            Answer::Digests(digests) => digests.iter().map(|digest| parse(digest)).collect(),
            _ => Err(ChannelError::mistaken().into()),
        }
    }
}
