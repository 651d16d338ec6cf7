//! Which files nobody has named: found when the command has ended, told as long as they are held.

use std::{collections::HashSet, ffi::OsStr, io, os::unix::ffi::OsStrExt};

use jobsphere_api::{id::JobId, path::RelativePath};
use jobsphere_service::{Amount, Task, Unnamed, UnnamedFile};

use super::{
    super::{
        Inner,
        places::{Folder, Places},
        prepare,
        run_dir::RunDir,
    },
    LeftUnnamed,
    hold::from_now,
    now_micros,
};
use crate::porter::{Made, MadeFile, PorterError, Sum, told};

/// Writes down what the command has made and nobody has named, where that may be held. Blocks.
///
/// # Errors
/// When it cannot be found, or written down.
pub(in super::super) fn note(inner: &Inner, task: &Task, places: &Places, dir: &RunDir) -> anyhow::Result<()> {
    let Some(since) = dir.began()?.filter(|_| inner.config.limits.hold_run_folders_s > 0) else {
        return Ok(());
    };
    // The folder was empty then, and nothing was put into it: that is known without a look into it.
    let is_given = !task.parameters.input_files.is_empty() || !prepare::local_modules(task).is_empty();
    if !is_given && dir.work_changed()? < since {
        return Ok(());
    }
    let Some(named) = named(task, places) else {
        return Ok(());
    };
    let made = inner.with_porter(task, places, |porter| {
        porter.made(places.number(Folder::Work), named, since)
    });
    let made = match made {
        // It was broken off by a cancel order.
        Err(PorterError::Gone(_)) if dir.is_stopped() => return Ok(()),
        made => made?,
    };
    if !made.is_empty() {
        dir.write_unnamed(&LeftUnnamed {
            project: task.project_id.to_string(),
            made,
        })?;
    }
    Ok(())
}

/// The paths in the working folder that outputs name; `None` when the whole of it is one.
fn named(task: &Task, places: &Places) -> Option<Vec<Vec<u8>>> {
    let work = places.number(Folder::Work);
    let outputs = task.parameters.output_files.iter();
    let places = outputs.flat_map(|desc| places.place(desc).ok().into_iter().chain(places.as_it_stands(desc)));
    let paths: HashSet<String> = places
        .filter(|place| place.folder == work)
        .map(|place| place.path)
        .collect();
    let is_whole = paths
        .iter()
        .any(|path| path.is_empty() || RelativePath::is_working_directory(path));
    (!is_whole).then(|| paths.into_iter().map(String::into_bytes).collect())
}

/// What is told of a job's files, as long as they are held. Blocks.
///
/// # Errors
/// When the disk does not do it.
pub(in super::super) fn unnamed(inner: &Inner, job: &JobId, dir: &RunDir) -> io::Result<Option<Unnamed>> {
    let Some((left, until_micros)) = still_there(inner, job, dir)? else {
        return Ok(None);
    };
    let Made { files, more, passed } = left.made;
    let files = files.iter().map(|file| UnnamedFile {
        path: path(file),
        size_bytes: number(file.size_bytes),
    });
    Ok(Some(Unnamed {
        files: files.collect(),
        more: amount(more),
        passed: amount(passed),
        until_micros,
    }))
}

/// What is held of a job, and until when; also in the moment between its end and that. Blocks.
///
/// # Errors
/// When the disk does not do it.
pub(super) fn still_there(inner: &Inner, job: &JobId, dir: &RunDir) -> io::Result<Option<(LeftUnnamed, i64)>> {
    let until_micros = match inner.held.until(job) {
        Some(until_micros) if until_micros <= now_micros() => return Ok(None),
        until_micros => until_micros.or_else(|| from_now(inner.config.limits.hold_run_folders_s)),
    };
    Ok(dir.unnamed()?.zip(until_micros))
}

/// How a file is called; no two have one name.
pub(super) fn path(file: &MadeFile) -> String {
    told(OsStr::from_bytes(&file.path))
}

fn amount(sum: Sum) -> Amount {
    Amount {
        count: number(sum.files),
        bytes: number(sum.bytes),
    }
}

fn number(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
