//! A state of a line as text with colours.

use super::{
    escapes::{ESC, Sequence, Step},
    style::{Style, Styled},
    trace::Trace,
};

/// What is shown of bytes.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Drawn {
    /// Its letters.
    pub text: String,
    /// How stretches of the text look; what no stretch covers is plain.
    pub styles: Vec<Styled>,
    /// So many bytes were drawn.
    pub used: usize,
}

/// Draws the bytes up to the next carriage return, at most `max_letters` letters.
pub fn draw(bytes: &[u8], style: Style, max_letters: usize) -> Drawn {
    let mut canvas = Canvas {
        letters: Vec::new(),
        cursor: 0,
        style,
    };
    let used = canvas.take(bytes, max_letters);
    canvas.drawn(used)
}

/// The text that is left of a whole line, without colours: that of its last state that holds a letter. Bytes that are not
/// UTF-8 stand as U+FFFD.
pub fn shown_text(line: &[u8]) -> String {
    if !is_odd(line) {
        return String::from_utf8_lossy(line).into_owned();
    }
    let mut trace = Trace::default();
    trace.read(line, |_, _| {});
    let start = usize::try_from(trace.shown().start).unwrap_or(line.len());
    draw(&line[start..], Style::default(), usize::MAX).text
}

/// Whether bytes hold what is not simply seen: control characters, or what is no text.
pub fn is_odd(bytes: &[u8]) -> bool {
    // One pass without branches, which the compiler turns into vector code.
    let controls = bytes.iter().fold(false, |found, byte| {
        found | (*byte < b' ') & (*byte != b'\n') & (*byte != b'\t') | (*byte == 0x7f)
    });
    controls || std::str::from_utf8(bytes).is_err()
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
                if open.advance(byte, &mut self.style) == Step::Ended {
                    sequence = None;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_shows_its_last_state_without_colours() {
        for (line, shown) in [
            ("plain\t\u{e9}", "plain\t\u{e9}"),
            ("10%\r20%\r", "20%"),
            ("10%\r\x1b[K", "10%"),
            (
                "\x1b[1;31merror\x1b[0m: \x1b]8;;http://a\x07here\x1b]8;;\x1b\\\x1b(B\x1b[2K",
                "error: here",
            ),
            ("cut \x1b[3", "cut "),
            ("ab\x08c", "ac"),
            ("", ""),
        ] {
            assert_eq!(shown_text(line.as_bytes()), shown, "{line:?}");
        }
        assert_eq!(shown_text(b"a\xffb"), "a\u{fffd}b");
    }
}
