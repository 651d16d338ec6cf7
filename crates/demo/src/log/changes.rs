//! Who waits for a log to grow.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use event_listener::Event;
use futures::{
    StreamExt,
    stream::{self, BoxStream},
};

use crate::api::id::JobId;

/// How often each log has grown.
#[derive(Debug, Default)]
pub struct Changes(Mutex<BTreeMap<JobId, Arc<Growth>>>);

#[derive(Debug, Default)]
struct Growth {
    times: AtomicU64,
    event: Event,
}

impl Changes {
    /// Tells those who wait that the log of `job` has grown, or has gone.
    pub fn tell(&self, job: &JobId) {
        let growth = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(job).cloned();
        if let Some(growth) = growth {
            growth.times.fetch_add(1, Ordering::SeqCst);
            growth.event.notify(usize::MAX);
        }
    }

    /// What [`jobsphere_service::Logs::changes`] promises.
    pub fn of(&self, job: &JobId) -> BoxStream<'static, ()> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Nobody waits for those that are held here alone.
        all.retain(|other, growth| other == job || Arc::strong_count(growth) > 1);
        let growth = all.entry(job.clone()).or_default().clone();
        drop(all);
        stream::unfold((growth, None), |(growth, seen)| async move {
            loop {
                let listener = growth.event.listen();
                let times = growth.times.load(Ordering::SeqCst);
                if seen != Some(times) {
                    return Some(((), (growth, Some(times))));
                }
                listener.await;
            }
        })
        .boxed()
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt;

    use super::*;

    #[test]
    fn the_first_comes_at_once_and_several_are_one() {
        let changes = Changes::default();
        let (job, other) = (JobId::parse("j1").unwrap(), JobId::parse("j2").unwrap());
        let mut news = changes.of(&job);
        assert_eq!(news.next().now_or_never(), Some(Some(())));
        assert_eq!(news.next().now_or_never(), None);
        changes.tell(&other);
        assert_eq!(news.next().now_or_never(), None);
        changes.tell(&job);
        changes.tell(&job);
        assert_eq!(news.next().now_or_never(), Some(Some(())));
        assert_eq!(news.next().now_or_never(), None);
    }

    #[test]
    fn nothing_is_kept_for_a_log_that_nobody_waits_for() {
        let changes = Changes::default();
        let ids: Vec<JobId> = ["j1", "j2", "j3"].iter().map(|id| JobId::parse(id).unwrap()).collect();
        for id in &ids {
            drop(changes.of(id));
        }
        assert_eq!(changes.0.lock().unwrap().len(), 1);
    }
}
