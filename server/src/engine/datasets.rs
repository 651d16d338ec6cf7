//! Datasets that a command makes: a folder each to write into, which is kept when all went well.

use std::{fs, io, path::Path};

use jobsphere_api::{
    id::DatasetId,
    jobs::{
        FileDesc, FileUploadError, OutputDataset, OutputDatasetDesc,
        file_upload_error::{ErrorType, FileType},
    },
};
use jobsphere_rules::service_line::ServiceLine;
use jobsphere_service::Task;
use tokio::task::spawn_blocking;

use super::{
    Inner,
    mounts::Mounted,
    note,
    places::{Folder, Places},
    run_dir::RunDir,
};
use crate::{folders, porter::Content};

const GB: u64 = 1 << 30;
const ID_BYTES: usize = 20;

/// The ids of the datasets of `task`: given once, for all tries. Blocks.
///
/// # Errors
/// When the disk does not do it.
pub(super) fn reserve(task: &Task, dir: &RunDir) -> anyhow::Result<Vec<DatasetId>> {
    let wanted = &task.parameters.output_datasets;
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    if let Some(ids) = dir.datasets()? {
        return Ok(ids);
    }
    let ids: Vec<DatasetId> = wanted.iter().map(|_| new_id()).collect::<Result<_, _>>()?;
    dir.write_datasets(&ids)?;
    Ok(ids)
}

/// Tells the command where it writes its datasets.
pub(super) fn show(task: &Task, places: &Places, mounted: &mut Mounted) {
    let wanted = task.parameters.output_datasets.iter().enumerate();
    for (number, desc) in wanted.take(places.datasets().len()) {
        mounted.name(&desc.var, &places.folder(Folder::Dataset(number)));
    }
}

fn new_id() -> Result<DatasetId, getrandom::Error> {
    let mut random = [0; ID_BYTES];
    getrandom::fill(&mut random)?;
    Ok(DatasetId::from_random(random))
}

/// The datasets of a command that succeeded: all in their places, or what is wrong with each. Called again after a
/// crash in its middle, it does the rest. Blocks.
///
/// # Errors
/// When the run directory cannot be read.
pub(super) fn keep(
    inner: &Inner,
    task: &Task,
    places: &Places,
    dir: &RunDir,
) -> anyhow::Result<Result<Vec<OutputDataset>, Vec<FileUploadError>>> {
    let wanted = &task.parameters.output_datasets;
    let wanted: Vec<(&OutputDatasetDesc, &DatasetId)> = wanted.iter().zip(places.datasets()).collect();
    let checked = wanted.iter().enumerate();
    let errors: Vec<FileUploadError> = checked
        .filter_map(|(number, (desc, id))| check(inner, task, places, number, desc, id).err())
        .collect();
    if !errors.is_empty() {
        return Ok(Err(errors));
    }
    let mut kept = Vec::new();
    let mut errors = Vec::new();
    for (desc, id) in wanted {
        match inner.datasets.keep(&dir.dataset(id), &task.project_id, id) {
            Ok(()) => kept.push(OutputDataset {
                desc: Some(desc.clone()),
                id: id.to_string(),
            }),
            Err(error) => errors.push(unkept(desc, &format!("{error:#}"))),
        }
    }
    if !errors.is_empty() {
        return Ok(Err(errors));
    }
    for dataset in &kept {
        let name = dataset.desc.as_ref().map(|desc| desc.name.as_str()).unwrap_or_default();
        note(
            inner,
            &task.job_id,
            &ServiceLine::DatasetKept {
                name: name.into(),
                dataset: dataset.id.as_str().into(),
            },
        )?;
    }
    Ok(Ok(kept))
}

/// Whether the command has left the folder as it may be kept, which is read-only then.
#[allow(clippy::disallowed_methods)] // It blocks.
fn check(
    inner: &Inner,
    task: &Task,
    places: &Places,
    number: usize,
    desc: &OutputDatasetDesc,
    id: &DatasetId,
) -> Result<(), FileUploadError> {
    if inner.datasets.path(&task.project_id, id).is_dir() {
        return Ok(());
    }
    let folder = Folder::Dataset(number);
    // Only without a sandbox can a command remove it.
    if !folders::is_folder(&places.folder(folder).source) {
        let name = desc.name.as_str().into();
        let description = ServiceLine::DatasetRemoved { name };
        return Err(refused(desc, ErrorType::NotFound, description));
    }
    let most = u64::try_from(desc.size_gb).unwrap_or(0).saturating_mul(GB);
    let measured = inner.with_porter(task, places, |porter| porter.seal(places.number(folder), most));
    let Content { size_bytes, .. } = measured.map_err(|error| unkept(desc, &error))?;
    if size_bytes <= most {
        return Ok(());
    }
    let description = ServiceLine::DatasetTooLarge {
        name: desc.name.as_str().into(),
        bytes: size_bytes.to_string().into(),
        gb: desc.size_gb.to_string().into(),
    };
    Err(refused(desc, ErrorType::UploadFailed, description))
}

fn unkept(desc: &OutputDatasetDesc, error: &dyn std::fmt::Display) -> FileUploadError {
    let description = ServiceLine::DatasetNotKept {
        name: desc.name.as_str().into(),
        reason: error.to_string().into(),
    };
    refused(desc, ErrorType::UploadFailed, description)
}

/// A dataset has no path; its name stands for it.
fn refused(desc: &OutputDatasetDesc, kind: ErrorType, description: ServiceLine<'_>) -> FileUploadError {
    FileUploadError {
        description: description.to_string(),
        r#type: kind.into(),
        file_type: Some(FileType::OutputFileDesc(FileDesc {
            path: desc.name.clone(),
            var: desc.var.clone(),
        })),
    }
}

/// Removes what a run has put in its place and its job did not come to own; called once the job has ended.
///
/// # Errors
/// When the run directory or the store cannot be read; the folders then stay until the next start.
pub(super) async fn drop_unowned(inner: &Inner, dir: &RunDir) -> anyhow::Result<()> {
    if let Some(ids) = dir.ask(RunDir::datasets).await? {
        inner.datasets.sweep(&inner.store, |id| ids.contains(id)).await?;
    }
    Ok(())
}

/// Removes what no job came to own before the server was stopped. Runs that are there take up their own.
///
/// # Errors
/// When the run directories or the store cannot be read.
pub(super) async fn sweep(inner: &Inner) -> anyhow::Result<()> {
    let runs = inner.runs.clone();
    let held = spawn_blocking(move || held(&runs)).await??;
    Ok(inner.datasets.sweep(&inner.store, |id| !held.contains(id)).await?)
}

/// The datasets that runs have taken ids for. Blocks.
#[allow(clippy::disallowed_methods)] // It blocks.
fn held(runs: &Path) -> io::Result<Vec<DatasetId>> {
    let mut held = Vec::new();
    for entry in fs::read_dir(runs)? {
        held.extend(RunDir::new(entry?.path()).datasets()?.unwrap_or_default());
    }
    Ok(held)
}
