//! The form of a sentence: its words, with `{name}` where a value stands; `{{` and `}}` are braces.

use std::{borrow::Cow, fmt};

/// A part of a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part<'f> {
    Words(&'f str),
    /// The name of a value.
    Value(&'f str),
}

/// The parts of a form, in their order.
pub(super) fn parts(form: &str) -> impl Iterator<Item = Part<'_>> {
    let mut rest = form;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        if rest.starts_with("{{") || rest.starts_with("}}") {
            let (brace, behind) = (&rest[..1], &rest[2..]);
            rest = behind;
            return Some(Part::Words(brace));
        }
        if let Some(inner) = rest.strip_prefix('{')
            && let Some((name, behind)) = inner.split_once('}')
        {
            rest = behind;
            return Some(Part::Value(name));
        }
        let mut letters = rest.char_indices().skip(1);
        let end = letters.find(|(_, letter)| matches!(letter, '{' | '}'));
        let end = end.map_or(rest.len(), |(at, _)| at);
        let (words, behind) = rest.split_at(end);
        rest = behind;
        Some(Part::Words(words))
    })
}

/// Writes the sentence with these values.
pub(super) fn write(to: &mut fmt::Formatter<'_>, form: &str, values: &[&str]) -> fmt::Result {
    let mut values = values.iter();
    for part in parts(form) {
        match part {
            Part::Words(words) => to.write_str(words)?,
            // A test sees that there is one for each.
            Part::Value(_) => to.write_str(values.next().unwrap_or(&""))?,
        }
    }
    Ok(())
}

/// The values in a sentence of this form; `None` for one of another. Where the words behind a value stand in the value too,
/// it ends before the first of them; the last value goes on to the end.
pub(super) fn read<'l>(form: &str, line: &'l str) -> Option<Vec<&'l str>> {
    let mut values = Vec::new();
    let mut rest = line;
    let mut is_open = false;
    let mut words = Cow::Borrowed("");
    let mut close = |rest: &mut &'l str, is_open: bool, words: &str, is_last: bool| {
        let (value, behind) = match (is_open, is_last) {
            (false, _) => ("", rest.strip_prefix(words)?),
            (true, true) => (rest.strip_suffix(words)?, ""),
            (true, false) => rest.split_once(words)?,
        };
        if is_open {
            values.push(value);
        }
        *rest = behind;
        Some(())
    };
    for part in parts(form) {
        match part {
            Part::Words(more) if words.is_empty() => words = Cow::Borrowed(more),
            Part::Words(more) => words.to_mut().push_str(more),
            Part::Value(_) => {
                close(&mut rest, is_open, &words, false)?;
                words = Cow::Borrowed("");
                is_open = true;
            }
        }
    }
    close(&mut rest, is_open, &words, true)?;
    rest.is_empty().then_some(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stand_between_words() {
        for (form, line, expected) in [
            ("a", "a", Some(vec![])),
            ("a", "ab", None),
            ("a {x}", "a b c", Some(vec!["b c"])),
            ("a {x} is {y}", "a b is c is d", Some(vec!["b", "c is d"])),
            ("a {x} is there", "a b is there is there", Some(vec!["b is there"])),
            ("{n} of {{m}}", "3 of {m}", Some(vec!["3"])),
            ("a {x}", "a ", Some(vec![""])),
            ("a {x}", "a", None),
        ] {
            assert_eq!(read(form, line), expected, "{form}: {line}");
        }
    }
}
