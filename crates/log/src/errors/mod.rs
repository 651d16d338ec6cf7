//! Which lines tell an error, and how much each says of its reason.
//!
//! Words are looked for in many lines at once; a line that has one is looked at more closely: what programs write about
//! their own end by its form (`programs`), the level that it names (`structured`), everything else by the words themselves
//! (`words`).

mod programs;
mod structured;
mod words;

use aho_corasick::AhoCorasick;

use words::is_about_words;

/// What a line has in it that may tell an error; small letters.
const WORDS: [&str; 65] = [
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
    "not found",
    "no such file or directory",
    "permission denied",
    "is a directory",
    "not a directory",
    "cannot execute",
    "exec format",
    "can't open",
    "cannot open",
    "can't locate ",
    "cannot find",
    "cannot allocate",
    "unbound variable",
    "parameter not set",
    "bad substitution",
    "no space left",
    "quota exceeded",
    "argument list too long",
    "illegal instruction",
    "aborted",
    "undefined reference",
    "no rule to make target",
    "terminate called",
    "what():",
    "assertion",
    "stack smashing",
    "double free",
    "corrupt",
    "invalid pointer",
    "invalid size",
    "failed",
    "fail:",
    "not ok ",
    "could not resolve",
    "unable to resolve",
    "not in gzip",
    "name or service not known",
    "connection refused",
    "unrecognized option",
    "invalid option",
    "unknown option",
    "no module named",
    "execution halted",
    "curl: (",
    ".pl line ",
    ".go:",
    ".rb:",
    "cuda-capable",
    "syntax error",
    "[emerg]",
    "***",
];

/// So many of them are looked at in a line: more say nothing new.
const MOST_WORDS: usize = 32;

/// How much a line that tells an error says of its reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Grade {
    /// That something failed, which another line explains: a heading, or what follows from a failure.
    Sign,
    /// An error, in the words of whoever met it; it may have gone on.
    Error,
    /// What a program could not get over.
    Cause,
}

/// Whether a line begins as one of a form that has none of the words: `E: what` of apt, `E   what` of pytest.
pub(super) fn begins_as_one(mut text: &[u8]) -> bool {
    // What sets colours.
    while let Some(rest) = text.strip_prefix(b"\x1b[") {
        let Some(end) = rest.iter().position(u8::is_ascii_alphabetic) else {
            return false;
        };
        text = &rest[end + 1..];
    }
    text.starts_with(b"E: ") || text.starts_with(b"E  ")
}

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

    /// What the text of a line that has a word tells.
    pub(super) fn grade(&self, text: &str) -> Option<Grade> {
        let text = text.trim_end();
        if let Some(grade) = structured::grade(text.trim_start()) {
            return grade;
        }
        if let Some(grade) = programs::grade(text) {
            return Some(grade);
        }
        // In the heads of tables everything is loud.
        let is_head = !text.contains([':', '[', '!']) && !text.contains(char::is_lowercase);
        let found = self.words.find_iter(text).take(MOST_WORDS).filter_map(|found| {
            let word = WORDS[found.pattern().as_usize()];
            words::grade(word, text, found.range(), is_head)
        });
        found.max().filter(|_| !is_about_words(text))
    }
}

#[cfg(test)]
mod tests;
