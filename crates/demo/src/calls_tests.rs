//! Calls as bytes, to the service over stores in memory.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use futures::{executor::block_on, future::BoxFuture};
use jobsphere_service::{
    Blobs, BlobsError, CancelMode, Capacity, Engine, Host, LogBatch, LogFrom, Logs, LogsError, Outcome, Parts, Report,
    SecretValue, StoreError, Task, memory::MemoryStore,
};
use prost::Message;

use super::*;
use crate::{
    address,
    api::{
        id::{JobId, ProjectId},
        jobs::{File, JobParameters, ListProjectJobRequest, ListProjectJobResponse},
        sha256::Sha256,
    },
};

/// Holds nothing, runs nothing.
struct Nothing;

#[async_trait]
impl Blobs for Nothing {
    async fn holds(&self, _: &ProjectId, _: Sha256) -> Result<bool, BlobsError> {
        Ok(false)
    }
    async fn beginning(&self, _: &ProjectId, _: Sha256, _: usize) -> Result<Vec<u8>, BlobsError> {
        Ok(Vec::new())
    }
    async fn remove(&self, _: &ProjectId, _: Sha256) -> Result<(), BlobsError> {
        Ok(())
    }
    fn stored(&self) -> BoxStream<'static, (ProjectId, Sha256)> {
        stream::empty().boxed()
    }
    fn upload_url(&self, origin: &str, project: &ProjectId, file: &File) -> String {
        address::upload(origin, project, file)
    }
    fn download_url(&self, origin: &str, project: &ProjectId, file: &File) -> String {
        address::download(origin, project, file)
    }
}

#[async_trait]
impl Logs for Nothing {
    async fn read(&self, _: &JobId, _: LogFrom, _: usize) -> Result<LogBatch, LogsError> {
        Ok(LogBatch::default())
    }
    async fn remove(&self, _: &JobId) -> Result<(), LogsError> {
        Ok(())
    }
    fn stored(&self) -> BoxStream<'static, JobId> {
        stream::empty().boxed()
    }
    fn changes(&self, _: &JobId) -> BoxStream<'static, ()> {
        stream::pending().boxed()
    }
}

#[async_trait]
impl Engine for Nothing {
    async fn refusals(&self, _: &ProjectId, _: &JobParameters) -> Result<Vec<String>, StoreError> {
        Ok(vec!["there is no machine".into()])
    }
    async fn secrets(&self, _: &ProjectId) -> Result<Vec<SecretValue>, StoreError> {
        Ok(Vec::new())
    }
    async fn run(&self, _: Task, _: Arc<dyn Report>) -> Outcome {
        futures::future::pending().await
    }
    async fn cancel(&self, _: &JobId, _: CancelMode) {}
    async fn kept(&self) -> Vec<JobId> {
        Vec::new()
    }
    async fn forget(&self, _: &JobId) {}
}

impl Host for Nothing {
    fn now_micros(&self) -> i64 {
        0
    }
    fn random(&self, bytes: &mut [u8]) {
        bytes.fill(7);
    }
    fn sleep(&self, _: Duration) -> BoxFuture<'static, ()> {
        Box::pin(futures::future::pending())
    }
    fn warn(&self, _: &str) {}
    fn spawn(&self, _: BoxFuture<'static, ()>) {}
}

fn calls() -> Calls {
    let nothing = Arc::new(Nothing);
    let parts = Parts {
        store: Arc::new(MemoryStore::default()),
        blobs: nothing.clone(),
        logs: nothing.clone(),
        engine: nothing.clone(),
        host: nothing,
        capacity: Capacity {
            cpus: 1.0,
            instance_types: Vec::new(),
        },
    };
    Calls::new(block_on(JobService::open(parts)).unwrap(), "in-page:/demo")
}

/// Status of HTTP, status of gRPC, and the messages.
fn call(calls: &Calls, path: &str, message: &impl Message) -> (u16, String, Vec<Vec<u8>>) {
    let content = message.encode_to_vec();
    let mut body = vec![0];
    body.extend(u32::try_from(content.len()).unwrap().to_be_bytes());
    body.extend(content);
    let request = Request::post(path).body(Bytes::from(body)).unwrap();
    let (head, pieces) = block_on(calls.answer(request)).into_parts();
    assert_eq!(head.headers[CONTENT_TYPE], GRPC_WEB);
    let mut bytes: Vec<u8> = block_on(pieces.collect::<Vec<_>>()).concat();
    let mut status = head
        .headers
        .get("grpc-status")
        .map(|status| status.to_str().unwrap().to_owned());
    let mut messages = Vec::new();
    while !bytes.is_empty() {
        let length = u32::from_be_bytes(bytes[1..5].try_into().unwrap()) as usize;
        let frame = bytes.drain(..5 + length).collect::<Vec<_>>();
        match frame[0] {
            TRAILERS => {
                let lines = String::from_utf8(frame[5..].to_vec()).unwrap();
                let line = lines.lines().find_map(|line| line.strip_prefix("grpc-status:"));
                status = Some(line.unwrap().to_owned());
            }
            _ => messages.push(frame[5..].to_vec()),
        }
    }
    (head.status.as_u16(), status.unwrap(), messages)
}

#[test]
fn a_list_is_answered_in_frames() {
    let request = ListProjectJobRequest {
        project_id: "default".into(),
        ..Default::default()
    };
    let path = "/yandex.cloud.datasphere.v2.jobs.ProjectJobService/List";
    let (http, status, messages) = call(&calls(), path, &request);
    assert_eq!((http, status.as_str(), messages.len()), (200, "0", 1));
    let list = ListProjectJobResponse::decode(messages[0].as_slice()).unwrap();
    assert!(list.jobs.is_empty());
}

#[test]
fn what_a_page_cannot_do_is_refused_by_name() {
    let calls = calls();
    let code = |path: &str| call(&calls, path, &()).1;
    let precondition = Code::FailedPrecondition as i32;
    assert_eq!(code("/jobsphere.v1.ShareService/Create"), precondition.to_string());
    assert_eq!(code("/jobsphere.v1.SharedJobService/Open"), precondition.to_string());
    assert_eq!(
        code("/yandex.cloud.iam.v1.IamTokenService/Create"),
        precondition.to_string()
    );
    let unknown = Code::Unimplemented as i32;
    for path in ["/", "/what.Service/Do", "/yandex.cloud.operation.OperationService/What"] {
        assert_eq!(code(path), unknown.to_string(), "{path}");
    }
    // A job that does not exist: the refusal of a method that is there.
    let missing = call(&calls, "/yandex.cloud.operation.OperationService/Get", &());
    assert!(missing.2.is_empty() && missing.1 != "0" && missing.1 != unknown.to_string());
}
