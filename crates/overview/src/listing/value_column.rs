//! Columns that hold a value of each job, chosen by its name.

use super::{Column, Query, Sort};

/// More columns of values than these are not shown.
pub const MAX_VALUES: usize = 8;

/// A value of a job that is a column.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ValueColumn {
    /// An argument, by its name.
    Argument(String),
    /// The last number of this name in the log.
    Number(String),
}

impl ValueColumn {
    /// Its name.
    pub fn name(&self) -> &str {
        match self {
            Self::Argument(name) | Self::Number(name) => name,
        }
    }

    /// As an address says it: `arg.lr`, `num.loss`.
    pub fn word(&self) -> String {
        match self {
            Self::Argument(name) => format!("arg.{name}"),
            Self::Number(name) => format!("num.{name}"),
        }
    }

    /// Reads what [`ValueColumn::word`] wrote.
    pub fn from_word(word: &str) -> Option<Self> {
        let (kind, name) = word.split_once('.').filter(|(_, name)| !name.is_empty())?;
        match kind {
            "arg" => Some(Self::Argument(name.to_owned())),
            "num" => Some(Self::Number(name.to_owned())),
            _ => None,
        }
    }
}

impl Query {
    pub(super) fn add_value(&mut self, word: &str) {
        let value = ValueColumn::from_word(word).filter(|value| !self.values.contains(value));
        if self.values.len() < MAX_VALUES {
            self.values.extend(value);
        }
    }

    /// The same with a value as a column, or without it. What was ordered by one that goes is in the usual order.
    pub fn turn_value(&mut self, value: &ValueColumn) {
        let ordered_by = match self.sort.column {
            Column::Value(place) => self.values.get(usize::from(place)).cloned(),
            _ => None,
        };
        match self.values.iter().position(|other| other == value) {
            Some(place) => drop(self.values.remove(place)),
            None if self.values.len() < MAX_VALUES => self.values.push(value.clone()),
            None => {}
        }
        if let Some(value) = ordered_by {
            let place = self.values.iter().position(|other| *other == value);
            match place.and_then(|place| u8::try_from(place).ok()) {
                Some(place) => self.sort.column = Column::Value(place),
                None => self.sort = Sort::default(),
            }
        }
    }
}
