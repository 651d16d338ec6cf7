//! The proto files say what the published API says, to the number.
//!
//! The published side is the Python package `yandexcloud`, which `cargo xtask test` installs.

mod compare;

use std::{path::Path, process::Command};

use compare::{Subset, differences};
use jobsphere::api::DESCRIPTORS;
use prost::Message;
use prost_types::FileDescriptorSet;

/// Files of which only the named services' methods, and what these need, are declared here.
const SUBSETS: [Subset; 2] = [
    Subset {
        file: "yandex/cloud/datasphere/v2/project_service.proto",
        methods: &["Get", "List"],
    },
    Subset {
        file: "yandex/cloud/iam/v1/iam_token_service.proto",
        methods: &["Create"],
    },
];

fn ours() -> FileDescriptorSet {
    let mut set = FileDescriptorSet::decode(DESCRIPTORS).unwrap();
    set.file.retain(|file| !file.name().starts_with("google/protobuf/"));
    set
}

fn published() -> FileDescriptorSet {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let python = std::env::var("JOBSPHERE_TEST_PYTHON")
        .unwrap_or_else(|_| root.join("target/venv/bin/python").display().to_string());
    let output = Command::new(&python)
        .arg(root.join("tests/contract/dump_descriptors.py"))
        .args(ours().file.iter().map(|file| file.name()))
        .output()
        .unwrap_or_else(|error| panic!("{python}: {error}; `cargo xtask test` sets it up"));
    assert!(
        output.status.success(),
        "{python} failed; `cargo xtask test` sets it up:\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    FileDescriptorSet::decode(output.stdout.as_slice()).unwrap()
}

#[test]
fn the_proto_files_are_the_published_contract() {
    let ours = ours();
    assert_eq!(ours.file.len(), 8);
    let found = differences(&ours, &published(), &SUBSETS);
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn every_kind_of_difference_is_named() {
    let ours = ours();
    let jobs = |set: &mut FileDescriptorSet| {
        set.file
            .iter()
            .position(|file| file.name().ends_with("/jobs.proto"))
            .unwrap()
    };
    type Change = fn(&mut prost_types::FileDescriptorProto);
    let changes: [(&str, Change); 7] = [
        ("package", |file| file.package = Some("x".into())),
        ("number", |file| file.message_type[0].field[0].number = Some(99)),
        ("type", |file| file.message_type[0].field[4].r#type = Some(5)),
        ("label", |file| file.message_type[0].field[4].label = Some(3)),
        ("name", |file| file.message_type[0].field[0].name = Some("x".into())),
        ("enum value", |file| file.enum_type[0].value[1].number = Some(7)),
        ("message", |file| drop(file.message_type.pop())),
    ];
    for (kind, change) in changes {
        let mut altered = ours.clone();
        let at = jobs(&mut altered);
        change(&mut altered.file[at]);
        assert_ne!(differences(&ours, &altered, &[]), Vec::<String>::new(), "{kind}");
    }
    let mut method = ours.clone();
    for file in &mut method.file {
        for service in &mut file.service {
            service.method[0].server_streaming = Some(true);
        }
    }
    assert_ne!(differences(&ours, &method, &[]), Vec::<String>::new());
    assert_eq!(differences(&ours, &ours, &[]), Vec::<String>::new());
}
