//! The environment of a job: the Python that it asks for, built once and kept, and its local modules.

mod build;
mod builder;
mod failure;
mod image;
mod installed;
mod interpreters;
mod packages;
mod recipe;
mod refusals;
mod store;
mod tools;
mod transcript;

use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use futures::{StreamExt, stream::BoxStream};
use jobsphere_api::jobs::{JobParameters, PythonEnv};
use jobsphere_rules::service_line::ServiceLine;
use jobsphere_service::{Report, Task};
use tokio::task::spawn_blocking;

use super::{places::View, run_dir::RunDir};
use crate::{
    config,
    logs::LogWriter,
    sandbox::{Around, Container, Mount},
    secrets::Secret,
    watch::Watcher,
};
use build::{Build, End};
use builder::Builder;
use image::Image;
use packages::Packages;
use recipe::Recipe;
use store::{EnvironmentStore, Key};
use tools::Toolbox;
use transcript::Transcript;

/// Before the machine's tools are asked without a need.
const HEAD_START: Duration = Duration::from_secs(3);
/// How often a build that was cut off is begun again.
const TRIES: usize = 3;

/// The environments of this machine.
#[derive(Debug)]
pub(super) struct Environments {
    rule: config::Environments,
    toolbox: Arc<Toolbox>,
    builder: Arc<Builder>,
    watcher: Arc<Watcher>,
}

/// What can be said of a Python of the machine.
#[derive(Debug, Clone)]
pub(crate) struct KnownPython {
    /// Its minor version, such as 3.11.
    pub(crate) version: String,
    /// Where it is.
    pub(crate) path: PathBuf,
    /// Whether commands can run it.
    pub(crate) is_usable: bool,
}

/// The Pythons that are named, or on the server's `PATH`.
pub(crate) async fn pythons(rule: &config::Environments, around: &Around) -> Vec<KnownPython> {
    let found = interpreters::find_all(&rule.pythons, around).await;
    let known = found.into_iter().map(|(python, is_usable)| KnownPython {
        version: python.version.to_string(),
        path: python.path,
        is_usable,
    });
    known.collect()
}

/// What a command finds around it.
#[derive(Debug, Clone, Default)]
pub(super) struct Setting {
    /// Where it runs, when it asks for an image.
    pub(super) container: Option<Container>,
    /// The Python environment.
    pub(super) python: Option<Python>,
    /// Places that the command needs and must not change.
    pub(super) mounts: Vec<Mount>,
    /// Packages and versions, as the environment's build has told them.
    installed: String,
}

/// A Python environment as a command sees it.
#[derive(Debug, Clone)]
pub(super) struct Python {
    /// Its programs.
    pub(super) bin: PathBuf,
    /// What the job's own one above it begins as.
    pub(super) venv_of_job: PathBuf,
    /// Whether conda has made it, which calls its folder so.
    pub(super) conda_prefix: Option<PathBuf>,
}

/// Why a job has no environment.
#[derive(Debug)]
pub(super) enum NotReady {
    /// It is not wanted any more.
    Cancelled,
    /// The job asks for what cannot be had.
    Absent(ServiceLine<'static>),
    /// The server's fault.
    Failed(ServiceLine<'static>),
}

impl<E: Into<anyhow::Error>> From<E> for NotReady {
    fn from(error: E) -> Self {
        let reason = format!("{:#}", error.into()).into();
        Self::Failed(ServiceLine::EnvironmentFailed { reason })
    }
}

impl Environments {
    /// Opens what is kept in the data folder, goes on with what was being built, and asks the tools of this machine.
    pub(super) fn open(around: Around, rule: &config::Environments, watcher: Arc<Watcher>) -> io::Result<Self> {
        let toolbox = Arc::new(Toolbox::new(rule.clone(), around.clone()));
        let keep = Arc::new(EnvironmentStore::open(around)?);
        let builder = Arc::new(Builder::new(keep, rule.clone()));
        builder.open()?;
        let asked = toolbox.clone();
        tokio::spawn(async move {
            // A server that has just started has better things to do.
            tokio::time::sleep(HEAD_START).await;
            asked.renew().await
        });
        Ok(Self {
            rule: rule.clone(),
            toolbox,
            builder,
            watcher,
        })
    }

    /// A sentence for each part of the job's environment that cannot be had here.
    pub(super) fn refusals(&self, parameters: &JobParameters) -> Vec<String> {
        match &parameters.env {
            Some(env) if refusals::concerns(env) => {
                self.toolbox.judge(|tools| refusals::refusals(env, &self.rule, tools))
            }
            _ => Vec::new(),
        }
    }

    /// What the job's command needs around it; built, and written to the log in `log_dir`, when it is not kept.
    ///
    /// # Errors
    /// When it cannot be built, or a cancel order arrives.
    pub(super) async fn setting(
        &self,
        task: &Task,
        view: View,
        dir: &RunDir,
        log_dir: &Path,
        secrets: &[Secret],
        report: &dyn Report,
    ) -> Result<Setting, NotReady> {
        if let Some(container) = self.container(task, dir, log_dir, secrets, report).await? {
            return Ok(Setting {
                container: Some(container),
                ..Setting::default()
            });
        }
        let Some(packages) = python_env(task).map(Packages::of) else {
            return Ok(Setting::default());
        };
        if packages.is_any() && !self.toolbox.tools().await.can_build(&packages) {
            return Ok(Setting::default());
        }
        let key = packages.key(&task.project_id, view);
        let short = key.short().to_owned();
        if let Some(setting) = self.kept(&key, view, &packages, dir).await? {
            note(log_dir, ServiceLine::EnvironmentKept { name: short.into() }).await?;
            // A build has told it in the log of those who waited for it.
            if let Some(line) = installed::line(&setting.installed) {
                note(log_dir, line).await?;
            }
            return Ok(setting);
        }
        let recipe = self.recipe(&key, view, &packages).await?;
        let how = recipe.title.as_str().into();
        report.preparing(&ServiceLine::Building { how }).await;
        for _ in 0..TRIES {
            let build = self.builder.build(&key, Some(recipe.clone()));
            let end = tokio::select! {
                end = self.follow(&build, log_dir, [&short, &recipe.title]) => end?,
                () = self.cancelled(dir) => return Err(NotReady::Cancelled),
            };
            match end {
                End::Whole => {
                    if let Some(setting) = self.kept(&key, view, &packages, dir).await? {
                        note(log_dir, ServiceLine::EnvironmentReady { name: short.into() }).await?;
                        report.preparing(&ServiceLine::Preparing).await;
                        return Ok(setting);
                    }
                }
                End::Failed(reason) => return Err(NotReady::Absent(failed(&recipe, &packages, reason))),
                End::Interrupted => {}
            }
        }
        let times = TRIES.to_string().into();
        Err(NotReady::Failed(ServiceLine::EnvironmentCutOff { times }))
    }

    /// The container of the job, its image at hand; none when it asks for none.
    async fn container(
        &self,
        task: &Task,
        dir: &RunDir,
        log_dir: &Path,
        secrets: &[Secret],
        report: &dyn Report,
    ) -> Result<Option<Container>, NotReady> {
        let env = task.parameters.env.clone().unwrap_or_default();
        let Some(image) = Image::of(&env, &self.rule).map_err(NotReady::Absent)? else {
            return Ok(None);
        };
        let tools = self.toolbox.tools().await;
        let engine = tools.container.as_ref().map_err(|absence| {
            let reason = absence.to_string().into();
            NotReady::Absent(ServiceLine::NoContainer { reason })
        })?;
        let getting = ServiceLine::GettingImage {
            image: image.address.as_str().into(),
        };
        report.preparing(&getting).await;
        tokio::select! {
            got = image.get(engine, secrets, log_dir) => got?,
            () = self.cancelled(dir) => return Err(NotReady::Cancelled),
        }
        Ok(Some(Container {
            engine: engine.path.clone(),
            image: image.address,
            name: Container::name_of(task.job_id.as_str()),
        }))
    }

    /// Ends what the container of a job left behind.
    pub(super) async fn drop_container(&self, task: &Task) {
        let tools = self.toolbox.tools().await;
        if let (true, Ok(engine)) = (asks_for_container(task), &tools.container) {
            let container = Container {
                engine: engine.path.clone(),
                image: String::new(),
                name: Container::name_of(task.job_id.as_str()),
            };
            let _ = spawn_blocking(move || container.remove()).await;
        }
    }

    async fn recipe(&self, key: &Key, view: View, packages: &Packages) -> Result<Recipe, NotReady> {
        let places = self.builder.keep.seen(key, view);
        let tools = self.toolbox.tools().await;
        Recipe::new(packages, &tools, &places).map_err(|absence| {
            let reason = absence.to_string().into();
            NotReady::Absent(ServiceLine::EnvironmentAbsent { reason })
        })
    }

    /// What a command finds of an environment that is whole.
    async fn kept(&self, key: &Key, view: View, packages: &Packages, dir: &RunDir) -> anyhow::Result<Option<Setting>> {
        let (keep, of, run) = (self.builder.keep.clone(), key.clone(), dir.clone());
        let Some(ready) = spawn_blocking(move || keep.claim(&of, &run)).await?? else {
            return Ok(None);
        };
        let keep = &self.builder.keep;
        let seen = keep.seen(key, view);
        let mut mounts: Vec<Mount> = ready.needs.into_iter().map(Mount::in_place).collect();
        mounts.extend(keep.shown(key, view));
        Ok(Some(Setting {
            python: Some(Python {
                bin: seen.prefix.join("bin"),
                venv_of_job: seen.venv_of_job,
                conda_prefix: (!packages.conda_yaml.is_empty()).then_some(seen.prefix),
            }),
            mounts,
            installed: ready.installed,
            ..Setting::default()
        }))
    }

    /// Writes down what the build prints, until its end.
    async fn follow(&self, build: &Build, log_dir: &Path, title: [&str; 2]) -> io::Result<End> {
        let mut state = build.state();
        let mut transcript = None;
        let mut changes: BoxStream<'_, ()> = futures::stream::pending().boxed();
        loop {
            let now = state.borrow_and_update().clone();
            if transcript.is_none()
                && let Some(log) = now.log
            {
                changes = self.watcher.changes(&log).boxed();
                let (to, [name, how]) = (log_dir.to_owned(), title.map(str::to_owned));
                transcript = Some(spawn_blocking(move || Transcript::open(&to, log, &name, &how)).await??);
            }
            if let Some(mut copy) = transcript.take() {
                let copied = spawn_blocking(move || copy.catch_up().map(|()| copy)).await?;
                transcript = Some(copied?);
            }
            if let Some(end) = now.end {
                spawn_blocking(move || transcript.map_or(Ok(()), Transcript::close)).await??;
                return Ok(end);
            }
            tokio::select! {
                told = state.changed() => if told.is_err() {
                    return Ok(End::Interrupted);
                },
                _ = changes.next() => {}
            }
        }
    }

    /// Waits for a cancel order: nothing of the user's runs yet, so it is obeyed at once, graceful or not.
    async fn cancelled(&self, dir: &RunDir) {
        let mut changes = Box::pin(self.watcher.changes(dir.path()));
        while changes.next().await.is_some() {
            if matches!(dir.ask(RunDir::cancel).await, Ok(Some(_))) {
                return;
            }
        }
        std::future::pending().await
    }
}

/// Appends a line to a job's system log.
async fn note(log_dir: &Path, line: ServiceLine<'static>) -> io::Result<()> {
    let log_dir = log_dir.to_owned();
    let noted = spawn_blocking(move || LogWriter::open(&log_dir)?.system(&line));
    noted.await.map_err(io::Error::other)?
}

/// Appends what a tool has printed.
async fn quote(log_dir: &Path, line: String) -> io::Result<()> {
    let log_dir = log_dir.to_owned();
    let quoted = spawn_blocking(move || LogWriter::open(&log_dir)?.quote(&line));
    quoted.await.map_err(io::Error::other)?
}

/// Whether the job wants to run in a container.
pub(super) fn asks_for_container(task: &Task) -> bool {
    let env = task.parameters.env.as_ref();
    env.is_some_and(|env| env.docker_image.is_some())
}

/// The Python part of a job.
pub(super) fn python_env(task: &Task) -> Option<&PythonEnv> {
    task.parameters.env.as_ref()?.python_env.as_ref()
}

/// The sentence for a failed build; it names the index, which the tools' last words leave out.
fn failed(recipe: &Recipe, packages: &Packages, reason: String) -> ServiceLine<'static> {
    let index = match without_password(&packages.index_url) {
        url if url.is_empty() => String::new(),
        url => format!(", index {url}"),
    };
    ServiceLine::EnvironmentNotBuilt {
        how: format!("{}{index}", recipe.title).into(),
        reason: reason.into(),
    }
}

/// Users and passwords of an address are not for everyone who sees the job.
fn without_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else {
        return url.to_owned();
    };
    let end = rest.find('/').unwrap_or(rest.len());
    match rest[..end].rfind('@') {
        Some(at) => format!("{scheme}://{}", &rest[at + 1..]),
        None => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_shown_without_its_password() {
        for (url, shown) in [
            ("https://me:secret@host/simple", "https://host/simple"),
            ("https://me:se@cret@host", "https://host"),
            ("https://host/a@b", "https://host/a@b"),
            ("", ""),
        ] {
            assert_eq!(without_password(url), shown);
        }
    }
}
