//! Which of a folder's files start what is in it.

use super::{
    launch::{self, Tree},
    quoted,
};
use crate::folder::base_name;

/// So many are offered.
const MOST: usize = 6;
/// Names of programs, those that mean the most first.
const KNOWN: [&str; 12] = [
    "main",
    "train",
    "run",
    "__main__",
    "app",
    "start",
    "cli",
    "predict",
    "evaluate",
    "eval",
    "inference",
    "test",
];
/// Python files that nobody starts.
const NEVER: [&str; 5] = ["__init__.py", "setup.py", "conftest.py", "noxfile.py", "versioneer.py"];

/// How a program is started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ProgramKind {
    /// By Python.
    Python,
    /// By the shell.
    Shell,
    /// By `make`.
    Make,
    /// By Node, or as its `package.json` says.
    Node,
    /// Not by itself: a notebook has cells.
    Notebook,
}

/// A program of a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Program {
    /// Path inside the folder.
    pub path: String,
    /// How it is started.
    pub kind: ProgramKind,
    /// The command that starts it from inside the folder; `None` for what cannot be started.
    pub command: Option<String>,
}

impl Program {
    fn of<'a>(path: &'a str, kind: ProgramKind, text: Option<&str>, tree: &Tree<'a>) -> Self {
        let command = match kind {
            ProgramKind::Python => Some(launch::python(path, text, tree)),
            ProgramKind::Shell => Some(format!("bash {}", quoted(path))),
            ProgramKind::Make => Some("make".to_owned()),
            ProgramKind::Node => text.and_then(|text| launch::node(text, tree)),
            ProgramKind::Notebook => None,
        };
        Self {
            path: path.to_owned(),
            kind,
            command,
        }
    }
}

/// Whether the text of a file says whether it is a program, or how it is started.
pub fn worth_reading(path: &str) -> bool {
    launch::is_read(path) && kind(path).is_some()
}

/// The programs among a folder's files, the likeliest first; `text` gives the content of a file where it was read.
pub fn programs<'a>(paths: impl IntoIterator<Item = &'a str>, text: impl Fn(&str) -> Option<&'a str>) -> Vec<Program> {
    let paths: Vec<&str> = paths.into_iter().collect();
    let tree = Tree::of(paths.iter().copied());
    let mut ranked: Vec<_> = paths
        .into_iter()
        .filter_map(|path| {
            let kind = kind(path)?;
            let rank = rank(path, kind, text(path))?;
            Some(((rank, path.matches('/').count(), path), kind))
        })
        .collect();
    ranked.sort_by_key(|(rank, _)| *rank);
    let is_any_known = ranked.first().is_some_and(|((rank, ..), _)| *rank < UNKNOWN);
    let told = ranked
        .into_iter()
        .filter(|((rank, ..), _)| !is_any_known || *rank < UNKNOWN);
    let programs = told.map(|((.., path), kind)| Program::of(path, kind, text(path), &tree));
    let is_started = |program: &Program| program.command.is_some() || program.kind == ProgramKind::Notebook;
    programs.filter(is_started).take(MOST).collect()
}

/// Of a file that may be a program as well as a part of one.
const UNKNOWN: usize = 100;

fn kind(path: &str) -> Option<ProgramKind> {
    let name = base_name(path);
    let is_outermost = !path.contains('/');
    match name.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "py" => Some(ProgramKind::Python),
        "sh" | "bash" if is_outermost => Some(ProgramKind::Shell),
        "ipynb" if path.matches('/').count() < 2 => Some(ProgramKind::Notebook),
        _ if is_outermost && matches!(name, "Makefile" | "makefile" | "GNUmakefile") => Some(ProgramKind::Make),
        _ if path == "package.json" => Some(ProgramKind::Node),
        _ => None,
    }
}

fn rank(path: &str, kind: ProgramKind, text: Option<&str>) -> Option<usize> {
    let name = base_name(path);
    let depth = path.matches('/').count();
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let known = KNOWN.iter().position(|known| *known == stem);
    match kind {
        ProgramKind::Python => {
            let is_hidden = path.split('/').any(|part| part.starts_with('.') || part == "tests");
            if NEVER.contains(&name) || stem.starts_with("test_") || stem.ends_with("_test") || is_hidden {
                return None;
            }
            let is_started = text.is_some_and(|text| text.contains("__main__") || text.starts_with("#!"));
            match (known, depth) {
                (Some(place), 0..=2) => Some(place * 2 + depth),
                (None, 0) if is_started => Some(KNOWN.len() * 2),
                (None, 0) => Some(UNKNOWN),
                _ => None,
            }
        }
        ProgramKind::Shell => Some(known.map_or(KNOWN.len() * 2 + 1, |place| place * 2 + 1)),
        ProgramKind::Make => Some(KNOWN.len() * 2 + 2),
        ProgramKind::Node => Some(KNOWN.len() * 2 + 3),
        ProgramKind::Notebook => Some(KNOWN.len() * 2 + 4),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn commands(files: &[(&'static str, &'static str)]) -> Vec<String> {
        let text = |path: &str| files.iter().find(|(known, _)| *known == path).map(|(_, text)| *text);
        let found = programs(files.iter().map(|(path, _)| *path), text);
        let command = |program: Program| program.command.unwrap_or(program.path);
        found.into_iter().map(command).collect()
    }

    #[test]
    fn what_is_meant_to_be_started_comes_first() {
        assert_eq!(
            commands(&[
                ("data/rows.csv", ""),
                ("helper.py", "def f(): ..."),
                ("predict now.py", "if __name__ == '__main__': ..."),
                ("run.sh", ""),
                ("src/train.py", ""),
                ("src/model.py", ""),
                ("setup.py", ""),
                ("test_it.py", "if __name__ == '__main__': ..."),
                ("pkg/__main__.py", ""),
                ("Makefile", ""),
                ("look.ipynb", ""),
            ]),
            [
                "python3 src/train.py",
                "bash run.sh",
                "python3 -m pkg",
                "python3 'predict now.py'",
                "make",
                "look.ipynb"
            ]
        );
    }

    #[test]
    fn where_nothing_is_sure_every_file_of_python_may_be_it() {
        assert_eq!(
            commands(&[("b.py", ""), ("a.py", ""), ("x/c.py", "")]),
            ["python3 a.py", "python3 b.py"]
        );
        assert_eq!(commands(&[("rows.csv", "")]), Vec::<String>::new());
    }
}
