//! What a command leaves: outputs and logs become blobs.

use std::{
    collections::BTreeMap,
    io::{self, Seek, Write},
};

use jobsphere_api::jobs::{
    File, FileCompressionType, FileDesc, FileUploadError,
    file_upload_error::{ErrorType, FileType},
};
use jobsphere_rules::{service_line::ServiceLine, too_large::TooLarge};
use jobsphere_service::Task;

use super::{Inner, note, places::Places, prepare, run_dir::RunDir};
use crate::{
    blobs::DiskBlobs,
    logs::{DiskLogs, LogSource},
    porter::{Collected, PorterError},
    supervisor::stats,
};

/// What outputs may hold when the job has asked for no storage of a size (ours).
const STORAGE_BYTES: u64 = 100 << 30;
/// Of the disk that holds the files, such a part stays free.
const FREE_PART: u64 = 100;
const STOPPED: &str = "It was not stored: the job was cancelled while its outputs were collected";

/// The outputs that are there, and an error for each that is not. Blocks.
pub(super) fn outputs(inner: &Inner, task: &Task, places: &Places, dir: &RunDir) -> (Vec<File>, Vec<FileUploadError>) {
    let mut files = Vec::new();
    let mut errors = Vec::new();
    for desc in &task.parameters.output_files {
        match output(inner, task, places, dir, desc) {
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

fn output(inner: &Inner, task: &Task, places: &Places, dir: &RunDir, desc: &FileDesc) -> Result<File, OutputError> {
    let stopped = || OutputError {
        kind: ErrorType::UploadFailed,
        description: STOPPED.into(),
    };
    if dir.is_stopped() {
        return Err(stopped());
    }
    let room = Room::of(inner, task)?;
    let collect = |place| {
        inner.with_porter(task, places, |porter| {
            porter.collect(place, room.most_bytes, |mut content| {
                inner.blobs.put_from(&task.project_id, &mut content)
            })
        })
    };
    let mut collected = collect(places.place(desc)?);
    if let (true, Some(place)) = (is_missing(&collected), places.as_it_stands(desc)) {
        collected = collect(place);
    }
    match collected {
        Ok(Collected::Stored {
            stored: (sha256, size_bytes),
            is_folder,
            left_out,
            renamed,
        }) => {
            let output = || desc.path.as_str().into();
            let (has_less, has_other) = (!left_out.is_empty(), !renamed.is_empty());
            let without = ServiceLine::LeftOut {
                output: output(),
                what: left_out.to_string().into(),
            };
            let otherwise = ServiceLine::Renamed {
                output: output(),
                what: renamed.to_string().into(),
            };
            for (line, is_told) in [(without, has_less), (otherwise, has_other)] {
                if is_told {
                    note(inner, &task.job_id, &line)?;
                }
            }
            let compression_type = match is_folder {
                true => FileCompressionType::Zip,
                false => FileCompressionType::None,
            };
            Ok(File {
                desc: Some(desc.clone()),
                sha256: sha256.to_string(),
                size_bytes: i64::try_from(size_bytes)?,
                compression_type: compression_type.into(),
            })
        }
        Ok(Collected::TooLarge { size_bytes }) => Err(OutputError {
            kind: ErrorType::UploadFailed,
            description: room.exceeded(size_bytes),
        }),
        Ok(Collected::Not { kind, sentence }) => Err(OutputError {
            kind,
            description: match desc.path.starts_with('/') && kind == ErrorType::NotFound && !desc.var.is_empty() {
                true => format!("{sentence}; where it is to write it stands in `${{{}}}`", desc.var),
                false => sentence,
            },
        }),
        Err(PorterError::Gone(_)) if dir.is_stopped() => Err(stopped()),
        Err(error) => Err(error.into()),
    }
}

fn is_missing<T>(collected: &Result<Collected<T>, PorterError>) -> bool {
    matches!(
        collected,
        Ok(Collected::Not {
            kind: ErrorType::NotFound,
            ..
        })
    )
}

/// What an output may hold.
pub(super) struct Room {
    pub(super) most_bytes: u64,
    /// Whether the disk has less room than the job's storage.
    is_of_disk: bool,
}

impl Room {
    /// The storage of the job, and what the disk has room for.
    pub(super) fn of(inner: &Inner, task: &Task) -> io::Result<Self> {
        let storage_bytes = prepare::storage_bytes(task).unwrap_or(STORAGE_BYTES);
        let disk = rustix::fs::statvfs(inner.blobs.incoming_dir())?;
        let kept_free = disk.f_blocks.saturating_mul(disk.f_frsize) / FREE_PART;
        let free = disk.f_bavail.saturating_mul(disk.f_frsize).saturating_sub(kept_free);
        Ok(Self {
            most_bytes: storage_bytes.min(free),
            is_of_disk: free < storage_bytes,
        })
    }

    pub(super) fn exceeded(&self, size_bytes: Option<u64>) -> String {
        let said = TooLarge {
            size_bytes,
            most_bytes: self.most_bytes,
            is_of_disk: self.is_of_disk,
        };
        said.description()
    }
}

/// stdout.txt, stderr.txt, and each log file of the stream; then the tables of what the job used.
pub(super) fn log_files(blobs: &DiskBlobs, logs: &DiskLogs, task: &Task) -> io::Result<(Vec<File>, Vec<File>)> {
    let mut parts: BTreeMap<LogSource, std::fs::File> = BTreeMap::new();
    for always in [LogSource::Out, LogSource::Err] {
        parts.insert(always, tempfile_in(blobs)?);
    }
    logs.split(&task.job_id, |source, content| {
        if !parts.contains_key(source) {
            parts.insert(source.clone(), tempfile_in(blobs)?);
        }
        match parts.get_mut(source) {
            Some(part) => part.write_all(content),
            None => Ok(()),
        }
    })?;
    let (mut log_files, mut diagnostics) = (Vec::new(), Vec::new());
    for (source, part) in &mut parts {
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

fn log_file(blobs: &DiskBlobs, task: &Task, source: &LogSource, part: &mut std::fs::File) -> io::Result<File> {
    part.rewind()?;
    let (sha256, size_bytes) = blobs.put_from(&task.project_id, part)?;
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

fn tempfile_in(blobs: &DiskBlobs) -> io::Result<std::fs::File> {
    tempfile::tempfile_in(blobs.incoming_dir())
}
