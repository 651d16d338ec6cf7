//! From the command through all imports.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque},
    rc::Rc,
};

use super::{
    LocalModule, Misread, Needs, Place, Program, Requirement,
    files::{Files, folder_of, join, tidy},
    import::Import,
    launch::{Launch, launch},
    lookup::{Beyond, Found, Lookup, Module},
    package,
    parse::parse,
};

/// What `program` needs. Modules are looked for beside the main script, in the job's folder, and beside each of
/// `root_paths`; only files that are reached are read. Time is linear in the files' number and the read ones' size.
pub fn read(program: &Program) -> Needs {
    let files = Files::new(&program.files);
    let start = Start::new(program, &files);
    let lookup = Lookup::new(&files, start.places, program.minor);
    let mut follower = Follower {
        files: &files,
        lookup: &lookup,
        minor: program.minor,
        main: start.main.as_deref(),
        parsed: HashMap::new(),
        seen: HashSet::new(),
        now: VecDeque::new(),
        later: Vec::new(),
        local_modules: BTreeMap::new(),
        requirements: BTreeMap::new(),
        problems: start.problems,
    };
    if let Some(name) = &start.module {
        follower.run_module(name);
    }
    if start.main.is_none() && start.scripts.is_empty() && follower.problems.is_empty() {
        follower.problems.insert(Misread::NoMain);
    }
    for script in start.scripts {
        follower.reach(Module::script(script), None);
    }
    follower.follow();
    Needs {
        local_modules: follower
            .local_modules
            .into_iter()
            .map(|(path, imported_by)| LocalModule { path, imported_by })
            .collect(),
        requirements: follower.requirements.into_values().collect(),
        problems: follower.problems.into_iter().collect(),
        main: start.main,
    }
}

/// Where the reading begins.
#[derive(Default)]
struct Start {
    main: Option<String>,
    /// Run with `-m`.
    module: Option<String>,
    scripts: Vec<String>,
    /// Where modules are looked for.
    places: Vec<String>,
    problems: BTreeSet<Misread>,
}

impl Start {
    fn new(program: &Program, files: &Files) -> Self {
        let mut start = Self::default();
        match launch(&program.cmd, files) {
            Some(Launch::Script(path)) => match runnable(&path, files) {
                Some(file) => {
                    start.places.push(folder_of(&file).to_owned());
                    start.scripts.push(file.clone());
                    start.main = Some(file);
                }
                None => {
                    start.problems.insert(Misread::MissingMain { path });
                }
            },
            Some(Launch::Module { name, folder }) => {
                start.places.push(folder.clone());
                start.main = module_file(&folder, &name, files);
                start.module = Some(name);
            }
            None => {}
        }
        // Nothing in it goes before the standard library when it is not the script's own.
        start.places.push(String::new());
        for path in &program.root_paths {
            match runnable(path, files) {
                Some(file) => {
                    start.places.push(folder_of(&file).to_owned());
                    start.scripts.push(file);
                }
                None => {
                    start.problems.insert(Misread::MissingRoot { path: path.clone() });
                }
            }
        }
        start
    }
}

/// The file that Python runs for a path: itself, or what a folder has for that.
fn runnable(path: &str, files: &Files) -> Option<String> {
    let path = tidy(path)?;
    [path.clone(), join(&path, "__main__.py")]
        .into_iter()
        .find(|path| files.has(path))
}

/// The file that `python -m` runs in `folder`.
fn module_file(folder: &str, name: &str, files: &Files) -> Option<String> {
    let path = join(folder, &name.replace('.', "/"));
    let package = [join(&path, "__main__.py"), format!("{path}.py")];
    package.into_iter().find(|path| files.has(path))
}

struct Follower<'a> {
    files: &'a Files<'a>,
    lookup: &'a Lookup<'a>,
    minor: u8,
    main: Option<&'a str>,
    /// By path: a file may be a module under two names.
    parsed: HashMap<String, Rc<[(Import, usize)]>>,
    seen: HashSet<Module>,
    now: VecDeque<Module>,
    /// Imports that may fail, of these modules: followed when what is needed without them is known.
    later: Vec<(Module, Import, usize)>,
    local_modules: BTreeMap<String, Option<Place>>,
    requirements: BTreeMap<String, Requirement>,
    problems: BTreeSet<Misread>,
}

impl Follower<'_> {
    fn run_module(&mut self, name: &str) {
        let found = match self.main {
            Some(file) if file.ends_with("/__main__.py") => self.lookup.absolute(&format!("{name}.__main__"), &[]),
            _ => self.lookup.absolute(name, &[]),
        };
        for mut module in found.modules {
            module.is_script = Some(module.file.as_str()) == self.main;
            self.reach(module, None);
        }
        for path in found.missing {
            self.problems.insert(Misread::MissingMain { path });
        }
        for name in found.foreign {
            self.require(&name, None, false);
        }
    }

    fn follow(&mut self) {
        self.follow_now(false);
        for (module, import, line) in std::mem::take(&mut self.later) {
            self.take(&module, &import, line, true);
        }
        self.follow_now(true);
    }

    fn follow_now(&mut self, optional: bool) {
        while let Some(module) = self.now.pop_front() {
            for (import, line) in self.imports(&module.file).iter() {
                if import.in_script && !module.is_script {
                    continue;
                }
                if import.optional && !optional {
                    self.later.push((module.clone(), import.clone(), *line));
                } else {
                    self.take(&module, import, *line, optional);
                }
            }
        }
    }

    fn imports(&mut self, path: &str) -> Rc<[(Import, usize)]> {
        if let Some(imports) = self.parsed.get(path) {
            return imports.clone();
        }
        let parsed = parse(self.files.text(path).unwrap_or_default(), self.minor);
        if let Some((line, message)) = parsed.error {
            let at = place(path, line);
            self.problems.insert(Misread::Syntax { at, message });
        }
        let imports: Rc<[_]> = parsed.imports.into();
        self.parsed.insert(path.to_owned(), imports.clone());
        imports
    }

    fn take(&mut self, module: &Module, import: &Import, line: usize, optional: bool) {
        let at = place(&module.file, line);
        let found = match import.level {
            0 => Ok(self.lookup.absolute(&import.module, &import.names)),
            level => self.lookup.relative(module, level, &import.module, &import.names),
        };
        let Found {
            modules,
            missing,
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
            self.reach(module, Some(&at));
        }
        // What is missing where it may be is no problem.
        for module in missing.into_iter().filter(|_| !optional) {
            let at = at.clone();
            self.problems.insert(Misread::MissingModule { at, module });
        }
        for name in foreign {
            self.require(&name, Some(&at), optional);
        }
    }

    fn reach(&mut self, module: Module, at: Option<&Place>) {
        if let Some(top) = module.top().filter(|top| Some(top.as_str()) != self.main) {
            self.local_modules.entry(top).or_insert_with(|| at.cloned());
        }
        if self.seen.insert(module.clone()) {
            self.now.push_back(module);
        }
    }

    fn require(&mut self, name: &str, at: Option<&Place>, optional: bool) {
        let package = package::of(name);
        self.requirements
            .entry(package::canonical(&package.name))
            .or_insert_with(|| Requirement {
                package: package.name,
                module: package.module.to_owned(),
                at: at.cloned(),
                optional,
                guessed: package.guessed,
            });
    }
}

fn place(path: &str, line: usize) -> Place {
    Place {
        path: path.to_owned(),
        line,
    }
}
