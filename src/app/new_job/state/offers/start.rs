//! A program of a folder becomes the command, run inside it, with the packages that the folder asks for.

use leptos::prelude::*;

use super::{Done, FolderAtHand, Offers, Place, meet::entered};
use crate::app::new_job::state::{
    form::{Snapshot, normal},
    inputs::contents::{can_be_root, lay, path_in},
};
use jobsphere_authoring::{
    draft::{Draft, PythonKind},
    project::{Program, ProgramKind},
    python::{Declared, starts_python},
};

/// Whether the command may want packages that nothing installs: it runs Python, and no environment is set.
pub(super) fn may_want_packages(draft: &Draft) -> bool {
    draft.python.kind == PythonKind::None && starts_python(&draft.cmd)
}

/// What a file says and a job cannot. The project itself is there as files.
fn left_out(declared: &Declared) -> Vec<String> {
    let is_itself = |written: &str| matches!(written, "." | "-e ." | "--editable ." | "-e ./");
    let lost = declared.lost.iter().map(|lost| lost.written.clone());
    lost.filter(|written| !is_itself(written)).collect()
}

impl Offers {
    /// Makes a program of the folder the command.
    pub(crate) async fn start(self, folder: &FolderAtHand, program: &Program) {
        let Some(cmd) = program.command.clone() else { return };
        let form = self.form;
        let before = form.snapshot();
        let cmd = match folder.place {
            Place::Input { row, is_root, .. } => {
                let path = untrack(|| form.with(|draft| draft.inputs.get(row).map(|row| normal(&row.path))));
                if is_root {
                    cmd
                } else if untrack(|| form.with(|draft| can_be_root(draft, row))) {
                    lay(form, row, true);
                    cmd
                } else {
                    entered(&path.unwrap_or_default(), &cmd)
                }
            }
            Place::Project { .. } => {
                if untrack(|| form.with(|draft| draft.inputs.is_empty())) {
                    self.lay_project().await;
                }
                cmd
            }
        };
        form.edit(|draft| draft.cmd.clone_from(&cmd));
        let has_environment = self.set_environment(folder, program);
        self.say(folder, cmd, has_environment, before);
    }

    /// Takes the packages that the folder asks for.
    pub(crate) fn install(self, folder: &FolderAtHand) {
        let before = self.form.snapshot();
        let python = folder
            .programs
            .iter()
            .find(|program| program.kind == ProgramKind::Python);
        let Some(python) = python else { return };
        let has_environment = self.set_environment(folder, python);
        let cmd = untrack(|| self.form.with(|draft| draft.cmd.clone()));
        self.say(folder, cmd, has_environment, before);
    }

    fn say(self, folder: &FolderAtHand, cmd: String, has_environment: bool, before: Snapshot) {
        let packages = folder.packages.as_ref().filter(|_| has_environment);
        self.done.set(Some(Done {
            cmd,
            packages_of: packages.map(|declared| declared.path.clone()),
            left_out: packages.map(left_out).unwrap_or_default(),
            unread: folder.unread,
            before,
        }));
    }

    /// An environment with the folder's packages, unless the person has set one; without packages for a Python program,
    /// which is then started by the Python that its imports are read for. Whether it is set.
    fn set_environment(self, folder: &FolderAtHand, program: &Program) -> bool {
        let form = self.form;
        if untrack(|| form.with(|draft| draft.python.kind != PythonKind::None)) {
            return false;
        }
        let is_python = program.kind == ProgramKind::Python;
        // What starts Python by another program is read from the folder's own.
        let main = folder
            .programs
            .iter()
            .find(|program| program.kind == ProgramKind::Python);
        let Some(main) = main.filter(|_| is_python || folder.packages.is_some()) else {
            return false;
        };
        form.edit(|draft| {
            let row = match folder.place {
                Place::Input { row, .. } => draft.inputs.get(row).map(|row| normal(&row.path)),
                Place::Project { .. } => None,
            };
            let in_job = |path: &str| row.as_deref().map_or_else(|| path.to_owned(), |row| path_in(row, path));
            draft.python.kind = PythonKind::Auto;
            if !is_python {
                draft.python.root_paths = vec![in_job(&main.path)];
            }
            if let Some(declared) = &folder.packages {
                // Named, so that whoever runs the configuration elsewhere gets the same versions.
                if declared.is_plain {
                    draft.python.kind = PythonKind::Manual;
                    draft.python.requirements_file = in_job(&declared.path);
                }
                draft.python.requirements = declared.lines.iter().map(|line| format!("{line}\n")).collect();
                // A package of a private index is never asked for at the public one.
                if !declared.index_url.is_empty() {
                    draft.python.index_url.clone_from(&declared.index_url);
                }
            }
        });
        folder.packages.is_some()
    }
}
