//! The folders that a `PYTHONPATH` of the command names.

use super::files::{join, tidy};

/// Stands for what an expansion gives, where a part of the value is one.
const BEFORE: char = '\u{1}';
const HERE: char = '\u{2}';
const UNKNOWN: char = '\u{3}';

/// The folders of the job among those of `value`, set where the command is in `folder` and the variable was `before`; in
/// order, each once.
pub(super) fn folders(value: &str, folder: &str, before: &[String]) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut add = |path: String| {
        if !found.contains(&path) {
            found.push(path);
        }
    };
    for part in expanded(value).split(':').filter(|part| !part.is_empty()) {
        if part.contains(BEFORE) {
            before.iter().cloned().for_each(&mut add);
        } else if let Some(rest) = part.strip_prefix(HERE) {
            tidy(&join(folder, rest.trim_start_matches('/'))).map(&mut add);
        } else if !part.contains(UNKNOWN) {
            tidy(&join(folder, part)).map(&mut add);
        }
    }
    found
}

/// Whether the value leaves out what the variable was before.
pub(super) fn is_anew(value: &str) -> bool {
    !expanded(value).contains(BEFORE)
}

/// `value` with a letter of ours for each expansion: one may have colons in it.
fn expanded(value: &str) -> String {
    let mut letters = value.chars().peekable();
    let mut expanded = String::with_capacity(value.len());
    while let Some(letter) = letters.next() {
        let name = match (letter, letters.peek()) {
            ('$', Some('{')) => letters.by_ref().skip(1).take_while(|letter| *letter != '}').collect(),
            ('$', Some('(')) => {
                let inside: String = letters.by_ref().skip(1).take_while(|letter| *letter != ')').collect();
                if inside.trim() == "pwd" {
                    "PWD".to_owned()
                } else {
                    inside
                }
            }
            ('`', _) => {
                let inside: String = letters.by_ref().take_while(|letter| *letter != '`').collect();
                if inside.trim() == "pwd" {
                    "PWD".to_owned()
                } else {
                    inside
                }
            }
            ('$', _) => {
                let mut name = String::new();
                while let Some(letter) = letters.next_if(|letter| letter.is_ascii_alphanumeric() || *letter == '_') {
                    name.push(letter);
                }
                name
            }
            _ => {
                expanded.push(letter);
                continue;
            }
        };
        let ends = |rest: &str| !rest.starts_with(|letter: char| letter.is_ascii_alphanumeric() || letter == '_');
        match &name[..] {
            "PWD" => expanded.push(HERE),
            // Its colon may stand in the braces.
            name if name.strip_prefix("PYTHONPATH").is_some_and(ends) => expanded.extend([':', BEFORE, ':']),
            _ => expanded.push(UNKNOWN),
        }
    }
    expanded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_of_the_job_are_told_from_others() {
        let before = ["old".to_owned()];
        for (value, expected) in [
            ("src", vec!["app/src"]),
            ("src:lib:src", vec!["app/src", "app/lib"]),
            ("$PWD/src:$PYTHONPATH", vec!["app/src", "old"]),
            ("${PWD}:..", vec!["app", ""]),
            ("$(pwd)/../lib${PYTHONPATH:+:$PYTHONPATH}", vec!["lib", "old"]),
            ("`pwd`/a:/usr/lib:$HOME/x:../../..", vec!["app/a"]),
            ("", vec![]),
        ] {
            assert_eq!(folders(value, "app", &before), expected, "{value}");
        }
        assert!(is_anew("src:$PWD") && !is_anew("src:${PYTHONPATH}"));
    }
}
