//! Bytes by their sha256, inside a project, and the addresses they travel by.

use async_trait::async_trait;
use futures::stream::BoxStream;

use crate::api::{id::ProjectId, jobs::File, sha256::Sha256};

/// The bytes could not be looked up.
#[derive(Debug, thiserror::Error)]
#[error("stored files cannot be reached: {0}")]
pub struct BlobsError(pub String);

/// Content-addressed files of a project.
#[async_trait]
pub trait Blobs: Send + Sync {
    /// Whether the project holds this content, whole.
    async fn holds(&self, project: &ProjectId, sha256: Sha256) -> Result<bool, BlobsError>;

    /// The first bytes of this content, at most `most`.
    async fn beginning(&self, project: &ProjectId, sha256: Sha256, most: usize) -> Result<Vec<u8>, BlobsError>;

    /// Removes this content; one that is not there is fine.
    async fn remove(&self, project: &ProjectId, sha256: Sha256) -> Result<(), BlobsError>;

    /// Everything that is held, in no order.
    fn stored(&self) -> BoxStream<'static, (ProjectId, Sha256)>;

    /// An address under `origin` (such as `http://127.0.0.1:8080`) that accepts one `PUT` of `file`'s bytes
    /// for a limited time.
    fn upload_url(&self, origin: &str, project: &ProjectId, file: &File) -> String;

    /// An address under `origin` that answers `GET` with `file`'s bytes, under the last name of its path,
    /// for a limited time.
    fn download_url(&self, origin: &str, project: &ProjectId, file: &File) -> String;
}
