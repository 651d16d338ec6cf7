//! Compiles the contract under `proto/` with protox: no `protoc` is needed.

// It runs where the crate is built.
#![allow(clippy::disallowed_methods)]

use std::{error::Error, path::Path};

use prost_build::{Service, ServiceGenerator};

const ROOT: &str = "../../proto";

const FILES: [&str; 12] = [
    "google/rpc/status.proto",
    "jobsphere/v1/share_service.proto",
    "jobsphere/v1/shared_job_service.proto",
    "jobsphere/v1/shares.proto",
    "jobsphere/v1/unnamed_file_service.proto",
    "yandex/cloud/datasphere/v2/jobs/jobs.proto",
    "yandex/cloud/datasphere/v2/jobs/project_job_service.proto",
    "yandex/cloud/datasphere/v2/project.proto",
    "yandex/cloud/datasphere/v2/project_service.proto",
    "yandex/cloud/iam/v1/iam_token_service.proto",
    "yandex/cloud/operation/operation.proto",
    "yandex/cloud/operation/operation_service.proto",
];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed={ROOT}");
    let descriptors = protox::compile(FILES, [ROOT])?;
    let out = std::env::var("OUT_DIR")?;
    std::fs::write(
        Path::new(&out).join("descriptors.bin"),
        prost::Message::encode_to_vec(&descriptors),
    )?;
    let mut messages = prost_build::Config::new();
    messages
        .enable_type_names()
        .type_name_domain(["."], "type.googleapis.com")
        // One encoding for one value: equal requests have equal bytes.
        .btree_map(["."])
        .service_generator(Box::new(ClientsAndServers::new()))
        .compile_fds(descriptors)?;
    Ok(())
}

/// Clients, and servers with a codec of their own: what a client sends is judged otherwise than what it is answered.
struct ClientsAndServers([Box<dyn ServiceGenerator>; 2]);

impl ClientsAndServers {
    fn new() -> Self {
        let settings = || tonic_prost_build::configure().build_transport(false);
        let servers = settings().build_client(false).codec_path("crate::codec::RequestCodec");
        Self([
            settings().build_server(false).service_generator(),
            servers.service_generator(),
        ])
    }
}

impl ServiceGenerator for ClientsAndServers {
    fn generate(&mut self, service: Service, code: &mut String) {
        for generator in &mut self.0 {
            generator.generate(service.clone(), code);
        }
    }

    fn finalize(&mut self, code: &mut String) {
        for generator in &mut self.0 {
            generator.finalize(code);
        }
    }
}
