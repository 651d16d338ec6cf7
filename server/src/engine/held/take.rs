//! Files out of a held folder, stored as outputs are.

use std::{collections::HashMap, time::Duration};

use jobsphere_api::jobs::{File, FileCompressionType, FileDesc};
use jobsphere_service::{NotHeld, Taken, Task};
use tokio::{sync::AcquireError, task::spawn_blocking, time::timeout};

use super::{
    super::{LocalEngine, collect::Room, run_dir::RunDir},
    list::{path, still_there},
};
use crate::{
    folders,
    porter::{Collected, Porter},
};

/// How long a caller waits for his turn.
const PATIENCE: Duration = Duration::from_secs(10);
/// When one that had none is to come again.
const AGAIN: Duration = Duration::from_secs(5);
const GONE: &str = "It could not be stored: the folder of the run has gone meanwhile";

/// Stores those of a job's unnamed files that have these paths.
///
/// # Errors
/// When its folder is not held, or too much is being stored.
pub(in super::super) async fn take(engine: &LocalEngine, task: &Task, paths: &[String]) -> Result<Vec<Taken>, NotHeld> {
    let held = &engine.inner.held;
    // That of the project first: whoever waits for it takes none of the others'.
    let turns = async {
        let own = held.turn_of(&task.project_id.to_string()).lock_owned().await;
        Ok::<_, AcquireError>((own, held.taking.clone().acquire_owned().await?))
    };
    let Ok(Ok(turns)) = timeout(PATIENCE, turns).await else {
        return Err(NotHeld::Busy(AGAIN));
    };
    let (engine, task, paths) = (engine.clone(), task.clone(), paths.to_vec());
    let taken = spawn_blocking(move || {
        // It is over when the files are stored, whoever waits for them.
        let _turns = turns;
        take_all(&engine, &task, paths)
    });
    taken.await.unwrap_or(Err(NotHeld::Gone))
}

/// Blocks.
fn take_all(engine: &LocalEngine, task: &Task, paths: Vec<String>) -> Result<Vec<Taken>, NotHeld> {
    let dir = engine.dir(&task.job_id);
    let made = match still_there(&engine.inner, &task.job_id, &dir) {
        Ok(Some((left, _))) => left.made,
        Ok(None) => return Err(NotHeld::Gone),
        Err(error) => {
            tracing::error!(job = %task.job_id, "what is held cannot be read: {error}");
            return Err(NotHeld::Gone);
        }
    };
    let mut known: HashMap<String, Vec<u8>> = made.files.into_iter().map(|file| (path(&file), file.path)).collect();
    let mut porter = porter(engine, &dir);
    let mut room = Room::of(&engine.inner, task);
    let is_held = || matches!(dir.unnamed(), Ok(Some(_)));
    let taken = paths.into_iter().map(|path| {
        let file = match (known.remove(&path), porter.as_mut()) {
            (Some(_), _) if !is_held() => Err(GONE.to_owned()),
            (None, _) => Err("It is not among the files that the command has left".to_owned()),
            (Some(_), Err(error)) => {
                tracing::warn!(job = %task.job_id, "what is held cannot be opened: {error}");
                Err(GONE.to_owned())
            }
            (Some(bytes), Ok(porter)) => match &mut room {
                Ok(room) => store(engine, task, porter, &path, bytes, room),
                Err(error) => Err(format!("It could not be stored: {error}")),
            },
        };
        Taken { path, file }
    });
    Ok(taken.collect())
}

/// One with the rights of whose folder it is.
fn porter(engine: &LocalEngine, dir: &RunDir) -> std::io::Result<Porter> {
    let work = dir.work();
    folders::porter(&engine.inner.around, folders::owner(&work), &[work])
}

/// Stores a file, as far as there is `room`, of which it takes what it has.
fn store(
    engine: &LocalEngine,
    task: &Task,
    porter: &mut Porter,
    path: &str,
    bytes: Vec<u8>,
    room: &mut Room,
) -> Result<File, String> {
    let inner = &engine.inner;
    let collected = porter.take(0, bytes, room.most_bytes, |mut content| {
        inner.blobs.put_from(&task.project_id, &mut content)
    });
    match collected {
        Ok(Collected::Stored {
            stored: (sha256, size_bytes),
            ..
        }) => {
            room.most_bytes = room.most_bytes.saturating_sub(size_bytes);
            Ok(File {
                desc: Some(FileDesc {
                    path: path.to_owned(),
                    var: String::new(),
                }),
                sha256: sha256.to_string(),
                size_bytes: i64::try_from(size_bytes).unwrap_or(i64::MAX),
                compression_type: FileCompressionType::None.into(),
            })
        }
        Ok(Collected::TooLarge { size_bytes }) => Err(room.exceeded(size_bytes)),
        Ok(Collected::Not { sentence, .. }) => Err(sentence),
        Err(error) => {
            tracing::warn!(job = %task.job_id, "a file of a held folder is not stored: {error}");
            Err(GONE.to_owned())
        }
    }
}
