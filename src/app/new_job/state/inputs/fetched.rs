//! Contents of the job that this one is run again from, fetched from the service to be changed here.

use leptos::prelude::untrack;
use web_sys::File as WebFile;

use super::{
    contents::is_root,
    source::{Folder, Source},
};
use crate::{
    api::jobs::{File, FileCompressionType},
    app::{
        job::results::state::{
            content::{ContentError, Source as Held},
            item::size_bytes,
        },
        new_job::state::form::{Form, normal},
    },
    browser::{entries::Picked, files, inflate::inflated},
};
use jobsphere_authoring::{draft::InputRow, folder::base_name};
use jobsphere_results::listing::{Entry, Packing, Ranges};

/// A larger content is not taken apart in a page.
const MAX_BYTES: u64 = 256 << 20;

/// Why a content cannot be changed here.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub(crate) enum FetchedError {
    #[error(transparent)]
    Content(#[from] ContentError),
    #[error("it is larger than {} MiB", MAX_BYTES >> 20)]
    TooLarge,
    #[error("the source job has no such file")]
    Unknown,
    #[error("the browser makes no file of it: {0}")]
    Browser(String),
}

/// The file of the source job that a row holds; tracked.
pub(crate) fn held_file(form: Form, row: &InputRow) -> Option<(String, File)> {
    let sha256 = Some(row.content.sha256()).filter(|sha256| !sha256.is_empty() && row.content.chosen().is_none())?;
    let job = form.source_job()?;
    let parameters = job.request.job_parameters.unwrap_or_default();
    let modules = parameters
        .env
        .and_then(|env| env.python_env)
        .map(|python| python.local_modules);
    let mut all = parameters.input_files.into_iter().chain(modules.unwrap_or_default());
    let file = all.find(|file| file.sha256 == sha256)?;
    Some((job.id, file))
}

/// The content of a row that the service holds.
///
/// # Errors
/// [`FetchedError`].
pub(crate) async fn fetch(form: Form, row: &InputRow) -> Result<Source, FetchedError> {
    let (job_id, file) = untrack(|| held_file(form, row)).ok_or(FetchedError::Unknown)?;
    let total = size_bytes(&file);
    if total > MAX_BYTES {
        return Err(FetchedError::TooLarge);
    }
    let is_folder = file.compression_type() == FileCompressionType::Zip;
    let bytes = Held::new(job_id, file).range(0, total).await?;
    let path = normal(&row.path);
    if !is_folder {
        return Ok(Source::file(made(base_name(&path), &bytes)?));
    }
    let name = if is_root(&path) { "project" } else { base_name(&path) };
    let inside = |entry: &str| {
        let entry = entry.strip_prefix("./").unwrap_or(entry);
        let inner = entry.strip_prefix(name).and_then(|rest| rest.strip_prefix('/'));
        if is_root(&path) { entry } else { inner.unwrap_or(entry) }.to_owned()
    };
    let files = unpacked(bytes, total, inside).await?;
    Ok(Source::folder(Folder::open_as_sent(name, files).await))
}

/// The files of an archive, called by what `inside` makes of their names.
pub(crate) async fn unpacked(
    bytes: Vec<u8>,
    total: u64,
    inside: impl Fn(&str) -> String,
) -> Result<Vec<Picked>, FetchedError> {
    let mut ranges = Ranges::new(total);
    ranges.add(0, bytes.clone());
    let entries = ranges.entries().map_err(ContentError::from)?;
    let folders = ranges.folders().map_err(ContentError::from)?;
    drop(ranges);
    let mut files = Vec::new();
    for entry in &entries {
        let path = inside(&entry.path);
        let content = content(entry, &bytes, total).await?;
        files.push(Picked {
            file: Some(made(base_name(&path), &content)?),
            path,
        });
    }
    for folder in folders {
        let path = inside(&folder);
        let below = format!("{path}/");
        if !files.iter().any(|picked| picked.path.starts_with(&below)) && !path.is_empty() {
            files.push(Picked { path, file: None });
        }
    }
    Ok(files)
}

async fn content(entry: &Entry, bytes: &[u8], total: u64) -> Result<Vec<u8>, FetchedError> {
    let damaged = FetchedError::Content(ContentError::Damaged);
    if entry.size_bytes > MAX_BYTES {
        return Err(FetchedError::TooLarge);
    }
    let (from, to) = entry.range(u64::MAX, total);
    let place = |at: u64| usize::try_from(at).unwrap_or(usize::MAX);
    let packed = bytes.get(place(from)..place(to)).and_then(|bytes| entry.packed(bytes));
    let packed = packed.ok_or(damaged.clone())?;
    let content = match entry.packing.ok_or(FetchedError::Content(ContentError::Packing))? {
        _ if entry.size_bytes == 0 => Vec::new(),
        Packing::Stored => packed.to_vec(),
        Packing::Deflated => inflated(packed, place(entry.size_bytes)).await.ok_or(damaged.clone())?,
    };
    if entry.is_sound(&content) {
        Ok(content)
    } else {
        Err(damaged)
    }
}

fn made(name: &str, content: &[u8]) -> Result<WebFile, FetchedError> {
    files::file_of_bytes(name, content).map_err(FetchedError::Browser)
}
