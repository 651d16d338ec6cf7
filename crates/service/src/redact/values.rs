//! Values that are known to be secret: as they are, and however they are written.

use std::ops::Range;

use aho_corasick::{AhoCorasick, MatchKind};

use super::{Span, letters::Letters};
use crate::api::share::finding::Kind;

/// Shorter ones stand in any log by chance, and hiding them would tell where.
const LEAST_BYTES: usize = 6;
/// For what the operator has declared to be secret.
const LEAST_SECRET_BYTES: usize = 4;

/// A value that is hidden. Its `Debug` does not tell it.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Known {
    /// What it is.
    pub(crate) kind: Kind,
    /// The variable that has it; may be empty.
    pub(crate) variable: String,
    /// The value; of several lines each is hidden for itself.
    pub(crate) value: String,
}

impl std::fmt::Debug for Known {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Known({:?}, {})", self.kind, self.variable)
    }
}

/// Known values, ready to be looked for.
#[derive(Default)]
pub(crate) struct Values {
    known: Vec<Known>,
    finder: Option<AhoCorasick>,
    /// By the finder's patterns: the line, and the value it is of.
    lines: Vec<(Vec<u8>, usize)>,
    /// The same without control characters, and with `%XX` read.
    folded: Vec<(Vec<u8>, usize)>,
    /// Finds these in any case.
    folded_finder: Option<AhoCorasick>,
    too_short: Vec<String>,
}

impl std::fmt::Debug for Values {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.known.fmt(f)
    }
}

impl Values {
    /// Looks for `known`, the most telling first.
    ///
    /// # Errors
    /// When they are too many or too long to be looked for.
    pub(crate) fn new(known: Vec<Known>) -> Result<Self, String> {
        let mut lines = Vec::new();
        let mut folded = Vec::new();
        let mut too_short = Vec::new();
        for (place, value) in known.iter().enumerate() {
            let least = match value.kind {
                Kind::EnvValue => LEAST_BYTES,
                _ => LEAST_SECRET_BYTES,
            };
            let before = lines.len();
            let of_value = value.value.split(['\n', '\r']).map(str::trim);
            lines.extend(
                of_value
                    .filter(|line| line.len() >= least)
                    .map(|line| (line.as_bytes().to_vec(), place)),
            );
            for (line, _) in lines.get(before..).unwrap_or_default() {
                let letters = Letters::of(line, true, &|_| true);
                let decoded = letters.decoded(true);
                let both = std::iter::once(&letters).chain(&decoded);
                let long = both.filter(|letters| letters.bytes.len() >= least);
                folded.extend(long.map(|letters| (letters.bytes.to_vec(), place)));
            }
            if lines.len() == before && !value.value.trim().is_empty() {
                too_short.push(value.variable.clone());
            }
        }
        Ok(Self {
            finder: finder(&lines, false)?,
            folded_finder: finder(&folded, true)?,
            known,
            lines,
            folded,
            too_short,
        })
    }

    /// The variables whose values are not looked for.
    pub(crate) fn too_short(&self) -> &[String] {
        &self.too_short
    }

    /// The variable that has a value.
    pub(super) fn variable(&self, place: usize) -> &str {
        self.known.get(place).map_or("", |known| known.variable.as_str())
    }

    pub(super) fn spans(&self, line: &[u8]) -> Vec<Span> {
        let Some(finder) = &self.finder else {
            return Vec::new();
        };
        let found = finder.find_overlapping_iter(line).filter_map(|found| {
            let (_, place) = self.lines.get(found.pattern().as_usize())?;
            Some(Span {
                range: found.range(),
                kind: self.known.get(*place)?.kind,
                known: Some(*place),
            })
        });
        let mut found: Vec<Span> = found.collect();
        // Of two that begin together the longer one says what it is.
        found.sort_by_key(|span| (span.range.start, std::cmp::Reverse(span.range.end)));
        found
    }

    pub(super) fn is_empty(&self) -> bool {
        self.folded.is_empty()
    }

    /// What a value is.
    pub(super) fn kind(&self, place: usize) -> Kind {
        self.known.get(place).map_or(Kind::Unspecified, |known| known.kind)
    }

    /// Whether this is a line of a value, as it is.
    pub(super) fn is_line_of(&self, place: usize, written: &[u8]) -> bool {
        let mut lines = self.lines.iter().filter(|(_, of)| *of == place);
        lines.any(|(line, _)| line == written)
    }

    /// Values in letters of any case: where each is, and its place.
    pub(super) fn folded<'a>(&'a self, letters: &'a [u8]) -> impl Iterator<Item = (Range<usize>, usize)> + 'a {
        let finder = self.folded_finder.iter();
        let found = finder.flat_map(move |finder| finder.find_overlapping_iter(letters));
        found.filter_map(|found| Some((found.range(), self.folded.get(found.pattern().as_usize())?.1)))
    }

    /// Where in letters a value may have begun that goes on behind their end; their number when none has.
    pub(super) fn begun_folded(&self, letters: &[u8]) -> usize {
        let line = memchr::memrchr(b'\n', letters).map_or(0, |end| end + 1);
        let begins = |value: &[u8], start: usize| {
            let (end, value) = (
                letters.get(start..).unwrap_or_default(),
                value.get(..letters.len() - start),
            );
            value.is_some_and(|value| value.eq_ignore_ascii_case(end))
        };
        let begun = self.folded.iter().filter_map(|(value, _)| {
            let most = value.len().saturating_sub(1);
            (line.max(letters.len().saturating_sub(most))..letters.len()).find(|start| begins(value, *start))
        });
        begun.min().unwrap_or(letters.len())
    }

    /// Where in `line` a value may have begun that goes on behind its end; the line's length when none has.
    pub(super) fn begun(&self, line: &[u8]) -> usize {
        let begun = self.lines.iter().filter_map(|(value, _)| {
            let most = value.len().saturating_sub(1).min(line.len());
            (line.len() - most..line.len()).find(|start| value.starts_with(&line[*start..]))
        });
        begun.min().unwrap_or(line.len())
    }
}

fn finder(patterns: &[(Vec<u8>, usize)], is_any_case: bool) -> Result<Option<AhoCorasick>, String> {
    if patterns.is_empty() {
        return Ok(None);
    }
    let mut builder = AhoCorasick::builder();
    builder
        .match_kind(MatchKind::Standard)
        .ascii_case_insensitive(is_any_case);
    let built = builder.build(patterns.iter().map(|(pattern, _)| pattern));
    built.map(Some).map_err(|error| error.to_string())
}
