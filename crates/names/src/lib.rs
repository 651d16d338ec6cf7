//! Names that others gave: of files, jobs, variables. Each may hold marks that cannot be seen and turn the direction of
//! writing, so that `plot`, a mark and `gnp.sh` look like `plotsh.png`; and letters that are written from right to left,
//! which turn what stands beside them.
//!
//! [`shown`] makes such marks visible: `plot⟨U+202E⟩gnp.sh`. In a page it stands in a `bdi`, which keeps its direction to
//! itself; [`isolated`] does that for a text that has no elements, and [`said`] for a value within a sentence. [`saved`] is
//! the name under which a file is written down.

mod hidden;

use std::borrow::Cow;

/// Begins a stretch with a direction of its own, that of its first letter.
const ISOLATE: char = '\u{2068}';
/// Ends it.
const END: char = '\u{2069}';

/// The name with all that cannot be seen in it as its number, `⟨U+202E⟩`.
pub fn shown(name: &str) -> Cow<'_, str> {
    if hidden::is_plain(name) {
        return Cow::Borrowed(name);
    }
    replaced(name, hidden::is_any, push_number)
}

/// Whether [`shown`] and the name are not the same.
pub fn has_marks(name: &str) -> bool {
    matches!(shown(name), Cow::Owned(_))
}

/// As [`shown`], for a text without elements: a name with letters that are written from right to left turns nothing that
/// stands beside it.
pub fn isolated(name: &str) -> Cow<'_, str> {
    enclosed(shown(name))
}

/// As [`isolated`], for a value of a sentence: lines may end in it, and what was isolated before stays so.
pub fn said(words: &str) -> Cow<'_, str> {
    if hidden::is_plain(words) {
        return Cow::Borrowed(words);
    }
    let mut said = String::new();
    let mut rest = words;
    while let Some(at) = rest.find(ISOLATE) {
        let (before, stretch) = rest.split_at(at);
        let end = own_stretch(stretch);
        said.push_str(&enclosed(readable(before)));
        said.push_str(&stretch[..end]);
        // One that is none of ours is a mark like any other.
        if end == 0 {
            push_number(&mut said, ISOLATE);
        }
        rest = &stretch[end.max(ISOLATE.len_utf8())..];
    }
    let tail = enclosed(readable(rest));
    if said.is_empty() {
        return tail;
    }
    said.push_str(&tail);
    Cow::Owned(said)
}

/// The name under which a file is saved: `_` stands for what cannot be seen.
pub fn saved(name: &str) -> Cow<'_, str> {
    if hidden::is_plain(name) {
        return Cow::Borrowed(name);
    }
    replaced(name, hidden::is_any, |saved, _| saved.push('_'))
}

/// Names in a row, each isolated.
pub fn list(names: impl IntoIterator<Item = impl AsRef<str>>) -> String {
    let names: Vec<String> = names
        .into_iter()
        .map(|name| isolated(name.as_ref()).into_owned())
        .collect();
    names.join(", ")
}

/// As [`shown`], for a text of perhaps several lines: their ends, and tabs, stay.
pub fn readable(words: &str) -> Cow<'_, str> {
    let is_mark = |before, letter, after| !matches!(letter, '\n' | '\t') && hidden::is_any(before, letter, after);
    replaced(words, is_mark, push_number)
}

/// How long the stretch is that begins here, where [`enclosed`] made it: it is closed, and no mark is within.
fn own_stretch(text: &str) -> usize {
    let inner = &text[ISOLATE.len_utf8()..];
    let Some(end) = inner.find([ISOLATE, END]).filter(|end| inner[*end..].starts_with(END)) else {
        return 0;
    };
    let is_ours = matches!(readable(&inner[..end]), Cow::Borrowed(inner) if inner.contains(hidden::is_right_to_left));
    if is_ours {
        ISOLATE.len_utf8() + end + END.len_utf8()
    } else {
        0
    }
}

fn enclosed(text: Cow<'_, str>) -> Cow<'_, str> {
    if text.contains(hidden::is_right_to_left) {
        Cow::Owned(format!("{ISOLATE}{text}{END}"))
    } else {
        text
    }
}

/// Puts something else in the place of the letters that `is_mark` names, by what stands before and behind them.
fn replaced<'t>(
    text: &'t str,
    is_mark: impl Fn(Option<char>, char, Option<char>) -> bool,
    put: impl Fn(&mut String, char),
) -> Cow<'t, str> {
    let mut changed: Option<String> = None;
    let mut before = None;
    let mut letters = text.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        let after = letters.peek().map(|(_, after)| *after);
        if is_mark(before, letter, after) {
            let changed = changed.get_or_insert_with(|| text[..at].to_owned());
            put(changed, letter);
        } else if let Some(changed) = &mut changed {
            changed.push(letter);
        }
        before = Some(letter);
    }
    changed.map_or(Cow::Borrowed(text), Cow::Owned)
}

fn push_number(text: &mut String, letter: char) {
    text.push_str(&format!("⟨U+{:04X}⟩", u32::from(letter)));
}

#[cfg(test)]
mod tests;
