//! Starts a supervisor, and follows it to its end.

use std::{fs::File, io, os::unix::process::CommandExt, process::Stdio, sync::Arc, time::Duration};

use futures::{Stream, StreamExt};
use jobsphere_api::time;
use jobsphere_service::Report;
use tokio::{process::Command, task::spawn_blocking};

use super::{
    progress::{self, ProgressLine},
    run_dir::{self, RunDir, Started},
};
use crate::{
    secrets::{self, Secret},
    watch::Watcher,
};

/// This program, whatever has become of its file: a child that was just forked is the same program.
const PROGRAM: &str = "/proc/self/exe";

/// Between two looks at a job's progress.
const PAUSE: Duration = Duration::from_millis(50);

/// Starts the supervisor of `dir`, which keeps `lock` as its standard input for as long as it lives.
///
/// Nothing is done between fork and exec, so that the server is not copied for a moment: the supervisor itself gives up
/// what it has of the server's.
pub(super) fn start_supervisor(dir: &RunDir, lock: File, secrets: &[Secret]) -> io::Result<()> {
    let mut command = std::process::Command::new(PROGRAM);
    command
        .arg("supervise")
        .arg(dir.path())
        .current_dir(dir.path())
        .stdin(Stdio::from(lock))
        .stdout(Stdio::from(secrets::hand_over(secrets)?))
        .stderr(dir.complaints_file()?)
        // Ctrl-C for the server is not for the jobs.
        .process_group(0);
    // tokio collects the process when it ends.
    drop(Command::from(command).kill_on_drop(false).spawn()?);
    Ok(())
}

/// Reports what the supervisor and the command tell, until the supervisor ends.
pub(super) async fn follow(watcher: &Arc<Watcher>, dir: &RunDir, report: &dyn Report) -> anyhow::Result<()> {
    let watched = dir.clone();
    let mut ended = spawn_blocking(move || run_dir::wait_for_lock(&watched.lock_file()?));
    let mut changes = Box::pin(watcher.changes(dir.path()));
    let mut has_begun = false;
    let mut newest = None;
    loop {
        let is_over = tokio::select! {
            // A program may report more often than anybody can look.
            _ = next(&mut changes, has_begun) => false,
            ended = &mut ended => {
                ended??;
                true
            }
        };
        let (started, progress) = dir.ask(move |dir| look(dir, has_begun)).await?;
        if let Some(started) = started {
            has_begun = true;
            report.executing(time::from_micros(started.time_micros)).await;
        }
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

/// That the command has begun, unless it is known, and the newest progress.
fn look(dir: &RunDir, has_begun: bool) -> io::Result<(Option<Started>, Option<ProgressLine>)> {
    let started = if has_begun { None } else { dir.started()? };
    Ok((started, dir.open_progress().ok().and_then(progress::newest)))
}

/// The next change; once the command has begun, not sooner than a moment after the last one.
async fn next(changes: &mut (impl Stream<Item = ()> + Unpin), has_begun: bool) {
    if has_begun {
        tokio::time::sleep(PAUSE).await;
    }
    changes.next().await;
}
