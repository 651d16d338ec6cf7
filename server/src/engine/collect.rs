//! What a command leaves: outputs and logs become blobs.

use std::{
    collections::BTreeMap,
    fs, io,
    io::Write,
    path::{Path, PathBuf},
};

use anyhow::Context;
use jobsphere::{
    api::jobs::{
        File, FileCompressionType, FileDesc, FileUploadError,
        file_upload_error::{ErrorType, FileType},
    },
    job::results::nearest,
    service::Task,
};
use tempfile::NamedTempFile;
use walkdir::WalkDir;

use super::{Inner, archive, note, prepare::place, run_dir::RunDir};
use crate::{
    blobs::DiskBlobs,
    logs::{DiskLogs, LogSource},
    supervisor::stats,
};

const LEFT_OUT_SHOWN: usize = 10;
/// So many files are compared with the name of one that is missing.
const MAX_SEARCHED: usize = 10_000;
/// Names that are less alike, from 0 to 1, are no help.
const LEAST_LIKENESS: f64 = 0.5;

/// The outputs that are there, and an error for each that is not.
pub(super) fn outputs(inner: &Inner, task: &Task, dir: &RunDir) -> (Vec<File>, Vec<FileUploadError>) {
    let mut files = Vec::new();
    let mut errors = Vec::new();
    for desc in &task.parameters.output_files {
        match output(inner, task, dir, desc) {
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

fn output(inner: &Inner, task: &Task, dir: &RunDir, desc: &FileDesc) -> Result<File, OutputError> {
    let (blobs, project) = (&inner.blobs, &task.project_id);
    let path = place(dir, desc)?;
    let real = real_path(dir, &path)?;
    let (sha256, size_bytes, compression_type) = if real.is_dir() {
        let name = path
            .file_name()
            .context("it has no name")?
            .to_string_lossy()
            .into_owned();
        let mut packed = NamedTempFile::new_in(blobs.incoming_dir())?;
        let left_out = archive::pack(&real, &name, &dir.path().canonicalize()?, packed.as_file_mut())?;
        if !left_out.is_empty() {
            note(inner, &task.job_id, &without(&desc.path, &left_out))?;
        }
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

/// Says what of a folder is not in its archive.
fn without(folder: &str, left_out: &[String]) -> String {
    let shown = left_out.iter().take(LEFT_OUT_SHOWN).map(|path| format!("`{path}`"));
    let shown = shown.collect::<Vec<_>>().join(", ");
    let rest = match left_out.len().saturating_sub(LEFT_OUT_SHOWN) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("Left out of the output `{folder}`, because only files and folders can be stored: {shown}{rest}")
}

/// Where the output lies: a link may lead within the run directory, and nowhere else.
fn real_path(dir: &RunDir, path: &Path) -> Result<PathBuf, OutputError> {
    let refused = |kind, description| Err(OutputError { kind, description });
    let made = match fs::symlink_metadata(path) {
        Ok(made) => made,
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            return refused(ErrorType::NotFound, missing(&dir.work(), path));
        }
        Err(error) => return Err(error.into()),
    };
    let real = match path.canonicalize() {
        Ok(real) => real,
        Err(error) if made.is_symlink() => {
            let target = fs::read_link(path)?;
            let description = format!(
                "It is a link to `{}`, which cannot be followed: {error}",
                target.display()
            );
            return refused(ErrorType::NotFound, description);
        }
        Err(error) => return Err(error.into()),
    };
    if !real.starts_with(dir.path().canonicalize()?) {
        let description = format!(
            "It is a link that leads out of the job's folders, to `{}`; let the command copy what is there",
            real.display()
        );
        return refused(ErrorType::UploadFailed, description);
    }
    let kind = fs::metadata(&real)?.file_type();
    if !kind.is_file() && !kind.is_dir() {
        let description = "It is a pipe, a socket or a device; only files and folders can be stored".into();
        return refused(ErrorType::UploadFailed, description);
    }
    Ok(real)
}

/// Says that the command has not made it, and what it has made with the nearest name: beside it, or elsewhere under the
/// same name.
fn missing(root: &Path, path: &Path) -> String {
    let wanted = path.file_name().unwrap_or_default().to_string_lossy();
    let made = path.parent().into_iter().flat_map(fs::read_dir).flatten().flatten();
    let beside = made
        .take(MAX_SEARCHED)
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .map(|name| (likeness(&name, &wanted), name))
        .filter(|(likeness, _)| *likeness >= LEAST_LIKENESS)
        .max_by(|(a, _), (b, _)| a.total_cmp(b));
    let nearest = beside.map(|(_, name)| name).or_else(|| elsewhere(root, &wanted));
    nearest::description(nearest.as_deref())
}

fn likeness(name: &str, wanted: &str) -> f64 {
    strsim::normalized_damerau_levenshtein(&name.to_lowercase(), &wanted.to_lowercase())
}

/// The path within `root` of something of that name.
fn elsewhere(root: &Path, wanted: &str) -> Option<String> {
    let found = WalkDir::new(root)
        .min_depth(1)
        .into_iter()
        .take(MAX_SEARCHED)
        .flatten()
        .find(|entry| entry.file_name().to_string_lossy() == wanted)?;
    let inside = found.path().strip_prefix(root).ok()?;
    Some(inside.to_string_lossy().into_owned())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_said() {
        let dir = tempfile::tempdir().unwrap();
        let said = |path: &str| missing(dir.path(), &dir.path().join(path));
        let near = |path: &str| nearest::in_description(&said(path)).map(str::to_owned);
        fs::create_dir_all(dir.path().join("out/deep")).unwrap();
        for path in ["model.pt", "metrics.json", "out/deep/plot.png"] {
            fs::write(dir.path().join(path), "x").unwrap();
        }
        assert_eq!(near("model.bin").as_deref(), Some("model.pt"));
        assert_eq!(near("Metrcis.json").as_deref(), Some("metrics.json"));
        assert_eq!(near("plot.png").as_deref(), Some("out/deep/plot.png"));
        assert_eq!(near("nowhere/model.pt").as_deref(), Some("model.pt"));
        assert_eq!(near("entirely-different"), None);
        assert_eq!(said("entirely-different"), "The command has not made it");
    }
}
