//! What was dropped serves what the draft still misses: its inputs, and what its Python program names.

use std::collections::BTreeSet;

use leptos::prelude::untrack;

use super::{
    contents::is_root,
    sorted::top,
    source::{Folder, Source},
};
use crate::{
    app::new_job::state::form::{Form, normal},
    browser::{
        entries::{Picked, composed},
        handle::Handle,
    },
};
use jobsphere_authoring::{
    draft::PythonKind,
    folder::{Index, base_name},
    project::named_files,
};

/// What is at hand.
pub(crate) struct AtHand<'a> {
    /// Files and empty folders.
    pub(crate) files: &'a [Picked],
    /// Numbers of files and folders that the form has already, by their paths among the files.
    pub(crate) known: &'a [(String, u64)],
    /// What leads to those that lie outermost.
    pub(crate) handles: &'a [Handle],
    /// Folders in which a path is looked for first.
    pub(crate) preferred: &'a [&'a str],
}

impl AtHand<'_> {
    fn index(&self) -> Index {
        Index::of(self.files.iter().map(|picked| &*picked.path))
    }

    /// The folder that the working directory is: the preferred one, or the only one there is.
    fn root(&self) -> Option<String> {
        let mut folders: BTreeSet<&str> = BTreeSet::new();
        folders.extend(
            self.files
                .iter()
                .filter_map(|picked| Some(picked.path.split_once('/')?.0)),
        );
        let only = folders.first().filter(|_| folders.len() == 1);
        let preferred = self.preferred.iter().find(|folder| !folder.is_empty());
        preferred.or(only).map(|folder| (*folder).to_owned())
    }

    fn handle(&self, path: &str) -> Option<Handle> {
        self.handles.iter().find(|handle| handle.name() == path).cloned()
    }

    /// The file or folder at a path.
    async fn source(&self, path: &str) -> Option<Source> {
        let picked = self.files.iter().find(|picked| picked.path == path);
        let source = match picked.and_then(|picked| picked.file.clone()) {
            Some(file) => Source::file(file),
            None => {
                let below = match Folder::below(self.files, path) {
                    Some(below) => below,
                    // An empty folder.
                    None => picked.map(|_| Vec::new())?,
                };
                Source::folder(Folder::open(base_name(path), below).await)
            }
        };
        Some(source.with_handle(self.handle(path)))
    }
}

/// Gives the inputs that have no content yet what they are called after; the outermost names of what was used.
pub(crate) async fn serve_inputs(form: Form, at_hand: &AtHand<'_>) -> BTreeSet<String> {
    let waiting: Vec<(usize, String)> = untrack(|| {
        form.with(|draft| {
            let rows = draft.inputs.iter().enumerate();
            let waiting = rows.filter(|(_, row)| row.content.is_missing() && !row.path.trim().is_empty());
            waiting.map(|(place, row)| (place, composed(&row.path))).collect()
        })
    });
    let mut used = BTreeSet::new();
    if waiting.is_empty() {
        return used;
    }
    let index = at_hand.index();
    for (place, path) in waiting {
        let found = if is_root(&path) {
            at_hand.root()
        } else {
            index.find(&path, at_hand.preferred).map(|found| found.path)
        };
        let Some(found) = found.filter(|found| !found.is_empty()) else {
            continue;
        };
        let known = at_hand.known.iter().find(|(known, _)| *known == found);
        if let Some((_, id)) = known {
            form.choose_known(place, *id);
        } else if let Some(source) = at_hand.source(&found).await {
            form.choose(place, source);
        } else {
            continue;
        }
        used.insert(top(&found).to_owned());
    }
    used
}

/// Takes what was dropped in place of what the job had that runs again, where one of its inputs alone is called so; the
/// paths of those inputs, with the outermost names of what was used.
pub(crate) async fn replace_known(form: Form, at_hand: &AtHand<'_>) -> Vec<(String, String)> {
    let known: Vec<(usize, String, bool)> = untrack(|| {
        form.with(|draft| {
            let rows = draft.inputs.iter().enumerate();
            let known = rows.filter(|(_, row)| !row.content.is_missing() && row.content.chosen().is_none());
            known
                .map(|(place, row)| (place, normal(&row.path), row.is_folder))
                .collect()
        })
    });
    let mut used = Vec::new();
    if known.is_empty() {
        return used;
    }
    let dropped: BTreeSet<&str> = at_hand.files.iter().map(|picked| top(&picked.path)).collect();
    for name in dropped {
        let is_folder = !at_hand
            .files
            .iter()
            .any(|picked| picked.path == name && picked.file.is_some());
        let called = |row: &&(usize, String, bool)| composed(base_name(&row.1)) == composed(name) && row.2 == is_folder;
        let mut called = known.iter().filter(called);
        let (Some((place, path, _)), None) = (called.next(), called.next()) else {
            continue;
        };
        if let Some(source) = at_hand.source(name).await {
            form.choose(*place, source);
            used.push((path.clone(), name.to_owned()));
        }
    }
    used
}

/// Puts what the Python program of the draft names, and what lies around it, to the files at hand for it; the outermost
/// names of what was used.
pub(crate) async fn serve_program(form: Form, all: &[Picked]) -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    let wanted = untrack(|| wanted_by_program(form));
    if wanted.is_empty() {
        return used;
    }
    let index = Index::of(all.iter().map(|picked| &*picked.path));
    let roots: BTreeSet<&str> = all.iter().map(|picked| top(&picked.path)).collect();
    let roots: Vec<&str> = roots.into_iter().collect();
    let mut taken: Vec<Picked> = Vec::new();
    for path in wanted {
        let Some(found) = index.find(&path, &roots) else {
            continue;
        };
        let around = found.path.strip_suffix(&path).and_then(|above| above.strip_suffix('/'));
        match around {
            // All of the project that was dropped.
            Some(folder) => taken.extend(Folder::below(all, folder).unwrap_or_default()),
            None => taken.extend(moved(all, &found.path, &path)),
        }
        used.insert(top(&found.path).to_owned());
    }
    if !taken.is_empty() {
        form.add_to_project(taken, None).await;
    }
    used
}

/// The file at `from`, or the files below it, with paths as if it lay at `to`.
fn moved(all: &[Picked], from: &str, to: &str) -> Vec<Picked> {
    let inside = |picked: &Picked| {
        let rest = picked.path.strip_prefix(from)?;
        (rest.is_empty() || rest.starts_with('/')).then(|| Picked {
            path: format!("{to}{rest}"),
            file: picked.file.clone(),
        })
    };
    all.iter().filter_map(inside).collect()
}

/// Paths that the program names and that are not at hand.
fn wanted_by_program(form: Form) -> Vec<String> {
    let at_hand = form.project().map(|(_, folder)| folder.files());
    let at_hand = Index::of(
        at_hand
            .iter()
            .flat_map(|files| files.iter())
            .map(|picked| &*picked.path),
    );
    form.with(|draft| {
        let python = &draft.python;
        if python.kind == PythonKind::None {
            return Vec::new();
        }
        let listed = python.local_paths.iter().chain(&python.root_paths);
        let listed = listed
            .chain([&python.requirements_file])
            .map(|path| composed(&normal(path)));
        let named = named_files(&draft.cmd).into_iter();
        let named = named.filter(|path| path.ends_with(".py")).map(|path| composed(&path));
        let is_missing = |path: &String| !path.is_empty() && !at_hand.holds(path);
        listed.chain(named).filter(is_missing).collect()
    })
}
