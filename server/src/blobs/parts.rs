//! Files that arrive in parts: what came is kept, and the rest may come later, from another connection and after a
//! restart.
//!
//! One writer at a time for one content. A newer request ends the older one: a connection that was lost may hang for
//! long before the machine knows.

use std::{
    collections::HashMap,
    fs,
    io::{self, Read, Write},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError, Weak},
    time::{Duration, SystemTime},
};

use bytes::Bytes;
use futures::Stream;
use jobsphere_api::{id::ProjectId, sha256::Sha256};
use sha2::Digest;
use tokio::{
    sync::{OwnedMutexGuard, mpsc, watch},
    task::spawn_blocking,
};

use super::{
    CHUNKS_AHEAD,
    incoming::{Expected, ReceiveError, create_folder, sync_folder},
};

/// Read at once of what is there already.
const BUFFER_BYTES: usize = 1 << 20;
/// Nobody has an address any more that a part could be sent to.
const LIFETIME: Duration = Duration::from_secs(24 * 3600);

/// How far a file has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Received {
    /// Bytes that are kept, from the first one on.
    pub(crate) offset: u64,
    /// Whether these are all, checked, and the file has its name.
    pub(crate) is_complete: bool,
}

/// The folder of what is not whole yet.
#[derive(Debug)]
pub(super) struct Parts {
    folder: PathBuf,
    writers: Mutex<HashMap<String, Weak<Writer>>>,
}

#[derive(Debug)]
struct Writer {
    busy: Arc<tokio::sync::Mutex<()>>,
    /// Counts requests; a rise ends the one that is being served.
    requests: watch::Sender<u64>,
}

/// The right to write to one content, until a newer request wants it.
struct Turn {
    held: (Arc<Writer>, OwnedMutexGuard<()>),
    newer: watch::Receiver<u64>,
}

impl Parts {
    /// Opens the folder and removes what is too old.
    #[allow(clippy::disallowed_methods)] // It blocks.
    pub(super) fn open(folder: PathBuf) -> io::Result<Self> {
        fs::create_dir_all(&folder)?;
        let parts = Self {
            folder,
            writers: Mutex::default(),
        };
        sweep(&parts.folder)?;
        Ok(parts)
    }

    fn path(&self, project: &ProjectId, sha256: Sha256) -> PathBuf {
        self.folder.join(name(project, sha256))
    }

    /// Removes what is kept of a content, which has come by another way.
    pub(super) async fn forget(&self, project: &ProjectId, sha256: Sha256) -> io::Result<()> {
        match tokio::fs::remove_file(self.path(project, sha256)).await {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    async fn turn(&self, project: &ProjectId, sha256: Sha256) -> Turn {
        let writer = {
            let mut writers = self.writers.lock().unwrap_or_else(PoisonError::into_inner);
            writers.retain(|_, writer| writer.strong_count() > 0);
            let known = writers.get(&name(project, sha256)).and_then(Weak::upgrade);
            known.unwrap_or_else(|| {
                let writer = Arc::new(Writer {
                    busy: Arc::default(),
                    requests: watch::Sender::new(0),
                });
                writers.insert(name(project, sha256), Arc::downgrade(&writer));
                writer
            })
        };
        writer.requests.send_modify(|count| *count += 1);
        // From here on only requests that come later count.
        let newer = writer.requests.subscribe();
        let busy = writer.busy.clone().lock_owned().await;
        Turn {
            held: (writer, busy),
            newer,
        }
    }

    /// How many bytes of a content are kept. Ends a request that is sending more, so that the answer stays true.
    pub(super) async fn kept(&self, project: &ProjectId, sha256: Sha256) -> io::Result<u64> {
        let _turn = self.turn(project, sha256).await;
        length(&self.path(project, sha256)).await
    }

    /// Adds `content` behind the first `offset` bytes; gives the file its name at `place` once it is whole and right.
    pub(super) async fn receive<E: std::fmt::Display>(
        &self,
        project: &ProjectId,
        expected: Expected,
        offset: u64,
        place: PathBuf,
        content: &mut (impl Stream<Item = Result<Bytes, E>> + Unpin),
    ) -> Result<Received, ReceiveError> {
        let Turn { held, mut newer } = self.turn(project, expected.sha256).await;
        let path = self.path(project, expected.sha256);
        if offset == 0 {
            let folder = self.folder.clone();
            spawn_blocking(move || sweep(&folder))
                .await
                .map_err(io::Error::other)??;
        }
        let kept = length(&path).await?;
        if kept != offset {
            return Err(ReceiveError::OtherOffset { kept });
        }
        let (chunks, mut arriving) = mpsc::channel::<Bytes>(CHUNKS_AHEAD);
        let writing = spawn_blocking(move || {
            // Kept until the last byte is written, also when the connection has gone and nobody waits for the answer.
            let _held = held;
            let mut partial = Partial::open(path)?;
            while let Some(chunk) = arriving.blocking_recv() {
                partial.add(&chunk, &expected)?;
            }
            partial.end(&place, &expected)
        });
        loop {
            tokio::select! {
                biased;
                _ = newer.changed() => break,
                chunk = super::next(content) => match chunk {
                    // The writer stops early only with a reason, which its result tells.
                    Some(Ok(chunk)) => if chunks.send(chunk).await.is_err() { break },
                    Some(Err(_)) | None => break,
                },
            }
        }
        drop(chunks);
        writing
            .await
            .map_err(|error| ReceiveError::Disk(io::Error::other(error)))?
    }
}

fn name(project: &ProjectId, sha256: Sha256) -> String {
    format!("{project}.{sha256}")
}

/// Removes what is too old.
#[allow(clippy::disallowed_methods)] // It blocks.
fn sweep(folder: &Path) -> io::Result<()> {
    let now = SystemTime::now();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let age = entry
            .metadata()?
            .modified()
            .ok()
            .and_then(|modified| now.duration_since(modified).ok());
        if age.is_some_and(|age| age > LIFETIME) {
            remove(&entry.path())?;
        }
    }
    Ok(())
}

async fn length(path: &Path) -> io::Result<u64> {
    match tokio::fs::metadata(path).await {
        Ok(metadata) => Ok(metadata.len()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(0),
        Err(error) => Err(error),
    }
}

#[allow(clippy::disallowed_methods)] // It blocks.
fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// A file that has come in part, with the digest of that part.
struct Partial {
    path: PathBuf,
    file: fs::File,
    hasher: sha2::Sha256,
    size_bytes: u64,
}

impl Partial {
    #[allow(clippy::disallowed_methods)] // It blocks.
    fn open(path: PathBuf) -> io::Result<Self> {
        let mut file = fs::OpenOptions::new()
            .create(true)
            .read(true)
            .append(true)
            .open(&path)?;
        let mut hasher = sha2::Sha256::new();
        let mut buffer = vec![0; BUFFER_BYTES];
        let mut size_bytes = 0;
        loop {
            match file.read(&mut buffer) {
                Ok(0) => break,
                Ok(count) => {
                    hasher.update(&buffer[..count]);
                    size_bytes += count as u64;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(Self {
            path,
            file,
            hasher,
            size_bytes,
        })
    }

    fn add(&mut self, chunk: &[u8], expected: &Expected) -> Result<(), ReceiveError> {
        self.file.write_all(chunk)?;
        self.hasher.update(chunk);
        self.size_bytes += chunk.len() as u64;
        if i64::try_from(self.size_bytes).is_ok_and(|size| size <= expected.size_bytes) {
            return Ok(());
        }
        // It can never become the file that was announced.
        remove(&self.path)?;
        Err(ReceiveError::OtherSize {
            expected: expected.size_bytes,
            found: self.size_bytes,
        })
    }

    #[allow(clippy::disallowed_methods)] // It blocks.
    fn end(self, place: &Path, expected: &Expected) -> Result<Received, ReceiveError> {
        let offset = self.size_bytes;
        if i64::try_from(offset) != Ok(expected.size_bytes) {
            return Ok(Received {
                offset,
                is_complete: false,
            });
        }
        let found = Sha256::finish(self.hasher);
        if found != expected.sha256 {
            remove(&self.path)?;
            return Err(ReceiveError::OtherContent {
                expected: expected.sha256,
                found,
            });
        }
        let folder = place
            .parent()
            .ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        create_folder(folder)?;
        self.file.sync_all()?;
        fs::rename(&self.path, place)?;
        sync_folder(folder)?;
        Ok(Received {
            offset,
            is_complete: true,
        })
    }
}
