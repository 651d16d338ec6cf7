//! Numbers that a program prints: `loss=0.25 acc=91%`, or a line that is a JSON object.

use std::ops::ControlFlow;

use memchr::{memchr, memchr_iter};
use serde_json::Value;

/// A longer line is no report of numbers.
const MAX_LINE_BYTES: usize = 4096;
/// Names are labels of charts.
const MAX_NAME_BYTES: usize = 60;
/// One line gives no more numbers.
const MAX_NUMBERS: usize = 40;

/// Calls `found` for each number in a line, with its name.
pub(super) fn read(line: &[u8], mut found: impl FnMut(&str, f64)) {
    if line.len() > MAX_LINE_BYTES {
        return;
    }
    if line.trim_ascii_start().starts_with(b"{") {
        if let Ok(Value::Object(object)) = serde_json::from_slice(line) {
            let mut left = MAX_NUMBERS;
            // It breaks off when there are too many; what was found counts.
            let _ = object
                .iter()
                .try_for_each(|(name, value)| read_json(name, value, &mut left, &mut found));
        }
        return;
    }
    if memchr(b'=', line).is_some()
        && let Ok(text) = std::str::from_utf8(line)
    {
        read_pairs(text, found);
    }
}

fn read_json(name: &str, value: &Value, left: &mut usize, found: &mut impl FnMut(&str, f64)) -> ControlFlow<()> {
    match value {
        Value::Number(number) if is_name(name) => {
            if let Some(value) = number.as_f64() {
                found(name, value);
            }
            *left -= 1;
            if *left == 0 {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        }
        Value::Object(object) => object
            .iter()
            .try_for_each(|(inner, value)| read_json(&format!("{name}.{inner}"), value, left, found)),
        _ => ControlFlow::Continue(()),
    }
}

fn read_pairs(text: &str, mut found: impl FnMut(&str, f64)) {
    let is_part = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '.' | '/' | '-');
    let mut left = MAX_NUMBERS;
    for place in memchr_iter(b'=', text.as_bytes()) {
        let before = text[..place].trim_end();
        let name = &before[before.trim_end_matches(is_part).len()..];
        let is_apart = before[..before.len() - name.len()]
            .chars()
            .next_back()
            .is_none_or(|letter| {
                letter.is_whitespace() || matches!(letter, '(' | '[' | '{' | ',' | ';' | '|' | '"' | '\'')
            });
        let after = text[place + 1..].trim_start();
        let end = after
            .find(|letter: char| !(letter.is_ascii_alphanumeric() || matches!(letter, '.' | '+' | '-')))
            .unwrap_or(after.len());
        let (cell, rest) = after.split_at(end);
        let is_whole = rest.is_empty() || rest.starts_with([' ', '\t', ',', ';', ')', ']', '}', '|', '%', '"']);
        if let Some(value) = cell.parse::<f64>().ok().filter(|value| value.is_finite())
            && is_whole
            && is_apart
            && is_name(name)
        {
            found(name, value);
            left -= 1;
            if left == 0 {
                return;
            }
        }
    }
}

fn is_name(name: &str) -> bool {
    name.len() <= MAX_NAME_BYTES && name.starts_with(|letter: char| letter.is_alphabetic() || letter == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(line: &str) -> Vec<(String, f64)> {
        let mut found = Vec::new();
        read(line.as_bytes(), |name, value| found.push((name.to_owned(), value)));
        found
    }

    fn pairs(expected: &[(&str, f64)]) -> Vec<(String, f64)> {
        expected
            .iter()
            .map(|(name, value)| ((*name).to_owned(), *value))
            .collect()
    }

    #[test]
    fn pairs_are_found_among_words() {
        assert_eq!(
            all("epoch=3/10: train/loss = 0.125, acc=91.5% lr=1e-4 (потеря=2)"),
            pairs(&[("train/loss", 0.125), ("acc", 91.5), ("lr", 1e-4), ("потеря", 2.0)])
        );
        for none in [
            "a==b",
            "x=1.2.3",
            "host=10.0.0.1",
            "n=",
            "=5",
            "5=5",
            "k=v1",
            "if x == 3",
            "x=nan x=inf",
            "?a=1&b=2",
        ] {
            assert_eq!(all(none), pairs(&[]), "{none}");
        }
    }

    #[test]
    fn a_line_of_json_gives_its_numbers() {
        assert_eq!(
            all(r#" {"step": 7, "loss": {"train": 0.5}, "name": "x", "list": [1], "ok": true}"#),
            pairs(&[("loss.train", 0.5), ("step", 7.0)])
        );
        assert_eq!(all(r#"{"broken": 1"#), pairs(&[]));
    }
}
