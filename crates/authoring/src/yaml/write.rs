//! Values as YAML text, in lines at a given depth.

use super::Value;

/// Writes the entries of a mapping at `indent`; every line ends with `\n`.
pub(super) fn entry(out: &mut String, key: &str, value: &Value, indent: usize) {
    pad(out, indent);
    scalar(out, key, indent, false);
    out.push(':');
    match value {
        Value::Text(text) if text.is_empty() => out.push_str(" \"\""),
        Value::Text(text) => {
            out.push(' ');
            scalar(out, text, indent, true);
        }
        Value::List(items) if items.is_empty() => out.push_str(" []"),
        Value::Map(entries) if entries.is_empty() => out.push_str(" {}"),
        Value::List(items) => {
            for entry in items {
                out.push('\n');
                item(out, entry, indent + 2);
            }
        }
        Value::Map(entries) => {
            for (key, value) in entries {
                out.push('\n');
                self::entry(out, key, value, indent + 2);
            }
        }
    }
}

/// Writes `- value` at `indent`, without the line's end.
pub(super) fn item(out: &mut String, value: &Value, indent: usize) {
    pad(out, indent);
    out.push_str("- ");
    match value {
        Value::Text(text) if text.is_empty() => out.push_str("\"\""),
        Value::Text(text) => scalar(out, text, indent, true),
        Value::List(items) if items.is_empty() => out.push_str("[]"),
        Value::Map(entries) if entries.is_empty() => out.push_str("{}"),
        // The first entry stands behind the dash.
        Value::List(items) => inline(out, indent, |out, indent| {
            for (place, entry) in items.iter().enumerate() {
                separate(out, place);
                item(out, entry, indent);
            }
        }),
        Value::Map(entries) => inline(out, indent, |out, indent| {
            for (place, (key, value)) in entries.iter().enumerate() {
                separate(out, place);
                entry(out, key, value, indent);
            }
        }),
    }
}

fn separate(out: &mut String, place: usize) {
    if place > 0 {
        out.push('\n');
    }
}

fn inline(out: &mut String, indent: usize, write: impl Fn(&mut String, usize)) {
    let mut inner = String::new();
    write(&mut inner, indent + 2);
    out.push_str(inner.trim_start_matches(' '));
}

fn pad(out: &mut String, indent: usize) {
    out.extend(std::iter::repeat_n(' ', indent));
}

fn scalar(out: &mut String, text: &str, indent: usize, may_fold: bool) {
    if is_plain(text) {
        out.push_str(text);
    } else if may_fold && is_block(text) {
        block(out, text, indent + 2);
    } else {
        quoted(out, text);
    }
}

/// Whether `text` can stand as it is, for every reader of YAML.
fn is_plain(text: &str) -> bool {
    let first = text.chars().next();
    let starts = first.is_some_and(|first| first.is_alphanumeric() || matches!(first, '/' | '.' | '_' | '$' | '('));
    starts
        && !text.ends_with([' ', ':'])
        && !text.contains(": ")
        && !text.contains(" #")
        && text.chars().all(|letter| letter == ' ' || is_visible(letter))
}

fn is_visible(letter: char) -> bool {
    !letter.is_control()
        && !letter.is_whitespace()
        && !matches!(
            letter,
            '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}'
        )
}

/// Whether `text` can stand as lines under `|`.
fn is_block(text: &str) -> bool {
    text.trim_end_matches('\n').contains('\n')
        && !text.ends_with("\n\n")
        && !text.starts_with([' ', '\n', '\t'])
        && text.lines().all(|line| !line.ends_with([' ', '\t']))
        && text
            .chars()
            .all(|letter| matches!(letter, ' ' | '\n' | '\t') || is_visible(letter))
}

fn block(out: &mut String, text: &str, indent: usize) {
    let body = text.trim_end_matches('\n');
    out.push_str(if body.len() == text.len() { "|-" } else { "|" });
    for line in body.split('\n') {
        out.push('\n');
        if !line.is_empty() {
            pad(out, indent);
            out.push_str(line);
        }
    }
}

fn quoted(out: &mut String, text: &str) {
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            ' ' => out.push(' '),
            letter if is_visible(letter) => out.push(letter),
            letter if u32::from(letter) <= 0xff => out.push_str(&format!("\\x{:02x}", u32::from(letter))),
            letter if u32::from(letter) <= 0xffff => out.push_str(&format!("\\u{:04x}", u32::from(letter))),
            letter => out.push_str(&format!("\\U{:08x}", u32::from(letter))),
        }
    }
    out.push('"');
}
