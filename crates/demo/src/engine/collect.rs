//! What a command leaves: outputs and logs become contents.

use jobsphere_rules::too_large::TooLarge;
use jobsphere_service::Task;

use super::{Collected, Keeping, Machines, PageEngine, order, zip};
use crate::{
    api::jobs::{
        File, FileCompressionType, FileDesc, FileUploadError,
        file_upload_error::{ErrorType, FileType},
    },
    log::LogSource,
};

/// What one output may hold: it passes through the memory of the page.
const MOST_BYTES: u64 = 256 << 20;
const STATS: &str = ".docker_stats.tsv";

struct OutputError {
    kind: ErrorType,
    description: String,
}

fn not_stored(why: impl std::fmt::Display) -> OutputError {
    OutputError {
        kind: ErrorType::UploadFailed,
        description: format!("It could not be stored: {why}"),
    }
}

impl<M: Machines, K: Keeping> PageEngine<M, K> {
    /// The outputs that are there, and an error for each that is not.
    pub(super) async fn outputs(&self, task: &Task) -> (Vec<File>, Vec<FileUploadError>) {
        let (mut files, mut errors) = (Vec::new(), Vec::new());
        for desc in &task.parameters.output_files {
            match self.output(task, desc).await {
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

    async fn output(&self, task: &Task, desc: &FileDesc) -> Result<File, OutputError> {
        let mut place = order::place(desc).map_err(not_stored)?;
        let mut collected = self.machines.collect(&task.job_id, &place, MOST_BYTES).await;
        if let (Collected::Missing, Some(other)) = (&collected, order::as_it_stands(desc)) {
            collected = self.machines.collect(&task.job_id, &other, MOST_BYTES).await;
            place = other;
        }
        let (content, compression) = match collected {
            Collected::File(content) => (content, FileCompressionType::None),
            Collected::Folder { entries, left_out } => {
                self.say_left_out(task, desc, &left_out).await.map_err(not_stored)?;
                let name = folder_name(&place);
                (zip::pack(name, entries).map_err(not_stored)?, FileCompressionType::Zip)
            }
            other => return Err(refused(&other, desc)),
        };
        let size_bytes = i64::try_from(content.len()).map_err(not_stored)?;
        let sha256 = self.keeping.put(&task.project_id, content).await.map_err(not_stored)?;
        Ok(File {
            desc: Some(desc.clone()),
            sha256: sha256.to_string(),
            size_bytes,
            compression_type: compression.into(),
        })
    }

    async fn say_left_out(&self, task: &Task, desc: &FileDesc, left_out: &[String]) -> Result<(), String> {
        if left_out.is_empty() {
            return Ok(());
        }
        let names: Vec<String> = left_out.iter().take(20).map(|name| format!("`{name}`")).collect();
        let line = format!(
            "Left out of the output `{}`, because only files and folders that can be read can be stored, and links to \
             those of the job that do not lead into themselves: {}",
            desc.path,
            names.join(", ")
        );
        self.note(task, &line).await
    }

    /// stdout.txt, stderr.txt, and each log file of the stream; then the tables of what the job used.
    pub(super) async fn log_files(&self, task: &Task) -> Result<(Vec<File>, Vec<File>), String> {
        let mut parts = self.keeping.sources(&task.job_id).await?;
        for always in [LogSource::Out, LogSource::Err] {
            parts.entry(always).or_default();
        }
        let (mut log_files, mut diagnostics) = (Vec::new(), Vec::new());
        for (source, content) in parts {
            let path = match &source {
                LogSource::Out => "stdout.txt",
                LogSource::Err => "stderr.txt",
                LogSource::File(path) => path.trim_start_matches('.'),
            };
            let file = File {
                desc: Some(FileDesc {
                    path: path.to_owned(),
                    var: String::new(),
                }),
                size_bytes: i64::try_from(content.len()).map_err(|error| error.to_string())?,
                sha256: self.keeping.put(&task.project_id, content).await?.to_string(),
                compression_type: FileCompressionType::None.into(),
            };
            match source {
                LogSource::File(path) if path == STATS => diagnostics.push(file),
                _ => log_files.push(file),
            }
        }
        Ok((log_files, diagnostics))
    }
}

/// How entries of the archive of a folder begin.
fn folder_name(place: &str) -> &str {
    match place.rsplit('/').next().unwrap_or_default() {
        // The working directory itself.
        "" => "job",
        name => name,
    }
}

fn refused(collected: &Collected, desc: &FileDesc) -> OutputError {
    let (kind, description) = match collected {
        Collected::Missing if desc.path.starts_with('/') && !desc.var.is_empty() => (
            ErrorType::NotFound,
            format!(
                "The command has not made it; where it is to write it stands in `${{{}}}`",
                desc.var
            ),
        ),
        Collected::Missing => (ErrorType::NotFound, "The command has not made it".to_owned()),
        Collected::TooLarge => {
            let said = TooLarge {
                size_bytes: None,
                most_bytes: MOST_BYTES,
                is_of_disk: false,
            };
            (ErrorType::UploadFailed, said.description())
        }
        Collected::Lost => (
            ErrorType::UploadFailed,
            "It could not be stored: the machine had to be stopped, and what was in it is gone".to_owned(),
        ),
        _ => (
            ErrorType::UploadFailed,
            "It is a pipe, a socket or a device; only files and folders can be stored".to_owned(),
        ),
    };
    OutputError { kind, description }
}
