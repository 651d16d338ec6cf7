//! Logs in the browser's private files: a file for each job, which this worker alone has open.

use std::{cell::RefCell, collections::BTreeMap, rc::Rc};

use async_trait::async_trait;
use futures::{
    StreamExt,
    lock::Mutex,
    stream::{self, BoxStream},
};
use jobsphere_api::id::JobId;
use jobsphere_browser::error::message;
use jobsphere_demo::log::{Changes, Content, LogFile, LogSource};
use jobsphere_service::{LogBatch, LogFrom, Logs, LogsError};
use send_wrapper::SendWrapper;
use wasm_bindgen::JsValue;
use web_sys::{FileSystemReadWriteOptions, FileSystemSyncAccessHandle};

use super::{
    folder::{Folder, is_full},
    host::now_micros,
};

/// Files that are open at the same time; those that are in use may be more.
const MOST_OPEN: usize = 32;

/// The log of a job.
type Log = Rc<RefCell<LogFile<PrivateFile>>>;

/// All logs.
pub(super) struct PrivateLogs {
    folder: SendWrapper<Folder>,
    open: SendWrapper<Mutex<Vec<(JobId, Log)>>>,
    /// The jobs that have a log.
    known: SendWrapper<RefCell<BTreeMap<JobId, ()>>>,
    changes: Changes,
}

impl PrivateLogs {
    /// Opens the logs in `root`.
    pub(super) async fn open(root: &Folder) -> Result<Self, JsValue> {
        let folder = root.folder("logs").await?;
        let names = folder.names().await?;
        let known = names.iter().filter_map(|name| Some((JobId::parse(name).ok()?, ())));
        Ok(Self {
            known: SendWrapper::new(RefCell::new(known.collect())),
            folder: SendWrapper::new(folder),
            open: SendWrapper::new(Mutex::new(Vec::new())),
            changes: Changes::default(),
        })
    }

    /// The log of `job`, made if it is not there.
    async fn log(&self, job: &JobId) -> Result<Log, String> {
        let mut open = self.open.lock().await;
        let entry = match open.iter().position(|(other, _)| other == job) {
            Some(place) => open.remove(place),
            None => {
                let said = |thrown: JsValue| message(&thrown);
                let (_, access) = self.folder.writable(job.as_str()).await.map_err(said)?;
                let log = LogFile::open(PrivateFile(access))?;
                self.known.borrow_mut().insert(job.clone(), ());
                (job.clone(), Rc::new(RefCell::new(log)))
            }
        };
        let log = entry.1.clone();
        // Those used last are last.
        while open.len() >= MOST_OPEN
            && let Some(idle) = open.iter().position(|(_, log)| Rc::strong_count(log) == 1)
        {
            open.remove(idle);
        }
        open.push(entry);
        Ok(log)
    }

    /// Appends to the log of `job` what was written now.
    ///
    /// # Errors
    /// The browser's words.
    pub(super) async fn append(&self, job: &JobId, source: &LogSource, content: &[u8]) -> Result<(), String> {
        let log = self.log(job).await?;
        log.borrow_mut().append(source, now_micros(), content)?;
        self.changes.tell(job);
        Ok(())
    }

    /// What each source has written to the log of `job`.
    ///
    /// # Errors
    /// The browser's words.
    pub(super) async fn sources(&self, job: &JobId) -> Result<BTreeMap<LogSource, Vec<u8>>, String> {
        let mut sources = BTreeMap::<LogSource, Vec<u8>>::new();
        if !self.known.borrow().contains_key(job) {
            return Ok(sources);
        }
        let log = self.log(job).await?;
        let mut log = log.borrow_mut();
        log.flush()?;
        log.split(|source, content| match sources.get_mut(source) {
            Some(all) => all.extend(content),
            None => drop(sources.insert(source.clone(), content.to_vec())),
        })?;
        Ok(sources)
    }
}

#[async_trait]
impl Logs for PrivateLogs {
    async fn read(&self, job: &JobId, from: LogFrom, max_bytes: usize) -> Result<LogBatch, LogsError> {
        SendWrapper::new(async {
            if !self.known.borrow().contains_key(job) {
                return match from {
                    LogFrom::Offset(offset) if offset > 0 => Err(LogsError::BehindEnd { offset, end: 0 }),
                    _ => Ok(LogBatch::default()),
                };
            }
            let log = self.log(job).await.map_err(LogsError::Unreadable)?;
            log.borrow_mut().read(from, max_bytes)
        })
        .await
    }

    async fn remove(&self, job: &JobId) -> Result<(), LogsError> {
        SendWrapper::new(async {
            let mut open = self.open.lock().await;
            open.retain(|(other, _)| other != job);
            self.known.borrow_mut().remove(job);
            let removed = self.folder.remove(job.as_str()).await;
            self.changes.tell(job);
            removed.map_err(|thrown| LogsError::Unreadable(message(&thrown)))
        })
        .await
    }

    fn stored(&self) -> BoxStream<'static, JobId> {
        let known: Vec<JobId> = self.known.borrow().keys().cloned().collect();
        stream::iter(known).boxed()
    }

    fn changes(&self, job: &JobId) -> BoxStream<'static, ()> {
        self.changes.of(job)
    }
}

/// The bytes of a log. Closed when dropped.
#[derive(Debug)]
struct PrivateFile(FileSystemSyncAccessHandle);

impl Drop for PrivateFile {
    fn drop(&mut self) {
        self.0.close();
    }
}

fn at(position: u64) -> FileSystemReadWriteOptions {
    let options = FileSystemReadWriteOptions::new();
    options.set_at_f64(position as f64);
    options
}

fn said(thrown: JsValue) -> String {
    match is_full(&thrown) {
        true => "the browser gives this page no more room".to_owned(),
        false => message(&thrown),
    }
}

impl Content for PrivateFile {
    fn length(&mut self) -> Result<u64, String> {
        self.0.get_size().map(|bytes| bytes as u64).map_err(said)
    }

    fn read(&mut self, position: u64, into: &mut [u8]) -> Result<usize, String> {
        let read = self.0.read_with_u8_array_and_options(into, &at(position));
        read.map(|bytes| bytes as usize).map_err(said)
    }

    fn write(&mut self, position: u64, bytes: &[u8]) -> Result<(), String> {
        let written = self
            .0
            .write_with_u8_array_and_options(bytes, &at(position))
            .map_err(said)?;
        if written < bytes.len() as f64 {
            // What is there of it would be taken for the beginning of a record.
            self.truncate(position)?;
            return Err("the browser gives this page no more room".to_owned());
        }
        Ok(())
    }

    fn truncate(&mut self, length: u64) -> Result<(), String> {
        self.0.truncate_with_f64(length as f64).map_err(said)
    }

    fn flush(&mut self) -> Result<(), String> {
        self.0.flush().map_err(said)
    }
}
