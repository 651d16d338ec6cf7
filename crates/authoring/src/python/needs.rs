//! The question and the answer: a program, and what it needs.

use super::{Declared, Misread, Unseen};

/// A program: its command and its files.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Program {
    /// The command, with the paths of inputs in place of their variables.
    pub cmd: String,
    /// `PYTHONPATH` among the job's variables; empty for none.
    pub python_path: String,
    /// `root-paths` of the configuration: scripts that the command starts in a way that is not seen in it.
    pub root_paths: Vec<String>,
    /// Modules, and files beside them, that are sent because the person says so.
    pub added: Vec<String>,
    /// The `y` of Python 3.y.
    pub minor: u8,
    /// The file that holds the requirements; empty for the one that lies nearest to the program.
    pub requirements_file: String,
    /// All `.py` files and notebooks, files of the command that may be scripts, and those that [`is_declaration`] tells.
    /// What lies outside of the job's folder is not looked at.
    ///
    /// [`is_declaration`]: super::is_declaration
    pub files: Vec<Source>,
    /// Paths of the other files at hand.
    pub others: Vec<String>,
    /// Paths of inputs, which are sent in any case; empty for one that is the working directory itself.
    pub inputs: Vec<String>,
    /// Paths of files that were dropped and are not sent.
    pub left_out: Vec<String>,
}

/// A file of a program.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Source {
    /// Path in the job's folder, with `/` between its parts.
    pub path: String,
    /// What is in it.
    pub text: String,
}

/// What a program needs.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Needs {
    /// The file that the command runs. With `-m` of a package's module, it is in one of `local_modules` too.
    pub main: Option<String>,
    /// Further files that the command runs.
    pub scripts: Vec<String>,
    /// Modules of its own, by path.
    pub local_modules: Vec<LocalModule>,
    /// Whether modules are found only where they lie: the command looks for them in folders of its own alone.
    pub keeps_places: bool,
    /// Packages to install, by name.
    pub requirements: Vec<Requirement>,
    /// What a file says is to be installed.
    pub declared: Option<Declared>,
    /// What could not be found out, or will not work.
    pub problems: Vec<Misread>,
    /// What imports do not show.
    pub unseen: Vec<Unseen>,
}

impl Needs {
    /// Whether all that the program does by itself was seen.
    pub fn is_all(&self) -> bool {
        self.problems.is_empty() && self.unseen.is_empty()
    }
}

/// A file or a package that the program imports from its own files.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct LocalModule {
    /// A `.py` file, a compiled one, a wheel, or the folder of a package.
    pub path: String,
    /// The first import of it; `None` when the command names it, or the person.
    pub imported_by: Option<Place>,
}

/// A package that the program imports and does not hold.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Requirement {
    /// Its name for pip.
    pub package: String,
    /// The module that it is needed for: the first part of its name, or more of it where packages share that.
    pub module: String,
    /// The first import of it; `None` when the command names it.
    pub at: Option<Place>,
    /// Whether the program goes on without it: each import of it, or of the modules that import it, is in a `try` that
    /// lets an `ImportError` pass.
    pub optional: bool,
    /// Whether nothing but the module's name speaks for the package's: a stranger's package may be called so.
    pub guessed: bool,
    /// Dropped files and folders that are called as the module: it may be one of them.
    pub rivals: Vec<String>,
}

impl Requirement {
    /// Whether it is installed without the person's word: the package is well known, and nothing that was dropped is
    /// called so.
    pub fn is_sure(&self) -> bool {
        !self.optional && !self.guessed && self.rivals.is_empty()
    }
}

/// A line of a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub struct Place {
    /// Path in the job's folder.
    pub path: String,
    /// From 1; in a notebook, of its cell.
    pub line: usize,
    /// The number of a notebook's cell, from 1.
    pub cell: Option<usize>,
}
