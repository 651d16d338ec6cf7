//! The generated traits, answered by [`JobService`].

use futures::stream::BoxStream;
use tonic::{Request, Status, async_trait};

use super::Holder;
use crate::{
    JobService,
    api::{
        jobs::ReadProjectJobLogsResponse,
        share::{self, share_service_server::ShareService, shared_job_service_server::SharedJobService},
    },
    grpc::{Answer, answer, caller, stream},
};

#[async_trait]
impl ShareService for JobService {
    async fn create(&self, request: Request<share::CreateShareRequest>) -> Answer<share::CreateShareResponse> {
        let caller = caller(&request)?;
        answer(self.create_share(&caller, request.into_inner()).await)
    }

    async fn list(&self, request: Request<share::ListSharesRequest>) -> Answer<share::ListSharesResponse> {
        let caller = caller(&request)?;
        answer(self.list_shares(&caller, request.into_inner()).await)
    }

    async fn revoke(&self, request: Request<share::RevokeShareRequest>) -> Answer<share::Share> {
        let caller = caller(&request)?;
        answer(self.revoke_share(&caller, &request.into_inner().share_id).await)
    }

    async fn revoke_all(
        &self,
        request: Request<share::RevokeAllSharesRequest>,
    ) -> Answer<share::RevokeAllSharesResponse> {
        let caller = caller(&request)?;
        answer(self.revoke_all_shares(&caller, request.into_inner()).await)
    }

    async fn sweep(&self, request: Request<share::SweepRequest>) -> Answer<share::SweepResponse> {
        let caller = caller(&request)?;
        answer(self.sweep_share(&caller, request.into_inner()).await)
    }
}

/// The holder that the host has put into the request.
fn holder<T>(request: &Request<T>) -> Result<Holder, Status> {
    let unknown = || Status::unauthenticated("the holder of the link is not known");
    request.extensions().get().cloned().ok_or_else(unknown)
}

#[async_trait]
impl SharedJobService for JobService {
    async fn open(&self, request: Request<share::OpenShareRequest>) -> Answer<share::SharedJob> {
        let holder = holder(&request)?;
        answer(self.open_share(&holder, request.into_inner().is_refresh).await)
    }

    type ReadLogsStream = BoxStream<'static, Result<ReadProjectJobLogsResponse, Status>>;

    async fn read_logs(&self, request: Request<share::ReadSharedLogsRequest>) -> Answer<Self::ReadLogsStream> {
        let holder = holder(&request)?;
        stream(self.read_shared_logs(&holder, request.into_inner().offset).await?)
    }
}
