//! What is left of bytes when all is taken away that a value can be broken up or written otherwise by.
//!
//! Taken away are escape sequences of terminals and control characters, `\r` and NUL among them; lines stay apart.
//! Each letter that is left knows its place. How a letter is read follows from what is around it alone, so that reading
//! may begin anywhere: an escape sequence is one only if it ends soon, and each begins anew.

use std::{borrow::Cow, ops::Range};

use memchr::memchr;

const ESCAPE: u8 = 0x1b;
const BELL: u8 = 0x07;
/// Of `%XX`.
const CODE_BYTES: usize = 3;

/// Letters with their places.
#[derive(Debug)]
pub(super) struct Letters<'a> {
    pub(super) bytes: Cow<'a, [u8]>,
    /// Where each letter stood; `None` where nothing was taken away.
    places: Option<Vec<Range<usize>>>,
    /// Up to where how it is read does not depend on what follows.
    pub(super) until: usize,
}

/// Whether a sequence over this range is short enough to be one.
pub(super) type IsShort<'f> = &'f dyn Fn(Range<usize>) -> bool;

impl<'a> Letters<'a> {
    /// The letters of `raw`; `is_whole` when nothing follows.
    pub(super) fn of(raw: &'a [u8], is_whole: bool, is_short: IsShort<'_>) -> Self {
        if !raw.iter().any(|byte| is_taken_away(*byte)) {
            return Self {
                bytes: raw.into(),
                places: None,
                until: raw.len(),
            };
        }
        let (mut bytes, mut places) = (Vec::with_capacity(raw.len()), Vec::with_capacity(raw.len()));
        let mut place = 0;
        while let Some(byte) = raw.get(place) {
            if *byte == ESCAPE {
                match escape(&raw[place..]) {
                    Some(length) if is_short(place..place + length) => place += length,
                    None if !is_whole && is_short(place..raw.len() + 1) => break,
                    _ => place += 1,
                }
                continue;
            }
            if !is_taken_away(*byte) {
                bytes.push(*byte);
                places.push(place..place + 1);
            }
            place += 1;
        }
        Self {
            bytes: bytes.into(),
            places: Some(places),
            until: place,
        }
    }

    /// The letters that are left when those written as `%XX`, in one piece, are read, if there may be any.
    pub(super) fn decoded(&self, is_whole: bool) -> Option<Letters<'static>> {
        memchr(b'%', &self.bytes)?;
        let (mut bytes, mut places) = (Vec::new(), Vec::new());
        let (mut at, mut until) = (0, self.until);
        while let Some(letter) = self.bytes.get(at) {
            let start = self.place(at).start;
            let code = (*letter == b'%').then(|| read(self.bytes.get(at + 1..).unwrap_or_default()));
            match code {
                Some(Code::Letter(read)) if self.place(at + 2).end == start + CODE_BYTES => {
                    bytes.push(read);
                    places.push(start..start + CODE_BYTES);
                    at += CODE_BYTES;
                    continue;
                }
                Some(Code::Begun) if !is_whole && self.until == start + (self.bytes.len() - at) => {
                    until = start;
                    break;
                }
                _ => {}
            }
            bytes.push(*letter);
            places.push(self.place(at));
            at += 1;
        }
        Some(Letters {
            bytes: bytes.into(),
            places: Some(places),
            until,
        })
    }

    fn place(&self, at: usize) -> Range<usize> {
        match &self.places {
            Some(places) => places.get(at).cloned().unwrap_or(self.until..self.until),
            None => at..at + 1,
        }
    }

    /// Where the letters of a range, which is not empty, stand, with all between them.
    pub(super) fn places(&self, letters: Range<usize>) -> Range<usize> {
        self.place(letters.start).start..self.place(letters.end.saturating_sub(1)).end
    }

    /// Where the first letter stands that stands at `place` or behind it.
    pub(super) fn first_start(&self, place: usize) -> usize {
        match &self.places {
            Some(places) => self.start(places.partition_point(|letter| letter.start < place)),
            None => place,
        }
    }

    /// Where the letter at `at` stands; behind the last one, where reading has come to.
    pub(super) fn start(&self, at: usize) -> usize {
        match at < self.bytes.len() {
            true => self.place(at).start,
            false => self.until,
        }
    }
}

fn is_taken_away(byte: u8) -> bool {
    (byte < 0x20 || byte == 0x7f) && byte != b'\n' && byte != b'\t'
}

/// The length of the escape sequence that `raw` begins with, as far as it is one; `None` when it goes on.
fn escape(raw: &[u8]) -> Option<usize> {
    let end = |from: usize, is_inside: fn(u8) -> bool, is_last: fn(u8) -> bool| {
        let length = from + raw.get(from..)?.iter().position(|byte| !is_inside(*byte))?;
        Some(length + usize::from(is_last(raw[length])))
    };
    match raw.get(1)? {
        b'[' => end(
            2,
            |byte| matches!(byte, 0x20..=0x3f),
            |byte| matches!(byte, 0x40..=0x7e),
        ),
        b']' | b'P' | b'X' | b'^' | b'_' => end(2, |byte| !matches!(byte, BELL | ESCAPE | b'\n'), |byte| byte == BELL),
        0x20..=0x2f => end(
            1,
            |byte| matches!(byte, 0x20..=0x2f),
            |byte| matches!(byte, 0x30..=0x7e),
        ),
        0x30..=0x7e => Some(2),
        _ => Some(1),
    }
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
        for (raw, until) in [("a%", 1), ("a%4", 1), ("a%41", 4), ("a%4x", 4), ("%%4", 1)] {
            assert_eq!(
                letters(raw.as_bytes(), false).decoded(false).unwrap().until,
                until,
                "{raw:?}"
            );
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
        assert_eq!(letters(b"51%\r", false).decoded(false).unwrap().until, 4);
        assert!(letters(b"abc", true).decoded(true).is_none());
    }
}
