//! One requirement: its name, extras, versions and marker.

use std::collections::HashSet;

use super::canonical;
use crate::config::requirement_subject;

/// A requirement in its parts, as they are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    /// With extras.
    pub name: String,
    /// Versions, without parentheses; empty for any.
    pub versions: String,
    /// An address, with what is behind `@`.
    pub address: String,
    /// Without its `;`.
    pub marker: String,
}

impl Line {
    /// Reads `name[extras] versions ; marker` or `name[extras] @ address ; marker`; `None` when it is something else.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let is_name = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.');
        let end = text.find(|letter| !is_name(letter)).unwrap_or(text.len());
        let (name, rest) = text.split_at(end);
        if !name.starts_with(|letter: char| letter.is_ascii_alphanumeric()) {
            return None;
        }
        let rest = rest.trim_start();
        let (extras, rest) = match rest.strip_prefix('[') {
            Some(inside) => {
                let (extras, rest) = inside.split_once(']')?;
                let extras: Vec<&str> = extras
                    .split(',')
                    .map(str::trim)
                    .filter(|extra| !extra.is_empty())
                    .collect();
                (extras.join(","), rest.trim_start())
            }
            None => (String::new(), rest),
        };
        let name = match extras.is_empty() {
            true => name.to_owned(),
            false => format!("{name}[{extras}]"),
        };
        if let Some(address) = rest.strip_prefix('@') {
            // In an address a `;` may stand for itself; a marker has a blank before it.
            let (address, marker) = address.split_once(" ;").unwrap_or((address, ""));
            return Some(Self {
                name,
                versions: String::new(),
                address: address.trim().to_owned(),
                marker: marker.trim().to_owned(),
            });
        }
        let (versions, marker) = rest.split_once(';').unwrap_or((rest, ""));
        let versions = versions.trim();
        let versions = versions
            .strip_prefix('(')
            .and_then(|inside| inside.strip_suffix(')'))
            .unwrap_or(versions);
        let is_version = |part: &str| part.trim().starts_with(['=', '~', '!', '<', '>']) && part.trim().len() > 1;
        let are_versions = versions.is_empty()
            || versions
                .split(',')
                .all(|part| part.trim().is_empty() || is_version(part));
        are_versions.then(|| Self {
            name,
            versions: versions.replace(' ', "").trim_end_matches(',').to_owned(),
            address: String::new(),
            marker: marker.trim().to_owned(),
        })
    }

    /// The name as pip compares it.
    pub(super) fn subject(&self) -> String {
        canonical(self.name.split('[').next().unwrap_or_default())
    }

    /// Adds the versions of a constraint.
    pub(super) fn constrain(&mut self, versions: &str) {
        if self.address.is_empty() && !versions.is_empty() && !self.versions.split(',').any(|part| part == versions) {
            let comma = if self.versions.is_empty() { "" } else { "," };
            self.versions = format!("{}{comma}{versions}", self.versions);
        }
    }

    /// As it is written for pip.
    pub(super) fn written(&self) -> String {
        let Self {
            name,
            versions,
            address,
            marker,
        } = self;
        let mut written = match address.is_empty() {
            true => format!("{name}{versions}"),
            false => format!("{name} @ {address}"),
        };
        if !marker.is_empty() {
            // An address ends where the blank is.
            written += if address.is_empty() { "; " } else { " ; " };
            written += marker;
        }
        written
    }
}

/// The packages that requirements are about, as pip compares their names.
pub fn subjects(text: &str) -> Vec<String> {
    let named = text.lines().filter(|line| !line.trim_start().starts_with('-'));
    named.filter_map(requirement_subject).map(canonical).collect()
}

/// `found`, with the versions that `before` asks for: of a package in both the line of `before` counts, and what `before`
/// pins stays, as do its options.
pub fn keep_pins(found: &[String], before: &str) -> String {
    let is_bare =
        |line: &str| Line::parse(line).is_some_and(|line| line.written() == line.name && !line.name.contains('['));
    let kept: Vec<(String, &str)> = before
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#') && !is_bare(line))
        .map(|line| {
            let subject = requirement_subject(line).filter(|_| !line.starts_with('-'));
            (subject.map(canonical).unwrap_or_default(), line)
        })
        .collect();
    let pinned: HashSet<&str> = kept.iter().map(|(subject, _)| subject.as_str()).collect();
    let mut lines: Vec<&str> = Vec::new();
    for line in found {
        let subject = requirement_subject(line).map(canonical).unwrap_or_default();
        if !pinned.contains(&*subject) {
            lines.push(line);
        }
    }
    lines.extend(kept.iter().map(|(_, line)| *line));
    lines.sort_by_key(|line| (!line.starts_with('-'), line.to_lowercase()));
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_told_apart_and_written_again() {
        for (text, expected) in [
            ("six", "six"),
            ("six == 1.16.0", "six==1.16.0"),
            (
                "uvicorn[standard, http]~=0.30 ; python_version<'3.9'",
                "uvicorn[standard,http]~=0.30; python_version<'3.9'",
            ),
            ("zope.interface (>=5, <6)", "zope.interface>=5,<6"),
            (
                "a @ git+https://x/y.git@v1;z#egg=a ; sys_platform=='linux'",
                "a @ git+https://x/y.git@v1;z#egg=a ; sys_platform=='linux'",
            ),
        ] {
            assert_eq!(Line::parse(text).unwrap().written(), expected);
        }
        for text in ["", "-r x", "./x.whl", "six 1.16", "six[", "git+https://x"] {
            assert_eq!(Line::parse(text), None, "{text}");
        }
    }

    #[test]
    fn pins_stay_when_requirements_are_found_again() {
        let found = ["numpy".to_owned(), "PyYAML".to_owned(), "tabulate".to_owned()];
        assert_eq!(
            keep_pins(
                &found,
                "tabulate==0.9.0\nold\npyyaml>=6 # why\n--extra-index-url http://x\nrich[jupyter]\n"
            ),
            "--extra-index-url http://x\nnumpy\npyyaml>=6 # why\nrich[jupyter]\ntabulate==0.9.0"
        );
        assert_eq!(keep_pins(&found, ""), "numpy\nPyYAML\ntabulate");
    }
}
