//! Measures a job's storage while its command runs: by a porter, since the folders are the job's.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
        mpsc::{RecvTimeoutError, Sender, channel},
    },
    thread,
    time::{Duration, Instant},
};

use super::descendants::{self, Ours};
use crate::{porter::Porter, sandbox::Spec};

/// How often the folders are looked at, at most.
pub(super) const EVERY: Duration = Duration::from_secs(1);
/// A look may cost this part of the time at most.
const SHARE: u32 = 20;

/// A thread that measures until this is dropped.
pub(super) struct Meter {
    used_bytes: Arc<AtomicU64>,
    /// Dropped with it, which ends the thread.
    _stop: Sender<()>,
}

impl Meter {
    /// Begins to measure the folders of `spec`.
    pub(super) fn begin(spec: &Spec) -> Self {
        let used_bytes = Arc::new(AtomicU64::new(0));
        let (stop, stopped) = channel();
        let (told, sandbox, user, folders) = (used_bytes.clone(), spec.sandbox, spec.user, spec.folders.clone());
        thread::spawn(move || {
            let mut porter = None;
            let mut pause = EVERY;
            while let Err(RecvTimeoutError::Timeout) = stopped.recv_timeout(pause) {
                let began = Instant::now();
                if porter.is_none() {
                    porter = Porter::start(sandbox, user, &folders, 0).ok();
                    descendants::except(Ours::Meter, porter.as_ref().map_or(0, Porter::pid));
                }
                match porter.as_mut().map(|porter| measure(porter, folders.len())) {
                    Some(Some(bytes)) => told.store(bytes, Ordering::Relaxed),
                    // It was lost; the next round has another one.
                    _ => porter = None,
                }
                pause = EVERY.max(began.elapsed() * SHARE);
            }
        });
        Self {
            used_bytes,
            _stop: stop,
        }
    }

    /// What the job's folders took of the disk when they were looked at last, in bytes.
    pub(super) fn used_bytes(&self) -> u64 {
        self.used_bytes.load(Ordering::Relaxed)
    }
}

fn measure(porter: &mut Porter, folders: usize) -> Option<u64> {
    let measured = (0..folders).map(|folder| porter.measure(folder).ok().map(|content| content.disk_bytes));
    measured.sum()
}
