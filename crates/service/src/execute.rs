//! `Execute`: a job whose files have arrived begins, once.

use super::{Caller, JobRecord, JobService, OperationRecord, Role, ServiceError, jobs::job_id, queue::Ticket};
use crate::{
    api::{
        any,
        id::{JobId, OperationId, ProjectId},
        jobs::{self, Job, JobParameters, JobStatus},
        operation::Operation,
    },
    job::{service_line::ServiceLine, status::Forbidden, waiting},
};

impl JobService {
    pub(super) async fn execute_job(&self, caller: &Caller, id: &str) -> Result<Operation, ServiceError> {
        let id = job_id(id)?;
        // Asked again it only tells the operation, which is for whoever may see the job.
        let (record, project) = self.placed_job_for(caller, Role::Viewer, &id).await?;
        let operation = match record.execute_operation {
            Some(operation) => operation,
            None => {
                if record.job.status() == JobStatus::Creating {
                    caller.require(Role::Editor, &project)?;
                }
                may_begin(&record.job)?;
                self.have_arrived(&project, &record.job).await?;
                self.begin(caller, &id, project).await?
            }
        };
        self.get_operation(caller, operation.as_str()).await
    }

    /// Refuses while files of the job are still to be sent.
    async fn have_arrived(&self, project: &ProjectId, job: &Job) -> Result<(), ServiceError> {
        let parameters = job.job_parameters.clone().unwrap_or_default();
        let missing = self.missing_files(project, &parameters).await?;
        if missing.is_empty() {
            return Ok(());
        }
        let names: Vec<&str> = missing
            .iter()
            .filter_map(|file| file.desc.as_ref())
            .map(|desc| desc.path.as_str())
            .collect();
        Err(ServiceError::Precondition(format!(
            "files are still to be sent: {}",
            names.join(", ")
        )))
    }

    /// Writes the operation down and starts the job, whose files have arrived: they stay as long as it has its data.
    async fn begin(&self, caller: &Caller, id: &JobId, project: ProjectId) -> Result<OperationId, ServiceError> {
        let (operation, ticket) = self
            .update(id, |row| {
                // Somebody else may have executed it just now.
                if let Some(operation) = &row.record.execute_operation {
                    return Ok((operation.clone(), None));
                }
                may_begin(&row.record.job)?;
                let operation = OperationId::from_random(self.random());
                let ticket = self.enqueue(&mut row.record, &operation);
                row.operation = Some(self.executing(caller, &operation, id, project));
                Ok((operation, ticket))
            })
            .await?;
        if let Some(ticket) = ticket {
            self.run_in_background(id.clone(), ticket);
        }
        Ok(operation)
    }

    /// Puts the job into the queue.
    fn enqueue(&self, record: &mut JobRecord, operation: &OperationId) -> Option<Ticket> {
        record.execute_operation = Some(operation.clone());
        record.waiting_since = Some(self.host.now_micros());
        let chosen = record.job.job_parameters.as_ref();
        let chosen = self
            .capacity
            .choose(chosen.unwrap_or(&JobParameters::default()))
            .map(Into::into);
        record.job.actual_cloud_instance_type = chosen;
        record.job.set_status(JobStatus::Preparing);
        record.job.status_details = waiting::IN_THE_QUEUE.into();
        let mut ticket = self.ticket(record);
        if ticket.as_mut().is_some_and(Ticket::is_called) {
            record.waiting_since = None;
            record.job.status_details = ServiceLine::Preparing.to_string();
        }
        ticket
    }

    fn executing(&self, caller: &Caller, operation: &OperationId, id: &JobId, project: ProjectId) -> OperationRecord {
        let now = self.now();
        OperationRecord {
            operation: Operation {
                id: operation.to_string(),
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
        }
    }
}

/// Refuses a job that can begin no more.
fn may_begin(job: &Job) -> Result<(), ServiceError> {
    if job.data_cleared {
        return Err(ServiceError::Forbidden {
            action: "Execute",
            reason: Forbidden::DataCleared,
        });
    }
    if job.status() != JobStatus::Creating {
        return Err(ServiceError::Precondition(
            "the job was cancelled before it was executed; create it again".into(),
        ));
    }
    Ok(())
}
