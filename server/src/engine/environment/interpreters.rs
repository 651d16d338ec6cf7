//! The Pythons of this machine.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use futures::future::join_all;
use serde::Deserialize;
use tokio::task::spawn_blocking;

use super::{packages::PythonVersion, tools::ask};
use crate::sandbox::Around;

/// Prints what there is to know of an interpreter. A shim answers for the interpreter behind it.
const SELF: &str = "\
import json, os, sys
try:
    import ensurepip, venv
    makes = True
except ImportError:
    makes = False
needs = {sys.base_prefix, sys.base_exec_prefix, os.path.dirname(os.path.realpath(sys.executable))}
print(json.dumps({'version': '%d.%d' % sys.version_info[:2], 'path': sys.executable, 'makes_environments': makes,
                  'needs': sorted(needs)}))
";

/// An interpreter that answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Interpreter {
    pub(super) version: PythonVersion,
    pub(super) path: PathBuf,
    /// Whether it has `venv` and `ensurepip`, which some systems package on their own.
    pub(super) makes_environments: bool,
    /// Where its own files lie: asked of it as the operator has it, before anything of a job has run.
    pub(super) needs: Vec<PathBuf>,
}

/// Those that are named, then those on the PATH in its order.
pub(super) async fn find(named: &[PathBuf], around: &Around) -> Vec<Interpreter> {
    let mut candidates = named.to_vec();
    candidates.extend(spawn_blocking(on_path).await.unwrap_or_default());
    let mut seen = BTreeSet::new();
    join_all(candidates.iter().map(|path| interpreter(path)))
        .await
        .into_iter()
        .flatten()
        // One that lies where commands must not look is none for them.
        .filter(|python| python.needs.iter().all(|path| around.may_show(path)))
        .filter(|python| seen.insert(python.path.clone()))
        .collect()
}

async fn interpreter(path: &Path) -> Option<Interpreter> {
    #[derive(Deserialize)]
    struct Answer {
        version: String,
        path: PathBuf,
        makes_environments: bool,
        needs: Vec<PathBuf>,
    }
    let answer: Answer = serde_json::from_str(&ask(path, &["-I", "-c", SELF]).await.ok()?).ok()?;
    Some(Interpreter {
        version: PythonVersion::parse(&answer.version)?,
        path: answer.path,
        makes_environments: answer.makes_environments,
        needs: answer.needs,
    })
}

/// `python3` and `python3.x`: first the one that a shell would take, then the rest, newest first.
#[allow(clippy::disallowed_methods)] // It blocks.
fn on_path() -> Vec<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut numbered = Vec::new();
    for folder in std::env::split_paths(&path) {
        let entries = fs::read_dir(&folder).into_iter().flatten().flatten();
        let mut found: Vec<(PythonVersion, PathBuf)> = entries
            .filter_map(|entry| {
                let version = PythonVersion::parse(entry.file_name().to_str()?.strip_prefix("python")?)?;
                Some((version, entry.path()))
            })
            .collect();
        found.sort_by(|one, other| other.cmp(one));
        numbered.extend(found.into_iter().map(|(_, path)| path));
    }
    which::which_all("python3")
        .into_iter()
        .flatten()
        .chain(numbered)
        .collect()
}
