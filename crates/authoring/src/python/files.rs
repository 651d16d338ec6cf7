//! The files of a program by path.

use std::collections::{HashMap, HashSet};

use super::Source;

/// The files, and the folders that have Python files in them.
pub(super) struct Files<'a> {
    texts: HashMap<String, &'a str>,
    folders: HashSet<String>,
}

impl<'a> Files<'a> {
    pub(super) fn new(sources: &'a [Source]) -> Self {
        let mut texts = HashMap::with_capacity(sources.len());
        let mut folders = HashSet::new();
        for Source { path, text } in sources {
            let Some(path) = tidy(path) else { continue };
            if path.ends_with(".py") {
                let mut folder = folder_of(&path);
                // Where one is known, so are those around it.
                while !folder.is_empty() && !folders.contains(folder) {
                    folders.insert(folder.to_owned());
                    folder = folder_of(folder);
                }
            }
            texts.insert(path, text.as_str());
        }
        Self { texts, folders }
    }

    pub(super) fn text(&self, path: &str) -> Option<&'a str> {
        self.texts.get(path).copied()
    }

    pub(super) fn has(&self, path: &str) -> bool {
        self.texts.contains_key(path)
    }

    pub(super) fn has_folder(&self, path: &str) -> bool {
        self.folders.contains(path)
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

/// The folder of a file or folder; empty for the job's.
pub(super) fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
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
        let files = Files::new(&sources);
        assert!(files.has_folder("a") && files.has_folder("a/b") && !files.has_folder("bin"));
        assert!(files.has("bin/run") && !files.has("a/b"));
    }
}
