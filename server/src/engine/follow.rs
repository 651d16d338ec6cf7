//! Starts a supervisor, and follows it to its end.

use std::{fs::File, io, os::unix::process::CommandExt, process::Stdio, sync::Arc};

use futures::StreamExt;
use jobsphere::{api::time, service::Report};
use tokio::{process::Command, task::spawn_blocking};

use super::{
    progress,
    run_dir::{self, RunDir},
};
use crate::{
    secrets::{self, Secret},
    watch::Watcher,
};

/// Starts the supervisor of `dir`, which keeps `lock` as its standard input for as long as it lives.
pub(super) fn start_supervisor(dir: &RunDir, lock: File, secrets: &[Secret]) -> io::Result<()> {
    let mut command = std::process::Command::new(std::env::current_exe()?);
    command
        .arg("supervise")
        .arg(dir.path())
        .current_dir(dir.path())
        .stdin(Stdio::from(lock))
        .stdout(Stdio::from(secrets::hand_over(secrets)?))
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
        let progress = progress::newest(&dir.progress());
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
