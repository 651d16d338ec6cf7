//! The processes below this one, wherever they went: orphans come to the nearest subreaper, which is this one.

use std::{
    fs,
    sync::atomic::{AtomicU32, Ordering},
};

use rustix::process::{Pid, Signal, WaitOptions, kill_process, wait};

/// A child that is not the job's.
#[derive(Debug, Clone, Copy)]
pub(super) enum Ours {
    Meter,
    Gpus,
}

/// Their numbers; 0 for none.
static OURS: [AtomicU32; 2] = [AtomicU32::new(0), AtomicU32::new(0)];

/// Leaves this child, and what is below it, out of everything here.
pub(super) fn except(which: Ours, pid: u32) {
    OURS[which as usize].store(pid, Ordering::Relaxed);
}

/// Every process below this one.
pub(super) fn all() -> Vec<u32> {
    let mut below = Vec::new();
    collect(std::process::id(), &mut below);
    below
}

/// Every process below the children of this one.
pub(super) fn below_the_first() -> Vec<u32> {
    let mut below = Vec::new();
    for first in children(std::process::id()) {
        collect(first, &mut below);
    }
    below
}

/// The time of the processor that these have taken, in the kernel's ticks; nothing for those that are gone.
pub(super) fn ticks(pids: &[u32]) -> u64 {
    let of = |pid: &u32| {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        // What comes before is the program's name, in which anything may stand.
        let mut fields = stat.rsplit(')').next()?.split_whitespace().skip(11);
        let mut next = || fields.next()?.parse::<u64>().ok();
        Some(next()? + next()?)
    };
    pids.iter().filter_map(of).sum()
}

/// Kills every process below this one, also those that appear meanwhile.
pub(super) fn kill_all() {
    loop {
        let mut below = Vec::new();
        collect(std::process::id(), &mut below);
        if below.is_empty() {
            return;
        }
        for pid in below {
            if let Some(pid) = id(pid) {
                // One that is gone needs no killing.
                let _ = kill_process(pid, Signal::KILL);
            }
        }
        // Waits for one of them, then sees what is left.
        let _ = wait(WaitOptions::empty());
        reap();
    }
}

/// Sends `signal` to what runs inside the sandbox around process `outer`: below its first process. False when nothing
/// runs there yet.
pub(super) fn signal_inside(outer: u32, signal: Signal) -> bool {
    let mut inside = Vec::new();
    for first in children(outer) {
        collect(first, &mut inside);
    }
    for pid in inside.iter().filter_map(|pid| id(*pid)) {
        // One that is gone needs no signal.
        let _ = kill_process(pid, signal);
    }
    !inside.is_empty()
}

/// Kills what is below `pid`, once.
pub(super) fn kill_below(pid: u32) {
    let mut below = Vec::new();
    collect(pid, &mut below);
    for pid in below.into_iter().filter_map(id) {
        let _ = kill_process(pid, Signal::KILL);
    }
}

fn id(pid: u32) -> Option<Pid> {
    i32::try_from(pid).ok().and_then(Pid::from_raw)
}

/// Takes note of the end of those that have ended.
pub(super) fn reap() {
    while let Ok(Some(_)) = wait(WaitOptions::NOHANG) {}
}

fn collect(pid: u32, below: &mut Vec<u32>) {
    for child in children(pid) {
        below.push(child);
        collect(child, below);
    }
}

fn children(pid: u32) -> Vec<u32> {
    let Ok(threads) = fs::read_dir(format!("/proc/{pid}/task")) else {
        return Vec::new();
    };
    threads
        .flatten()
        .filter_map(|thread| fs::read_to_string(thread.path().join("children")).ok())
        .flat_map(|list| {
            list.split_whitespace()
                .filter_map(|pid| pid.parse().ok())
                .filter(|pid| OURS.iter().all(|ours| *pid != ours.load(Ordering::Relaxed)))
                .collect::<Vec<u32>>()
        })
        .collect()
}
