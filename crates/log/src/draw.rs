//! A state of a line as text with colours.

use super::{
    escapes::{ESC, Sequence, Step},
    style::Style,
    words::Styled,
};

/// A row shows so many letters at most.
pub(super) const MAX_LETTERS: usize = 4000;
/// A row reads so many bytes at most: letters of four bytes each.
pub(super) const MAX_BYTES: usize = 4 * MAX_LETTERS;
/// So many bytes of what is not text are shown.
const MAX_HEX_BYTES: usize = 256;
/// So many bytes tell whether a line is text.
const JUDGED_BYTES: usize = 4096;

/// What is shown of bytes.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Drawn {
    pub(super) text: String,
    pub(super) styles: Vec<Styled>,
    /// So many bytes were drawn.
    pub(super) used: usize,
}

/// Draws the bytes up to the next carriage return, at most `max_letters` letters.
pub(super) fn draw(bytes: &[u8], style: Style, max_letters: usize) -> Drawn {
    let mut canvas = Canvas {
        letters: Vec::new(),
        cursor: 0,
        style,
    };
    let used = canvas.take(bytes, max_letters);
    canvas.drawn(used)
}

struct Canvas {
    letters: Vec<(char, Style)>,
    cursor: usize,
    style: Style,
}

impl Canvas {
    fn take(&mut self, bytes: &[u8], max_letters: usize) -> usize {
        let mut at = 0;
        let mut sequence: Option<Sequence> = None;
        while at < bytes.len() {
            if self.cursor >= max_letters {
                return at;
            }
            let byte = bytes[at];
            if matches!(byte, b'\r' | b'\n') {
                return at;
            }
            if let Some(open) = &mut sequence {
                at += 1;
                match open.advance(byte, &mut self.style) {
                    Step::Within => {}
                    Step::Ended => sequence = None,
                    Step::Letter(letter) => {
                        sequence = None;
                        self.put(letter);
                    }
                }
                continue;
            }
            match byte {
                ESC => {
                    sequence = Some(Sequence::begin());
                    at += 1;
                }
                0x08 => {
                    self.cursor = self.cursor.saturating_sub(1);
                    at += 1;
                }
                b'\t' | b' '..=b'~' => {
                    self.put(char::from(byte));
                    at += 1;
                }
                0..0x80 => at += 1,
                _ => at += self.put_wide(&bytes[at..]),
            }
        }
        at
    }

    /// Puts a letter of several bytes, or a sign for bytes that are none; says how many bytes that were.
    fn put_wide(&mut self, bytes: &[u8]) -> usize {
        let Some(chunk) = bytes[..bytes.len().min(4)].utf8_chunks().next() else {
            return bytes.len();
        };
        match chunk.valid().chars().next() {
            Some(letter) => {
                // Second half of the C1 control characters, which no terminal shows.
                if !letter.is_control() {
                    self.put(letter);
                }
                letter.len_utf8()
            }
            None => {
                self.put(char::REPLACEMENT_CHARACTER);
                chunk.invalid().len().max(1)
            }
        }
    }

    fn put(&mut self, letter: char) {
        let new = (letter, self.style);
        match self.letters.get_mut(self.cursor) {
            Some(old) => *old = new,
            None => self.letters.push(new),
        }
        self.cursor += 1;
    }

    fn drawn(self, used: usize) -> Drawn {
        let mut drawn = Drawn {
            text: String::with_capacity(self.letters.len()),
            used,
            ..Drawn::default()
        };
        let (mut at, mut start) = (0, 0);
        let mut style = Style::default();
        for (letter, its) in self.letters {
            if its != style {
                if !style.is_plain() {
                    drawn.styles.push(style.styled(start, at));
                }
                (style, start) = (its, at);
            }
            drawn.text.push(letter);
            at += letter.len_utf16() as u32;
        }
        if !style.is_plain() {
            drawn.styles.push(style.styled(start, at));
        }
        drawn
    }
}

/// Draws what is not text, as hexadecimal numbers.
pub(super) fn draw_hex(bytes: &[u8]) -> Drawn {
    let bytes = &bytes[..bytes.len().min(MAX_HEX_BYTES)];
    let numbers: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    Drawn {
        text: numbers.join(" "),
        styles: Vec::new(),
        used: bytes.len(),
    }
}

/// Whether a line is not text, by its first bytes: a zero byte, or three in ten that are no letters.
pub(super) fn is_binary(bytes: &[u8]) -> bool {
    let bytes = &bytes[..bytes.len().min(JUDGED_BYTES)];
    if memchr::memchr(0, bytes).is_some() {
        return true;
    }
    let mut strange = 0;
    for chunk in bytes.utf8_chunks() {
        strange += chunk.invalid().len();
        let is_strange = |byte: &u8| *byte < b' ' && !matches!(*byte, b'\t' | b'\n' | b'\r' | 0x07 | 0x08 | ESC);
        strange += chunk.valid().bytes().filter(is_strange).count();
    }
    strange > 8 && strange * 10 > bytes.len() * 3
}
