//! The calls around what a job's command made and nobody named as an output.

use super::{CallError, Client, Clock, Transport, calls::limited};
use crate::api::share::{
    KeepUnnamedFilesRequest, KeepUnnamedFilesResponse, ListUnnamedFilesRequest, ListUnnamedFilesResponse,
    unnamed_file_service_client::UnnamedFileServiceClient,
};

/// Files may be large, and are stored before the answer comes.
const KEEP_LIMIT_MS: u32 = 30 * 60 * 1000;

impl<T: Transport, C: Clock> Client<T, C> {
    fn unnamed(&self) -> UnnamedFileServiceClient<T> {
        UnnamedFileServiceClient::new(self.transport().clone())
    }

    /// The unnamed files of a job that has ended.
    ///
    /// # Errors
    /// [`CallError`], UNIMPLEMENTED by a service that knows no such call.
    pub async fn unnamed_files(&self, job_id: &str) -> Result<ListUnnamedFilesResponse, CallError> {
        let job_id = job_id.to_owned();
        limited(self.clock(), self.unnamed().list(ListUnnamedFilesRequest { job_id })).await
    }

    /// Makes outputs of unnamed files.
    ///
    /// # Errors
    /// [`CallError`], FAILED_PRECONDITION when nothing is held any more.
    pub async fn keep_unnamed(&self, job_id: &str, paths: Vec<String>) -> Result<KeepUnnamedFilesResponse, CallError> {
        let request = KeepUnnamedFilesRequest {
            job_id: job_id.to_owned(),
            paths,
        };
        self.within(KEEP_LIMIT_MS, self.unnamed().keep(request)).await
    }
}
