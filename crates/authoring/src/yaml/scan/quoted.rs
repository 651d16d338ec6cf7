//! Texts in single and in double quotes.

use super::Scanner;
use crate::yaml::{
    flaw::{Flaw, YamlError},
    source::{END, is_blank_or_end, is_break},
    token::{Kind, Scalar},
};

/// What the end of a line becomes within a text that is folded, with the empty lines behind it.
pub(super) fn folded(first: char, breaks: &str) -> String {
    match (first, breaks) {
        ('\n', "") => " ".to_owned(),
        ('\n', breaks) => breaks.to_owned(),
        (first, breaks) => format!("{first}{breaks}"),
    }
}

/// A text in quotes as far as it is read.
struct Quoted {
    quote: char,
    start: usize,
    text: String,
    is_broken: bool,
}

impl Scanner {
    pub(super) fn quoted(&mut self) -> Result<(), YamlError> {
        self.save_key()?;
        self.can_be_key = false;
        let mut quoted = Quoted {
            quote: self.source.next(),
            start: self.source.at,
            text: String::new(),
            is_broken: false,
        };
        self.source.forward(1);
        self.quoted_words(&mut quoted)?;
        while self.source.next() != quoted.quote {
            self.quoted_spaces(&mut quoted)?;
            self.quoted_words(&mut quoted)?;
        }
        self.source.forward(1);
        let scalar = Scalar {
            text: quoted.text,
            is_block: false,
            is_broken: quoted.is_broken,
        };
        self.push(Kind::Scalar(scalar), quoted.start);
        Ok(())
    }

    /// Reads up to a blank, the end of a line, or the closing quote.
    fn quoted_words(&mut self, quoted: &mut Quoted) -> Result<(), YamlError> {
        let is_double = quoted.quote == '"';
        loop {
            let plain = |letter| !(is_blank_or_end(letter) || matches!(letter, '\'' | '"' | '\\'));
            quoted.text.push_str(&self.source.take(plain));
            match (self.source.next(), self.source.peek(1)) {
                ('\'', '\'') if !is_double => {
                    quoted.text.push('\'');
                    self.source.forward(2);
                }
                ('\\', _) if is_double => self.escape(quoted)?,
                (letter @ ('\'' | '"' | '\\'), _) if letter != quoted.quote => {
                    quoted.text.push(letter);
                    self.source.forward(1);
                }
                _ => return Ok(()),
            }
        }
    }

    fn escape(&mut self, quoted: &mut Quoted) -> Result<(), YamlError> {
        self.source.forward(1);
        let letter = self.source.next();
        if let Some(meant) = meaning(letter) {
            quoted.text.push(meant);
            self.source.forward(1);
            return Ok(());
        }
        match letter {
            'x' => self.number(quoted, 2),
            'u' => self.number(quoted, 4),
            'U' => self.number(quoted, 8),
            _ if is_break(letter) => {
                self.source.pass_break();
                let breaks = self.quoted_breaks(quoted)?;
                quoted.text.push_str(&breaks);
                Ok(())
            }
            END => Err(self.not_closed(quoted)),
            _ => Err(self.here(Flaw::Escape { letter })),
        }
    }

    /// A character by its number. Halves of characters can be written, but not be sent.
    fn number(&mut self, quoted: &mut Quoted, digits: usize) -> Result<(), YamlError> {
        let letter = self.source.next();
        let flaw = self.here(Flaw::EscapeNumber { letter, digits });
        self.source.forward(1);
        let written: String = self.source.prefix(digits).iter().collect();
        let is_number = written.len() == digits && written.chars().all(|digit| digit.is_ascii_hexdigit());
        let code = u32::from_str_radix(&written, 16).ok().filter(|_| is_number);
        let code = code.filter(|code| *code <= u32::from(char::MAX)).ok_or(flaw)?;
        quoted.is_broken |= char::from_u32(code).is_none();
        quoted
            .text
            .push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
        self.source.forward(digits);
        Ok(())
    }

    fn quoted_spaces(&mut self, quoted: &mut Quoted) -> Result<(), YamlError> {
        let spaces = self.source.take(|letter| matches!(letter, ' ' | '\t'));
        if self.source.next() == END {
            return Err(self.not_closed(quoted));
        }
        match self.source.pass_break() {
            None => quoted.text.push_str(&spaces),
            Some(first) => {
                let breaks = self.quoted_breaks(quoted)?;
                quoted.text.push_str(&folded(first, &breaks));
            }
        }
        Ok(())
    }

    /// The empty lines behind the end of a line.
    fn quoted_breaks(&mut self, quoted: &Quoted) -> Result<String, YamlError> {
        let mut breaks = String::new();
        loop {
            if self.source.is_at_document_mark() {
                return Err(self.not_closed(quoted));
            }
            self.source.take(|letter| matches!(letter, ' ' | '\t'));
            match self.source.pass_break() {
                Some(line) => breaks.push(line),
                None => return Ok(breaks),
            }
        }
    }

    fn not_closed(&self, quoted: &Quoted) -> YamlError {
        let quote = quoted.quote;
        self.source.error(quoted.start, Flaw::QuoteNotClosed { quote })
    }
}

/// What a letter behind a backslash means.
fn meaning(letter: char) -> Option<char> {
    Some(match letter {
        '0' => '\0',
        'a' => '\u{7}',
        'b' => '\u{8}',
        't' | '\t' => '\t',
        'n' => '\n',
        'v' => '\u{b}',
        'f' => '\u{c}',
        'r' => '\r',
        'e' => '\u{1b}',
        ' ' | '"' | '\\' | '/' => letter,
        'N' => '\u{85}',
        '_' => '\u{a0}',
        'L' => '\u{2028}',
        'P' => '\u{2029}',
        _ => return None,
    })
}
