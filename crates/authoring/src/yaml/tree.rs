//! What a text says, as a tree of nodes with places.

use std::{collections::BTreeMap, rc::Rc};

use super::Value;

/// A value with its place in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Line of its beginning, counted from 1.
    pub line: usize,
    /// Bytes of the text from its first to behind its last character.
    pub range: std::ops::Range<usize>,
    /// What it says.
    pub content: Content,
    /// Whether its children stand in lines of their own, not in `[…]` or `{…}`.
    pub(super) is_block: bool,
    /// Whether it is a mention of another node, `*name`, or may be mentioned itself.
    pub(super) is_shared: bool,
    /// Whether its text names half a character, which no text here can hold.
    pub(super) is_broken: bool,
}

/// What a node says. Collections are shared between a node and its mentions, so that a short text stays small.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// A scalar, as written.
    Text(String),
    /// A sequence.
    List(Rc<[Node]>),
    /// Keys and values in the order of the file.
    Map(Rc<[(Node, Node)]>),
}

impl Node {
    /// The scalar's text.
    pub fn as_text(&self) -> Option<&str> {
        match &self.content {
            Content::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The value under `key` of a mapping; of several the last, as in the published client.
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.entry(key).map(|(_, value)| value)
    }

    /// The key and value of a mapping under `key`.
    pub fn entry(&self, key: &str) -> Option<(&Self, &Self)> {
        let Content::Map(entries) = &self.content else {
            return None;
        };
        let (name, value) = entries.iter().rfind(|(name, _)| name.as_text() == Some(key))?;
        Some((name, value))
    }

    /// Whether it is an empty text, list or mapping.
    pub fn is_hollow(&self) -> bool {
        match &self.content {
            Content::Text(text) => text.is_empty(),
            Content::List(items) => items.is_empty(),
            Content::Map(entries) => entries.is_empty(),
        }
    }

    /// The first node, from this one on, whose text names half a character.
    pub fn broken(&self) -> Option<&Self> {
        match &self.content {
            Content::Text(_) => self.is_broken.then_some(self),
            Content::List(items) => items.iter().find_map(Self::broken),
            Content::Map(entries) => entries
                .iter()
                .find_map(|(name, value)| name.broken().or_else(|| value.broken())),
        }
    }

    /// What it says.
    pub fn value(&self) -> Value {
        match &self.content {
            Content::Text(text) => Value::Text(text.clone()),
            Content::List(items) => Value::List(items.iter().map(Self::value).collect()),
            Content::Map(entries) => {
                let mut places = BTreeMap::new();
                let mut map: Vec<(String, Value)> = Vec::new();
                for (key, value) in entries.iter() {
                    let key = key.as_text().unwrap_or_default();
                    let place = *places.entry(key).or_insert(map.len());
                    match map.get_mut(place) {
                        Some(known) => known.1 = value.value(),
                        None => map.push((key.to_owned(), value.value())),
                    }
                }
                Value::Map(map)
            }
        }
    }
}

/// Where a collection in lines ends: with its last entry, before comments that follow.
pub(super) fn last_end(node: &Node) -> usize {
    let end = match &node.content {
        Content::List(items) => items.last().map(|item| item.range.end),
        Content::Map(entries) => entries.last().map(|(key, value)| value.range.end.max(key.range.end)),
        Content::Text(_) => None,
    };
    end.unwrap_or(node.range.end)
}
