//! What becomes of what was dropped or chosen: a job's configuration fills the form, files and folders serve what the
//! draft misses, and the rest becomes inputs.

use std::rc::Rc;

use leptos::prelude::*;

use super::{
    configs::{self, ConfigFile, Configs},
    contents::{absorb, root},
    serving::{AtHand, replace_known, serve_inputs, serve_program},
    sorted::{Sorted, top},
    source::{Folder, Source, What},
};
use crate::{
    app::new_job::state::form::{Form, normal},
    browser::{
        entries::{Picked, composed},
        handle::Handle,
    },
};
use jobsphere_authoring::{draft::Draft, folder::Index, project::named_files};
use jobsphere_rules::limits;

/// The folder for more files than there can be inputs.
const GATHERED: &str = "files";

/// What was done with something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Taken {
    /// Nothing: what does not fit into the draft now would be lost with the text that is not understood.
    Nothing,
    /// This configuration is the form now.
    Config { file: String },
    /// The person is asked which of so many configurations it is to be.
    Choice { count: usize },
    /// So many things serve inputs that waited for them.
    Served { count: usize },
    /// These inputs of the job that runs again have what was dropped instead of what they had.
    Replaced { paths: Vec<String> },
    /// So many files are at hand for the Python program.
    Program { count: usize },
    /// So many files lie in the working directory now, with the folder that was there.
    Absorbed { count: usize },
    /// So many files are inputs, each or in folders.
    Inputs { count: usize },
}

/// Takes in what is dropped.
#[derive(Clone, Copy)]
pub(crate) struct Taking {
    form: Form,
    /// The configurations that were dropped last.
    pub(crate) configs: RwSignal<Option<Rc<Configs>>, LocalStorage>,
    /// Which of them the form was filled with.
    pub(crate) chosen: RwSignal<Option<usize>>,
    /// How many files were put into one folder.
    pub(crate) gathered: RwSignal<Option<usize>>,
}

impl Taking {
    pub(crate) fn new(form: Form) -> Self {
        Self {
            form,
            configs: RwSignal::new_local(None),
            chosen: RwSignal::new(None),
            gathered: RwSignal::new(None),
        }
    }

    /// Takes in what was dropped, with what leads to its outermost files and folders again.
    pub(crate) async fn take(self, all: Vec<Picked>, handles: Vec<Handle>) -> Vec<Taken> {
        let found = configs::among(&all).await;
        if found.is_empty() {
            return self.add(all, &handles).await;
        }
        let chosen = match &found[..] {
            [_] => Some(0),
            _ => found.iter().position(ConfigFile::is_usual),
        };
        let count = found.len();
        self.chosen.set(None);
        self.configs.set(Some(Rc::new(Configs {
            found,
            all,
            handles,
            before: self.form.snapshot(),
        })));
        match chosen {
            Some(place) => self.choose(place).await,
            None => vec![Taken::Choice { count }],
        }
    }

    /// Takes one of the configurations.
    pub(crate) async fn choose(self, place: usize) -> Vec<Taken> {
        let Some(configs) = self.configs.get_untracked() else {
            return Vec::new();
        };
        let Some(config) = configs.found.get(place) else {
            return Vec::new();
        };
        self.form.restore(&configs.before);
        self.chosen.set(Some(place));
        let mut taken = vec![Taken::Config {
            file: config.path.clone(),
        }];
        taken.extend(self.import(&configs, config).await);
        taken
    }

    /// Makes the form what it was before the configurations were dropped.
    pub(crate) fn undo(self) {
        if let Some(configs) = self.configs.get_untracked() {
            self.form.restore(&configs.before);
        }
        self.configs.set(None);
        self.chosen.set(None);
    }

    /// Takes the files as they are: none of the configurations is the job's.
    pub(crate) async fn take_as_files(self) -> Vec<Taken> {
        let Some(configs) = self.configs.get_untracked() else {
            return Vec::new();
        };
        self.undo();
        self.add(configs.all.clone(), &configs.handles).await
    }

    async fn import(self, configs: &Configs, config: &ConfigFile) -> Vec<Taken> {
        let form = self.form;
        let held = untrack(|| held(form));
        form.import(config.text.clone());
        let is_other = |picked: &&Picked| picked.path != config.path;
        let dropped: Vec<Picked> = configs.all.iter().filter(is_other).cloned().collect();
        let mut at_hand = dropped.clone();
        for (path, _, source) in &held {
            at_hand.extend(files_of(path, source));
        }
        let (root, folder) = (config.root(), config.folder());
        let base = untrack(|| form.with(|draft| base(draft, &at_hand, root, folder)));
        let known: Vec<(String, u64)> = held.iter().map(|(path, id, _)| (path.clone(), *id)).collect();
        let used = serve_inputs(
            form,
            &AtHand {
                files: &at_hand,
                known: &known,
                handles: &configs.handles,
                preferred: &[base, root, folder],
            },
        )
        .await;
        let project = if root.is_empty() {
            None
        } else {
            Folder::below(&dropped, base)
        };
        if let Some(project) = project {
            let handle = configs.handles.iter().find(|handle| handle.name() == base);
            form.add_to_project(project, handle.cloned()).await;
        }
        self.keep_unused(&held).await;
        let is_rest = |picked: &Picked| {
            let top = top(&picked.path);
            top != root && !used.contains(top)
        };
        let rest: Vec<Picked> = dropped.into_iter().filter(is_rest).collect();
        if rest.is_empty() {
            return Vec::new();
        }
        self.add(rest, &configs.handles).await
    }

    /// Files of inputs that the configuration does not name stay at hand.
    async fn keep_unused(self, held: &[(String, u64, Source)]) {
        let used: Vec<u64> = untrack(|| {
            let form = self.form;
            form.used_sources().into_iter().map(|(id, _)| id).collect()
        });
        let unused = held.iter().filter(|(_, id, _)| !used.contains(id));
        let files: Vec<Picked> = unused.flat_map(|(path, _, source)| files_of(path, source)).collect();
        if !files.is_empty() {
            self.form.add_to_project(files, None).await;
        }
    }

    /// Takes files and folders that hold no configuration.
    async fn add(self, all: Vec<Picked>, handles: &[Handle]) -> Vec<Taken> {
        let form = self.form;
        if untrack(|| !form.is_understood()) {
            return vec![Taken::Nothing];
        }
        let mut taken = Vec::new();
        let at_hand = AtHand {
            files: &all,
            known: &[],
            handles,
            preferred: &[],
        };
        let used = serve_inputs(form, &at_hand).await;
        if !used.is_empty() {
            taken.push(Taken::Served { count: used.len() });
        }
        let mut all = all;
        all.retain(|picked| !used.contains(top(&picked.path)));
        let left = AtHand {
            files: &all,
            known: &[],
            handles,
            preferred: &[],
        };
        let replaced = replace_known(form, &left).await;
        all.retain(|picked| !replaced.iter().any(|(_, name)| name == top(&picked.path)));
        if !replaced.is_empty() {
            let paths = replaced.into_iter().map(|(path, _)| path).collect();
            taken.push(Taken::Replaced { paths });
        }
        let used = serve_program(form, &all).await;
        let (of_program, rest): (Vec<_>, Vec<_>) = all.into_iter().partition(|picked| {
            let is_loose = !picked.path.contains('/') && picked.file.is_some();
            used.contains(top(&picked.path)) || is_loose && untrack(|| form.is_of_program(&picked.path))
        });
        if !of_program.is_empty() {
            taken.push(Taken::Program {
                count: of_program.iter().filter(|picked| picked.file.is_some()).count(),
            });
            let is_loose = |picked: &Picked| !picked.path.contains('/');
            let loose = of_program.into_iter().filter(is_loose);
            let loose: Vec<Picked> = loose.filter(|picked| !used.contains(&picked.path)).collect();
            if !loose.is_empty() {
                form.add_to_project(loose, None).await;
            }
        }
        taken.extend(self.add_inputs(rest, handles).await);
        taken
    }

    async fn add_inputs(self, all: Vec<Picked>, handles: &[Handle]) -> Option<Taken> {
        let form = self.form;
        let count = all.iter().filter(|picked| picked.file.is_some()).count();
        if all.is_empty() {
            return None;
        }
        if let Some((row, folder)) = untrack(|| root(form)) {
            absorb(form, row, &folder, all).await;
            return Some(Taken::Absorbed { count });
        }
        let handle = |name: &str| handles.iter().find(|handle| handle.name() == name).cloned();
        let sorted = Sorted::sort(all);
        let mut sources = Vec::new();
        let inputs = untrack(|| form.with(|draft| draft.inputs.len()));
        if inputs + sorted.files.len() > limits::MAX_ENTRIES && sorted.files.len() > 1 {
            self.gathered.set(Some(sorted.files.len()));
            sources.push(Source::folder(Folder::open(GATHERED, sorted.files).await));
        } else {
            for picked in sorted.files {
                let handle = handle(&picked.path);
                sources.extend(picked.file.map(|file| Source::file(file).with_handle(handle)));
            }
        }
        for (name, files) in sorted.folders {
            let folder = Folder::open(&name, files).await;
            sources.push(Source::folder(folder).with_handle(handle(&name)));
        }
        form.add_sources(sources);
        Some(Taken::Inputs { count })
    }
}

/// The chosen files and folders of the inputs, with their paths and numbers.
fn held(form: Form) -> Vec<(String, u64, Source)> {
    let rows = form.with(|draft| draft.inputs.clone());
    let held = rows.into_iter().filter_map(|row| {
        let id = row.content.chosen()?;
        Some((composed(&normal(&row.path)), id, form.source(id)?))
    });
    held.collect()
}

/// The files of an input at `path`.
fn files_of(path: &str, source: &Source) -> Vec<Picked> {
    match &source.what {
        What::File(file) => vec![Picked {
            path: path.to_owned(),
            file: Some((**file).clone()),
        }],
        What::Folder(folder) => {
            let inside = |picked: &Picked| Picked {
                path: super::contents::path_in(path, &picked.path),
                file: picked.file.clone(),
            };
            folder.files().iter().map(inside).collect()
        }
    }
}

/// The folder from which the configuration's paths are meant: the dropped one, unless more of them lie below the
/// configuration's own.
fn base<'a>(draft: &Draft, at_hand: &[Picked], root: &'a str, folder: &'a str) -> &'a str {
    let index = Index::of(at_hand.iter().map(|picked| &*picked.path));
    let python = &draft.python;
    let listed = draft.inputs.iter().map(|row| &row.path);
    let listed = listed.chain(&python.local_paths).chain(&python.root_paths);
    let listed = listed.chain([&python.requirements_file]).map(|path| normal(path));
    let named: Vec<String> = listed.chain(named_files(&draft.cmd)).collect();
    let count = |base: &str| {
        let is_there = |path: &&String| index.holds(&format!("{base}/{}", composed(path)));
        named.iter().filter(is_there).count()
    };
    if count(folder) > count(root) { folder } else { root }
}
