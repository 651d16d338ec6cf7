//! `Execute`: a job whose files have arrived begins, once.

use super::{
    Caller, Change, JobRecord, JobService, OperationRecord, Role, ServiceError, jobs::job_id, queue::Ticket,
    run::PREPARING,
};
use crate::{
    api::{
        any,
        id::{JobId, OperationId},
        jobs::{self, JobStatus},
        operation::Operation,
    },
    job::{status::Forbidden, waiting},
};

impl JobService {
    pub(super) async fn execute_job(&self, caller: &Caller, id: &str) -> Result<Operation, ServiceError> {
        let id = job_id(id)?;
        let operation = {
            let active = self.inner.active.get(&id);
            let _alone = active.lock.lock().await;
            // Asked again it only tells the operation, which is for whoever may see the job.
            let record = self.job_for(caller, Role::Viewer, &id).await?;
            match &record.execute_operation {
                Some(operation) => operation.clone(),
                None => {
                    if record.job.status() == JobStatus::Creating {
                        caller.require(Role::Editor, &self.project_id(&record.job.project_id)?)?;
                    }
                    self.begin(caller, &id, record).await?
                }
            }
        };
        self.get_operation(caller, operation.as_str()).await
    }

    /// Writes the operation down and starts the job. The caller holds the job's lock.
    async fn begin(&self, caller: &Caller, id: &JobId, mut record: JobRecord) -> Result<OperationId, ServiceError> {
        if record.job.data_cleared {
            return Err(ServiceError::Forbidden {
                action: "Execute",
                reason: Forbidden::DataCleared,
            });
        }
        if record.job.status() != JobStatus::Creating {
            return Err(ServiceError::Precondition(
                "the job was cancelled before it was executed; create it again".into(),
            ));
        }
        let project = self.project_id(&record.job.project_id)?;
        let parameters = record.job.job_parameters.clone().unwrap_or_default();
        let missing = self.missing_files(&project, &parameters).await?;
        if !missing.is_empty() {
            let names: Vec<&str> = missing
                .iter()
                .filter_map(|file| file.desc.as_ref())
                .map(|desc| desc.path.as_str())
                .collect();
            return Err(ServiceError::Precondition(format!(
                "files are still to be sent: {}",
                names.join(", ")
            )));
        }
        let now = self.now();
        let operation_id = OperationId::from_random(self.random());
        record.execute_operation = Some(operation_id.clone());
        record.waiting_since = Some(self.host.now_micros());
        record.job.set_status(JobStatus::Preparing);
        record.job.status_details = waiting::IN_THE_QUEUE.into();
        record.job.actual_cloud_instance_type = self.capacity.choose(&parameters).map(Into::into);
        let mut ticket = self.ticket(&record);
        if ticket.as_mut().is_some_and(Ticket::is_called) {
            record.waiting_since = None;
            record.job.status_details = PREPARING.into();
        }
        let operation = OperationRecord {
            operation: Operation {
                id: operation_id.to_string(),
                description: "Execute a job".into(),
                created_at: Some(now),
                created_by: caller.id.clone(),
                modified_at: Some(now),
                done: false,
                metadata: Some(any::pack(&jobs::ExecuteProjectJobMetadata::default())),
                result: None,
            },
            project_id: project,
            job_id: Some(id.clone()),
        };
        self.store
            .commit(vec![
                Change::PutJob(Box::new(record)),
                Change::PutOperation(Box::new(operation)),
            ])
            .await?;
        if let Some(ticket) = ticket {
            self.run_in_background(id.clone(), ticket);
        }
        Ok(operation_id)
    }
}
