//! What is left of bytes when all is taken away that a value can be broken up or written otherwise by.
//!
//! Taken away are escape sequences of terminals and control characters, `\r` and NUL among them; lines stay apart.
//! Each letter that is left knows its place. How a letter is read follows from what is around it alone, so that reading
//! may begin anywhere: an escape sequence is one only if it ends soon, and each begins anew.

use std::{borrow::Cow, ops::Range};

use jobsphere_lines::{IsShort, Stretches};
use memchr::memchr_iter;

/// Of `%XX`.
const CODE_BYTES: usize = 3;

/// Letters with their places.
#[derive(Debug)]
pub(super) struct Letters<'a> {
    pub(super) bytes: Cow<'a, [u8]>,
    /// Where letters stood, in their order; the first begins with the first letter.
    runs: Vec<Run>,
    /// Up to where how it is read does not depend on what follows.
    pub(super) until: usize,
}

/// Letters that stood side by side.
#[derive(Debug, Clone, Copy)]
struct Run {
    /// The number of the first letter.
    first: usize,
    /// Where it stood.
    place: usize,
    /// The bytes that each was written with.
    width: usize,
}

impl<'a> Letters<'a> {
    /// The letters of `raw`; `is_whole` when nothing follows.
    pub(super) fn of(raw: &'a [u8], is_whole: bool, is_short: IsShort<'_>) -> Self {
        let mut stretches = Stretches::of(raw, is_whole, is_short);
        let first = stretches.next().unwrap_or_default();
        if first.len() == raw.len() {
            return Self {
                bytes: raw.into(),
                runs: vec![run(0, 0)],
                until: raw.len(),
            };
        }
        let mut letters = Letters {
            bytes: Vec::with_capacity(raw.len()).into(),
            runs: Vec::new(),
            until: 0,
        };
        letters.add(raw, first);
        stretches.by_ref().for_each(|stretch| letters.add(raw, stretch));
        letters.until = stretches.place();
        letters
    }

    /// Adds what stands at these places as it is.
    fn add(&mut self, raw: &[u8], places: Range<usize>) {
        if !places.is_empty() {
            self.runs.push(run(self.bytes.len(), places.start));
            self.bytes.to_mut().extend_from_slice(&raw[places]);
        }
    }

    /// The letters that are left when those written as `%XX`, in one piece, are read; `None` when there are none.
    pub(super) fn decoded(&self, is_whole: bool) -> Option<Letters<'static>> {
        let mut decoded = Letters {
            bytes: Vec::new().into(),
            runs: Vec::new(),
            until: self.until,
        };
        let mut copied = 0;
        for at in memchr_iter(b'%', &self.bytes) {
            let start = self.start(at);
            match read(self.bytes.get(at + 1..).unwrap_or_default()) {
                Code::Letter(read) if self.place(at + 2).end == start + CODE_BYTES => {
                    decoded.copy(self, copied..at);
                    decoded.runs.push(Run {
                        first: decoded.bytes.len(),
                        place: start,
                        width: CODE_BYTES,
                    });
                    decoded.bytes.to_mut().push(read);
                    copied = at + CODE_BYTES;
                }
                Code::Begun if !is_whole && self.until == start + (self.bytes.len() - at) => {
                    decoded.copy(self, copied..at);
                    decoded.until = start;
                    return Some(decoded);
                }
                _ => {}
            }
        }
        if copied == 0 {
            return None;
        }
        decoded.copy(self, copied..self.bytes.len());
        Some(decoded)
    }

    /// Adds letters of `from` as they are.
    fn copy(&mut self, from: &Letters<'_>, letters: Range<usize>) {
        let mut at = letters.start;
        let mut next = from.runs.partition_point(|run| run.first <= at);
        while at < letters.end {
            let end = from
                .runs
                .get(next)
                .map_or(letters.end, |run| run.first.min(letters.end));
            self.runs.push(run(self.bytes.len(), from.start(at)));
            self.bytes.to_mut().extend_from_slice(&from.bytes[at..end]);
            (at, next) = (end, next + 1);
        }
    }

    fn place(&self, at: usize) -> Range<usize> {
        let run = self.runs.partition_point(|run| run.first <= at).checked_sub(1);
        match run.and_then(|run| self.runs.get(run)) {
            Some(run) if at < self.bytes.len() => {
                let start = run.place + (at - run.first) * run.width;
                start..start + run.width
            }
            _ => self.until..self.until,
        }
    }

    /// Where the letters of a range, which is not empty, stand, with all between them.
    pub(super) fn places(&self, letters: Range<usize>) -> Range<usize> {
        self.place(letters.start).start..self.place(letters.end.saturating_sub(1)).end
    }

    /// Where the first letter stands that stands at `place` or behind it.
    pub(super) fn first_start(&self, place: usize) -> usize {
        let before = self.runs.partition_point(|run| run.place < place);
        let Some(run) = before.checked_sub(1).and_then(|run| self.runs.get(run)) else {
            return self.start(0);
        };
        let end = self.runs.get(before).map_or(self.bytes.len(), |next| next.first);
        self.start((run.first + (place - run.place).div_ceil(run.width)).min(end))
    }

    /// Where the letter at `at` stands; behind the last one, where reading has come to.
    pub(super) fn start(&self, at: usize) -> usize {
        self.place(at).start
    }
}

/// Letters as they are.
fn run(first: usize, place: usize) -> Run {
    Run { first, place, width: 1 }
}

/// What stands behind a `%`.
enum Code {
    /// Two digits.
    Letter(u8),
    /// What may become two digits.
    Begun,
    /// Something else.
    Other,
}

fn read(behind: &[u8]) -> Code {
    let digit = |at: usize| behind.get(at).map(|letter| char::from(*letter).to_digit(16));
    match (digit(0), digit(1)) {
        (Some(Some(high)), Some(Some(low))) => Code::Letter((high << 4 | low) as u8),
        (None, _) | (Some(Some(_)), None) => Code::Begun,
        _ => Code::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letters(raw: &[u8], is_whole: bool) -> Letters<'_> {
        Letters::of(raw, is_whole, &|range| range.len() < 20)
    }

    #[test]
    fn what_breaks_a_word_up_is_taken_away_and_places_are_kept() {
        for raw in [
            "sec\x1b[31mret",
            "sec\x1b[0;1;38:5:3mret",
            "s\0e\0c\0ret",
            "sec\rret",
            "sec\x1b]0;title\x07ret",
            "sec\x1b]8;;x\x1b\\ret",
            "sec\x1b(Bret",
            "sec\x1b=ret",
            "\x1b[Ksecret",
            "sec\x08\x7fret",
            "secret",
        ] {
            let letters = letters(raw.as_bytes(), true);
            assert_eq!(&*letters.bytes, b"secret", "{raw:?}");
            let whole = letters.places(0..6);
            assert_eq!((&raw[whole.start..][..1], whole.end), ("s", raw.len()));
        }
        assert_eq!(&*letters(b"a\tb\n", true).bytes, b"a\tb\n");
        assert_eq!(
            &*letters(b"a\x1b]0;an unending long title\n", true).bytes,
            b"a]0;an unending long title\n"
        );
    }

    #[test]
    fn what_may_go_on_waits() {
        for (raw, until) in [
            ("ab\x1b", 2),
            ("ab\x1b[3", 2),
            ("ab\x1b]title", 2),
            ("ab\x1b]0;title that never ends", 27),
        ] {
            assert_eq!(letters(raw.as_bytes(), false).until, until, "{raw:?}");
            assert_eq!(letters(raw.as_bytes(), true).until, raw.len(), "{raw:?}");
        }
        for (raw, until) in [("a%", 1), ("a%4", 1), ("%41 %%4", 5)] {
            let letters = letters(raw.as_bytes(), false);
            assert_eq!(letters.decoded(false).unwrap().until, until, "{raw:?}");
        }
        for raw in ["a%4x", "51%\r", "100%\n", "a"] {
            assert!(letters(raw.as_bytes(), false).decoded(false).is_none(), "{raw:?}");
        }
    }

    #[test]
    fn percent_signs_are_read_once() {
        let decoded = |raw: &str| {
            let letters = letters(raw.as_bytes(), true).decoded(true).unwrap();
            String::from_utf8(letters.bytes.into_owned()).unwrap()
        };
        assert_eq!(decoded("%73ec%72%65t"), "secret");
        assert_eq!(decoded("%2541 100% %zz %4"), "%41 100% %zz %4");
        assert_eq!(decoded("%7\r3 \x1b[1m%73"), "%73 s");
        assert_eq!(letters(b"\0%73", true).decoded(true).unwrap().places(0..1), 1..4);
        assert!(letters(b"abc", true).decoded(true).is_none());
    }
}
