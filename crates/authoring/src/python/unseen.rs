//! What a program does that its imports do not show.

use super::Place;

/// Something that the program does, and that may need more than is sent.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub struct Unseen {
    /// Where.
    pub at: Place,
    /// What it does.
    pub kind: UnseenKind,
    /// The text there, on one line and not long.
    pub written: String,
    /// Files at hand that it may need and that are not sent yet.
    pub additions: Vec<Addition>,
    /// Requirements that are installed there.
    pub packages: Vec<String>,
}

/// What is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub enum UnseenKind {
    /// A module is imported by a name that is made while the program runs.
    ComputedImport,
    /// Another program is started.
    StartedProgram,
    /// The text of a file is run.
    ExecutedFile,
    /// A file is named that is at hand and not sent.
    NamedFile,
    /// Modules are looked for in a folder that is known only while the program runs.
    SearchPath,
    /// Packages are installed.
    Installation,
    /// A module is imported whose inside cannot be read: compiled, or in a wheel.
    Opaque,
}

/// A file or folder that can be sent as well.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub struct Addition {
    /// Path in the job's folder.
    pub path: String,
    /// As what.
    pub way: Way,
}

/// How a file travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub enum Way {
    /// As an input, which lies at its path.
    Input,
    /// Beside the local modules, under its own name.
    Module,
    /// As a script whose imports are read: one of `root-paths`.
    Root,
}
