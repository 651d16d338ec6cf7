//! `Delete`, `DeleteData` and `DeleteAllData`: the record and the files of a job go, and what other jobs need stays.

use super::{
    Caller, Change, JobQuery, JobRecord, JobService, OperationRecord, Role, ServiceError,
    caller::unknown_project,
    files,
    jobs::{JobRow, job_id},
    operations::{done, frozen},
    repeat::Once,
};
use crate::{
    api::{
        any,
        id::{JobId, OperationId, ProjectId},
        jobs::{
            DeleteAllProjectJobDataMetadata, DeleteAllProjectJobDataResponse, DeleteProjectJobDataMetadata,
            DeleteProjectJobDataResponse, DeleteProjectJobMetadata, Job, JobStatus,
        },
        operation::Operation,
        sha256::Sha256,
    },
    job::status,
};

/// Jobs cleared in one commit.
const CLEARED_AT_ONCE: usize = 200;

impl JobService {
    pub(super) async fn delete_job(
        &self,
        caller: &Caller,
        once: Option<Once>,
        id: &str,
    ) -> Result<Operation, ServiceError> {
        let _ledger = self.inner.ledger.lock().await;
        if let Some(answered) = self.answered(caller, once).await? {
            return Ok(answered);
        }
        let id = job_id(id)?;
        let active = self.inner.active.get(&id);
        let _alone = active.lock.lock().await;
        let (record, project) = self.placed_job_for(caller, Role::Editor, &id).await?;
        status::may_delete(record.job.status()).map_err(|reason| ServiceError::Forbidden {
            action: "Delete",
            reason,
        })?;
        let metadata = DeleteProjectJobMetadata { job_id: id.to_string() };
        let operation_id = OperationId::from_random(self.random());
        let operation = done(
            &operation_id,
            caller,
            self.now(),
            "Delete a job",
            any::pack(&metadata),
            any::pack(&()),
        );
        let mut changes = vec![
            Change::DeleteJob(id.clone()),
            self.acts_on(&operation, &project, Some(&id)),
        ];
        changes.extend(once.map(|once| once.done(operation_id, self.host.now_micros())));
        if let Some(executed) = &record.execute_operation
            && let Some(executed) = self.store.operation(executed).await?
        {
            changes.push(Change::PutOperation(Box::new(frozen(executed, &record))));
        }
        let held = contents(&record);
        self.store.commit(changes).await?;
        active.ended.notify(usize::MAX);
        self.drop_contents(&project, held).await;
        self.drop_log(&id).await;
        self.let_go(&id).await;
        Ok(operation)
    }

    pub(super) async fn delete_data(
        &self,
        caller: &Caller,
        once: Option<Once>,
        id: &str,
    ) -> Result<Operation, ServiceError> {
        let _ledger = self.inner.ledger.lock().await;
        if let Some(answered) = self.answered(caller, once).await? {
            return Ok(answered);
        }
        let id = job_id(id)?;
        let (_, project) = self.placed_job_for(caller, Role::Editor, &id).await?;
        let metadata = DeleteProjectJobDataMetadata { job_id: id.to_string() };
        let operation_id = OperationId::from_random(self.random());
        let operation = done(
            &operation_id,
            caller,
            self.now(),
            "Delete the data of a job",
            any::pack(&metadata),
            any::pack(&DeleteProjectJobDataResponse {}),
        );
        let mut changes = vec![self.acts_on(&operation, &project, Some(&id))];
        changes.extend(once.map(|once| once.done(operation_id, self.host.now_micros())));
        let held = self
            .update(&id, |row| {
                status::may_delete(row.record.job.status()).map_err(|reason| ServiceError::Forbidden {
                    action: "DeleteData",
                    reason,
                })?;
                row.more.extend(changes);
                Ok(clear(&id, &project, row))
            })
            .await?;
        self.drop_data(&project, held, &[id]).await;
        Ok(operation)
    }

    pub(super) async fn delete_all_data(
        &self,
        caller: &Caller,
        once: Option<Once>,
        project: &str,
    ) -> Result<Operation, ServiceError> {
        let project = self.project_id(project)?;
        caller.require(Role::Admin, &project)?;
        let _ledger = self.inner.ledger.lock().await;
        if let Some(answered) = self.answered(caller, once).await? {
            return Ok(answered);
        }
        if self.store.project(&project).await?.is_none() {
            return Err(unknown_project(project.as_str()));
        }
        self.refuse_while_jobs_run(&project).await?;
        let mut query = JobQuery {
            project_id: Some(project.clone()),
            statuses: Vec::new(),
            before: None,
            limit: CLEARED_AT_ONCE,
        };
        loop {
            let page = self.store.jobs(&query).await?;
            query.before = page.last().map(|record| record.sequence);
            let is_last = page.len() < CLEARED_AT_ONCE;
            let rows = page.iter().filter(|record| !record.job.data_cleared);
            let ids: Vec<JobId> = rows.filter_map(|record| JobId::parse(&record.job.id).ok()).collect();
            let rests = |job: &Job| status::may_delete(job.status()).is_ok();
            self.clear(&project, &ids, rests).await?;
            if is_last {
                break;
            }
        }
        let metadata = DeleteAllProjectJobDataMetadata {
            project_id: project.to_string(),
        };
        let operation_id = OperationId::from_random(self.random());
        let operation = done(
            &operation_id,
            caller,
            self.now(),
            "Delete the data of all jobs of a project",
            any::pack(&metadata),
            any::pack(&DeleteAllProjectJobDataResponse {}),
        );
        let mut changes = vec![self.acts_on(&operation, &project, None)];
        changes.extend(once.map(|once| once.done(operation_id, self.host.now_micros())));
        self.store.commit(changes).await?;
        Ok(operation)
    }

    async fn refuse_while_jobs_run(&self, project: &ProjectId) -> Result<(), ServiceError> {
        let running = JobQuery {
            project_id: Some(project.clone()),
            statuses: vec![
                JobStatus::Preparing,
                JobStatus::Executing,
                JobStatus::UploadingOutput,
                JobStatus::Cancelling,
            ],
            before: None,
            limit: 1,
        };
        match self.store.jobs(&running).await?.first() {
            Some(record) => Err(ServiceError::Precondition(format!(
                "jobs of the project are running, {} among them: wait for their end, or cancel them",
                record.job.id
            ))),
            None => Ok(()),
        }
    }

    /// Drops the data of those of `ids`, jobs of one project, of which `may_go` says so when nobody else changes them;
    /// the number of these. The caller holds the ledger.
    pub(super) async fn clear(
        &self,
        project: &ProjectId,
        ids: &[JobId],
        may_go: impl Fn(&Job) -> bool + Send + Sync,
    ) -> Result<usize, ServiceError> {
        let mut held = Vec::new();
        let mut cleared = Vec::new();
        self.update_all(ids, |id, row| {
            let goes = may_go(&row.record.job);
            if goes {
                held.extend(clear(id, project, row));
                cleared.push(id.clone());
            }
            goes
        })
        .await?;
        self.drop_data(project, held, &cleared).await;
        Ok(cleared.len())
    }

    /// Removes the contents and the logs of jobs whose rows need them no more.
    async fn drop_data(&self, project: &ProjectId, held: Vec<Sha256>, ids: &[JobId]) {
        self.drop_contents(project, held).await;
        for id in ids {
            self.drop_log(id).await;
            self.let_go(id).await;
        }
    }

    /// Removes what no job needs any more. What cannot be removed now is found by the next sweep.
    pub(super) async fn drop_contents(&self, project: &ProjectId, mut contents: Vec<Sha256>) {
        contents.sort_unstable();
        contents.dedup();
        let unneeded = match self.store.unneeded(project, contents).await {
            Ok(unneeded) => unneeded,
            Err(error) => return self.host.warn(&format!("files are kept for the next sweep: {error}")),
        };
        for sha256 in unneeded {
            if let Err(error) = self.blobs.remove(project, sha256).await {
                self.host
                    .warn(&format!("the file {sha256} is kept for the next sweep: {error}"));
            }
        }
    }

    pub(super) async fn drop_log(&self, id: &JobId) {
        if let Err(error) = self.logs.remove(id).await {
            self.host
                .warn(&format!("the log of {id} is kept for the next sweep: {error}"));
        }
    }

    fn acts_on(&self, operation: &Operation, project: &ProjectId, job: Option<&JobId>) -> Change {
        Change::PutOperation(Box::new(OperationRecord {
            operation: operation.clone(),
            project_id: project.clone(),
            job_id: job.cloned(),
        }))
    }
}

/// Lets a job need no files any more; what it needed.
fn clear(id: &JobId, project: &ProjectId, row: &mut JobRow) -> Vec<Sha256> {
    let held = contents(&row.record);
    let job = &mut row.record.job;
    job.data_cleared = true;
    job.data_size_bytes = 0;
    row.more.push(files::needed(id, project, &row.record.job));
    held
}

fn contents(record: &JobRecord) -> Vec<Sha256> {
    files::all(&record.job)
        .filter_map(|file| Sha256::parse(&file.sha256).ok())
        .collect()
}
