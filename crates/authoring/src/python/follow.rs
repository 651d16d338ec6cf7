//! From the command through all imports.

use std::{
    collections::{BTreeMap, BTreeSet, HashSet, VecDeque},
    rc::Rc,
};

use super::{
    LocalModule, Misread, Needs, Place, Program, Requirement, compiled, declared,
    files::Files,
    import::Import,
    lookup::{Beyond, Found, Lookup, Module, Spot},
    package,
    read_file::{FileRead, Reader},
    remarks::Remarks,
    rivals::Rivals,
    sights::Sight,
    start::Start,
};

/// Changes of `sys.path` that only others lead to are followed so often.
const ROUNDS: usize = 8;

/// What `program` needs. Modules are looked for where Python would: beside the scripts, in the folders of `PYTHONPATH` and
/// of `sys.path`, in the job's folder, and beside each of `root_paths`; only files that are reached are read. Time is
/// linear in the files' number and the read ones' size.
pub fn read(program: &Program) -> Needs {
    let files = Files::of(program);
    let rivals = Rivals::of(program);
    let mut reader = Reader::default();
    let mut search: Vec<Spot> = Vec::new();
    for round in 1.. {
        let start = Start::new(program, &files);
        let found = Follower::follow_all(program, &files, &rivals, &mut reader, start, &search);
        if found.search == search || round == ROUNDS {
            return found.needs;
        }
        search = found.search;
    }
    Needs::default()
}

/// What one reading finds.
struct Round {
    needs: Needs,
    /// What the read files have added to `sys.path`.
    search: Vec<Spot>,
}

pub(super) struct Follower<'a> {
    pub files: &'a Files<'a>,
    pub lookup: &'a Lookup<'a>,
    rivals: &'a Rivals,
    reader: &'a mut Reader,
    pub program: &'a Program,
    pub start: &'a Start,
    /// Modules, by the file that they are; a file may be a module under two names.
    pub first: BTreeMap<String, Module>,
    seen: HashSet<Module>,
    now: VecDeque<Module>,
    /// Imports that may fail, of these modules: followed when what is needed without them is known.
    later: Vec<(Module, Import, Place)>,
    /// Packages whose modules are imported by names that the program makes.
    made: HashSet<(String, String)>,
    pub local_modules: BTreeMap<String, Option<Place>>,
    requirements: BTreeMap<String, Requirement>,
    pub opaque: BTreeMap<String, Option<Place>>,
    problems: BTreeSet<Misread>,
    search: Vec<Spot>,
}

impl<'a> Follower<'a> {
    fn follow_all(
        program: &'a Program,
        files: &'a Files<'a>,
        rivals: &'a Rivals,
        reader: &'a mut Reader,
        start: Start,
        search: &[Spot],
    ) -> Round {
        let (first, last): (Vec<Spot>, Vec<Spot>) = search.iter().cloned().partition(|spot| spot.is_first);
        // What is put in front last is looked into first.
        let places = first.into_iter().rev().chain(start.places.iter().cloned()).chain(last);
        let lookup = Lookup::new(files, places, &program.added, program.minor);
        let mut follower = Follower {
            files,
            lookup: &lookup,
            rivals,
            reader,
            program,
            start: &start,
            first: BTreeMap::new(),
            seen: HashSet::new(),
            now: VecDeque::new(),
            later: Vec::new(),
            made: HashSet::new(),
            local_modules: BTreeMap::new(),
            requirements: BTreeMap::new(),
            opaque: BTreeMap::new(),
            problems: start.problems.clone(),
            search: Vec::new(),
        };
        follower.begin();
        follower.follow();
        follower.end()
    }

    fn begin(&mut self) {
        for (name, file) in &self.start.modules {
            self.run_module(name, file.as_deref());
        }
        if self.start.main.is_none() && self.start.scripts.is_empty() && self.problems.is_empty() {
            self.problems.insert(Misread::NoMain);
        }
        for script in &self.start.scripts {
            self.reach(Module::script(script.clone()), None);
        }
        for path in self.program.added.iter().filter(|path| self.files.has_any(path)) {
            let name = path.rsplit('/').next().unwrap_or_default();
            let module = name.strip_suffix(".py").unwrap_or(name);
            let found = self.lookup.absolute(module, &[]);
            let is_meant = |module: &Module| module.top().as_ref() == Some(path);
            for module in found.modules.into_iter().filter(is_meant) {
                self.reach(module, None);
            }
            self.local_modules.entry(path.clone()).or_default();
        }
    }

    fn end(self) -> Round {
        let unseen = Remarks::of(&self);
        let search = self.search.clone();
        let scripts = self.start.others.iter();
        let is_sent = |path: &String| {
            self.local_modules
                .keys()
                .any(|module| super::files::is_within(path, module))
        };
        let declared = declared::find(self.program, self.files, self.start);
        let needs = Needs {
            main: self.start.main.clone(),
            scripts: scripts.filter(|path| !is_sent(path)).cloned().collect(),
            local_modules: self
                .local_modules
                .into_iter()
                .map(|(path, imported_by)| LocalModule { path, imported_by })
                .collect(),
            keeps_places: self.start.is_path_anew,
            requirements: self.requirements.into_values().collect(),
            declared,
            problems: self.problems.into_iter().collect(),
            unseen,
        };
        Round { needs, search }
    }

    /// All that was seen in the files that were reached.
    pub(super) fn sights(&self) -> impl Iterator<Item = (&Module, &FileRead)> {
        let modules = self.first.values();
        modules.filter_map(|module| Some((module, self.reader.known(&module.file)?)))
    }

    fn run_module(&mut self, name: &str, file: Option<&str>) {
        let found = match file {
            Some(file) if file.ends_with("/__main__.py") => self.lookup.absolute(&format!("{name}.__main__"), &[]),
            _ => self.lookup.absolute(name, &[]),
        };
        for mut module in found.modules {
            module.is_script = Some(module.file.as_str()) == file;
            self.reach(module, None);
        }
        for path in found.missing {
            self.problems.insert(Misread::MissingMain { path });
        }
        for path in found.wheels {
            self.take_wheel(path, None);
        }
        for name in found.foreign {
            self.require(&name, None, false);
        }
    }

    fn follow(&mut self) {
        self.follow_now(false);
        for (module, import, at) in std::mem::take(&mut self.later) {
            self.take(&module, &import, &at, true);
        }
        self.follow_now(true);
    }

    fn follow_now(&mut self, optional: bool) {
        while let Some(module) = self.now.pop_front() {
            let read = self.read_file(&module);
            for (import, at) in &read.imports {
                if import.in_script && !module.is_script {
                    continue;
                }
                if import.optional && !optional {
                    self.later.push((module.clone(), import.clone(), at.clone()));
                } else {
                    self.take(&module, import, at, optional);
                }
            }
            for (sight, at, _) in &read.sights {
                self.see(&module, sight, at);
            }
        }
    }

    fn read_file(&mut self, module: &Module) -> Rc<FileRead> {
        let read = self
            .reader
            .read(&module.file, self.files, self.start, self.program.minor);
        self.problems.extend(read.problems.iter().cloned());
        read
    }

    /// What changes where others are found.
    fn see(&mut self, module: &Module, sight: &Sight, at: &Place) {
        match sight {
            Sight::SearchPath {
                folder: Some(folder),
                is_first,
            } if self.search.iter().all(|spot| spot.folder != *folder) => self.search.push(Spot {
                folder: folder.clone(),
                is_first: *is_first,
            }),
            Sight::ComputedImport(beginning) => self.import_made(module, beginning, at),
            _ => {}
        }
    }

    /// `import_module(f"plugins.{name}")` may import each module of `plugins`.
    fn import_made(&mut self, module: &Module, beginning: &str, at: &Place) {
        let Some((package, start)) = beginning.rsplit_once('.').filter(|(package, _)| !package.is_empty()) else {
            return;
        };
        if package.starts_with('.') || !self.made.insert((package.to_owned(), start.to_owned())) {
            return;
        }
        let path = package.replace('.', "/");
        let folders = self.lookup.folders().map(|place| super::files::join(place, &path));
        let Some(folder) = folders.into_iter().find(|folder| self.files.has_folder(folder)) else {
            return;
        };
        let names = self.files.modules_in(&folder);
        for name in names.into_iter().filter(|name| name.starts_with(start)) {
            let import = Import {
                offset: 0,
                level: 0,
                module: format!("{package}.{name}"),
                names: Vec::new(),
                optional: true,
                in_script: false,
            };
            self.later.push((module.clone(), import, at.clone()));
        }
    }

    fn take(&mut self, module: &Module, import: &Import, at: &Place, optional: bool) {
        let found = match import.level {
            0 => Ok(self.lookup.absolute(&import.module, &import.names)),
            level => self.lookup.relative(module, level, &import.module, &import.names),
        };
        let Found {
            modules,
            missing,
            wheels,
            foreign,
        } = found.unwrap_or_else(|Beyond| {
            if !optional {
                let module = import.written();
                let at = at.clone();
                self.problems.insert(Misread::BeyondPackage { at, module });
            }
            Found::default()
        });
        for module in modules {
            self.reach(module, Some(at));
        }
        // What is missing where it may be is no problem.
        for module in missing.into_iter().filter(|_| !optional) {
            let at = at.clone();
            self.problems.insert(Misread::MissingModule { at, module });
        }
        for path in wheels {
            self.take_wheel(path, Some(at));
        }
        for name in foreign {
            self.require(&name, Some(at), optional);
        }
    }

    fn reach(&mut self, module: Module, at: Option<&Place>) {
        if let Some(top) = module.top().filter(|top| Some(top) != self.start.main.as_ref()) {
            self.local_modules.entry(top).or_insert_with(|| at.cloned());
        }
        if compiled::stem(&module.file).is_some() {
            self.note_opaque(module.file, at);
        } else if self.seen.insert(module.clone()) {
            self.first.entry(module.file.clone()).or_insert_with(|| module.clone());
            self.now.push_back(module);
        }
    }

    fn take_wheel(&mut self, path: String, at: Option<&Place>) {
        self.local_modules.entry(path.clone()).or_insert_with(|| at.cloned());
        self.note_opaque(path, at);
    }

    /// What such a file needs itself cannot be seen.
    fn note_opaque(&mut self, path: String, at: Option<&Place>) {
        if compiled::is_of_other_machine(&path, self.program.minor) {
            self.problems.insert(Misread::OtherMachine { path: path.clone() });
        }
        self.opaque.entry(path).or_insert_with(|| at.cloned());
    }

    fn require(&mut self, name: &str, at: Option<&Place>, optional: bool) {
        let package = package::of(name);
        let rivals = self.rivals;
        self.requirements
            .entry(package::canonical(&package.name))
            .or_insert_with(|| Requirement {
                rivals: rivals.of_module(name, &package.name),
                package: package.name,
                module: package.module.to_owned(),
                at: at.cloned(),
                optional,
                guessed: package.guessed,
            });
    }
}
