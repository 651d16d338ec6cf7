//! What a list takes from the answers of `List` and `Get`: the same messages with fewer fields.
//!
//! Configuration texts and parameters are most of an answer; a message that does not name them passes over them
//! instead of making them.

use http::uri::PathAndQuery;
use prost::Message;
use prost_types::Timestamp;
use tonic::{Request, Response, Status, client::Grpc};
use tonic_prost::ProstCodec;

use super::{CallError, Client, Clock, Transport};
use crate::api::jobs::{Argument, CloudInstanceType, GetProjectJobRequest, JobStatus, ListProjectJobRequest};

const LIST: &str = "/yandex.cloud.datasphere.v2.jobs.ProjectJobService/List";
const GET: &str = "/yandex.cloud.datasphere.v2.jobs.ProjectJobService/Get";
/// A page of a thousand jobs with long configurations is larger than the 4 MiB that tonic allows.
const ANSWER_LIMIT_BYTES: usize = 256 << 20;

/// A page of `List`.
#[derive(Clone, PartialEq, Message)]
pub struct ListedPage {
    /// The jobs, newest first.
    #[prost(message, repeated, tag = "1")]
    pub jobs: Vec<ListedJob>,
    /// Where the next page begins; empty on the last.
    #[prost(string, tag = "2")]
    pub next_page_token: String,
}

/// A job without what a list does not show.
#[derive(Clone, PartialEq, Message)]
#[allow(missing_docs)]
pub struct ListedJob {
    #[prost(string, tag = "1")]
    pub id: String,
    #[prost(string, tag = "2")]
    pub name: String,
    #[prost(string, tag = "3")]
    pub desc: String,
    #[prost(message, optional, tag = "4")]
    pub created_at: Option<Timestamp>,
    #[prost(message, optional, tag = "5")]
    pub finished_at: Option<Timestamp>,
    #[prost(enumeration = "JobStatus", tag = "6")]
    pub status: i32,
    #[prost(string, tag = "8")]
    pub created_by_id: String,
    #[prost(message, optional, tag = "10")]
    pub job_parameters: Option<ListedParameters>,
    #[prost(message, optional, tag = "11")]
    pub data_expires_at: Option<Timestamp>,
    #[prost(bool, tag = "12")]
    pub data_cleared: bool,
    #[prost(message, repeated, tag = "13")]
    pub output_files: Vec<ListedFile>,
    #[prost(message, repeated, tag = "14")]
    pub log_files: Vec<ListedFile>,
    #[prost(message, repeated, tag = "15")]
    pub diagnostic_files: Vec<ListedFile>,
    #[prost(int64, tag = "16")]
    pub data_size_bytes: i64,
    #[prost(message, optional, tag = "17")]
    pub started_at: Option<Timestamp>,
    #[prost(string, tag = "18")]
    pub status_details: String,
    #[prost(message, optional, tag = "19")]
    pub actual_cloud_instance_type: Option<CloudInstanceType>,
    #[prost(string, tag = "20")]
    pub parent_job_id: String,
    #[prost(message, repeated, tag = "21")]
    pub file_errors: Vec<ListedError>,
}

/// Why a file is missing: whether it is an output, and no more.
#[derive(Clone, PartialEq, Message)]
#[allow(missing_docs)]
pub struct ListedError {
    #[prost(message, optional, tag = "1")]
    pub output_file_desc: Option<ListedDesc>,
}

/// Where a file lies, without that.
#[derive(Clone, Copy, PartialEq, Message)]
pub struct ListedDesc {}

/// The parameters without what a list does not show.
#[derive(Clone, PartialEq, Message)]
#[allow(missing_docs)]
pub struct ListedParameters {
    #[prost(message, repeated, tag = "1")]
    pub input_files: Vec<ListedFile>,
    #[prost(string, tag = "5")]
    pub cmd: String,
    #[prost(message, optional, tag = "6")]
    pub env: Option<ListedEnvironment>,
    #[prost(message, repeated, tag = "8")]
    pub cloud_instance_types: Vec<CloudInstanceType>,
    #[prost(message, repeated, tag = "10")]
    pub arguments: Vec<Argument>,
}

/// Of the environment, what holds files.
#[derive(Clone, PartialEq, Message)]
#[allow(missing_docs)]
pub struct ListedEnvironment {
    #[prost(message, optional, tag = "4")]
    pub python_env: Option<ListedPython>,
}

/// Of the Python environment, what holds files.
#[derive(Clone, PartialEq, Message)]
#[allow(missing_docs)]
pub struct ListedPython {
    #[prost(message, repeated, tag = "2")]
    pub local_modules: Vec<ListedFile>,
}

/// A file without its path.
#[derive(Clone, PartialEq, Message)]
#[allow(missing_docs)]
pub struct ListedFile {
    #[prost(string, tag = "2")]
    pub sha256: String,
    #[prost(int64, tag = "3")]
    pub size_bytes: i64,
}

impl ListedJob {
    /// What was sent for the job, and what it made.
    pub fn files(&self) -> impl Iterator<Item = &ListedFile> {
        let parameters = self.job_parameters.iter();
        let sent = parameters.flat_map(|parameters| {
            let modules = parameters.env.iter().flat_map(|env| &env.python_env);
            let modules = modules.flat_map(|python| &python.local_modules);
            parameters.input_files.iter().chain(modules)
        });
        sent.chain(&self.output_files)
            .chain(&self.log_files)
            .chain(&self.diagnostic_files)
    }
}

impl<T: Transport, C: Clock> Client<T, C> {
    /// `List`, without what a list does not show.
    pub async fn listed_page(
        &self,
        project_id: &str,
        page_size: i64,
        page_token: &str,
        filter: &str,
    ) -> Result<ListedPage, CallError> {
        let request = ListProjectJobRequest {
            project_id: project_id.to_owned(),
            page_size,
            page_token: page_token.to_owned(),
            filter: filter.to_owned(),
        };
        self.limited(unary(self.transport.clone(), LIST, request)).await
    }

    /// `Get`, without what a list does not show.
    pub async fn listed_job(&self, job_id: &str) -> Result<ListedJob, CallError> {
        let request = GetProjectJobRequest {
            job_id: job_id.to_owned(),
        };
        self.limited(unary(self.transport.clone(), GET, request)).await
    }
}

async fn unary<T: Transport, Q, A>(transport: T, path: &'static str, request: Q) -> Result<Response<A>, Status>
where
    Q: Message + Send + Sync + 'static,
    A: Message + Default + Send + Sync + 'static,
{
    let mut grpc = Grpc::new(transport).max_decoding_message_size(ANSWER_LIMIT_BYTES);
    grpc.ready()
        .await
        .map_err(|error| Status::unavailable(error.into().to_string()))?;
    let codec = ProstCodec::<Q, A>::default();
    grpc.unary(Request::new(request), PathAndQuery::from_static(path), codec)
        .await
}
