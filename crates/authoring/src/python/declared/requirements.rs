//! `requirements.txt`, and the files that it includes.

use std::collections::BTreeMap;

use super::{Declared, LostKind, line::Line, plain};
use crate::python::files::{Files, folder_of, join, tidy};

/// Files that include one another end here.
const DEEPEST: usize = 10;
/// More lines are no requirements.
const MOST_LINES: usize = 20_000;

/// Reads the file at `path`, which is at hand, and those that it names.
pub(super) fn read(path: &str, files: &Files) -> Declared {
    let mut reader = Reader {
        files,
        declared: Declared {
            path: path.to_owned(),
            ..Declared::default()
        },
        found: Vec::new(),
        options: Vec::new(),
        constraints: BTreeMap::new(),
        open: Vec::new(),
        left: MOST_LINES,
    };
    reader.file(path, false);
    reader.end()
}

struct Reader<'a> {
    files: &'a Files<'a>,
    declared: Declared,
    found: Vec<Found>,
    options: Vec<String>,
    /// Versions by package, each with its place, which is emptied when it has served.
    constraints: BTreeMap<String, (String, String, usize)>,
    /// Files that are being read.
    open: Vec<String>,
    left: usize,
}

enum Found {
    Named(Line),
    /// An address alone.
    Address(String),
}

impl Reader<'_> {
    fn file(&mut self, path: &str, is_constraint: bool) {
        let Some(text) = self.files.text(path) else { return };
        if self.open.len() == DEEPEST || self.open.iter().any(|open| open == path) {
            return;
        }
        self.open.push(path.to_owned());
        let text = plain(text);
        let mut whole = String::new();
        let mut first = 0;
        for (index, line) in text.lines().enumerate() {
            if self.left == 0 {
                break;
            }
            self.left -= 1;
            if whole.is_empty() {
                first = index + 1;
            }
            let line = without_comment(line);
            match line.strip_suffix('\\') {
                Some(part) => whole = whole + part + " ",
                None => {
                    whole += line;
                    let line = std::mem::take(&mut whole);
                    self.line(path, first, line.trim(), is_constraint);
                }
            }
        }
        let rest = whole.trim().to_owned();
        self.line(path, first, &rest, is_constraint);
        self.open.pop();
    }

    fn line(&mut self, path: &str, number: usize, line: &str, is_constraint: bool) {
        if line.is_empty() {
            return;
        }
        if line.starts_with('-') {
            self.option(path, number, line, is_constraint);
            return;
        }
        let requirement = match line.find(" --") {
            Some(at) => {
                let hashes = &line[at..];
                let kind = if hashes.contains("--hash") {
                    LostKind::Hash
                } else {
                    LostKind::Option
                };
                self.declared.lose(path, number, line, kind);
                &line[..at]
            }
            None => line,
        };
        match Line::parse(requirement) {
            Some(mut named) => {
                if named.address.starts_with("file:") || named.address.starts_with(['.', '/']) {
                    // What conda has installed says so; the package is one of the index all the same.
                    self.declared.lose(path, number, line, LostKind::Local);
                    named.address.clear();
                }
                match is_constraint {
                    true => {
                        let place = (named.versions.clone(), path.to_owned(), number);
                        self.constraints.insert(named.subject(), place);
                    }
                    false => self.found.push(Found::Named(named)),
                }
            }
            None if is_address(requirement) && !is_constraint => self.address(requirement),
            None => {
                let is_local = requirement.starts_with(['.', '/']) || requirement.ends_with(".whl");
                let kind = if is_local { LostKind::Local } else { LostKind::Unclear };
                self.declared.lose(path, number, line, kind);
            }
        }
    }

    fn address(&mut self, address: &str) {
        let named = address
            .split_once("#egg=")
            .map(|(_, name)| name.split('&').next().unwrap_or_default());
        self.found.push(match named.and_then(Line::parse) {
            Some(line) => Found::Named(Line {
                address: address.split('#').next().unwrap_or_default().to_owned(),
                versions: String::new(),
                ..line
            }),
            None => Found::Address(address.to_owned()),
        });
    }

    fn option(&mut self, path: &str, number: usize, line: &str, is_constraint: bool) {
        let end = line
            .find(|letter: char| letter == '=' || letter.is_whitespace())
            .unwrap_or(line.len());
        let (mut name, mut value) = (&line[..end], line[end..].trim_start_matches('=').trim());
        if !name.starts_with("--") && name.len() > 2 && name.is_char_boundary(2) {
            // `-rother.txt`.
            (name, value) = (&name[..2], line[2..].trim());
        }
        let value = value.trim_matches(['"', '\'']);
        match name {
            "-r" | "--requirement" | "-c" | "--constraint" => {
                let inner = tidy(&join(folder_of(path), value));
                match inner.filter(|inner| self.files.text(inner).is_some()) {
                    Some(inner) => self.file(&inner, is_constraint || matches!(name, "-c" | "--constraint")),
                    None => self.declared.lose(path, number, line, LostKind::Missing),
                }
            }
            "-i" | "--index-url" | "--pypi-url" => self.declared.index_url = value.to_owned(),
            "--extra-index-url" | "--trusted-host" => self.options.push(format!("{name} {value}")),
            "--no-deps" => self.options.push(name.to_owned()),
            "-e" | "--editable" => match is_address(value) {
                true => self.address(value),
                false => self.declared.lose(path, number, line, LostKind::Local),
            },
            _ => self.declared.lose(path, number, line, LostKind::Option),
        }
    }

    fn end(mut self) -> Declared {
        let mut lines = self.options;
        lines.dedup();
        for found in self.found {
            lines.push(match found {
                Found::Address(address) => address,
                Found::Named(mut line) => {
                    let subject = line.subject();
                    if let Some((versions, used, _)) = self.constraints.get_mut(&subject) {
                        line.constrain(versions);
                        used.clear();
                    }
                    line.written()
                }
            });
        }
        for (name, (versions, path, number)) in self.constraints {
            if !path.is_empty() && !versions.is_empty() {
                let written = format!("{name}{versions}");
                self.declared.lose(&path, number, &written, LostKind::Constraint);
            }
        }
        self.declared.lines = lines;
        self.declared
    }
}

fn is_address(text: &str) -> bool {
    ["git+", "hg+", "svn+", "bzr+", "http://", "https://"]
        .iter()
        .any(|start| text.starts_with(start))
}

fn without_comment(line: &str) -> &str {
    let line = line.trim();
    if line.starts_with('#') {
        return "";
    }
    match line.find(" #").or_else(|| line.find("\t#")) {
        Some(at) => line[..at].trim_end(),
        None => line,
    }
}
