//! Which tools this machine has for environments; asked once, and again when it has grown old.

use std::{
    collections::BTreeSet,
    ffi::OsStr,
    fmt,
    path::{Path, PathBuf},
    process::Stdio,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use serde::Deserialize;
use tokio::{process::Command, runtime::Handle};

use super::{
    interpreters::{self, Interpreter},
    packages::{Packages, PythonVersion},
};
use crate::{config::Environments, sandbox::Around};

/// A tool that is silent for longer is as good as not there.
const PATIENCE: Duration = Duration::from_secs(10);
/// After this time a refusal is thought over: the tool may have been installed meanwhile.
const RECONSIDER: Duration = Duration::from_secs(5);
/// After this time even good news are checked, behind the caller's back.
const RENEW: Duration = Duration::from_secs(60);

const CONDAS: [&str; 3] = ["micromamba", "mamba", "conda"];
const ENGINES: [&str; 2] = ["podman", "docker"];

/// A tool that answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Program {
    pub(super) path: PathBuf,
    pub(super) version: String,
}

impl Program {
    /// Its file name: which tool it is.
    pub(super) fn name(&self) -> &str {
        self.path.file_name().and_then(OsStr::to_str).unwrap_or_default()
    }
}

/// Why a tool cannot be used; a clause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Absence(pub(super) String);

impl fmt::Display for Absence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What was found.
#[derive(Debug, Clone)]
pub(super) struct Tools {
    pub(super) uv: Result<Program, Absence>,
    /// The versions that uv knows where to get.
    pub(super) uv_versions: BTreeSet<PythonVersion>,
    /// In the order in which they are preferred.
    pub(super) pythons: Vec<Interpreter>,
    pub(super) conda: Result<Program, Absence>,
    /// podman or docker, with an engine behind it that answers.
    pub(super) container: Result<Program, Absence>,
}

impl Tools {
    /// Asks every tool, all at the same time.
    pub(super) async fn find(config: &Environments, around: &Around) -> Self {
        let (uv, pythons, conda, container) = tokio::join!(
            uv(config),
            interpreters::find(&config.pythons, around),
            first(config.conda.as_deref(), &CONDAS, &["--version"]),
            engine(config.container.as_deref()),
        );
        let uv_versions = match &uv {
            Ok(uv) => versions(&uv.path).await,
            Err(_) => BTreeSet::new(),
        };
        Self {
            uv,
            uv_versions,
            pythons,
            conda,
            container,
        }
    }

    /// The interpreter to build with; any, when no version is asked for.
    pub(super) fn python(&self, packages: &Packages) -> Option<&Interpreter> {
        let has_uv = self.uv.is_ok();
        let needs_pip = !packages.requirements.is_empty();
        let mut fitting = self
            .pythons
            .iter()
            .filter(|python| packages.python.is_none_or(|version| python.version == version));
        fitting.find(|python| has_uv || (python.has_venv && (python.has_pip || !needs_pip)))
    }

    /// Whether such an environment can be built here.
    pub(super) fn can_build(&self, packages: &Packages) -> bool {
        let in_uv = match packages.python {
            Some(version) => self.uv_versions.contains(&version),
            None => !self.uv_versions.is_empty(),
        };
        in_uv || self.python(packages).is_some()
    }
}

async fn uv(config: &Environments) -> Result<Program, Absence> {
    first(config.uv.as_deref(), &["uv"], &["--version"]).await
}

/// The versions of CPython that uv would download.
async fn versions(uv: &Path) -> BTreeSet<PythonVersion> {
    #[derive(Deserialize)]
    struct Known {
        version: String,
        implementation: String,
    }
    let arguments = ["python", "list", "--only-downloads", "--output-format", "json"];
    let Ok(json) = ask(uv, &arguments).await else {
        return BTreeSet::new();
    };
    let known: Vec<Known> = serde_json::from_str(&json).unwrap_or_default();
    let released = known.iter().filter(|known| known.implementation == "cpython");
    released
        .filter_map(|known| PythonVersion::parse(&known.version))
        .collect()
}

/// An engine counts only when it answers: the program alone runs nothing.
async fn engine(named: Option<&Path>) -> Result<Program, Absence> {
    let mut problems = Vec::new();
    for candidate in candidates(named, &ENGINES)? {
        match ask(&candidate, &["info"]).await {
            Ok(_) => match first(Some(&candidate), &ENGINES, &["--version"]).await {
                Ok(program) => return Ok(program),
                Err(absence) => problems.push(absence.0),
            },
            Err(problem) => problems.push(format!("`{} info` says: {problem}", candidate.display())),
        }
    }
    Err(Absence(problems.join("; ")))
}

/// The first of `names` that answers with its version.
async fn first(named: Option<&Path>, names: &[&str], arguments: &[&str]) -> Result<Program, Absence> {
    let mut problems = Vec::new();
    for path in candidates(named, names)? {
        match ask(&path, arguments).await {
            Ok(answer) => {
                let version = answer.lines().next().unwrap_or_default().trim().to_owned();
                return Ok(Program { path, version });
            }
            Err(problem) => problems.push(format!("`{}` does not work: {problem}", path.display())),
        }
    }
    Err(Absence(problems.join("; ")))
}

fn candidates(named: Option<&Path>, names: &[&str]) -> Result<Vec<PathBuf>, Absence> {
    if let Some(path) = named {
        return Ok(vec![path.to_owned()]);
    }
    let found: Vec<PathBuf> = names.iter().filter_map(|name| which::which(name).ok()).collect();
    match (found.is_empty(), names) {
        (false, _) => Ok(found),
        (true, [one]) => Err(Absence(format!("`{one}` is not on the PATH"))),
        (true, names) => Err(Absence(format!("none of {} is on the PATH", names.join(", ")))),
    }
}

/// What the program prints; an error is its own last line.
pub(super) async fn ask(program: &Path, arguments: &[&str]) -> Result<String, String> {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).kill_on_drop(true);
    let answer = match tokio::time::timeout(PATIENCE, command.output()).await {
        Ok(Ok(answer)) => answer,
        Ok(Err(error)) => return Err(error.to_string()),
        Err(_) => return Err(format!("it has not answered for {} s", PATIENCE.as_secs())),
    };
    if answer.status.success() {
        return Ok(String::from_utf8_lossy(&answer.stdout).into_owned());
    }
    let said = String::from_utf8_lossy(&answer.stderr);
    let last = said.lines().map(str::trim).rfind(|line| !line.is_empty());
    Err(last.map_or_else(|| answer.status.to_string(), str::to_owned))
}

/// The tools, remembered.
#[derive(Debug)]
pub(super) struct Toolbox {
    config: Environments,
    around: Around,
    known: Mutex<Option<(Instant, Arc<Tools>)>>,
}

impl Toolbox {
    pub(super) fn new(config: Environments, around: Around) -> Self {
        Self {
            config,
            around,
            known: Mutex::new(None),
        }
    }

    /// Asks the tools again.
    pub(super) async fn renew(&self) -> Arc<Tools> {
        let tools = Arc::new(Tools::find(&self.config, &self.around).await);
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = Some((Instant::now(), tools.clone()));
        tools
    }

    fn known(&self) -> Option<(Duration, Arc<Tools>)> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.as_ref().map(|(at, tools)| (at.elapsed(), tools.clone()))
    }

    /// The tools as they were seen last.
    pub(super) async fn tools(&self) -> Arc<Tools> {
        match self.known() {
            Some((_, tools)) => tools,
            None => self.renew().await,
        }
    }

    /// What `judge` objects to; before it objects to a tool that is not there, the tools are asked again.
    pub(super) fn judge(self: &Arc<Self>, judge: impl Fn(&Tools) -> Vec<String>) -> Vec<String> {
        let Some((age, tools)) = self.known() else {
            return judge(&self.renew_now());
        };
        let objections = judge(&tools);
        if !objections.is_empty() && age > RECONSIDER {
            return judge(&self.renew_now());
        }
        if age > RENEW {
            let toolbox = self.clone();
            tokio::spawn(async move { toolbox.renew().await });
        }
        objections
    }

    fn renew_now(&self) -> Arc<Tools> {
        tokio::task::block_in_place(|| Handle::current().block_on(self.renew()))
    }
}
