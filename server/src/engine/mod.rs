//! Runs commands on this machine: prepares a run directory, leaves the command to a supervisor process, and
//! collects what it made.

mod archive;
mod collect;
mod datasets;
mod environment;
mod follow;
mod leftovers;
mod mounts;
mod prepare;
pub(crate) mod progress;
mod refusals;
pub(crate) mod run_dir;
mod secrets;

use std::{
    fs::{self, Permissions},
    io,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    sync::Arc,
};

use async_trait::async_trait;
use jobsphere::{
    api::{
        id::{JobId, ProjectId},
        jobs::{File, FileUploadError, JobParameters, OutputDataset},
    },
    job::timeline,
    service::{CancelMode, Engine, Outcome, Report, SecretValue, StoreError, Task},
};
use tokio::task::spawn_blocking;

use crate::{
    blobs::DiskBlobs,
    config::Config,
    datasets::Datasets,
    logs::{DiskLogs, LogWriter},
    sandbox::{self, Around, Sandbox},
    secrets::{Secret, Secrets},
    store::SqliteStore,
    watch::Watcher,
};
use environment::{Environments, NotReady};
use run_dir::{CancelOrder, Exit, RunDir};

const LOST: &str = "What ran the command was lost (the machine was restarted, or the process was killed). The command \
                    was not started again, because it may have done part of its work; run the job again.";

/// The engine of this machine.
#[derive(Debug, Clone)]
pub struct LocalEngine {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    runs: PathBuf,
    /// A folder for each project, which its jobs share.
    disks: PathBuf,
    datasets: Datasets,
    secrets: Secrets,
    store: SqliteStore,
    config: Arc<Config>,
    around: Around,
    blobs: Arc<DiskBlobs>,
    logs: Arc<DiskLogs>,
    watcher: Arc<Watcher>,
    environments: Environments,
}

impl LocalEngine {
    /// Opens the run directories in `data_dir`, and what outlives them: disks, datasets and secrets.
    ///
    /// # Errors
    /// When a folder cannot be made, or the database cannot be read.
    pub async fn open(
        data_dir: &Path,
        store: SqliteStore,
        config: Arc<Config>,
        sandbox: Sandbox,
        blobs: Arc<DiskBlobs>,
        logs: Arc<DiskLogs>,
        watcher: Arc<Watcher>,
    ) -> anyhow::Result<Self> {
        let runs = data_dir.join("runs");
        fs::create_dir_all(&runs)?;
        if sandbox::is_root() {
            open_to_users(data_dir)?;
        }
        let around = Around {
            sandbox,
            data_dir: data_dir.to_owned(),
        };
        let inner = Inner {
            runs,
            disks: data_dir.join("disks"),
            datasets: Datasets::new(data_dir),
            secrets: Secrets::to_read(data_dir).await?,
            store,
            environments: Environments::open(around.clone(), &config.environments, watcher.clone())?,
            config,
            around,
            blobs,
            logs,
            watcher,
        };
        datasets::sweep(&inner).await?;
        Ok(Self { inner: Arc::new(inner) })
    }

    fn dir(&self, job: &JobId) -> RunDir {
        RunDir::new(self.inner.runs.join(job.as_str()))
    }

    async fn try_run(&self, task: &Task, report: &dyn Report) -> anyhow::Result<Outcome> {
        let dir = self.dir(&task.job_id);
        let Some(exit) = self.exit(task, &dir, report).await? else {
            let job = task.job_id.clone();
            spawn_blocking(move || leftovers::kill(&job)).await?;
            self.inner.environments.drop_container(task).await;
            return self.failed(task, LOST.into()).await;
        };
        if let Some(message) = exit.error {
            return self.failed(task, message).await;
        }
        let Some(return_code) = exit.return_code else {
            return Ok(Outcome::NeverStarted);
        };
        report.uploading_output().await;
        let (output_files, file_errors) = self.outputs(task, &dir).await?;
        let has_succeeded = return_code == 0 && !exit.cancelled;
        let datasets = match has_succeeded {
            true => self.datasets(task, &dir).await?,
            false => Ok(Vec::new()),
        };
        let (output_datasets, dataset_errors) = match datasets {
            Ok(datasets) => (datasets, Vec::new()),
            Err(errors) => (Vec::new(), errors),
        };
        let (log_files, diagnostic_files) = self.log_files(task).await?;
        Ok(Outcome::Finished {
            return_code,
            cancelled: exit.cancelled,
            details: exit.details,
            output_files,
            log_files,
            diagnostic_files,
            file_errors,
            output_datasets,
            dataset_errors,
        })
    }

    /// How the command ended; starts it, or takes it up. `None` when what ran it was lost.
    async fn exit(&self, task: &Task, dir: &RunDir, report: &dyn Report) -> anyhow::Result<Option<Exit>> {
        fs::create_dir_all(dir.path())?;
        let lock = dir.lock_file()?;
        if run_dir::try_lock(&lock)? {
            if let Some(exit) = dir.exit()? {
                return Ok(Some(exit));
            }
            if dir.started()?.is_some() || task.has_begun {
                return Ok(None);
            }
            note(&self.inner, &task.job_id, timeline::TURN)?;
            let secrets = match self.inner.secrets.of(&task.project_id).await {
                Ok(secrets) => secrets,
                Err(error) => return Ok(Some(never_began(Some(format!("{error:#}"))))),
            };
            match self.prepare(task, dir, &secrets, report).await {
                Ok(()) => {}
                Err(NotReady::Cancelled) => return Ok(Some(never_began(None))),
                Err(NotReady::Failed(message)) => return Ok(Some(never_began(Some(message)))),
            }
            secrets::note_overridden(&self.inner, task, &secrets)?;
            follow::start_supervisor(dir, lock, &secrets)?;
        }
        follow::follow(&self.inner.watcher, dir, report).await?;
        Ok(dir.exit()?)
    }

    /// The environment, then the working directory.
    async fn prepare(
        &self,
        task: &Task,
        dir: &RunDir,
        secrets: &[Secret],
        report: &dyn Report,
    ) -> Result<(), NotReady> {
        let log_dir = self.inner.logs.dir(&task.job_id);
        let environments = &self.inner.environments;
        let setting = environments.setting(task, dir, &log_dir, secrets, report).await?;
        let (engine, task, dir) = (self.clone(), task.clone(), dir.clone());
        spawn_blocking(move || prepare::prepare(&engine.inner, &task, &dir, &setting))
            .await?
            .map_err(|error| NotReady::Failed(format!("The working directory cannot be prepared: {error:#}")))
    }

    async fn outputs(&self, task: &Task, dir: &RunDir) -> anyhow::Result<(Vec<File>, Vec<FileUploadError>)> {
        let (engine, task, dir) = (self.clone(), task.clone(), dir.clone());
        Ok(spawn_blocking(move || collect::outputs(&engine.inner, &task, &dir)).await?)
    }

    async fn datasets(
        &self,
        task: &Task,
        dir: &RunDir,
    ) -> anyhow::Result<Result<Vec<OutputDataset>, Vec<FileUploadError>>> {
        let (engine, task, dir) = (self.clone(), task.clone(), dir.clone());
        spawn_blocking(move || datasets::keep(&engine.inner, &task, &dir)).await?
    }

    async fn failed(&self, task: &Task, message: String) -> anyhow::Result<Outcome> {
        // A disk that is full, and has ended the job, may have no room for these.
        let (log_files, diagnostic_files) = self.log_files(task).await.unwrap_or_else(|error| {
            tracing::error!(job = %task.job_id, "the log files cannot be stored: {error:#}");
            Default::default()
        });
        Ok(Outcome::Failed {
            message,
            log_files,
            diagnostic_files,
        })
    }

    /// The logs, and the diagnostics.
    async fn log_files(&self, task: &Task) -> anyhow::Result<(Vec<File>, Vec<File>)> {
        let (engine, task) = (self.clone(), task.clone());
        Ok(spawn_blocking(move || collect::log_files(&engine.inner.blobs, &engine.inner.logs, &task)).await??)
    }
}

#[async_trait]
impl Engine for LocalEngine {
    async fn refusals(&self, project: &ProjectId, parameters: &JobParameters) -> Result<Vec<String>, StoreError> {
        let inner = &self.inner;
        let mut refusals = refusals::refusals(parameters);
        refusals.extend(mounts::refusals(inner, parameters));
        refusals.extend(secrets::refusals(&inner.secrets, project, parameters).await?);
        refusals.extend(inner.environments.refusals(parameters));
        Ok(refusals)
    }

    async fn secrets(&self, project: &ProjectId) -> Result<Vec<SecretValue>, StoreError> {
        // A value that cannot be read cannot be hidden either.
        let secrets = self.inner.secrets.of(project).await;
        let secrets = secrets.map_err(|error| StoreError::Unavailable(format!("{error:#}")))?;
        let values = crate::secrets::expose(&secrets).map(|(name, value)| SecretValue {
            name: name.to_owned(),
            value: value.to_owned(),
        });
        Ok(values.collect())
    }

    async fn run(&self, task: Task, report: Arc<dyn Report>) -> Outcome {
        match self.try_run(&task, report.as_ref()).await {
            Ok(outcome) => outcome,
            Err(error) => {
                tracing::error!(job = %task.job_id, "{error:#}");
                Outcome::Failed {
                    message: format!("The server could not run the job: {error:#}"),
                    log_files: Vec::new(),
                    diagnostic_files: Vec::new(),
                }
            }
        }
    }

    async fn cancel(&self, job: &JobId, mode: CancelMode) {
        let order = match mode {
            CancelMode::Kill => CancelOrder {
                signal: None,
                timeout_ms: None,
            },
            CancelMode::Graceful { signal, timeout } => CancelOrder {
                signal: Some(signal),
                timeout_ms: timeout.map(|timeout| timeout.as_millis().try_into().unwrap_or(u64::MAX)),
            },
        };
        let dir = self.dir(job);
        // Never softer: an order to kill stands.
        let is_killed = matches!(dir.cancel(), Ok(Some(CancelOrder { signal: None, .. })));
        if !is_killed && let Err(error) = dir.write_cancel(&order) {
            tracing::error!(%job, "the cancel order cannot be written: {error}");
        }
    }

    async fn kept(&self) -> Vec<JobId> {
        let runs = self.inner.runs.clone();
        let listed = spawn_blocking(move || {
            let entries = fs::read_dir(runs)?.flatten();
            let names = entries.filter_map(|entry| JobId::parse(entry.file_name().to_str()?).ok());
            io::Result::Ok(names.collect())
        });
        match listed.await {
            Ok(Ok(kept)) => kept,
            _ => Vec::new(),
        }
    }

    async fn forget(&self, job: &JobId) {
        if let Err(error) = datasets::drop_unowned(&self.inner, &self.dir(job)).await {
            tracing::warn!(%job, "what is left of its datasets stays until the next start: {error:#}");
        }
        let path = self.dir(job).path().to_owned();
        if let Ok(Err(error)) = spawn_blocking(move || fs::remove_dir_all(path)).await {
            tracing::warn!(%job, "the run directory cannot be removed: {error}");
        }
    }
}

/// Lets the users of projects pass to their runs and data, and see nothing on the way.
fn open_to_users(data_dir: &Path) -> io::Result<()> {
    for (name, mode) in [
        ("", 0o711),
        ("runs", 0o711),
        ("envs", 0o711),
        ("disks", 0o711),
        ("datasets", 0o711),
        ("blobs", 0o700),
        ("logs", 0o700),
        ("incoming", 0o700),
        ("partial", 0o700),
    ] {
        let folder = data_dir.join(name);
        fs::create_dir_all(&folder)?;
        fs::set_permissions(folder, Permissions::from_mode(mode))?;
    }
    Ok(())
}

/// The end of a command that never was started: cancelled, or with an error.
fn never_began(error: Option<String>) -> Exit {
    Exit {
        return_code: None,
        cancelled: error.is_none(),
        details: String::new(),
        error,
    }
}

/// Appends a line to the job's system log while no supervisor runs.
fn note(inner: &Inner, job: &JobId, line: &str) -> io::Result<()> {
    LogWriter::open(&inner.logs.dir(job))?.system(line)
}
