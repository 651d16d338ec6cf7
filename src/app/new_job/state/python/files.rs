//! The files at hand for a Python program, by their paths in the job's folder.

use std::collections::BTreeMap;

use leptos::prelude::untrack;
use send_wrapper::SendWrapper;
use web_sys::File;

use crate::{
    app::new_job::state::{
        form::{Form, normal},
        inputs::{
            contents::{is_root, path_in},
            source::What,
        },
    },
    browser::entries::Picked,
};
use jobsphere_authoring::draft::{Draft, InputRow, List};

/// What tells one content of a file from another without reading it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Stamp {
    path: String,
    size_bytes: f64,
    modified_ms: f64,
}

impl Stamp {
    pub(crate) fn of(picked: &Picked) -> Option<Self> {
        let file = picked.file.as_ref()?;
        Some(Self {
            path: picked.path.clone(),
            size_bytes: file.size(),
            modified_ms: file.last_modified(),
        })
    }
}

/// The files at hand, by their paths in the job's folder.
pub(crate) struct Files {
    pub(crate) at_hand: BTreeMap<String, SendWrapper<File>>,
    /// Paths of those that were dropped and are left out.
    pub(crate) left_out: Vec<String>,
}

impl Files {
    /// Those of the project, then those of the inputs, which count more.
    pub(crate) fn gather(form: Form) -> Self {
        let mut files = BTreeMap::new();
        let mut dropped = Vec::new();
        let is_file = |picked: &&Picked| picked.file.is_some();
        let mut put = |path: String, file: &File| files.insert(path, SendWrapper::new(file.clone()));
        if let Some((_, folder)) = untrack(|| form.project()) {
            dropped.extend(folder.files().iter().filter(is_file).map(|picked| picked.path.clone()));
            for picked in folder.kept() {
                if let Some(file) = &picked.file {
                    put(picked.path, file);
                }
            }
        }
        for row in untrack(|| form.with(|draft| draft.inputs.clone())) {
            let path = normal(&row.path);
            match form.source_of(&row).map(|source| source.what) {
                Some(What::File(file)) => {
                    put(path, &file);
                }
                Some(What::Folder(folder)) => {
                    let all = folder.files();
                    let inside = |picked: &Picked| path_in(&path, &picked.path);
                    dropped.extend(all.iter().filter(is_file).map(inside));
                    for picked in folder.kept() {
                        if let Some(file) = &picked.file {
                            put(path_in(&path, &picked.path), file);
                        }
                    }
                }
                None => {}
            }
        }
        dropped.retain(|path| !files.contains_key(path));
        Self {
            at_hand: files,
            left_out: dropped,
        }
    }

    /// The file at `path` with an empty path, or the files below it with theirs.
    pub(crate) fn at(&self, path: &str) -> Vec<Picked> {
        let picked = |path: &str, file: &SendWrapper<File>| Picked {
            path: path.to_owned(),
            file: Some((**file).clone()),
        };
        if let Some(file) = self.at_hand.get(path) {
            return vec![picked("", file)];
        }
        let folder = format!("{path}/");
        let below = self
            .at_hand
            .range(folder.clone()..)
            .take_while(|(path, _)| path.starts_with(&folder));
        below.map(|(path, file)| picked(&path[folder.len()..], file)).collect()
    }
}

/// Whether an input brings the file.
pub(crate) fn is_input(draft: &Draft, path: &str) -> bool {
    let brings = |row: &InputRow| {
        let input = normal(&row.path);
        is_root(&input) || path == input || path.starts_with(&format!("{input}/"))
    };
    draft
        .written(List::Inputs)
        .into_iter()
        .any(|row| brings(&draft.inputs[row]))
}

/// Whether an input is the working directory itself, so that every file lies where the program has it.
pub(crate) fn is_in_root(draft: &Draft) -> bool {
    draft.inputs.iter().any(|row| is_root(&row.path))
}
