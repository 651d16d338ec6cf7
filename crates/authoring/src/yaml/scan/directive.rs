//! Lines that begin with `%`.

use super::Scanner;
use crate::yaml::{
    flaw::{Flaw, YamlError},
    source::{is_break_or_end, is_space_or_end},
    token::{Directive, Kind},
};

impl Scanner {
    pub(super) fn directive(&mut self) -> Result<(), YamlError> {
        self.unwind(-1);
        self.drop_key()?;
        self.can_be_key = false;
        let start = self.source.at;
        self.source.forward(1);
        let name = self
            .source
            .take(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_'));
        self.must(!name.is_empty() && is_space_or_end(self.source.next()))?;
        let directive = match name.as_str() {
            "YAML" => self.version()?,
            "TAG" => self.handle()?,
            _ => {
                self.source.take(|letter| !is_break_or_end(letter));
                Directive::Other
            }
        };
        self.push(Kind::Directive(directive), start);
        self.source.pass_spaces();
        self.source.pass_comment();
        self.must(is_break_or_end(self.source.next()))?;
        self.source.pass_break();
        Ok(())
    }

    fn must(&self, holds: bool) -> Result<(), YamlError> {
        if holds { Ok(()) } else { Err(self.here(Flaw::Directive)) }
    }

    fn version(&mut self) -> Result<Directive, YamlError> {
        self.source.pass_spaces();
        let major = self.source.take(|letter| letter.is_ascii_digit());
        self.must(!major.is_empty() && self.source.next() == '.')?;
        self.source.forward(1);
        let minor = self.source.take(|letter| letter.is_ascii_digit());
        self.must(!minor.is_empty() && is_space_or_end(self.source.next()))?;
        let is_known = major.trim_start_matches('0') == "1";
        Ok(Directive::Version { is_known })
    }

    fn handle(&mut self) -> Result<Directive, YamlError> {
        self.source.pass_spaces();
        let handle = self.tag_handle().ok_or_else(|| self.here(Flaw::Directive))?;
        self.must(self.source.next() == ' ')?;
        self.source.pass_spaces();
        self.tag_suffix().ok_or_else(|| self.here(Flaw::Directive))?;
        self.must(is_space_or_end(self.source.next()))?;
        Ok(Directive::Handle(handle))
    }
}
