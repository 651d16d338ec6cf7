//! What could not be found out about a program, or will not work in it.

use super::Place;

/// A problem of a program.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, thiserror::Error, serde::Serialize, serde::Deserialize)]
pub enum Misread {
    /// Neither the command nor `root-paths` names a file of the program.
    #[error("the command runs no Python file of this folder that could be seen; name it in root-paths")]
    NoMain,
    /// The command runs a file, or with `-m` a module of a package here, that is not among the files.
    #[error("the command runs {path}, which is not among the files")]
    MissingMain {
        /// As the command has it: a path from the job's folder, or a module's name.
        path: String,
    },
    /// One of `root-paths` is not among the files.
    #[error("{path} of root-paths is not among the files")]
    MissingRoot {
        /// As it is written.
        path: String,
    },
    /// A file is imported or run, and could not be read: it is too large, or no notebook.
    #[error("{path} could not be read")]
    Unread {
        /// Its path.
        path: String,
    },
    /// A file is not UTF-8 and does not name its encoding; Python refuses it. Its imports are followed as far as they are
    /// seen.
    #[error("{}, line {}: the file is not UTF-8 and names no encoding", at.path, at.line)]
    Encoding {
        /// The first line that is not.
        at: Place,
    },
    /// A file is nested too deeply to be read whole.
    #[error("{} is nested too deeply to be read whole", at.path)]
    TooDeep {
        /// The file.
        at: Place,
    },
    /// A compiled module or a wheel is for another system or another Python.
    #[error("{path} is compiled for another system or another Python")]
    OtherMachine {
        /// Its path.
        path: String,
    },
    /// A file does not parse, or not for this version of Python. Its imports are followed as far as they are seen.
    #[error("{}, line {}: {message}", at.path, at.line)]
    Syntax {
        /// Where.
        at: Place,
        /// The parser's sentence, in English.
        message: String,
    },
    /// A relative import leads out of the package that the file is in, or the file is run as a script and is in none.
    #[error("{}, line {}: the relative import of {module} leads out of the package", at.path, at.line)]
    BeyondPackage {
        /// Where.
        at: Place,
        /// As it is written, with its dots.
        module: String,
    },
    /// A module that must be in one of the program's own packages is not there.
    #[error("{}, line {}: {module} is not among the files", at.path, at.line)]
    MissingModule {
        /// Where.
        at: Place,
        /// As it is written, with its dots.
        module: String,
    },
}
