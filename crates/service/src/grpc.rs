//! The generated service traits, answered by [`JobService`].

use std::time::Duration;

use futures::{StreamExt, stream::BoxStream};
use tonic::{Request, Response, Status, async_trait};

use super::{
    Caller, JobService, ServiceError, jobs::job_id, joined::joined, read_logs::LogAnswers, read_to_end::ended,
    repeat::Once, std_logs::std_only,
};
use crate::api::{
    jobs::{self, project_job_service_server::ProjectJobService},
    operation::{self, Operation, operation_service_server::OperationService},
    project::{self, project_service_server::ProjectService},
};

/// What a command prints within this time is one message for a program.
const AT_ONCE: Duration = Duration::from_millis(50);

pub(super) type Answer<T> = Result<Response<T>, Status>;

pub(super) fn answer<T>(result: Result<T, ServiceError>) -> Answer<T> {
    Ok(Response::new(result?))
}

/// The answer as a stream of the wire.
pub(super) fn stream<T: Send + 'static>(
    items: BoxStream<'static, Result<T, ServiceError>>,
) -> Answer<BoxStream<'static, Result<T, Status>>> {
    Ok(Response::new(items.map(|item| item.map_err(Status::from)).boxed()))
}

/// The caller that the host has put into the request.
pub(super) fn caller<T>(request: &Request<T>) -> Result<Caller, Status> {
    request
        .extensions()
        .get()
        .cloned()
        .ok_or_else(|| Status::unauthenticated("the caller is not known"))
}

/// Whether a page asks, which goes on when its job has ended, and reads the log as long as it likes.
fn is_from_page<T>(request: &Request<T>) -> bool {
    request.metadata().contains_key("x-grpc-web")
}

impl JobService {
    async fn log_for(
        &self,
        caller: &Caller,
        from_page: bool,
        asked: jobs::ReadProjectJobLogsRequest,
    ) -> Result<LogAnswers, ServiceError> {
        let id = job_id(&asked.job_id)?;
        let answers = self.read_logs(caller, asked).await?;
        if from_page {
            return Ok(answers);
        }
        let host = self.host.clone();
        Ok(self.waited_for(caller, &id, joined(answers, move || host.sleep(AT_ONCE))))
    }
}

#[async_trait]
impl ProjectJobService for JobService {
    async fn create(&self, request: Request<jobs::CreateProjectJobRequest>) -> Answer<Operation> {
        let caller = caller(&request)?;
        let once = Once::read(&request, &caller, "Create")?;
        answer(self.create_job(&caller, once, request.into_inner()).await)
    }

    async fn clone(&self, request: Request<jobs::CloneProjectJobRequest>) -> Answer<Operation> {
        let caller = caller(&request)?;
        let once = Once::read(&request, &caller, "Clone")?;
        answer(self.clone_job(&caller, once, request.into_inner()).await)
    }

    async fn execute(&self, request: Request<jobs::ExecuteProjectJobRequest>) -> Answer<Operation> {
        let caller = caller(&request)?;
        answer(self.execute_job(&caller, &request.into_inner().job_id).await)
    }

    async fn cancel(&self, request: Request<jobs::CancelProjectJobRequest>) -> Answer<()> {
        let caller = caller(&request)?;
        answer(self.cancel_job(&caller, request.into_inner()).await)
    }

    type ReadStdLogsStream = BoxStream<'static, Result<jobs::ReadProjectJobStdLogsResponse, Status>>;

    async fn read_std_logs(
        &self,
        request: Request<jobs::ReadProjectJobStdLogsRequest>,
    ) -> Answer<Self::ReadStdLogsStream> {
        let (caller, from_page) = (caller(&request)?, is_from_page(&request));
        let jobs::ReadProjectJobStdLogsRequest { job_id, offset } = request.into_inner();
        let asked = jobs::ReadProjectJobLogsRequest { job_id, offset };
        stream(std_only(self.log_for(&caller, from_page, asked).await?))
    }

    type ReadLogsStream = BoxStream<'static, Result<jobs::ReadProjectJobLogsResponse, Status>>;

    async fn read_logs(&self, request: Request<jobs::ReadProjectJobLogsRequest>) -> Answer<Self::ReadLogsStream> {
        let (caller, from_page) = (caller(&request)?, is_from_page(&request));
        stream(self.log_for(&caller, from_page, request.into_inner()).await?)
    }

    async fn download_job_files(
        &self,
        request: Request<jobs::DownloadProjectJobFilesRequest>,
    ) -> Answer<jobs::DownloadProjectJobFilesResponse> {
        let caller = caller(&request)?;
        answer(self.download_files(&caller, request.into_inner()).await)
    }

    async fn list(&self, request: Request<jobs::ListProjectJobRequest>) -> Answer<jobs::ListProjectJobResponse> {
        let caller = caller(&request)?;
        answer(self.list_jobs(&caller, request.into_inner()).await)
    }

    async fn get(&self, request: Request<jobs::GetProjectJobRequest>) -> Answer<jobs::Job> {
        let caller = caller(&request)?;
        answer(self.get_job(&caller, &request.into_inner().job_id).await)
    }

    async fn delete(&self, request: Request<jobs::DeleteProjectJobRequest>) -> Answer<Operation> {
        let caller = caller(&request)?;
        let once = Once::read(&request, &caller, "Delete")?;
        answer(self.delete_job(&caller, once, &request.into_inner().job_id).await)
    }

    async fn delete_data(&self, request: Request<jobs::DeleteProjectJobDataRequest>) -> Answer<Operation> {
        let caller = caller(&request)?;
        let once = Once::read(&request, &caller, "DeleteData")?;
        answer(JobService::delete_data(self, &caller, once, &request.into_inner().job_id).await)
    }

    async fn delete_all_data(&self, request: Request<jobs::DeleteAllProjectJobDataRequest>) -> Answer<Operation> {
        let caller = caller(&request)?;
        let once = Once::read(&request, &caller, "DeleteAllData")?;
        answer(JobService::delete_all_data(self, &caller, once, &request.into_inner().project_id).await)
    }

    async fn set_data_ttl(
        &self,
        request: Request<jobs::SetProjectJobDataTtlRequest>,
    ) -> Answer<jobs::SetProjectJobDataTtlResponse> {
        let caller = caller(&request)?;
        JobService::set_data_ttl(self, &caller, request.into_inner()).await?;
        answer(Ok(jobs::SetProjectJobDataTtlResponse {}))
    }
}

#[async_trait]
impl OperationService for JobService {
    async fn get(&self, request: Request<operation::GetOperationRequest>) -> Answer<Operation> {
        let (caller, from_page) = (caller(&request)?, is_from_page(&request));
        let id = request.into_inner().operation_id;
        let found = self.get_operation(&caller, &id).await?;
        match ended(&found).filter(|end| !from_page && self.is_read(&caller, end)) {
            None => answer(Ok(found)),
            Some(end) => {
                // An answer may be large, and waiting may take a while.
                drop(found);
                self.log_read(&caller, end).await;
                answer(self.get_operation(&caller, &id).await)
            }
        }
    }

    async fn cancel(&self, request: Request<operation::CancelOperationRequest>) -> Answer<Operation> {
        let caller = caller(&request)?;
        answer(self.cancel_operation(&caller, &request.into_inner().operation_id).await)
    }
}

#[async_trait]
impl ProjectService for JobService {
    async fn get(&self, request: Request<project::GetProjectRequest>) -> Answer<project::Project> {
        let caller = caller(&request)?;
        answer(self.get_project(&caller, &request.into_inner().project_id).await)
    }

    async fn list(&self, request: Request<project::ListProjectsRequest>) -> Answer<project::ListProjectsResponse> {
        let caller = caller(&request)?;
        answer(self.list_projects(&caller, request.into_inner()).await)
    }
}
