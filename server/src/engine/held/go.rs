//! How held folders go: out of sight at once, from the disk in the background.

use std::{io, path::Path, time::Duration};

use jobsphere_api::id::JobId;
use tokio::{
    task::{JoinHandle, spawn_blocking},
    time::sleep,
};

use super::{
    super::{LocalEngine, run_dir::RunDir},
    HeldRun, now_micros,
};

/// How the name of a folder begins that is being removed; none of a job's does.
const GONE: &str = ".gone-";
/// Folders of one job that may wait for their removal.
const MOST_GONE: usize = 1000;
/// Of the disk, such a part stays free, as far as held folders can give it: outputs are refused when much less is.
const FREE_PART: u64 = 10;
/// When less than such a part is free, no folder is held: every byte counts.
const LEAST_PART: u64 = 100;
/// All held folders together take such a part of the disk at most.
const HELD_PART: u64 = 10;
/// Between two looks at the disk.
const LOOK_EVERY: Duration = Duration::from_secs(30);

/// Lets folders go whose time is over, or that the disk has no room for, as long as the server lives. It begins with what
/// an earlier one has left.
pub(in super::super) async fn watch(engine: LocalEngine) {
    let runs = engine.inner.runs.clone();
    let gone = spawn_blocking(move || all_gone(&runs)).await;
    for dir in gone.into_iter().flatten() {
        remove_in_background(&engine, dir);
    }
    loop {
        let held = &engine.inner.held;
        let disk = Disk::of(&engine).await;
        for job in held.due(now_micros(), disk.bytes / HELD_PART) {
            let_go(&engine, &job).await;
        }
        let pause = match held.first() {
            // What would not mend it is not given up for it: others than those who hold may fill the disk.
            Some(_) if disk.missing_bytes > 0 && (disk.is_full || held.bytes() >= disk.missing_bytes) => {
                if let Some(job) = held.first_of_largest() {
                    tracing::warn!(%job, "the disk is short of room: the folder of its run is held no longer");
                    // Whether that was enough is seen when it is gone.
                    let_go(&engine, &job).await.removed().await;
                }
                continue;
            }
            Some((_, until_micros)) => {
                let left = until_micros.saturating_sub(now_micros()).max(0);
                Duration::from_micros(left.unsigned_abs()).min(LOOK_EVERY)
            }
            None => LOOK_EVERY,
        };
        tokio::select! {
            () = sleep(pause) => {}
            () = held.added.notified() => {}
        }
    }
}

/// A folder that nobody sees any more, and that is being removed.
pub(in super::super) struct Going(Option<JoinHandle<()>>);

impl Going {
    /// Waits until it is removed.
    async fn removed(self) {
        if let Some(removal) = self.0 {
            let _ = removal.await;
        }
    }
}

/// Holds the folder of a job no longer; it is removed in the background.
pub(in super::super) async fn let_go(engine: &LocalEngine, job: &JobId) -> Going {
    if !engine.inner.held.remove(job) {
        return Going(None);
    }
    let (dir, runs, id) = (engine.dir(job), engine.inner.runs.clone(), job.clone());
    match spawn_blocking(move || out_of_sight(&dir, &runs, &id)).await {
        Ok(Ok(gone)) => return Going(Some(remove_in_background(engine, gone))),
        Ok(Err(error)) if error.kind() == io::ErrorKind::NotFound => {}
        Ok(Err(error)) => tracing::warn!(%job, "the folder of its run stays until the next start: {error}"),
        Err(_) => {}
    }
    Going(None)
}

/// Gives a folder a name that nobody looks for.
#[allow(clippy::disallowed_methods)] // It blocks.
fn out_of_sight(dir: &RunDir, runs: &Path, job: &JobId) -> io::Result<RunDir> {
    let mut result = Err(io::ErrorKind::AlreadyExists.into());
    for number in 0..MOST_GONE {
        let gone = runs.join(format!("{GONE}{job}-{number}"));
        // Only an empty folder is replaced.
        result = std::fs::rename(dir.path(), &gone).map(|()| RunDir::new(gone));
        match &result {
            Err(error) if is_taken(error) => {}
            _ => break,
        }
    }
    result
}

fn is_taken(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::DirectoryNotEmpty | io::ErrorKind::AlreadyExists | io::ErrorKind::NotADirectory
    )
}

fn remove_in_background(engine: &LocalEngine, gone: RunDir) -> JoinHandle<()> {
    let engine = engine.clone();
    let turns = engine.inner.held.removing.clone();
    tokio::spawn(async move {
        let _turn = turns.acquire_owned().await;
        let removed = spawn_blocking(move || gone.remove(&engine.inner.around)).await;
        if let Ok(Err(error)) = removed {
            tracing::warn!("a folder of a run stays until the next start: {error}");
        }
    })
}

/// The folders that an earlier server has put out of sight and not removed.
#[allow(clippy::disallowed_methods)] // It blocks.
fn all_gone(runs: &Path) -> Vec<RunDir> {
    let entries = std::fs::read_dir(runs).into_iter().flatten().flatten();
    let gone = entries.filter(|entry| entry.file_name().to_string_lossy().starts_with(GONE));
    gone.map(|entry| RunDir::new(entry.path())).collect()
}

/// Reads which folders an earlier server has held. Blocks.
#[allow(clippy::disallowed_methods)]
pub(in super::super) fn held_before(runs: &Path) -> Vec<(JobId, HeldRun)> {
    let entries = std::fs::read_dir(runs).into_iter().flatten().flatten();
    let held = entries.filter_map(|entry| {
        let job = JobId::parse(entry.file_name().to_str()?).ok()?;
        let held = RunDir::new(entry.path()).held().ok().flatten()?;
        Some((job, held))
    });
    held.collect()
}

/// The disk that the folders are on.
struct Disk {
    bytes: u64,
    /// What is not free and should be.
    missing_bytes: u64,
    is_full: bool,
}

impl Disk {
    /// As it is now; one that does not tell has room.
    async fn of(engine: &LocalEngine) -> Self {
        let runs = engine.inner.runs.clone();
        match spawn_blocking(move || rustix::fs::statvfs(&runs)).await {
            Ok(Ok(disk)) => Self {
                bytes: disk.f_blocks.saturating_mul(disk.f_frsize),
                missing_bytes: (disk.f_blocks / FREE_PART)
                    .saturating_sub(disk.f_bavail)
                    .saturating_mul(disk.f_frsize),
                is_full: disk.f_bavail < disk.f_blocks / LEAST_PART,
            },
            _ => Self {
                bytes: u64::MAX,
                missing_bytes: 0,
                is_full: false,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_name_out_of_sight_is_found_for_each() {
        let runs = tempfile::tempdir().unwrap();
        let job = JobId::from_random([7; 20]);
        let dir = RunDir::new(runs.path().join(job.as_str()));
        for _ in 0..3 {
            fs::create_dir_all(dir.path().join("work")).unwrap();
            out_of_sight(&dir, runs.path(), &job).unwrap();
        }
        assert_eq!(all_gone(runs.path()).len(), 3);
        assert!(out_of_sight(&dir, runs.path(), &job).is_err());
        fs::create_dir_all(dir.path()).unwrap();
        let held = HeldRun {
            project: "p".into(),
            until_micros: 5,
            bytes: 7,
        };
        dir.write_held(&held).unwrap();
        assert_eq!(held_before(runs.path()), [(job, held)]);
    }
}
