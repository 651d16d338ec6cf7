//! Dropped files that are called as a module, wherever they lie: the module may be one of them, and not a stranger's
//! package.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::{
    Program, compiled,
    files::{base_of, folder_of, tidy},
    package::canonical,
};

/// So many are named.
const MOST: usize = 5;

/// Files of modules: sources, compiled ones, and what is compiled to them.
const ENDINGS: [&str; 7] = ["py", "pyi", "pyx", "pyw", "so", "pyd", "pyc"];
/// Files of packages, by the beginning of their names.
const ARCHIVES: [&str; 4] = [".whl", ".tar.gz", ".egg", ".zip"];

/// Paths by the name of a module.
pub(super) struct Rivals(HashMap<String, BTreeSet<String>>);

impl Rivals {
    /// Of all that was dropped, but for packages that were installed there.
    pub(super) fn of(program: &Program) -> Self {
        let mut rivals = Self(HashMap::new());
        let mut folders = HashSet::new();
        let sources = program.files.iter().map(|source| &source.path);
        for path in sources.chain(&program.others).chain(&program.left_out) {
            let Some(path) = tidy(path) else { continue };
            if path
                .split('/')
                .any(|part| matches!(part, "site-packages" | "dist-packages" | "__pycache__"))
            {
                continue;
            }
            let base = base_of(&path);
            let name = base.split('.').next().unwrap_or_default();
            let ending = base.rsplit_once('.').map(|(_, ending)| ending);
            if ending.is_some_and(|ending| ENDINGS.contains(&ending)) {
                rivals.add(name, &path);
                let mut folder = folder_of(&path);
                while !folder.is_empty() && folders.insert(folder.to_owned()) {
                    rivals.add(base_of(folder), folder);
                    folder = folder_of(folder);
                }
            } else if ARCHIVES.iter().any(|ending| base.ends_with(ending)) {
                let package = compiled::wheel(&path).unwrap_or_else(|| before_version(base));
                rivals.add(&canonical(package), &path);
            }
        }
        rivals
    }

    fn add(&mut self, name: &str, path: &str) {
        if !name.starts_with("__") {
            self.0.entry(name.to_owned()).or_default().insert(path.to_owned());
        }
    }

    /// Those of a module, or of the package that would be installed for it.
    pub(super) fn of_module(&self, module: &str, package: &str) -> Vec<String> {
        let top = module.split('.').next().unwrap_or_default();
        let names = BTreeSet::from([top.to_owned(), canonical(top), canonical(package)]);
        let found: BTreeSet<&String> = names.iter().filter_map(|name| self.0.get(name)).flatten().collect();
        found.into_iter().take(MOST).cloned().collect()
    }
}

/// `tool` of `tool-1.0.tar.gz`.
fn before_version(base: &str) -> &str {
    let end = base
        .match_indices('-')
        .find(|(at, _)| base[at + 1..].starts_with(|letter: char| letter.is_ascii_digit()));
    match end {
        Some((at, _)) => &base[..at],
        None => base.split('.').next().unwrap_or_default(),
    }
}
