//! The files of a program, each read once.

use std::{collections::HashMap, rc::Rc};

use super::{
    Misread, Place,
    files::Files,
    import::Import,
    notebook::{Magic, Notebook, is_notebook},
    parse::{Parsed, parse},
    sights::Sight,
    start::Start,
    value::Known,
};

/// What a file says, with places.
#[derive(Debug, Default)]
pub(super) struct FileRead {
    pub imports: Vec<(Import, Place)>,
    pub sights: Vec<(Sight, Place, String)>,
    pub magics: Vec<(Magic, Place)>,
    pub problems: Vec<Misread>,
}

/// Remembers what was read.
#[derive(Debug, Default)]
pub(super) struct Reader(HashMap<String, Rc<FileRead>>);

impl Reader {
    pub(super) fn known(&self, path: &str) -> Option<&FileRead> {
        self.0.get(path).map(|read| &**read)
    }

    pub(super) fn read(&mut self, path: &str, files: &Files, start: &Start, minor: u8) -> Rc<FileRead> {
        if let Some(read) = self.0.get(path) {
            return read.clone();
        }
        let read = Rc::new(match files.text(path) {
            Some(text) => FileRead::of(path, text, start, minor),
            None => FileRead::unread(path),
        });
        self.0.insert(path.to_owned(), read.clone());
        read
    }
}

impl FileRead {
    fn of(path: &str, text: &str, start: &Start, minor: u8) -> Self {
        let known = Known {
            file: path,
            folder: &start.folder,
            script_folder: &start.script_folder,
            names: HashMap::new(),
        };
        if !is_notebook(path) {
            let at = |line| Place {
                path: path.to_owned(),
                line,
                cell: None,
            };
            let mut read = Self::placed(parse(text, minor, known), at);
            read.problems
                .extend(undecoded(text).map(|line| Misread::Encoding { at: at(line) }));
            return read;
        }
        let Some(notebook) = Notebook::read(text) else {
            return Self::unread(path);
        };
        let at = |line| {
            let (cell, line) = notebook.place(line);
            Place {
                path: path.to_owned(),
                line,
                cell: Some(cell),
            }
        };
        let mut read = Self::placed(parse(&notebook.text, minor, known), at);
        let magics: Vec<Place> = notebook.magics.iter().map(|magic| at(magic.line)).collect();
        read.magics = notebook.magics.into_iter().zip(magics).collect();
        read
    }

    fn placed(parsed: Parsed, at: impl Fn(usize) -> Place) -> Self {
        let mut problems = Vec::new();
        if let Some((line, message)) = parsed.error {
            problems.push(Misread::Syntax { at: at(line), message });
        }
        if parsed.is_too_deep {
            problems.push(Misread::TooDeep { at: at(1) });
        }
        let imports = parsed.imports.into_iter().map(|(import, line)| (import, at(line)));
        let sights = parsed.sights.into_iter();
        Self {
            imports: imports.collect(),
            sights: sights
                .map(|(sight, line, written)| (sight, at(line), written))
                .collect(),
            magics: Vec::new(),
            problems,
        }
    }

    fn unread(path: &str) -> Self {
        let path = path.to_owned();
        Self {
            problems: vec![Misread::Unread { path }],
            ..Self::default()
        }
    }
}

/// The first line that is not UTF-8, of a file that does not say what else it is.
fn undecoded(text: &str) -> Option<usize> {
    let named = |line: &str| line.trim_start_matches('\u{feff}').starts_with('#') && line.contains("coding");
    if text.lines().take(2).any(named) {
        return None;
    }
    let before = &text[..text.find(['\u{fffd}', '\0'])?];
    Some(before.matches('\n').count() + 1)
}
