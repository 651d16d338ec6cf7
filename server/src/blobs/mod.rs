//! Files by their sha256 on disk, inside a project's folder.

mod checked;
mod incoming;
mod link;
mod parts;

use std::{
    fs,
    io::{self, Read, Write},
    path::{Path, PathBuf},
    time::Duration,
};

use async_trait::async_trait;
use bytes::Bytes;
use futures::{Stream, StreamExt, stream::BoxStream};
use jobsphere_api::{id::ProjectId, jobs::File, sha256::Sha256};
use jobsphere_rules::limits;
use jobsphere_service::{Blobs, BlobsError};
use tokio::{
    sync::{Semaphore, mpsc},
    task::spawn_blocking,
};
use tokio_stream::wrappers::ReceiverStream;

pub(crate) use checked::Unfit;
use incoming::Incoming;
pub use incoming::{Expected, ReceiveError};
pub(crate) use incoming::{create_folder, sync_folder};
pub use link::{Link, LinkError, Method};
pub(crate) use link::{file_name, now_s};
pub(crate) use parts::Received;

/// Chunks that wait for the disk before the sender has to.
const CHUNKS_AHEAD: usize = 16;
/// Files that may arrive at the same time.
const ARRIVALS: usize = 512;
/// How long a sender may be silent within a file.
const SILENCE: Duration = Duration::from_secs(120);
/// Read at once from a file of this machine.
const BUFFER_BYTES: usize = 1 << 20;

/// `blobs/<project>/<first two digits>/<sha256>`; what is still arriving lies in `incoming/`, what arrives in parts in
/// `partial/`.
#[derive(Debug)]
pub struct DiskBlobs {
    root: PathBuf,
    incoming: PathBuf,
    key: link::Key,
    most_file_bytes: i64,
    parts: parts::Parts,
    /// Files that may arrive at the same time: each keeps a thread.
    arrivals: Semaphore,
}

impl DiskBlobs {
    /// Opens the folders in `data_dir`; what was left half received is removed.
    ///
    /// # Errors
    /// When the folders or the key for signing addresses cannot be made.
    pub async fn open(data_dir: &Path) -> io::Result<Self> {
        let data_dir = data_dir.to_owned();
        spawn_blocking(move || Self::open_now(&data_dir))
            .await
            .map_err(io::Error::other)?
    }

    #[allow(clippy::disallowed_methods)] // It blocks.
    fn open_now(data_dir: &Path) -> io::Result<Self> {
        let incoming = data_dir.join("incoming");
        if incoming.exists() {
            fs::remove_dir_all(&incoming)?;
        }
        fs::create_dir_all(&incoming)?;
        Ok(Self {
            root: data_dir.join("blobs"),
            incoming,
            key: link::Key::open(&data_dir.join("secret.key"))?,
            most_file_bytes: limits::MAX_FILE_BYTES,
            parts: parts::Parts::open(data_dir.join("partial"))?,
            arrivals: Semaphore::new(ARRIVALS),
        })
    }

    /// Takes in no file of more than `bytes`, instead of [`limits::MAX_FILE_BYTES`].
    pub fn with_file_limit(mut self, bytes: i64) -> Self {
        self.most_file_bytes = bytes;
        self
    }

    /// Where the content lies, or would lie.
    pub fn path(&self, project: &ProjectId, sha256: Sha256) -> PathBuf {
        let name = sha256.to_string();
        self.root.join(project.as_str()).join(&name[..2]).join(name)
    }

    /// Takes in a stream of bytes, hashing it meanwhile. It counts as held only when this returns `Ok`.
    ///
    /// # Errors
    /// [`ReceiveError`]; nothing of the stream is kept then, and the rest of it may be unread.
    pub async fn receive<E: std::fmt::Display>(
        &self,
        project: &ProjectId,
        expected: Expected,
        content: &mut (impl Stream<Item = Result<Bytes, E>> + Unpin),
    ) -> Result<(), ReceiveError> {
        if expected.size_bytes > self.most_file_bytes {
            return Err(ReceiveError::TooLarge(self.most_file_bytes));
        }
        let _turn = self.arrivals.acquire().await.map_err(io::Error::other)?;
        let incoming_dir = self.incoming.clone();
        let place = self.path(project, expected.sha256);
        let (chunks, mut arriving) = mpsc::channel::<Bytes>(CHUNKS_AHEAD);
        let writing = spawn_blocking(move || {
            let mut incoming = Incoming::create(&incoming_dir)?;
            while let Some(chunk) = arriving.blocking_recv() {
                // An empty chunk is the sender's word that all was sent; without it the stream broke off.
                if chunk.is_empty() {
                    return incoming.keep(&place, &expected);
                }
                incoming.write(&chunk, expected.size_bytes)?;
            }
            Err(ReceiveError::BrokenOff)
        });
        let mut is_whole = true;
        while let Some(chunk) = next(content).await {
            let Ok(chunk) = chunk else {
                is_whole = false;
                break;
            };
            if !chunk.is_empty() && chunks.send(chunk).await.is_err() {
                break;
            }
        }
        if is_whole {
            // The writer may have stopped already; its result says why.
            let _ = chunks.send(Bytes::new()).await;
        }
        drop(chunks);
        writing
            .await
            .map_err(|error| ReceiveError::Disk(io::Error::other(error)))??;
        // Parts of it that came before are of no use any more.
        Ok(self.parts.forget(project, expected.sha256).await?)
    }

    /// Takes in a part of a file, behind the first `offset` bytes. The file counts as held only when the answer says
    /// that it is complete; otherwise what came is kept for a day, also when `content` breaks off.
    ///
    /// # Errors
    /// [`ReceiveError`]; what was kept before stays, unless it cannot become the file that is expected.
    pub(crate) async fn receive_part<E: std::fmt::Display>(
        &self,
        project: &ProjectId,
        expected: Expected,
        offset: u64,
        content: &mut (impl Stream<Item = Result<Bytes, E>> + Unpin),
    ) -> Result<Received, ReceiveError> {
        if expected.size_bytes > self.most_file_bytes {
            return Err(ReceiveError::TooLarge(self.most_file_bytes));
        }
        let _turn = self.arrivals.acquire().await.map_err(io::Error::other)?;
        let place = self.path(project, expected.sha256);
        if let Some(held) = held(&place).await? {
            return Ok(held);
        }
        self.parts.receive(project, expected, offset, place, content).await
    }

    /// How far a file has come. Ends a [`DiskBlobs::receive_part`] of it that still goes on.
    ///
    /// # Errors
    /// When the disk does not answer.
    pub(crate) async fn received(&self, project: &ProjectId, expected: Expected) -> io::Result<Received> {
        let offset = self.parts.kept(project, expected.sha256).await?;
        // Looked at second: the part that was ended may have been the last.
        let held = held(&self.path(project, expected.sha256)).await?;
        Ok(held.unwrap_or(Received {
            offset,
            is_complete: false,
        }))
    }

    /// Stores what `source` gives. Blocks.
    ///
    /// # Errors
    /// When `source` cannot be read or the content cannot be written.
    #[allow(clippy::disallowed_methods)] // It blocks.
    pub fn put_from(&self, project: &ProjectId, source: &mut dyn Read) -> io::Result<(Sha256, u64)> {
        let mut incoming = Incoming::create(&self.incoming)?;
        let mut buffer = vec![0; BUFFER_BYTES];
        loop {
            match source.read(&mut buffer) {
                Ok(0) => break,
                Ok(count) => incoming.write_all(&buffer[..count])?,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        let (sha256, size_bytes) = incoming.seen();
        let place = self.path(project, sha256);
        // What is held already, such as an empty log, needs no second trip to the disk.
        if fs::metadata(&place).is_ok_and(|held| held.len() == size_bytes) {
            return Ok((sha256, size_bytes));
        }
        incoming.place(&place)?;
        Ok((sha256, size_bytes))
    }

    /// A folder on the same disk for files on their way into [`DiskBlobs::put_from`].
    pub fn incoming_dir(&self) -> &Path {
        &self.incoming
    }

    /// Checks an address that was handed out.
    ///
    /// # Errors
    /// [`LinkError`] when it was altered, or its time is over.
    pub(crate) fn verify(&self, link: &Link, signature: &str, now_s: i64) -> Result<(), LinkError> {
        self.key.verify(link, signature, now_s)
    }

    /// The address that says what `link` says.
    pub(crate) fn sign(&self, origin: &str, link: &Link) -> String {
        self.key.url(origin, link)
    }

    fn url(&self, origin: &str, project: &ProjectId, file: &File, method: Method) -> String {
        let path = file.desc.as_ref().map(|desc| desc.path.as_str()).unwrap_or_default();
        let is_zip = file.compression_type() == jobsphere_api::jobs::FileCompressionType::Zip;
        let link = Link {
            project: project.to_string(),
            sha256: file.sha256.clone(),
            name: link::file_name(path, is_zip),
            method,
            size_bytes: file.size_bytes,
            expires_s: link::expiry(method),
        };
        self.sign(origin, &link)
    }
}

/// The next chunk of a file; a sender that is silent for too long has broken off.
async fn next<E>(content: &mut (impl Stream<Item = Result<Bytes, E>> + Unpin)) -> Option<Result<Bytes, Option<E>>> {
    match tokio::time::timeout(SILENCE, content.next()).await {
        Ok(chunk) => chunk.map(|chunk| chunk.map_err(Some)),
        Err(_) => Some(Err(None)),
    }
}

/// The whole of a file that has its name already.
async fn held(place: &Path) -> io::Result<Option<Received>> {
    match tokio::fs::metadata(place).await {
        Ok(metadata) => Ok(Some(Received {
            offset: metadata.len(),
            is_complete: true,
        })),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// What lies at `blobs/<project>/<first two digits>/<sha256>`.
fn name(path: &Path) -> Option<(ProjectId, Sha256)> {
    let sha256 = Sha256::parse(path.file_name()?.to_str()?).ok()?;
    let project = path.parent()?.parent()?.file_name()?.to_str()?;
    Some((ProjectId::parse(project).ok()?, sha256))
}

#[async_trait]
impl Blobs for DiskBlobs {
    async fn holds(&self, project: &ProjectId, sha256: Sha256) -> Result<bool, BlobsError> {
        tokio::fs::try_exists(self.path(project, sha256))
            .await
            .map_err(|error| BlobsError(error.to_string()))
    }

    async fn beginning(&self, project: &ProjectId, sha256: Sha256, most: usize) -> Result<Vec<u8>, BlobsError> {
        use tokio::io::AsyncReadExt;
        let unreadable = |error: io::Error| BlobsError(error.to_string());
        let file = match tokio::fs::File::open(self.path(project, sha256)).await {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            opened => opened.map_err(unreadable)?,
        };
        let mut content = Vec::new();
        file.take(most as u64)
            .read_to_end(&mut content)
            .await
            .map_err(unreadable)?;
        Ok(content)
    }

    async fn remove(&self, project: &ProjectId, sha256: Sha256) -> Result<(), BlobsError> {
        match tokio::fs::remove_file(self.path(project, sha256)).await {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(BlobsError(error.to_string())),
            _ => Ok(()),
        }
    }

    fn stored(&self) -> BoxStream<'static, (ProjectId, Sha256)> {
        let root = self.root.clone();
        let (found, stored) = mpsc::channel(CHUNKS_AHEAD);
        spawn_blocking(move || {
            for blob in walkdir::WalkDir::new(root)
                .min_depth(3)
                .max_depth(3)
                .into_iter()
                .flatten()
            {
                if let Some(blob) = name(blob.path())
                    && found.blocking_send(blob).is_err()
                {
                    return;
                }
            }
        });
        ReceiverStream::new(stored).boxed()
    }

    fn upload_url(&self, origin: &str, project: &ProjectId, file: &File) -> String {
        self.url(origin, project, file, Method::Put)
    }

    fn download_url(&self, origin: &str, project: &ProjectId, file: &File) -> String {
        self.url(origin, project, file, Method::Get)
    }
}
