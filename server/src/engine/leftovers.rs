//! What a command has started and a supervisor that was killed could not end.

// Everything here blocks.
#![allow(clippy::disallowed_methods)]

use std::fs;

use jobsphere_api::id::JobId;
use rustix::process::{Pid, Signal, kill_process};

/// The variable that every process of a job inherits.
pub(super) const JOB_ID: &str = "DS_JOB_ID";
/// Each round kills what the one before it has missed: a process that was just being forked.
const ROUNDS: usize = 10;

/// Kills every process that runs in the environment of the job. Blocks.
///
/// It finds processes of this user alone, which is all that a server that is not root can kill.
pub(super) fn kill(job: &JobId) {
    let mark = format!("{JOB_ID}={job}");
    for _ in 0..ROUNDS {
        let found = processes(mark.as_bytes());
        if found.is_empty() {
            return;
        }
        for pid in found {
            // One that is gone needs no killing.
            let _ = kill_process(pid, Signal::KILL);
        }
    }
}

fn processes(mark: &[u8]) -> Vec<Pid> {
    let all = fs::read_dir("/proc").into_iter().flatten().flatten();
    let of_the_job = all.filter_map(|entry| {
        let pid = entry.file_name().to_str()?.parse().ok()?;
        let environment = fs::read(entry.path().join("environ")).ok()?;
        let has_mark = environment.split(|byte| *byte == 0).any(|variable| variable == mark);
        has_mark.then(|| Pid::from_raw(pid)).flatten()
    });
    of_the_job.collect()
}
