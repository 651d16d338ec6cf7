//! The simple commands of a shell's line, as words. Made for finding a program's name, not for running one: variables,
//! substitutions and redirections are left in the words as they are.

/// The commands between `;`, `&&`, `||`, `|`, `&`, parentheses and line ends, in order, with quotes taken off.
pub(crate) fn commands(line: &str) -> Vec<Vec<String>> {
    let mut reader = Reader::default();
    let mut letters = line.chars().peekable();
    let mut before = ' ';
    while let Some(letter) = letters.next() {
        match (reader.quote, letter) {
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
    reader.commands
}

#[derive(Default)]
struct Reader {
    quote: Option<char>,
    word: Option<String>,
    words: Vec<String>,
    commands: Vec<Vec<String>>,
}

impl Reader {
    fn push(&mut self, letter: char) {
        self.word.get_or_insert_default().push(letter);
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
            ("a 'unclosed b", vec![vec!["a", "unclosed b"]]),
            ("", vec![]),
        ] {
            assert_eq!(commands(line), expected, "{line}");
        }
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
