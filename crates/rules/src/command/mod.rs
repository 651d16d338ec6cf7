//! `${NAME}` in a command: finding the names, and putting the values in their place.

mod line;
mod place;
mod shell;

use std::{collections::BTreeMap, ops::Range};

use super::variable;
use shell::Sign;

/// What stands behind a variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A path: always one word of the command, whatever characters it holds.
    Path(String),
    /// A text put in as it is; the shell may split it into words.
    Text(String),
}

/// One `${NAME}` of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention<'a> {
    /// The name between the braces.
    pub name: &'a str,
    /// Bytes of the command from `$` to `}`.
    pub range: Range<usize>,
}

/// Every `${NAME}` of `cmd`, in order. Other forms (`$NAME`, `${NAME:-x}`) are the shell's own.
pub fn mentions(cmd: &str) -> Vec<Mention<'_>> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(start) = cmd[from..].find("${").map(|at| from + at) {
        let open = start + 2;
        // No name has these, so that nothing is looked at twice.
        let close = cmd[open..]
            .find(['}', '$', '{', '\n', ' '])
            .map_or(cmd.len(), |at| open + at);
        let name = &cmd[open..close];
        if cmd[close..].starts_with('}') && variable::is_name(name) {
            found.push(Mention {
                name,
                range: start..close + 1,
            });
            from = close + 1;
        } else {
            from = close;
        }
    }
    found
}

/// Where a `${NAME` begins that `before` ends with and that is not closed.
pub fn unfinished(before: &str) -> Option<usize> {
    let start = before.rfind("${")?;
    let name = &before[start + 2..];
    (name.is_empty() || variable::is_name(name)).then_some(start)
}

/// The line of the command, from 1, that begins with an option, and the option: a shell takes it for the name of a program.
pub fn stray_option(cmd: &str) -> Option<(usize, &str)> {
    let lines: Vec<&str> = cmd.lines().collect();
    lines.windows(2).zip(2..).find_map(|(pair, number)| {
        let option = pair[1].split_whitespace().next()?;
        let is_option = option.starts_with('-') && option.len() > 1;
        (is_option && !pair[0].ends_with('\\')).then_some((number, option))
    })
}

/// A path that cannot stand where the command wants it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "line {line} uses `${{{name}}}` where its path, which has blanks, quotes or other letters that the shell reads, \
     cannot be written: give the file a plain name, or use the variable as a word of its own"
)]
pub struct Misplaced {
    /// The variable.
    pub name: String,
    /// The line of the command, from 1.
    pub line: usize,
}

/// Bytes of `cmd` with the texts of its known variables in it, paths as they are; without putting them in.
pub fn filled_len(cmd: &str, values: &BTreeMap<String, Value>) -> usize {
    let known = mentions(cmd).into_iter().filter_map(|mention| {
        let (Value::Path(text) | Value::Text(text)) = values.get(mention.name)?;
        Some((mention.range.len(), text.len()))
    });
    known.fold(cmd.len(), |len, (before, after)| {
        len.saturating_add(after).saturating_sub(before)
    })
}

/// Puts the values of known variables into `cmd`; unknown names are left to the shell. A path stays what it is: one word
/// where the shell splits words, and plain text within quotes and here-documents.
///
/// # Errors
/// When a path cannot be written where it is wanted.
pub fn substitute(cmd: &str, values: &BTreeMap<String, Value>) -> Result<String, Misplaced> {
    let (signs, paths) = signs(cmd, values);
    let places = match paths.is_empty() {
        true => Vec::new(),
        false => shell::places(&signs, paths.len()),
    };
    let mut result = String::with_capacity(cmd.len());
    for sign in signs {
        let number = match sign {
            Sign::Letter(letter) => {
                result.push(letter);
                continue;
            }
            Sign::Value(number) => number,
        };
        let (place, (mention, path)) = (places[number], &paths[number]);
        if place.is_comment() {
            result.push_str(&cmd[mention.range.clone()]);
            continue;
        }
        // Where the backslash lies in other quotes it is too much to say.
        let is_clear = !place.is_escaped || result.pop() == Some('\\');
        let written = place.write(path).filter(|_| is_clear).ok_or_else(|| Misplaced {
            name: mention.name.to_owned(),
            line: 1 + cmd[..mention.range.start].matches('\n').count(),
        })?;
        result.push_str(&written);
    }
    Ok(result)
}

/// The command with its texts put in, and the paths that it mentions, in order.
fn signs<'a>(cmd: &'a str, values: &'a BTreeMap<String, Value>) -> (Vec<Sign>, Vec<(Mention<'a>, &'a str)>) {
    let mut signs = Vec::with_capacity(cmd.len());
    let mut paths = Vec::new();
    let mut from = 0;
    for mention in mentions(cmd) {
        let Some(value) = values.get(mention.name) else {
            continue;
        };
        signs.extend(cmd[from..mention.range.start].chars().map(Sign::Letter));
        from = mention.range.end;
        match value {
            Value::Text(text) => signs.extend(text.chars().map(Sign::Letter)),
            Value::Path(path) => {
                signs.push(Sign::Value(paths.len()));
                paths.push((mention, path.as_str()));
            }
        }
    }
    signs.extend(cmd[from..].chars().map(Sign::Letter));
    (signs, paths)
}

#[cfg(test)]
mod tests;
