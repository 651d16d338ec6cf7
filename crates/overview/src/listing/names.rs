//! The values of jobs that can be columns: arguments, and the last numbers of logs, by their names.

use std::collections::HashMap;

use super::{Entry, Index};

/// The names of columns are looked for in so many of the newest rows.
const MAX_SEEN: usize = 2000;

/// Names with the last number of each.
pub type Numbers = Vec<(String, f64)>;

impl Entry {
    /// The last number of this name, as far as it is known.
    pub fn number(&self, name: &str) -> Option<f64> {
        let mut numbers = self.numbers.iter().flatten();
        numbers.find(|(known, _)| known == name).map(|(_, number)| *number)
    }

    /// Whether its log was read for numbers.
    pub fn has_numbers(&self) -> bool {
        self.numbers.is_some()
    }
}

impl Index {
    /// The names of the arguments of the newest jobs, the most frequent first; at most `most`.
    pub fn argument_names(&self, most: usize) -> Vec<String> {
        let rows = self.seen().map(|entry| &entry.row);
        frequent(rows.flat_map(|row| row.arguments.iter().map(|(name, _)| name)), most)
    }

    /// The same of the numbers that are known.
    pub fn number_names(&self, most: usize) -> Vec<String> {
        let known = self.seen().flat_map(|entry| entry.numbers.iter().flatten());
        frequent(known.map(|(name, _)| name), most)
    }

    /// The rows whose names are offered.
    fn seen(&self) -> impl Iterator<Item = &Entry> {
        self.newest_first().take(MAX_SEEN).filter_map(|slot| self.get(slot))
    }
}

/// Each name once, the most frequent first.
fn frequent<'a>(names: impl Iterator<Item = &'a String>, most: usize) -> Vec<String> {
    let mut counts: HashMap<&String, usize> = HashMap::new();
    for name in names {
        *counts.entry(name).or_default() += 1;
    }
    let mut counted: Vec<(&String, usize)> = counts.into_iter().collect();
    counted.sort_by(|(name, count), (other, others)| others.cmp(count).then(name.cmp(other)));
    counted.into_iter().take(most).map(|(name, _)| name.clone()).collect()
}
