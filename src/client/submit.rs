//! Submitting: what `Create` answered, and what remains to be sent.

use std::collections::BTreeMap;

use tonic::Code;

use super::{CallError, Client, Clock, Transport};
use crate::api::{
    any,
    jobs::{CreateProjectJobRequest, CreateProjectJobResponse, File},
    operation::{Operation, operation},
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
    /// The inputs with this content, by their place in the request; never empty.
    pub inputs: Vec<usize>,
}

/// A created job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Created {
    /// Its id.
    pub job_id: String,
    /// What must be sent before it can be executed.
    pub uploads: Vec<Upload>,
    /// The inputs whose content the service holds already, by their place in the request.
    pub held: Vec<usize>,
}

/// Creates the job's record and says what to send. With the same `key` it is the same job, and says what is still to be
/// sent, and where.
///
/// # Errors
/// [`CallError`], with the refused fields when the request breaks a rule.
pub async fn create<T: Transport, C: Clock>(
    client: &Client<T, C>,
    request: CreateProjectJobRequest,
    key: &str,
) -> Result<Created, CallError> {
    let inputs = request
        .job_parameters
        .as_ref()
        .map(|parameters| parameters.input_files.clone())
        .unwrap_or_default();
    let mut operation = client.create(request, key).await?;
    while !operation.done {
        client.clock().sleep(POLL_MS).await;
        operation = client.operation(&operation.id).await?;
    }
    Ok(plan(&inputs, created(operation)?))
}

fn created(operation: Operation) -> Result<CreateProjectJobResponse, CallError> {
    match operation.result {
        Some(operation::Result::Response(response)) => Ok(any::unpack(&response)?),
        Some(operation::Result::Error(error)) => Err(error.into()),
        None => Err(CallError::new(Code::Internal, "the operation ended without a result")),
    }
}

fn plan(inputs: &[File], response: CreateProjectJobResponse) -> Created {
    let urls: BTreeMap<String, String> = response
        .upload_files
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
    Created {
        job_id: response.job_id,
        uploads,
        held,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::jobs::StorageFile;

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
            &inputs,
            CreateProjectJobResponse {
                job_id: "j".into(),
                upload_files: vec![wanted("a", "/a"), wanted("b", ""), wanted("c", "/c"), wanted("c", "/c")],
            },
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
