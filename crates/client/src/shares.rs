//! The calls around share links: those of their makers on [`Client`], those of their holders on [`SharedClient`].

use tonic::Streaming;

use super::{CallError, Client, Clock, Transport, calls::limited, follow::JobState};
use crate::api::{
    jobs::{Job, ReadProjectJobLogsResponse},
    share::{
        CreateShareRequest, CreateShareResponse, ListSharesRequest, ListSharesResponse, OpenShareRequest,
        ReadSharedLogsRequest, RevokeAllSharesRequest, RevokeShareRequest, Share, SharedJob, SweepRequest,
        SweepResponse, share_service_client::ShareServiceClient, shared_job_service_client::SharedJobServiceClient,
    },
};

/// The scheme of a holder's `authorization` header.
const SCHEME: &str = "Share";

impl<T: Transport, C: Clock> Client<T, C> {
    fn shares(&self) -> ShareServiceClient<T> {
        ShareServiceClient::new(self.transport().clone())
    }

    /// Makes a link. The answer alone holds its secret.
    ///
    /// # Errors
    /// [`CallError`], PERMISSION_DENIED for those who are no editors.
    pub async fn create_share(&self, request: CreateShareRequest) -> Result<CreateShareResponse, CallError> {
        limited(self.clock(), self.shares().create(request)).await
    }

    /// The links of a project, newest first; with a `job_id` only those of that job.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn shares_of(&self, project_id: &str, job_id: &str) -> Result<ListSharesResponse, CallError> {
        let request = ListSharesRequest {
            project_id: project_id.to_owned(),
            job_id: job_id.to_owned(),
        };
        limited(self.clock(), self.shares().list(request)).await
    }

    /// Ends a link.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn revoke_share(&self, share_id: &str) -> Result<Share, CallError> {
        let share_id = share_id.to_owned();
        limited(self.clock(), self.shares().revoke(RevokeShareRequest { share_id })).await
    }

    /// Ends the links of a project, or with a `job_id` those of that job; how many were good until then.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn revoke_shares_of(&self, project_id: &str, job_id: &str) -> Result<i64, CallError> {
        let request = RevokeAllSharesRequest {
            project_id: project_id.to_owned(),
            job_id: job_id.to_owned(),
        };
        let answer = limited(self.clock(), self.shares().revoke_all(request)).await?;
        Ok(answer.revoked_count)
    }

    /// What looks like a secret in what a link would show.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn sweep(&self, request: SweepRequest) -> Result<SweepResponse, CallError> {
        limited(self.clock(), self.shares().sweep(request)).await
    }
}

/// What the holder of a link shows at each call. Its `Debug` does not tell the secret.
#[derive(Clone, PartialEq, Eq)]
pub struct ShareCredentials {
    share_id: String,
    secret: String,
}

impl ShareCredentials {
    /// Takes the id from the path of a link, and the secret from its fragment (with or without `#`).
    ///
    /// `None` for texts that no link has: they would not fit into a header.
    pub fn new(share_id: &str, fragment: &str) -> Option<Self> {
        let secret = fragment.trim_start_matches('#');
        let is_plain = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
        (is_plain(share_id) && is_plain(secret)).then(|| Self {
            share_id: share_id.to_owned(),
            secret: secret.to_owned(),
        })
    }

    /// The id of the link.
    pub fn share_id(&self) -> &str {
        &self.share_id
    }

    /// Id and secret, as the worker that keeps a log is told them.
    pub fn link(&self) -> String {
        format!("{}.{}", self.share_id, self.secret)
    }

    /// What [`Self::link`] gave.
    pub fn from_link(link: &str) -> Option<Self> {
        let (share_id, secret) = link.split_once('.')?;
        Self::new(share_id, secret)
    }

    /// Address of the link's page on its server, with the secret.
    pub fn page_path(&self) -> String {
        format!("/s/{}#{}", self.share_id, self.secret)
    }

    /// The value of the `authorization` header, for downloads by `fetch`.
    pub fn authorization(&self) -> String {
        format!("{SCHEME} {}.{}", self.share_id, self.secret)
    }

    /// Where the bytes of an output are given, with the same header.
    pub fn output_path(&self, index: i32) -> String {
        format!("/shares/{}/outputs/{index}", self.share_id)
    }
}

impl std::fmt::Debug for ShareCredentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ShareCredentials({})", self.share_id)
    }
}

/// A client for the holder of a link. It knows no token, and its link opens nothing else.
#[derive(Debug, Clone)]
pub struct SharedClient<T, C> {
    transport: T,
    clock: C,
    credentials: ShareCredentials,
}

impl<T: Transport, C: Clock> SharedClient<T, C> {
    /// A client that calls through `transport`.
    pub fn new(transport: T, clock: C, credentials: ShareCredentials) -> Self {
        Self {
            transport,
            clock,
            credentials,
        }
    }

    /// The clock the client waits by.
    pub fn clock(&self) -> &C {
        &self.clock
    }

    /// What the calls are made with.
    pub fn credentials(&self) -> &ShareCredentials {
        &self.credentials
    }

    fn job(&self) -> SharedJobServiceClient<T> {
        SharedJobServiceClient::new(self.transport.clone())
    }

    fn with_credentials<R>(&self, message: R) -> tonic::Request<R> {
        let mut request = tonic::Request::new(message);
        if let Ok(value) = self.credentials.authorization().parse() {
            request.metadata_mut().insert("authorization", value);
        }
        request
    }

    /// The job as it is now. `is_refresh`: a page that is open already looks again.
    ///
    /// # Errors
    /// [`CallError`], NOT_FOUND whatever is wrong with the link.
    pub async fn open(&self, is_refresh: bool) -> Result<SharedJob, CallError> {
        let request = self.with_credentials(OpenShareRequest { is_refresh });
        limited(&self.clock, self.job().open(request)).await
    }

    /// Opens the log at `offset`, with no limit for the time that takes. Dropping the stream ends the call.
    ///
    /// # Errors
    /// [`CallError`], NOT_FOUND whatever is wrong with the link, or when the log is not a part of it.
    pub async fn read_logs(&self, offset: i64) -> Result<Streaming<ReadProjectJobLogsResponse>, CallError> {
        let request = self.with_credentials(ReadSharedLogsRequest { offset });
        Ok(self.job().read_logs(request).await?.into_inner())
    }
}

/// The job of a link as pages of jobs know one; what the link does not show is empty.
pub fn job_state(shared: &SharedJob, share_id: &str) -> JobState {
    let job = Job {
        id: share_id.to_owned(),
        name: shared.name.clone(),
        desc: shared.desc.clone(),
        status: shared.status,
        status_details: shared.status_details.clone(),
        created_at: shared.created_at,
        started_at: shared.started_at,
        finished_at: shared.finished_at,
        job_parameters: shared.job_parameters.clone(),
        data_cleared: shared.data_cleared,
        ..Job::default()
    };
    JobState {
        job,
        progress: shared.progress.clone(),
        return_code: shared.result.map(|result| result.return_code),
        missing_untold: shared.missing_output_count.try_into().unwrap_or_default(),
        ..JobState::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_taken_apart_and_its_secret_is_not_told() {
        let credentials = ShareCredentials::new("abc1", "#s3cret").unwrap();
        assert_eq!(credentials.authorization(), "Share abc1.s3cret");
        assert_eq!(credentials.output_path(3), "/shares/abc1/outputs/3");
        assert_eq!(
            ShareCredentials::from_link(&credentials.link()),
            Some(credentials.clone())
        );
        assert_eq!(credentials.page_path(), "/s/abc1#s3cret");
        assert_eq!(format!("{credentials:?}"), "ShareCredentials(abc1)");
        for (id, fragment) in [("", "#a"), ("a", "#"), ("a/b", "#c"), ("a", "#c\r\nx"), ("a.b", "c")] {
            assert_eq!(ShareCredentials::new(id, fragment), None, "{id} {fragment}");
        }
    }
}
