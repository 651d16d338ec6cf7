//! What a Python program needs, found by reading its files without running them: its main module, the modules of its own
//! that are sent with it, and the packages to install.
//!
//! ```
//! use jobsphere_authoring::python::{Program, Source, read};
//!
//! let source = |path: &str, text: &str| Source { path: path.into(), text: text.into() };
//! let needs = read(&Program {
//!     cmd: "python main.py --epochs 3".into(),
//!     root_paths: Vec::new(),
//!     minor: 12,
//!     files: vec![
//!         source("main.py", "import os, yaml\nfrom model import Net\n"),
//!         source("model.py", "import torch\n"),
//!     ],
//! });
//! assert_eq!(needs.main.as_deref(), Some("main.py"));
//! assert_eq!(needs.local_modules[0].path, "model.py");
//! let packages: Vec<&str> = needs.requirements.iter().map(|need| need.package.as_str()).collect();
//! assert_eq!(packages, ["PyYAML", "torch"]);
//! ```
//!
//! The published client runs the program's imports and looks at what its interpreter has then loaded. A page has neither,
//! so here the files are parsed and the imports followed as Python would. Limitations: names that are made while the
//! program runs are not seen, nor is a `sys.path` that it changes; a package's version is not known, and its name is a
//! guess where no table has it.

pub(crate) mod command;
mod condition;
mod files;
mod follow;
mod import;
mod launch;
mod lookup;
mod misread;
mod needs;
mod package;
mod parse;
#[cfg(test)]
mod tests;

pub use follow::read;
pub use misread::Misread;
pub use needs::{LocalModule, Needs, Place, Program, Requirement, Source};
