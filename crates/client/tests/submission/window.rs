//! A browser with its windows: what they read, send and keep.

use std::{
    cell::{Cell, RefCell},
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
    time::Duration,
};

use jobsphere_api::sha256::Sha256;
use jobsphere_client::submission::{Hashed, Hashes, Keeps, Pending, SendError, Sends};

use crate::{
    faults::{Fault, Place},
    service::MemoryBlobs,
    wire::Line,
};

/// A request that moves nothing for so long is given up.
const STALLED_AFTER: Duration = Duration::from_secs(120);

/// The person's disk, and the browser's.
#[derive(Default)]
pub(crate) struct Disk {
    pub(crate) files: RefCell<BTreeMap<String, Vec<u8>>>,
    /// Digests of files as they were read.
    digests: RefCell<BTreeMap<String, (Sha256, i64)>>,
    /// What was kept last.
    pub(crate) pending: RefCell<Option<Pending>>,
    /// All jobs that were ever kept as waiting.
    pub(crate) known_jobs: RefCell<BTreeSet<String>>,
}

impl Disk {
    pub(crate) fn content(&self, name: &str) -> Vec<u8> {
        self.files.borrow()[name].clone()
    }

    /// A file gets another content, and no program that reads it knows.
    pub(crate) fn change(&self, name: &str, content: Vec<u8>) {
        self.files.borrow_mut().insert(name.to_owned(), content);
    }

    /// A file is chosen anew.
    pub(crate) fn forget(&self, name: &str) {
        self.digests.borrow_mut().remove(name);
    }
}

/// A window with the draft.
pub(crate) struct Window {
    pub(crate) disk: Rc<Disk>,
    pub(crate) line: Rc<Line>,
    pub(crate) blobs: std::sync::Arc<MemoryBlobs>,
    /// What it knows of its submission.
    pub(crate) pending: RefCell<Option<Pending>>,
    pub(crate) is_online: Cell<bool>,
}

impl Window {
    /// It is loaded anew.
    pub(crate) fn reload(&self) {
        *self.pending.borrow_mut() = self.disk.pending.borrow().clone();
    }
}

impl Hashes for Window {
    /// The file's name.
    type Content = String;
    type Body = String;
    type Error = String;

    fn at_once(&self) -> usize {
        2
    }

    async fn hash(&self, content: &String, _: &str, on_progress: impl Fn(f64)) -> Result<Hashed<String>, String> {
        let known = self.disk.digests.borrow().get(content).copied();
        let (sha256, size_bytes) = match known {
            Some(known) => known,
            None => {
                let bytes = self.disk.content(content);
                self.line.pass().await;
                on_progress(0.5);
                self.line.pass().await;
                let found = (Sha256::of(&bytes), bytes.len() as i64);
                self.disk.digests.borrow_mut().insert(content.clone(), found);
                found
            }
        };
        Ok(Hashed {
            sha256,
            size_bytes,
            body: content.clone(),
        })
    }

    async fn mistrust(&self, content: &String) {
        self.line.pass().await;
        self.disk.forget(content);
    }
}

/// Why the bytes were not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    Connection,
    Status(u16),
}

impl SendError for Refusal {
    fn is_passing(&self) -> bool {
        matches!(self, Self::Connection | Self::Status(500 | 502 | 503))
    }

    fn is_expired(&self) -> bool {
        matches!(self, Self::Status(403 | 410))
    }

    fn is_other_content(&self) -> bool {
        *self == Self::Status(422)
    }

    fn is_unreadable(&self) -> bool {
        false
    }
}

impl Sends for Window {
    type Body = String;
    type Turn = ();
    type Error = Refusal;

    async fn turn(&self, _: &str) {
        self.line.pass().await;
    }

    async fn send(&self, url: &str, body: &String, on_progress: impl Fn(u64) + 'static) -> Result<(), Refusal> {
        let content = self.disk.content(body);
        let fault = self.line.faults.next(Place::Upload);
        self.line.pass().await;
        match fault {
            Some(Fault::Before) => return Err(Refusal::Connection),
            Some(Fault::HungBefore) => {
                tokio::time::sleep(STALLED_AFTER).await;
                return Err(Refusal::Connection);
            }
            Some(Fault::Status(status)) => return Err(Refusal::Status(status)),
            _ => {}
        }
        on_progress(content.len() as u64 / 2);
        self.line.pass().await;
        if fault == Some(Fault::Halfway) {
            return Err(Refusal::Connection);
        }
        let status = self.blobs.put(url, &content);
        on_progress(content.len() as u64);
        let unheard = &self.line.unheard;
        if status == 200 {
            unheard.set(unheard.get() + 1);
        }
        self.line.pass().await;
        match (fault, status) {
            (Some(Fault::HungAfter), _) => {
                tokio::time::sleep(STALLED_AFTER).await;
                Err(Refusal::Connection)
            }
            (Some(_), _) => Err(Refusal::Connection),
            (None, 200) => {
                unheard.set(unheard.get() - 1);
                Ok(())
            }
            (None, status) => Err(Refusal::Status(status)),
        }
    }

    fn is_online(&self) -> bool {
        self.is_online.get()
    }
}

impl Keeps for Window {
    async fn keep(&self, pending: &Pending) {
        *self.pending.borrow_mut() = Some(pending.clone());
        self.line.pass().await;
        *self.disk.pending.borrow_mut() = Some(pending.clone());
        self.disk.known_jobs.borrow_mut().extend(pending.waiting_job.clone());
        self.line.pass().await;
    }
}
