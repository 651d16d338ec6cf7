//! Contents of the job that this one is run again from, fetched from the service to be changed here.

use std::collections::BTreeSet;

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
            unpacking::whole,
        },
        new_job::state::form::{Form, normal},
    },
    browser::{entries::Picked, files},
};
use jobsphere_authoring::{draft::InputRow, folder::base_name};
use jobsphere_results::listing::{Ranges, are_within};

/// A larger content is not taken apart in a page.
pub(crate) const MAX_BYTES: u64 = 256 << 20;

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
    let files = unpacked(&bytes, inside).await?;
    Ok(Source::folder(Folder::open_as_sent(name, files).await))
}

/// The files of an archive, called by what `inside` makes of their names.
async fn unpacked(archive: &[u8], inside: impl Fn(&str) -> String) -> Result<Vec<Picked>, FetchedError> {
    let (entries, folders) = Ranges::whole(archive).listed().map_err(ContentError::from)?;
    if !are_within(&entries, MAX_BYTES) {
        return Err(FetchedError::TooLarge);
    }
    let mut files = Vec::new();
    let mut paths = BTreeSet::new();
    for entry in &entries {
        let path = inside(&entry.path);
        let content = whole(entry, archive).await?;
        paths.insert(path.clone());
        files.push(Picked {
            file: Some(made(base_name(&path), &content)?),
            path,
        });
    }
    let is_empty = |folder: &String| {
        let below = format!("{folder}/");
        let next = paths.range(below.clone()..).next();
        !folder.is_empty() && !next.is_some_and(|path| path.starts_with(&below))
    };
    let empty = folders.iter().map(|folder| inside(folder)).filter(is_empty);
    files.extend(empty.map(|path| Picked { path, file: None }));
    Ok(files)
}

fn made(name: &str, content: &[u8]) -> Result<WebFile, FetchedError> {
    files::file_of_bytes(name, content).map_err(FetchedError::Browser)
}
