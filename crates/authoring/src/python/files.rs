//! The files of a program by path.

pub(crate) use crate::folder::folder_of;
use std::collections::{HashMap, HashSet};

use super::{Program, Source, compiled, package};

/// The files, and the folders that have Python files in them.
pub(super) struct Files<'a> {
    texts: HashMap<String, &'a str>,
    /// Those that are not read.
    others: HashSet<String>,
    /// Compiled modules by their path without endings.
    compiled: HashMap<String, String>,
    /// Wheels by the package's name.
    wheels: HashMap<String, String>,
    /// Folders with modules in them.
    folders: HashSet<String>,
    /// All folders.
    any_folders: HashSet<String>,
}

impl<'a> Files<'a> {
    #[cfg(test)]
    pub(super) fn new(sources: &'a [Source]) -> Self {
        Self::with(sources, &[])
    }

    pub(super) fn of(program: &'a Program) -> Self {
        Self::with(&program.files, &program.others)
    }

    pub(super) fn with(sources: &'a [Source], others: &[String]) -> Self {
        let mut files = Self {
            texts: HashMap::with_capacity(sources.len()),
            others: HashSet::with_capacity(others.len()),
            compiled: HashMap::new(),
            wheels: HashMap::new(),
            folders: HashSet::new(),
            any_folders: HashSet::new(),
        };
        for Source { path, text } in sources {
            let Some(path) = tidy(path) else { continue };
            files.note_folders(&path, path.ends_with(".py"));
            files.texts.insert(path, text.as_str());
        }
        // The order in which they come decides nothing.
        let mut others: Vec<String> = others.iter().filter_map(|path| tidy(path)).collect();
        others.sort();
        for path in others {
            let stem = compiled::stem(&path);
            files.note_folders(&path, stem.is_some() || path.ends_with(".py"));
            if let Some(stem) = stem {
                files.compiled.entry(stem.to_owned()).or_insert_with(|| path.clone());
            }
            if let Some(name) = compiled::wheel(&path) {
                files
                    .wheels
                    .entry(package::canonical(name))
                    .or_insert_with(|| path.clone());
            }
            files.others.insert(path);
        }
        files
    }

    fn note_folders(&mut self, path: &str, is_module: bool) {
        for (is_meant, folders) in [(is_module, &mut self.folders), (true, &mut self.any_folders)] {
            let mut folder = folder_of(path);
            // Where one is known, so are those around it.
            while is_meant && !folder.is_empty() && !folders.contains(folder) {
                folders.insert(folder.to_owned());
                folder = folder_of(folder);
            }
        }
    }

    pub(super) fn text(&self, path: &str) -> Option<&'a str> {
        self.texts.get(path).copied()
    }

    pub(super) fn has(&self, path: &str) -> bool {
        self.texts.contains_key(path) || self.others.contains(path)
    }

    /// Whether there is a file or a folder of any kind.
    pub(super) fn has_any(&self, path: &str) -> bool {
        self.has(path) || self.any_folders.contains(path)
    }

    pub(super) fn has_folder(&self, path: &str) -> bool {
        self.folders.contains(path)
    }

    /// The compiled module that is found under this path.
    pub(super) fn compiled(&self, path: &str) -> Option<&str> {
        self.compiled.get(path).map(String::as_str)
    }

    /// The wheel of a package.
    pub(super) fn wheel(&self, package: &str) -> Option<&str> {
        self.wheels.get(&package::canonical(package)).map(String::as_str)
    }

    /// The names of the modules that lie in a folder, sorted.
    pub(super) fn modules_in(&self, folder: &str) -> Vec<String> {
        let own = self.texts.keys().chain(&self.others);
        let files = own.filter(|path| folder_of(path) == folder);
        let files = files.filter_map(|path| base_of(path).strip_suffix(".py"));
        let packages = self.folders.iter().filter(|path| folder_of(path) == folder);
        let packages = packages
            .filter(|path| self.has(&join(path, "__init__.py")))
            .map(|path| base_of(path));
        let mut names: Vec<String> = files.chain(packages).map(str::to_owned).collect();
        names.retain(|name| !name.starts_with("__"));
        names.sort();
        names.dedup();
        names
    }
}

/// `path` without `.`, `..` and doubled slashes; empty for the job's folder, `None` when it leads out of that.
pub(super) fn tidy(path: &str) -> Option<String> {
    if path.starts_with('/') {
        return None;
    }
    let mut parts = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            _ => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// The last part of a path.
pub(super) fn base_of(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, base)| base)
}

/// Whether `path` is `folder` or lies below it.
pub(super) fn is_within(path: &str, folder: &str) -> bool {
    folder.is_empty()
        || path
            .strip_prefix(folder)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// `path` seen from `folder`.
pub(super) fn join(folder: &str, path: &str) -> String {
    if folder.is_empty() || path.starts_with('/') {
        path.to_owned()
    } else {
        format!("{folder}/{path}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_tidied_and_kept_inside() {
        for (path, tidied) in [
            ("./a//b.py", Some("a/b.py")),
            ("a/../b.py", Some("b.py")),
            (".", Some("")),
            ("", Some("")),
            ("../a.py", None),
            ("/a.py", None),
        ] {
            assert_eq!(tidy(path).as_deref(), tidied, "{path}");
        }
    }

    #[test]
    fn folders_are_those_with_python_in_them() {
        let source = |path: &str| Source {
            path: path.into(),
            text: String::new(),
        };
        let sources = [source("a/b/c.py"), source("a/d.py"), source("bin/run")];
        let files = Files::with(
            &sources,
            &["c/_x.cpython-311-x86_64-linux-gnu.so".into(), "d/e.csv".into()],
        );
        assert!(files.has_folder("a") && files.has_folder("a/b") && !files.has_folder("bin"));
        assert!(files.has("bin/run") && !files.has("a/b") && files.has_any("a/b"));
        assert!(files.has_folder("c") && !files.has_folder("d") && files.has_any("d"));
        assert_eq!(files.compiled("c/_x"), Some("c/_x.cpython-311-x86_64-linux-gnu.so"));
        assert_eq!(files.modules_in("a"), ["d"]);
    }
}
