//! The Python program among the dropped files: it is read whenever command, files or options change, and what it needs
//! goes into the draft: local modules, scripts, requirements.

use std::{collections::BTreeMap, rc::Rc};

use futures::lock::Mutex;
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use send_wrapper::SendWrapper;
use web_sys::File;

use super::files::{Files, Stamp, is_in_root, is_input};
use crate::{
    app::{
        new_job::state::{
            form::{Form, normal, put},
            inputs::{
                contents::is_root,
                source::{Folder, Source},
            },
        },
        task::run_while_mounted,
    },
    browser::{entries::Picked, files, reader},
};
use jobsphere_authoring::{
    config::is_requirement,
    draft::{Draft, InputContent, InputRow, Python, PythonKind},
    folder::base_name,
    python::{self, Misread, Needs},
};
use jobsphere_rules::command::{self, Value};

/// Between the last change and the reading.
const READ_AFTER_MS: u32 = 300;
/// A larger file is no program.
const MAX_TEXT_BYTES: f64 = 1024.0 * 1024.0;
/// The `y` of the Python 3.y that decides what the standard library holds, where none is asked for.
const USUAL_MINOR: u8 = 12;

/// What the reading depends on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Asked {
    kind: PythonKind,
    cmd: String,
    minor: u8,
    root_paths: Vec<String>,
    local_paths: Vec<String>,
    requirements_file: String,
    unwanted: Vec<String>,
    added: Vec<String>,
    wanted: Vec<String>,
    /// `PYTHONPATH` among the job's variables.
    python_path: String,
    /// Paths and numbers.
    inputs: Vec<(String, Option<u64>)>,
    project: Option<u64>,
}

impl Asked {
    fn of(draft: &Draft, project: Option<u64>) -> Self {
        let python = &draft.python;
        if python.kind == PythonKind::None {
            return Self::default();
        }
        let is_manual = python.kind == PythonKind::Manual;
        let only_manual = |text: &str| {
            if is_manual {
                text.trim().to_owned()
            } else {
                String::new()
            }
        };
        let values: BTreeMap<String, Value> = draft
            .inputs
            .iter()
            .filter(|row| !row.var.trim().is_empty())
            .map(|row| (row.var.trim().to_owned(), Value::Path(normal(&row.path))))
            .collect();
        Self {
            kind: python.kind,
            // What cannot be put in is said beside the command.
            cmd: command::substitute(&draft.cmd, &values).unwrap_or_else(|_| draft.cmd.clone()),
            minor: minor(&python.version),
            root_paths: written(&python.root_paths),
            local_paths: if is_manual {
                written(&python.local_paths)
            } else {
                Vec::new()
            },
            requirements_file: only_manual(&python.requirements_file),
            unwanted: python.brought.unwanted.clone(),
            added: python.brought.added.clone(),
            wanted: python.brought.wanted.clone(),
            python_path: draft
                .env
                .iter()
                .find(|row| row.name.trim() == "PYTHONPATH")
                .map(|row| row.value.clone())
                .unwrap_or_default(),
            inputs: draft
                .inputs
                .iter()
                .map(|row| (normal(&row.path), row.content.chosen()))
                .collect(),
            project,
        }
    }

    /// Whether everything is named, so that nothing is left to be found.
    fn is_whole(&self) -> bool {
        self.kind == PythonKind::Manual && !self.requirements_file.is_empty() && !self.local_paths.is_empty()
    }
}

/// How far the reading is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum State {
    /// There is nothing to read.
    Idle,
    /// It goes on.
    Reading,
    /// What was found.
    Read(Needs),
    /// It could not be done, with the reason.
    Failed(String),
}

/// How a part of the program travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// As an input, unless an input brings it already.
    Script,
    /// As an archive that is unpacked where the command can import it.
    Module,
}

/// Reads the program.
#[derive(Clone, Copy)]
pub(crate) struct Program {
    form: Form,
    pub(crate) state: RwSignal<State>,
    asked: Memo<Asked>,
    /// What the last reading was of.
    read: StoredValue<Asked>,
    /// One reading at a time.
    turn: StoredValue<SendWrapper<Rc<Mutex<()>>>>,
    /// Texts by path, with the file's number of bytes and its time.
    texts: StoredValue<BTreeMap<String, (f64, f64, String)>>,
    /// The sources made of modules and scripts, by path, with what they were made of.
    made: StoredValue<BTreeMap<String, (Vec<Stamp>, u64)>>,
}

impl Program {
    /// Follows the form.
    pub(crate) fn new(form: Form) -> Self {
        let project = move || form.project().map(|(id, _)| id);
        let program = Self {
            form,
            state: RwSignal::new(State::Idle),
            asked: Memo::new(move |_| form.with(|draft| Asked::of(draft, project()))),
            read: StoredValue::default(),
            turn: StoredValue::new(SendWrapper::new(Rc::default())),
            texts: StoredValue::default(),
            made: StoredValue::default(),
        };
        Effect::new(move || {
            program.asked.track();
            // The next change ends this reading.
            run_while_mounted(async move {
                TimeoutFuture::new(READ_AFTER_MS).await;
                program.settle().await;
            });
        });
        program
    }

    /// Reads what has not been read yet; afterwards the draft has what the program needs. It must not go on when the
    /// form is gone.
    pub(crate) async fn settle(self) {
        let turn = self.turn.with_value(|turn| Rc::clone(turn));
        let _turn = turn.lock().await;
        loop {
            let asked = self.asked.get_untracked();
            if self.read.get_value() == asked {
                return;
            }
            if asked.kind == PythonKind::None {
                self.state.set(State::Idle);
            } else {
                self.state.set(State::Reading);
                let files = Files::gather(self.form);
                match self.find(&asked, &files).await {
                    Ok(needs) => {
                        self.bring(&asked, &files, &needs).await;
                        self.state.set(State::Read(needs));
                    }
                    Err(reason) => {
                        // Not taken for read: the next Run tries again.
                        self.state.set(State::Failed(reason));
                        return;
                    }
                }
            }
            self.read.set_value(asked);
        }
    }

    /// Why the program could not be read.
    pub(crate) fn failure(self) -> Option<String> {
        match self.state.get_untracked() {
            State::Failed(reason) => Some(reason),
            _ => None,
        }
    }

    async fn find(self, asked: &Asked, files: &Files) -> Result<Needs, String> {
        let mut sources = Vec::new();
        let mut others = Vec::new();
        for (path, file) in &files.at_hand {
            let is_read = path.ends_with(".py")
                || path.ends_with(".ipynb")
                || asked.cmd.contains(base_name(path))
                || python::is_declaration(path)
                || *path == normal(&asked.requirements_file);
            if is_read
                && file.size() <= MAX_TEXT_BYTES
                && let Some(text) = self.text(path, file).await
            {
                sources.push(python::Source {
                    path: path.clone(),
                    text,
                });
            } else {
                others.push(path.clone());
            }
        }
        let inputs = asked.inputs.iter().map(|(path, _)| path.as_str());
        let inputs = inputs.filter(|path| !path.is_empty());
        let inputs = inputs.map(|path| if is_root(path) { "" } else { path });
        let program = python::Program {
            cmd: asked.cmd.clone(),
            inputs: inputs.map(str::to_owned).collect(),
            python_path: asked.python_path.clone(),
            root_paths: asked.root_paths.clone(),
            added: asked.added.clone(),
            minor: asked.minor,
            requirements_file: normal(&asked.requirements_file),
            files: sources,
            others,
            left_out: files.left_out.clone(),
        };
        let needs = reader::needs(program).await.map_err(|error| error.to_string())?;
        if asked.is_whole() {
            return Ok(Needs {
                declared: needs.declared,
                ..Needs::default()
            });
        }
        Ok(needs)
    }

    /// The text of a file, which is read once.
    async fn text(self, path: &str, file: &File) -> Option<String> {
        let stamp = (file.size(), file.last_modified());
        let known = self.texts.with_value(|texts| {
            let (size, modified, text) = texts.get(path)?;
            ((*size, *modified) == stamp).then(|| text.clone())
        });
        if known.is_some() {
            return known;
        }
        let text = files::text(file).await.ok()?;
        self.texts.update_value(|texts| {
            texts.insert(path.to_owned(), (stamp.0, stamp.1, text.clone()));
        });
        Some(text)
    }

    /// Puts what was found into the draft.
    async fn bring(self, asked: &Asked, files: &Files, needs: &Needs) {
        let scripts = self.rows(files, script_paths(asked, needs), Kind::Script).await;
        let modules = if asked.local_paths.is_empty() && needs.keeps_places {
            // They are found at their paths alone, and are among the scripts.
            Vec::new()
        } else if asked.local_paths.is_empty() {
            let found = needs.local_modules.iter().map(|module| module.path.clone());
            let is_there = untrack(|| self.form.with(is_in_root));
            found
                .filter(|path| !is_there && !asked.unwanted.contains(path))
                .collect()
        } else {
            asked.local_paths.iter().map(|path| normal(path)).collect()
        };
        let modules = self.rows(files, modules, Kind::Module).await;
        let requirements = self.requirements(asked, files, needs).await;
        self.form.bring(|python: &mut Python| {
            let brought = &mut python.brought;
            brought.has_no_main = needs.problems.contains(&Misread::NoMain);
            // A job that runs again may have them without their files being here.
            if !is_known(&brought.scripts) || scripts.iter().any(|row| row.content.chosen().is_some()) {
                brought.scripts = scripts;
            }
            if !is_known(&brought.modules) || modules.iter().any(|row| row.content.chosen().is_some()) {
                brought.modules = modules;
            }
            let declared = needs
                .declared
                .as_ref()
                .filter(|declared| !declared.index_url.is_empty());
            if let (Some(declared), true) = (declared, python.index_url.trim().is_empty()) {
                python.index_url.clone_from(&declared.index_url);
            }
            match requirements {
                Some(Filling::Declared(text)) => python.fill_requirements(text),
                Some(Filling::Imported(lines)) => python.fill_from_imports(&lines),
                None => {}
            }
        });
    }

    async fn rows(self, files: &Files, paths: Vec<String>, kind: Kind) -> Vec<InputRow> {
        let mut rows = Vec::new();
        for path in paths {
            if kind == Kind::Script && untrack(|| self.form.with(|draft| is_input(draft, &path))) {
                continue;
            }
            let mut row = InputRow {
                path: path.clone(),
                ..InputRow::default()
            };
            if let Some((id, source)) = self.source(files, &path, kind).await {
                put(&mut row, id, &source);
            }
            rows.push(row);
        }
        rows
    }

    /// The file as it is for a script, an archive of file or folder for a module; the same as before while its files are.
    async fn source(self, files: &Files, path: &str, kind: Kind) -> Option<(u64, Source)> {
        let is_script = kind == Kind::Script;
        let inside = files.at(path);
        let stamps: Vec<Stamp> = inside.iter().filter_map(Stamp::of).collect();
        if stamps.is_empty() {
            return None;
        }
        let name = format!("{path}{}", if is_script { "" } else { "/" });
        let known = self.made.with_value(|made| made.get(&name).cloned());
        if let Some((_, id)) = known.filter(|(known, _)| *known == stamps) {
            return Some((id, self.form.source(id)?));
        }
        let source = match &inside[..] {
            [
                Picked {
                    path: inner,
                    file: Some(file),
                },
            ] if inner.is_empty() && is_script => Source::file(file.clone()),
            // A wheel is an archive of its modules already.
            [
                Picked {
                    path: inner,
                    file: Some(file),
                },
            ] if inner.is_empty() && path.ends_with(".whl") => Source::file(file.clone()),
            [Picked { path: inner, file }] if inner.is_empty() => {
                let alone = Picked {
                    path: base_name(path).to_owned(),
                    file: file.clone(),
                };
                Source::folder(Folder::open("", vec![alone]).await)
            }
            _ => Source::folder(Folder::open(base_name(path), inside).await),
        };
        let id = self.form.keep(source.clone());
        self.made.update_value(|made| {
            made.insert(name, (stamps, id));
        });
        Some((id, source))
    }

    /// What the requirements are to be filled with; `None` when that is not known.
    async fn requirements(self, asked: &Asked, files: &Files, needs: &Needs) -> Option<Filling> {
        let with_wanted = |lines: &[String]| {
            let known = python::subjects(&lines.join("\n"));
            let is_new = |line: &&String| python::subjects(line).iter().all(|name| !known.contains(name));
            let wanted = asked.wanted.iter().filter(is_new);
            lines.iter().chain(wanted).cloned().collect::<Vec<_>>()
        };
        if !asked.requirements_file.is_empty() {
            let path = normal(&asked.requirements_file);
            let file = files.at_hand.get(&path)?;
            let text = self.text(&path, file).await?;
            let declared = needs.declared.as_ref().filter(|_| !text.lines().all(is_requirement));
            let text = declared.map_or(text, |declared| declared.lines.join("\n"));
            return Some(Filling::Declared(text));
        }
        if let Some(declared) = &needs.declared {
            return Some(Filling::Declared(with_wanted(&declared.lines).join("\n")));
        }
        is_anything(needs).then(|| Filling::Imported(with_wanted(&sure_lines(needs))))
    }
}

/// What the requirements are filled with.
enum Filling {
    /// By a file, which counts as it is.
    Declared(String),
    /// By imports, which know no versions.
    Imported(Vec<String>),
}

/// Whether any file of the program was there to be read.
fn is_anything(needs: &Needs) -> bool {
    needs.main.is_some() || !needs.local_modules.is_empty() || !needs.requirements.is_empty()
}

/// The packages that the program cannot do without and that are no stranger's, a line each.
pub(crate) fn sure_lines(needs: &Needs) -> Vec<String> {
    let sure = needs.requirements.iter().filter(|need| need.is_sure());
    sure.map(|need| need.package.clone()).collect()
}

/// The scripts that become inputs: the main module, whether or not it is here, and the root modules.
fn script_paths(asked: &Asked, needs: &Needs) -> Vec<String> {
    if asked.is_whole() {
        return Vec::new();
    }
    let missing = needs.problems.iter().find_map(|problem| match problem {
        Misread::MissingMain { path } => Some(path.clone()),
        _ => None,
    });
    let is_module = |path: &String| {
        let inside = |module: &str| path == module || path.starts_with(&format!("{module}/"));
        !needs.keeps_places && needs.local_modules.iter().any(|module| inside(&module.path))
    };
    let main = needs.main.clone().filter(|main| !is_module(main)).or(missing);
    let roots = asked.root_paths.iter().map(|path| normal(path));
    let kept = needs.local_modules.iter().map(|module| module.path.clone());
    let kept = kept.filter(|path| needs.keeps_places && !asked.unwanted.contains(path));
    let all = main
        .into_iter()
        .chain(needs.scripts.iter().cloned())
        .chain(roots)
        .chain(kept);
    let mut paths: Vec<String> = Vec::new();
    for path in all {
        let is_inside = |outer: &String| path == *outer || path.starts_with(&format!("{outer}/"));
        if !paths.iter().any(is_inside) {
            // No input lies inside another.
            paths.retain(|inner| !inner.starts_with(&format!("{path}/")));
            paths.push(path);
        }
    }
    paths
}

fn is_known(rows: &[InputRow]) -> bool {
    rows.iter().any(|row| matches!(row.content, InputContent::Held { .. }))
}

fn written(texts: &[String]) -> Vec<String> {
    let written = texts.iter().map(|text| text.trim()).filter(|text| !text.is_empty());
    written.map(str::to_owned).collect()
}

fn minor(version: &str) -> u8 {
    let minor = version.trim().split('.').nth(1);
    minor.and_then(|minor| minor.parse().ok()).unwrap_or(USUAL_MINOR)
}
