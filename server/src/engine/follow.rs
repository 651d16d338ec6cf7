//! Starts a supervisor, and follows it to its end.

use std::{
    fs::{self, File},
    io,
    os::unix::process::CommandExt,
    process::Stdio,
    sync::Arc,
};

use futures::StreamExt;
use jobsphere::{
    api::{jobs::JobProgress, time},
    service::Report,
};
use serde::Deserialize;
use tokio::{process::Command, task::spawn_blocking};

use super::run_dir::{self, RunDir};
use crate::{logs::now_micros, watch::Watcher};

/// Only this much of the end of the progress file is read.
const PROGRESS_TAIL_BYTES: u64 = 64 * 1024;

/// Starts the supervisor of `dir`, which keeps `lock` as its standard input for as long as it lives.
pub(super) fn start_supervisor(dir: &RunDir, lock: File) -> io::Result<()> {
    let mut command = std::process::Command::new(std::env::current_exe()?);
    command
        .arg("supervise")
        .arg(dir.path())
        .current_dir(dir.path())
        .stdin(Stdio::from(lock))
        .stdout(Stdio::null())
        .stderr(File::create(dir.path().join("supervisor.log"))?)
        // Away from the terminal's group, so that Ctrl-C for the server is not for the jobs.
        .process_group(0);
    // tokio collects the process when it ends.
    drop(Command::from(command).kill_on_drop(false).spawn()?);
    Ok(())
}

/// Reports what the supervisor and the command tell, until the supervisor ends.
pub(super) async fn follow(watcher: &Arc<Watcher>, dir: &RunDir, report: &dyn Report) -> anyhow::Result<()> {
    let lock = dir.lock_file()?;
    let mut ended = spawn_blocking(move || run_dir::wait_for_lock(&lock));
    let mut changes = Box::pin(watcher.changes(dir.path()));
    let mut has_begun = false;
    let mut newest = None;
    loop {
        let is_over = tokio::select! {
            _ = changes.next() => false,
            ended = &mut ended => {
                ended??;
                true
            }
        };
        if !has_begun && let Some(started) = dir.started()? {
            has_begun = true;
            report.executing(time::from_micros(started.time_micros)).await;
        }
        let progress = newest_progress(dir);
        if progress.is_some() && progress != newest {
            newest.clone_from(&progress);
            if let Some(line) = progress {
                report.progress(line.into()).await;
            }
        }
        if is_over {
            return Ok(());
        }
    }
}

/// A line of the progress file.
#[derive(Debug, Clone, PartialEq, Deserialize)]
struct ProgressLine {
    progress: f64,
    #[serde(default)]
    message: String,
    create_time: Option<String>,
}

impl From<ProgressLine> for JobProgress {
    fn from(line: ProgressLine) -> Self {
        use ::time::{OffsetDateTime, format_description::well_known::Rfc3339};
        let asked = line
            .create_time
            .and_then(|text| OffsetDateTime::parse(&text, &Rfc3339).ok());
        let micros = asked.map_or_else(now_micros, |time| {
            i64::try_from(time.unix_timestamp_nanos() / 1000).unwrap_or_default()
        });
        Self {
            message: line.message,
            progress: line.progress.clamp(0.0, 100.0) as i64,
            create_time: Some(time::from_micros(micros)),
        }
    }
}

/// The last whole line that can be read.
fn newest_progress(dir: &RunDir) -> Option<ProgressLine> {
    use std::io::{Read, Seek, SeekFrom};
    let mut file = fs::File::open(dir.progress()).ok()?;
    let start = file.metadata().ok()?.len().saturating_sub(PROGRESS_TAIL_BYTES);
    file.seek(SeekFrom::Start(start)).ok()?;
    let mut tail = Vec::new();
    file.read_to_end(&mut tail).ok()?;
    let whole = &tail[..tail.iter().rposition(|byte| *byte == b'\n')?];
    whole
        .rsplit(|byte| *byte == b'\n')
        .find_map(|line| serde_json::from_slice(line).ok())
}
