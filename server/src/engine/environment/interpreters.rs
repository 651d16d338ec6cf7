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
use crate::sandbox::{Around, can_run};

/// Prints what there is to know of an interpreter. A shim answers for the interpreter behind it.
const SELF: &str = "\
import json, os, sys
def has(name):
    try:
        return bool(__import__(name))
    except ImportError:
        return False
needs = {sys.base_prefix, sys.base_exec_prefix, os.path.dirname(os.path.realpath(sys.executable))}
print(json.dumps({'version': '%d.%d' % sys.version_info[:2], 'path': sys.executable,
                  'real_path': os.path.realpath(sys.executable), 'has_venv': has('venv'), 'has_pip': has('ensurepip'),
                  'needs': sorted(needs)}))
";

/// An interpreter that answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Interpreter {
    pub(super) version: PythonVersion,
    pub(super) path: PathBuf,
    /// The same without links.
    pub(super) real_path: PathBuf,
    /// Whether it has `venv`, and so makes environments.
    pub(super) has_venv: bool,
    /// Whether it brings pip for them (`ensurepip`), which some systems package on their own.
    pub(super) has_pip: bool,
    /// Where its own files lie: asked of it as the operator has it, before anything of a job has run.
    pub(super) needs: Vec<PathBuf>,
}

/// Those that are named, then those on the PATH in its order; only such as commands can run.
pub(super) async fn find(named: &[PathBuf], around: &Around) -> Vec<Interpreter> {
    let all = find_all(named, around).await.into_iter();
    all.filter_map(|(python, is_usable)| is_usable.then_some(python))
        .collect()
}

/// All of them, each with whether commands can run it.
pub(super) async fn find_all(named: &[PathBuf], around: &Around) -> Vec<(Interpreter, bool)> {
    let mut candidates = named.to_vec();
    candidates.extend(spawn_blocking(on_path).await.unwrap_or_default());
    let found = join_all(candidates.iter().map(|path| interpreter(path))).await;
    let mut seen = BTreeSet::new();
    let different = found
        .into_iter()
        .flatten()
        .filter(|python| seen.insert(python.path.clone()));
    let tried = join_all(different.map(|python| tried(python, around))).await;
    once_each(tried)
}

/// `python3` and `python3.11` are often the same; of one that can be reached by several ways, a way that commands can go
/// counts.
fn once_each(tried: Vec<(Interpreter, bool)>) -> Vec<(Interpreter, bool)> {
    let mut kept: Vec<(Interpreter, bool)> = Vec::new();
    for (python, is_usable) in tried {
        let same = kept.iter_mut().find(|(other, _)| other.real_path == python.real_path);
        match same {
            Some(same) if is_usable && !same.1 => *same = (python, true),
            Some(_) => {}
            None => kept.push((python, is_usable)),
        }
    }
    kept
}

/// One that lies where commands must not look, or in a folder that their users cannot enter, is none for them.
async fn tried(python: Interpreter, around: &Around) -> (Interpreter, bool) {
    if !python.needs.iter().all(|path| around.may_show(path)) {
        return (python, false);
    }
    let (tried, around) = (python.clone(), around.clone());
    let trial = spawn_blocking(move || can_run(&around, &tried.path, &["-I", "-c", ""], &tried.needs));
    (python, trial.await.unwrap_or(false))
}

async fn interpreter(path: &Path) -> Option<Interpreter> {
    #[derive(Deserialize)]
    struct Answer {
        version: String,
        path: PathBuf,
        real_path: PathBuf,
        has_venv: bool,
        has_pip: bool,
        needs: Vec<PathBuf>,
    }
    let answer: Answer = serde_json::from_str(&ask(path, &["-I", "-c", SELF]).await.ok()?).ok()?;
    Some(Interpreter {
        version: PythonVersion::parse(&answer.version)?,
        path: answer.path,
        real_path: answer.real_path,
        has_venv: answer.has_venv,
        has_pip: answer.has_pip,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_python_under_several_names_is_one() {
        let python = |path: &str, real_path: &str| Interpreter {
            version: PythonVersion::parse("3.11").unwrap(),
            path: path.into(),
            real_path: real_path.into(),
            has_venv: true,
            has_pip: true,
            needs: Vec::new(),
        };
        let tried = vec![
            (python("/root/venv/bin/python3", "/usr/bin/python3.11"), false),
            (python("/usr/bin/python3", "/usr/bin/python3.11"), true),
            (python("/usr/bin/python3.11", "/usr/bin/python3.11"), true),
            (python("/opt/bin/python3", "/opt/bin/python3"), false),
        ];
        let kept = once_each(tried);
        let told: Vec<(&str, bool)> = kept
            .iter()
            .map(|(python, is_usable)| (python.path.to_str().unwrap(), *is_usable))
            .collect();
        assert_eq!(told, [("/usr/bin/python3", true), ("/opt/bin/python3", false)]);
    }
}
