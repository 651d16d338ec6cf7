//! The builds that go on, and the order among them: one at a time for an environment.

use std::{
    collections::BTreeMap,
    io,
    sync::{Arc, Mutex, PoisonError, Weak},
    time::Duration,
};

use tempfile::TempDir;
use tokio::{sync::Notify, task::spawn_blocking};

use super::{
    build::{Build, Work},
    recipe::Recipe,
    store::{EnvironmentStore, Key},
};
use crate::config::Environments;

/// How long a build of an earlier server waits for a job to take it up.
const ADOPTION: Duration = Duration::from_secs(60);
/// How often what has grown old is looked for.
const TIDY: Duration = Duration::from_secs(3600);

/// Builds environments and keeps order among them.
#[derive(Debug)]
pub(super) struct Builder {
    pub(super) keep: Arc<EnvironmentStore>,
    rule: Environments,
    builds: Mutex<BTreeMap<Key, Place>>,
    tidy: Arc<Notify>,
}

#[derive(Debug, Default)]
struct Place {
    build: Weak<Build>,
    /// Held by the work on the environment: a build that is being ended is waited for.
    turn: Arc<tokio::sync::Mutex<()>>,
}

impl Place {
    fn is_idle(&self) -> bool {
        Arc::strong_count(&self.turn) == 1 && self.build.strong_count() == 0
    }
}

impl Builder {
    pub(super) fn new(keep: Arc<EnvironmentStore>, rule: Environments) -> Self {
        Self {
            keep,
            rule,
            builds: Mutex::default(),
            tidy: Arc::new(Notify::new()),
        }
    }

    /// The build of an environment: the one that goes on, or a new one by `recipe`.
    pub(super) fn build(&self, key: &Key, recipe: Option<Recipe>) -> Arc<Build> {
        let mut builds = self.builds.lock().unwrap_or_else(PoisonError::into_inner);
        let place = builds.entry(key.clone()).or_default();
        if let Some(build) = place.build.upgrade().filter(|build| !build.has_ended()) {
            return build;
        }
        let (build, tell) = Build::new(self.keep.build(key), self.tidy.clone());
        let build = Arc::new(build);
        place.build = Arc::downgrade(&build);
        let turn = place.turn.clone();
        let tidy = self.tidy.clone();
        let work = Work {
            keep: self.keep.clone(),
            key: key.clone(),
            recipe,
            time_limit: Duration::from_secs(self.rule.build_time_limit_s),
            memory_bytes: self.rule.build_memory_bytes(),
            waiting: Arc::downgrade(&build),
        };
        tokio::spawn(async move {
            let alone = turn.lock().await;
            let end = work.run(&tell).await;
            drop(alone);
            drop(turn);
            tell.send_modify(|state| state.end = Some(end));
            // Those who waited may have gone before.
            tidy.notify_one();
        });
        build
    }

    /// Takes up what an earlier server left, and keeps order from then on.
    pub(super) fn open(self: &Arc<Self>) -> io::Result<()> {
        for key in self.keep.keys()? {
            if !self.keep.is_whole(&key) {
                let build = self.build(&key, None);
                tokio::spawn(async move { tokio::time::timeout(ADOPTION, build.ended()).await });
            }
        }
        let builder = Arc::downgrade(self);
        let told = self.tidy.clone();
        tokio::spawn(async move {
            while let Some(builder) = builder.upgrade() {
                if let Ok(Err(error)) = spawn_blocking(move || builder.tidy()).await {
                    tracing::warn!("old environments cannot be dropped: {error}");
                }
                let _ = tokio::time::timeout(TIDY, told.notified()).await;
            }
        });
        Ok(())
    }

    fn tidy(&self) -> io::Result<()> {
        for key in self.keep.keys()? {
            if let Some(away) = self.take_leftovers(&key)? {
                self.keep.discard(away)?;
            }
        }
        self.keep.tidy(&self.rule, |project| {
            let mut builds = self.builds.lock().unwrap_or_else(PoisonError::into_inner);
            builds.retain(|_, place| !place.is_idle());
            let is_busy = builds.keys().any(|key| key.project == project);
            (!is_busy).then_some(builds)
        })
    }

    /// Moves away what a build has left, unless one goes on. Only that is done while no build may begin: removing it can
    /// take long.
    #[allow(clippy::disallowed_methods)] // It blocks.
    fn take_leftovers(&self, key: &Key) -> io::Result<Option<TempDir>> {
        let mut builds = self.builds.lock().unwrap_or_else(PoisonError::into_inner);
        builds.retain(|_, place| !place.is_idle());
        if builds.contains_key(key) {
            return Ok(None);
        }
        let build = self.keep.build(key);
        let left = match self.keep.is_whole(key) {
            false => self.keep.folder(key),
            true if build.path().exists() => build.path().to_owned(),
            true => return Ok(None),
        };
        self.keep.take_away(&left).map(Some)
    }
}
