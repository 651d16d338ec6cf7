//! Which lines tell an error.
//!
//! Words are looked for in many lines at once; a line that has one is looked at more closely.

use aho_corasick::AhoCorasick;

/// What a line has in it that tells an error; small letters.
const WORDS: [&str; 14] = [
    "error",
    "exception",
    "traceback (most recent call last)",
    "fatal",
    "critical",
    "panic",
    "out of memory",
    "oom-kill",
    "oomkill",
    "killed",
    "segmentation fault",
    "core dumped",
    "npm err!",
    "keyboardinterrupt",
];

/// Finds lines that tell errors.
#[derive(Debug)]
pub(super) struct Errors {
    words: AhoCorasick,
}

impl Errors {
    pub(super) fn new() -> Result<Self, aho_corasick::BuildError> {
        let words = AhoCorasick::builder().ascii_case_insensitive(true).build(WORDS)?;
        Ok(Self { words })
    }

    /// Where the next word stands, from `at` on.
    pub(super) fn next_word(&self, bytes: &[u8], at: usize) -> Option<usize> {
        let found = self.words.find(bytes.get(at..)?)?;
        Some(at + found.start())
    }

    /// Whether the text of a line that has a word tells an error.
    pub(super) fn tells(&self, text: &str) -> bool {
        let text = text.trim_end();
        self.words
            .find_iter(text)
            .any(|found| judges(WORDS[found.pattern().as_usize()], text, found.start(), found.end()))
    }
}

fn judges(word: &str, text: &str, start: usize, end: usize) -> bool {
    let found = &text[start..end];
    let (before, after) = (&text[..start], &text[end..]);
    let is_apart = !before.ends_with(is_word) && !after.starts_with(is_word);
    let is_loud = found.bytes().all(|byte| byte.is_ascii_uppercase());
    match word {
        "error" | "exception" => {
            // Of Python, `package.ValueError: what`, or the name alone.
            let is_type = found.starts_with('E') && !before.is_empty() && is_type_name(before);
            (is_apart && is_loud) || says_what(after) && (is_apart || is_type) || after.is_empty() && is_type
        }
        "keyboardinterrupt" => before.is_empty() && after.is_empty(),
        "fatal" => is_apart && (is_loud || says_what(after) || after.starts_with(" error")),
        "critical" => is_apart && is_loud,
        "panic" => is_apart && says_what(after) || after.starts_with("ked at "),
        "killed" => is_apart && (before.trim().is_empty() && after.is_empty() || says_what_after_number(before)),
        "out of memory" | "oom-kill" | "oomkill" | "npm err!" | "traceback (most recent call last)" => true,
        "segmentation fault" | "core dumped" => is_apart,
        _ => false,
    }
}

fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

/// `: what went wrong`, but not `: 0.123`, which is a number that a program computes.
fn says_what(after: &str) -> bool {
    let code = after
        .strip_prefix('[')
        .and_then(|rest| rest.split_once(']'))
        .map(|(_, rest)| rest);
    let Some(rest) = code.unwrap_or(after).strip_prefix(':') else {
        return false;
    };
    let first = rest
        .trim_start()
        .split([' ', ',', ';', '\t'])
        .next()
        .unwrap_or_default();
    first.is_empty() || first.trim_end_matches('%').parse::<f64>().is_err() || !first.contains(['.', 'e', 'E', 'n'])
}

/// `bash: line 1: 42 Killed  python main.py`: a shell's words.
fn says_what_after_number(before: &str) -> bool {
    before.trim_end().ends_with(|letter: char| letter.is_ascii_digit()) && before.contains("line ")
}

/// `package.module.Value`, from the line's beginning: what stands before `Error`.
fn is_type_name(before: &str) -> bool {
    before.chars().all(|letter| is_word(letter) || letter == '.')
        && before.chars().next().is_none_or(char::is_alphabetic)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_errors_from_words_about_them() {
        let errors = Errors::new().expect("words");
        for line in [
            "Traceback (most recent call last):",
            "ValueError: no such column",
            "sqlalchemy.exc.OperationalError: (sqlite3) locked",
            "json.decoder.JSONDecodeError: Expecting value",
            "AssertionError",
            "KeyboardInterrupt",
            "error: could not compile `x`",
            "error[E0308]: mismatched types",
            "main.c:3:5: error: expected ;",
            "ERROR: Could not find a version that satisfies the requirement x",
            "2026-01-01 10:00:00 ERROR trainer lost",
            "[ERROR] lost",
            "CRITICAL:root:no",
            "FATAL no disk",
            "fatal: not a git repository",
            "thread 'main' panicked at src/main.rs:1:1:",
            "panic: runtime error: index out of range",
            "torch.cuda.OutOfMemoryError: CUDA out of memory. Tried",
            "RuntimeError: CUDA error: device-side assert",
            "Killed",
            "sh: line 1:    42 Killed                  python main.py",
            "Out of memory: Killed process 42",
            "Segmentation fault (core dumped)",
            "npm ERR! code E404",
            "Error: 404",
        ] {
            assert!(
                errors.next_word(line.as_bytes(), 0).is_some() && errors.tells(line),
                "{line}"
            );
        }
        for line in [
            "0 errors, 3 warnings",
            "mean error: 0.123",
            "error: 1.5e-3",
            "error rate falls",
            "terror: of the sea",
            "no exceptions here",
            "critical section",
            "skilled worker",
            "do not panic",
            "the killed process was cleaned",
            "fatalistic",
        ] {
            assert!(!errors.tells(line), "{line}");
        }
    }
}
