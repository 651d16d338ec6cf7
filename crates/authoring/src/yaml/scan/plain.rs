//! Texts without quotes.

use super::{Scanner, column};
use crate::yaml::{
    flaw::YamlError,
    source::{is_blank_or_end, is_break},
    token::{Kind, Scalar},
};

impl Scanner {
    /// Whether a text without quotes can begin here.
    pub(super) fn is_plain(&self) -> bool {
        let letter = self.source.next();
        let is_sign = "-?:,[]{}#&*!|>'\"%@`".contains(letter);
        let may_begin = letter == '-' || (self.flow == 0 && matches!(letter, '?' | ':'));
        !(is_blank_or_end(letter) || is_sign) || (may_begin && !is_blank_or_end(self.source.peek(1)))
    }

    pub(super) fn plain(&mut self) -> Result<(), YamlError> {
        self.save_key()?;
        self.can_be_key = false;
        let start = self.source.at;
        let mut end = start;
        let mut text = String::new();
        let mut spaces = String::new();
        while self.source.next() != '#' {
            let word = self.plain_word();
            if word.is_empty() {
                break;
            }
            self.can_be_key = false;
            text.push_str(&spaces);
            text.push_str(&word);
            end = self.source.at;
            spaces = self.plain_spaces();
            let is_outside = self.flow == 0 && column(&self.source) <= self.indent;
            if spaces.is_empty() || is_outside {
                break;
            }
        }
        let scalar = Scalar {
            text,
            is_block: false,
            is_broken: false,
        };
        self.push_range(Kind::Scalar(scalar), start..end);
        Ok(())
    }

    fn plain_word(&mut self) -> String {
        let is_flow = self.flow != 0;
        let ends = |ahead: usize| {
            let (letter, next) = (self.source.peek(ahead), self.source.peek(ahead + 1));
            let is_value = letter == ':' && (is_blank_or_end(next) || (is_flow && ",[]{}".contains(next)));
            is_blank_or_end(letter) || is_value || (is_flow && ",?[]{}".contains(letter))
        };
        let length = (0..).take_while(|ahead| !ends(*ahead)).count();
        let word = self.source.prefix(length).iter().collect();
        self.source.forward(length);
        word
    }

    /// What stands between two words: spaces, or the ends of lines, folded. Empty where the text ends.
    fn plain_spaces(&mut self) -> String {
        let spaces = self.source.take(|letter| letter == ' ');
        let Some(first) = self.source.pass_break() else {
            return spaces;
        };
        self.can_be_key = true;
        if self.source.is_at_document_mark() {
            return String::new();
        }
        let mut breaks = String::new();
        while self.source.next() == ' ' || is_break(self.source.next()) {
            match self.source.pass_break() {
                None => self.source.forward(1),
                Some(line) => {
                    breaks.push(line);
                    if self.source.is_at_document_mark() {
                        return String::new();
                    }
                }
            }
        }
        super::quoted::folded(first, &breaks)
    }
}
