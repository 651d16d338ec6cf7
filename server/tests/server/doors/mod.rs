//! Each door tried: who does not belong stays out, and is told why; who belongs comes in.

mod addresses;
mod calls;
mod exchange;
mod limits;
mod pages;
mod paths;
mod shares;
mod tls;
mod tokens;

use std::{path::Path, process::Command};

use http::{HeaderMap, Request, Response};
use prost::Message;
use tonic::{Code, Status};

use crate::process::{BINARY, Server};

const JOBS: &str = "/yandex.cloud.datasphere.v2.jobs.ProjectJobService";
const OPERATIONS: &str = "/yandex.cloud.operation.OperationService";
const PROJECTS: &str = "/yandex.cloud.datasphere.v2.ProjectService";
const IAM: &str = "/yandex.cloud.iam.v1.IamTokenService";

/// `jobsphere-server token …`; what it printed, and whether it went well.
fn token(data_dir: &Path, arguments: &[&str]) -> (bool, String) {
    let output = Command::new(BINARY)
        .arg("token")
        .args(arguments)
        .arg("--data-dir")
        .arg(data_dir)
        .output()
        .unwrap();
    let printed = if output.status.success() {
        output.stdout
    } else {
        output.stderr
    };
    (
        output.status.success(),
        String::from_utf8(printed).unwrap().trim().to_owned(),
    )
}

/// A fresh token.
fn add_token(data_dir: &Path, name: &str, project: &str, role: &str) -> String {
    let (is_made, printed) = token(data_dir, &["add", name, "--project", project, "--role", role]);
    assert!(is_made, "{printed}");
    printed
}

/// Sends a request over HTTP/1.1; an error status is an answer like any other.
fn http(request: Request<Vec<u8>>) -> Response<Vec<u8>> {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .allow_non_standard_methods(true)
        .max_redirects(0)
        .build()
        .into();
    let (head, mut body) = agent.run(request).unwrap().into_parts();
    Response::from_parts(head, body.read_to_vec().unwrap())
}

fn get(url: &str, headers: &[(&str, &str)]) -> Response<Vec<u8>> {
    send("GET", url, headers, Vec::new())
}

fn send(method: &str, url: &str, headers: &[(&str, &str)], body: Vec<u8>) -> Response<Vec<u8>> {
    let mut request = Request::builder().method(method).uri(url);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    http(request.body(body).unwrap())
}

/// A call as a page makes it.
fn call(server: &Server, method: &str, message: &impl Message, headers: &[(&str, &str)]) -> Response<Vec<u8>> {
    let mut all = vec![("content-type", "application/grpc-web+proto"), ("x-grpc-web", "1")];
    all.extend_from_slice(headers);
    let mut body = vec![0];
    body.extend((message.encoded_len() as u32).to_be_bytes());
    body.extend(message.encode_to_vec());
    send("POST", &format!("{}{method}", server.address), &all, body)
}

/// The verdict of a call that ended in its headers, or of one whose answer is whole.
fn verdict(response: &Response<Vec<u8>>) -> (Code, String) {
    let mut headers = response.headers().clone();
    if !headers.contains_key("grpc-status") {
        let text = String::from_utf8_lossy(response.body());
        let code = text
            .split("grpc-status:")
            .nth(1)
            .expect("no verdict in the body either");
        headers = HeaderMap::from_iter([("grpc-status".parse().unwrap(), code[..1].parse().unwrap())]);
    }
    let status = Status::from_header_map(&headers).unwrap();
    (status.code(), status.message().to_owned())
}
