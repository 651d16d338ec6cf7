//! What the words of an error say where no program's own form is known.

use std::{borrow::Cow, ops::Range};

use super::Grade;

/// What `word`, found in this range of a line, tells; `is_head` where all of it is in capitals, without a sign.
pub(super) fn grade(word: &str, text: &str, at: Range<usize>, is_head: bool) -> Option<Grade> {
    let found = &text[at.clone()];
    let (before, after) = (&text[..at.start], &text[at.end..]);
    let is_apart = !before.ends_with(is_word) && !after.starts_with(is_word);
    let is_head = is_head && text.len() > found.len();
    let is_loud = found.bytes().all(|byte| byte.is_ascii_uppercase()) && !is_value(before, after) && !is_head;
    match word {
        "error" | "exception" => {
            // Of Node: `TypeError [ERR_CODE]: what`.
            let after = match after.strip_prefix(" [ERR_") {
                Some(code) => code.split_once(']').map_or("", |(_, rest)| rest),
                None => after,
            };
            let is_type = found.starts_with('E') && !before.is_empty() && is_type_name(before);
            let is_said = before == "npm " || says_what(after) && (is_apart && !is_denied(before) || is_type);
            ((is_apart && is_loud) || is_said || after.is_empty() && is_type).then_some(Grade::Error)
        }
        "keyboardinterrupt" => (before.is_empty() && after.is_empty()).then_some(Grade::Error),
        "fatal" => {
            let says = says_what(after) && !is_denied(before) || after.starts_with(" error");
            match is_loud {
                true => is_apart.then_some(Grade::Cause),
                false => (is_apart && says).then_some(Grade::Error),
            }
        }
        "critical" => (is_apart && is_loud).then_some(Grade::Cause),
        "panic" => (is_apart && says_what(after)).then_some(Grade::Cause),
        "killed" => {
            let is_alone = before.trim().is_empty() && after.is_empty();
            (is_apart && (is_alone || says_what_after_number(before))).then_some(Grade::Cause)
        }
        "[emerg]" => Some(Grade::Error),
        "out of memory" => (!before.ends_with("run ") && !before.ends_with("runs ")).then_some(Grade::Cause),
        "oom-kill" | "oomkill" => Some(Grade::Cause),
        "npm err!" => Some(Grade::Error),
        "segmentation fault" | "core dumped" | "illegal instruction" => {
            (is_apart && !is_denied(before)).then_some(Grade::Cause)
        }
        "failed" => {
            let is_of_pytest = found == "FAILED" && after.starts_with(' ') && after.contains("::");
            (before.is_empty() && (is_of_pytest || text.starts_with("Failed to "))).then_some(Grade::Error)
        }
        "aborted" => (is_apart && before.trim().is_empty() && (after.is_empty() || after.starts_with(" (core")))
            .then_some(Grade::Sign),
        _ => None,
    }
}

/// Whether a line speaks of errors that were passed over, or of a program's own tests of them.
pub(super) fn is_about_words(text: &str) -> bool {
    let start = text.trim_start();
    let good = ["ok ", "PASS", "✓", "✔", "√", "# ", "test ", "[100%]", "--", "@@ "];
    if good.iter().any(|good| start.starts_with(good)) && !text.ends_with("FAILED") {
        return true;
    }
    let is_list_of_levels = text.contains("ERROR") && (text.contains("CRITICAL") || text.contains("WARNING,"));
    if is_list_of_levels || says_before_error(text, "Warning: ") || text.contains("warnings.warn(") {
        return true;
    }
    let level = text
        .split(|letter: char| !letter.is_ascii_alphabetic())
        .filter(|word| word.len() > 3);
    // The first words of a line of a log: its date has none, its level stands before what it says.
    let level = level.take(3).find(|word| {
        matches!(
            *word,
            "WARN" | "WARNING" | "INFO" | "DEBUG" | "NOTICE" | "TRACE" | "ERROR" | "Warning" | "warning"
        )
    });
    level.is_some_and(|level| level != "ERROR" && says_before_error(text, level))
}

/// Whether the level of a line comes before any word of an error.
fn says_before_error(text: &str, level: &str) -> bool {
    // The name of a warning may have the word.
    let text = match text.contains("ErrorWarning") {
        true => Cow::Owned(text.replace("ErrorWarning", "Warning")),
        false => Cow::Borrowed(text),
    };
    let at = |word: &str| text.find(word).unwrap_or(text.len());
    at(level) < at("ERROR").min(at("Error")).min(at("error"))
}

pub(super) fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

/// `--level=ERROR`, `ERROR=0`, `ERROR 0`: a value or a count, not a level.
fn is_value(before: &str, after: &str) -> bool {
    let rest = after.trim_start_matches([':', ' ', '\t']);
    before.trim_end().ends_with('=')
        || before.ends_with(['-', '/', '.', '"', '\''])
        || after.starts_with(['=', '/', '-', '|', '"', '\''])
        || !rest.is_empty() && rest.split([' ', ',', ';', '|']).next().is_some_and(is_count)
}

fn is_count(word: &str) -> bool {
    word.len() < 3 && word.bytes().all(|byte| byte.is_ascii_digit())
}

/// `no error: …`, `0 fatal: …`.
fn is_denied(before: &str) -> bool {
    let last = before.trim_end().rsplit([' ', ',', '(']).next().unwrap_or_default();
    matches!(
        last.to_ascii_lowercase().as_str(),
        "no" | "0"
            | "fix"
            | "fixed"
            | "handle"
            | "ignore"
            | "ignored"
            | "ignoring"
            | "without"
            | "zero"
            | "any"
            | "of"
            | "on"
            | "mean"
            | "max"
            | "min"
            | "rel"
            | "abs"
            | "relative"
    )
}

/// `: what went wrong`, but not `: 0.123` or `: 0`, which is a number that a program computes or counts.
pub(super) fn says_what(after: &str) -> bool {
    let code = after
        .strip_prefix('[')
        .and_then(|rest| rest.split_once(']'))
        .map(|(_, rest)| rest);
    let Some(rest) = code.unwrap_or(after).strip_prefix(':') else {
        return false;
    };
    let first = rest
        .trim_start()
        .split([' ', ',', ';', '\t', '|'])
        .next()
        .unwrap_or_default();
    // A code of three digits is what went wrong.
    let is_code = first.len() == 3 && first.bytes().all(|byte| byte.is_ascii_digit());
    // `error: mean=0.3`
    let is_named = first
        .split_once('=')
        .is_some_and(|(_, number)| number.parse::<f64>().is_ok());
    first.is_empty() || is_code || !is_named && first.trim_end_matches('%').parse::<f64>().is_err()
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
