//! A folder whose contents are the working directory itself.

use leptos::prelude::untrack;

use super::source::{Folder, Source};
use crate::{api::path::RelativePath, app::new_job::state::form::Form, browser::entries::Picked};
use jobsphere_authoring::draft::{Draft, InputRow};

/// The path of an input whose contents are the working directory.
pub(crate) const ROOT: &str = "./";

/// Whether a path means the working directory itself.
pub(crate) fn is_root(path: &str) -> bool {
    RelativePath::is_working_directory(path.trim())
}

/// The path in the job's folder of what lies at `inner` in the input at `path`.
pub(crate) fn path_in(path: &str, inner: &str) -> String {
    if is_root(path) {
        inner.to_owned()
    } else {
        format!("{path}/{inner}")
    }
}

/// Whether the folder in this row can become the working directory: nothing else may lie in it.
pub(crate) fn can_be_root(draft: &Draft, row: usize) -> bool {
    let lies_there = |other: &InputRow| !other.path.trim().is_empty() && !other.path.starts_with('/');
    let mut others = draft.inputs.iter().enumerate().filter(|(place, _)| *place != row);
    draft.inputs.get(row).is_some_and(|row| row.is_folder) && !others.any(|(_, other)| lies_there(other))
}

/// Lays the folder's contents into the working directory, or the folder itself.
pub(crate) fn lay(form: Form, row: usize, contents: bool) {
    let name = untrack(|| form.with(|draft| draft.inputs.get(row).and_then(|row| form.source_of(row))));
    let name = name.map_or_else(|| "project".to_owned(), |source| source.name());
    form.edit(|draft| {
        if let Some(row) = draft.inputs.get_mut(row) {
            row.path = if contents { ROOT.to_owned() } else { name };
        }
    });
}

/// The chosen folder that is the working directory, with its row.
pub(crate) fn root(form: Form) -> Option<(usize, Folder)> {
    form.with(|draft| {
        let row = draft
            .inputs
            .iter()
            .position(|row| row.is_folder && is_root(&row.path))?;
        Some((row, form.source_of(&draft.inputs[row])?.as_folder()?))
    })
}

/// Puts more files into the folder, each in the place of one of the same path.
pub(crate) async fn absorb(form: Form, row: usize, folder: &Folder, more: Vec<Picked>) {
    form.choose(row, Source::folder(folder.with(more).await));
}
