//! What a Python program needs, found by reading its files without running them: its main module, the modules of its own
//! that are sent with it, and the packages to install.
//!
//! ```
//! use jobsphere_authoring::python::{Program, Source, read};
//!
//! let source = |path: &str, text: &str| Source { path: path.into(), text: text.into() };
//! let needs = read(&Program {
//!     cmd: "python main.py --epochs 3".into(),
//!     minor: 12,
//!     files: vec![
//!         source("main.py", "import os, yaml\nfrom model import Net\n"),
//!         source("model.py", "import torch\n"),
//!     ],
//!     ..Program::default()
//! });
//! assert_eq!(needs.main.as_deref(), Some("main.py"));
//! assert_eq!(needs.local_modules[0].path, "model.py");
//! let packages: Vec<&str> = needs.requirements.iter().map(|need| need.package.as_str()).collect();
//! assert_eq!(packages, ["PyYAML", "torch"]);
//! ```
//!
//! The published client runs the program's imports and looks at what its interpreter has then loaded. A page has neither,
//! so here the files are parsed and the imports followed as Python would. A package of an index is a stranger's: it is
//! proposed where its name is well known and nothing that was dropped is called so, or a file declares it; what a
//! requirements file says outranks imports. Limitations: names that are made while the program runs are told and not
//! known; a package's version is known from a file alone.

pub(crate) mod command;
mod compiled;
mod condition;
mod declared;
mod files;
mod follow;
mod import;
mod launch;
mod lookup;
mod misread;
mod needs;
mod notebook;
mod package;
mod parse;
mod python_path;
mod read_file;
mod remarks;
mod rivals;
mod sights;
mod start;
#[cfg(test)]
mod tests;
mod unseen;
mod value;

pub use declared::{Declared, Lost, LostKind, declared_in, is_declaration, keep_pins, subjects};
pub use follow::read;
pub use launch::starts_python;
pub use misread::Misread;
pub use needs::{LocalModule, Needs, Place, Program, Requirement, Source};
pub use package::canonical;
pub use unseen::{Addition, Unseen, UnseenKind, Way};
