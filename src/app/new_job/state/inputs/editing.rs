//! One file of the inputs is edited as a text, or another takes its place, without choosing all of them anew.

use leptos::prelude::*;
use web_sys::File;

use super::{
    fetched::{FetchedError, fetch},
    source::Source,
};
use crate::{
    app::new_job::state::form::Form,
    browser::{entries::Picked, files},
};
use jobsphere_authoring::{draft::InputRow, folder::base_name};

/// A larger text is no matter of a form.
pub(crate) const MAX_TEXT_BYTES: f64 = 256.0 * 1024.0;

/// Where a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Target {
    /// In this row of the inputs.
    Row(usize),
    /// Among what is at hand for the program.
    Project,
}

/// Why a file is not edited.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum EditError {
    /// It is no text, or not in UTF-8.
    NoText,
    /// Its lines end in different ways, which the page's field would make one.
    MixedEnds,
    /// It is gone or cannot be read, in the browser's words.
    Unreadable(String),
    Fetched(FetchedError),
}

/// A text being edited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Edited {
    pub(crate) target: Target,
    /// Path inside the folder; empty for a file of its own.
    pub(crate) inner: String,
    /// What it is called.
    pub(crate) name: String,
    pub(crate) text: String,
    /// Whether its lines end with CR LF, which the page's field does not keep.
    has_crlf: bool,
}

/// The files of the inputs, and the one that is edited.
#[derive(Clone, Copy)]
pub(crate) struct Editing {
    pub(crate) form: Form,
    pub(crate) edited: RwSignal<Option<Edited>>,
    pub(crate) failure: RwSignal<Option<(String, EditError)>>,
}

impl Editing {
    pub(crate) fn new(form: Form) -> Self {
        Self {
            form,
            edited: RwSignal::new(None),
            failure: RwSignal::new(None),
        }
    }

    /// Opens a file as a text: `inner` in a folder, or the file of a row.
    pub(crate) async fn open(self, target: Target, inner: &str) {
        self.failure.set(None);
        let name = untrack(|| self.name(target, inner));
        match self.read(target, inner).await {
            Ok((text, has_crlf)) => self.edited.set(Some(Edited {
                target,
                inner: inner.to_owned(),
                name,
                text,
                has_crlf,
            })),
            Err(error) => self.failure.set(Some((name, error))),
        }
    }

    /// Takes what was written as the file's content.
    pub(crate) async fn save(self, text: &str) {
        let Some(edited) = self.edited.get_untracked() else {
            return;
        };
        let text = if edited.has_crlf {
            text.replace('\n', "\r\n")
        } else {
            text.to_owned()
        };
        match files::file_of_bytes(base_name(&edited.name), text.as_bytes()) {
            Ok(file) => {
                self.put(edited.target, &edited.inner, file).await;
                self.edited.set(None);
            }
            Err(reason) => self.failure.set(Some((edited.name, EditError::Unreadable(reason)))),
        }
    }

    /// Puts a file in the place of another.
    pub(crate) async fn put(self, target: Target, inner: &str, file: File) {
        let form = self.form;
        let picked = Picked {
            path: inner.to_owned(),
            file: Some(file.clone()),
        };
        match target {
            Target::Project => form.add_to_project(vec![picked], None).await,
            Target::Row(row) if inner.is_empty() => form.choose(row, Source::file(file)),
            Target::Row(row) => {
                let source = untrack(|| self.row(row)).and_then(|row| form.source_of(&row));
                if let Some(folder) = source.and_then(|source| source.as_folder()) {
                    let folder = folder.with(vec![picked]).await;
                    form.choose(row, Source::folder(folder));
                }
            }
        }
    }

    /// Fetches the content of a row from the service.
    pub(crate) async fn fetch(self, row: usize) {
        self.failure.set(None);
        let Some(input) = untrack(|| self.row(row)) else { return };
        match fetch(self.form, &input).await {
            Ok(source) => self.form.choose(row, source),
            Err(error) => self.failure.set(Some((input.path, EditError::Fetched(error)))),
        }
    }

    /// Fetches what the program of the source job brought along.
    pub(crate) async fn fetch_program(self) {
        self.failure.set(None);
        let brought = untrack(|| self.form.with(|draft| draft.python.brought.clone()));
        let mut files = Vec::new();
        for row in brought.scripts.into_iter().chain(brought.modules) {
            match fetch(self.form, &row).await {
                Ok(source) => files.extend(in_project(&row, &source)),
                Err(error) => {
                    self.failure.set(Some((row.path, EditError::Fetched(error))));
                    return;
                }
            }
        }
        self.form.add_to_project(files, None).await;
    }

    fn row(self, row: usize) -> Option<InputRow> {
        self.form.with(|draft| draft.inputs.get(row).cloned())
    }

    fn name(self, target: Target, inner: &str) -> String {
        match target {
            Target::Row(row) if inner.is_empty() => self.row(row).map(|row| row.path).unwrap_or_default(),
            _ => inner.to_owned(),
        }
    }

    async fn read(self, target: Target, inner: &str) -> Result<(String, bool), EditError> {
        let source = match target {
            Target::Project => untrack(|| self.form.project()).map(|(_, folder)| Source::folder(folder)),
            Target::Row(row) => {
                let row = untrack(|| self.row(row)).unwrap_or_default();
                match self.form.source_of(&row) {
                    None if row.content.size_bytes() as f64 > MAX_TEXT_BYTES && !row.is_folder => {
                        return Err(EditError::NoText);
                    }
                    None => Some(fetch(self.form, &row).await.map_err(EditError::Fetched)?),
                    source => source,
                }
            }
        };
        let file = source.and_then(|source| match source.as_folder() {
            Some(folder) => folder.files().iter().find(|picked| picked.path == inner)?.file.clone(),
            None => source.as_file(),
        });
        let file = file.ok_or(EditError::NoText)?;
        // Asked first: what is no matter of a form may not fit into the page at all.
        if file.size() > MAX_TEXT_BYTES {
            return Err(EditError::NoText);
        }
        let text = files::text(&file).await.map_err(EditError::Unreadable)?;
        let is_text = text.len() as f64 == file.size() && !text.contains(['\u{fffd}', '\0']);
        if !is_text {
            return Err(EditError::NoText);
        }
        let ends = text.matches('\n').count();
        let wide = text.matches("\r\n").count();
        let narrow = text.matches('\r').count();
        match (wide, narrow) {
            (0, 0) => Ok((text, false)),
            (wide, narrow) if wide == ends && narrow == wide => Ok((text.replace("\r\n", "\n"), true)),
            _ => Err(EditError::MixedEnds),
        }
    }
}

/// The files of a script or module, where the program has them.
fn in_project(row: &InputRow, source: &Source) -> Vec<Picked> {
    match (source.as_file(), source.as_folder()) {
        (Some(file), _) => vec![Picked {
            path: row.path.clone(),
            file: Some(file),
        }],
        (None, Some(folder)) => {
            let above = row.path.rsplit_once('/').map_or("", |(above, _)| above);
            let name = base_name(&row.path);
            let place = |picked: &Picked| {
                // An archive of one module holds that file alone, one of a package its folder.
                let inner = if picked.path == name {
                    picked.path.clone()
                } else {
                    format!("{name}/{}", picked.path)
                };
                Picked {
                    path: format!("{above}/{inner}").trim_start_matches('/').to_owned(),
                    file: picked.file.clone(),
                }
            };
            folder.files().iter().map(place).collect()
        }
        _ => Vec::new(),
    }
}
