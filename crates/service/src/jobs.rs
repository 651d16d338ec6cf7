//! Reading and changing the rows of jobs: `Get`, `List`, and the one way a job's row is changed.

use std::sync::Arc;

use super::{
    Caller, Change, JobQuery, JobRecord, JobService, OperationRecord, Role, ServiceError, active::ActiveJob, bounds,
    filter, page::Page,
};
use crate::{
    api::{
        id::{JobId, ProjectId},
        jobs::{self, Job},
    },
    job::{limits, status},
};

/// Rows of the first look into the store: a page may be full long before its number of jobs is reached.
const READ_FIRST: usize = 20;

/// A job's rows while they are changed.
pub(super) struct JobRow {
    pub(super) record: JobRecord,
    /// The operation of `Execute`, once it was called.
    pub(super) operation: Option<OperationRecord>,
    /// What is written with them.
    pub(super) more: Vec<Change>,
}

impl JobRow {
    /// What is written of it.
    fn into_changes(self, service: &JobService) -> Vec<Change> {
        let mut changes = self.more;
        changes.push(Change::PutJob(Box::new(self.record)));
        if let Some(mut operation) = self.operation {
            operation.operation.modified_at = Some(service.now());
            changes.push(Change::PutOperation(Box::new(operation)));
        }
        changes
    }
}

impl JobService {
    pub(super) async fn get_job(&self, caller: &Caller, id: &str) -> Result<Job, ServiceError> {
        let record = self.job_for(caller, Role::Viewer, &job_id(id)?).await?;
        Ok(self.shown(record))
    }

    /// The job as callers see it, with its place in the queue.
    fn shown(&self, record: JobRecord) -> Job {
        self.in_place(record).job.into_shown()
    }

    /// The job, for a caller who has `role` in its project. To who has none there, it does not exist.
    pub(super) async fn job_for(&self, caller: &Caller, role: Role, id: &JobId) -> Result<JobRecord, ServiceError> {
        let (record, _) = self.placed_job_for(caller, role, id).await?;
        Ok(record)
    }

    /// The job and its project, as [`JobService::job_for`].
    pub(super) async fn placed_job_for(
        &self,
        caller: &Caller,
        role: Role,
        id: &JobId,
    ) -> Result<(JobRecord, ProjectId), ServiceError> {
        let record = self.record(id).await?;
        let unknown = || unknown_job(id.as_str());
        let project = self.permitted(caller, role, &record.job.project_id, unknown)?;
        Ok((record, project))
    }

    pub(super) async fn list_jobs(
        &self,
        caller: &Caller,
        request: jobs::ListProjectJobRequest,
    ) -> Result<jobs::ListProjectJobResponse, ServiceError> {
        let project_id = self.project_id(&request.project_id)?;
        caller.require(Role::Viewer, &project_id)?;
        let limit = page_size(request.page_size)?;
        let mut query = JobQuery {
            project_id: Some(project_id),
            statuses: filter::statuses(&request.filter)?,
            before: page_token(&request.page_token)?,
            limit: READ_FIRST.min(limit + 1),
        };
        let mut page = Page::new(limit);
        let mut last = String::new();
        loop {
            let records = self.store.jobs(&query).await?;
            let is_end = records.len() < query.limit;
            for record in records {
                let sequence = record.sequence;
                if !page.add(self.shown(record)) {
                    let (jobs, next_page_token) = (page.into_entries(), last);
                    return Ok(jobs::ListProjectJobResponse { jobs, next_page_token });
                }
                last = sequence.to_string();
                query.before = Some(sequence);
            }
            query.limit = page.likely();
            if is_end {
                let (jobs, next_page_token) = (page.into_entries(), String::new());
                return Ok(jobs::ListProjectJobResponse { jobs, next_page_token });
            }
        }
    }

    pub(super) async fn record(&self, id: &JobId) -> Result<JobRecord, ServiceError> {
        self.store.job(id).await?.ok_or_else(|| unknown_job(id.as_str()))
    }

    /// Reads the job, lets `change` alter it, and writes it with its operation; alone with this job meanwhile.
    /// `change` may alter the operation of `Execute` too, or bring it where there was none. A caller that needs the
    /// ledger takes it before.
    pub(super) async fn update<T>(
        &self,
        id: &JobId,
        change: impl FnOnce(&mut JobRow) -> Result<T, ServiceError> + Send,
    ) -> Result<T, ServiceError> {
        let active = self.inner.active.get(id);
        let _alone = active.lock.lock().await;
        let mut row = self.row(self.record(id).await?).await?;
        let result = change(&mut row)?;
        let ended = status::is_final(row.record.job.status());
        self.store.commit(row.into_changes(self)).await?;
        if ended {
            active.ended.notify(usize::MAX);
        }
        Ok(result)
    }

    /// As [`JobService::update`], of several jobs that do not run, in one commit. Those that are gone, and those of which
    /// `change` says false, stay as they are. The caller holds the ledger, so that nobody else takes several locks.
    pub(super) async fn update_all(
        &self,
        ids: &[JobId],
        mut change: impl FnMut(&JobId, &mut JobRow) -> bool + Send,
    ) -> Result<(), ServiceError> {
        let active: Vec<Arc<ActiveJob>> = ids.iter().map(|id| self.inner.active.get(id)).collect();
        let mut alone = Vec::with_capacity(ids.len());
        let mut changes = Vec::new();
        for (id, active) in ids.iter().zip(&active) {
            alone.push(active.lock.lock().await);
            let Some(record) = self.store.job(id).await? else {
                continue;
            };
            let mut row = self.row(record).await?;
            if change(id, &mut row) {
                changes.extend(row.into_changes(self));
            }
        }
        Ok(self.store.commit(changes).await?)
    }

    /// The job's rows, for whoever holds its lock.
    async fn row(&self, record: JobRecord) -> Result<JobRow, ServiceError> {
        let operation = match &record.execute_operation {
            Some(operation) => self.store.operation(operation).await?,
            None => None,
        };
        Ok(JobRow {
            record,
            operation,
            more: Vec::new(),
        })
    }

    pub(super) fn project_id(&self, id: &str) -> Result<ProjectId, ServiceError> {
        ProjectId::parse(id).map_err(|error| ServiceError::Field {
            field: "project_id",
            problem: format!("is not an id: {error}"),
        })
    }
}

/// Reads `job_id` of a request; a text that cannot be an id is the id of no job.
pub(super) fn job_id(id: &str) -> Result<JobId, ServiceError> {
    named_job("job_id", id)
}

/// Reads the id of a job from `field`.
pub(super) fn named_job(field: &'static str, id: &str) -> Result<JobId, ServiceError> {
    if id.is_empty() {
        return Err(ServiceError::Field {
            field,
            problem: "must not be empty".into(),
        });
    }
    JobId::parse(id).map_err(|_| unknown_job(id))
}

fn unknown_job(id: &str) -> ServiceError {
    ServiceError::NotFound {
        kind: "job",
        id: id.to_owned(),
    }
}

/// The number of entries asked for; 0 means the default.
pub(super) fn page_size(size: i64) -> Result<usize, ServiceError> {
    match usize::try_from(size) {
        Ok(0) => Ok(limits::DEFAULT_PAGE_SIZE),
        Ok(size) if size <= limits::MAX_PAGE_SIZE => Ok(size),
        _ => Err(ServiceError::Field {
            field: "page_size",
            problem: format!("must be 0 to {}", limits::MAX_PAGE_SIZE),
        }),
    }
}

fn page_token(token: &str) -> Result<Option<i64>, ServiceError> {
    if token.is_empty() {
        return Ok(None);
    }
    bounds::text("page_token", token, limits::MAX_PAGE_TOKEN_BYTES)?;
    token.parse().map(Some).map_err(|_| ServiceError::Field {
        field: "page_token",
        problem: "is not one that `List` has answered".into(),
    })
}
