//! `${NAME}` in a command: finding the names, and putting the values in their place.

use std::{collections::BTreeMap, ops::Range};

use super::variable;

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
        let Some(close) = cmd[open..].find('}').map(|at| open + at) else {
            break;
        };
        let name = &cmd[open..close];
        if variable::is_name(name) {
            found.push(Mention {
                name,
                range: start..close + 1,
            });
            from = close + 1;
        } else {
            from = open;
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

/// Puts the values of known variables into `cmd`; unknown names are left to the shell.
pub fn substitute(cmd: &str, values: &BTreeMap<String, Value>) -> String {
    let mut result = String::with_capacity(cmd.len());
    let mut quoting = Quoting::default();
    let mut from = 0;
    for Mention { name, range } in mentions(cmd) {
        let before = &cmd[from..range.start];
        quoting.read(before);
        result.push_str(before);
        match values.get(name) {
            Some(Value::Text(text)) => result.push_str(text),
            Some(Value::Path(path)) => result.push_str(&quoting.word(path)),
            None => result.push_str(&cmd[range.clone()]),
        }
        from = range.end;
    }
    result.push_str(&cmd[from..]);
    result
}

/// Where in the shell's quotes a place of the command lies.
#[derive(Default)]
struct Quoting {
    quote: Option<char>,
    escaped: bool,
}

impl Quoting {
    fn read(&mut self, text: &str) {
        for letter in text.chars() {
            if std::mem::take(&mut self.escaped) {
                continue;
            }
            match (self.quote, letter) {
                (None | Some('"'), '\\') => self.escaped = true,
                (None, '\'' | '"') => self.quote = Some(letter),
                (Some(open), _) if open == letter => self.quote = None,
                _ => {}
            }
        }
    }

    /// `path` written so that the shell reads exactly it, here.
    fn word(&self, path: &str) -> String {
        let plain = path.chars().all(|letter| {
            letter.is_alphanumeric() || matches!(letter, '/' | '.' | '_' | '-' | '+' | ',' | '=' | '@' | '%')
        });
        match self.quote {
            _ if plain => path.to_owned(),
            None => format!("'{}'", path.replace('\'', r"'\''")),
            Some('\'') => path.replace('\'', r"'\''"),
            Some(_) => path
                .chars()
                .flat_map(|letter| {
                    let escape = matches!(letter, '"' | '$' | '`' | '\\').then_some('\\');
                    escape.into_iter().chain([letter])
                })
                .collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values() -> BTreeMap<String, Value> {
        BTreeMap::from([
            ("IN".into(), Value::Path("my data/it's \"$x\".txt".into())),
            ("plain-1".into(), Value::Path("a/б.txt".into())),
            ("ARGS".into(), Value::Text("--a 1 --b 2".into())),
        ])
    }

    #[test]
    fn a_name_half_typed_is_found() {
        for (before, start) in [
            ("a ${", Some(2)),
            ("a ${IN", Some(2)),
            ("${A} ${B", Some(5)),
            ("${A} b", None),
            ("", None),
        ] {
            assert_eq!(unfinished(before), start, "{before}");
        }
    }

    #[test]
    fn plain_values_stand_as_they_are_and_unknown_names_stay() {
        assert_eq!(
            substitute("run ${plain-1} ${ARGS} ${HOME} ${X:-${plain-1}} $IN ${", &values()),
            "run a/б.txt --a 1 --b 2 ${HOME} ${X:-a/б.txt} $IN ${"
        );
    }

    #[test]
    fn a_path_is_one_word_in_every_kind_of_quotes() {
        for cmd in [
            "printf %s ${IN}",
            "printf %s \"${IN}\"",
            "printf %s '${IN}'",
            "printf %s \\'x >/dev/null; printf %s ${IN}",
        ] {
            let line = substitute(cmd, &values());
            let output = std::process::Command::new("sh").arg("-c").arg(&line).output().unwrap();
            assert_eq!(
                String::from_utf8_lossy(&output.stdout),
                "my data/it's \"$x\".txt",
                "{line}"
            );
        }
    }
}
