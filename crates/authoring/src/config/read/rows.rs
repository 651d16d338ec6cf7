//! Paths, arguments and environment variables.

use std::collections::BTreeMap;

use super::{Misfit, Reader};
use crate::{
    draft::{Column, Field, InputRow, List, PairRow, PathRow},
    yaml::{Content, Node},
};

impl Reader {
    pub(super) fn paths(&mut self, root: &Node) {
        let inputs = self.path_rows(root, "inputs", List::Inputs);
        self.draft().inputs = inputs.into_iter().map(input).collect();
        self.draft().outputs = self.path_rows(root, "outputs", List::Outputs);
        self.draft().s3_mounts = self.path_rows(root, "s3-mounts", List::S3Mounts);
        self.draft().datasets = self.path_rows(root, "datasets", List::Datasets);
    }

    fn path_rows(&mut self, root: &Node, key: &str, list: List) -> Vec<PathRow> {
        let mut rows = Vec::new();
        for item in self.list(root, key, list) {
            let Some(mut row) = self.path_entry(item) else {
                self.note(item, Misfit::PathEntry { key: key.to_owned() });
                continue;
            };
            self.at(Field::Cell(list, rows.len(), Column::First), item);
            self.closed(item, &row.var);
            if matches!(list, List::S3Mounts | List::Datasets) {
                self.closed(item, &row.path);
            }
            self.named(item, &mut row, key);
            rows.push(row);
        }
        rows
    }

    /// The path and variable of an entry; `None` when it has another form than the three.
    fn path_entry(&mut self, item: &Node) -> Option<PathRow> {
        if let Some(path) = item.as_text() {
            return Some(path_row(path, ""));
        }
        let (path, value) = self.only_entry(item)?;
        let var = match &value.content {
            Content::Text(var) => var,
            Content::Map(_) => {
                let (name, var) = self.only_entry(value)?;
                var.as_text().filter(|_| name.as_text() == Some("var"))?
            }
            Content::List(_) => return None,
        };
        if var.is_empty() && std::mem::replace(&mut self.has_nameless_variable, true) {
            let path = path.as_text().unwrap_or_default().to_owned();
            self.note(item, Misfit::VariableMissing { path });
        }
        Some(path_row(path.as_text()?, var))
    }

    /// The entry of a mapping with one key, which may stand there several times.
    fn only_entry<'a>(&mut self, map: &'a Node) -> Option<(&'a Node, &'a Node)> {
        let Content::Map(entries) = &map.content else {
            return None;
        };
        let (last, before) = entries.split_last()?;
        let key = last.0.as_text();
        if before.iter().any(|(name, _)| name.as_text() != key) {
            return None;
        }
        if !before.is_empty() {
            let key = key.unwrap_or_default().to_owned();
            self.note(&last.0, Misfit::KeyRepeated { key });
        }
        Some((&last.0, &last.1))
    }

    /// Sees to entries in which nothing is written.
    fn named(&mut self, item: &Node, row: &mut PathRow, key: &str) {
        let key_name = key.to_owned();
        match (row.path.as_str(), key) {
            ("", "inputs" | "outputs") => {
                row.path.push('.');
                self.note(item, Misfit::WholeFolder { key: key_name });
            }
            ("", _) => self.note(item, Misfit::EntryMissing { key: key_name }),
            (path, _) if row.var.is_empty() => self.filled(item, path, key),
            _ => {}
        }
    }

    pub(super) fn arguments(&mut self, root: &Node) -> Option<()> {
        let (name, value) = root.entry("args")?;
        self.at(Field::List(List::Arguments), name);
        let Content::Map(_) = &value.content else {
            self.note(name, Misfit::NotMap { key: "args".into() });
            return None;
        };
        let rows = self.pairs(value, List::Arguments);
        self.draft().arguments = self.sent_rows(name, rows, "args");
        Some(())
    }

    /// The entries of a mapping from texts to texts; the later one of two equal keys counts.
    fn pairs(&mut self, map: &Node, list: List) -> Rows {
        let mut rows = Rows::default();
        let Content::Map(entries) = &map.content else {
            return rows;
        };
        let texts = entries.iter().map(|(name, _)| name.as_text().unwrap_or_default());
        let last: BTreeMap<&str, usize> = texts.enumerate().map(|(place, key)| (key, place)).collect();
        for (place, (name, value)) in entries.iter().enumerate() {
            let key = name.as_text().unwrap_or_default();
            match value.as_text() {
                _ if last.get(key) != Some(&place) => self.place(&mut rows, named_row(key, ""), name, list),
                Some(text) => self.place(&mut rows, named_row(key, text), name, list),
                None => {
                    if key == "<<" {
                        self.note(name, Misfit::Merge);
                    }
                    let key = key.to_owned();
                    self.note(name, Misfit::NotText { key });
                }
            }
        }
        rows
    }

    /// Puts a row where one of the same name stands, or behind all.
    fn place(&mut self, rows: &mut Rows, row: PairRow, node: &Node, list: List) {
        let key = row.name.clone();
        let count = rows.rows.len();
        let place = *rows.places.entry(key.clone()).or_insert(count);
        if let Some(known) = rows.rows.get_mut(place) {
            *known = row;
            self.note(node, Misfit::KeyRepeated { key });
        } else {
            self.at(Field::Cell(list, place, Column::First), node);
            self.closed(node, &key);
            rows.rows.push(row);
        }
    }

    /// Refuses a row in which nothing is written: the form would leave it out, and the published client sends it.
    fn sent_rows(&mut self, name: &Node, rows: Rows, key: &str) -> Vec<PairRow> {
        let is_blank = |row: &PairRow| row.name.is_empty() && row.value.trim().is_empty();
        if rows.rows.iter().any(is_blank) {
            let key = key.to_owned();
            self.note(name, Misfit::EntryMissing { key });
        }
        rows.rows
    }

    pub(super) fn vars(&mut self, env: &Node) -> Option<()> {
        let (name, value) = env.entry("vars")?;
        self.at(Field::List(List::Env), name);
        let mut rows = Rows::default();
        match &value.content {
            Content::Map(_) => rows = self.pairs(value, List::Env),
            Content::List(items) => {
                for item in items.iter() {
                    match self.var(item) {
                        Some(row) => self.place(&mut rows, row, item, List::Env),
                        None => self.note(item, Misfit::NotText { key: "env.vars".into() }),
                    }
                }
            }
            Content::Text(_) => self.note(name, Misfit::NotList { key: "env.vars".into() }),
        }
        self.draft().env = self.sent_rows(name, rows, "env.vars");
        Some(())
    }

    /// A variable of the list. Of several below one dash the published client reads the first alone.
    fn var(&mut self, item: &Node) -> Option<PairRow> {
        let entries = match &item.content {
            Content::Text(name) => {
                return Some(PairRow {
                    is_asked: true,
                    ..named_row(name, "")
                });
            }
            Content::Map(entries) => entries,
            Content::List(_) => return None,
        };
        let first = entries.first()?.0.as_text()?;
        for (name, _) in entries.iter().skip(1) {
            let key = name.as_text().unwrap_or_default().to_owned();
            let misfit = match key.as_str() {
                "<<" => Misfit::Merge,
                key if key == first => Misfit::KeyRepeated { key: key.to_owned() },
                _ => Misfit::BelowOneDash { key },
            };
            self.note(name, misfit);
        }
        if first == "<<" && item.get(first)?.as_text().is_none() {
            self.note(item, Misfit::Merge);
        }
        Some(named_row(first, item.get(first)?.as_text()?))
    }
}

/// Rows with unlike names, in the order in which the names came.
#[derive(Default)]
struct Rows {
    rows: Vec<PairRow>,
    places: BTreeMap<String, usize>,
}

fn named_row(name: &str, value: &str) -> PairRow {
    PairRow {
        name: name.to_owned(),
        value: value.to_owned(),
        ..PairRow::default()
    }
}

fn path_row(path: &str, var: &str) -> PathRow {
    PathRow {
        path: path.to_owned(),
        var: var.to_owned(),
    }
}

fn input(row: PathRow) -> InputRow {
    InputRow {
        path: row.path,
        var: row.var,
        ..InputRow::default()
    }
}
