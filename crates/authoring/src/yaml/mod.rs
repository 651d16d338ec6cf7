//! YAML as the configuration file means it: every scalar is text, and every node knows where it stands.
//!
//! Reading follows PyYAML, with which the published client reads. [`patch()`] changes a text
//! so that it says something else and leaves alone what need not change, comments above all.

mod flaw;
mod parse;
mod patch;
mod scan;
mod source;
mod token;
mod tree;
mod write;

pub use flaw::{Flaw, YamlError};
pub use parse::parse;
pub use patch::patch;
pub use tree::{Content, Node};

/// What a YAML text says, without where and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A scalar, as written.
    Text(String),
    /// A sequence.
    List(Vec<Value>),
    /// A mapping, in the order of the file; of a key given twice the later value counts.
    Map(Vec<(String, Value)>),
}

impl Value {
    /// A scalar.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A mapping with one key.
    pub fn pair(key: &str, value: impl Into<String>) -> Self {
        Self::Map(vec![(key.to_owned(), Self::text(value))])
    }

    /// The value under `key` of a mapping.
    pub fn get(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Map(entries) => entries.iter().find(|(name, _)| name == key).map(|(_, value)| value),
            _ => None,
        }
    }

    /// Puts `value` under `key`, in its old place or at the end; `None` takes the key away. Anything but a mapping
    /// becomes one first.
    pub fn set(&mut self, key: &str, value: Option<Self>) {
        if !matches!(self, Self::Map(_)) {
            *self = Self::Map(Vec::new());
        }
        let Self::Map(entries) = self else { return };
        let place = entries.iter().position(|(name, _)| name == key);
        match (place, value) {
            (Some(place), Some(value)) => entries[place].1 = value,
            (Some(place), None) => {
                entries.remove(place);
            }
            (None, Some(value)) => entries.push((key.to_owned(), value)),
            (None, None) => {}
        }
    }

    /// Whether it is a mapping or list without entries.
    pub fn is_hollow(&self) -> bool {
        match self {
            Self::Text(_) => false,
            Self::List(items) => items.is_empty(),
            Self::Map(entries) => entries.is_empty(),
        }
    }
}
