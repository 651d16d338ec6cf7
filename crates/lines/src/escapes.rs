//! Escape sequences of terminals: where they end, and what they tell: colours, where to write on, what to take away. All
//! else is dropped.
//!
//! The grammar is that of <https://vt100.net/emu/dec_ansi_parser>: an escape character begins anew wherever it stands, and
//! control characters may stand within. What a terminal is told in a string (titles, links) ends with BEL, or with a
//! sequence of its own, ESC and a backslash. Bytes beyond ASCII are letters of UTF-8, never control characters.

use super::{
    numbers::Numbers,
    orders::{Order, of_bracket, of_letter},
    style::Style,
};

/// The escape character, which a sequence begins with.
pub const ESC: u8 = 0x1b;
const BELL: u8 = 0x07;
const CANCEL: u8 = 0x18;
const SUBSTITUTE: u8 = 0x1a;

/// What has been read of a sequence.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum State {
    /// The escape character.
    #[default]
    Begun,
    /// Signs between it and the last letter.
    Signs,
    /// A bracket.
    Bracket,
    /// A bracket and numbers.
    Numbers,
    /// A bracket and the sign of a maker of terminals, maybe numbers.
    Private,
    /// A bracket, and signs behind the numbers.
    BehindNumbers,
    /// A bracket, and what does not belong there.
    Broken,
    /// The beginning of a string.
    String,
}

impl State {
    /// What has been read with the next byte; `None` when the sequence ends with it.
    pub(crate) fn after(self, byte: u8) -> Option<Self> {
        Some(match (self, byte) {
            (_, ESC) => Self::Begun,
            (_, CANCEL | SUBSTITUTE) | (Self::String, BELL) => return None,
            (Self::String, _) | (_, 0..b' ' | 0x7f..) => self,
            (Self::Begun, b'[') => Self::Bracket,
            (Self::Begun, b']' | b'P' | b'X' | b'^' | b'_') => Self::String,
            (Self::Begun | Self::Signs, b' '..=b'/') => Self::Signs,
            (Self::Begun | Self::Signs, _) | (_, b'@'..=b'~') => return None,
            (Self::Bracket | Self::Numbers, b'0'..=b';') => Self::Numbers,
            (Self::Bracket, b'<'..=b'?') | (Self::Private, b'0'..=b';') => Self::Private,
            (Self::Bracket | Self::Numbers | Self::Private | Self::BehindNumbers, b' '..=b'/') => Self::BehindNumbers,
            _ => Self::Broken,
        })
    }
}

/// One sequence being read, byte by byte; it may be cut by the end of a message.
#[derive(Debug, Clone, Default)]
pub struct Sequence {
    state: State,
    numbers: Numbers,
}

/// What a byte of a sequence did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The sequence goes on.
    Within,
    /// It has ended with this byte, and told this.
    Ended(Option<Order>),
}

impl Sequence {
    /// A sequence whose escape character was read.
    pub fn begin() -> Self {
        Self::default()
    }

    /// Reads the next byte; colours are changed in `style`.
    pub fn advance(&mut self, byte: u8, style: &mut Style) -> Step {
        let mut order = None;
        match (self.state, byte) {
            (_, ESC) => self.numbers = Numbers::default(),
            (State::Bracket | State::Numbers, b'0'..=b';') => self.numbers.read(byte),
            (State::Bracket | State::Numbers, b'm') => {
                self.numbers.end().into_iter().for_each(|groups| style.apply(groups))
            }
            (State::Bracket | State::Numbers, b'@'..=b'~') => {
                order = self.numbers.end().and_then(|groups| of_bracket(byte, groups));
            }
            (State::Begun, _) => order = of_letter(byte),
            _ => {}
        }
        match self.state.after(byte) {
            Some(state) => {
                self.state = state;
                Step::Within
            }
            None => Step::Ended(order),
        }
    }
}

#[cfg(test)]
mod tests {
    use anstyle_parse::{Params, Parser, Perform};
    use proptest::prelude::*;

    use super::*;

    /// What a reader makes of bytes: letters and colours, in their order.
    #[derive(Debug, Default, PartialEq)]
    struct Seen(Vec<(u8, Style)>, Style);

    fn seen(bytes: &[u8]) -> Seen {
        let mut seen = Seen::default();
        let mut open: Option<Sequence> = None;
        for byte in bytes {
            match &mut open {
                Some(sequence) => {
                    if sequence.advance(*byte, &mut seen.1) != Step::Within {
                        open = None;
                    }
                }
                None if *byte == ESC => open = Some(Sequence::begin()),
                None => seen.0.push((*byte, seen.1)),
            }
        }
        seen.0.retain(|(byte, _)| matches!(byte, b' '..=b'~'));
        seen
    }

    impl Perform for Seen {
        fn print(&mut self, letter: char) {
            self.0.extend(u8::try_from(letter).ok().map(|byte| (byte, self.1)));
        }

        fn csi_dispatch(&mut self, params: &Params, intermediates: &[u8], ignore: bool, action: u8) {
            if action == b'm' && intermediates.is_empty() && !ignore {
                self.1.apply(params.iter());
            }
        }
    }

    fn seen_by_another(bytes: &[u8]) -> Seen {
        let (mut parser, mut seen) = (
            Parser::<anstyle_parse::DefaultCharAccumulator>::default(),
            Seen::default(),
        );
        bytes.iter().for_each(|byte| parser.advance(&mut seen, *byte));
        seen.0.retain(|(byte, _)| matches!(byte, b' '..=b'~'));
        seen
    }

    #[test]
    fn sequences_end_where_terminals_say() {
        for sequence in [
            "\x1b[m",
            "\x1b[?25l",
            "\x1b[1;38:5:3m",
            "\x1b[2 q",
            "\x1b[1<2m",
            "\x1b[3\x08\u{e9}1m",
            "\x1b(B",
            "\x1b=",
            "\x1b]0;title\x07",
            "\x1b]8;;http://x\x1b\\",
            "\x1bPq\u{41c}\x1b\\",
            "\x1b_G\x07",
            "\x1b[\x18",
            "\x1b]0;\x1a",
            "\x1b[1\x1b[2m",
        ] {
            let text: Vec<u8> = seen(format!("a{sequence}b").as_bytes())
                .0
                .iter()
                .map(|(byte, _)| *byte)
                .collect();
            assert_eq!(text, b"ab", "{sequence:?}");
        }
    }

    fn bytes() -> impl Strategy<Value = Vec<u8>> {
        let byte = prop_oneof![
            4 => prop::sample::select(b"\x1b\x1b\x1b[[[[01234567;;::mmmm?< (A\x18\x07\n\x7f".to_vec()),
            1 => 0..0x80_u8,
        ];
        prop::collection::vec(byte, 0..60)
    }

    proptest! {
        #[test]
        fn another_reader_sees_the_same(bytes in bytes()) {
            // The other one ends some strings otherwise.
            let strings = [b'P', b'X', b'^', b'_'];
            let bytes: Vec<u8> = bytes.into_iter().filter(|byte| !strings.contains(byte)).collect();
            prop_assert_eq!(seen(&bytes), seen_by_another(&bytes));
        }
    }
}
