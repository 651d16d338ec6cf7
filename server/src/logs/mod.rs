//! The logs of jobs on disk: `logs/<job>/log`, append-only, with an index beside it.

mod index;
mod reader;
mod record;
mod writer;

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

use async_trait::async_trait;
use futures::{StreamExt, stream::BoxStream};
use jobsphere_api::id::JobId;
use jobsphere_service::{LogBatch, LogFrom, Logs, LogsError};
use tokio::{
    sync::{Semaphore, mpsc},
    task::spawn_blocking,
};
use tokio_stream::wrappers::ReceiverStream;

pub(crate) use reader::read;
pub use record::LogSource;
pub(crate) use writer::now_micros;
pub use writer::{LogWriter, SYSTEM_LOG};

use crate::watch::Watcher;

const FILE: &str = "log";

/// Reads of logs at a time.
const READERS: usize = 8;

/// Reads every job's log, and tells its followers when it grows.
#[derive(Debug)]
pub struct DiskLogs {
    root: PathBuf,
    watcher: Arc<Watcher>,
    /// A thousand followers of one line must not become a thousand threads.
    readers: Semaphore,
}

impl DiskLogs {
    /// Opens the logs in `data_dir`.
    ///
    /// # Errors
    /// When the folder cannot be made.
    #[allow(clippy::disallowed_methods)] // It blocks.
    pub fn open(data_dir: &Path, watcher: Arc<Watcher>) -> io::Result<Self> {
        let root = data_dir.join("logs");
        fs::create_dir_all(&root)?;
        Ok(Self {
            root,
            watcher,
            readers: Semaphore::new(READERS),
        })
    }

    /// The folder of a job's log.
    pub fn dir(&self, job: &JobId) -> PathBuf {
        self.root.join(job.as_str())
    }

    /// Goes over the whole log, a record at a time. Blocks.
    ///
    /// # Errors
    /// When it cannot be read, or `each` fails.
    pub fn split(&self, job: &JobId, mut each: impl FnMut(&LogSource, &[u8]) -> io::Result<()>) -> io::Result<()> {
        let mut reader = reader::Reader::open(&self.dir(job), 0)?;
        while let Some(record) = reader.next()? {
            each(&record.source, &record.content)?;
        }
        Ok(())
    }

    /// The content of each source, in memory: for tests and small logs.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub fn contents(&self, job: &JobId) -> io::Result<BTreeMap<LogSource, Vec<u8>>> {
        let mut contents = BTreeMap::<_, Vec<u8>>::new();
        self.split(job, |source, content| {
            contents.entry(source.clone()).or_default().extend(content);
            Ok(())
        })?;
        Ok(contents)
    }
}

#[async_trait]
impl Logs for DiskLogs {
    async fn read(&self, job: &JobId, from: LogFrom, max_bytes: usize) -> Result<LogBatch, LogsError> {
        let dir = self.dir(job);
        let unreadable = |error: &dyn std::fmt::Display| LogsError::Unreadable(error.to_string());
        let _turn = self.readers.acquire().await.map_err(|error| unreadable(&error))?;
        spawn_blocking(move || reader::read(&dir, from, max_bytes))
            .await
            .map_err(|error| unreadable(&error))?
    }

    async fn remove(&self, job: &JobId) -> Result<(), LogsError> {
        match tokio::fs::remove_dir_all(self.dir(job)).await {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(LogsError::Unreadable(error.to_string())),
            _ => Ok(()),
        }
    }

    #[allow(clippy::disallowed_methods)] // It blocks.
    fn stored(&self) -> BoxStream<'static, JobId> {
        let root = self.root.clone();
        let (found, stored) = mpsc::channel(1);
        spawn_blocking(move || {
            for entry in fs::read_dir(root).into_iter().flatten().flatten() {
                if let Some(Ok(id)) = entry.file_name().to_str().map(JobId::parse)
                    && found.blocking_send(id).is_err()
                {
                    return;
                }
            }
        });
        ReceiverStream::new(stored).boxed()
    }

    #[allow(clippy::disallowed_methods)] // It blocks.
    fn changes(&self, job: &JobId) -> BoxStream<'static, ()> {
        let dir = self.dir(job);
        // A log that has no folder yet gets one, so that its first line is heard.
        let _ = fs::create_dir_all(&dir);
        self.watcher.changes(&dir).boxed()
    }
}

/// Bytes at the end of `text` that begin a letter of UTF-8 whose rest is not there.
pub(crate) fn unfinished_letter(text: &[u8]) -> usize {
    let last = text.utf8_chunks().last();
    let invalid = last.map_or(0, |chunk| chunk.invalid().len());
    match str::from_utf8(&text[text.len() - invalid..]) {
        // What could still become a letter has no length of an error.
        Err(error) if error.error_len().is_none() => invalid,
        _ => 0,
    }
}

#[cfg(test)]
pub(crate) mod tests;
