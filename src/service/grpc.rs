//! The generated service traits, answered by [`JobService`].

use futures::{StreamExt, stream::BoxStream};
use tonic::{Request, Response, Status, async_trait};

use super::{Caller, JobService, ServiceError};
use crate::api::{
    iam,
    jobs::{self, project_job_service_server::ProjectJobService},
    operation::{self, operation_service_server::OperationService},
    project::{self, project_service_server::ProjectService},
};

type Answer<T> = Result<Response<T>, Status>;

fn answer<T>(result: Result<T, ServiceError>) -> Answer<T> {
    Ok(Response::new(result?))
}

fn unimplemented<T>(method: &'static str) -> Answer<T> {
    Err(ServiceError::Unimplemented(method).into())
}

/// The caller that the host has put into the request.
fn caller<T>(request: &Request<T>) -> Result<Caller, Status> {
    request
        .extensions()
        .get()
        .cloned()
        .ok_or_else(|| Status::unauthenticated("the caller is not known"))
}

#[async_trait]
impl ProjectJobService for JobService {
    async fn create(&self, request: Request<jobs::CreateProjectJobRequest>) -> Answer<operation::Operation> {
        let caller = caller(&request)?;
        answer(self.create_job(&caller, request.into_inner()).await)
    }

    async fn clone(&self, _: Request<jobs::CloneProjectJobRequest>) -> Answer<operation::Operation> {
        unimplemented("ProjectJobService.Clone")
    }

    async fn execute(&self, request: Request<jobs::ExecuteProjectJobRequest>) -> Answer<operation::Operation> {
        let caller = caller(&request)?;
        answer(self.execute_job(&caller, &request.into_inner().job_id).await)
    }

    async fn cancel(&self, request: Request<jobs::CancelProjectJobRequest>) -> Answer<()> {
        answer(self.cancel_job(request.into_inner()).await)
    }

    type ReadStdLogsStream = BoxStream<'static, Result<jobs::ReadProjectJobStdLogsResponse, Status>>;

    async fn read_std_logs(&self, _: Request<jobs::ReadProjectJobStdLogsRequest>) -> Answer<Self::ReadStdLogsStream> {
        unimplemented("ProjectJobService.ReadStdLogs; use ReadLogs")
    }

    type ReadLogsStream = BoxStream<'static, Result<jobs::ReadProjectJobLogsResponse, Status>>;

    async fn read_logs(&self, request: Request<jobs::ReadProjectJobLogsRequest>) -> Answer<Self::ReadLogsStream> {
        let stream = JobService::read_logs(self, request.into_inner()).await?;
        Ok(Response::new(stream.map(|item| item.map_err(Status::from)).boxed()))
    }

    async fn download_job_files(
        &self,
        request: Request<jobs::DownloadProjectJobFilesRequest>,
    ) -> Answer<jobs::DownloadProjectJobFilesResponse> {
        let caller = caller(&request)?;
        answer(self.download_files(&caller, request.into_inner()).await)
    }

    async fn list(&self, request: Request<jobs::ListProjectJobRequest>) -> Answer<jobs::ListProjectJobResponse> {
        answer(self.list_jobs(request.into_inner()).await)
    }

    async fn get(&self, request: Request<jobs::GetProjectJobRequest>) -> Answer<jobs::Job> {
        answer(self.get_job(&request.into_inner().job_id).await)
    }

    async fn delete(&self, _: Request<jobs::DeleteProjectJobRequest>) -> Answer<operation::Operation> {
        unimplemented("ProjectJobService.Delete")
    }

    async fn delete_data(&self, _: Request<jobs::DeleteProjectJobDataRequest>) -> Answer<operation::Operation> {
        unimplemented("ProjectJobService.DeleteData")
    }

    async fn delete_all_data(&self, _: Request<jobs::DeleteAllProjectJobDataRequest>) -> Answer<operation::Operation> {
        unimplemented("ProjectJobService.DeleteAllData")
    }

    async fn set_data_ttl(
        &self,
        _: Request<jobs::SetProjectJobDataTtlRequest>,
    ) -> Answer<jobs::SetProjectJobDataTtlResponse> {
        unimplemented("ProjectJobService.SetDataTtl")
    }
}

#[async_trait]
impl OperationService for JobService {
    async fn get(&self, request: Request<operation::GetOperationRequest>) -> Answer<operation::Operation> {
        let caller = caller(&request)?;
        answer(self.get_operation(&caller, &request.into_inner().operation_id).await)
    }

    async fn cancel(&self, _: Request<operation::CancelOperationRequest>) -> Answer<operation::Operation> {
        unimplemented("OperationService.Cancel; use ProjectJobService.Cancel")
    }
}

#[async_trait]
impl ProjectService for JobService {
    async fn get(&self, request: Request<project::GetProjectRequest>) -> Answer<project::Project> {
        answer(self.get_project(&request.into_inner().project_id).await)
    }

    async fn list(&self, request: Request<project::ListProjectsRequest>) -> Answer<project::ListProjectsResponse> {
        answer(self.list_projects(request.into_inner()).await)
    }
}

#[async_trait]
impl iam::iam_token_service_server::IamTokenService for JobService {
    async fn create(&self, _: Request<iam::CreateIamTokenRequest>) -> Answer<iam::CreateIamTokenResponse> {
        unimplemented("IamTokenService.Create")
    }
}
