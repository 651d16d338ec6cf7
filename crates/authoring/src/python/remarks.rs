//! From what is seen in the files to what is said of it.

use std::collections::{BTreeSet, HashSet};

use super::{
    Addition, Place, Unseen, UnseenKind, Way,
    command::commands,
    files::{folder_of, is_within, join, tidy},
    follow::Follower,
    launch::is_interpreter,
    lookup::Module,
    notebook::MagicKind,
    parse::shown,
    sights::Sight,
    value::Value,
};

/// More are not said, and more files of one are not offered.
const MOST: usize = 100;
const MOST_FILES: usize = 5;

/// Gathers what is to be said.
pub(super) struct Remarks<'a> {
    of: &'a Follower<'a>,
    /// What is sent in any case, and the folders around it.
    sent: HashSet<&'a str>,
    around: HashSet<&'a str>,
    found: BTreeSet<Unseen>,
}

impl<'a> Remarks<'a> {
    /// What the imports of the files do not show, in the order of the places.
    pub(super) fn of(of: &'a Follower<'a>) -> Vec<Unseen> {
        let start = of.start;
        let scripts = start.main.iter().chain(&start.others).chain(&start.scripts);
        let sent: HashSet<&str> = scripts.chain(of.local_modules.keys()).map(String::as_str).collect();
        let around = sent.iter().flat_map(|path| folders_of(path)).collect();
        let found = BTreeSet::new();
        let mut remarks = Self {
            of,
            sent,
            around,
            found,
        };
        for (module, read) in of.sights() {
            for (sight, at, written) in &read.sights {
                remarks.see(module, sight, at, written);
            }
            for (magic, at) in &read.magics {
                remarks.magic(&magic.kind, at, &magic.written);
            }
        }
        for (path, at) in &of.opaque {
            if let Some(at) = at {
                remarks.say(UnseenKind::Opaque, at, path, Vec::new());
            }
        }
        remarks.found.into_iter().collect()
    }

    fn see(&mut self, module: &Module, sight: &Sight, at: &Place, written: &str) {
        match sight {
            Sight::SearchPath { folder: None, .. } => self.say(UnseenKind::SearchPath, at, written, Vec::new()),
            Sight::SearchPath { .. } => {}
            Sight::ComputedImport(beginning) => {
                let additions = match beginning.is_empty() {
                    true => self.modules_beside(module),
                    false => Vec::new(),
                };
                self.say(UnseenKind::ComputedImport, at, written, additions);
            }
            Sight::Started(words) => self.started(module, words, at, written),
            Sight::Shell { line, is_whole } => self.shell(module, line, *is_whole, at, written),
            Sight::Executed(path) => {
                let path = path.as_deref();
                let mut inputs = self.of.program.inputs.iter();
                let is_sent = |path| self.is_sent(path) || inputs.any(|input| is_within(path, input));
                if !path.is_some_and(is_sent) {
                    let additions = path.and_then(|path| self.addition(module, path)).into_iter().collect();
                    self.say(UnseenKind::ExecutedFile, at, written, additions);
                }
            }
            Sight::Path(path) => {
                if let Some(addition) = self.addition(module, path) {
                    self.say(UnseenKind::NamedFile, at, written, vec![addition]);
                }
            }
            Sight::Resource(package, path) => {
                let package = package.replace('.', "/");
                let places = self.of.lookup.folders();
                let found = places
                    .filter_map(|place| tidy(&join(&join(place, &package), path)))
                    .find(|path| self.of.files.has_any(path));
                if let Some(addition) = found.and_then(|path| self.addition(module, &path)) {
                    self.say(UnseenKind::NamedFile, at, written, vec![addition]);
                }
            }
        }
    }

    fn magic(&mut self, kind: &MagicKind, at: &Place, written: &str) {
        let folder = folder_of(&at.path).to_owned();
        let module = Module::script(at.path.clone());
        match kind {
            MagicKind::Run(file) => {
                let path = tidy(&join(&folder, file));
                let additions = path
                    .and_then(|path| self.addition(&module, &path))
                    .into_iter()
                    .collect();
                self.say(UnseenKind::ExecutedFile, at, written, additions);
            }
            MagicKind::Install(packages) => {
                self.found.insert(Unseen {
                    at: at.clone(),
                    kind: UnseenKind::Installation,
                    written: shown(written),
                    additions: Vec::new(),
                    packages: packages.clone(),
                });
            }
            MagicKind::Shell => {
                self.shell(&module, written.trim_start_matches(['!', '%']), true, at, written);
            }
        }
    }

    fn shell(&mut self, module: &Module, line: &str, is_whole: bool, at: &Place, written: &str) {
        let known = |words: Vec<String>| words.into_iter().map(|word| Some(Value::Text(word))).collect();
        let mut all: Vec<Vec<Option<Value>>> = commands(line).into_iter().map(known).collect();
        if !is_whole {
            // What follows is not known.
            match all.last_mut() {
                Some(words) => words.push(None),
                None => all.push(Vec::new()),
            }
        }
        for words in all {
            self.started(module, &words, at, written);
        }
    }

    /// Programs of the machine are no concern of the job's files.
    fn started(&mut self, module: &Module, words: &[Option<Value>], at: &Place, written: &str) {
        let mut additions = Vec::new();
        let mut is_own = false;
        for value in words.iter().flatten() {
            let path = match value {
                Value::Text(text) => tidy(&join(&self.of.start.folder, text)),
                Value::Inside(path) => Some(path.clone()),
                Value::Resource(..) => None,
            };
            let Some(path) = path.filter(|path| !path.is_empty()) else {
                continue;
            };
            is_own |= self.of.files.has(&path);
            additions.extend(
                self.addition(module, &path)
                    .map(|addition| as_program(addition, module)),
            );
        }
        let is_python = matches!(words.first(), Some(Some(Value::Text(word))) if is_interpreter(word));
        let is_unknown = words.first().is_none_or(Option::is_none) || is_python && words.iter().any(Option::is_none);
        if !additions.is_empty() || is_unknown && !is_own {
            self.say(UnseenKind::StartedProgram, at, written, additions);
        }
    }

    /// Modules that a program could import by a name that it makes.
    fn modules_beside(&self, module: &Module) -> Vec<Addition> {
        let folder = folder_of(&module.file);
        let names = self.of.files.modules_in(folder);
        let paths = names.into_iter().map(|name| {
            let file = join(folder, &format!("{name}.py"));
            if self.of.files.has(&file) {
                file
            } else {
                join(folder, &name)
            }
        });
        let additions = paths.filter_map(|path| self.addition(module, &path));
        let modules = additions.map(|addition| Addition {
            way: Way::Module,
            ..addition
        });
        modules.take(MOST_FILES).collect()
    }

    /// How a file is sent for `module`, if it is at hand and not sent yet.
    fn addition(&self, module: &Module, path: &str) -> Option<Addition> {
        if path.is_empty() || !self.of.files.has_any(path) || self.around.contains(path) || self.is_sent(path) {
            return None;
        }
        let input = Addition {
            path: path.to_owned(),
            way: Way::Input,
        };
        let is_in_place = module.name.is_empty() || module.place.is_empty() || self.of.start.is_path_anew;
        // Where the working directory itself is an input, modules stay in place too.
        let mut inputs = self.of.program.inputs.iter();
        if inputs.any(|input| input.is_empty() || is_in_place && is_within(path, input)) {
            return None;
        }
        match is_in_place {
            true => Some(input),
            // Modules lie in the working directory under their own names, and what is beside them must do so too.
            false => match path.strip_prefix(&format!("{}/", module.place)) {
                Some(inside) => Some(Addition {
                    path: join(&module.place, inside.split('/').next().unwrap_or_default()),
                    way: Way::Module,
                }),
                None => Some(input),
            },
        }
    }

    fn is_sent(&self, path: &str) -> bool {
        self.sent.contains(path) || folders_of(path).any(|folder| self.sent.contains(folder))
    }

    fn say(&mut self, kind: UnseenKind, at: &Place, written: &str, mut additions: Vec<Addition>) {
        additions.sort();
        additions.dedup();
        additions.truncate(MOST_FILES);
        if self.found.len() >= MOST {
            return;
        }
        self.found.insert(Unseen {
            at: at.clone(),
            kind,
            written: shown(written),
            additions,
            packages: Vec::new(),
        });
    }
}

/// The folders around a path, the innermost first.
fn folders_of(path: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(folder_of(path)), |folder| Some(folder_of(folder)))
        .take_while(|folder| !folder.is_empty())
}

/// A script that is started has imports of its own.
fn as_program(addition: Addition, module: &Module) -> Addition {
    let is_script = addition.way == Way::Input && addition.path.ends_with(".py") && module.file != addition.path;
    match is_script {
        true => Addition {
            way: Way::Root,
            ..addition
        },
        false => addition,
    }
}
