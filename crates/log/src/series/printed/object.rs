//! One object in a line: JSON as programs write it, with NaN and Infinity, or a dictionary of Python.

use super::{Number, is_name, number};

/// Objects within objects.
const MAX_DEPTH: usize = 8;

/// Reads the object that `text` is; nothing of what is none.
pub(super) fn read(text: &str, found: &mut Vec<Number>) {
    let mut reader = Reader { rest: text };
    let mut all = Vec::new();
    if reader.object("", 0, &mut all).is_some() && reader.rest.trim().is_empty() {
        found.append(&mut all);
    }
}

struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    fn skip(&mut self, sign: char) -> bool {
        self.rest = self.rest.trim_start();
        match self.rest.strip_prefix(sign) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn object(&mut self, prefix: &str, depth: usize, found: &mut Vec<Number>) -> Option<()> {
        if !self.skip('{') || depth > MAX_DEPTH {
            return None;
        }
        if self.skip('}') {
            return Some(());
        }
        loop {
            let name = self.text()?;
            let name = if prefix.is_empty() {
                name
            } else {
                format!("{prefix}.{name}")
            };
            if !self.skip(':') {
                return None;
            }
            self.value(&name, depth, found)?;
            if self.skip(',') {
                if self.skip('}') {
                    return Some(());
                }
                continue;
            }
            return self.skip('}').then_some(());
        }
    }

    fn value(&mut self, name: &str, depth: usize, found: &mut Vec<Number>) -> Option<()> {
        self.rest = self.rest.trim_start();
        match self.rest.chars().next()? {
            '{' => self.object(name, depth + 1, found),
            '[' | '(' => self.list(depth),
            '"' | '\'' => {
                let text = self.text()?;
                // Some write their numbers in quotes; a word in quotes is a word.
                let value = Some(text.trim())
                    .filter(|text| text.contains('.') || text.contains('e'))
                    .and_then(number);
                value
                    .filter(|value| value.is_finite())
                    .into_iter()
                    .for_each(|value| keep(name, value, found));
                Some(())
            }
            _ => {
                let end = self
                    .rest
                    .find([',', '}', ']', ')', ':', '{', '[', '"'])
                    .unwrap_or(self.rest.len());
                let (word, rest) = self.rest.split_at(end);
                // `tensor(0.5)`, `np.float64(0.5)`: a number in a word of its own.
                let (cell, rest) = match word.split_once('(') {
                    Some((_, cell)) => (cell.trim(), rest.strip_prefix(')')?),
                    None => (word.trim(), rest),
                };
                self.rest = rest;
                match number(cell) {
                    Some(value) => keep(name, value, found),
                    None if matches!(cell, "true" | "false" | "null" | "True" | "False" | "None") => {}
                    None => return None,
                }
                Some(())
            }
        }
    }

    fn list(&mut self, depth: usize) -> Option<()> {
        if depth > MAX_DEPTH || !(self.skip('[') || self.skip('(')) {
            return None;
        }
        loop {
            if self.skip(']') || self.skip(')') {
                return Some(());
            }
            self.value("", depth + 1, &mut Vec::new())?;
            self.skip(',');
        }
    }

    fn text(&mut self) -> Option<String> {
        self.rest = self.rest.trim_start();
        let quote = self.rest.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
        let mut text = String::new();
        let mut letters = self.rest.char_indices().skip(1);
        while let Some((at, letter)) = letters.next() {
            if letter == quote {
                self.rest = &self.rest[at + 1..];
                return Some(text);
            }
            text.push(if letter == '\\' { letters.next()?.1 } else { letter });
        }
        None
    }
}

fn keep(name: &str, value: f64, found: &mut Vec<Number>) {
    if is_name(name) {
        found.push((name.to_owned(), value));
    }
}
