//! The environments on disk: `environments/<project>/<sha256>/`; one that is whole has a `ready.json`.
//!
//! These folders are the server's own, and nobody else's to write to. In them are folders that belong to who builds
//! environments for the project: `env` with the prefix, and beside it what the tools keep. Commands see them read-only,
//! and run as another user where there are several.
//!
//! An environment is built where it stays, because its scripts and libraries name their own place; what is renamed
//! into place when it is whole is `ready.json`, and without it nothing is used. Its time is that of the last use.
//! A project's environments are its own: what one project's packages run while they are installed never reaches
//! another's.

// Everything here blocks.
#![allow(clippy::disallowed_methods)]

use std::{
    fs::{self, File, Permissions},
    io,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
    time::{Duration, SystemTime},
};

use serde::{Deserialize, Serialize};
use tempfile::TempDir;

use super::recipe::{Places, Recipe};
use crate::{
    config::Environments,
    engine::{
        places::View,
        run_dir::{self, RunDir},
    },
    folders,
    sandbox::{self, Around, Mount},
    supervisor::groups,
};

const READY: &str = "ready.json";
/// Where things are moved to before they are removed.
const DROPPED: &str = "dropped";
const CACHE: &str = "cache";
const PYTHONS: &str = "pythons";
/// Where a version before had them; what they say of themselves may be forged.
const BEFORE: &str = "envs";
/// The prefix in `env`. Some tools want to make it themselves.
const PREFIX: &str = "python";
/// In `env`: what a job's own environment above it begins as.
const VENV_OF_JOB: &str = "of-job";
/// The name of what was moved away.
const TAKEN: &str = "x";
/// What in an environment's folder, its build's, or a project's, was given to those who build.
const GIVEN: [&str; 7] = ["env", "build/work", "build/tmp", "work", "tmp", CACHE, PYTHONS];

/// `ready.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Ready {
    pub(super) size_bytes: u64,
    /// Where the interpreter's own files lie.
    pub(super) needs: Vec<PathBuf>,
    /// Packages and versions, as its build has told; empty when an earlier version has built it.
    #[serde(default)]
    pub(super) installed: String,
}

/// Names an environment: the project, and the content.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) project: String,
    pub(super) sha256: String,
}

impl Key {
    /// Enough of it to tell environments apart in a log.
    pub(super) fn short(&self) -> &str {
        self.sha256.get(..12).unwrap_or(&self.sha256)
    }
}

impl std::fmt::Display for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.project, self.sha256)
    }
}

/// All environments of this server.
#[derive(Debug)]
pub(super) struct EnvironmentStore {
    root: PathBuf,
    /// Those of a version before.
    before: PathBuf,
    runs: PathBuf,
    /// How builds are kept apart.
    pub(super) around: Around,
    /// Held while an environment is claimed or dropped.
    claims: Mutex<()>,
}

impl EnvironmentStore {
    pub(super) fn open(around: Around) -> io::Result<Self> {
        let data_dir = around.data_dir.clone();
        let root = data_dir.join("environments");
        fs::create_dir_all(&root)?;
        let keep = Self {
            root,
            before: data_dir.join(BEFORE),
            runs: data_dir.join("runs"),
            around,
            claims: Mutex::new(()),
        };
        keep.drop_those_of_before()?;
        Ok(keep)
    }

    /// Moves the environments of a version before away, once no job runs that it has started with one; they are removed
    /// with other things.
    fn drop_those_of_before(&self) -> io::Result<()> {
        if !folders::is_folder(&self.before) || self.is_any_used(|key| folders::is_folder(&self.before.join(key))) {
            return Ok(());
        }
        match self.take_away(&self.before) {
            Ok(away) => {
                // An empty one is gone with this; a full one stays until things are tidied up.
                let path = away.keep();
                let _ = fs::remove_dir(path);
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    /// Everything of one environment.
    pub(super) fn folder(&self, key: &Key) -> PathBuf {
        self.root.join(&key.project).join(&key.sha256)
    }

    /// Everything of its project.
    pub(super) fn project(&self, key: &Key) -> PathBuf {
        self.root.join(&key.project)
    }

    /// What belongs to those who build it.
    pub(super) fn env(&self, key: &Key) -> PathBuf {
        self.folder(key).join("env")
    }

    /// Where a build, or a command, sees the folders.
    pub(super) fn seen(&self, key: &Key, view: View) -> Places {
        let seen = |lies_at: PathBuf, name: &str| view.beside(lies_at, name, true).target;
        Places {
            prefix: seen(self.env(key), "env").join(PREFIX),
            cache: seen(self.cache(&key.project), CACHE),
            pythons: seen(self.pythons(&key.project), PYTHONS),
            venv_of_job: seen(self.env(key), "env").join(VENV_OF_JOB),
            recipe: seen(self.recipe(key), "recipe"),
        }
    }

    /// What a command sees of it.
    pub(super) fn shown(&self, key: &Key, view: View) -> Vec<Mount> {
        vec![
            view.beside(self.env(key), "env", true),
            view.beside(self.pythons(&key.project), PYTHONS, true),
        ]
    }

    /// What a build sees of it, and fills.
    pub(super) fn filled(&self, key: &Key, view: View, recipe: &Recipe) -> Vec<Mount> {
        let of_machine = recipe.needs.iter().chain(&recipe.tools).filter(|path| path.exists());
        let mut mounts: Vec<Mount> = of_machine.cloned().map(Mount::in_place).collect();
        mounts.extend([
            view.beside(self.recipe(key), "recipe", true),
            view.beside(self.env(key), "env", false),
            view.beside(self.cache(&key.project), CACHE, false),
            view.beside(self.pythons(&key.project), PYTHONS, false),
        ]);
        mounts
    }

    /// Where the build finds what it is to build.
    pub(super) fn recipe(&self, key: &Key) -> PathBuf {
        self.build(key).path().join("recipe")
    }

    /// How it is being built.
    pub(super) fn build(&self, key: &Key) -> RunDir {
        RunDir::new(self.folder(key).join("build"))
    }

    /// Downloads that the project's next build need not repeat.
    pub(super) fn cache(&self, project: &str) -> PathBuf {
        self.root.join(project).join(CACHE)
    }

    /// The interpreters that uv got for the project.
    pub(super) fn pythons(&self, project: &str) -> PathBuf {
        self.root.join(project).join(PYTHONS)
    }

    /// What is known of an environment that is whole and whose interpreter this machine still has.
    pub(super) fn ready(&self, key: &Key) -> Option<Ready> {
        let ready: Ready = run_dir::read(&self.folder(key), READY).ok()??;
        ready.needs.iter().all(|path| path.exists()).then_some(ready)
    }

    /// Gives a whole environment to the job of `dir`, which keeps it from being dropped.
    pub(super) fn claim(&self, key: &Key, dir: &RunDir) -> io::Result<Option<Ready>> {
        let _alone = self.claims.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(ready) = self.ready(key) else {
            return Ok(None);
        };
        dir.write_environment(&key.to_string())?;
        File::open(self.folder(key).join(READY))?.set_modified(SystemTime::now())?;
        Ok(Some(ready))
    }

    /// Declares an environment whole, once all of it is on stable storage.
    pub(super) fn finish(&self, key: &Key, needs: Vec<PathBuf>, installed: String) -> io::Result<()> {
        let folder = self.folder(key);
        let user = self.around.user_of_environments(&key.project);
        // What was built may have been opened to others on purpose.
        let closed = folders::porter(&self.around, user, &[self.env(key)])?.close(0);
        let ready = Ready {
            size_bytes: closed.map_err(io::Error::other)?.disk_bytes,
            needs,
            installed,
        };
        rustix::fs::syncfs(File::open(&folder)?)?;
        run_dir::write(&folder, READY, &ready, true)
    }

    /// Removes an environment, whole or not.
    pub(super) fn remove(&self, key: &Key) -> io::Result<()> {
        groups::remove_of(&self.build(key));
        self.discard(self.take_away(&self.folder(key))?)
    }

    /// Moves a folder away in one step, to be removed in peace; a crash in between leaves it to [`EnvironmentStore::tidy`].
    pub(super) fn take_away(&self, folder: &Path) -> io::Result<TempDir> {
        let away = self.root.join(DROPPED);
        folders::make(&away, None, self.passable())?;
        let away = TempDir::new_in(away)?;
        fs::set_permissions(away.path(), Permissions::from_mode(self.passable()))?;
        match fs::rename(folder, away.path().join(TAKEN)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(away),
        }
    }

    /// Removes what was moved away.
    pub(super) fn discard(&self, away: TempDir) -> io::Result<()> {
        self.remove_taken(&away.keep())
    }

    fn remove_taken(&self, away: &Path) -> io::Result<()> {
        let taken = away.join(TAKEN);
        let mut given = vec![taken.clone()];
        // Of an environment, and of all that a project has; what is the server's is passed over.
        given.extend(GIVEN.map(|name| taken.join(name)));
        folders::remove(&self.around, away, &given)
    }

    fn passable(&self) -> u32 {
        match sandbox::is_root() {
            true => sandbox::PASSABLE,
            false => folders::OWNER_ALONE,
        }
    }

    /// What a folder that was given away takes on the disk; nothing when it is not there.
    fn size_bytes(&self, project: &str, folder: &Path) -> u64 {
        if !folders::is_folder(folder) {
            return 0;
        }
        let user = self.around.user_of_environments(project);
        let measured = folders::porter(&self.around, user, &[folder.to_owned()]).map(|mut porter| porter.measure(0));
        match measured {
            Ok(Ok(content)) => content.disk_bytes,
            _ => 0,
        }
    }

    /// The environments there are, whole or not.
    pub(super) fn keys(&self) -> io::Result<Vec<Key>> {
        let mut keys = Vec::new();
        for project in self.projects()? {
            for sha256 in names(&self.root.join(&project))? {
                if !is_of_tools(&sha256) {
                    let project = project.clone();
                    keys.push(Key { project, sha256 });
                }
            }
        }
        Ok(keys)
    }

    pub(super) fn is_whole(&self, key: &Key) -> bool {
        self.folder(key).join(READY).exists()
    }

    fn projects(&self) -> io::Result<Vec<String>> {
        let mut names = names(&self.root)?;
        names.retain(|name| name != DROPPED);
        Ok(names)
    }

    /// Drops what was unused for too long, and what was unused longest where all are together too large. `idle` gives
    /// a guard while nothing of a project is being built.
    pub(super) fn tidy<G>(&self, rule: &Environments, idle: impl Fn(&str) -> Option<G>) -> io::Result<()> {
        self.drop_those_of_before()?;
        let dropped = self.root.join(DROPPED);
        for name in names(&dropped).unwrap_or_default() {
            // One that another thread is removing is gone in a moment.
            let _ = self.remove_taken(&dropped.join(name));
        }
        let old = Duration::from_secs(rule.keep_days.saturating_mul(24 * 3600));
        let mut kept = self.whole()?;
        kept.retain(|found| found.unused_for <= old || !self.drop_unused(&found.key, &idle));

        let max_bytes = rule.max_gb.saturating_mul(1 << 30);
        let projects = self.projects()?;
        let sizes = projects
            .iter()
            .flat_map(|project| [self.cache(project), self.pythons(project)].map(|folder| (project, folder)));
        let tools: u64 = sizes.map(|(project, folder)| self.size_bytes(project, &folder)).sum();
        let mut total: u64 = tools + kept.iter().map(|found| found.size_bytes).sum::<u64>();
        // Caches first: they cost time alone.
        for project in &projects {
            if total <= max_bytes {
                break;
            }
            let cache = self.cache(project);
            let freed = self.size_bytes(project, &cache);
            let taken = idle(project).map(|_guard| self.take_away(&cache)).transpose()?;
            if let Some(taken) = taken {
                self.discard(taken)?;
                total = total.saturating_sub(freed);
            }
        }
        kept.sort_by_key(|found| std::cmp::Reverse(found.unused_for));
        for found in &kept {
            if total > max_bytes && self.drop_unused(&found.key, &idle) {
                total = total.saturating_sub(found.size_bytes);
            }
        }
        for project in &projects {
            let taken = idle(project)
                .map(|_guard| self.take_empty(project))
                .transpose()?
                .flatten();
            taken.map_or(Ok(()), |taken| self.discard(taken))?;
        }
        Ok(())
    }

    /// What the tools keep for a project that has no environment left.
    fn take_empty(&self, project: &str) -> io::Result<Option<TempDir>> {
        let folder = self.root.join(project);
        match names(&folder)?.iter().all(|name| is_of_tools(name)) {
            true => self.take_away(&folder).map(Some),
            false => Ok(None),
        }
    }

    /// Drops an environment; false when a job uses it, or it cannot be dropped.
    fn drop_unused<G>(&self, key: &Key, idle: &impl Fn(&str) -> Option<G>) -> bool {
        let taken = {
            let (Some(_guard), _alone) = (
                idle(&key.project),
                self.claims.lock().unwrap_or_else(PoisonError::into_inner),
            ) else {
                return false;
            };
            if self.is_used(key) {
                return false;
            }
            self.take_away(&self.folder(key))
        };
        match taken.and_then(|taken| self.discard(taken)) {
            Ok(()) => tracing::info!("the environment {key} was dropped"),
            Err(error) => tracing::error!("the environment {key} cannot be dropped: {error}"),
        }
        !self.is_whole(key)
    }

    fn is_used(&self, key: &Key) -> bool {
        let name = key.to_string();
        self.is_any_used(|used| used == name)
    }

    /// Whether a job that has not ended uses one of the environments that `is_meant` says.
    fn is_any_used(&self, is_meant: impl Fn(&str) -> bool) -> bool {
        let uses = |run: fs::DirEntry| match RunDir::new(run.path()).environment() {
            Ok(used) => used.is_some_and(|used| is_meant(&used)),
            Err(_) => true,
        };
        fs::read_dir(&self.runs).map_or(true, |runs| runs.flatten().any(uses))
    }

    fn whole(&self) -> io::Result<Vec<Found>> {
        let now = SystemTime::now();
        let mut whole = Vec::new();
        for key in self.keys()? {
            let Ok(Some(ready)) = run_dir::read::<Ready>(&self.folder(&key), READY) else {
                continue;
            };
            let used = fs::metadata(self.folder(&key).join(READY))?.modified()?;
            whole.push(Found {
                key,
                size_bytes: ready.size_bytes,
                unused_for: now.duration_since(used).unwrap_or_default(),
            });
        }
        Ok(whole)
    }
}

struct Found {
    key: Key,
    size_bytes: u64,
    unused_for: Duration,
}

fn is_of_tools(name: &str) -> bool {
    name == CACHE || name == PYTHONS
}

fn names(folder: &Path) -> io::Result<Vec<String>> {
    let names = fs::read_dir(folder)?.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()));
    names.collect()
}

#[cfg(test)]
mod tests {
    use jobsphere_api::id::JobId;

    use super::*;
    use crate::sandbox::Sandbox;

    struct Fixture {
        data: tempfile::TempDir,
        keep: EnvironmentStore,
    }

    impl Fixture {
        fn new() -> Self {
            let data = tempfile::tempdir().unwrap();
            fs::create_dir_all(data.path().join("runs")).unwrap();
            let keep = EnvironmentStore::open(Around::new(Sandbox::None, data.path().to_owned())).unwrap();
            Self { data, keep }
        }

        /// An environment of 1 MiB that was used some days ago.
        fn environment(&self, sha256: &str, unused_days: u64) -> Key {
            let key = Key {
                project: "p".into(),
                sha256: sha256.into(),
            };
            let bin = self.keep.env(&key).join("bin");
            fs::create_dir_all(&bin).unwrap();
            fs::write(bin.join("python"), vec![1; 1 << 20]).unwrap();
            self.keep.finish(&key, Vec::new(), String::new()).unwrap();
            let used = SystemTime::now() - Duration::from_secs(unused_days * 24 * 3600 + 60);
            let ready = File::open(self.keep.folder(&key).join(READY)).unwrap();
            ready.set_modified(used).unwrap();
            key
        }

        fn run(&self) -> RunDir {
            let dir = RunDir::new(self.data.path().join("runs").join(JobId::from_random([1; 20]).as_str()));
            fs::create_dir_all(dir.path()).unwrap();
            dir
        }
    }

    #[test]
    fn the_unused_go_and_the_used_stay() {
        let fixture = Fixture::new();
        let [young, old, used] = [("a", 1), ("b", 20), ("c", 20)].map(|(name, days)| fixture.environment(name, days));
        let dir = fixture.run();
        fixture.keep.claim(&used, &dir).unwrap().unwrap();
        let long_ago = SystemTime::now() - Duration::from_secs(30 * 24 * 3600);
        let ready = File::open(fixture.keep.folder(&used).join(READY)).unwrap();
        ready.set_modified(long_ago).unwrap();
        fixture.keep.tidy(&Environments::default(), |_| None::<()>).unwrap();
        assert!(fixture.keep.is_whole(&old), "something of the project is being built");
        fixture.keep.tidy(&Environments::default(), |_| Some(())).unwrap();
        let left = [&young, &old, &used].map(|key| fixture.keep.is_whole(key));
        assert_eq!(left, [true, false, true]);
        assert!(names(&fixture.keep.root.join(DROPPED)).unwrap().is_empty());
    }

    #[test]
    fn over_the_size_caches_go_first_then_the_longest_unused() {
        let fixture = Fixture::new();
        let key = fixture.environment("a", 1);
        let cache = fixture.keep.cache("p");
        folders::make(&cache, None, folders::OWNER_ALONE).unwrap();
        fs::write(cache.join("x"), vec![1; 1 << 20]).unwrap();
        let nothing = Environments {
            max_gb: 0,
            ..Environments::default()
        };
        fixture.keep.claim(&key, &fixture.run()).unwrap().unwrap();
        fixture.keep.tidy(&nothing, |_| Some(())).unwrap();
        assert!(!cache.exists() && fixture.keep.is_whole(&key), "a job uses it");
        fs::remove_dir_all(fixture.data.path().join("runs")).unwrap();
        fs::create_dir_all(fixture.data.path().join("runs")).unwrap();
        fixture.keep.tidy(&nothing, |_| Some(())).unwrap();
        assert!(!fixture.keep.root.join("p").exists());
    }

    #[test]
    fn without_ready_or_interpreter_nothing_is_given() {
        let fixture = Fixture::new();
        let key = fixture.environment("a", 1);
        let interpreter = fixture.data.path().join("python3");
        fs::write(&interpreter, "").unwrap();
        fixture
            .keep
            .finish(&key, vec![interpreter.clone()], "six 1.16.0".into())
            .unwrap();
        assert!(fixture.keep.ready(&key).is_some());
        fs::remove_file(interpreter).unwrap();
        assert_eq!(fixture.keep.claim(&key, &fixture.run()).unwrap(), None);
        assert_eq!(fixture.run().environment().unwrap(), None);
    }
}
