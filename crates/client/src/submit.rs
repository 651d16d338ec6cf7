//! Submitting: what `Create` or `Clone` answered, and what remains to be sent.

use std::collections::BTreeMap;

use prost::Message as _;
use tonic::Code;

use super::{CallError, Client, Clock, Transport};
use crate::api::{
    any,
    jobs::{
        CloneProjectJobRequest, CloneProjectJobResponse, CreateProjectJobRequest, CreateProjectJobResponse, File,
        JobParameters, StorageFile,
    },
    operation::{Operation, operation},
    sha256::Sha256,
};

/// Between two questions for an operation that is not done at once, in milliseconds.
const POLL_MS: u32 = 300;

/// One content the service wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// Where to `PUT` the bytes.
    pub url: String,
    /// Their number.
    pub size_bytes: i64,
    /// The files with this content, by their place in [`files`]; never empty.
    pub inputs: Vec<usize>,
}

/// A created job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Created {
    /// Its id.
    pub job_id: String,
    /// What must be sent before it can be executed.
    pub uploads: Vec<Upload>,
    /// The files whose content the service holds already, by their place in [`files`].
    pub held: Vec<usize>,
}

/// The files of a job that have content to be sent: the inputs, then the local modules.
pub fn files(parameters: &JobParameters) -> Vec<&File> {
    let python = parameters.env.as_ref().and_then(|env| env.python_env.as_ref());
    let modules = python.into_iter().flat_map(|python| &python.local_modules);
    parameters.input_files.iter().chain(modules).collect()
}

/// What makes a job's record.
#[derive(Debug, Clone, PartialEq)]
pub enum Order {
    /// `Create`.
    New(Box<CreateProjectJobRequest>),
    /// `Clone`: a copy of another job with changes.
    Copy {
        /// The changes.
        request: Box<CloneProjectJobRequest>,
        /// What the copy is made of with them.
        parameters: Box<JobParameters>,
    },
}

impl Order {
    fn parameters(&self) -> JobParameters {
        match self {
            Self::New(request) => request.job_parameters.clone().unwrap_or_default(),
            Self::Copy { parameters, .. } => (**parameters).clone(),
        }
    }

    /// The digest of what is asked for; another order has another one.
    pub fn digest(&self) -> String {
        let bytes = match self {
            Self::New(request) => request.encode_to_vec(),
            Self::Copy { request, .. } => request.encode_to_vec(),
        };
        Sha256::of(&bytes).to_string()
    }
}

/// Makes the job's record and says what to send. With the same `key` it is the same job, and says what is still to be
/// sent, and where.
///
/// # Errors
/// [`CallError`], with the refused fields when the request breaks a rule.
pub async fn place<T: Transport, C: Clock>(
    client: &Client<T, C>,
    order: &Order,
    key: &str,
) -> Result<Created, CallError> {
    let parameters = order.parameters();
    let mut operation = match order {
        Order::New(request) => client.create((**request).clone(), key).await?,
        Order::Copy { request, .. } => client.clone_job((**request).clone(), key).await?,
    };
    while !operation.done {
        client.clock().sleep(POLL_MS).await;
        operation = client.operation(&operation.id).await?;
    }
    let (job_id, upload_files) = match (order, response(operation)?) {
        (Order::New(_), packed) => {
            let made: CreateProjectJobResponse = any::unpack(&packed)?;
            (made.job_id, made.upload_files)
        }
        (Order::Copy { .. }, packed) => {
            let made: CloneProjectJobResponse = any::unpack(&packed)?;
            (made.job_id, made.upload_files)
        }
    };
    Ok(plan(&files(&parameters), job_id, upload_files))
}

fn response(operation: Operation) -> Result<prost_types::Any, CallError> {
    match operation.result {
        Some(operation::Result::Response(response)) => Ok(response),
        Some(operation::Result::Error(error)) => Err(error.into()),
        None => Err(CallError::new(Code::Internal, "the operation ended without a result")),
    }
}

fn plan(inputs: &[&File], job_id: String, upload_files: Vec<StorageFile>) -> Created {
    let urls: BTreeMap<String, String> = upload_files
        .into_iter()
        .filter(|wanted| !wanted.url.is_empty())
        .filter_map(|wanted| Some((wanted.file?.sha256, wanted.url)))
        .collect();
    let mut uploads: BTreeMap<&str, Upload> = BTreeMap::new();
    let mut held = Vec::new();
    for (index, input) in inputs.iter().enumerate() {
        match urls.get(&input.sha256) {
            None => held.push(index),
            Some(url) => uploads
                .entry(&input.sha256)
                .or_insert_with(|| Upload {
                    url: url.clone(),
                    size_bytes: input.size_bytes,
                    inputs: Vec::new(),
                })
                .inputs
                .push(index),
        }
    }
    let mut uploads: Vec<Upload> = uploads.into_values().collect();
    uploads.sort_by_key(|upload| upload.inputs.first().copied());
    Created { job_id, uploads, held }
}

#[cfg(test)]
mod tests {
    use super::*;
    fn file(sha256: &str) -> File {
        File {
            sha256: sha256.into(),
            size_bytes: 7,
            ..File::default()
        }
    }

    #[test]
    fn one_content_is_sent_once_and_what_is_held_never() {
        let inputs = [file("c"), file("a"), file("b"), file("c")];
        let wanted = |sha256, url: &str| StorageFile {
            file: Some(file(sha256)),
            url: url.into(),
        };
        let created = plan(
            &inputs.iter().collect::<Vec<_>>(),
            "j".into(),
            vec![wanted("a", "/a"), wanted("b", ""), wanted("c", "/c"), wanted("c", "/c")],
        );
        let sent: Vec<_> = created
            .uploads
            .iter()
            .map(|upload| (&*upload.url, &*upload.inputs))
            .collect();
        assert_eq!(sent, [("/c", &[0, 3][..]), ("/a", &[1][..])]);
        assert_eq!(created.held, [2]);
    }
}
