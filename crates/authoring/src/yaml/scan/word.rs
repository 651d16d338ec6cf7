//! `&name`, `*name` and `!tag`.

use super::Scanner;
use crate::yaml::{
    flaw::{Flaw, YamlError},
    source::{is_blank_or_end, is_space_or_end},
    token::Kind,
};

impl Scanner {
    pub(super) fn anchor(&mut self) -> Result<(), YamlError> {
        self.save_key()?;
        self.can_be_key = false;
        let start = self.source.at;
        let sign = self.source.next();
        self.source.forward(1);
        let name = self.source.take(is_name_letter);
        let follows = self.source.next();
        let ends = is_blank_or_end(follows) || "?:,]}%@`".contains(follows);
        if name.is_empty() || !ends {
            return Err(self.source.error(start, Flaw::AnchorName { sign }));
        }
        let kind = if sign == '*' {
            Kind::Alias(name)
        } else {
            Kind::Anchor(name)
        };
        self.push(kind, start);
        Ok(())
    }

    pub(super) fn tag(&mut self) -> Result<(), YamlError> {
        self.save_key()?;
        self.can_be_key = false;
        let start = self.source.at;
        let handle = self.tag_name();
        let ends = is_space_or_end(self.source.next());
        let handle = handle.filter(|_| ends);
        let handle = handle.ok_or_else(|| self.source.error(start, Flaw::Tag))?;
        self.push(Kind::Tag(handle), start);
        Ok(())
    }

    /// Passes a tag, and gives the handle that must be known for it; `None` when it is none.
    fn tag_name(&mut self) -> Option<Option<String>> {
        let second = self.source.peek(1);
        if second == '<' {
            self.source.forward(2);
            self.tag_suffix()?;
            let is_closed = self.source.next() == '>';
            self.source.forward(1);
            return is_closed.then_some(None);
        }
        if is_blank_or_end(second) {
            self.source.forward(1);
            return Some(None);
        }
        let word = (1..).map(|ahead| self.source.peek(ahead));
        let has_handle = word
            .take_while(|letter| !is_space_or_end(*letter))
            .any(|letter| letter == '!');
        let handle = if has_handle {
            self.tag_handle()?
        } else {
            self.source.forward(1);
            "!".to_owned()
        };
        self.tag_suffix()?;
        Some(Some(handle))
    }

    /// `!`, `!!` or `!name!`.
    pub(super) fn tag_handle(&mut self) -> Option<String> {
        if self.source.next() != '!' {
            return None;
        }
        self.source.forward(1);
        if self.source.next() == ' ' {
            return Some("!".to_owned());
        }
        let name = self.source.take(is_name_letter);
        if self.source.next() != '!' {
            return None;
        }
        self.source.forward(1);
        Some(format!("!{name}!"))
    }

    /// Passes the part of a tag behind its handle, with letters as `%C3%A9` among others.
    pub(super) fn tag_suffix(&mut self) -> Option<()> {
        let start = self.source.at;
        loop {
            self.source
                .take(|letter| letter.is_ascii_alphanumeric() || "-;/?:@&=+$,_.!~*'()[]".contains(letter));
            if self.source.next() != '%' {
                break;
            }
            self.escapes()?;
        }
        (self.source.at > start).then_some(())
    }

    fn escapes(&mut self) -> Option<()> {
        let mut bytes = Vec::new();
        while self.source.next() == '%' {
            let digits: String = self.source.prefix(3).iter().skip(1).collect();
            let is_number = digits.len() == 2 && digits.chars().all(|digit| digit.is_ascii_hexdigit());
            bytes.push(is_number.then(|| u8::from_str_radix(&digits, 16).ok())??);
            self.source.forward(3);
        }
        std::str::from_utf8(&bytes).ok().map(|_| ())
    }
}

fn is_name_letter(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_')
}
