//! How letters look, as SGR sequences set it.

use serde::{Deserialize, Serialize};

/// A colour of a terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Colour {
    /// One of the sixteen that a theme chooses.
    Named(u8),
    /// Any: red, green, blue.
    Exact(u8, u8, u8),
}

/// How a stretch of text looks, as its escape sequences say.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Styled {
    /// Where it begins; units of UTF-16.
    pub start: u32,
    /// Where it ends.
    pub end: u32,
    /// Colour of the letters.
    pub ink: Option<Colour>,
    /// Colour of the ground.
    pub ground: Option<Colour>,
    /// Bold.
    pub is_bold: bool,
    /// Faint.
    pub is_faint: bool,
    /// Slanted.
    pub is_italic: bool,
    /// Underlined.
    pub is_underlined: bool,
    /// Struck through.
    pub is_struck: bool,
}

/// How letters look from a place on. A terminal keeps it from one line to the next, and so does a log, for each source.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Style {
    ink: Option<Colour>,
    ground: Option<Colour>,
    /// Of [`BOLD`] and the others.
    marks: u8,
}

const BOLD: u8 = 1;
const FAINT: u8 = 1 << 1;
const ITALIC: u8 = 1 << 2;
const UNDERLINED: u8 = 1 << 3;
const STRUCK: u8 = 1 << 4;
const REVERSED: u8 = 1 << 5;

/// Bytes of a style that is packed.
pub const STYLE_BYTES: usize = 9;

impl Style {
    /// As letters look without any sequence.
    pub(crate) const PLAIN: Self = Self {
        ink: None,
        ground: None,
        marks: 0,
    };

    /// Whether letters look as they do without any sequence.
    pub fn is_plain(&self) -> bool {
        *self == Self::default()
    }

    /// Changes it as the numbers of a sequence that ends with `m` say.
    pub(crate) fn apply<'a>(&mut self, mut params: impl Iterator<Item = &'a [u16]>) {
        while let Some(param) = params.next() {
            match *param {
                [] | [0] => *self = Self::default(),
                [1] => self.marks |= BOLD,
                [2] => self.marks |= FAINT,
                [3] => self.marks |= ITALIC,
                [4, 0] => self.marks &= !UNDERLINED,
                [4, ..] | [21] => self.marks |= UNDERLINED,
                [7] => self.marks |= REVERSED,
                [9] => self.marks |= STRUCK,
                [22] => self.marks &= !(BOLD | FAINT),
                [23] => self.marks &= !ITALIC,
                [24] => self.marks &= !UNDERLINED,
                [27] => self.marks &= !REVERSED,
                [29] => self.marks &= !STRUCK,
                [code @ 30..=37] => self.ink = named(code - 30),
                [code @ 90..=97] => self.ink = named(code - 90 + 8),
                [39] => self.ink = None,
                [code @ 40..=47] => self.ground = named(code - 40),
                [code @ 100..=107] => self.ground = named(code - 100 + 8),
                [49] => self.ground = None,
                // A colour is written `38;5;N`, `38:5:N`, `38;2;R;G;B`, `38:2:R:G:B` or `38:2::R:G:B`.
                [code @ (38 | 48), ref rest @ ..] => {
                    let colour = if rest.is_empty() {
                        let mut next = || params.next().and_then(|param| param.first().copied()).unwrap_or(0);
                        match next() {
                            5 => indexed(next()),
                            2 => exact(next(), next(), next()),
                            _ => None,
                        }
                    } else {
                        match *rest {
                            [5, index] => indexed(index),
                            [2, red, green, blue] | [2, _, red, green, blue] => exact(red, green, blue),
                            _ => None,
                        }
                    };
                    match colour {
                        Some(_) if code == 38 => self.ink = colour,
                        Some(_) => self.ground = colour,
                        None => {}
                    }
                }
                _ => {}
            }
        }
    }

    /// As it is told, for a stretch of text.
    pub fn styled(&self, start: u32, end: u32) -> Styled {
        let (mut ink, mut ground) = (self.ink, self.ground);
        if self.marks & REVERSED != 0 {
            // What a theme has for plain letters cannot be named; black on white is near.
            (ink, ground) = (ground.or(Some(Colour::Named(0))), ink.or(Some(Colour::Named(7))));
        }
        Styled {
            start,
            end,
            ink,
            ground,
            is_bold: self.marks & BOLD != 0,
            is_faint: self.marks & FAINT != 0,
            is_italic: self.marks & ITALIC != 0,
            is_underlined: self.marks & UNDERLINED != 0,
            is_struck: self.marks & STRUCK != 0,
        }
    }

    /// The sequence that makes letters look like this, whatever they looked like before.
    pub(crate) fn sequence(&self) -> String {
        const CODES: [(u8, u8); 6] = [
            (BOLD, 1),
            (FAINT, 2),
            (ITALIC, 3),
            (UNDERLINED, 4),
            (REVERSED, 7),
            (STRUCK, 9),
        ];
        let mut text = "\x1b[0".to_owned();
        let set = CODES.iter().filter(|(mark, _)| self.marks & mark != 0);
        set.for_each(|(_, code)| text.push_str(&format!(";{code}")));
        for (colour, code) in [(self.ink, 38), (self.ground, 48)] {
            match colour {
                Some(Colour::Named(index)) => text.push_str(&format!(";{code};5;{index}")),
                Some(Colour::Exact(red, green, blue)) => text.push_str(&format!(";{code};2;{red};{green};{blue}")),
                None => {}
            }
        }
        text.push('m');
        text
    }

    /// As bytes, for whoever keeps many.
    pub fn pack(&self) -> [u8; STYLE_BYTES] {
        let [a, b, c, d] = pack(self.ink);
        let [e, f, g, h] = pack(self.ground);
        [self.marks, a, b, c, d, e, f, g, h]
    }

    /// From its bytes.
    pub fn unpack([marks, a, b, c, d, e, f, g, h]: [u8; STYLE_BYTES]) -> Self {
        Self {
            ink: unpack([a, b, c, d]),
            ground: unpack([e, f, g, h]),
            marks,
        }
    }
}

fn named(index: u16) -> Option<Colour> {
    u8::try_from(index).ok().map(Colour::Named)
}

/// One of the 256 colours: sixteen that the theme chooses, a cube of six shades each, a row of greys.
fn indexed(index: u16) -> Option<Colour> {
    let shade = |step: u8| if step == 0 { 0 } else { 55 + 40 * step };
    Some(match u8::try_from(index).ok()? {
        index @ 0..=15 => Colour::Named(index),
        index @ 16..=231 => {
            let cube = index - 16;
            Colour::Exact(shade(cube / 36), shade(cube / 6 % 6), shade(cube % 6))
        }
        index => {
            let grey = 8 + 10 * (index - 232);
            Colour::Exact(grey, grey, grey)
        }
    })
}

fn exact(red: u16, green: u16, blue: u16) -> Option<Colour> {
    let part = |value: u16| u8::try_from(value).ok();
    Some(Colour::Exact(part(red)?, part(green)?, part(blue)?))
}

fn pack(colour: Option<Colour>) -> [u8; 4] {
    match colour {
        None => [0; 4],
        Some(Colour::Named(index)) => [1, index, 0, 0],
        Some(Colour::Exact(red, green, blue)) => [2, red, green, blue],
    }
}

fn unpack([kind, a, b, c]: [u8; 4]) -> Option<Colour> {
    match kind {
        1 => Some(Colour::Named(a)),
        2 => Some(Colour::Exact(a, b, c)),
        _ => None,
    }
}
