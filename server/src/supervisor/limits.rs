//! The limits of a running job: its time, its memory, its disk.

use std::time::{Duration, Instant};

use super::{
    meter::{self, Meter},
    usage,
};
use crate::engine::run_dir::{Limits, Spec};

/// How often memory is looked at. Between two looks a process is kept from more than twice the limit by the kernel.
const MEMORY_EVERY: Duration = Duration::from_millis(100);
const MIB: u64 = 1 << 20;

/// Watches a job's limits.
pub(super) struct Watch {
    limits: Limits,
    meter: Option<Meter>,
    end: Option<Instant>,
    next_memory: Option<Instant>,
    next_disk: Option<Instant>,
}

impl Watch {
    pub(super) fn begin(spec: &Spec) -> Self {
        let now = Instant::now();
        Self {
            limits: spec.limits,
            meter: spec.limits.work_bytes.map(|_| Meter::begin(spec)),
            end: spec.limits.time_s.map(|seconds| now + Duration::from_secs(seconds)),
            next_memory: spec.limits.memory_bytes.map(|_| now + MEMORY_EVERY),
            next_disk: spec.limits.work_bytes.map(|_| now + meter::EVERY),
        }
    }

    /// When to look next; `None` when there is nothing to watch.
    pub(super) fn due(&self) -> Option<Instant> {
        [self.end, self.next_memory, self.next_disk].into_iter().flatten().min()
    }

    /// A sentence when the job is over a limit.
    pub(super) fn look(&mut self) -> Option<String> {
        let now = Instant::now();
        let is_due = |at: Option<Instant>| at.is_some_and(|at| at <= now);
        if is_due(self.end) {
            let seconds = self.limits.time_s.unwrap_or_default();
            return Some(format!(
                "The command ran longer than the {seconds} s of its instance type and was ended; choose one with more time"
            ));
        }
        if is_due(self.next_memory) {
            self.next_memory = Some(now + MEMORY_EVERY);
            if let Some(sentence) = self.memory() {
                return Some(sentence);
            }
        }
        if is_due(self.next_disk) {
            self.next_disk = Some(now + meter::EVERY);
            return self.disk();
        }
        None
    }

    fn memory(&self) -> Option<String> {
        let limit = self.limits.memory_bytes?;
        // The dear look is taken only where the cheap one does not rule it out.
        if usage::memory_at_most() <= limit || usage::of_the_job().memory_bytes <= limit {
            return None;
        }
        Some(format!(
            "The command used more than the {} MiB of memory of its instance type and was ended; choose one with more",
            limit / MIB
        ))
    }

    fn disk(&self) -> Option<String> {
        let limit = self.limits.work_bytes?;
        let used = self.meter.as_ref().map_or(0, Meter::used_bytes);
        (used > limit).then(|| {
            format!(
                "The command filled more than the {} MiB of its working storage and was ended; ask for more in \
                 `extended_working_storage`",
                limit / MIB
            )
        })
    }
}
