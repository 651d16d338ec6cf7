//! From the text to a draft.
//!
//! What the published client refuses is refused here, and what it passes over in silence is said.

mod environment;
mod place;
mod rows;

use std::collections::{BTreeMap, BTreeSet};

use super::{DATA_TTL, Misfit};
use crate::{
    draft::{Column, Draft, Field, Item, List},
    yaml::{self, Content, Flaw, Node},
};

/// The keys of a configuration.
pub(in crate::config) const KEYS: [&str; 17] = [
    "name",
    "desc",
    "cmd",
    "args",
    "inputs",
    "outputs",
    "s3-mounts",
    "datasets",
    "env",
    "flags",
    "cloud-instance-types",
    "cloud-instance-type",
    "working-storage",
    "output-datasets",
    "graceful-shutdown",
    "spark",
    DATA_TTL,
];

/// What a text says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    /// The draft, without what could not be understood.
    pub draft: Draft,
    /// What could not be understood, or was passed over.
    pub notes: Vec<Note>,
    /// The lines of the fields that the text names, counted from 1.
    pub lines: BTreeMap<Field, usize>,
}

impl Reading {
    /// Whether everything that counts was understood.
    pub fn is_understood(&self) -> bool {
        self.notes.iter().all(|note| note.misfit.is_warning())
    }

    /// The line of a field, or of what holds it.
    pub fn line(&self, field: Field) -> Option<usize> {
        let holder = match field {
            Field::Cell(list, row, _) => {
                let first = self.lines.get(&Field::Cell(list, row, Column::First));
                first.or_else(|| self.lines.get(&Field::List(list)))
            }
            _ => None,
        };
        self.lines.get(&field).or(holder).copied()
    }
}

/// Something at a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The line, counted from 1.
    pub line: usize,
    /// What it is.
    pub misfit: Misfit,
}

/// Reads a text. Whatever it is, the answer says what was understood and what was not.
pub fn read(text: &str) -> Reading {
    let mut reader = Reader::default();
    let misfit = match yaml::parse(text) {
        Ok(Some(root)) if matches!(&root.content, Content::Map(entries) if !entries.is_empty()) => {
            reader.root(&root);
            return reader.reading;
        }
        Ok(_) => Note {
            line: 1,
            misfit: Misfit::NotAConfig,
        },
        Err(error) => Note {
            line: error.line,
            misfit: Misfit::Yaml { flaw: error.flaw },
        },
    };
    reader.reading.notes.push(misfit);
    reader.reading
}

#[derive(Default)]
struct Reader {
    reading: Reading,
    /// Whether a path has a colon behind it and no variable.
    has_nameless_variable: bool,
}

impl Reader {
    fn draft(&mut self) -> &mut Draft {
        &mut self.reading.draft
    }

    fn note(&mut self, node: &Node, misfit: Misfit) {
        let line = node.line;
        self.reading.notes.push(Note { line, misfit });
    }

    fn at(&mut self, field: Field, node: &Node) {
        self.reading.lines.insert(field, node.line);
    }

    /// Says which keys are not among the `known` ones, or stand twice.
    fn known(&mut self, node: &Node, known: &[&str]) {
        let Content::Map(entries) = &node.content else { return };
        let mut seen = BTreeSet::new();
        for (name, _) in entries.iter() {
            let key = name.as_text().unwrap_or_default().to_owned();
            if !seen.insert(key.clone()) {
                self.note(name, Misfit::KeyRepeated { key });
            } else if key == "<<" {
                self.note(name, Misfit::Merge);
            } else if !known.contains(&key.as_str()) {
                self.note(name, Misfit::UnknownKey { key });
            }
        }
    }

    fn root(&mut self, root: &Node) {
        self.known(root, &KEYS);
        self.whole_letters(root);
        // Where it is missing, the form asks for it.
        self.at(Field::Item(Item::Cmd), root);
        self.item(root, "name", Item::Name);
        self.item(root, "desc", Item::Desc);
        self.item(root, "cmd", Item::Cmd);
        self.item(root, DATA_TTL, Item::DataTtl);
        self.paths(root);
        self.arguments(root);
        self.environment(root);
        self.flags(root);
        self.instance_types(root);
        self.storage(root);
        self.output_datasets(root);
        self.shutdown(root);
        self.spark(root);
    }

    /// Refuses halves of characters in what is read: the published client takes them, and fails when it sends them.
    fn whole_letters(&mut self, root: &Node) {
        for key in KEYS {
            if let Some(broken) = root.get(key).and_then(Node::broken) {
                self.note(broken, Misfit::Yaml { flaw: Flaw::Surrogate });
            }
        }
    }

    /// A key with a text, put where it belongs.
    fn item(&mut self, holder: &Node, key: &str, item: Item) -> Option<()> {
        let (name, value) = holder.entry(key)?;
        self.at(Field::Item(item), name);
        match value.as_text() {
            Some(text) => self.draft().item_mut(item).push_str(text),
            None => self.note(name, Misfit::NotText { key: key.to_owned() }),
        }
        Some(())
    }

    /// As [`Self::item`], but an empty text, list or mapping is none.
    fn optional_item(&mut self, holder: &Node, key: &str, item: Item) -> Option<()> {
        let (name, value) = holder.entry(key)?;
        if value.is_hollow() {
            self.at(Field::Item(item), name);
            return None;
        }
        self.item(holder, key, item)
    }

    fn list<'a>(&mut self, holder: &'a Node, key: &str, list: List) -> &'a [Node] {
        let Some((name, value)) = holder.entry(key) else {
            return &[];
        };
        self.at(Field::List(list), name);
        match &value.content {
            Content::List(items) => items,
            _ => {
                self.note(name, Misfit::NotList { key: key.to_owned() });
                &[]
            }
        }
    }

    /// A list of texts.
    fn texts(&mut self, holder: &Node, key: &str, list: List) -> Vec<String> {
        let mut texts = Vec::new();
        for item in self.list(holder, key, list) {
            match item.as_text() {
                Some(text) => {
                    self.at(Field::Cell(list, texts.len(), Column::First), item);
                    self.filled(item, text, key);
                    texts.push(text.to_owned());
                }
                None => self.note(item, Misfit::NotText { key: key.to_owned() }),
            }
        }
        texts
    }

    /// As [`Self::texts`], but an empty text, list or mapping is none.
    fn optional_texts(&mut self, holder: &Node, key: &str, list: List) -> Vec<String> {
        match holder.get(key) {
            Some(value) if !value.is_hollow() => self.texts(holder, key, list),
            _ => Vec::new(),
        }
    }

    /// Says that an entry is empty, since no row comes of it.
    fn filled(&mut self, item: &Node, text: &str, key: &str) {
        if text.trim().is_empty() {
            self.note(item, Misfit::EmptyEntry { key: key.to_owned() });
        }
    }

    /// Refuses blanks around a name: the form takes them away, in the file they count.
    fn closed(&mut self, node: &Node, text: &str) {
        if text.trim() != text {
            let text = text.to_owned();
            self.note(node, Misfit::EdgeBlank { text });
        }
    }

    /// The name of `key` and the mapping under it, which has to be one.
    fn only_mapping<'a>(&mut self, holder: &'a Node, key: &str) -> Option<(&'a Node, &'a Node)> {
        let (name, value) = holder.entry(key)?;
        if matches!(value.content, Content::Map(_)) {
            return Some((name, value));
        }
        let key = key.to_owned();
        self.note(name, Misfit::NotMap { key });
        None
    }

    /// The mapping under `key`. Where there is something else, it is passed over unless Python's `in` finds one of
    /// `keys` in it, at which the published client stumbles.
    fn mapping<'a>(&mut self, holder: &'a Node, key: &str, path: &str, keys: &[&str]) -> Option<&'a Node> {
        let (name, value) = holder.entry(key)?;
        let holds = |key: &&str| match &value.content {
            Content::Text(text) => text.contains(*key),
            Content::List(items) => items.iter().any(|item| item.as_text() == Some(*key)),
            Content::Map(_) => true,
        };
        let key = path.to_owned();
        if matches!(value.content, Content::Map(_)) {
            self.known(value, keys);
            return Some(value);
        }
        if keys.iter().any(holds) {
            self.note(name, Misfit::NotMap { key });
        } else if value.as_text() != Some("") {
            self.note(name, Misfit::HoldsNothing { key });
        }
        None
    }
}
