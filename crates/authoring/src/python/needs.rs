//! The question and the answer: a program, and what it needs.

use super::Misread;

/// A program: its command and its files.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Program {
    /// The command, with the paths of inputs in place of their variables.
    pub cmd: String,
    /// `root-paths` of the configuration: scripts that the command starts in a way that is not seen in it.
    pub root_paths: Vec<String>,
    /// The `y` of Python 3.y.
    pub minor: u8,
    /// All `.py` files, and files of the command that may be scripts. What lies outside of the job's folder is not
    /// looked at.
    pub files: Vec<Source>,
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
    /// Modules of its own, by path.
    pub local_modules: Vec<LocalModule>,
    /// Packages to install, by name.
    pub requirements: Vec<Requirement>,
    /// What could not be found out, or will not work.
    pub problems: Vec<Misread>,
}

/// A file or a package that the program imports from its own files.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct LocalModule {
    /// A `.py` file, or the folder of a package.
    pub path: String,
    /// The first import of it; `None` when the command names it.
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
    /// Whether nothing but the module's name speaks for the package's.
    pub guessed: bool,
}

/// A line of a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub struct Place {
    /// Path in the job's folder.
    pub path: String,
    /// From 1.
    pub line: usize,
}
