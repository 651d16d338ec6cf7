//! From characters to words, by the rules of YAML 1.1 as PyYAML has them: the published client reads configurations with
//! it, and the two must agree in every corner. Its structure is kept, so that the two can be laid side by side.

mod block;
mod directive;
mod keys;
mod plain;
mod quoted;
mod word;

use std::ops::Range;

use keys::Keys;

use super::{
    flaw::{Flaw, YamlError},
    source::{END, Source, is_blank_or_end},
    token::{Kind, Token},
};

/// All words of a text, with the text that knows their places.
///
/// # Errors
/// [`YamlError`] for what is no word.
pub(super) fn scan(text: &str) -> Result<(Vec<Token>, Source), YamlError> {
    let mut scanner = Scanner {
        source: Source::new(text)?,
        tokens: Vec::new(),
        flow: 0,
        indent: -1,
        indents: Vec::new(),
        can_be_key: true,
        keys: Keys::default(),
    };
    while scanner.tokens.last().map(|token| &token.kind) != Some(&Kind::StreamEnd) {
        scanner.fetch()?;
    }
    Ok((scanner.tokens, scanner.source))
}

struct Scanner {
    source: Source,
    tokens: Vec<Token>,
    /// How many brackets are open; a bracket too many makes it negative, which the parser refuses.
    flow: i32,
    /// Column of the innermost collection in lines; -1 outside of all.
    indent: i64,
    /// The columns around it.
    indents: Vec<i64>,
    /// Whether a key without `?` may begin here.
    can_be_key: bool,
    keys: Keys,
}

impl Scanner {
    fn fetch(&mut self) -> Result<(), YamlError> {
        self.pass_to_next();
        self.drop_stale_keys()?;
        self.unwind(column(&self.source));
        let letter = self.source.next();
        let is_at_edge = self.source.column == 0;
        let is_apart = is_blank_or_end(self.source.peek(1));
        let is_flow = self.flow != 0;
        match letter {
            END => self.end(),
            '%' if is_at_edge => self.directive(),
            '-' if is_at_edge && self.source.is_at_document_mark() => self.document(Kind::DocumentStart),
            '.' if is_at_edge && self.source.is_at_document_mark() => self.document(Kind::DocumentEnd),
            '[' => self.open(Kind::FlowListStart),
            '{' => self.open(Kind::FlowMapStart),
            ']' => self.close(Kind::FlowListEnd),
            '}' => self.close(Kind::FlowMapEnd),
            ',' => self.flow_entry(),
            '-' if is_apart => self.block_entry(),
            '?' if is_flow || is_apart => self.key(),
            ':' if is_flow || is_apart => self.value(),
            '*' | '&' => self.anchor(),
            '!' => self.tag(),
            '|' | '>' if !is_flow => self.block(),
            '\'' | '"' => self.quoted(),
            _ if self.is_plain() => self.plain(),
            '\t' => Err(self.here(Flaw::Tab)),
            _ => Err(self.here(Flaw::Beginning { letter })),
        }
    }

    fn here(&self, flaw: Flaw) -> YamlError {
        self.source.error(self.source.at, flaw)
    }

    fn push(&mut self, kind: Kind, start: usize) {
        self.push_range(kind, start..self.source.at);
    }

    /// Adds what ended before the place that was read to.
    fn push_range(&mut self, kind: Kind, range: Range<usize>) {
        let Range { start, end } = range;
        self.tokens.push(Token { kind, start, end });
    }

    /// Adds a word of `length` characters.
    fn sign(&mut self, kind: Kind, length: usize) {
        let start = self.source.at;
        self.source.forward(length);
        self.push(kind, start);
    }

    /// Passes what means nothing. Tabs are not among it.
    fn pass_to_next(&mut self) {
        if self.source.at == 0 && self.source.next() == '\u{feff}' {
            self.source.forward(1);
        }
        loop {
            self.source.pass_spaces();
            self.source.pass_comment();
            if self.source.pass_break().is_none() {
                return;
            }
            if self.flow == 0 {
                self.can_be_key = true;
            }
        }
    }

    /// Ends the collections in lines that stand to the right of `column`.
    fn unwind(&mut self, column: i64) {
        while self.flow == 0 && self.indent > column {
            self.indent = self.indents.pop().unwrap_or(-1);
            self.push(Kind::BlockEnd, self.source.at);
        }
    }

    /// Whether a collection in lines begins at `column`.
    fn is_deeper(&mut self, column: i64) -> bool {
        let is_deeper = self.indent < column;
        if is_deeper {
            self.indents.push(self.indent);
            self.indent = column;
        }
        is_deeper
    }

    fn end(&mut self) -> Result<(), YamlError> {
        self.unwind(-1);
        self.drop_key()?;
        self.push(Kind::StreamEnd, self.source.at);
        Ok(())
    }

    fn document(&mut self, kind: Kind) -> Result<(), YamlError> {
        self.unwind(-1);
        self.drop_key()?;
        self.can_be_key = false;
        self.sign(kind, 3);
        Ok(())
    }

    fn open(&mut self, kind: Kind) -> Result<(), YamlError> {
        self.save_key()?;
        self.flow += 1;
        self.can_be_key = true;
        self.sign(kind, 1);
        Ok(())
    }

    fn close(&mut self, kind: Kind) -> Result<(), YamlError> {
        self.drop_key()?;
        self.flow -= 1;
        self.can_be_key = false;
        self.sign(kind, 1);
        Ok(())
    }

    fn flow_entry(&mut self) -> Result<(), YamlError> {
        self.can_be_key = true;
        self.drop_key()?;
        self.sign(Kind::FlowEntry, 1);
        Ok(())
    }

    fn block_entry(&mut self) -> Result<(), YamlError> {
        self.begin_block(Kind::BlockListStart, Flaw::EntryNotHere)?;
        self.can_be_key = true;
        self.drop_key()?;
        self.sign(Kind::BlockEntry, 1);
        Ok(())
    }

    fn key(&mut self) -> Result<(), YamlError> {
        self.begin_block(Kind::BlockMapStart, Flaw::KeyNotHere)?;
        self.can_be_key = self.flow == 0;
        self.drop_key()?;
        self.sign(Kind::Key, 1);
        Ok(())
    }

    fn value(&mut self) -> Result<(), YamlError> {
        if !self.take_key() {
            self.begin_block(Kind::BlockMapStart, Flaw::ValueNotHere)?;
            self.can_be_key = self.flow == 0;
            self.drop_key()?;
        }
        self.sign(Kind::Value, 1);
        Ok(())
    }

    /// Outside of brackets a sign such as `-` may begin a collection, or else `flaw` is said.
    fn begin_block(&mut self, kind: Kind, flaw: Flaw) -> Result<(), YamlError> {
        if self.flow != 0 {
            return Ok(());
        }
        if !self.can_be_key {
            return Err(self.here(flaw));
        }
        if self.is_deeper(column(&self.source)) {
            self.push(kind, self.source.at);
        }
        Ok(())
    }
}

fn column(source: &Source) -> i64 {
    i64::try_from(source.column).unwrap_or(i64::MAX)
}
