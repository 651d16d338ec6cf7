//! The draft and its two views: the form's fields and the text of `config.yaml`. Edit either, the other follows.

use std::collections::BTreeMap;

use leptos::prelude::*;
use send_wrapper::SendWrapper;

use super::{
    inputs::source::{Folder, Source},
    source_job::SourceJob,
};
use crate::{
    api::jobs::Job,
    browser::{
        entries::{Picked, composed},
        handle::Handle,
    },
};
use jobsphere_authoring::{
    config::{self, Note, Reading},
    draft::{Column, Draft, InputContent, InputRow, List, Python, PythonKind},
    folder::base_name,
};

/// What the file of the requirements is called where the person has no name for it.
const REQUIREMENTS_FILE: &str = "requirements.txt";

/// Larger contents are compared with those of the source job when they are read at Run.
const MOST_COMPARED_BYTES: f64 = 256.0 * 1024.0 * 1024.0;

/// The form as it was, to be taken back.
#[derive(Clone)]
pub(crate) struct Snapshot {
    text: String,
    draft: Draft,
    project: Option<u64>,
}

/// The form.
#[derive(Clone, Copy)]
pub(crate) struct Form {
    draft: RwSignal<Draft>,
    text: RwSignal<String>,
    reading: RwSignal<Reading>,
    sources: StoredValue<BTreeMap<u64, Source>>,
    /// The number of the source that holds the files of a dropped project beyond the inputs: modules and requirements
    /// are looked for there.
    project: RwSignal<Option<u64>>,
    /// The job that this one is run again from.
    source_job: RwSignal<Option<SourceJob>>,
    /// What may lead to the inputs at these paths, once the person lets the page read it.
    locked: RwSignal<BTreeMap<String, SendWrapper<Handle>>>,
    /// How many dropped or kept things are still being taken in.
    busy: RwSignal<usize>,
}

impl Form {
    pub(crate) fn new() -> Self {
        Self {
            draft: RwSignal::default(),
            text: RwSignal::default(),
            reading: RwSignal::default(),
            sources: StoredValue::default(),
            project: RwSignal::new(None),
            source_job: RwSignal::new(None),
            locked: RwSignal::default(),
            busy: RwSignal::new(0),
        }
    }

    /// The draft as it is written now; tracked.
    pub(crate) fn draft(&self) -> Draft {
        self.draft.get()
    }

    /// A part of the draft; tracked.
    pub(crate) fn with<T>(&self, part: impl FnOnce(&Draft) -> T) -> T {
        self.draft.with(part)
    }

    /// How many jobs it makes; tracked.
    pub(crate) fn jobs_count(&self) -> usize {
        self.with(Draft::jobs_count)
    }

    /// Whether nothing is written yet; tracked.
    pub(crate) fn is_blank(&self) -> bool {
        self.text.with(|text| text.trim().is_empty()) && self.draft.with(|draft| *draft == Draft::default())
    }

    /// Changes the draft, and the text with it.
    pub(crate) fn edit(&self, change: impl FnOnce(&mut Draft)) {
        self.draft.update(change);
        let text = self
            .draft
            .with_untracked(|draft| config::write(&self.text.read_untracked(), draft));
        self.reading.set(config::read(&text));
        self.text.set(text);
    }

    /// The text of `config.yaml`; tracked.
    pub(crate) fn text(&self) -> String {
        self.text.get()
    }

    /// Changes the text; the draft follows as soon as the text is understood.
    pub(crate) fn type_text(&self, text: String) {
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

    /// Takes over a configuration that came as a file; its inputs have no content yet, whatever the form held.
    pub(crate) fn import(&self, text: String) {
        self.draft.update(|draft| draft.inputs.clear());
        self.type_text(text);
    }

    /// The form as it is now.
    pub(crate) fn snapshot(&self) -> Snapshot {
        Snapshot {
            text: self.text.get_untracked(),
            draft: self.draft.get_untracked(),
            project: self.project.get_untracked(),
        }
    }

    /// Makes the form what it was.
    pub(crate) fn restore(&self, before: &Snapshot) {
        self.project.set(before.project);
        self.take_back(before.text.clone(), before.draft.clone());
    }

    /// Fills the form with what a job was made of.
    pub(crate) fn fill(&self, job: Job) {
        let (text, draft) = Draft::of_job(&job);
        self.text.set(text);
        self.edit(|old| *old = draft);
        self.set_source_job(Some(SourceJob::new(job)));
    }

    /// The job that this one is run again from; tracked.
    pub(crate) fn source_job(&self) -> Option<SourceJob> {
        self.source_job.get()
    }

    /// Which job this one is run again from.
    pub(crate) fn set_source_job(&self, job: Option<SourceJob>) {
        self.source_job.set(job);
    }

    /// The files and folders of the inputs, and the project's, by their numbers; tracked.
    pub(crate) fn used_sources(&self) -> Vec<(u64, Source)> {
        let ids: Vec<u64> = self.with(|draft| draft.inputs.iter().filter_map(|row| row.content.chosen()).collect());
        ids.into_iter()
            .chain(self.project.get())
            .filter_map(|id| Some((id, self.source(id)?)))
            .collect()
    }

    /// Takes in a source under the number that a draft knows it by.
    pub(crate) fn put_source(&self, id: u64, source: Source) {
        self.sources.update_value(|sources| {
            sources.insert(id, source);
        });
    }

    /// The files of a dropped project, with its number; tracked.
    pub(crate) fn project(&self) -> Option<(u64, Folder)> {
        let id = self.project.get()?;
        Some((id, self.source(id)?.as_folder()?))
    }

    /// Which of the sources holds the project's files.
    pub(crate) fn set_project(&self, id: Option<u64>) {
        self.project.set(id);
    }

    /// Takes in files of a project, beside those that are there; a newer one takes the place of an older one.
    pub(crate) async fn add_to_project(&self, files: Vec<Picked>, handle: Option<Handle>) {
        let mut all: BTreeMap<String, Picked> = BTreeMap::new();
        let known = self.project.get_untracked().and_then(|id| self.source(id)?.as_folder());
        let is_first = known.is_none();
        let known = known.map(|folder| folder.files().to_vec()).unwrap_or_default();
        for picked in known.into_iter().chain(files) {
            all.insert(picked.path.clone(), picked);
        }
        let folder = Folder::open("", all.into_values().collect()).await;
        // A handle leads to one folder alone.
        let source = Source::folder(folder).with_handle(handle.filter(|_| is_first));
        self.project.set(Some(self.keep(source)));
    }

    /// Makes the project's files inputs, and the project empty.
    pub(crate) fn project_to_inputs(&self) {
        let Some((_, folder)) = untrack(|| self.project()) else {
            return;
        };
        self.project.set(None);
        let files = folder.kept().into_iter().filter_map(|picked| picked.file);
        self.add_sources(files.map(Source::file).collect());
    }

    /// Takes back a draft as it was left, with its text.
    pub(crate) fn take_back(&self, text: String, draft: Draft) {
        self.reading.set(config::read(&text));
        self.text.set(text);
        self.draft.set(draft);
    }

    /// Does `work`, which brings something into the form; no job is submitted meanwhile.
    pub(crate) async fn while_busy<T>(&self, work: impl Future<Output = T>) -> T {
        self.busy.update(|busy| *busy += 1);
        let done = work.await;
        self.busy.update(|busy| *busy = busy.saturating_sub(1));
        done
    }

    /// Whether something is still being taken in; tracked.
    pub(crate) fn is_busy(&self) -> bool {
        self.busy.get() > 0
    }

    /// Remembers what leads to the input at `path`.
    pub(crate) fn wait_for(&self, path: &str, handle: Handle) {
        self.locked.update(|locked| {
            locked.insert(path.to_owned(), SendWrapper::new(handle));
        });
    }

    /// What leads to the input at `path`, once it is allowed; tracked.
    pub(crate) fn locked(&self, path: &str) -> Option<Handle> {
        self.locked
            .with(|locked| locked.get(path).map(|handle| (**handle).clone()))
    }

    /// What the text says that does not fit; tracked.
    pub(crate) fn notes(&self) -> Vec<Note> {
        self.reading.read().notes.clone()
    }

    /// Whether the draft is what the text says; tracked. While it is not, the form's fields wait.
    pub(crate) fn is_understood(&self) -> bool {
        self.reading.read().is_understood()
    }

    /// The line of a field in the text; tracked.
    pub(crate) fn line(&self, field: jobsphere_authoring::draft::Field) -> Option<usize> {
        self.reading.read().line(field)
    }

    /// The file of an input, when one was chosen.
    pub(crate) fn source_of(&self, row: &InputRow) -> Option<Source> {
        self.source(row.content.chosen()?)
    }

    /// The file or folder with this number.
    pub(crate) fn source(&self, id: u64) -> Option<Source> {
        self.sources.with_value(|sources| sources.get(&id).cloned())
    }

    /// Gives a source a number.
    pub(crate) fn keep(&self, source: Source) -> u64 {
        let id = self
            .sources
            .with_value(|sources| sources.keys().last().copied().unwrap_or_default())
            + 1;
        self.sources.update_value(|sources| {
            sources.insert(id, source);
        });
        id
    }

    /// Puts files and folders to the inputs that wait for them by name, the others into new inputs.
    pub(crate) fn add_sources(&self, sources: Vec<Source>) {
        let sources: Vec<_> = sources
            .into_iter()
            .map(|source| (source.name(), self.keep(source.clone()), source))
            .collect();
        self.edit(|draft| {
            for (name, id, source) in sources {
                let row = match draft.inputs.iter_mut().find(|row| row_waits(row, &name)) {
                    Some(row) => row,
                    None => {
                        let taken = draft.inputs.iter().map(|row| row.path.clone()).collect();
                        draft.inputs.push(InputRow {
                            path: crate::api::path::free_path(&name, &taken),
                            ..InputRow::default()
                        });
                        let last = draft.inputs.len() - 1;
                        &mut draft.inputs[last]
                    }
                };
                put(row, id, &source);
            }
        });
    }

    /// Adds inputs whose content the service holds; each is called as it is, unless another is called so.
    pub(crate) fn add_known(&self, rows: Vec<InputRow>) {
        self.edit(|draft| {
            for mut row in rows {
                let taken = draft.inputs.iter().map(|row| row.path.clone()).collect();
                row.path = crate::api::path::free_path(&row.path, &taken);
                draft.inputs.push(row);
            }
        });
    }

    /// Puts a file or folder to an input.
    pub(crate) fn choose(&self, row: usize, source: Source) {
        let id = self.keep(source);
        self.choose_known(row, id);
    }

    /// Puts a file or folder to an input that the form has already.
    pub(crate) fn choose_known(&self, row: usize, id: u64) {
        let Some(source) = self.source(id) else { return };
        self.edit(|draft| {
            if let Some(row) = draft.inputs.get_mut(row) {
                put(row, id, &source);
            }
        });
    }

    /// The size of a folder after its rules changed; what was computed of it no longer holds.
    pub(crate) fn resize(&self, id: u64) {
        let Some(source) = self.source(id) else { return };
        source.forget();
        self.edit(|draft| {
            for row in draft.inputs.iter_mut().filter(|row| row.content.chosen() == Some(id)) {
                put(row, id, &source);
            }
        });
    }

    /// Whether a file of this name is one that a Python program may need beside the inputs; tracked.
    pub(crate) fn is_of_program(&self, name: &str) -> bool {
        self.with(|draft| {
            let python = &draft.python;
            let is_named = |path: &String| base_name(path) == name;
            python.kind != PythonKind::None
                && (name.ends_with(".py")
                    || is_named(&python.requirements_file)
                    || python.local_paths.iter().chain(&python.root_paths).any(is_named))
        })
    }

    /// The file of the requirements that goes with the configuration, by name and content, if they are written in the
    /// form; the configuration names it from then on.
    pub(crate) fn name_requirements(&self) -> Option<(String, String)> {
        let python = self.draft.with_untracked(|draft| draft.python.clone());
        if python.kind != PythonKind::Manual || python.requirements.trim().is_empty() {
            return None;
        }
        if python.requirements_file.trim().is_empty() {
            self.edit(|draft| draft.python.requirements_file = REQUIREMENTS_FILE.to_owned());
        }
        let path = self
            .draft
            .with_untracked(|draft| draft.python.requirements_file.clone());
        Some((base_name(path.trim()).to_owned(), python.requirements))
    }

    /// Puts what a Python program brings along into the draft, if it is not there yet.
    pub(crate) fn bring(&self, change: impl FnOnce(&mut Python)) {
        let before = self.draft.with_untracked(|draft| draft.python.clone());
        let mut python = before.clone();
        change(&mut python);
        if python != before {
            self.edit(|draft| draft.python = python);
        }
    }

    /// The draft with the digests and sizes that are known.
    pub(crate) fn hashed(&self) -> Draft {
        let mut draft = self.draft.get_untracked();
        let brought = &mut draft.python.brought;
        let brought = brought.scripts.iter_mut().chain(&mut brought.modules);
        for row in draft.inputs.iter_mut().chain(brought) {
            let Some(number) = row.content.chosen() else { continue };
            if let Some(hashed) = self.source(number).and_then(|source| source.hashed(&row.path)) {
                row.content = InputContent::Chosen {
                    number,
                    size_bytes: hashed.size_bytes,
                    sha256: Some(hashed.sha256.to_string()),
                };
            }
        }
        draft
    }

    /// Chosen contents of a moderate size whose digests are not known yet, with their paths; tracked.
    pub(crate) fn unread(&self) -> Vec<(String, Source)> {
        let draft = self.draft();
        let brought = draft.python.brought.scripts.iter().chain(&draft.python.brought.modules);
        let chosen = draft.inputs.iter().chain(brought).filter_map(|row| {
            let source = self.source_of(row)?;
            let is_unread = source.hashed(&row.path).is_none() && source.size_bytes() <= MOST_COMPARED_BYTES;
            is_unread.then(|| (row.path.clone(), source))
        });
        chosen.collect()
    }

    /// A text of a row; tracked.
    pub(crate) fn cell(&self, list: List, row: usize, column: Column) -> String {
        self.with(|draft| draft.cell(list, row, column).unwrap_or_default().to_owned())
    }
}

/// Whether an input still has no content, and is called so.
fn row_waits(row: &InputRow, name: &str) -> bool {
    row.content.is_missing() && composed(base_name(&row.path)) == name
}

/// Has an input hold the source with this number.
pub(crate) fn put(row: &mut InputRow, number: u64, source: &Source) {
    row.content = InputContent::Chosen {
        number,
        size_bytes: untrack(|| source.size_bytes()) as i64,
        sha256: None,
    };
    row.is_folder = source.as_folder().is_some();
}

/// A path without `./` and a `/` at its end.
pub(crate) fn normal(path: &str) -> String {
    let path = path.trim().trim_end_matches('/');
    path.strip_prefix("./").unwrap_or(path).to_owned()
}
