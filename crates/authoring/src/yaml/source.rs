//! The characters of a text, one after the other, with their places.
//!
//! YAML 1.1 ends lines also at U+0085, U+2028 and U+2029; the lines that people are told are those of editors, which
//! end with a line feed.

use super::flaw::{Flaw, YamlError};

/// What stands behind the last character. No text holds it: it is not printable.
pub(super) const END: char = '\0';

/// A text being read.
pub(super) struct Source {
    letters: Vec<char>,
    /// The byte of each character, and the length of the text.
    bytes: Vec<usize>,
    /// The first character of each line of an editor.
    lines: Vec<usize>,
    /// The place, in characters.
    pub(super) at: usize,
    /// The line in YAML's sense.
    pub(super) row: usize,
    /// The place in that line; byte order marks do not count.
    pub(super) column: usize,
}

impl Source {
    /// Begins a text.
    ///
    /// # Errors
    /// [`Flaw::Unprintable`].
    pub(super) fn new(text: &str) -> Result<Self, YamlError> {
        let letters: Vec<char> = text.chars().collect();
        let mut bytes: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        bytes.push(text.len());
        let ends = |at: usize| match letters[at] {
            '\n' => true,
            '\r' => letters.get(at + 1) != Some(&'\n'),
            _ => false,
        };
        let begins = (0..letters.len()).filter(|at| ends(*at)).map(|at| at + 1);
        let lines = std::iter::once(0).chain(begins).collect();
        let source = Self {
            letters,
            bytes,
            lines,
            at: 0,
            row: 0,
            column: 0,
        };
        let unprintable = source.letters.iter().position(|letter| !is_printable(*letter));
        match unprintable {
            Some(at) => Err(source.error(
                at,
                Flaw::Unprintable {
                    code: source.letters[at].into(),
                },
            )),
            None => Ok(source),
        }
    }

    /// The character `ahead` of the place; [`END`] behind the last.
    pub(super) fn peek(&self, ahead: usize) -> char {
        self.letters.get(self.at + ahead).copied().unwrap_or(END)
    }

    /// The next character.
    pub(super) fn next(&self) -> char {
        self.peek(0)
    }

    /// The next `count` characters.
    pub(super) fn prefix(&self, count: usize) -> &[char] {
        let end = (self.at + count).min(self.letters.len());
        &self.letters[self.at..end]
    }

    /// Goes on by `count` characters.
    pub(super) fn forward(&mut self, count: usize) {
        for _ in 0..count {
            let letter = self.next();
            self.at += 1;
            let ends = match letter {
                '\r' => self.next() != '\n',
                letter => is_break(letter),
            };
            if ends {
                self.row += 1;
                self.column = 0;
            } else if letter != '\u{feff}' {
                self.column += 1;
            }
        }
    }

    /// Goes on while `wanted` holds, and gives what it passed.
    pub(super) fn take(&mut self, wanted: impl Fn(char) -> bool) -> String {
        let count = (0..).take_while(|ahead| self.peek(*ahead) != END && wanted(self.peek(*ahead)));
        let count = count.count();
        let taken = self.prefix(count).iter().collect();
        self.forward(count);
        taken
    }

    /// Passes spaces.
    pub(super) fn pass_spaces(&mut self) {
        while self.next() == ' ' {
            self.forward(1);
        }
    }

    /// Passes a comment, up to the end of its line.
    pub(super) fn pass_comment(&mut self) {
        if self.next() == '#' {
            while !is_break_or_end(self.next()) {
                self.forward(1);
            }
        }
    }

    /// Passes the end of a line, if there is one here, and gives what it means in a text.
    pub(super) fn pass_break(&mut self) -> Option<char> {
        let (means, length) = match (self.next(), self.peek(1)) {
            ('\r', '\n') => ('\n', 2),
            ('\r' | '\n' | '\u{85}', _) => ('\n', 1),
            (letter @ ('\u{2028}' | '\u{2029}'), _) => (letter, 1),
            _ => return None,
        };
        self.forward(length);
        Some(means)
    }

    /// Whether `---` or `...` stands here, alone.
    pub(super) fn is_at_document_mark(&self) -> bool {
        let mark: String = self.prefix(3).iter().collect();
        matches!(mark.as_str(), "---" | "...") && is_blank_or_end(self.peek(3))
    }

    /// The byte at which the character `at` begins.
    pub(super) fn byte(&self, at: usize) -> usize {
        let last = self.bytes.last().copied().unwrap_or_default();
        self.bytes.get(at).copied().unwrap_or(last)
    }

    /// The line of the character `at`, counted from 1.
    pub(super) fn line(&self, at: usize) -> usize {
        self.lines.partition_point(|begin| *begin <= at).max(1)
    }

    /// `flaw` at the character `at`.
    pub(super) fn error(&self, at: usize, flaw: Flaw) -> YamlError {
        let line = self.line(at);
        YamlError { line, flaw }
    }
}

/// Whether the line ends, in YAML's sense.
pub(super) fn is_break(letter: char) -> bool {
    matches!(letter, '\r' | '\n' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Whether the line or the text ends.
pub(super) fn is_break_or_end(letter: char) -> bool {
    letter == END || is_break(letter)
}

/// Whether the line or the text ends, or a space or tab stands there.
pub(super) fn is_blank_or_end(letter: char) -> bool {
    matches!(letter, ' ' | '\t') || is_break_or_end(letter)
}

/// Whether a word ends: as [`is_blank_or_end`], but tabs are letters.
pub(super) fn is_space_or_end(letter: char) -> bool {
    letter == ' ' || is_break_or_end(letter)
}

fn is_printable(letter: char) -> bool {
    matches!(letter,
        '\t' | '\n' | '\r' | ' '..='~' | '\u{85}' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}
