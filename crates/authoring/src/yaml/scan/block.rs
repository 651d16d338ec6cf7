//! Texts in lines of their own, under `|` as they stand, under `>` folded.

use super::{Scanner, column};
use crate::yaml::{
    flaw::{Flaw, YamlError},
    source::{END, is_break, is_break_or_end, is_space_or_end},
    token::{Kind, Scalar},
};

/// What stands behind `|` or `>`.
#[derive(Default)]
struct Header {
    /// `+` keeps the empty lines at the end, `-` not even the last line's end.
    keeps: Option<bool>,
    /// How far the lines are indented, where it is said.
    indent: Option<i64>,
}

impl Scanner {
    pub(super) fn block(&mut self) -> Result<(), YamlError> {
        self.can_be_key = true;
        self.drop_key()?;
        let start = self.source.at;
        let is_folded = self.source.next() == '>';
        self.source.forward(1);
        let header = self.header()?;
        let least = (self.indent + 1).max(1);
        let (indent, mut breaks, mut end) = match header.indent {
            Some(more) => {
                let indent = least + more - 1;
                let (breaks, end) = self.block_breaks(indent);
                (indent, breaks, end)
            }
            None => {
                let (breaks, deepest, end) = self.block_indent();
                (least.max(deepest), breaks, end)
            }
        };
        let mut text = String::new();
        let mut line_end = None;
        while self.is_at_line(indent) {
            text.push_str(&breaks);
            let is_even = !matches!(self.source.next(), ' ' | '\t');
            text.push_str(&self.source.take(|letter| !is_break_or_end(letter)));
            line_end = self.source.pass_break();
            (breaks, end) = self.block_breaks(indent);
            if !self.is_at_line(indent) {
                break;
            }
            // Lines that are indented deeper keep their ends.
            let is_joined = is_folded && line_end == Some('\n') && is_even && !matches!(self.source.next(), ' ' | '\t');
            match is_joined {
                true if breaks.is_empty() => text.push(' '),
                true => {}
                false => text.extend(line_end),
            }
        }
        if header.keeps != Some(false) {
            text.extend(line_end);
        }
        if header.keeps == Some(true) {
            text.push_str(&breaks);
        }
        let scalar = Scalar {
            text,
            is_block: true,
            is_broken: false,
        };
        self.push_range(Kind::Scalar(scalar), start..end);
        Ok(())
    }

    fn is_at_line(&self, indent: i64) -> bool {
        column(&self.source) == indent && self.source.next() != END
    }

    fn header(&mut self) -> Result<Header, YamlError> {
        let mut header = Header::default();
        for _ in 0..2 {
            match self.source.next() {
                sign @ ('+' | '-') if header.keeps.is_none() => header.keeps = Some(sign == '+'),
                digit @ '1'..='9' if header.indent.is_none() => {
                    header.indent = digit.to_digit(10).map(i64::from);
                }
                _ => break,
            }
            self.source.forward(1);
        }
        let is_apart = is_space_or_end(self.source.next());
        self.source.pass_spaces();
        self.source.pass_comment();
        if !is_apart || !is_break_or_end(self.source.next()) {
            return Err(self.here(Flaw::BlockHeader));
        }
        self.source.pass_break();
        Ok(header)
    }

    /// Passes the empty lines at the beginning; the deepest of all columns that are reached is the text's.
    fn block_indent(&mut self) -> (String, i64, usize) {
        let mut breaks = String::new();
        let mut deepest = 0;
        let mut end = self.source.at;
        while self.source.next() == ' ' || is_break(self.source.next()) {
            match self.source.pass_break() {
                Some(line) => {
                    breaks.push(line);
                    end = self.source.at;
                }
                None => {
                    self.source.forward(1);
                    deepest = deepest.max(column(&self.source));
                }
            }
        }
        (breaks, deepest, end)
    }

    /// Passes empty lines, and the indentation of the line behind them.
    fn block_breaks(&mut self, indent: i64) -> (String, usize) {
        let mut breaks = String::new();
        let mut end = self.source.at;
        loop {
            while column(&self.source) < indent && self.source.next() == ' ' {
                self.source.forward(1);
            }
            match self.source.pass_break() {
                Some(line) => {
                    breaks.push(line);
                    end = self.source.at;
                }
                None => return (breaks, end),
            }
        }
    }
}
