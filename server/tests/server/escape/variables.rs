//! A job's variables say what programs load and where they find others: not so for those that keep the job apart.

use std::{fs, process::Command};

use futures::FutureExt;
use jobsphere_api::jobs::{Environment, JobParameters};

use super::{
    Attack, Got, SANDBOXED,
    arena::{Arena, Mode, command},
    hold,
};
use crate::process::{desc, file};

pub(super) const ATTACKS: &[Attack] = &[
    Attack {
        what: "a library of the job is loaded into what keeps it apart",
        row: SANDBOXED,
        // Seen by reading: bubblewrap was started with the job's own variables, in the run's folder.
        run: |mode| preloaded(mode).boxed_local(),
    },
    Attack {
        what: "a program of the job is taken for one that keeps it apart",
        row: SANDBOXED,
        // Seen by reading: bwrap and setpriv were looked for on the job's own PATH.
        run: |mode| misnamed(mode).boxed_local(),
    },
];

/// Tells when it is loaded by a process that may read the server's file, or that is root.
const LIBRARY: &str = r#"
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>
__attribute__((constructor)) static void loaded(void) {
    char text[100];
    int file = open(CANARY, O_RDONLY);
    if (file >= 0) {
        ssize_t length = read(file, text, sizeof text);
        dprintf(2, "GOT %.*s\n", (int) length, text);
        close(file);
    }
    if (getuid() == 0) dprintf(2, "GOT root\n");
}
"#;

fn with_variables(cmd: &str, variables: &[(&str, &str)]) -> JobParameters {
    let vars = variables.iter().map(|(name, value)| ((*name).into(), (*value).into()));
    JobParameters {
        env: Some(Environment {
            vars: vars.collect(),
            ..Default::default()
        }),
        ..command(cmd)
    }
}

async fn preloaded(mode: Mode) -> Got {
    let mut arena = Arena::start(mode).await;
    let project = arena.project("preloaded");
    let source = arena.room().join("library.c");
    let library = arena.room().join("library.so");
    let canary = format!("#define CANARY {:?}\n", arena.secret().display().to_string());
    fs::write(&source, canary + LIBRARY).unwrap();
    let mut compiler = Command::new("cc");
    let compiled = compiler
        .args(["-shared", "-fPIC", "-o"])
        .arg(&library)
        .arg(&source)
        .status();
    assert!(compiled.unwrap().success());
    let content = fs::read(&library).unwrap();
    let mut got = String::new();
    for variable in ["LD_PRELOAD", "LD_AUDIT"] {
        for place in ["library.so", "work/library.so", "/job/library.so"] {
            let mut job = with_variables("echo TRIED", &[(variable, place)]);
            job.input_files = vec![file(&desc("library.so", ""), &content)];
            let (id, operation) = arena.submit_with(&project, job, &[&content]).await;
            let ended = arena.end_of(&id, &operation, super::arena::PATIENCE).await.unwrap();
            got.extend(ended.got());
        }
    }
    (!got.is_empty()).then_some(got)
}

async fn misnamed(mode: Mode) -> Got {
    let mut arena = Arena::start(mode).await;
    let project = arena.project("misnamed");
    let script = format!(
        "#!/bin/sh\n/bin/cat {} 2>/dev/null && echo GOT the file\n[ $(/usr/bin/id -u) = 0 ] && echo GOT root\necho TRIED\n",
        arena.secret().display()
    );
    let names = ["bwrap", "setpriv", "sh", "env", "jobsphere-server"];
    let mut got = String::new();
    for path in ["work", "/job", ".", "work:/job:."] {
        let mut job = with_variables("echo TRIED", &[("PATH", path)]);
        job.input_files = names.map(|name| file(&desc(name, ""), script.as_bytes())).to_vec();
        let (id, operation) = arena.submit_with(&project, job, &[script.as_bytes()]).await;
        let ended = arena.end_of(&id, &operation, super::arena::PATIENCE).await.unwrap();
        got.extend(ended.got());
    }
    (!got.is_empty()).then_some(got)
}

#[tokio::test(flavor = "multi_thread")]
async fn variables_are_for_the_command_alone() {
    hold("variables").await;
}
