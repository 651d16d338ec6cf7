//! The draft and its two views: the form's fields and the text of `config.yaml`. Edit either, the other follows.

use std::collections::BTreeMap;

use leptos::prelude::*;
use send_wrapper::SendWrapper;

use crate::{
    api::sha256::Sha256,
    job::{
        config::{self, Note, Reading},
        draft::{Column, Draft, InputRow, List, free_path},
    },
};

/// A chosen file.
#[derive(Clone)]
pub(super) struct Source {
    pub(super) file: SendWrapper<web_sys::File>,
    /// Once computed, kept: a second Run reads nothing again.
    pub(super) digest: StoredValue<Option<Sha256>>,
}

/// The form.
#[derive(Clone, Copy)]
pub(super) struct Form {
    draft: RwSignal<Draft>,
    text: RwSignal<String>,
    reading: RwSignal<Reading>,
    sources: StoredValue<BTreeMap<u64, Source>>,
}

impl Form {
    pub(super) fn new() -> Self {
        Self {
            draft: RwSignal::default(),
            text: RwSignal::default(),
            reading: RwSignal::default(),
            sources: StoredValue::default(),
        }
    }

    /// The draft as it is written now; tracked.
    pub(super) fn draft(&self) -> Draft {
        self.draft.get()
    }

    /// A part of the draft; tracked.
    pub(super) fn with<T>(&self, part: impl FnOnce(&Draft) -> T) -> T {
        self.draft.with(part)
    }

    /// Changes the draft, and the text with it.
    pub(super) fn edit(&self, change: impl FnOnce(&mut Draft)) {
        self.draft.update(change);
        let text = self
            .draft
            .with_untracked(|draft| config::write(&self.text.read_untracked(), draft));
        self.reading.set(config::read(&text));
        self.text.set(text);
    }

    /// The text of `config.yaml`; tracked.
    pub(super) fn text(&self) -> String {
        self.text.get()
    }

    /// Changes the text; the draft follows as soon as the text is understood.
    pub(super) fn type_text(&self, text: String) {
        if text.trim().is_empty() {
            let mut blank = Draft::default();
            self.draft.update(|draft| {
                blank.inputs = std::mem::take(&mut draft.inputs);
                *draft = blank;
            });
            self.reading.set(Reading::default());
        } else {
            let reading = config::read(&text);
            if reading.is_understood() {
                self.draft.update(|draft| {
                    let mut read = reading.draft.clone();
                    read.adopt(draft);
                    *draft = read;
                });
            }
            self.reading.set(reading);
        }
        self.text.set(text);
    }

    /// Takes over a job's text and what it does not say, such as which content the inputs have.
    pub(super) fn fill(&self, config: &str, draft: Draft) {
        self.text.set(if config::read(config).is_understood() {
            config.to_owned()
        } else {
            String::new()
        });
        self.edit(|old| *old = draft);
    }

    /// What the text says that does not fit; tracked.
    pub(super) fn notes(&self) -> Vec<Note> {
        self.reading.read().notes.clone()
    }

    /// Whether the draft is what the text says; tracked. While it is not, the form's fields wait.
    pub(super) fn is_understood(&self) -> bool {
        self.reading.read().is_understood()
    }

    /// The line of a field in the text; tracked.
    pub(super) fn line(&self, field: crate::job::draft::Field) -> Option<usize> {
        self.reading.read().line(field)
    }

    /// The file of an input, when one was chosen.
    pub(super) fn source(&self, id: u64) -> Option<Source> {
        self.sources.with_value(|sources| sources.get(&id).cloned())
    }

    fn keep(&self, file: web_sys::File) -> u64 {
        let source = Source {
            file: SendWrapper::new(file),
            digest: StoredValue::new(None),
        };
        let id = self
            .sources
            .with_value(|sources| sources.keys().last().copied().unwrap_or_default())
            + 1;
        self.sources.update_value(|sources| {
            sources.insert(id, source);
        });
        id
    }

    /// Puts files to the inputs that wait for them by name, the others into new inputs.
    pub(super) fn add_files(&self, files: Vec<web_sys::File>) {
        let chosen: Vec<_> = files
            .into_iter()
            .map(|file| (file.name(), file.size() as i64, self.keep(file)))
            .collect();
        self.edit(|draft| {
            for (name, size_bytes, source) in chosen {
                let waits = |row: &&mut InputRow| {
                    let is_named = row.path == name || row.path.ends_with(&format!("/{name}"));
                    row.source == 0 && row.sha256.is_empty() && is_named
                };
                let row = match draft.inputs.iter_mut().find(waits) {
                    Some(row) => row,
                    None => {
                        let taken = draft.inputs.iter().map(|row| row.path.clone()).collect();
                        draft.inputs.push(InputRow {
                            path: free_path(&name, &taken),
                            ..InputRow::default()
                        });
                        let last = draft.inputs.len() - 1;
                        &mut draft.inputs[last]
                    }
                };
                (row.source, row.size_bytes) = (source, size_bytes);
            }
        });
    }

    /// Puts a file to an input.
    pub(super) fn choose(&self, row: usize, file: web_sys::File) {
        let (size_bytes, source) = (file.size() as i64, self.keep(file));
        self.edit(|draft| {
            if let Some(row) = draft.inputs.get_mut(row) {
                (row.source, row.size_bytes) = (source, size_bytes);
                row.sha256.clear();
                row.is_folder = false;
            }
        });
    }

    /// The draft with the digests that are known.
    pub(super) fn hashed(&self) -> Draft {
        let mut draft = self.draft.get_untracked();
        for row in &mut draft.inputs {
            let digest = self.source(row.source).and_then(|source| source.digest.get_value());
            if let Some(digest) = digest {
                row.sha256 = digest.to_string();
            }
        }
        draft
    }

    /// A text of a row; tracked.
    pub(super) fn cell(&self, list: List, row: usize, column: Column) -> String {
        self.with(|draft| draft.cell(list, row, column).unwrap_or_default().to_owned())
    }
}
