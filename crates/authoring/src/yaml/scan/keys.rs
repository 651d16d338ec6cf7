//! Keys without `?`: what may become one is remembered until its `:` is found, or cannot come any more.

use std::collections::BTreeMap;

use super::{Scanner, column};
use crate::yaml::{
    flaw::{Flaw, YamlError},
    token::{Kind, Token},
};

/// How far behind the beginning of a key its `:` may stand, in characters.
const MAX_KEY: usize = 1024;

/// What may become a key, by the number of brackets around it.
#[derive(Default)]
pub(super) struct Keys(BTreeMap<i32, Candidate>);

#[derive(Clone, Copy)]
struct Candidate {
    /// The word that begins it.
    token: usize,
    /// Whether nothing but a key can stand there.
    is_needed: bool,
    at: usize,
    row: usize,
    column: i64,
}

impl Scanner {
    /// Remembers that the next word may begin a key.
    pub(super) fn save_key(&mut self) -> Result<(), YamlError> {
        if !self.can_be_key {
            return Ok(());
        }
        self.drop_key()?;
        let column = column(&self.source);
        let candidate = Candidate {
            token: self.tokens.len(),
            is_needed: self.flow == 0 && self.indent == column,
            at: self.source.at,
            row: self.source.row,
            column,
        };
        self.keys.0.insert(self.flow, candidate);
        Ok(())
    }

    /// Forgets what may become a key here.
    pub(super) fn drop_key(&mut self) -> Result<(), YamlError> {
        match self.keys.0.remove(&self.flow) {
            Some(candidate) if candidate.is_needed => Err(self.source.error(candidate.at, Flaw::ColonMissing)),
            _ => Ok(()),
        }
    }

    /// Forgets what cannot become a key any more: it has to stand in one line, and not be too long.
    pub(super) fn drop_stale_keys(&mut self) -> Result<(), YamlError> {
        let (row, at) = (self.source.row, self.source.at);
        let is_stale = |key: &Candidate| key.row != row || at - key.at > MAX_KEY;
        let mut needed = self.keys.0.values().filter(|key| is_stale(key) && key.is_needed);
        if let Some(key) = needed.next() {
            return Err(self.source.error(key.at, Flaw::ColonMissing));
        }
        self.keys.0.retain(|_, key| !is_stale(key));
        Ok(())
    }

    /// Makes a key of what may be one, now that its `:` is found; `false` when nothing may.
    pub(super) fn take_key(&mut self) -> bool {
        let Some(key) = self.keys.0.remove(&self.flow) else {
            return false;
        };
        let word = |kind| Token {
            kind,
            start: key.at,
            end: key.at,
        };
        self.tokens.insert(key.token, word(Kind::Key));
        if self.flow == 0 && self.is_deeper(key.column) {
            self.tokens.insert(key.token, word(Kind::BlockMapStart));
        }
        self.can_be_key = false;
        true
    }
}
