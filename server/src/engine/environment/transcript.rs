//! What the tools print while they build goes into the system log of each job that waits.

use std::{
    io,
    path::{Path, PathBuf},
};

use jobsphere_api::jobs::log_message::Source;
use jobsphere_rules::service_line::ServiceLine;
use jobsphere_service::LogFrom;

use crate::logs::{self, LogSource, LogWriter, SYSTEM_LOG};

/// Most that is copied in one step.
const STEP_BYTES: usize = 256 * 1024;

/// Copies the streams of a build's log into a job's log.
#[derive(Debug)]
pub(super) struct Transcript {
    to: LogWriter,
    from: PathBuf,
    offset: u64,
    /// Content that the job's log has already, from before a restart of the server.
    skip: usize,
    ends_in_line: bool,
}

impl Transcript {
    /// Begins with the name of the environment and how it is built, unless the job's log has this build already.
    pub(super) fn open(to: &Path, from: PathBuf, name: &str, how: &str) -> io::Result<Self> {
        // The folder is named by the moment when the build began.
        let build = from.file_name().unwrap_or_default().to_string_lossy();
        let copied = behind(to, format!("({build})\n").as_bytes())?;
        let mut writer = LogWriter::open(to)?;
        let skip = match copied {
            Some(bytes) => bytes,
            None => {
                writer.system(&ServiceLine::BuildBegun {
                    name: name.into(),
                    how: how.into(),
                    build,
                })?;
                0
            }
        };
        Ok(Self {
            to: writer,
            from,
            offset: 0,
            skip,
            ends_in_line: true,
        })
    }

    /// Copies what has come since.
    pub(super) fn catch_up(&mut self) -> io::Result<()> {
        loop {
            let from = LogFrom::Offset(self.offset);
            let batch = logs::read(&self.from, from, STEP_BYTES).map_err(io::Error::other)?;
            if batch.messages.is_empty() {
                return Ok(());
            }
            self.offset = batch.offset;
            for message in batch.messages {
                if let Some(Source::StandardStream(_)) = message.source {
                    let known = self.skip.min(message.content.len());
                    self.skip -= known;
                    self.to.append(&system(), &message.content[known..])?;
                    self.ends_in_line = message.content.ends_with(b"\n");
                }
            }
        }
    }

    /// Ends the last line.
    pub(super) fn close(mut self) -> io::Result<()> {
        match self.ends_in_line {
            true => Ok(()),
            false => self.to.append(&system(), b"\n"),
        }
    }
}

fn system() -> LogSource {
    LogSource::File(SYSTEM_LOG.into())
}

/// How much of the system log stands behind the last `mark`; `None` when there is none. The log may be large: little of it
/// is in memory at a time.
fn behind(log: &Path, mark: &[u8]) -> io::Result<Option<usize>> {
    let mut found = None;
    // What may be the beginning of a mark that goes on in the next piece.
    let mut seen = Vec::new();
    each_system_line(log, |content| {
        seen.extend_from_slice(content);
        let at = seen.windows(mark.len()).rposition(|part| part == mark);
        found = match (at, found) {
            (Some(at), _) => Some(seen.len() - at - mark.len()),
            (None, Some(bytes)) => Some(bytes + content.len()),
            (None, None) => None,
        };
        let kept = seen.len().min(mark.len() - 1);
        seen.drain(..seen.len() - kept);
    })?;
    Ok(found)
}

fn each_system_line(log: &Path, mut each: impl FnMut(&[u8])) -> io::Result<()> {
    let mut offset = 0;
    loop {
        let batch = logs::read(log, LogFrom::Offset(offset), STEP_BYTES).map_err(io::Error::other)?;
        if batch.messages.is_empty() {
            return Ok(());
        }
        offset = batch.offset;
        for message in batch.messages {
            if matches!(&message.source, Some(Source::FilePath(path)) if path == SYSTEM_LOG) {
                each(&message.content);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn system_log(log: &Path) -> io::Result<Vec<u8>> {
        let mut content = Vec::new();
        each_system_line(log, |piece| content.extend_from_slice(piece))?;
        Ok(content)
    }

    #[test]
    fn a_build_is_copied_once_even_when_the_server_starts_again() {
        let dir = tempfile::tempdir().unwrap();
        let (job, build) = (dir.path().join("job"), dir.path().join("log-17"));
        let mut tool = LogWriter::open(&build).unwrap();
        tool.system(&ServiceLine::Turn).unwrap();
        LogWriter::open(&job).unwrap().quote("before").unwrap();
        for (stream, line) in [(LogSource::Out, "Collecting six\n"), (LogSource::Err, "half a li")] {
            let mut transcript = Transcript::open(&job, build.clone(), "ab", "uv").unwrap();
            tool.append(&stream, line.as_bytes()).unwrap();
            transcript.catch_up().unwrap();
            transcript.catch_up().unwrap();
        }
        let mut transcript = Transcript::open(&job, build.clone(), "ab", "uv").unwrap();
        tool.append(&LogSource::Err, b"ne").unwrap();
        transcript.catch_up().unwrap();
        transcript.close().unwrap();
        let copied = String::from_utf8(system_log(&job).unwrap()).unwrap();
        assert_eq!(
            copied,
            "before\nBuilding the environment ab: uv (log-17)\nCollecting six\nhalf a line\n"
        );

        // Another build is another transcript.
        let again = dir.path().join("log-18");
        LogWriter::open(&again)
            .unwrap()
            .append(&LogSource::Out, b"x\n")
            .unwrap();
        let mut transcript = Transcript::open(&job, again, "ab", "uv").unwrap();
        transcript.catch_up().unwrap();
        let copied = String::from_utf8(system_log(&job).unwrap()).unwrap();
        assert!(
            copied.ends_with("half a line\nBuilding the environment ab: uv (log-18)\nx\n"),
            "{copied}"
        );
    }
}
