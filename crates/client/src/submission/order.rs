//! What makes a job's record: `Create`, or `Clone`.

use std::collections::BTreeMap;

use prost::Message as _;
use tonic::Code;

use crate::{
    CallError, Client, Clock, Transport,
    api::{
        any,
        jobs::{
            CloneProjectJobRequest, CloneProjectJobResponse, CreateProjectJobRequest, CreateProjectJobResponse,
            StorageFile,
        },
        operation::{Operation, operation},
        sha256::Sha256,
    },
};

/// Between two questions for an operation that is not done at once, in milliseconds.
const POLL_MS: u32 = 300;

/// What is asked for; asked for again with the same key, it is the same job.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Order {
    /// `Create`.
    New(Box<CreateProjectJobRequest>),
    /// `Clone`: a copy of another job with changes.
    Copy(Box<CloneProjectJobRequest>),
}

/// A created job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Created {
    pub(super) job_id: String,
    /// Where to send what the service does not hold, by digest.
    pub(super) urls: BTreeMap<String, String>,
}

impl Order {
    /// The digest of what is asked for; another order has another one.
    pub(super) fn digest(&self) -> String {
        let bytes = match self {
            Self::New(request) => request.encode_to_vec(),
            Self::Copy(request) => request.encode_to_vec(),
        };
        Sha256::of(&bytes).to_string()
    }

    /// Makes the job's record and says what is still to be sent, and where.
    ///
    /// # Errors
    /// [`CallError`], with the refused fields when the request breaks a rule.
    pub(super) async fn place<T: Transport, C: Clock>(
        &self,
        client: &Client<T, C>,
        key: &str,
    ) -> Result<Created, CallError> {
        let mut operation = match self {
            Self::New(request) => client.create((**request).clone(), key).await?,
            Self::Copy(request) => client.clone_job((**request).clone(), key).await?,
        };
        while !operation.done {
            client.clock().sleep(POLL_MS).await;
            operation = client.operation(&operation.id).await?;
        }
        let packed = response(operation)?;
        Ok(match self {
            Self::New(_) => {
                let made: CreateProjectJobResponse = any::unpack(&packed)?;
                Created::new(made.job_id, made.upload_files)
            }
            Self::Copy(_) => {
                let made: CloneProjectJobResponse = any::unpack(&packed)?;
                Created::new(made.job_id, made.upload_files)
            }
        })
    }
}

impl Created {
    /// What has an empty address has arrived already.
    fn new(job_id: String, upload_files: Vec<StorageFile>) -> Self {
        let urls = upload_files
            .into_iter()
            .filter(|wanted| !wanted.url.is_empty())
            .filter_map(|wanted| Some((wanted.file?.sha256, wanted.url)))
            .collect();
        Self { job_id, urls }
    }
}

fn response(operation: Operation) -> Result<prost_types::Any, CallError> {
    match operation.result {
        Some(operation::Result::Response(response)) => Ok(response),
        Some(operation::Result::Error(error)) => Err(error.into()),
        None => Err(CallError::new(Code::Internal, "the operation ended without a result")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::jobs::File;

    #[test]
    fn what_has_no_address_is_not_sent() {
        let wanted = |sha256: &str, url: &str| StorageFile {
            file: Some(File {
                sha256: sha256.into(),
                ..File::default()
            }),
            url: url.into(),
        };
        let created = Created::new("j".into(), vec![wanted("a", "/a"), wanted("b", ""), wanted("a", "/a")]);
        assert_eq!(
            created.urls.into_iter().collect::<Vec<_>>(),
            [("a".to_owned(), "/a".to_owned())]
        );
    }
}
