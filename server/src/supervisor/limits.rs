//! The limits of a running job: its time, its memory, its disk. What a control group keeps is measured all the same.

use std::time::{Duration, Instant};

use jobsphere_rules::service_line::ServiceLine;

use super::{
    groups::Group,
    meter::{self, Meter},
    usage,
};
use crate::sandbox::{Limits, Spec};

/// How often memory is looked at. Between two looks a process is kept from more than twice the limit by the kernel.
const MEMORY_EVERY: Duration = Duration::from_millis(100);
const MIB: u64 = 1 << 20;

/// Watches a job's limits.
pub(super) struct Watch {
    limits: Limits,
    group: Group,
    meter: Option<Meter>,
    end: Option<Instant>,
    next_memory: Option<Instant>,
    next_disk: Option<Instant>,
}

impl Watch {
    pub(super) fn begin(spec: &Spec, group: Group) -> Self {
        let now = Instant::now();
        Self {
            limits: spec.limits,
            group,
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

    /// What is said when the job is over a limit.
    pub(super) fn look(&mut self) -> Option<ServiceLine<'static>> {
        let now = Instant::now();
        let is_due = |at: Option<Instant>| at.is_some_and(|at| at <= now);
        if is_due(self.end) {
            let seconds = self.limits.time_s.unwrap_or_default().to_string().into();
            return Some(ServiceLine::TimeLimit { seconds });
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

    /// What is said when the kernel has found the job over a limit.
    pub(super) fn look_back(&self) -> Option<ServiceLine<'static>> {
        self.group.is_out_of_memory().then(|| self.too_much_memory())
    }

    fn memory(&self) -> Option<ServiceLine<'static>> {
        let limit = self.limits.memory_bytes?;
        // The dear look is taken only where the cheap one does not rule it out.
        let is_over = || usage::memory_at_most() > limit && usage::of_the_job().memory_bytes > limit;
        (self.group.is_out_of_memory() || is_over()).then(|| self.too_much_memory())
    }

    fn too_much_memory(&self) -> ServiceLine<'static> {
        let mib = (self.limits.memory_bytes.unwrap_or_default() / MIB).to_string().into();
        ServiceLine::MemoryLimit { mib }
    }

    fn disk(&self) -> Option<ServiceLine<'static>> {
        let limit = self.limits.work_bytes?;
        let used = self.meter.as_ref().map_or(0, Meter::used_bytes);
        (used > limit).then(|| ServiceLine::StorageLimit {
            mib: (limit / MIB).to_string().into(),
        })
    }
}
