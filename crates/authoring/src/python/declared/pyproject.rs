//! `pyproject.toml`: the standard's own table, or Poetry's.

use toml::{Table, Value};

use super::{Declared, LostKind, line::Line, lock, plain, poetry, requirements};
use crate::python::files::{Files, folder_of, join, tidy};

/// What the file asks for; `None` when it asks for nothing in a way that is known.
pub(super) fn read(path: &str, text: &str, files: &Files) -> Option<Declared> {
    let text = plain(text);
    let Ok(table) = text.parse::<Table>() else {
        let mut declared = Declared {
            path: path.to_owned(),
            ..Declared::default()
        };
        declared.lose(path, 1, "pyproject.toml", LostKind::Unclear);
        return Some(declared);
    };
    let mut reader = Reader {
        path,
        text: &text,
        declared: Declared {
            path: path.to_owned(),
            ..Declared::default()
        },
        lines: Vec::new(),
    };
    let project = table.get("project").and_then(|project| project.get("dependencies"));
    let poetry = at(&table, &["tool", "poetry", "dependencies"]).and_then(Value::as_table);
    let dynamic = at(&table, &["tool", "setuptools", "dynamic", "dependencies", "file"]);
    match (project.and_then(Value::as_array), poetry, dynamic) {
        (Some(standard), _, _) => standard.iter().for_each(|line| reader.standard(line)),
        (None, Some(poetry), _) => poetry.iter().for_each(|(name, wish)| reader.poetry(name, wish)),
        (None, None, Some(names)) => return included(path, names, files),
        (None, None, None) => return None,
    }
    reader.indexes(&table);
    let locked = lock::versions(folder_of(path), files);
    for line in &mut reader.lines {
        let is_exact = line.versions.starts_with("==") && !line.versions.ends_with('*');
        if let (Some(version), false) = (locked.get(&line.subject()), is_exact || !line.address.is_empty()) {
            line.versions = format!("=={version}");
        }
    }
    let mut declared = reader.declared;
    declared.lines.extend(reader.lines.iter().map(Line::written));
    Some(declared)
}

fn at<'a>(table: &'a Table, keys: &[&str]) -> Option<&'a Value> {
    let (first, rest) = keys.split_first()?;
    rest.iter().try_fold(table.get(*first)?, |value, key| value.get(key))
}

/// Files that setuptools reads.
fn included(path: &str, names: &Value, files: &Files) -> Option<Declared> {
    let names = match names {
        Value::String(name) => vec![name.as_str()],
        Value::Array(names) => names.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let mut paths = names.iter().filter_map(|name| tidy(&join(folder_of(path), name)));
    let first = paths.find(|path| files.text(path).is_some())?;
    Some(requirements::read(&first, files))
}

struct Reader<'a> {
    path: &'a str,
    text: &'a str,
    declared: Declared,
    lines: Vec<Line>,
}

impl Reader<'_> {
    fn standard(&mut self, line: &Value) {
        let written = line.as_str().unwrap_or_default();
        match Line::parse(written) {
            Some(line) if line.address.starts_with("file:") => self.lose(written, LostKind::Local),
            Some(line) => self.lines.push(line),
            None => self.lose(written, LostKind::Unclear),
        }
    }

    fn poetry(&mut self, name: &str, wish: &Value) {
        if name == "python" {
            return;
        }
        let table = wish.as_table();
        let text = |key: &str| table.and_then(|table| table.get(key)?.as_str());
        if table.and_then(|table| table.get("optional")?.as_bool()) == Some(true) {
            return;
        }
        if wish.is_array() || text("path").is_some() {
            let kind = if wish.is_array() {
                LostKind::Unclear
            } else {
                LostKind::Local
            };
            return self.lose(name, kind);
        }
        let versions = wish.as_str().or_else(|| text("version")).unwrap_or("*");
        let Some(versions) = poetry::versions(versions) else {
            return self.lose(&format!("{name} = {versions}"), LostKind::Unclear);
        };
        let extras = table.and_then(|table| table.get("extras")?.as_array());
        let extras: Vec<&str> = extras.into_iter().flatten().filter_map(Value::as_str).collect();
        let address = match (text("git"), text("url")) {
            (Some(git), _) => {
                let at = ["rev", "tag", "branch"].iter().find_map(|key| text(key));
                format!("git+{git}{}", at.map(|at| format!("@{at}")).unwrap_or_default())
            }
            (None, url) => url.unwrap_or_default().to_owned(),
        };
        self.lines.push(Line {
            name: match extras.is_empty() {
                true => name.to_owned(),
                false => format!("{name}[{}]", extras.join(",")),
            },
            versions,
            address,
            marker: text("markers").unwrap_or_default().to_owned(),
        });
    }

    /// Indexes of Poetry and of uv.
    fn indexes(&mut self, table: &Table) {
        for keys in [["tool", "poetry", "source"], ["tool", "uv", "index"]] {
            for index in at(table, &keys).and_then(Value::as_array).into_iter().flatten() {
                let Some(url) = index.get("url").and_then(Value::as_str) else {
                    continue;
                };
                let is_default = index.get("default").and_then(Value::as_bool) == Some(true)
                    || index.get("priority").and_then(Value::as_str) == Some("default");
                match is_default {
                    true => self.declared.index_url = url.to_owned(),
                    false => self.declared.lines.push(format!("--extra-index-url {url}")),
                }
            }
        }
    }

    fn lose(&mut self, written: &str, kind: LostKind) {
        if self.declared.has_lost_much() {
            return;
        }
        let line = self.text.lines().position(|line| line.contains(written)).unwrap_or(0) + 1;
        self.declared.lose(self.path, line, written, kind);
    }
}
