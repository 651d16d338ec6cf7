//! The simple commands of a shell's line, as words. Made for finding a program's name, not for running one: variables,
//! substitutions and redirections are left in the words as they are.

use std::{iter::Peekable, str::Chars};

/// The commands between `;`, `&&`, `||`, `|`, `&`, parentheses and line ends, in order, with quotes taken off.
pub(crate) fn commands(line: &str) -> Vec<Vec<String>> {
    read(line).commands
}

/// The commands whose output stands in others: what is between `$(` and `)`, not inside one another.
pub(super) fn substituted(line: &str) -> Vec<String> {
    read(line).substituted
}

fn read(line: &str) -> Reader {
    let mut reader = Reader::default();
    let mut letters = line.chars().peekable();
    let mut before = ' ';
    while let Some(letter) = letters.next() {
        match (reader.quote, letter) {
            (None | Some('"'), '$') if letters.peek() == Some(&'(') => reader.substitute(&mut letters),
            (None, '\\') => match letters.next() {
                Some('\n') | None => {}
                Some(escaped) => reader.push(escaped),
            },
            (Some('"'), '\\') => match letters.next() {
                Some('\n') | None => {}
                Some(escaped @ ('$' | '`' | '"' | '\\')) => reader.push(escaped),
                Some(other) => {
                    reader.push('\\');
                    reader.push(other);
                }
            },
            (Some(open), _) if open == letter => reader.quote = None,
            (Some(_), _) => reader.push(letter),
            (None, '\'' | '"') => {
                reader.quote = Some(letter);
                // An empty pair of quotes is a word too.
                reader.word.get_or_insert_default();
            }
            (None, '#') if reader.word.is_none() => while letters.next_if(|letter| *letter != '\n').is_some() {},
            // `2>&1` and `&>log` end no command.
            (None, '&') if matches!(before, '>' | '<') || letters.peek() == Some(&'>') => reader.push(letter),
            (None, ';' | '&' | '|' | '\n' | '(' | ')') => reader.end_command(),
            (None, _) if letter.is_whitespace() => reader.end_word(),
            (None, _) => reader.push(letter),
        }
        before = letter;
    }
    reader.end_command();
    reader
}

#[derive(Default)]
struct Reader {
    substituted: Vec<String>,
    quote: Option<char>,
    word: Option<String>,
    words: Vec<String>,
    commands: Vec<Vec<String>>,
}

impl Reader {
    fn push(&mut self, letter: char) {
        self.word.get_or_insert_default().push(letter);
    }

    /// From the parenthesis after a `$` to the one that closes it.
    fn substitute(&mut self, letters: &mut Peekable<Chars>) {
        let mut inside = String::new();
        let mut depth = 0_usize;
        for letter in letters.by_ref() {
            match letter {
                '(' => depth += 1,
                ')' => depth -= 1,
                _ => {}
            }
            inside.push(letter);
            if depth == 0 {
                break;
            }
        }
        self.word.get_or_insert_default().push('$');
        self.word.get_or_insert_default().push_str(&inside);
        let inside = inside.strip_prefix('(').unwrap_or(&inside);
        self.substituted
            .push(inside.strip_suffix(')').unwrap_or(inside).to_owned());
    }

    fn end_word(&mut self) {
        self.words.extend(self.word.take());
    }

    fn end_command(&mut self) {
        self.end_word();
        if !self.words.is_empty() {
            self.commands.push(std::mem::take(&mut self.words));
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn operators_part_commands_and_quotes_keep_words() {
        for (line, expected) in [
            ("python main.py", vec![vec!["python", "main.py"]]),
            (
                "a&&b;c||d|e & f",
                vec![vec!["a"], vec!["b"], vec!["c"], vec!["d"], vec!["e"], vec!["f"]],
            ),
            (
                "python 'my file.py' \"a;b\" c\\ d ''",
                vec![vec!["python", "my file.py", "a;b", "c d", ""]],
            ),
            ("python \\\n  main.py\nls", vec![vec!["python", "main.py"], vec!["ls"]]),
            ("a # it's; b\nc#d", vec![vec!["a"], vec!["c#d"]]),
            ("a 2>&1 &>log >& x", vec![vec!["a", "2>&1", "&>log", ">&", "x"]]),
            (r#"a "\$x \y""#, vec![vec!["a", r"$x \y"]]),
            ("(cd x)", vec![vec!["cd", "x"]]),
            (
                "cd \"$(dirname \"$0\")\" && A=$(pwd)/x b",
                vec![vec!["cd", "$(dirname \"$0\")"], vec!["A=$(pwd)/x", "b"]],
            ),
            ("a $(b", vec![vec!["a", "$(b"]]),
            ("a 'unclosed b", vec![vec!["a", "unclosed b"]]),
            ("", vec![]),
        ] {
            assert_eq!(commands(line), expected, "{line}");
        }
    }

    #[test]
    fn what_is_substituted_is_a_command_as_well() {
        assert_eq!(
            substituted("x=$(python a.py) y=\"$(b)\" z='$(c)'"),
            ["python a.py", "b"]
        );
    }

    proptest! {
        #[test]
        fn any_text_is_read(line in any::<String>()) {
            for words in commands(&line) {
                prop_assert!(!words.is_empty());
            }
        }
    }
}
