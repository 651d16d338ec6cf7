//! What of bytes is text, each byte at its place: without escape sequences and control characters.

use std::ops::Range;

use super::escapes::{ESC, State};

/// Whether an escape sequence over this range is short enough to be one.
pub type IsShort<'f> = &'f dyn Fn(Range<usize>) -> bool;

/// The stretches of text in bytes, in their order. Line feeds and tabulators are text.
///
/// What is text follows from what is around it alone, so that reading may begin anywhere: a sequence is one only if it is
/// short, and it ends with its line or the line's state, or where another one begins.
pub struct Stretches<'a> {
    raw: &'a [u8],
    /// Nothing follows.
    is_whole: bool,
    is_short: IsShort<'a>,
    place: usize,
}

impl<'a> Stretches<'a> {
    /// Those of `raw`; `is_whole` when nothing follows.
    pub fn of(raw: &'a [u8], is_whole: bool, is_short: IsShort<'a>) -> Self {
        Self {
            raw,
            is_whole,
            is_short,
            place: 0,
        }
    }

    /// Where reading stands. At the end: up to where what is text does not depend on what follows.
    pub fn place(&self) -> usize {
        self.place
    }
}

impl Iterator for Stretches<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        loop {
            let (place, rest) = (self.place, &self.raw[self.place..]);
            if is_text(*rest.first()?) {
                let length = rest.iter().position(|byte| !is_text(*byte));
                self.place += length.unwrap_or(rest.len());
                return Some(place..self.place);
            }
            self.place += match (rest[0] == ESC).then(|| sequence(rest)) {
                Some(Some(Read { length, seen })) if (self.is_short)(place..place + seen) => length,
                Some(None) if !self.is_whole && (self.is_short)(place..self.raw.len() + 1) => return None,
                _ => 1,
            };
        }
    }
}

fn is_text(byte: u8) -> bool {
    (byte >= b' ' && byte != 0x7f) || byte == b'\n' || byte == b'\t'
}

/// A sequence that was read.
struct Read {
    length: usize,
    /// The bytes that tell its length: one more where it is what follows that ends it.
    seen: usize,
}

/// The escape sequence that `raw` begins with; `None` when it goes on.
fn sequence(raw: &[u8]) -> Option<Read> {
    // Most are those of colours, whose numbers are passed over in one go: the redactor reads them again and again.
    let (mut state, first) = match raw {
        [_, b'[', rest @ ..] => {
            let numbers = rest.iter().position(|byte| !matches!(*byte, b'0'..=b';'));
            (State::Numbers, 2 + numbers.unwrap_or(rest.len()))
        }
        _ => (State::Begun, 1),
    };
    for (length, byte) in raw.iter().enumerate().skip(first) {
        let seen = length + 1;
        if matches!(*byte, ESC | b'\n' | b'\r') {
            return Some(Read { length, seen });
        }
        match state.after(*byte) {
            Some(next) => state = next,
            None => return Some(Read { length: seen, seen }),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        decoder::{Decoder, Sign},
        orders::Order,
    };

    fn text(raw: &[u8], is_whole: bool) -> (Vec<u8>, usize) {
        let mut stretches = Stretches::of(raw, is_whole, &|range| range.len() < 20);
        let text = stretches.by_ref().flat_map(|stretch| raw[stretch].to_vec()).collect();
        (text, stretches.place())
    }

    #[test]
    fn text_is_what_is_left() {
        for (raw, left) in [
            ("a\tb\n", "a\tb\n"),
            ("a\x1b[0;1;38:5:3mb", "ab"),
            ("a\x1b[3\x081mb", "ab"),
            ("a\r\0\x08\x7fb", "ab"),
            ("a\x1b[3\nb", "a\nb"),
            ("a\x1b]0;t\rb", "ab"),
            ("a\x1b]0;an unending long title\n", "a]0;an unending long title\n"),
            ("a\x1b[3", "a[3"),
        ] {
            assert_eq!(
                text(raw.as_bytes(), true),
                (left.as_bytes().to_vec(), raw.len()),
                "{raw:?}"
            );
        }
        assert_eq!(text(b"a\x1b[3", false), (b"a".to_vec(), 1));
    }

    fn bytes() -> impl Strategy<Value = Vec<u8>> {
        let byte = prop_oneof![
            3 => prop::sample::select(b"\x1b\x1b\x1b[[]P01;:mm?(A\x07\x08\x18\r\n\\".to_vec()),
            1 => any::<u8>(),
        ];
        prop::collection::vec(byte, 0..40)
    }

    proptest! {
        #[test]
        fn what_is_known_of_a_part_holds_for_the_whole(bytes in bytes(), at in 0..40_usize) {
            let at = at.min(bytes.len());
            let (whole, _) = text(&bytes, true);
            let (begun, until) = text(&bytes[..at], false);
            prop_assert!(whole.starts_with(&begun));
            // Whoever goes on where it stands reads the rest.
            prop_assert_eq!([begun, text(&bytes[until..], true).0].concat(), whole);
        }

        #[test]
        fn text_alone_is_that_of_text_with_colours(bytes in bytes()) {
            // What tells a terminal to move on, and where the line's state ends, is another matter.
            let bytes: Vec<u8> = bytes.into_iter().filter(|byte| !matches!(byte, b'\r' | b'\n' | 0x80..)).collect();
            let ended = [&bytes[..], b"\n"].concat();
            let stretches = Stretches::of(&ended, true, &|_| true);
            let alone: Vec<u8> = stretches.flat_map(|stretch| ended[stretch].to_vec()).collect();
            let mut said = Vec::new();
            Decoder::default().read(&bytes, |sign, _, _| match sign {
                Sign::Text(text) => said.extend_from_slice(text.as_bytes()),
                Sign::Order(Order::Tab) => said.push(b'\t'),
                Sign::Order(_) => {}
            });
            said.push(b'\n');
            prop_assert_eq!(alone, said);
        }
    }
}
