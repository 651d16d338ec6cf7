//! Where two logs part: read in step, line by line, up to the first line that differs. Holds a few lines of each.

use std::collections::VecDeque;

use crate::log_lines::{Lines, LogLine};
use jobsphere_client::CallError;

/// Lines shown before and after the difference.
const CONTEXT: usize = 3;
/// After so many equal lines the reader hears how far it is.
const REPORT_EVERY: u64 = 1000;

/// What does not count as a difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ignoring {
    /// Everything counts.
    Nothing,
    /// Dates, times, numbers and hexadecimal ids do not count.
    TimesAndNumbers,
}

/// One of the two logs around the place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Excerpt {
    /// Lines before the difference; those of the two logs differ only in what is ignored.
    pub before: Vec<LogLine>,
    /// The line that differs; `None` where the log has ended before.
    pub line: Option<LogLine>,
    /// Lines after it.
    pub after: Vec<LogLine>,
}

/// How two logs compare.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// They are the same to the end.
    Same {
        /// The number of their lines.
        lines: u64,
    },
    /// They part.
    Parts {
        /// The number of the first line that differs, from 1.
        number: u64,
        /// The first log there.
        first: Excerpt,
        /// The second log there.
        second: Excerpt,
    },
}

/// Which of the two logs could not be read, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// Whether it is the second.
    pub is_second: bool,
    /// Why.
    pub error: CallError,
}

struct Reader<'a, L> {
    lines: &'a mut L,
    is_second: bool,
    before: VecDeque<LogLine>,
}

impl<'a, L: Lines> Reader<'a, L> {
    fn new(lines: &'a mut L, is_second: bool) -> Self {
        Self {
            lines,
            is_second,
            before: VecDeque::new(),
        }
    }

    async fn next(&mut self) -> Result<Option<LogLine>, Unread> {
        let is_second = self.is_second;
        self.lines.next().await.map_err(|error| Unread { is_second, error })
    }

    fn keep(&mut self, line: LogLine) {
        if self.before.len() == CONTEXT {
            self.before.pop_front();
        }
        self.before.push_back(line);
    }

    /// The place, with what follows as far as it is there; what cannot be read is only missing from the context.
    async fn excerpt(mut self, line: Option<LogLine>) -> Excerpt {
        let mut after = Vec::new();
        while after.len() < CONTEXT
            && line.is_some()
            && let Ok(Some(line)) = self.lines.next_at_hand().await
        {
            after.push(line);
        }
        Excerpt {
            before: std::mem::take(&mut self.before).into(),
            line,
            after,
        }
    }
}

/// Reads both up to the first difference; `on_progress` hears the number of equal lines now and then.
///
/// # Errors
/// [`Unread`] when one of them cannot be read.
pub async fn first(
    first: &mut impl Lines,
    second: &mut impl Lines,
    ignoring: Ignoring,
    mut on_progress: impl FnMut(u64),
) -> Result<Outcome, Unread> {
    let (mut a, mut b) = (Reader::new(first, false), Reader::new(second, true));
    let mut equal = 0_u64;
    loop {
        match (a.next().await?, b.next().await?) {
            (None, None) => return Ok(Outcome::Same { lines: equal }),
            (Some(left), Some(right)) if is_same(&left.text, &right.text, ignoring) => {
                a.keep(left);
                b.keep(right);
                equal += 1;
                if equal.is_multiple_of(REPORT_EVERY) {
                    on_progress(equal);
                }
            }
            (left, right) => {
                return Ok(Outcome::Parts {
                    number: equal + 1,
                    first: a.excerpt(left).await,
                    second: b.excerpt(right).await,
                });
            }
        }
    }
}

/// A line in three parts: what the other has at its start too, what is its own, and what both have at their end.
pub fn parts<'a>(line: &'a str, other: &str) -> [&'a str; 3] {
    let same = line.chars().zip(other.chars()).take_while(|(a, b)| a == b);
    let start: usize = same.map(|(letter, _)| letter.len_utf8()).sum();
    let (head, rest) = line.split_at(start);
    let same = rest
        .chars()
        .rev()
        .zip(other[start..].chars().rev())
        .take_while(|(a, b)| a == b);
    let end: usize = same.map(|(letter, _)| letter.len_utf8()).sum();
    let (own, tail) = rest.split_at(rest.len() - end);
    [head, own, tail]
}

fn is_same(a: &str, b: &str, ignoring: Ignoring) -> bool {
    a == b || (ignoring == Ignoring::TimesAndNumbers && plain(a) == plain(b))
}

/// Names of days and months beside numbers are parts of a date.
const DATE_WORDS: [&str; 19] = [
    "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep",
    "Oct", "Nov", "Dec",
];

/// From so many digits on, a word of hexadecimal digits with at least one decimal one is an id.
const MIN_ID_CHARS: usize = 6;

/// The line with each number, id and name in a date as the same mark.
pub fn plain(line: &str) -> String {
    const MARK: char = '\u{1}';
    let mut plain = String::with_capacity(line.len());
    let mut rest = line;
    while !rest.is_empty() {
        if let Some(after) = after_uuid(rest) {
            plain.push(MARK);
            rest = after;
            continue;
        }
        let is_word = |letter: char| letter.is_alphanumeric() || letter == '_';
        let first_is_word = rest.starts_with(is_word);
        let end = rest
            .find(|letter| is_word(letter) != first_is_word)
            .unwrap_or(rest.len());
        let (piece, after) = rest.split_at(end);
        rest = after;
        if !first_is_word {
            plain.push_str(piece);
        } else if is_id(piece) || DATE_WORDS.contains(&piece) {
            plain.push(MARK);
        } else {
            let mut in_number = false;
            for letter in piece.chars() {
                let is_digit = letter.is_ascii_digit();
                match (is_digit, in_number) {
                    (true, true) => {}
                    (true, false) => plain.push(MARK),
                    (false, _) => plain.push(letter),
                }
                in_number = is_digit;
            }
        }
    }
    joined(&plain, MARK)
}

fn is_id(word: &str) -> bool {
    let digits = word.strip_prefix("0x").unwrap_or(word);
    digits.len() >= MIN_ID_CHARS
        && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
        && digits.bytes().any(|byte| byte.is_ascii_digit())
}

/// What follows an id such as `3f2504e0-4f89-11d3-9a0c-0305e82c3301` at the start of `text`.
fn after_uuid(text: &str) -> Option<&str> {
    const GROUPS: [usize; 5] = [8, 4, 4, 4, 12];
    let (id, after) = text.split_at_checked(GROUPS.iter().sum::<usize>() + GROUPS.len() - 1)?;
    let mut groups = id.split('-');
    let is_hex = |group: &str| group.bytes().all(|byte| byte.is_ascii_hexdigit());
    let fits = GROUPS.iter().all(|length| {
        groups
            .next()
            .is_some_and(|group| group.len() == *length && is_hex(group))
    });
    (fits && groups.next().is_none()).then_some(after)
}

/// Marks that only the signs inside numbers, dates and ids part become one: `1.5e-07`, `12:30:01,5`, `2026-11-25T12`.
fn joined(plain: &str, mark: char) -> String {
    let mut joined = String::with_capacity(plain.len());
    let mut rest = plain;
    while let Some(at) = rest.find(mark) {
        let (before, from) = rest.split_at(at);
        // A sign belongs to its number.
        joined.push_str(before.strip_suffix(['-', '+']).unwrap_or(before));
        joined.push(mark);
        rest = &from[mark.len_utf8()..];
        let is_inside = |letter: char| matches!(letter, '.' | ',' | ':' | '-' | '+' | 'e' | 'E' | 'T' | 'Z' | '/');
        loop {
            let end = rest.find(|letter| !is_inside(letter)).unwrap_or(rest.len());
            let Some(next) = rest[end..].strip_prefix(mark).filter(|_| end <= 2) else {
                break;
            };
            rest = next;
        }
        // The unit of a time goes with its size: 900ms and 1.2s.
        for unit in ["ns", "us", "µs", "ms", "s", "Z"] {
            if let Some(next) = rest.strip_prefix(unit)
                && !next.starts_with(char::is_alphanumeric)
            {
                rest = next;
                break;
            }
        }
    }
    joined.push_str(rest);
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Texts(VecDeque<&'static str>, i64);

    impl Texts {
        fn new(text: &'static str) -> Self {
            Self(text.lines().collect(), 0)
        }
    }

    impl Lines for Texts {
        async fn next(&mut self) -> Result<Option<LogLine>, CallError> {
            let Some(text) = self.0.pop_front() else {
                return Ok(None);
            };
            if text == "broken" {
                return Err(CallError::new(tonic::Code::DataLoss, "broken"));
            }
            let offset = self.1;
            self.1 += text.len() as i64 + 1;
            Ok(Some(LogLine {
                offset,
                text: text.into(),
            }))
        }

        async fn next_at_hand(&mut self) -> Result<Option<LogLine>, CallError> {
            self.next().await
        }
    }

    fn compare(a: &'static str, b: &'static str, ignoring: Ignoring) -> Result<Outcome, Unread> {
        futures::executor::block_on(first(&mut Texts::new(a), &mut Texts::new(b), ignoring, |_| {}))
    }

    fn texts(lines: &[LogLine]) -> Vec<&str> {
        lines.iter().map(|line| line.text.as_str()).collect()
    }

    #[test]
    fn the_first_difference_has_its_surroundings() {
        let (a, b) = ("1\n2\n3\n4\nsame\nleft\n6\n7\n8\n9", "1\n2\n3\n4\nsame\nright\n6");
        let Ok(Outcome::Parts { number, first, second }) = compare(a, b, Ignoring::Nothing) else {
            panic!("they differ")
        };
        assert_eq!(number, 6);
        assert_eq!(texts(&first.before), ["3", "4", "same"]);
        assert_eq!(
            first.line.map(|line| (line.offset, line.text)),
            Some((13, "left".into()))
        );
        assert_eq!(texts(&first.after), ["6", "7", "8"]);
        assert_eq!(second.line.map(|line| line.text).as_deref(), Some("right"));
        assert_eq!(texts(&second.after), ["6"]);
    }

    #[test]
    fn one_may_end_before_the_other() {
        assert_eq!(
            compare("a\nb", "a\nb", Ignoring::Nothing),
            Ok(Outcome::Same { lines: 2 })
        );
        assert_eq!(compare("", "", Ignoring::Nothing), Ok(Outcome::Same { lines: 0 }));
        let Ok(Outcome::Parts {
            number: 2,
            first,
            second,
        }) = compare("a", "a\nb", Ignoring::Nothing)
        else {
            panic!("they differ")
        };
        assert_eq!((first.line, second.line.is_some()), (None, true));
        assert_eq!(first.after, []);
        let unread = compare("a\nbroken", "a\nb", Ignoring::Nothing).unwrap_err();
        assert!(!unread.is_second);
    }

    #[test]
    fn a_line_is_taken_apart() {
        assert_eq!(parts("loss=0.25 ok", "loss=0.31 ok"), ["loss=0.", "25", " ok"]);
        assert_eq!(parts("aa", "aaa"), ["aa", "", ""]);
        assert_eq!(parts("эпоха 1", "эпоха 12"), ["эпоха 1", "", ""]);
        assert_eq!(parts("same", "same"), ["same", "", ""]);
    }

    #[test]
    fn times_and_numbers_may_be_ignored() {
        for (a, b) in [
            ("2026-11-25T12:30:01.5Z start", "2026-11-26T01:00:59.123Z start"),
            ("[2026-11-25 12:30:01,5] start", "[2026-11-26 01:00:59,123] start"),
            ("epoch 9 loss=0.25", "epoch 10 loss=1.5e-07"),
            ("delta -3", "delta 4"),
            ("pid 17 at 0x7f3a9c", "pid 3141 at 0x55aa01"),
            (
                "id 3f2504e0-4f89-11d3-9a0c-0305e82c3301",
                "id c9bf9e57-1685-4c89-bafb-ff5af830be8a",
            ),
            ("Tue Nov 24 09:00:00 2026", "Wed Dec  2 10:11:12 2026"),
            ("took 900ms", "took 1.2s"),
            ("worker_1", "worker_22"),
        ] {
            let same = plain(a).split_whitespace().eq(plain(b).split_whitespace());
            assert!(same, "{:?} and {:?}", plain(a), plain(b));
        }
        for (a, b) in [
            ("loss=1", "accuracy=1"),
            ("read 3 rows", "wrote 3 rows"),
            ("defaced", "facades"),
            ("done", "done 5"),
        ] {
            assert_ne!(plain(a), plain(b));
        }
        let same = compare("step 1\nend", "step 2\nend", Ignoring::TimesAndNumbers);
        assert_eq!(same, Ok(Outcome::Same { lines: 2 }));
    }
}
