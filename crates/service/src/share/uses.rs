//! How often links are used, and when last: counted in memory, written at most once a minute for each.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use super::ShareRecord;
use crate::{Change, JobService, api::id::ShareId};

/// Between two writes for one link.
const PERIOD_MICROS: i64 = 60 * 1_000_000;

/// Uses of links that were used lately.
#[derive(Debug, Default)]
pub(crate) struct Uses(Mutex<HashMap<ShareId, Recent>>);

/// Times in microseconds since the epoch.
#[derive(Debug, Default)]
struct Recent {
    used_micros: i64,
    /// Uses that are not written yet.
    unwritten: i64,
    /// Whether the newest use is not written yet.
    has_news: bool,
    written_micros: Option<i64>,
    /// Whether somebody waits for the time to write.
    is_awaited: bool,
}

impl Uses {
    fn recent(&self) -> MutexGuard<'_, HashMap<ShareId, Recent>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds to a record what is not written yet.
    pub(super) fn add_to(&self, record: &mut ShareRecord) {
        if let Some(recent) = self.recent().get(&record.id).filter(|recent| recent.has_news) {
            record.uses += recent.unwritten;
            record.used_micros = record.used_micros.max(Some(recent.used_micros));
        }
    }

    /// Counts; how long to wait before it is to be written, or `None` when somebody does that already.
    fn count(&self, share: &ShareId, uses: i64, now_micros: i64) -> Option<Duration> {
        let mut all = self.recent();
        all.retain(|_, recent| recent.has_news || now_micros - recent.used_micros < PERIOD_MICROS);
        let recent = all.entry(share.clone()).or_default();
        recent.used_micros = now_micros;
        recent.unwritten += uses;
        recent.has_news = true;
        let passed = recent
            .written_micros
            .map_or(PERIOD_MICROS, |written| now_micros - written);
        if passed >= PERIOD_MICROS {
            return Some(Duration::ZERO);
        }
        if std::mem::replace(&mut recent.is_awaited, true) {
            return None;
        }
        let rest = u64::try_from(PERIOD_MICROS - passed).unwrap_or_default();
        Some(Duration::from_micros(rest.max(1)))
    }

    /// What is to be written.
    fn take(&self, share: &ShareId, now_micros: i64) -> Option<Change> {
        let mut all = self.recent();
        let recent = all.get_mut(share)?;
        recent.is_awaited = false;
        if !std::mem::take(&mut recent.has_news) {
            return None;
        }
        recent.written_micros = Some(now_micros);
        Some(Change::CountUses {
            share: share.clone(),
            at_micros: recent.used_micros,
            uses: std::mem::take(&mut recent.unwritten),
        })
    }
}

impl JobService {
    /// A link is used; by `uses` pages that were opened.
    pub(super) async fn note_use(&self, share: &ShareId, uses: i64) {
        match self.inner.uses.count(share, uses, self.host.now_micros()) {
            Some(Duration::ZERO) => self.write_uses(share).await,
            Some(wait) => {
                let (service, share) = (self.clone(), share.clone());
                self.host.spawn(Box::pin(async move {
                    service.host.sleep(wait).await;
                    service.write_uses(&share).await;
                }));
            }
            None => {}
        }
    }

    async fn write_uses(&self, share: &ShareId) {
        let Some(change) = self.inner.uses.take(share, self.host.now_micros()) else {
            return;
        };
        if let Err(error) = self.store.commit(vec![change]).await {
            self.host
                .warn(&format!("the use of a share link is not written down: {error}"));
        }
    }
}
