//! Runs commands on this machine: prepares a run directory, leaves the command to a supervisor process, and
//! collects what it made.

mod collect;
mod datasets;
pub(crate) mod environment;
mod follow;
mod held;
mod leftovers;
mod mounts;
mod places;
mod porters;
mod prepare;
pub(crate) mod programs;
pub(crate) mod progress;
mod refusals;
pub(crate) mod run_dir;
mod secrets;
mod variables;

use std::{
    collections::HashSet,
    fs::{self, Permissions},
    io,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    sync::Arc,
};

use async_trait::async_trait;
use jobsphere_api::{
    id::{JobId, ProjectId},
    jobs::{File, JobParameters},
};
use jobsphere_rules::{command, return_code, service_line::ServiceLine};
use jobsphere_service::{
    CancelMode, Engine, Fault, NotHeld, Outcome, Report, SecretValue, StoreError, Taken, Task, Unnamed,
};
use tokio::task::spawn_blocking;

use crate::{
    blobs::{DiskBlobs, Unfit},
    config::Config,
    datasets::Datasets,
    logs::{DiskLogs, LogWriter},
    porter::{Porter, PorterError},
    sandbox::{self, Around, Sandbox},
    secrets::{Secret, Secrets},
    store::SqliteStore,
    supervisor::groups,
    watch::Watcher,
};
use environment::{Environments, NotReady};
use held::HeldRuns;
use places::{Places, View};
use porters::{Phase, Porters};
use run_dir::{CancelOrder, Exit, RunDir};

/// What shells answer when they find no program of a name.
/// How soon something is tried again for which the machine had too little of something.
const AGAIN: std::time::Duration = std::time::Duration::from_secs(1);
const NO_SUCH_PROGRAM: i64 = 127;

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
    porters: Porters,
    held: HeldRuns,
}

impl Inner {
    /// Lets `act` use the porter of a job. Blocks.
    fn with_porter<T>(
        &self,
        task: &Task,
        places: &Places,
        act: impl FnOnce(&mut Porter) -> Result<T, PorterError>,
    ) -> Result<T, PorterError> {
        let mut rights = (self.around.sandbox, self.around.user_of_jobs(task.project_id.as_str()));
        // A run that was begun when commands were kept apart in another way is handled with its own rights to its end.
        let owner = places.owner();
        if owner.is_some() && rights.1.is_none() {
            rights = (Sandbox::User, owner);
        }
        self.porters.with(&task.job_id, rights, places, act)
    }
}

impl LocalEngine {
    /// Opens the run directories in the data folder, and what outlives them: disks, datasets and secrets.
    ///
    /// # Errors
    /// When a folder cannot be made, or the database cannot be read.
    pub(crate) async fn open(
        around: Around,
        store: SqliteStore,
        config: Arc<Config>,
        blobs: Arc<DiskBlobs>,
        logs: Arc<DiskLogs>,
        watcher: Arc<Watcher>,
    ) -> anyhow::Result<Self> {
        let data_dir = &around.data_dir;
        let runs = data_dir.join("runs");
        let closing = around.clone();
        spawn_blocking(move || {
            close_to_others(&closing)?;
            programs::make(&closing.data_dir)
        })
        .await??;
        let inner = Inner {
            runs,
            disks: data_dir.join("disks"),
            datasets: Datasets::new(around.clone()),
            secrets: Secrets::to_read(data_dir).await?,
            store,
            environments: Environments::open(around.clone(), &config.environments, watcher.clone())?,
            config,
            around,
            blobs,
            logs,
            watcher,
            porters: Porters::default(),
            held: HeldRuns::default(),
        };
        datasets::sweep(&inner).await?;
        let engine = Self { inner: Arc::new(inner) };
        let opened = engine.clone();
        spawn_blocking(move || {
            for (job, run) in held::held_before(&opened.inner.runs) {
                opened.inner.held.add(&job, run);
            }
        })
        .await?;
        tokio::spawn(held::watch(engine.clone()));
        Ok(engine)
    }

    fn dir(&self, job: &JobId) -> RunDir {
        RunDir::new(self.inner.runs.join(job.as_str()))
    }

    async fn try_run(&self, task: &Task, report: &dyn Report) -> anyhow::Result<Outcome> {
        let dir = self.dir(&task.job_id);
        let places = self.places(task, &dir).await?;
        let Some(exit) = self.exit(task, &dir, &places, report).await? else {
            let job = task.job_id.clone();
            spawn_blocking(move || {
                groups::remove_of(&dir);
                leftovers::kill(&job);
            })
            .await?;
            self.inner.environments.drop_container(task).await;
            return self.failed(task, Fault::Server, ServiceLine::Lost.to_string()).await;
        };
        if let Some(message) = exit.error {
            let fault = if exit.is_jobs_fault { Fault::Job } else { Fault::Server };
            return self.failed(task, fault, message).await;
        }
        let Some(return_code) = exit.return_code else {
            let (log_files, diagnostic_files) = self.log_files(task).await?;
            return Ok(Outcome::NeverStarted {
                log_files,
                diagnostic_files,
            });
        };
        let mut details = exit.details;
        if let Some(hint) = hint(return_code, &task.parameters.cmd) {
            details = [return_code::details(return_code), hint.to_string()].join(". ");
            self.note(task, hint).await?;
        }
        report.uploading_output().await;
        self.inner.porters.enter(&task.job_id, Phase::Collecting);
        let (output_files, file_errors) = self.blocking(task, &dir, &places, collect::outputs).await?;
        let has_succeeded = return_code == 0 && !exit.cancelled;
        let datasets = match has_succeeded {
            true => self.blocking(task, &dir, &places, datasets::keep).await??,
            false => Ok(Vec::new()),
        };
        let (output_datasets, dataset_errors) = match datasets {
            Ok(datasets) => (datasets, Vec::new()),
            Err(errors) => (Vec::new(), errors),
        };
        if let Err(error) = self.blocking(task, &dir, &places, held::note).await? {
            tracing::warn!(job = %task.job_id, "what nobody has named is not told: {error:#}");
        }
        let (log_files, diagnostic_files) = self.log_files(task).await?;
        let is_stopped = dir.ask(|dir| Ok(dir.is_stopped())).await?;
        Ok(Outcome::Finished {
            return_code,
            cancelled: exit.cancelled || is_stopped,
            details,
            output_files,
            log_files,
            diagnostic_files,
            file_errors,
            output_datasets,
            dataset_errors,
        })
    }

    /// Where the job's folders lie and are seen.
    async fn places(&self, task: &Task, dir: &RunDir) -> anyhow::Result<Places> {
        let (engine, task, dir) = (self.clone(), task.clone(), dir.clone());
        spawn_blocking(move || {
            let is_in_container = environment::asks_for_container(&task);
            let view = View::of(engine.inner.around.sandbox, is_in_container);
            dir.make(engine.inner.around.user_of_jobs(task.project_id.as_str()), &[])?;
            let places = Places::new(&dir, view, datasets::reserve(&task, &dir)?);
            let is_of_before = task.has_begun && !crate::folders::is_folder(&dir.venv());
            let places = places.with_room_for(&task.parameters);
            Ok(if is_of_before { places.without_venv() } else { places })
        })
        .await?
    }

    /// How the command ended; starts it, or takes it up. `None` when what ran it was lost.
    async fn exit(
        &self,
        task: &Task,
        dir: &RunDir,
        places: &Places,
        report: &dyn Report,
    ) -> anyhow::Result<Option<Exit>> {
        let has_begun = task.has_begun;
        match dir.ask(move |dir| State::of(dir, has_begun)).await? {
            State::Ended(exit) => return Ok(Some(exit)),
            State::Lost => return Ok(None),
            State::Runs => {}
            State::New(lock) => {
                if let Some(exit) = self.start(task, dir, places, lock, report).await? {
                    return Ok(Some(exit));
                }
            }
        }
        self.inner.porters.enter(&task.job_id, Phase::Waiting);
        follow::follow(&self.inner.watcher, dir, report).await?;
        Ok(dir.ask(RunDir::exit).await?)
    }

    /// Starts the command of a job that is new here; how it ended, when it did not begin.
    async fn start(
        &self,
        task: &Task,
        dir: &RunDir,
        places: &Places,
        lock: fs::File,
        report: &dyn Report,
    ) -> anyhow::Result<Option<Exit>> {
        drop(spawn_blocking(groups::hasten));
        self.note(task, ServiceLine::Turn).await?;
        let secrets = match self.inner.secrets.of(&task.project_id).await {
            Ok(secrets) => secrets,
            Err(error) => {
                let reason = format!("{error:#}").into();
                return Ok(Some(never_began(
                    Fault::Server,
                    Some(ServiceLine::ServerFailed { reason }),
                )));
            }
        };
        match self.prepare(task, dir, places, &secrets, report).await {
            Ok(()) => {}
            Err(NotReady::Cancelled) => return Ok(Some(never_began(Fault::Job, None))),
            Err(NotReady::Absent(message)) => return Ok(Some(never_began(Fault::Job, Some(message)))),
            Err(NotReady::Failed(message)) => return Ok(Some(never_began(Fault::Server, Some(message)))),
        }
        self.inner.porters.enter(&task.job_id, Phase::Waiting);
        let start = move |inner: &Inner, task: &Task, _: &Places, dir: &RunDir| {
            secrets::note_overridden(inner, task, &secrets)?;
            variables::note_reserved(inner, task)?;
            follow::start_supervisor(dir, lock, &secrets)
        };
        self.blocking(task, dir, places, start).await??;
        Ok(None)
    }

    async fn note(&self, task: &Task, line: ServiceLine<'static>) -> anyhow::Result<()> {
        let (engine, job) = (self.clone(), task.job_id.clone());
        Ok(spawn_blocking(move || note(&engine.inner, &job, &line)).await??)
    }

    /// The folders, the environment, then what is in the folders.
    async fn prepare(
        &self,
        task: &Task,
        dir: &RunDir,
        places: &Places,
        secrets: &[Secret],
        report: &dyn Report,
    ) -> Result<(), NotReady> {
        self.inner.porters.enter(&task.job_id, Phase::Filling);
        let begin = |inner: &Inner, task: &Task, places: &Places, dir: &RunDir| {
            prepare::begin(inner, task, dir, places).map_err(|error| unready(dir, &error))
        };
        let begun = async { self.blocking(task, dir, places, begin).await? };
        let log_dir = self.inner.logs.dir(&task.job_id);
        let environments = &self.inner.environments;
        let setting = environments.setting(task, places.view(), dir, &log_dir, secrets, report);
        // At the same time: an environment is waited for by all jobs that want it, from the beginning.
        let ((), setting) = futures::try_join!(begun, setting)?;
        let fill = move |inner: &Inner, task: &Task, places: &Places, dir: &RunDir| {
            prepare::prepare(inner, task, dir, places, &setting).map_err(|error| unready(dir, &error))
        };
        self.blocking(task, dir, places, fill).await?
    }

    /// What callers are told, without where the server keeps its data.
    fn without_paths(&self, mut outcome: Outcome) -> Outcome {
        let folder = self.inner.around.data_dir.display().to_string();
        let clean = |text: &mut String| {
            if text.contains(&folder) {
                *text = text.replace(&folder, "the data folder");
            }
        };
        match &mut outcome {
            Outcome::Failed { message, .. } => clean(message),
            Outcome::Finished {
                details,
                file_errors,
                dataset_errors,
                ..
            } => {
                clean(details);
                let errors = file_errors.iter_mut().chain(dataset_errors);
                errors.for_each(|error| clean(&mut error.description));
            }
            Outcome::NeverStarted { .. } => {}
        }
        outcome
    }

    /// Does what blocks where that is allowed.
    async fn blocking<T: Send + 'static>(
        &self,
        task: &Task,
        dir: &RunDir,
        places: &Places,
        act: impl FnOnce(&Inner, &Task, &Places, &RunDir) -> T + Send + 'static,
    ) -> anyhow::Result<T> {
        let (engine, task, places, dir) = (self.clone(), task.clone(), places.clone(), dir.clone());
        Ok(spawn_blocking(move || act(&engine.inner, &task, &places, &dir)).await?)
    }

    async fn failed(&self, task: &Task, fault: Fault, message: String) -> anyhow::Result<Outcome> {
        // A disk that is full, and has ended the job, may have no room for these.
        let (log_files, diagnostic_files) = self.log_files(task).await.unwrap_or_else(|error| {
            tracing::error!(job = %task.job_id, "the log files cannot be stored: {error:#}");
            Default::default()
        });
        Ok(Outcome::Failed {
            fault,
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
        // It is executed next, as a rule.
        drop(spawn_blocking(groups::hasten));
        let inner = &self.inner;
        let mut refusals = refusals::refusals(parameters);
        let (engine, asked) = (self.clone(), parameters.clone());
        let mounts = spawn_blocking(move || mounts::refusals(&engine.inner, &asked)).await;
        refusals.extend(mounts.unwrap_or_default());
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
        let outcome = loop {
            match self.try_run(&task, report.as_ref()).await {
                // What ran goes on running; it is taken up again.
                Err(error) if is_passing(&error) => {
                    tracing::error!(job = %task.job_id, "{error:#}; trying again");
                    tokio::time::sleep(AGAIN).await;
                }
                outcome => break outcome,
            }
        };
        let outcome = outcome.unwrap_or_else(|error| {
            tracing::error!(job = %task.job_id, "{error:#}");
            Outcome::Failed {
                fault: Fault::Server,
                message: ServiceLine::ServerFailed {
                    reason: format!("{error:#}").into(),
                }
                .to_string(),
                log_files: Vec::new(),
                diagnostic_files: Vec::new(),
            }
        });
        self.without_paths(outcome)
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
        let (engine, job) = (self.clone(), job.clone());
        let told = spawn_blocking(move || {
            let dir = engine.dir(&job);
            engine.inner.porters.break_off(&job, |phase| {
                if phase == Some(Phase::Collecting) {
                    dir.stop()?;
                }
                // Never softer: an order to kill stands.
                match dir.cancel() {
                    Ok(Some(CancelOrder { signal: None, .. })) => Ok(()),
                    _ => dir.write_cancel(&order),
                }
            })
        });
        if let Ok(Err(error)) = told.await {
            tracing::error!("a cancel order cannot be written: {error}");
        }
    }

    async fn kept(&self) -> Vec<JobId> {
        let runs = self.inner.runs.clone();
        let mut kept = match spawn_blocking(move || named(&runs)).await {
            Ok(Ok(kept)) => kept,
            _ => Vec::new(),
        };
        let held: HashSet<JobId> = self.inner.held.jobs().into_iter().collect();
        kept.retain(|job| !held.contains(job));
        kept
    }

    async fn forget(&self, job: &JobId) {
        if let Err(error) = datasets::drop_unowned(&self.inner, &self.dir(job)).await {
            tracing::warn!(%job, "what is left of its datasets stays until the next start: {error:#}");
        }
        let (engine, dir, id) = (self.clone(), self.dir(job), job.clone());
        let removed = spawn_blocking(move || {
            let inner = &engine.inner;
            match held::hold_unnamed(inner, &id, &dir) {
                Ok(true) => return Ok(()),
                Ok(false) => {}
                Err(error) => tracing::warn!(job = %id, "the folder of its run is not held: {error}"),
            }
            inner.porters.give_up(&id, Porter::clear_all);
            dir.remove(&inner.around)
        });
        if let Ok(Err(error)) = removed.await {
            tracing::warn!(%job, "the run directory cannot be removed: {error}");
        }
    }

    async fn held(&self) -> Vec<JobId> {
        self.inner.held.jobs()
    }

    async fn unnamed(&self, job: &JobId) -> Option<Unnamed> {
        let (engine, id) = (self.clone(), job.clone());
        match spawn_blocking(move || held::unnamed(&engine.inner, &id, &engine.dir(&id))).await {
            Ok(Ok(unnamed)) => unnamed,
            Ok(Err(error)) => {
                tracing::error!(%job, "what is held cannot be read: {error}");
                None
            }
            Err(_) => None,
        }
    }

    async fn take(&self, task: &Task, paths: &[String]) -> Result<Vec<Taken>, NotHeld> {
        held::take(self, task, paths).await
    }

    async fn let_go(&self, job: &JobId) {
        held::let_go(self, job).await;
    }
}

/// The jobs that have a run directory.
#[allow(clippy::disallowed_methods)] // It blocks.
fn named(runs: &Path) -> io::Result<Vec<JobId>> {
    let entries = fs::read_dir(runs)?.flatten();
    Ok(entries
        .filter_map(|entry| JobId::parse(entry.file_name().to_str()?).ok())
        .collect())
}

/// What the text of a command tells of its end.
fn hint(return_code: i64, cmd: &str) -> Option<ServiceLine<'static>> {
    let (line, option) = command::stray_option(cmd).filter(|_| return_code == NO_SUCH_PROGRAM)?;
    Some(ServiceLine::StrayOption {
        line: line.to_string().into(),
        option: option.to_string().into(),
    })
}

/// Lets the users of projects pass to their runs and data, and see nothing on the way; nobody else sees anything.
#[allow(clippy::disallowed_methods)] // It blocks.
fn close_to_others(around: &Around) -> io::Result<()> {
    let passable = match sandbox::is_root() {
        true => sandbox::PASSABLE,
        false => crate::folders::OWNER_ALONE,
    };
    for (name, mode) in [
        ("", passable),
        ("runs", passable),
        ("environments", passable),
        ("disks", passable),
        ("datasets", passable),
        ("blobs", crate::folders::OWNER_ALONE),
        ("logs", crate::folders::OWNER_ALONE),
        ("incoming", crate::folders::OWNER_ALONE),
        ("partial", crate::folders::OWNER_ALONE),
    ] {
        let folder = around.data_dir.join(name);
        fs::create_dir_all(&folder)?;
        fs::set_permissions(folder, Permissions::from_mode(mode))?;
    }
    Ok(())
}

/// Whether the machine has too little of something at the moment: that is no end of a job.
fn is_passing(error: &anyhow::Error) -> bool {
    use rustix::io::Errno;
    let passing = [Errno::MFILE, Errno::NFILE, Errno::NOMEM, Errno::AGAIN].map(Errno::raw_os_error);
    let of_system = |cause: &(dyn std::error::Error + 'static)| cause.downcast_ref::<io::Error>()?.raw_os_error();
    error.chain().filter_map(of_system).any(|code| passing.contains(&code))
}

/// Why the folders are not ready: the porter may have been broken off by a cancel order. Blocks.
fn unready(dir: &RunDir, error: &anyhow::Error) -> NotReady {
    if let Ok(Some(_)) = dir.cancel() {
        return NotReady::Cancelled;
    }
    let sentence = ServiceLine::DirectoryFailed {
        reason: format!("{error:#}").into(),
    };
    match error.downcast_ref::<Unfit>() {
        Some(_) => NotReady::Absent(sentence),
        None => NotReady::Failed(sentence),
    }
}

/// How far a job has come, as its run directory tells.
enum State {
    /// Its command has ended.
    Ended(Exit),
    /// It had begun, and nothing tells how it ended.
    Lost,
    /// Its supervisor lives.
    Runs,
    /// Nothing was begun; here is the lock, taken.
    New(fs::File),
}

impl State {
    /// Blocks.
    fn of(dir: &RunDir, has_begun: bool) -> io::Result<Self> {
        let lock = dir.lock_file()?;
        if !run_dir::try_lock(&lock)? {
            return Ok(Self::Runs);
        }
        Ok(match dir.exit()? {
            Some(exit) => Self::Ended(exit),
            None if has_begun || dir.started()?.is_some() => Self::Lost,
            None => Self::New(lock),
        })
    }
}

/// The end of a command that never was started: cancelled, or with an error.
fn never_began(fault: Fault, error: Option<ServiceLine<'_>>) -> Exit {
    Exit {
        return_code: None,
        cancelled: error.is_none(),
        details: String::new(),
        error: error.map(|line| line.to_string()),
        is_jobs_fault: fault == Fault::Job,
        is_over_limit: false,
    }
}

/// Appends a line to the job's system log while no supervisor runs.
fn note(inner: &Inner, job: &JobId, line: &ServiceLine<'_>) -> io::Result<()> {
    LogWriter::open(&inner.logs.dir(job))?.system(line)
}
