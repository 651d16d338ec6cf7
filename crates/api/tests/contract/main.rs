//! The proto files say what the published API says, to the number.
//!
//! The published side is the Python package `yandexcloud`, which `cargo xtask test` installs.

#![allow(clippy::unwrap_used, clippy::disallowed_methods, clippy::disallowed_types)]

mod compare;

use std::{path::Path, process::Command};

use compare::{Subset, differences};
use jobsphere_api::DESCRIPTORS;
use prost::Message;
use prost_types::{
    FieldDescriptorProto, FileDescriptorProto, FileDescriptorSet,
    field_descriptor_proto::{Label, Type},
};

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
    // What is not of the published contract is not compared with it.
    let own = ["google/protobuf/", "jobsphere/"];
    set.file
        .retain(|file| !own.iter().any(|folder| file.name().starts_with(folder)));
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
    type Change = fn(&mut FileDescriptorProto);
    let changes: [(&str, &str, Change); 14] = [
        ("/jobs.proto", "not published", |file| {
            file.name = Some("other.proto".into())
        }),
        ("/jobs.proto", "package other", |file| {
            file.package = Some("other".into())
        }),
        ("/jobs.proto", "enum JobStatus: PREPARING = 8", |file| {
            drop(file.enum_type.pop())
        }),
        ("/jobs.proto", "enum JobStatus: PREPARING = 80", |file| {
            last(&mut last(&mut file.enum_type).value).number = Some(80);
        }),
        ("/jobs.proto", "message SparkParameters", |file| {
            drop(file.message_type.pop())
        }),
        ("/jobs.proto", "field connector = 1", |file| {
            last_field(file).name = Some("connector".into())
        }),
        ("/jobs.proto", "field connector_id = 9", |file| {
            last_field(file).number = Some(9)
        }),
        ("/jobs.proto", "LABEL_REPEATED", |file| {
            last_field(file).set_label(Label::Repeated)
        }),
        ("/jobs.proto", "TYPE_BYTES", |file| {
            last_field(file).set_type(Type::Bytes)
        }),
        ("/operation.proto", "oneof none", |file| {
            last_field(file).oneof_index = None
        }),
        (
            "/project_job_service.proto",
            "rpc ProjectJobService.Create(.other)",
            |file| {
                file.service[0].method[0].input_type = Some(".other".into());
            },
        ),
        ("/project_job_service.proto", "-> .other", |file| {
            file.service[0].method[0].output_type = Some(".other".into());
        }),
        ("/project_job_service.proto", "-> stream ", |file| {
            file.service[0].method[0].server_streaming = Some(true);
        }),
        ("/project_service.proto", "rpc ProjectService.Get", |file| {
            drop(file.service.pop())
        }),
    ];
    let ours = ours();
    assert_eq!(differences(&ours, &ours, &[]), Vec::<String>::new());
    for (file, sentence, change) in changes {
        let mut altered = ours.clone();
        change(
            altered
                .file
                .iter_mut()
                .find(|declared| declared.name().ends_with(file))
                .unwrap(),
        );
        let found = differences(&ours, &altered, &SUBSETS);
        assert!(
            found.iter().any(|difference| difference.contains(sentence)),
            "{sentence}: {found:?}"
        );
    }
}

fn last<T>(list: &mut [T]) -> &mut T {
    list.last_mut().unwrap()
}

fn last_field(file: &mut FileDescriptorProto) -> &mut FieldDescriptorProto {
    last(&mut last(&mut file.message_type).field)
}
