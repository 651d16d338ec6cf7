//! One build of an environment, for all jobs that wait for it.
//!
//! It is run as a command is run: by a supervisor of its own, which outlives the server. Its run directory lies
//! beside what it builds, so a server that starts again finds it and goes on waiting.

use std::{
    collections::BTreeMap,
    fs::{self, Permissions},
    io,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    sync::{Arc, Weak},
    time::Duration,
};

use anyhow::{Context, ensure};
use jobsphere_api::jobs::log_message::Source;
use jobsphere_rules::service_line::ServiceLine;
use jobsphere_service::LogFrom;
use tokio::{
    sync::{Notify, watch},
    task::spawn_blocking,
};

use super::{
    failure, installed,
    recipe::Recipe,
    store::{EnvironmentStore, Key},
};
use crate::{
    engine::{
        follow,
        places::{Folder, Places, View},
        run_dir::{self, CancelOrder, RunDir},
    },
    folders,
    logs::{self, now_micros},
    sandbox::{Limits, Spec},
};

const KILL: CancelOrder = CancelOrder {
    signal: None,
    timeout_ms: None,
};
const DEFAULT_PATH: &str = "/usr/local/bin:/usr/bin:/bin";
/// Logs are named by their moment after it.
const LOG: &str = "log-";
/// What the environment will need of this machine, written down before the build begins.
const NEEDS: &str = "needs.json";
const READABLE: u32 = 0o755;
/// Most of the output that is looked at for the reason of a failure.
const REASON_BYTES: usize = 1 << 20;

/// How a build ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum End {
    /// The environment is whole.
    Whole,
    /// The tool's own message.
    Failed(String),
    /// It was begun by another server and cut off; it can be begun again.
    Interrupted,
}

/// How far a build has come.
#[derive(Debug, Clone, Default)]
pub(super) struct State {
    /// The folder of its log, once it has begun.
    pub(super) log: Option<PathBuf>,
    pub(super) end: Option<End>,
}

/// A build that goes on as long as someone holds it.
#[derive(Debug)]
pub(super) struct Build {
    dir: RunDir,
    state: watch::Receiver<State>,
    /// NamedPaths when nobody holds it any more.
    tidy: Arc<Notify>,
}

impl Build {
    /// The handle of a build, and what tells it how far it is.
    pub(super) fn new(dir: RunDir, tidy: Arc<Notify>) -> (Self, watch::Sender<State>) {
        let (tell, state) = watch::channel(State::default());
        (Self { dir, state, tidy }, tell)
    }

    /// How far it has come, now and later.
    pub(super) fn state(&self) -> watch::Receiver<State> {
        self.state.clone()
    }

    /// Waits for the end, or for the loss of it.
    pub(super) async fn ended(&self) {
        let _ = self.state().wait_for(|state| state.end.is_some()).await;
    }

    pub(super) fn has_ended(&self) -> bool {
        self.state.borrow().end.is_some()
    }
}

impl Drop for Build {
    fn drop(&mut self) {
        if !self.has_ended() {
            let dir = self.dir.clone();
            // Where there is nobody left to do it, the next server does not go on with what nobody waits for.
            if let Ok(server) = tokio::runtime::Handle::try_current() {
                server.spawn_blocking(move || end(&dir));
            }
        }
        self.tidy.notify_one();
    }
}

#[allow(clippy::disallowed_methods)] // It blocks.
fn end(dir: &RunDir) {
    if dir.path().exists()
        && let Err(error) = dir.write_cancel(&KILL)
    {
        tracing::error!("a build cannot be ended: {error}");
    }
}

/// The work behind a build; alone with its environment.
#[derive(Debug)]
pub(super) struct Work {
    pub(super) keep: Arc<EnvironmentStore>,
    pub(super) key: Key,
    /// `None` for a build that another server began.
    pub(super) recipe: Option<Recipe>,
    pub(super) time_limit: Duration,
    /// What it may take of the machine's memory.
    pub(super) memory_bytes: u64,
    /// Those who wait for it.
    pub(super) waiting: Weak<Build>,
}

impl Work {
    pub(super) async fn run(self, tell: &watch::Sender<State>) -> End {
        let dir = self.keep.build(&self.key);
        match self.build(&dir, tell).await {
            Ok(end) => end,
            Err(error) => End::Failed(format!("{error:#}")),
        }
    }

    async fn build(&self, dir: &RunDir, tell: &watch::Sender<State>) -> anyhow::Result<End> {
        // It may have come to its end, and been tidied up, while its tools were being asked for.
        let (keep, key) = (self.keep.clone(), self.key.clone());
        if spawn_blocking(move || keep.ready(&key).is_some()).await? {
            return Ok(End::Whole);
        }
        if let Some(end) = self.found(dir, tell).await? {
            return Ok(end);
        }
        let (keep, key) = (self.keep.clone(), self.key.clone());
        spawn_blocking(move || keep.remove(&key)).await??;
        let Some(recipe) = &self.recipe else {
            return Ok(End::Interrupted);
        };
        let (keep, key, run, recipe) = (self.keep.clone(), self.key.clone(), dir.clone(), recipe.clone());
        let limits = Limits {
            memory_bytes: Some(self.memory_bytes),
            ..Limits::default()
        };
        let log = spawn_blocking(move || start(&keep, &key, &run, &recipe, limits)).await??;
        tell.send_modify(|state| state.log = Some(log));
        if self.waiting.strong_count() == 0 {
            dir.ask(|dir| dir.write_cancel(&KILL)).await?;
        }
        let run = dir.clone();
        let mut ended = spawn_blocking(move || run_dir::wait_for_lock(&run.lock_file()?));
        if let Ok(ended) = tokio::time::timeout(self.time_limit, &mut ended).await {
            ended??;
            let end = self.outcome(dir).await?;
            return Ok(end.unwrap_or_else(|| End::Failed(ServiceLine::BuildEnded.to_string())));
        }
        dir.ask(|dir| dir.write_cancel(&KILL)).await?;
        ended.await??;
        let seconds = self.time_limit.as_secs().to_string().into();
        Ok(End::Failed(ServiceLine::BuildTooLong { seconds }.to_string()))
    }

    /// What another server has begun, at its end.
    async fn found(&self, dir: &RunDir, tell: &watch::Sender<State>) -> anyhow::Result<Option<End>> {
        let found = dir.ask(Found::of).await?;
        let goes_on = matches!(found, Found::GoesOn(_));
        match found {
            Found::Nothing => return Ok(None),
            Found::Ended => {}
            Found::GoesOn(log) => {
                tell.send_modify(|state| state.log = log);
                dir.ask(|dir| run_dir::wait_for_lock(&dir.lock_file()?)).await?;
            }
        }
        let end = self.outcome(dir).await?;
        tracing::info!(environment = %self.key, goes_on, ?end, "an earlier server has begun this build");
        // An earlier failure is nobody's answer any more.
        Ok(end.filter(|end| goes_on || *end == End::Whole))
    }

    /// How the build has ended; `None` when it did not come to an end by itself.
    async fn outcome(&self, dir: &RunDir) -> anyhow::Result<Option<End>> {
        let (keep, key, dir) = (self.keep.clone(), self.key.clone(), dir.clone());
        spawn_blocking(move || outcome(&keep, &key, &dir)).await?
    }
}

/// What another server has left of a build.
enum Found {
    Nothing,
    Ended,
    /// It is not over; its log, if it has one yet.
    GoesOn(Option<PathBuf>),
}

impl Found {
    /// Blocks.
    #[allow(clippy::disallowed_methods)] // It blocks.
    fn of(dir: &RunDir) -> io::Result<Self> {
        if !dir.path().exists() {
            return Ok(Self::Nothing);
        }
        match run_dir::try_lock(&dir.lock_file()?)? {
            true => Ok(Self::Ended),
            false => newest_log(dir).map(Self::GoesOn),
        }
    }
}

/// As [`Work::outcome`]. Blocks.
fn outcome(keep: &EnvironmentStore, key: &Key, dir: &RunDir) -> anyhow::Result<Option<End>> {
    let Some(exit) = dir.exit()?.filter(|exit| !exit.cancelled) else {
        return Ok(None);
    };
    if exit.return_code == Some(0) {
        let needs = run_dir::read(dir.path(), NEEDS)?.unwrap_or_default();
        let said = newest_log(dir)?.map(|log| output(&log)).transpose()?;
        keep.finish(key, needs, installed::installed(&said.unwrap_or_default()))?;
        return Ok(Some(End::Whole));
    }
    let reason = match exit.error {
        Some(error) => error,
        None if exit.is_over_limit => ServiceLine::BuildTooLarge.to_string(),
        None => failure::meaning(&output(&newest_log(dir)?.context("its log is gone")?)?),
    };
    Ok(Some(End::Failed(reason)))
}

/// Starts a build; answers the folder of its log. Blocks.
#[allow(clippy::disallowed_methods)] // It blocks.
fn start(keep: &EnvironmentStore, key: &Key, dir: &RunDir, recipe: &Recipe, limits: Limits) -> anyhow::Result<PathBuf> {
    let user = keep.around.user_of_environments(&key.project);
    let view = View::of(keep.around.sandbox, false);
    let given = [dir.work(), dir.tmp()];
    folders::make_way(&keep.project(key), user)?;
    folders::make_way(&keep.folder(key), user)?;
    dir.make(user, &given)?;
    folders::make(&keep.cache(&key.project), user, folders::OWNER_ALONE)?;
    folders::make(&keep.pythons(&key.project), user, folders::GROUP_READS)?;
    folders::make(&keep.env(key), user, folders::GROUP_READS)?;
    let recipe_dir = keep.recipe(key);
    folders::make(&recipe_dir, None, READABLE)?;
    for (name, text) in &recipe.files {
        fs::write(recipe_dir.join(name), text)?;
        fs::set_permissions(recipe_dir.join(name), Permissions::from_mode(READABLE))?;
    }
    run_dir::write(dir.path(), NEEDS, &recipe.needs, true)?;
    let places = Places::new(dir, view, Vec::new());
    let [work, tmp] = [places.folder(Folder::Work), places.folder(Folder::Tmp)];
    let seen_tmp = tmp.target.display().to_string();
    let path = std::env::var("PATH").unwrap_or_else(|_| DEFAULT_PATH.into());
    let mut env = BTreeMap::from([
        ("PATH".to_owned(), path),
        ("LANG".to_owned(), "C.UTF-8".to_owned()),
        ("HOME".to_owned(), seen_tmp.clone()),
        ("TMPDIR".to_owned(), seen_tmp),
    ]);
    env.extend(recipe.env.clone());
    let spec = Spec {
        cmd: recipe.script.clone(),
        around_path: None,
        copy: None,
        env,
        work_dir: work.target.clone(),
        // Named by the moment, so that two builds of the same are told apart.
        log_dir: dir.path().join(format!("{LOG}{}", now_micros())),
        sandbox: keep.around.sandbox,
        container: None,
        user,
        hidden: keep.around.hidden.clone(),
        folders: vec![work, tmp],
        mounts: keep.filled(key, view, recipe),
        limits,
    };
    fs::create_dir_all(&spec.log_dir)?;
    let lock = dir.lock_file()?;
    ensure!(run_dir::try_lock(&lock)?, "another process holds its lock");
    dir.write_spec(&spec)?;
    follow::start_supervisor(dir, lock, &[])?;
    Ok(spec.log_dir)
}

/// The log of the build that was begun last.
#[allow(clippy::disallowed_methods)] // It blocks.
fn newest_log(dir: &RunDir) -> io::Result<Option<PathBuf>> {
    let mut logs = Vec::new();
    for entry in fs::read_dir(dir.path())? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with(LOG) {
            logs.push(entry.path());
        }
    }
    Ok(logs.into_iter().max())
}

/// The end of what the tools have printed.
fn output(log: &Path) -> io::Result<String> {
    let mut bytes = Vec::new();
    let mut offset = 0;
    loop {
        let batch = logs::read(log, LogFrom::Offset(offset), REASON_BYTES).map_err(io::Error::other)?;
        if batch.messages.is_empty() {
            return Ok(String::from_utf8_lossy(&bytes).into_owned());
        }
        offset = batch.offset;
        for message in batch.messages {
            if let Some(Source::StandardStream(_)) = message.source {
                bytes.extend(message.content);
            }
        }
        let surplus = bytes.len().saturating_sub(REASON_BYTES);
        bytes.drain(..surplus);
    }
}
