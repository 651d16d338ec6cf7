//! What lines tell together: a traceback and the exception at its end, a heading and what stands below it.

use super::errors::Grade;

/// Before the lines of a group that is in no other.
const OUTERMOST: &str = "  | ";
/// A traceback is not waited for longer than so many lines: others may write between its own.
const PATIENCE: u32 = 200;
/// What a test's heading is followed by within so many lines.
const NEAR: u32 = 4;

/// What a line tells of the reason of a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Told {
    /// By itself.
    Alone(Grade),
    /// The exception that a program ended with.
    Exception,
    /// An exception that came of the one before.
    ExceptionOf,
    /// A part of the exception before, or what it came of.
    Part,
}

/// What the lines of a source until now leave open.
#[derive(Debug, Default)]
pub(super) struct Story {
    open: Open,
    /// So many lines ago.
    age: u32,
    /// The next exception comes of the one before.
    is_chained: bool,
    /// A test's heading was so many lines ago.
    since_test: Option<u32>,
}

#[derive(Debug, Default, Clone, PartialEq, Eq)]
enum Open {
    #[default]
    Nothing,
    /// Frames, then the exception, each behind the prefix; whether it is a test's.
    Traceback(String, bool),
    /// The exceptions of a group.
    Group,
    /// What a thread says below the place where it panicked.
    Panic,
}

impl Story {
    /// Whether the next line may tell something without having a word of an error.
    pub(super) fn is_open(&self) -> bool {
        self.open != Open::Nothing || self.is_chained || self.since_test.is_some()
    }

    /// What a line tells, after those before; `grade` is what it tells by itself.
    pub(super) fn read(&mut self, text: &str, grade: Option<Grade>) -> Option<Told> {
        let text = text.trim_end();
        self.age += 1;
        self.since_test = self.since_test.map(|since| since + 1).filter(|since| *since <= NEAR);
        if let Some(before) = traceback_prefix(text) {
            let is_of_test = self.since_test.take().is_some();
            (self.open, self.age) = (Open::Traceback(before, is_of_test), 0);
            return Some(Told::Alone(Grade::Sign));
        }
        if self.age > PATIENCE {
            (self.open, self.is_chained) = (Open::Nothing, false);
        }
        if is_chain(text) {
            (self.is_chained, self.age) = (true, 0);
            return None;
        }
        if let Some(told) = self.below(text) {
            return Some(told);
        }
        self.begin(text, grade)
    }

    /// What a line tells below what is open.
    fn below(&mut self, text: &str) -> Option<Told> {
        match &self.open {
            Open::Nothing => None,
            Open::Traceback(prefix, is_of_test) => {
                let is_of_test = *is_of_test;
                let rest = behind(prefix, text);
                if rest.starts_with([' ', '\t', '|']) || !is_exception(rest) {
                    return None;
                }
                let is_group = rest.ends_with(" sub-exceptions)") || rest.ends_with(" sub-exception)");
                let is_consequence = rest.contains("CalledProcessError") || rest.contains("ChildFailedError");
                let is_of_bars = prefix.contains('|') && prefix.bytes().all(|byte| b" |".contains(&byte));
                let is_in_group = is_of_bars && prefix.len() > OUTERMOST.len();
                self.open = if is_group { Open::Group } else { Open::Nothing };
                let is_chained = std::mem::take(&mut self.is_chained);
                Some(match () {
                    () if is_consequence => Told::Alone(Grade::Error),
                    () if is_of_test => Told::Alone(Grade::Cause),
                    () if is_in_group => Told::Part,
                    () if is_chained => Told::ExceptionOf,
                    () => Told::Exception,
                })
            }
            Open::Group => {
                let bare = text.trim_start_matches([' ', '|']);
                let is_member = text.starts_with([' ', '|']) && bare.len() < text.len();
                if bare.starts_with("+---") && bare.ends_with('-') && !bare.contains(char::is_alphanumeric) {
                    self.open = Open::Nothing;
                }
                (is_member && is_exception(bare)).then_some(Told::Part)
            }
            Open::Panic => {
                let says = !text.trim().is_empty();
                if says {
                    self.open = Open::Nothing;
                }
                says.then_some(Told::Alone(Grade::Cause))
            }
        }
    }

    /// What a line tells by itself, and what it opens.
    fn begin(&mut self, text: &str, grade: Option<Grade>) -> Option<Told> {
        let grade = grade?;
        if text.ends_with(':') && text.contains("panicked at ") {
            (self.open, self.age) = (Open::Panic, 0);
        }
        if text.starts_with("FAIL: ") || text.starts_with("ERROR: ") {
            self.since_test = Some(0);
        }
        Some(match () {
            () if text.starts_with("Exception in thread ") => Told::Exception,
            () if text.trim_start().starts_with("Caused by: ") => Told::Part,
            () => Told::Alone(grade),
        })
    }
}

/// What stands before the heading of a traceback: nothing, a process's name, the bars of a group.
fn traceback_prefix(text: &str) -> Option<String> {
    let (before, after) = text.split_once("Traceback (most recent call last)")?;
    let before = before.strip_suffix("Exception Group ").unwrap_or(before);
    // What follows is of another line.
    after.starts_with(':').then(|| before.replace('+', "|"))
}

fn is_chain(text: &str) -> bool {
    text.contains("the direct cause of the following exception")
        || text.contains("During handling of the above exception")
}

/// A line of a traceback without what stands before each of its lines.
fn behind<'a>(prefix: &str, text: &'a str) -> &'a str {
    if let Some(rest) = text.strip_prefix(prefix) {
        return rest;
    }
    let is_frame = |part: &&str| part.bytes().all(|byte| matches!(byte, b' ' | b'|' | b'+'));
    match text.get(..prefix.len()).filter(is_frame) {
        Some(_) if prefix.contains('|') => &text[prefix.len()..],
        _ => text,
    }
}

/// `package.Type: what`, or the type alone.
fn is_exception(text: &str) -> bool {
    let name = text.split_once(':').map_or(text, |(name, _)| name);
    let mut letters = name.chars();
    letters
        .next()
        .is_some_and(|first| first.is_alphabetic() || first == '_')
        && letters.all(|letter| letter.is_alphanumeric() || matches!(letter, '_' | '.' | '<' | '>'))
        && name
            .rsplit('.')
            .next()
            .is_some_and(|last| last.chars().any(char::is_uppercase) || text.contains(": "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(lines: &str) -> Vec<(&str, Told)> {
        let mut story = Story::default();
        let lines = lines.lines().filter_map(|line| Some((line, story.read(line, None)?)));
        lines.filter(|(_, told)| *told != Told::Alone(Grade::Sign)).collect()
    }

    #[test]
    fn the_exception_at_the_end_of_a_traceback_is_what_it_tells() {
        let lines =
            "Traceback (most recent call last):\n  File \"x.py\", line 1, in <module>\n    f()\n    ~^^\nmy.Odd: no";
        assert_eq!(told(lines), [("my.Odd: no", Told::Exception)]);
        let ranks =
            "[rank0]: Traceback (most recent call last):\n[rank0]:   File \"x.py\"\nother words\n[rank0]: Stop: 3";
        assert_eq!(told(ranks), [("[rank0]: Stop: 3", Told::Exception)]);
        let indented = "      Traceback (most recent call last):\n        File \"s\"\n      ModuleNotFoundError: No module named 'x'";
        assert_eq!(
            told(indented),
            [("      ModuleNotFoundError: No module named 'x'", Told::Exception)]
        );
    }

    #[test]
    fn what_never_comes_is_waited_for_no_longer() {
        let mut story = Story::default();
        story.read(
            "During handling of the above exception, another exception occurred:",
            None,
        );
        for _ in 0..=PATIENCE {
            assert!(story.is_open());
            story.read("plain words", None);
        }
        assert!(!story.is_open());
    }

    #[test]
    fn chained_ones_and_groups_are_told_together() {
        let chain = "Traceback (most recent call last):\n  f\nKeyError: 'a'\n\nThe above exception was the direct cause of the following exception:\n\nTraceback (most recent call last):\n  g\nOSError: b";
        assert_eq!(
            told(chain),
            [("KeyError: 'a'", Told::Exception), ("OSError: b", Told::ExceptionOf)]
        );
        let group = "  + Exception Group Traceback (most recent call last):\n  |   File \"x\"\n  | ExceptionGroup: all (2 sub-exceptions)\n  +-+---------------- 1 ----------------\n    | ValueError: 1\n    +---------------- 2 ----------------\n    | Traceback (most recent call last):\n    |   File \"y\"\n    | TypeError: 2\n    +------------------------------------\n";
        let words: Vec<_> = told(group)
            .into_iter()
            .map(|(line, _)| line.trim_start_matches([' ', '|']))
            .collect();
        assert_eq!(
            words,
            [
                "ExceptionGroup: all (2 sub-exceptions)",
                "ValueError: 1",
                "TypeError: 2"
            ]
        );
    }
}
