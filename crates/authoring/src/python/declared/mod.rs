//! What files say is to be installed: `requirements.txt` and its like, and `pyproject.toml`. They outrank imports.

mod line;
mod lock;
mod poetry;
mod pyproject;
mod requirements;

use super::{
    Place, Program, Source,
    files::{Files, base_of, folder_of, join},
    package::canonical,
    parse::shown,
    start::Start,
};
pub use line::{keep_pins, subjects};

const REQUIREMENTS: &str = "requirements.txt";
const PYPROJECT: &str = "pyproject.toml";
/// More is not told.
const MOST_LOST: usize = 100;

/// What a file says is to be installed.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Declared {
    /// Which file.
    pub path: String,
    /// Requirements, with all that the service takes; also further indexes, as options.
    pub lines: Vec<String>,
    /// The package index; empty for the usual one.
    pub index_url: String,
    /// What cannot be kept.
    pub lost: Vec<Lost>,
    /// Whether the lines are those of the file as they stand, so that a client that reads it alone asks for the same.
    pub is_plain: bool,
}

/// Something that a file says and that is not kept.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Lost {
    /// Where it stands.
    pub at: Place,
    /// What stands there.
    pub written: String,
    /// Why it is lost.
    pub kind: LostKind,
}

/// Why something is lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum LostKind {
    /// Hashes do not travel.
    Hash,
    /// A package in a folder or file of this machine.
    Local,
    /// An option that the service does not take.
    Option,
    /// Another file that is not at hand, or cannot be read.
    Missing,
    /// A version of a package that is not required itself.
    Constraint,
    /// It is not understood.
    Unclear,
}

impl Declared {
    fn has_lost_much(&self) -> bool {
        self.lost.len() >= MOST_LOST
    }

    fn lose(&mut self, path: &str, line: usize, written: &str, kind: LostKind) {
        if !self.has_lost_much() {
            self.lost.push(Lost {
                at: Place {
                    path: path.to_owned(),
                    line,
                    cell: None,
                },
                written: shown(written),
                kind,
            });
        }
    }
}

/// Whether a file may say what is to be installed, by its path.
pub fn is_declaration(path: &str) -> bool {
    let base = base_of(path).to_lowercase();
    let is_text = base.ends_with(".txt") || base.ends_with(".in");
    let is_named = ["require", "constraint", "depend", "deps"]
        .iter()
        .any(|part| base.contains(part));
    let is_inside = base_of(folder_of(path)) == "requirements";
    is_text && (is_named || is_inside) || base == PYPROJECT || lock::NAMES.contains(&&*base)
}

/// What the file at `path` says, one of `sources`, with those that it includes; `None` when it is not among them, or asks
/// for nothing in a way that is known.
pub fn declared_in(path: &str, sources: &[Source]) -> Option<Declared> {
    read(path, &Files::with(sources, &[]))
}

fn read(path: &str, files: &Files) -> Option<Declared> {
    let text = files.text(path)?;
    match base_of(path) == PYPROJECT {
        true => pyproject::read(path, text, files),
        false => {
            let mut declared = requirements::read(path, files);
            let text = plain(text);
            let lines = text.lines().map(str::trim);
            let lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
            declared.is_plain = declared.lost.is_empty() && lines.eq(declared.lines.iter());
            Some(declared)
        }
    }
}

/// What the file that counts for the program says: the one that is asked for, or the one that lies nearest to where the
/// command runs and to its script.
pub(super) fn find(program: &Program, files: &Files, start: &Start) -> Option<Declared> {
    let asked = program.requirements_file.trim();
    if !asked.is_empty() {
        return read(&super::files::tidy(asked)?, files);
    }
    let around = |folder: &str| {
        let folders = std::iter::successors(Some(folder.to_owned()), |folder| {
            (!folder.is_empty()).then(|| folder_of(folder).to_owned())
        });
        folders.collect::<Vec<_>>()
    };
    let folders = around(&start.folder).into_iter().chain(around(&start.script_folder));
    folders.into_iter().find_map(|folder| {
        let names = [REQUIREMENTS, PYPROJECT].iter();
        names
            .map(|name| join(&folder, name))
            .find_map(|path| read(&path, files))
    })
}

/// Text as editors and shells leave it: PowerShell writes UTF-16, which is plain again without its empty bytes.
fn plain(text: &str) -> String {
    match text.contains('\0') {
        true => text.replace(['\0', '\u{fffd}', '\u{feff}'], ""),
        false => text.trim_start_matches('\u{feff}').to_owned(),
    }
}
