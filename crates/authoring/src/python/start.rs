//! Where the reading of a program begins.

use std::collections::BTreeSet;

use super::{
    Misread, Program,
    files::{Files, folder_of, join, tidy},
    launch::{Launch, launches},
    lookup::Spot,
};

/// What the command, and `root-paths`, run.
#[derive(Default)]
pub(super) struct Start {
    pub main: Option<String>,
    /// Run with `-m`, each with the file if it is here.
    pub modules: Vec<(String, Option<String>)>,
    pub scripts: Vec<String>,
    /// Further files of the command.
    pub others: Vec<String>,
    /// Where the first program is run.
    pub folder: String,
    /// Where its script lies.
    pub script_folder: String,
    /// Where modules are looked for.
    pub places: Vec<Spot>,
    /// The command sets `PYTHONPATH` without what it was before.
    pub is_path_anew: bool,
    pub problems: BTreeSet<Misread>,
}

impl Start {
    pub(super) fn new(program: &Program, files: &Files) -> Self {
        let mut start = Self::default();
        let launched = launches(&program.cmd, &program.python_path, files);
        if let Some(first) = launched.first() {
            start.folder.clone_from(&first.folder);
        }
        for (index, launched) in launched.into_iter().enumerate() {
            start.is_path_anew |= launched.is_path_anew;
            start.launch(launched.launch, &launched.python_path, index == 0, files);
            for folder in launched.python_path {
                start.search(folder, true);
            }
        }
        // Nothing in it goes before the standard library when it is not the script's own.
        start.search(String::new(), false);
        for path in &program.root_paths {
            match runnable(path, files) {
                Some(file) => {
                    start.search(folder_of(&file).to_owned(), false);
                    start.scripts.push(file);
                }
                None => {
                    start.problems.insert(Misread::MissingRoot { path: path.clone() });
                }
            }
        }
        start
    }

    fn launch(&mut self, launch: Launch, python_path: &[String], is_main: bool, files: &Files) {
        match launch {
            Launch::Script(path) => match runnable(&path, files) {
                Some(file) => {
                    self.search(folder_of(&file).to_owned(), true);
                    self.scripts.push(file.clone());
                    self.name(file, is_main);
                }
                None => {
                    self.problems.insert(Misread::MissingMain { path });
                }
            },
            Launch::Module { name, folder } => {
                // Where the command runs, then where it says.
                let mut places = std::iter::once(&folder).chain(python_path);
                let file = places.find_map(|place| module_file(place, &name, files));
                self.search(folder, true);
                if let (Some(file), true) = (&file, is_main) {
                    self.name(file.clone(), true);
                }
                self.modules.push((name, file));
            }
        }
    }

    fn name(&mut self, file: String, is_main: bool) {
        if is_main {
            self.script_folder = folder_of(&file).to_owned();
            self.main = Some(file);
        } else if self.main.as_ref() != Some(&file) && !self.others.contains(&file) {
            self.others.push(file);
        }
    }

    fn search(&mut self, folder: String, is_first: bool) {
        self.places.push(Spot { folder, is_first });
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
