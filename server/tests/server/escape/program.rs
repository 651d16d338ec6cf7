//! The server's program may be replaced while it runs, as the documents say.

use std::{fs, os::unix::fs::PermissionsExt};

use futures::FutureExt;

use super::{
    Attack, EVERYWHERE, Got,
    arena::{Arena, Mode, PATIENCE, command},
    hold,
};
use crate::process::BINARY;

pub(super) const ATTACKS: &[Attack] = &[
    Attack {
        what: "after the program was removed no job runs",
        row: EVERYWHERE,
        // Seen in every mode: "No such file or directory".
        run: |mode| after(mode, Change::Removed).boxed_local(),
    },
    Attack {
        what: "after the program was replaced jobs are run by the new one, or not at all",
        row: EVERYWHERE,
        // Seen in every mode: "No such file or directory".
        run: |mode| after(mode, Change::Replaced).boxed_local(),
    },
];

#[derive(Clone, Copy, PartialEq)]
enum Change {
    Removed,
    Replaced,
}

async fn after(mode: Mode, change: Change) -> Got {
    let mut arena = Arena::start_with(mode, "", |command, room| {
        let program = room.join("jobsphere-server-of-mine");
        fs::copy(BINARY, &program).unwrap();
        *command = another(mode, command, &program);
    })
    .await;
    let project = arena.project("program");
    let program = arena.room().join("jobsphere-server-of-mine");
    fs::remove_file(&program).unwrap();
    if change == Change::Replaced {
        // As an upgrade does it, with a program that does not understand the old one's words.
        let new = program.with_extension("new");
        fs::write(&new, "#!/bin/sh\necho another > \"${0%/*}/was-run\"\nexit 1\n").unwrap();
        fs::set_permissions(&new, fs::Permissions::from_mode(0o755)).unwrap();
        fs::rename(&new, &program).unwrap();
    }
    let ended = arena
        .run_within(
            &project,
            super::arena::leaving(command("echo ran; echo made > out"), &["out"]),
            PATIENCE / 2,
        )
        .await;
    let Some(ended) = ended else {
        return Some("the job does not end".into());
    };
    let came = arena.outputs(&ended).len();
    let fails = ended.out != "ran\n" || came != 1;
    let was_run = arena
        .room()
        .join("was-run")
        .exists()
        .then(|| "the new program was run by the old server".to_owned());
    fails
        .then(|| format!("{:?} {} {}", ended.job.status(), ended.job.status_details, ended.system))
        .or(was_run)
}

/// The same command line of another program.
fn another(mode: Mode, command: &std::process::Command, program: &std::path::Path) -> std::process::Command {
    let mut other = mode.command(program);
    other.args(command.get_args());
    other.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    other.stdin(std::process::Stdio::null());
    other
}

#[tokio::test]
async fn the_program_may_be_replaced() {
    hold("program").await;
}
