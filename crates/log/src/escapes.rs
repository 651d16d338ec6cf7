//! Escape sequences: where they end, and what they change. All but colours are dropped.

use anstyle_parse::{Params, Parser, Perform};

use super::style::Style;

pub(super) const ESC: u8 = 0x1b;

/// One sequence being read, byte by byte; it may be cut by the end of a message.
#[derive(Debug, Clone, Default)]
pub(super) struct Sequence {
    parser: Parser,
}

/// What a byte of a sequence did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// The sequence goes on.
    Within,
    /// It has ended with this byte.
    Ended,
    /// It had ended before: this is a letter of the text.
    Letter(char),
}

impl Sequence {
    /// A sequence whose escape character was read.
    pub(super) fn begin() -> Self {
        let mut sequence = Self::default();
        sequence.advance(ESC, &mut Style::default());
        sequence
    }

    /// Reads the next byte; colours are changed in `style`.
    pub(super) fn advance(&mut self, byte: u8, style: &mut Style) -> Step {
        let mut sink = Sink {
            style,
            step: Step::Within,
        };
        self.parser.advance(&mut sink, byte);
        sink.step
    }
}

struct Sink<'a> {
    style: &'a mut Style,
    step: Step,
}

impl Perform for Sink<'_> {
    fn print(&mut self, letter: char) {
        self.step = Step::Letter(letter);
    }

    fn execute(&mut self, byte: u8) {
        // CAN and SUB end a sequence; other control characters may stand within.
        if matches!(byte, 0x18 | 0x1a) {
            self.step = Step::Ended;
        }
    }

    fn csi_dispatch(&mut self, params: &Params, intermediates: &[u8], ignore: bool, action: u8) {
        if action == b'm' && intermediates.is_empty() && !ignore {
            self.style.apply(params);
        }
        self.step = Step::Ended;
    }

    fn esc_dispatch(&mut self, _: &[u8], _: bool, _: u8) {
        self.step = Step::Ended;
    }

    fn osc_dispatch(&mut self, _: &[&[u8]], is_ended_by_bell: bool) {
        // The other end is a sequence of its own, ESC and a backslash.
        if is_ended_by_bell {
            self.step = Step::Ended;
        }
    }
}
