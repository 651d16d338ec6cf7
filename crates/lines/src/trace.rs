//! What a line's bytes say of its states, however they come in pieces.
//!
//! A carriage return begins a new state of a line. The last state that holds a letter is the line's text.

use memchr::memchr2;

use super::{
    escapes::{ESC, Sequence, Step},
    style::Style,
};

/// Where the shown state begins, and how letters look there.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Shown {
    /// So many states with letters came before it.
    pub states: u32,
    /// Its first byte, within the line.
    pub start: u64,
    /// How letters look there.
    pub style: Style,
}

/// Goes over the bytes of one line.
#[derive(Debug, Clone, Default)]
pub struct Trace {
    position: u64,
    sequence: Option<Sequence>,
    style: Style,
    /// The state that is being read: its first byte, and how letters look there.
    state: (u64, Style),
    has_letter: bool,
    /// States with letters.
    seen: u32,
    shown: (u64, Style),
}

impl Trace {
    /// At the beginning of a line whose letters look like this.
    pub fn new(style: Style) -> Self {
        Self {
            style,
            state: (0, style),
            shown: (0, style),
            ..Self::default()
        }
    }

    /// Reads on; `on_state` hears where each state begins that holds a letter.
    pub fn read(&mut self, bytes: &[u8], mut on_state: impl FnMut(u64, Style)) {
        let mut at = 0;
        while at < bytes.len() {
            let rest = &bytes[at..];
            let Some(sequence) = &mut self.sequence else {
                let stop = memchr2(ESC, b'\r', rest).unwrap_or(rest.len());
                if !self.has_letter && rest[..stop].iter().any(|byte| *byte > b' ' && *byte != 0x7f) {
                    self.see(&mut on_state);
                }
                match rest.get(stop) {
                    Some(&ESC) => self.sequence = Some(Sequence::begin()),
                    Some(_) => self.turn(self.position + (at + stop) as u64 + 1),
                    None => break,
                }
                at += stop + 1;
                continue;
            };
            at += 1;
            if rest[0] == b'\r' {
                self.turn(self.position + at as u64);
                continue;
            }
            if sequence.advance(rest[0], &mut self.style) == Step::Ended {
                self.sequence = None;
            }
        }
        self.position += bytes.len() as u64;
    }

    fn see(&mut self, on_state: &mut impl FnMut(u64, Style)) {
        self.has_letter = true;
        self.seen = self.seen.saturating_add(1);
        self.shown = self.state;
        on_state(self.state.0, self.state.1);
    }

    fn turn(&mut self, position: u64) {
        self.sequence = None;
        self.has_letter = false;
        self.state = (position, self.style);
    }

    /// What is shown of what was read.
    pub fn shown(&self) -> Shown {
        Shown {
            states: self.seen.saturating_sub(1),
            start: self.shown.0,
            style: self.shown.1,
        }
    }

    /// How letters look where it stands.
    pub fn style(&self) -> Style {
        self.style
    }
}
