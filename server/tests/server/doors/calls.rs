//! Calls that go wrong, as native clients and pages hear of it.

use std::process::Command;

use bytes::Bytes;
use http::Request;
use http_body::Body as _;
use http_body_util::{BodyExt, Full};
use jobsphere_api::jobs::{GetProjectJobRequest, ReadProjectJobLogsRequest, ReadProjectJobStdLogsRequest};
use prost::Message;
use tonic::{Code, Status, body::Body, transport::Channel};
use tower::{Service, ServiceExt};

use super::{IAM, JOBS, add_token, send, tokens::METHODS, verdict};
use crate::process::Server;

/// Prints code and words of a refused stream, as the published Python client reads them.
const PYTHON: &str = r"
import grpc, sys
address, method, token, request = sys.argv[1:]
channel = grpc.insecure_channel(address)
call = channel.unary_stream(method, request_serializer=bytes.fromhex, response_deserializer=bytes)
try:
    for answer in call(request, metadata=[('authorization', 'Bearer ' + token)], timeout=20):
        pass
except grpc.RpcError as error:
    print(error.code().name, error.details())
";

fn framed(message: &[u8]) -> Vec<u8> {
    let mut body = vec![0];
    body.extend((message.len() as u32).to_be_bytes());
    body.extend(message);
    body
}

/// A native call of these bytes; whether it was over in its headers, and its verdict.
async fn native(channel: &mut Channel, method: &str, authorization: &str, body: Vec<u8>) -> (bool, Status) {
    let request = Request::post(method)
        .header("content-type", "application/grpc")
        .header("te", "trailers")
        .header("authorization", authorization)
        .body(Body::new(Full::new(Bytes::from(body)).map_err(|never| match never {})))
        .unwrap();
    let response = channel.ready().await.unwrap().call(request).await.unwrap();
    let is_over = response.body().is_end_stream();
    let (head, body) = response.into_parts();
    let status = match Status::from_header_map(&head.headers) {
        Some(status) => status,
        None => Status::from_header_map(body.collect().await.unwrap().trailers().unwrap()).unwrap(),
    };
    (is_over, status)
}

async fn channel(server: &Server) -> Channel {
    Channel::from_shared(server.address.clone())
        .unwrap()
        .connect()
        .await
        .unwrap()
}

#[tokio::test]
async fn a_refused_stream_tells_why() {
    let dir = tempfile::tempdir().unwrap();
    let anna = add_token(dir.path(), "anna", "default", "editor");
    let boris = add_token(dir.path(), "boris", "other", "admin");
    let server = Server::start(dir.path());
    let (job_id, _) = server.client_with(Some(&anna)).await.submit("true", &[], &[]).await;
    let mut channel = channel(&server).await;
    let host = server.address.trim_start_matches("http://");
    for (token, job_id, offset, code, name, words) in [
        (
            &anna,
            "nosuchjob",
            0,
            Code::NotFound,
            "NOT_FOUND",
            "there is no job `nosuchjob`",
        ),
        (
            &boris,
            &*job_id,
            0,
            Code::NotFound,
            "NOT_FOUND",
            &*format!("there is no job `{job_id}`"),
        ),
        (
            &anna,
            "",
            0,
            Code::InvalidArgument,
            "INVALID_ARGUMENT",
            "`job_id` must not be empty",
        ),
        (
            &anna,
            &*job_id,
            1 << 40,
            Code::InvalidArgument,
            "INVALID_ARGUMENT",
            "`offset` is wrong",
        ),
    ] {
        let job_id = job_id.to_owned();
        let read = ReadProjectJobLogsRequest {
            job_id: job_id.clone(),
            offset,
        }
        .encode_to_vec();
        let read_std = ReadProjectJobStdLogsRequest { job_id, offset }.encode_to_vec();
        for (method, request) in [("ReadLogs", read), ("ReadStdLogs", read_std)] {
            let method = format!("{JOBS}/{method}");
            let bearer = format!("Bearer {token}");
            let (is_over, status) = native(&mut channel, &method, &bearer, framed(&request)).await;
            assert_eq!(status.code(), code, "{status:?}");
            assert!(is_over && status.message().starts_with(words), "{status:?}");
            let said = python(&[host, &method, token, &hex(&request)]);
            assert!(said.starts_with(&format!("{name} {words}")), "{said}");
        }
    }
}

/// What the script prints.
fn python(arguments: &[&str]) -> String {
    let python = std::env::var("JOBSPHERE_TEST_PYTHON").expect(
        "JOBSPHERE_TEST_PYTHON names no interpreter with the packages of xtask/python-requirements.txt; `cargo xtask \
         test` prepares one",
    );
    let output = Command::new(python)
        .args(["-c", PYTHON])
        .args(arguments)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[tokio::test]
async fn bytes_that_are_no_message_are_the_callers_fault() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::start(dir.path());
    let mut channel = channel(&server).await;
    // A text that is longer than its message, a tag that is none, a text that is not UTF-8, a message that is cut off.
    let cut = framed(&GetProjectJobRequest { job_id: "j".repeat(20) }.encode_to_vec())[..12].to_vec();
    let bodies = [
        framed(b"\x0a\x7fx"),
        framed(b"\xff\xff"),
        framed(b"\x0a\x02\xff\xfe"),
        cut,
        Vec::new(),
    ];
    let methods = METHODS
        .iter()
        .flat_map(|(service, methods)| methods.iter().map(move |method| (service, method)));
    let sign_in = (&IAM, &"Create");
    for (service, method) in methods.chain([sign_in]) {
        let method = format!("{service}/{method}");
        for (place, body) in bodies.iter().enumerate() {
            let (_, status) = native(&mut channel, &method, "", body.clone()).await;
            assert_eq!(status.code(), Code::InvalidArgument, "{method} {place}: {status:?}");
            let web = [("content-type", "application/grpc-web+proto"), ("x-grpc-web", "1")];
            let answer = send("POST", &format!("{}{method}", server.address), &web, body.clone());
            assert_eq!(verdict(&answer).0, Code::InvalidArgument, "{method} {place}");
        }
        let text = [("content-type", "application/grpc-web-text+proto"), ("x-grpc-web", "1")];
        let answer = send(
            "POST",
            &format!("{}{method}", server.address),
            &text,
            b"!no base64!".to_vec(),
        );
        assert_eq!(verdict(&answer).0, Code::InvalidArgument, "{method}");
    }
}
