//! A [`Store`] over a journal.

use async_trait::async_trait;
use futures::lock::Mutex;
use jobsphere_service::{
    Change, DatasetRecord, JobQuery, JobRecord, OperationRecord, Repeat, ShareRecord, Store, StoreError,
    memory::MemoryStore,
};

use super::{Journal, entry};
use crate::api::{
    id::{DatasetId, JobId, OperationId, ProjectId, ShareId},
    project::Project,
    sha256::Sha256,
};

/// A journal of more entries is replaced by one.
const MOST_ENTRIES: usize = 1000;

/// Rows in memory whose changes are written down before they are seen.
pub struct JournalStore<J> {
    memory: MemoryStore,
    journal: J,
    /// How many entries there are; whoever commits holds it, so that entries are written in the order of the changes.
    entries: Mutex<usize>,
}

impl<J: Journal> JournalStore<J> {
    /// Reads what `journal` holds, in its order.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when an entry cannot be read.
    pub async fn open(journal: J, entries: Vec<Vec<u8>>) -> Result<Self, StoreError> {
        let memory = MemoryStore::default();
        for entry in &entries {
            memory.commit(entry::read(entry)?).await?;
        }
        Ok(Self {
            memory,
            journal,
            entries: Mutex::new(entries.len()),
        })
    }

    /// Replaces a long journal by one entry. Where that fails, the journal is longer and as good as before.
    async fn shorten(&self, entries: &mut usize) {
        if *entries > MOST_ENTRIES && self.journal.replace(entry::write(&self.memory.all())).await.is_ok() {
            *entries = 1;
        }
    }
}

#[async_trait]
impl<J: Journal> Store for JournalStore<J> {
    async fn project(&self, id: &ProjectId) -> Result<Option<Project>, StoreError> {
        self.memory.project(id).await
    }

    async fn projects(&self, after: Option<&ProjectId>, limit: usize) -> Result<Vec<Project>, StoreError> {
        self.memory.projects(after, limit).await
    }

    async fn job(&self, id: &JobId) -> Result<Option<JobRecord>, StoreError> {
        self.memory.job(id).await
    }

    async fn jobs(&self, query: &JobQuery) -> Result<Vec<JobRecord>, StoreError> {
        self.memory.jobs(query).await
    }

    async fn operation(&self, id: &OperationId) -> Result<Option<OperationRecord>, StoreError> {
        self.memory.operation(id).await
    }

    async fn expired(&self, now_s: i64, limit: usize) -> Result<Vec<JobId>, StoreError> {
        self.memory.expired(now_s, limit).await
    }

    async fn unneeded(&self, project: &ProjectId, files: Vec<Sha256>) -> Result<Vec<Sha256>, StoreError> {
        self.memory.unneeded(project, files).await
    }

    async fn dataset(&self, id: &DatasetId) -> Result<Option<DatasetRecord>, StoreError> {
        self.memory.dataset(id).await
    }

    async fn datasets(&self, project: Option<&ProjectId>) -> Result<Vec<DatasetRecord>, StoreError> {
        self.memory.datasets(project).await
    }

    async fn repeat(&self, key: Sha256) -> Result<Option<Repeat>, StoreError> {
        self.memory.repeat(key).await
    }

    async fn share(&self, id: &ShareId) -> Result<Option<ShareRecord>, StoreError> {
        self.memory.share(id).await
    }

    async fn shares(
        &self,
        project: &ProjectId,
        job: Option<&JobId>,
        limit: usize,
    ) -> Result<Vec<ShareRecord>, StoreError> {
        self.memory.shares(project, job, limit).await
    }

    async fn good_shares(
        &self,
        project: &ProjectId,
        job: Option<&JobId>,
        now_micros: i64,
        limit: usize,
    ) -> Result<Vec<ShareId>, StoreError> {
        self.memory.good_shares(project, job, now_micros, limit).await
    }

    async fn last_sequence(&self) -> Result<i64, StoreError> {
        self.memory.last_sequence().await
    }

    async fn commit(&self, changes: Vec<Change>) -> Result<(), StoreError> {
        let mut entries = self.entries.lock().await;
        self.memory.check(&changes)?;
        let written = self.journal.append(entry::write(&changes)).await;
        written.map_err(StoreError::Unavailable)?;
        *entries += 1;
        self.memory.commit(changes).await?;
        self.shorten(&mut entries).await;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex as StdMutex};

    use futures::executor::block_on;

    use super::*;

    /// A journal in memory, which may be full.
    #[derive(Clone, Default)]
    struct Pages {
        entries: Arc<StdMutex<Vec<Vec<u8>>>>,
        is_full: Arc<StdMutex<bool>>,
    }

    #[async_trait]
    impl Journal for Pages {
        async fn append(&self, entry: Vec<u8>) -> Result<(), String> {
            if *self.is_full.lock().unwrap() {
                return Err("the quota is used up".into());
            }
            self.entries.lock().unwrap().push(entry);
            Ok(())
        }

        async fn replace(&self, entry: Vec<u8>) -> Result<(), String> {
            *self.entries.lock().unwrap() = vec![entry];
            Ok(())
        }
    }

    impl Pages {
        fn store(&self) -> JournalStore<Self> {
            let entries = self.entries.lock().unwrap().clone();
            block_on(JournalStore::open(self.clone(), entries)).unwrap()
        }
    }

    fn project(id: &str) -> Change {
        Change::PutProject(Box::new(Project {
            id: id.into(),
            ..Default::default()
        }))
    }

    fn ids(store: &impl Store) -> Vec<String> {
        let projects = block_on(store.projects(None, 5000)).unwrap();
        projects.into_iter().map(|project| project.id).collect()
    }

    #[test]
    fn what_was_committed_is_there_after_a_restart() {
        let pages = Pages::default();
        let store = pages.store();
        block_on(store.commit(vec![project("a"), project("b")])).unwrap();
        block_on(store.commit(vec![project("c")])).unwrap();
        assert_eq!(pages.entries.lock().unwrap().len(), 2, "a commit is one entry");
        drop(store);
        assert_eq!(ids(&pages.store()), ["a", "b", "c"]);
    }

    #[test]
    fn what_could_not_be_written_has_not_happened() {
        let pages = Pages::default();
        let store = pages.store();
        *pages.is_full.lock().unwrap() = true;
        let refused = block_on(store.commit(vec![project("a")]));
        assert!(matches!(refused, Err(StoreError::Unavailable(_))), "{refused:?}");
        assert!(ids(&store).is_empty());
        *pages.is_full.lock().unwrap() = false;
        block_on(store.commit(vec![project("b")])).unwrap();
        assert_eq!(ids(&pages.store()), ["b"]);
    }

    #[test]
    fn a_long_journal_becomes_one_entry_that_says_the_same() {
        let pages = Pages::default();
        let store = pages.store();
        for number in 0..=MOST_ENTRIES {
            block_on(store.commit(vec![project(&format!("p{}", number % 7))])).unwrap();
        }
        assert_eq!(pages.entries.lock().unwrap().len(), 1);
        block_on(store.commit(vec![project("p8")])).unwrap();
        assert_eq!(ids(&pages.store()), ids(&store));
        assert_eq!(ids(&store).len(), 8);
    }

    #[test]
    fn a_damaged_journal_is_said() {
        let opened = block_on(JournalStore::open(Pages::default(), vec![b"\xff".to_vec()]));
        assert!(matches!(opened.err(), Some(StoreError::Damaged(_))));
    }
}
