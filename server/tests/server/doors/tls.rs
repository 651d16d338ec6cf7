//! TLS on the one port: native gRPC and HTTP/1.1, and a certificate that is renewed.

use std::{fs, path::Path, time::Duration};

use jobsphere_api::jobs::ListProjectJobRequest;
use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustix::process::Signal;
use tonic::transport::{Certificate, Channel, ClientTlsConfig};

use crate::process::{Client, Server, desc};

/// A fresh certificate in `cert.pem` and `key.pem`; the certificate.
fn certify(dir: &Path) -> String {
    let CertifiedKey { cert, signing_key } =
        generate_simple_self_signed(["localhost".to_owned(), "127.0.0.1".to_owned()]).unwrap();
    fs::write(dir.join("cert.pem"), cert.pem()).unwrap();
    fs::write(dir.join("key.pem"), signing_key.serialize_pem()).unwrap();
    cert.pem()
}

fn start(dir: &Path) -> Server {
    let paths = ["cert.pem", "key.pem"].map(|name| dir.join(name).to_str().unwrap().to_owned());
    let options = ["--tls-cert", &paths[0], "--tls-key", &paths[1], "--auth", "token"];
    Server::start_with(&dir.join("data"), &options)
}

async fn connect(server: &Server, trusted: &str) -> Result<Client, tonic::transport::Error> {
    let tls = ClientTlsConfig::new().ca_certificate(Certificate::from_pem(trusted));
    let endpoint = Channel::from_shared(server.address.clone()).unwrap().tls_config(tls)?;
    Ok(Client::new(endpoint.connect().await?, server.link_token.as_deref()))
}

fn agent(trusted: &str) -> ureq::Agent {
    let root = ureq::tls::Certificate::from_pem(trusted.as_bytes()).unwrap().to_owned();
    let tls = ureq::tls::TlsConfig::builder()
        .root_certs(ureq::tls::RootCerts::new_with_certs(&[root]))
        .build();
    ureq::Agent::config_builder().tls_config(tls).build().into()
}

#[tokio::test]
async fn one_port_speaks_grpc_and_http_1_over_tls() {
    let dir = tempfile::tempdir().unwrap();
    let trusted = certify(dir.path());
    let server = start(dir.path());
    assert!(server.address.starts_with("https://127.0.0.1:"), "{}", server.address);

    let mut client = connect(&server, &trusted).await.unwrap();
    let request = jobsphere_api::jobs::CreateProjectJobRequest {
        project_id: "default".into(),
        job_parameters: Some(jobsphere_api::jobs::JobParameters {
            cmd: "true".into(),
            input_files: vec![crate::process::file(&desc("a", ""), b"over tls")],
            ..Default::default()
        }),
        ..Default::default()
    };
    let created = client.jobs.create(request).await.unwrap().into_inner();
    let created: jobsphere_api::jobs::CreateProjectJobResponse = crate::process::response(&created);
    let url = &created.upload_files[0].url;
    assert!(url.starts_with(&server.address), "{url}");

    let agent = agent(&trusted);
    assert_eq!(agent.put(url).send(&b"over tls"[..]).unwrap().status(), 200);
    let health = agent.get(format!("{}/health", server.address)).call().unwrap();
    assert_eq!(
        (health.status().as_u16(), health.version()),
        (200, http::Version::HTTP_11)
    );

    let plain = server.address.replace("https://", "http://");
    assert!(
        ureq::get(format!("{plain}/health")).call().is_err(),
        "plain HTTP is not answered"
    );
    let stranger = tempfile::tempdir().unwrap();
    assert!(connect(&server, &certify(stranger.path())).await.is_err());
}

#[tokio::test]
async fn a_renewed_certificate_is_taken_up() {
    let dir = tempfile::tempdir().unwrap();
    let old = certify(dir.path());
    let server = start(dir.path());
    connect(&server, &old).await.unwrap();
    fs::write(dir.path().join("cert.pem"), "no certificate").unwrap();
    server.signal(Signal::HUP);
    connect(&server, &old).await.unwrap();

    let new = certify(dir.path());
    server.signal(Signal::HUP);
    let taken = async {
        while connect(&server, &new).await.is_err() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), taken).await.unwrap();
    let list = ListProjectJobRequest {
        project_id: "default".into(),
        ..Default::default()
    };
    connect(&server, &new).await.unwrap().jobs.list(list).await.unwrap();
    assert!(connect(&server, &old).await.is_err());
}

#[test]
fn a_certificate_that_is_none_is_said() {
    let dir = tempfile::tempdir().unwrap();
    certify(dir.path());
    fs::write(dir.path().join("key.pem"), "no key").unwrap();
    let output = std::process::Command::new(crate::process::BINARY)
        .current_dir(dir.path())
        .args([
            "--listen",
            "127.0.0.1:0",
            "--data-dir",
            "data",
            "--tls-cert",
            "cert.pem",
            "--tls-key",
            "key.pem",
        ])
        .output()
        .unwrap();
    assert!(!output.status.success());
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("cert.pem") && said.contains("key.pem"), "{said}");
}
