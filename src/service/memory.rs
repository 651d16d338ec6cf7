//! A Store in memory: for tests, and for the service inside a page.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;

use super::{Change, JobQuery, JobRecord, OperationRecord, Store, StoreError};
use crate::api::{
    id::{JobId, OperationId, ProjectId},
    project::Project,
};

/// Rows in maps; gone with the process.
#[derive(Debug, Default)]
pub struct MemoryStore {
    rows: Mutex<Rows>,
}

#[derive(Debug, Default)]
struct Rows {
    projects: BTreeMap<String, Project>,
    /// By sequence number.
    jobs: BTreeMap<i64, JobRecord>,
    sequences: BTreeMap<String, i64>,
    operations: BTreeMap<String, OperationRecord>,
}

impl MemoryStore {
    fn rows(&self) -> MutexGuard<'_, Rows> {
        self.rows.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Rows {
    /// Whether every job of `changes` finds its sequence number free, or its own.
    fn check(&self, changes: &[Change]) -> Result<(), StoreError> {
        let mut taken = BTreeMap::new();
        for change in changes {
            let Change::PutJob(record) = change else { continue };
            let id = record.job.id.as_str();
            let holder = self.jobs.get(&record.sequence).map(|record| record.job.id.as_str());
            if *taken.entry(record.sequence).or_insert(holder.unwrap_or(id)) != id {
                let problem = format!("sequence number {} is taken", record.sequence);
                return Err(StoreError::Unavailable(problem));
            }
        }
        Ok(())
    }

    fn apply(&mut self, change: Change) {
        match change {
            Change::PutProject(project) => {
                self.projects.insert(project.id.clone(), *project);
            }
            Change::PutJob(record) => {
                if let Some(sequence) = self.sequences.insert(record.job.id.clone(), record.sequence) {
                    self.jobs.remove(&sequence);
                }
                self.jobs.insert(record.sequence, *record);
            }
            Change::PutOperation(record) => {
                self.operations.insert(record.operation.id.clone(), *record);
            }
        }
    }
}

fn matches(record: &JobRecord, query: &JobQuery) -> bool {
    let project = query.project_id.as_ref();
    project.is_none_or(|project| project.as_str() == record.job.project_id)
        && (query.statuses.is_empty() || query.statuses.contains(&record.job.status()))
}

#[async_trait]
impl Store for MemoryStore {
    async fn project(&self, id: &ProjectId) -> Result<Option<Project>, StoreError> {
        Ok(self.rows().projects.get(id.as_str()).cloned())
    }

    async fn projects(&self, after: Option<&ProjectId>, limit: usize) -> Result<Vec<Project>, StoreError> {
        let after = after.map_or("", ProjectId::as_str);
        let rows = self.rows();
        let later = rows.projects.values().filter(|project| project.id.as_str() > after);
        Ok(later.take(limit).cloned().collect())
    }

    async fn job(&self, id: &JobId) -> Result<Option<JobRecord>, StoreError> {
        let rows = self.rows();
        let sequence = rows.sequences.get(id.as_str());
        Ok(sequence.and_then(|sequence| rows.jobs.get(sequence)).cloned())
    }

    async fn jobs(&self, query: &JobQuery) -> Result<Vec<JobRecord>, StoreError> {
        let rows = self.rows();
        let older = rows.jobs.range(..query.before.unwrap_or(i64::MAX)).rev();
        let matching = older.map(|(_, record)| record).filter(|record| matches(record, query));
        Ok(matching.take(query.limit).cloned().collect())
    }

    async fn operation(&self, id: &OperationId) -> Result<Option<OperationRecord>, StoreError> {
        Ok(self.rows().operations.get(id.as_str()).cloned())
    }

    async fn last_sequence(&self) -> Result<i64, StoreError> {
        Ok(self.rows().jobs.last_key_value().map_or(0, |(sequence, _)| *sequence))
    }

    async fn commit(&self, changes: Vec<Change>) -> Result<(), StoreError> {
        let mut rows = self.rows();
        rows.check(&changes)?;
        changes.into_iter().for_each(|change| rows.apply(change));
        Ok(())
    }
}
