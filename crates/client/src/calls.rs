//! The service's methods, each with a time limit where the answer is short.

use std::pin::pin;

use futures::future::{Either, select};
use tonic::{Code, Streaming};

use super::{CallError, Clock, Transport};
use crate::api::{
    jobs::{
        self, CloneProjectJobRequest, CreateProjectJobRequest, File, Job, ListProjectJobResponse,
        ReadProjectJobLogsResponse, StorageFile, project_job_service_client::ProjectJobServiceClient,
    },
    operation::{GetOperationRequest, Operation, operation_service_client::OperationServiceClient},
};

/// A call whose answer is one message and that takes longer than this has failed.
const CALL_LIMIT_MS: u32 = 30_000;

/// A request that makes one job however often it is sent.
fn once<T>(request: T, key: &str) -> tonic::Request<T> {
    let mut request = tonic::Request::new(request);
    if let Ok(key) = key.parse() {
        request.metadata_mut().insert("idempotency-key", key);
    }
    request
}

/// The answer of `call`, if it comes in time.
pub(super) async fn limited<R>(
    clock: &impl Clock,
    call: impl Future<Output = Result<tonic::Response<R>, tonic::Status>>,
) -> Result<R, CallError> {
    within(clock, CALL_LIMIT_MS, call).await
}

async fn within<R>(
    clock: &impl Clock,
    limit_ms: u32,
    call: impl Future<Output = Result<tonic::Response<R>, tonic::Status>>,
) -> Result<R, CallError> {
    match select(pin!(call), pin!(clock.sleep(limit_ms))).await {
        Either::Left((answer, _)) => Ok(answer?.into_inner()),
        Either::Right(_) => Err(CallError::new(
            Code::DeadlineExceeded,
            format!("no answer within {} seconds", limit_ms / 1000),
        )),
    }
}

/// The project's client of the job service.
#[derive(Debug, Clone)]
pub struct Client<T, C> {
    pub(super) transport: T,
    clock: C,
}

impl<T: Transport, C: Clock> Client<T, C> {
    /// A client that calls through `transport`.
    pub fn new(transport: T, clock: C) -> Self {
        Self { transport, clock }
    }

    /// The clock the client waits by.
    pub fn clock(&self) -> &C {
        &self.clock
    }

    pub(super) fn transport(&self) -> &T {
        &self.transport
    }

    pub(super) fn jobs(&self) -> ProjectJobServiceClient<T> {
        ProjectJobServiceClient::new(self.transport.clone())
    }

    pub(super) async fn limited<R>(
        &self,
        call: impl Future<Output = Result<tonic::Response<R>, tonic::Status>>,
    ) -> Result<R, CallError> {
        self.within(CALL_LIMIT_MS, call).await
    }

    pub(super) async fn within<R>(
        &self,
        limit_ms: u32,
        call: impl Future<Output = Result<tonic::Response<R>, tonic::Status>>,
    ) -> Result<R, CallError> {
        within(&self.clock, limit_ms, call).await
    }

    /// `Create`: the operation that makes the job's record. The same request with the same `key` again is the same job,
    /// for a service that honours `Idempotency-Key`.
    ///
    /// # Errors
    /// [`CallError`], with the refused fields when the request breaks a rule.
    pub async fn create(&self, request: CreateProjectJobRequest, key: &str) -> Result<Operation, CallError> {
        self.limited(self.jobs().create(once(request, key))).await
    }

    /// `Clone`: the operation that makes a copy of a job, with changes. With the same `key` it is the same job.
    ///
    /// # Errors
    /// [`CallError`], FAILED_PRECONDITION when the source's files are gone.
    pub async fn clone_job(&self, request: CloneProjectJobRequest, key: &str) -> Result<Operation, CallError> {
        let mut jobs = self.jobs();
        self.limited(ProjectJobServiceClient::clone(&mut jobs, once(request, key)))
            .await
    }

    /// `Execute`: starts the job; on a started one, the operation in progress or finished.
    ///
    /// # Errors
    /// [`CallError`], FAILED_PRECONDITION while uploads are missing.
    pub async fn execute(&self, job_id: &str) -> Result<Operation, CallError> {
        let job_id = job_id.to_owned();
        self.limited(self.jobs().execute(jobs::ExecuteProjectJobRequest { job_id }))
            .await
    }

    /// The operation as it is now.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn operation(&self, operation_id: &str) -> Result<Operation, CallError> {
        let operation_id = operation_id.to_owned();
        let mut operations = OperationServiceClient::new(self.transport.clone());
        self.limited(operations.get(GetOperationRequest { operation_id })).await
    }

    /// The job as it is now.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn job(&self, job_id: &str) -> Result<Job, CallError> {
        let job_id = job_id.to_owned();
        self.limited(self.jobs().get(jobs::GetProjectJobRequest { job_id }))
            .await
    }

    /// A page of a project's jobs, newest first; an empty `page_token` asks for the first page.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn list(
        &self,
        project_id: &str,
        page_size: i64,
        page_token: &str,
    ) -> Result<ListProjectJobResponse, CallError> {
        let request = jobs::ListProjectJobRequest {
            project_id: project_id.to_owned(),
            page_size,
            page_token: page_token.to_owned(),
            filter: String::new(),
        };
        self.limited(self.jobs().list(request)).await
    }

    /// Asks the service to stop the job: at once, or `graceful`ly as the job's parameters say. Where the job is being
    /// cancelled already, it can be killed so.
    ///
    /// # Errors
    /// [`CallError`], FAILED_PRECONDITION when the job has ended.
    pub async fn cancel(&self, job_id: &str, reason: &str, graceful: bool) -> Result<(), CallError> {
        let request = jobs::CancelProjectJobRequest {
            job_id: job_id.to_owned(),
            reason: reason.to_owned(),
            graceful,
        };
        self.limited(self.jobs().cancel(request)).await.map(|_| ())
    }

    /// `Delete`: removes a job that does not run.
    ///
    /// # Errors
    /// [`CallError`], FAILED_PRECONDITION for one that runs.
    pub async fn delete(&self, job_id: &str) -> Result<(), CallError> {
        let request = jobs::DeleteProjectJobRequest {
            job_id: job_id.to_owned(),
        };
        self.limited(self.jobs().delete(request)).await.map(|_| ())
    }

    /// Fresh addresses of `files` of the job.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn download_urls(&self, job_id: &str, files: Vec<File>) -> Result<Vec<StorageFile>, CallError> {
        let request = jobs::DownloadProjectJobFilesRequest {
            job_id: job_id.to_owned(),
            files,
        };
        let answer = self.limited(self.jobs().download_job_files(request)).await?;
        Ok(answer.download_files)
    }

    /// Opens the log at `offset`, with no limit for the time that takes. Dropping the stream ends the call.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn read_logs(
        &self,
        job_id: &str,
        offset: i64,
    ) -> Result<Streaming<ReadProjectJobLogsResponse>, CallError> {
        let job_id = job_id.to_owned();
        let request = jobs::ReadProjectJobLogsRequest { job_id, offset };
        Ok(self.jobs().read_logs(request).await?.into_inner())
    }
}
