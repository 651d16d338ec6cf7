//! A command that names a file which is not there, and a folder that has it, are brought together.

use std::collections::BTreeSet;

use leptos::prelude::untrack;

use super::{FolderAtHand, Offers, Place};
use crate::{
    app::new_job::state::{
        form::normal,
        inputs::{
            contents::{ROOT, can_be_root, is_root, lay},
            source::{Folder, Source},
        },
    },
    browser::entries::{Picked, composed},
};
use jobsphere_authoring::{
    draft::{Draft, InputRow, PythonKind},
    folder::base_name,
    project::{named_files, quoted},
};

/// What the folder is called whose contents become the working directory, where it has no name.
const NAMELESS: &str = "project";

/// What the command names and does not have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Missing {
    /// Paths, as the command names them.
    pub(crate) paths: Vec<String>,
    /// The folder that has them; empty for one without a name.
    pub(crate) folder: String,
    /// How they come together.
    pub(crate) meeting: Meeting,
}

/// How a command and a folder come together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Meeting {
    /// The contents of the folder in this row become the working directory.
    Lay(usize),
    /// The command begins in the folder at this path.
    Enter(String),
    /// What is at hand for the program becomes the working directory.
    LayProject,
    /// These files become inputs.
    Add,
}

/// What the command names and does not have, in the first folder that has it.
pub(super) fn missing(draft: &Draft, folders: &[FolderAtHand]) -> Option<Missing> {
    let named: Vec<String> = named_files(&draft.cmd).iter().map(|path| composed(path)).collect();
    folders.iter().find_map(|folder| {
        let is_missing = |path: &&String| folder.paths.contains(*path) && !is_there(draft, folders, path);
        let paths: Vec<String> = named.iter().filter(is_missing).cloned().collect();
        (!paths.is_empty()).then(|| Missing {
            meeting: meeting(draft, folder),
            folder: folder.name.clone(),
            paths,
        })
    })
}

fn meeting(draft: &Draft, folder: &FolderAtHand) -> Meeting {
    match folder.place {
        Place::Input { row, .. } if can_be_root(draft, row) => Meeting::Lay(row),
        Place::Input { row, .. } => {
            Meeting::Enter(draft.inputs.get(row).map(|row| normal(&row.path)).unwrap_or_default())
        }
        Place::Project { .. } if draft.python.kind == PythonKind::None && !has_inputs(draft) => Meeting::LayProject,
        Place::Project { .. } => Meeting::Add,
    }
}

fn has_inputs(draft: &Draft) -> bool {
    draft.inputs.iter().any(|row| !row.path.trim().is_empty())
}

/// Whether the job will have something at a path.
fn is_there(draft: &Draft, folders: &[FolderAtHand], path: &str) -> bool {
    let brought = &draft.python.brought;
    let is_module = |module: &InputRow| covers(base_name(&normal(&module.path)), path);
    let is_brought = draft.python.kind != PythonKind::None
        && (brought
            .scripts
            .iter()
            .any(|row| normal(&row.path) == path && !row.content.is_missing())
            || brought.modules.iter().any(is_module));
    let holds = |(place, row): (usize, &InputRow)| {
        let own = composed(&normal(&row.path));
        let is_own = |folder: &&FolderAtHand| matches!(folder.place, Place::Input { row, .. } if row == place);
        match folders.iter().find(is_own) {
            _ if own.is_empty() => false,
            Some(folder) if is_root(&own) => folder.paths.contains(path),
            // What a folder that the service holds has in it is not known.
            None if is_root(&own) => true,
            _ => covers(&own, path),
        }
    };
    is_brought || draft.inputs.iter().enumerate().any(holds)
}

fn covers(folder: &str, path: &str) -> bool {
    path.strip_prefix(folder)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

impl Offers {
    /// Brings the command and the folder together.
    pub(crate) async fn meet(self, missing: &Missing) {
        let form = self.form;
        match &missing.meeting {
            Meeting::Lay(row) => lay(form, *row, true),
            Meeting::Enter(path) => form.edit(|draft| draft.cmd = entered(path, &draft.cmd)),
            Meeting::LayProject => self.lay_project().await,
            Meeting::Add => self.add(&missing.paths),
        }
    }

    /// Makes the files at hand for the program the working directory.
    pub(super) async fn lay_project(self) {
        let Some((_, project)) = untrack(|| self.form.project()) else {
            return;
        };
        let folder = Folder::open(NAMELESS, project.files().to_vec()).await;
        let id = self.form.keep(Source::folder(folder));
        self.form.edit(|draft| {
            draft.inputs.retain(|row| !row.path.trim().is_empty());
            draft.inputs.push(InputRow {
                path: ROOT.to_owned(),
                ..InputRow::default()
            });
        });
        let last = untrack(|| self.form.with(|draft| draft.inputs.len())).saturating_sub(1);
        self.form.choose_known(last, id);
        self.form.set_project(None);
    }

    fn add(self, paths: &[String]) {
        let Some((_, project)) = untrack(|| self.form.project()) else {
            return;
        };
        let wanted: BTreeSet<&String> = paths.iter().collect();
        let files = project.files();
        let found = files.iter().filter(|picked| wanted.contains(&picked.path));
        for Picked { path, file } in found.cloned() {
            let Some(file) = file else { continue };
            let id = self.form.keep(Source::file(file));
            self.form.edit(|draft| {
                draft.inputs.push(InputRow {
                    path,
                    ..InputRow::default()
                });
            });
            let last = untrack(|| self.form.with(|draft| draft.inputs.len())).saturating_sub(1);
            self.form.choose_known(last, id);
        }
    }
}

/// The command, begun in a folder.
pub(super) fn entered(path: &str, cmd: &str) -> String {
    format!("cd {} && {cmd}", quoted(path))
}
