//! Compiles the contract under `proto/` with protox: no `protoc` is needed.

use std::{error::Error, path::Path};

const ROOT: &str = "proto";

const FILES: [&str; 11] = [
    "google/rpc/status.proto",
    "jobsphere/v1/share_service.proto",
    "jobsphere/v1/shared_job_service.proto",
    "jobsphere/v1/shares.proto",
    "yandex/cloud/datasphere/v2/jobs/jobs.proto",
    "yandex/cloud/datasphere/v2/jobs/project_job_service.proto",
    "yandex/cloud/datasphere/v2/project.proto",
    "yandex/cloud/datasphere/v2/project_service.proto",
    "yandex/cloud/iam/v1/iam_token_service.proto",
    "yandex/cloud/operation/operation.proto",
    "yandex/cloud/operation/operation_service.proto",
];

fn main() -> Result<(), Box<dyn Error>> {
    if std::env::var_os("CARGO_FEATURE_SPLIT").is_some() {
        // What takes the app apart must know what refers to what.
        println!("cargo:rustc-link-arg-bin=jobsphere=--emit-relocs");
    }
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
        .btree_map(["."]);
    tonic_prost_build::configure()
        .build_transport(false)
        .compile_fds_with_config(descriptors, messages)?;
    Ok(())
}
