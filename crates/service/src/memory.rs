//! A Store in memory: for tests, and for the service inside a page.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;

use super::{Change, DatasetRecord, JobQuery, JobRecord, OperationRecord, Repeat, ShareRecord, Store, StoreError};
use crate::{
    api::{
        id::{DatasetId, JobId, OperationId, ProjectId, ShareId},
        jobs::JobStatus,
        project::Project,
        sha256::Sha256,
    },
    job::status,
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
    files: BTreeMap<JobId, (ProjectId, BTreeSet<Sha256>)>,
    datasets: BTreeMap<DatasetId, DatasetRecord>,
    repeats: BTreeMap<Sha256, Repeat>,
    /// In the order in which they were made.
    shares: Vec<ShareRecord>,
}

impl MemoryStore {
    /// Whether these changes could be committed now.
    ///
    /// # Errors
    /// What [`Store::commit`] would answer.
    pub fn check(&self, changes: &[Change]) -> Result<(), StoreError> {
        self.rows().check(changes)
    }

    /// Everything, as the changes that make the same of an empty store.
    pub fn all(&self) -> Vec<Change> {
        self.rows().all()
    }

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

    fn all(&self) -> Vec<Change> {
        let projects = self.projects.values().cloned();
        let files = self.files.iter().map(|(job, (project, files))| Change::SetFiles {
            job: job.clone(),
            project: project.clone(),
            files: files.clone(),
        });
        projects
            .map(|project| Change::PutProject(Box::new(project)))
            .chain(
                self.jobs
                    .values()
                    .cloned()
                    .map(|record| Change::PutJob(Box::new(record))),
            )
            .chain(
                self.operations
                    .values()
                    .cloned()
                    .map(|record| Change::PutOperation(Box::new(record))),
            )
            .chain(files)
            .chain(
                self.datasets
                    .values()
                    .cloned()
                    .map(|record| Change::PutDataset(Box::new(record))),
            )
            .chain(self.repeats.values().cloned().map(Change::PutRepeat))
            .chain(
                self.shares
                    .iter()
                    .cloned()
                    .map(|record| Change::PutShare(Box::new(record))),
            )
            .collect()
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
            Change::DeleteJob(id) => {
                if let Some(sequence) = self.sequences.remove(id.as_str()) {
                    self.jobs.remove(&sequence);
                }
                self.files.remove(&id);
                self.shares.retain(|record| record.share.job_id != id.as_str());
            }
            Change::SetFiles { job, project, files } => {
                self.files.insert(job, (project, files));
            }
            Change::PutDataset(record) => {
                self.datasets.insert(record.id.clone(), *record);
            }
            Change::DropDataset(id) => {
                self.datasets.remove(&id);
            }
            Change::PutRepeat(repeat) => {
                self.repeats.insert(repeat.key, repeat);
            }
            Change::PutShare(record) => self.shares.push(*record),
            Change::RevokeShares { shares, at_micros, by } => {
                for record in self.shares.iter_mut().filter(|record| shares.contains(&record.id)) {
                    record.revoked.get_or_insert_with(|| (at_micros, by.clone()));
                }
            }
            Change::CountUses { share, at_micros, uses } => {
                for record in self.shares.iter_mut().filter(|record| record.id == share) {
                    record.used_micros = record.used_micros.max(Some(at_micros));
                    record.uses += uses;
                }
            }
            Change::DropRepeats { before_micros } => {
                self.repeats.retain(|_, repeat| repeat.at_micros >= before_micros);
            }
        }
    }
}

fn matches(record: &JobRecord, query: &JobQuery) -> bool {
    let project = query.project_id.as_ref();
    project.is_none_or(|project| project.as_str() == record.job.project_id)
        && (query.statuses.is_empty() || query.statuses.contains(&record.job.status()))
}

fn is_of(record: &ShareRecord, project: &ProjectId, job: Option<&JobId>) -> bool {
    record.share.project_id == project.as_str() && job.is_none_or(|job| record.share.job_id == job.as_str())
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

    async fn expired(&self, now_s: i64, limit: usize) -> Result<Vec<JobId>, StoreError> {
        let rows = self.rows();
        let expired = rows.jobs.values().map(|record| &record.job).filter(|job| {
            let rests = status::is_final(job.status()) || job.status() == JobStatus::Creating;
            rests && !job.data_cleared && job.data_expires_at.is_some_and(|at| at.seconds < now_s)
        });
        Ok(expired
            .filter_map(|job| JobId::parse(&job.id).ok())
            .take(limit)
            .collect())
    }

    async fn unneeded(&self, project: &ProjectId, mut files: Vec<Sha256>) -> Result<Vec<Sha256>, StoreError> {
        let rows = self.rows();
        let needed: Vec<_> = rows.files.values().filter(|(of, _)| of == project).collect();
        files.retain(|file| !needed.iter().any(|(_, files)| files.contains(file)));
        Ok(files)
    }

    async fn dataset(&self, id: &DatasetId) -> Result<Option<DatasetRecord>, StoreError> {
        Ok(self.rows().datasets.get(id).cloned())
    }

    async fn datasets(&self, project: Option<&ProjectId>) -> Result<Vec<DatasetRecord>, StoreError> {
        let rows = self.rows();
        let known = rows.datasets.values();
        let mut found: Vec<DatasetRecord> = known
            .filter(|dataset| project.is_none_or(|project| dataset.project_id == *project))
            .cloned()
            .collect();
        found.sort_by_key(|dataset| dataset.created_micros);
        Ok(found)
    }

    async fn repeat(&self, key: Sha256) -> Result<Option<Repeat>, StoreError> {
        Ok(self.rows().repeats.get(&key).cloned())
    }

    async fn share(&self, id: &ShareId) -> Result<Option<ShareRecord>, StoreError> {
        Ok(self.rows().shares.iter().find(|record| record.id == *id).cloned())
    }

    async fn shares(
        &self,
        project: &ProjectId,
        job: Option<&JobId>,
        limit: usize,
    ) -> Result<Vec<ShareRecord>, StoreError> {
        let rows = self.rows();
        let newest = rows.shares.iter().rev();
        let matching = newest.filter(|record| is_of(record, project, job));
        Ok(matching.take(limit).cloned().collect())
    }

    async fn good_shares(
        &self,
        project: &ProjectId,
        job: Option<&JobId>,
        now_micros: i64,
        limit: usize,
    ) -> Result<Vec<ShareId>, StoreError> {
        let rows = self.rows();
        let matching = rows.shares.iter().filter(|record| is_of(record, project, job));
        let good = matching.filter(|record| record.is_good(now_micros));
        Ok(good.take(limit).map(|record| record.id.clone()).collect())
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
