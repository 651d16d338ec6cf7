//! `name=0.5`, `name: 0.5`, `Loss 0.5` among words.

use memchr::memchr2_iter;

use super::{MAX_NUMBERS, Number, is_name, number};

/// What is no measurement, though a number stands behind it.
const NO_MEASURES: [&str; 22] = [
    "version", "python", "cuda", "cudnn", "date", "time", "ip", "host", "port", "pid", "line", "info", "warning",
    "warn", "error", "debug", "note", "file", "gpu", "rank", "seed", "exit",
];
/// Words that a number may follow without a sign between.
const MEASURES: [&str; 12] = [
    "loss",
    "acc",
    "accuracy",
    "acc@1",
    "acc@5",
    "lr",
    "ppl",
    "perplexity",
    "f1",
    "auc",
    "rmse",
    "mae",
];

/// Reads all pairs of a text.
pub(super) fn read(text: &str, found: &mut Vec<Number>) {
    for place in memchr2_iter(b'=', b':', text.as_bytes()) {
        if found.len() >= MAX_NUMBERS {
            return;
        }
        found.extend(pair(text, place));
    }
    words(text, found);
}

fn pair(text: &str, place: usize) -> Option<Number> {
    let is_colon = text.as_bytes()[place] == b':';
    let before = text[..place].trim_end();
    let name = name_before(before)?;
    let after = &text[place + 1..];
    let (cell, rest) = cell_of(after.trim_start());
    let value = number(cell)?;
    let is_close = !after.starts_with([' ', '\t']);
    if is_colon {
        // `main.py:12`, `host:8080`, `12:30`: places, addresses, times.
        let is_whole = cell.bytes().all(|byte| byte.is_ascii_digit());
        if is_close && is_whole || is_no_measure(name) || rest.starts_with(':') || before.len() < place {
            return None;
        }
    }
    // With words behind it, it is one of them: `epoch 2: 3 files`.
    let is_told =
        !is_colon || !rest.trim_start().starts_with(char::is_alphabetic) || cell.contains('.') || follows(rest);
    (is_told && ends(rest)).then(|| (name.to_owned(), value))
}

/// Whether the next word is the name of another pair.
fn follows(rest: &str) -> bool {
    let rest = rest.trim_start();
    let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
    rest[..end].contains(['=', ':'])
}

fn is_no_measure(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    NO_MEASURES.contains(&name.as_str()) || name.ends_with("version")
}

/// The name that ends here, if it stands apart from what is before it.
fn name_before(before: &str) -> Option<&str> {
    let is_part = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '.' | '/' | '-' | '@');
    let unquoted = before.strip_suffix(['"', '\'']).unwrap_or(before);
    let start = unquoted.trim_end_matches(is_part).len();
    // LightGBM: `valid_0's auc: 0.9`.
    let owner = unquoted[..start]
        .strip_suffix("'s ")
        .map(|owner| owner.trim_end_matches(is_part).len());
    let name = &unquoted[owner.unwrap_or(start)..];
    let apart = unquoted[..owner.unwrap_or(start)]
        .chars()
        .next_back()
        .is_none_or(|letter| {
            letter.is_whitespace() || matches!(letter, '(' | '[' | '{' | ',' | ';' | '|' | '"' | '\'')
        });
    (apart && is_name(name)).then_some(name)
}

/// The number that a text begins with, maybe in quotes, and what follows. Digits behind a comma belong to it, be they a
/// fraction, a thousand or the next of a list: what they are is for the number to say.
fn cell_of(text: &str) -> (&str, &str) {
    let text = text.strip_prefix(['"', '\'']).unwrap_or(text);
    let is_part = |(at, letter): (usize, char)| {
        letter.is_ascii_alphanumeric()
            || matches!(letter, '.' | '+' | '-')
            || letter == ',' && text.as_bytes().get(at + 1).is_some_and(u8::is_ascii_digit)
    };
    let end = text
        .char_indices()
        .find(|at| !is_part(*at))
        .map_or(text.len(), |(at, _)| at);
    text.split_at(end)
}

fn ends(rest: &str) -> bool {
    // `1 234`: a thousand, or two numbers.
    let group = rest.strip_prefix([' ', '\u{a0}', '\u{202f}', '\'']).unwrap_or_default();
    let digits = group.bytes().take_while(u8::is_ascii_digit).count();
    if digits == 3 {
        return false;
    }
    rest.is_empty() || rest.starts_with([' ', '\t', ',', ';', ')', ']', '}', '|', '%', '"', '\''])
}

/// `Loss 6.9 (7.0)`: a known word and a broken number.
fn words(text: &str, found: &mut Vec<Number>) {
    let mut words = text
        .split(|letter: char| letter.is_whitespace() || matches!(letter, '|' | ';'))
        .map(|word| word.trim_end_matches(','))
        .filter(|word| !word.is_empty());
    let mut name = words.next();
    for word in words {
        if let Some(known) = name.filter(|name| is_measure(name))
            && word.contains(['.', 'e'])
            && let Some(value) = number(word.trim_end_matches('%'))
            && !found.iter().any(|(its, _)| its == known)
        {
            found.push((known.to_owned(), value));
        }
        name = Some(word);
    }
}

fn is_measure(name: &str) -> bool {
    let small = name.to_ascii_lowercase();
    let last = small.rsplit(['_', '/', '-']).next().unwrap_or_default();
    is_name(name) && MEASURES.contains(&last)
}
