//! How a file of a project is started from the project's own folder, so that what it imports is found.

use std::collections::BTreeSet;

use serde_json::Value;

use super::quoted;
use crate::folder::{base_name, folder_of};

/// Where the packages of a project lie, if not beside its programs.
const ROOTS: [&str; 3] = ["", "src", "lib"];
/// Lines of a program that are looked at for its imports.
const MOST_LINES: usize = 2000;

/// Paths of a project's files.
pub(super) struct Tree<'a> {
    files: BTreeSet<&'a str>,
}

impl<'a> Tree<'a> {
    pub(super) fn of(paths: impl IntoIterator<Item = &'a str>) -> Self {
        let files = paths.into_iter().collect();
        Self { files }
    }

    fn has(&self, path: &str) -> bool {
        self.files.contains(path)
    }

    fn has_below(&self, folder: &str) -> bool {
        let folder = format!("{folder}/");
        let mut below = self.files.range(folder.as_str()..);
        below.next().is_some_and(|path| path.starts_with(&folder))
    }

    /// Whether a module of this name lies in a folder.
    fn has_module(&self, folder: &str, name: &str) -> bool {
        let path = below(folder, name);
        self.has(&format!("{path}.py")) || self.has_below(&path)
    }

    fn is_package(&self, folder: &str) -> bool {
        !folder.is_empty() && self.has(&format!("{folder}/__init__.py"))
    }

    /// The folder from which the package around `folder` is imported.
    fn root_of(&self, folder: &'a str) -> &'a str {
        let mut root = folder;
        while self.is_package(root) {
            root = folder_of(root);
        }
        root
    }
}

/// The command that starts a file by Python; `text` is its content, where it was read.
pub(super) fn python<'a>(path: &'a str, text: Option<&str>, tree: &Tree<'a>) -> String {
    if let Some(package) = path.strip_suffix("/__main__.py") {
        // A folder that is run needs no `__init__.py`; what is around it does.
        return module(package, tree.root_of(folder_of(package)));
    }
    let folder = folder_of(path);
    let root = tree.root_of(folder);
    let imports = text.map(Imports::of).unwrap_or_default();
    if root != folder && imports.want_package(folder, root) {
        return module(path.strip_suffix(".py").unwrap_or(path), root);
    }
    let search = match imports.sets_path {
        true => Vec::new(),
        false => imports.roots(folder, tree),
    };
    format!("{}python3 {}", python_path(&search), quoted(path))
}

/// The command that starts a module, whose package is imported from `root`.
fn module(path: &str, root: &str) -> String {
    let name = path.strip_prefix(root).unwrap_or(path).trim_start_matches('/');
    // What is run by its name is looked for in the working directory.
    let search: &[&str] = if root.is_empty() { &[] } else { &[root] };
    format!("{}python3 -m {}", python_path(search), quoted(&name.replace('/', ".")))
}

fn python_path(folders: &[&str]) -> String {
    let folders: Vec<&str> = folders
        .iter()
        .map(|folder| if folder.is_empty() { "." } else { folder })
        .collect();
    match folders.is_empty() {
        true => String::new(),
        false => format!("PYTHONPATH={} ", quoted(&folders.join(":"))),
    }
}

fn below(folder: &str, name: &str) -> String {
    match folder.is_empty() {
        true => name.to_owned(),
        false => format!("{folder}/{name}"),
    }
}

/// What a program imports, by the words of its lines.
#[derive(Default)]
struct Imports<'a> {
    names: BTreeSet<&'a str>,
    is_relative: bool,
    /// It sets by itself where modules are looked for.
    sets_path: bool,
}

impl<'a> Imports<'a> {
    fn of(text: &'a str) -> Self {
        let mut imports = Self {
            sets_path: text.contains("sys.path"),
            ..Self::default()
        };
        for line in text.lines().take(MOST_LINES).map(str::trim_start) {
            if let Some(names) = line.strip_prefix("import ") {
                imports.names.extend(names.split(',').map(first_name));
            } else if let Some(name) = line.strip_prefix("from ") {
                imports.is_relative |= name.starts_with('.');
                imports.names.insert(first_name(name));
            }
        }
        imports.names.remove("");
        imports
    }

    /// Whether a file of the package around `folder` imports it by its name from `root`, or its neighbours as parts of it.
    fn want_package(&self, folder: &str, root: &str) -> bool {
        let inside = folder.strip_prefix(root).unwrap_or(folder).trim_start_matches('/');
        let package = inside.split('/').next().unwrap_or_default();
        self.is_relative || self.names.contains(package)
    }

    /// The folders that hold what is imported and does not lie beside the program.
    fn roots(&self, folder: &str, tree: &Tree) -> Vec<&'static str> {
        let others = ROOTS.into_iter().filter(|root| *root != folder);
        let away = self.names.iter().filter(|name| !tree.has_module(folder, name));
        let away: Vec<&&str> = away.collect();
        others
            .filter(|root| away.iter().any(|name| tree.has_module(root, name)))
            .collect()
    }
}

/// `a` of ` a.b as c`.
fn first_name(text: &str) -> &str {
    let text = text.trim_start();
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '_';
    &text[..text.find(|letter| !is_part(letter)).unwrap_or(text.len())]
}

/// The command that starts a project of Node, by the text of its `package.json`.
pub(super) fn node(package: &str, tree: &Tree) -> Option<String> {
    let package: Value = serde_json::from_str(package).ok()?;
    let start = match package["scripts"]["start"].is_string() {
        true => "npm start".to_owned(),
        false => {
            let main = package["main"].as_str().unwrap_or("index.js");
            let main = main.trim_start_matches("./");
            tree.has(main).then(|| format!("node {}", quoted(main)))?
        }
    };
    let needs = package["dependencies"]
        .as_object()
        .is_some_and(|needs| !needs.is_empty());
    let install = match (needs, tree.has("package-lock.json")) {
        (false, _) => "",
        (true, true) => "npm ci && ",
        (true, false) => "npm install && ",
    };
    Some(format!("{install}{start}"))
}

/// Whether a file's text says how a file like it is started: programs that may lie in a package.
pub(super) fn is_read(path: &str) -> bool {
    path.matches('/').count() <= 2 && path.ends_with(".py") && base_name(path) != "__init__.py"
        || path == "package.json"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn start(path: &str, text: &str, others: &[&str]) -> String {
        python(path, Some(text), &Tree::of(others.iter().copied().chain([path])))
    }

    #[test]
    fn what_a_program_imports_is_found() {
        for (path, text, others, expected) in [
            (
                "train.py",
                "import os\nfrom own import f",
                &["own/__init__.py"][..],
                "python3 train.py",
            ),
            (
                "train.py",
                "from own.core import f",
                &["src/own/core.py"],
                "PYTHONPATH=src python3 train.py",
            ),
            (
                "train.py",
                "import sys\nsys.path.append('src')\nimport own",
                &["src/own/core.py"],
                "python3 train.py",
            ),
            (
                "scripts/train.py",
                "import own, json",
                &["own/__init__.py"],
                "PYTHONPATH=. python3 scripts/train.py",
            ),
            (
                "scripts/train.py",
                "import near",
                &["scripts/near.py", "near.py"],
                "python3 scripts/train.py",
            ),
            (
                "src/train.py",
                "from model import M",
                &["src/model.py"],
                "python3 src/train.py",
            ),
            (
                "src/train.py",
                "from model import M",
                &["src/__init__.py", "src/model.py"],
                "python3 src/train.py",
            ),
            (
                "src/train.py",
                "from src.model import M",
                &["src/__init__.py", "src/model.py"],
                "python3 -m src.train",
            ),
            (
                "own/cli.py",
                "from . import core",
                &["own/__init__.py", "own/core.py"],
                "python3 -m own.cli",
            ),
            (
                "src/own/__main__.py",
                "from own.core import go",
                &["src/own/__init__.py"],
                "PYTHONPATH=src python3 -m own",
            ),
            ("own/__main__.py", "", &[], "python3 -m own"),
            ("my src/own/__main__.py", "", &[], "PYTHONPATH='my src' python3 -m own"),
        ] {
            assert_eq!(start(path, text, others), expected, "{path}: {text}");
        }
    }

    #[test]
    fn a_project_of_node_is_started_as_it_says() {
        let tree = Tree::of(["package.json", "index.js", "bin/run.js"]);
        let start = |text| node(text, &tree);
        assert_eq!(start(r#"{"scripts":{"start":"node x"}}"#).as_deref(), Some("npm start"));
        assert_eq!(start(r#"{"main":"./bin/run.js"}"#).as_deref(), Some("node bin/run.js"));
        assert_eq!(
            start(r#"{"dependencies":{"left-pad":"1"}}"#).as_deref(),
            Some("npm install && node index.js")
        );
        assert_eq!(start(r#"{"main":"gone.js"}"#), None);
        assert_eq!(start("{"), None);
    }
}
