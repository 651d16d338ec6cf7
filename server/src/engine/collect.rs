//! What a command leaves: outputs and logs become blobs.

use std::{collections::BTreeMap, fs, io, io::Write, path::Path};

use anyhow::Context;
use jobsphere::{
    api::{
        id::ProjectId,
        jobs::{
            File, FileCompressionType, FileDesc, FileUploadError,
            file_upload_error::{ErrorType, FileType},
        },
    },
    service::Task,
};
use tempfile::NamedTempFile;

use super::{archive, prepare::place, run_dir::RunDir};
use crate::{
    blobs::DiskBlobs,
    logs::{DiskLogs, LogSource},
    supervisor::stats,
};

/// The outputs that are there, and an error for each that is not.
pub(super) fn outputs(blobs: &DiskBlobs, task: &Task, dir: &RunDir) -> (Vec<File>, Vec<FileUploadError>) {
    let mut files = Vec::new();
    let mut errors = Vec::new();
    for desc in &task.parameters.output_files {
        match output(blobs, &task.project_id, dir, desc) {
            Ok(file) => files.push(file),
            Err(error) => errors.push(FileUploadError {
                description: error.description,
                r#type: error.kind.into(),
                file_type: Some(FileType::OutputFileDesc(desc.clone())),
            }),
        }
    }
    (files, errors)
}

struct OutputError {
    kind: ErrorType,
    description: String,
}

impl<E: Into<anyhow::Error>> From<E> for OutputError {
    fn from(error: E) -> Self {
        Self {
            kind: ErrorType::UploadFailed,
            description: format!("It could not be stored: {:#}", error.into()),
        }
    }
}

fn output(blobs: &DiskBlobs, project: &ProjectId, dir: &RunDir, desc: &FileDesc) -> Result<File, OutputError> {
    let path = place(dir, desc)?;
    // A link may lead within the run directory, and nowhere else.
    let root = dir.path().canonicalize()?;
    let Some(real) = path.canonicalize().ok().filter(|real| real.starts_with(&root)) else {
        return Err(OutputError {
            kind: ErrorType::NotFound,
            description: missing(&path),
        });
    };
    let (sha256, size_bytes, compression_type) = if real.is_dir() {
        let name = path
            .file_name()
            .context("it has no name")?
            .to_string_lossy()
            .into_owned();
        let mut packed = NamedTempFile::new_in(blobs.incoming_dir())?;
        archive::pack(&real, &name, packed.as_file_mut())?;
        let (sha256, size) = blobs.put_file(project, packed.path())?;
        (sha256, size, FileCompressionType::Zip)
    } else {
        let (sha256, size) = blobs.put_file(project, &real)?;
        (sha256, size, FileCompressionType::None)
    };
    Ok(File {
        desc: Some(desc.clone()),
        sha256: sha256.to_string(),
        size_bytes: i64::try_from(size_bytes)?,
        compression_type: compression_type.into(),
    })
}

/// Says that the command has not made it, and what it has made with the nearest name.
fn missing(path: &Path) -> String {
    let wanted = path.file_name().unwrap_or_default().to_string_lossy();
    let made = path.parent().into_iter().flat_map(fs::read_dir).flatten().flatten();
    let nearest = made
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .max_by_key(|name| likeness(name, &wanted))
        .filter(|name| likeness(name, &wanted) > 0);
    match nearest {
        Some(name) => format!("The command has not made it; there is `{name}`"),
        None => "The command has not made it".into(),
    }
}

/// Length of the common beginning or end, whichever is longer, from half of the name on.
fn likeness(name: &str, wanted: &str) -> usize {
    let common = |a: &mut dyn Iterator<Item = char>, b: &mut dyn Iterator<Item = char>| {
        a.zip(b).take_while(|(a, b)| a.eq_ignore_ascii_case(b)).count()
    };
    let start = common(&mut name.chars(), &mut wanted.chars());
    let end = common(&mut name.chars().rev(), &mut wanted.chars().rev());
    let longest = start.max(end);
    if longest * 2 >= wanted.chars().count() {
        longest
    } else {
        0
    }
}

/// stdout.txt, stderr.txt, and each log file of the stream; then the tables of what the job used.
pub(super) fn log_files(blobs: &DiskBlobs, logs: &DiskLogs, task: &Task) -> io::Result<(Vec<File>, Vec<File>)> {
    let mut parts: BTreeMap<LogSource, NamedTempFile> = BTreeMap::new();
    for always in [LogSource::Out, LogSource::Err] {
        parts.insert(always, NamedTempFile::new_in(blobs.incoming_dir())?);
    }
    logs.split(&task.job_id, |source, content| {
        if !parts.contains_key(source) {
            parts.insert(source.clone(), NamedTempFile::new_in(blobs.incoming_dir())?);
        }
        match parts.get_mut(source) {
            Some(part) => part.write_all(content),
            None => Ok(()),
        }
    })?;
    let (mut log_files, mut diagnostics) = (Vec::new(), Vec::new());
    for (source, part) in &parts {
        let file = log_file(blobs, task, source, part)?;
        if is_table(source) {
            diagnostics.push(file);
        } else {
            log_files.push(file);
        }
    }
    Ok((log_files, diagnostics))
}

fn is_table(source: &LogSource) -> bool {
    matches!(source, LogSource::File(path) if [stats::FILE, stats::GPU_FILE].contains(&path.as_str()))
}

fn log_file(blobs: &DiskBlobs, task: &Task, source: &LogSource, part: &NamedTempFile) -> io::Result<File> {
    let (sha256, size_bytes) = blobs.put_file(&task.project_id, part.path())?;
    let path = match source {
        LogSource::Out => "stdout.txt",
        LogSource::Err => "stderr.txt",
        LogSource::File(path) => path.trim_start_matches('.'),
    };
    Ok(File {
        desc: Some(FileDesc {
            path: path.to_owned(),
            var: String::new(),
        }),
        sha256: sha256.to_string(),
        size_bytes: i64::try_from(size_bytes).map_err(io::Error::other)?,
        compression_type: FileCompressionType::None.into(),
    })
}
