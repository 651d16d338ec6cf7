//! From a module's name to files, in the order in which Python looks.

use std::collections::HashMap;

use ruff_python_stdlib::sys::{is_builtin_module, is_known_standard_library};

use super::{
    files::{Files, base_of, folder_of, join},
    package,
};

/// A module of the program.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Module {
    /// Its path.
    pub file: String,
    /// The folder where its name begins.
    pub place: String,
    /// Its name's parts; none for a script, which is in no package.
    pub name: Vec<String>,
    /// Whether it is a package's own file.
    pub is_package: bool,
    /// Whether the command runs it.
    pub is_script: bool,
}

impl Module {
    /// A file that is run, and not as a part of a package.
    pub(super) fn script(file: String) -> Self {
        Self {
            file,
            place: String::new(),
            name: Vec::new(),
            is_package: false,
            is_script: true,
        }
    }

    /// What is sent, so that it can be imported: the file or folder that the first part of its name stands for. `None`
    /// for a script.
    pub(super) fn top(&self) -> Option<String> {
        let first = self.name.first()?;
        Some(if self.name.len() == 1 && !self.is_package {
            self.file.clone()
        } else {
            join(&self.place, first)
        })
    }
}

/// What an import leads to.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Found {
    /// Modules of the program, with the packages that they are in.
    pub modules: Vec<Module>,
    /// Names that must be in the program, and are not.
    pub missing: Vec<String>,
    /// Wheels at hand that have the module.
    pub wheels: Vec<String>,
    /// Names that come from elsewhere.
    pub foreign: Vec<String>,
}

/// A folder in which modules are looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Spot {
    pub folder: String,
    /// Whether what is in it goes before the standard library.
    pub is_first: bool,
}

/// A relative import leads out of the package.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Beyond;

/// Where modules are looked for.
pub(super) struct Lookup<'a> {
    files: &'a Files<'a>,
    places: Vec<Spot>,
    /// Modules that the person has named, by the first part of their names: the folders in which they lie.
    chosen: HashMap<String, String>,
    minor: u8,
}

impl<'a> Lookup<'a> {
    /// Looks in `places`, in this order, and for the files and folders `chosen` where they lie.
    pub(super) fn new(
        files: &'a Files<'a>,
        places: impl IntoIterator<Item = Spot>,
        chosen: &[String],
        minor: u8,
    ) -> Self {
        let mut unique: Vec<Spot> = Vec::new();
        for place in places {
            if unique.iter().all(|known| known.folder != place.folder) {
                unique.push(place);
            }
        }
        let chosen = chosen.iter().map(|path| {
            let name = base_of(path).split('.').next().unwrap_or_default();
            (name.to_owned(), folder_of(path).to_owned())
        });
        Self {
            files,
            places: unique,
            chosen: chosen.collect(),
            // The library is known for these.
            minor: minor.clamp(7, 15),
        }
    }

    /// The folders in which modules are looked for.
    pub(super) fn folders(&self) -> impl Iterator<Item = &str> {
        self.places.iter().map(|place| place.folder.as_str())
    }

    /// `import module`, or `from module import names`.
    pub(super) fn absolute(&self, module: &str, names: &[String]) -> Found {
        let parts: Vec<&str> = module.split('.').collect();
        let top = parts[0];
        let is_standard = matches!(top, "__main__" | "__future__") || is_known_standard_library(self.minor, top);
        for Spot { folder, is_first } in &self.places {
            if is_standard && (!is_first || is_builtin_module(self.minor, top)) {
                continue;
            }
            if !matches!(self.step(folder, top), None | Some(Step::Namespace)) {
                let walk = self.walk(folder, &parts);
                return self.taken(folder, module, walk, names);
            }
        }
        if is_standard {
            return Found::default();
        }
        // A folder without `__init__.py` is a package only where there is no other of its name.
        let spread = self.folders().find_map(|place| self.namespace(place, &parts, names));
        let chosen = || {
            let place = self.chosen.get(top)?;
            self.step(place, top)?;
            Some(self.taken(place, module, self.walk(place, &parts), names))
        };
        let wheel = || {
            let packages = [top.to_owned(), package::of(module).name];
            let path = packages.iter().find_map(|package| self.files.wheel(package))?;
            Some(Found {
                wheels: vec![path.to_owned()],
                ..Found::default()
            })
        };
        spread
            .or_else(chosen)
            .or_else(wheel)
            .unwrap_or_else(|| foreign(module, names))
    }

    /// `from ..module import names` in the module `from`.
    pub(super) fn relative(
        &self,
        from: &Module,
        level: usize,
        module: &str,
        names: &[String],
    ) -> Result<Found, Beyond> {
        let up = level - usize::from(from.is_package);
        // A name of no parts is the package that a script is not in.
        let kept = from.name.len().checked_sub(up).filter(|kept| *kept > 0).ok_or(Beyond)?;
        let mut parts: Vec<&str> = from.name[..kept].iter().map(String::as_str).collect();
        parts.extend(module.split('.').filter(|part| !part.is_empty()));
        let walk = self.walk(&from.place, &parts);
        let written = format!("{}{module}", ".".repeat(level));
        Ok(self.taken(&from.place, &written, walk, names))
    }

    fn taken(&self, place: &str, written: &str, walk: Walk, names: &[String]) -> Found {
        let mut found = Found {
            modules: walk.modules,
            ..Found::default()
        };
        match walk.end {
            End::Missing => found.missing.push(written.to_owned()),
            End::Module => {}
            End::Package(parts) => {
                for name in names {
                    // What is no module is taken for a name that the package has.
                    self.submodule(place, &parts, name, &mut found.modules);
                }
            }
            End::Namespace(parts) => {
                for name in names {
                    if !self.submodule(place, &parts, name, &mut found.modules) {
                        found.missing.push(member(written, name));
                    }
                }
            }
        }
        found
    }

    /// `None` when the name more likely is that of a package to install.
    fn namespace(&self, place: &str, parts: &[&str], names: &[String]) -> Option<Found> {
        self.step(place, parts[0])?;
        let walk = self.walk(place, parts);
        match &walk.end {
            End::Missing if walk.modules.is_empty() => None,
            // The folder itself has nothing that could be used or taken from it.
            End::Namespace(_) if parts.len() == 1 => {
                let found = self.taken(place, parts[0], walk, names);
                (!found.modules.is_empty()).then_some(found)
            }
            _ => Some(self.taken(place, &parts.join("."), walk, names)),
        }
    }

    fn walk(&self, place: &str, parts: &[&str]) -> Walk {
        let mut modules = Vec::new();
        let mut folder = place.to_owned();
        let mut end = End::Missing;
        for (index, part) in parts.iter().enumerate() {
            let name = || {
                parts[..=index]
                    .iter()
                    .map(|part| (*part).to_owned())
                    .collect::<Vec<_>>()
            };
            end = match self.step(&folder, part) {
                Some(Step::Package(file)) => {
                    modules.push(module(file, place, name(), true));
                    End::Package(name())
                }
                Some(Step::Namespace) => End::Namespace(name()),
                Some(Step::Module(file)) => {
                    modules.push(module(file, place, name(), false));
                    let is_last = index + 1 == parts.len();
                    let end = if is_last { End::Module } else { End::Missing };
                    return Walk { modules, end };
                }
                None => {
                    return Walk {
                        modules,
                        end: End::Missing,
                    };
                }
            };
            folder = join(&folder, part);
        }
        Walk { modules, end }
    }

    /// Adds the submodule `name` of a package, if there is one.
    fn submodule(&self, place: &str, package: &[String], name: &str, modules: &mut Vec<Module>) -> bool {
        let folder = join(place, &package.join("/"));
        let step = self.step(&folder, name);
        let name = || package.iter().cloned().chain([name.to_owned()]).collect();
        match step {
            Some(Step::Package(file)) => modules.push(module(file, place, name(), true)),
            Some(Step::Module(file)) => modules.push(module(file, place, name(), false)),
            Some(Step::Namespace) => {}
            None => return false,
        }
        true
    }

    fn step(&self, folder: &str, name: &str) -> Option<Step> {
        let inner = join(folder, name);
        let own = join(&inner, "__init__.py");
        if self.files.has(&own) {
            return Some(Step::Package(own));
        }
        if let Some(compiled) = self.files.compiled(&inner) {
            return Some(Step::Module(compiled.to_owned()));
        }
        let file = format!("{inner}.py");
        if self.files.has(&file) {
            return Some(Step::Module(file));
        }
        self.files.has_folder(&inner).then_some(Step::Namespace)
    }
}

fn module(file: String, place: &str, name: Vec<String>, is_package: bool) -> Module {
    Module {
        file,
        place: place.to_owned(),
        name,
        is_package,
        is_script: false,
    }
}

fn foreign(module: &str, names: &[String]) -> Found {
    let foreign = if names.is_empty() {
        vec![module.to_owned()]
    } else {
        names.iter().map(|name| member(module, name)).collect()
    };
    Found {
        foreign,
        ..Found::default()
    }
}

fn member(module: &str, name: &str) -> String {
    match module.ends_with('.') {
        true => format!("{module}{name}"),
        false => format!("{module}.{name}"),
    }
}

enum Step {
    /// A folder with this `__init__.py`.
    Package(String),
    Module(String),
    Namespace,
}

struct Walk {
    modules: Vec<Module>,
    end: End,
}

/// What the last part of a name is; of a package, its name.
enum End {
    Package(Vec<String>),
    Namespace(Vec<String>),
    Module,
    Missing,
}
