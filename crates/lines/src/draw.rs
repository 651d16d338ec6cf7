//! A line as text with colours.

use super::{
    style::{Style, Styled},
    trace::Trace,
};

/// What is shown of bytes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Drawn {
    /// Its letters.
    pub text: String,
    /// How stretches of the text look; what no stretch covers is plain.
    pub styles: Vec<Styled>,
    /// So many bytes of the end found no room.
    pub left_out: u64,
}

/// Draws a line's bytes, up to its line feed: at most so many columns.
pub fn draw(bytes: &[u8], style: Style, columns: usize) -> Drawn {
    let bytes = &bytes[..memchr::memchr(b'\n', bytes).unwrap_or(bytes.len())];
    let mut trace = Trace::new(style, columns);
    trace.read(bytes, &mut ());
    trace.finish(&mut ());
    Drawn {
        left_out: trace.over().map_or(0, |over| bytes.len() as u64 - over),
        ..trace.drawn()
    }
}

/// The text that is left of a whole line, without colours. Bytes that are not UTF-8 stand as U+FFFD.
pub fn shown_text(line: &[u8]) -> String {
    if !is_odd(line) {
        return String::from_utf8_lossy(line).into_owned();
    }
    draw(line, Style::default(), usize::MAX).text
}

/// Whether bytes hold what is not simply seen: control characters, or what is no text.
pub fn is_odd(bytes: &[u8]) -> bool {
    // One pass without branches, which the compiler turns into vector code.
    let controls = bytes.iter().fold(false, |found, byte| {
        found | (*byte < b' ') & (*byte != b'\n') & (*byte != b'\t') | (*byte == 0x7f)
    });
    controls || std::str::from_utf8(bytes).is_err()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_shows_what_a_terminal_ends_up_with() {
        for (line, shown) in [
            ("plain\t\u{e9}", "plain\t\u{e9}"),
            ("10%\r20%\r", "20%"),
            ("100%\r20%", "20%%"),
            ("10%\r\x1b[K", ""),
            (
                "\x1b[1;31merror\x1b[0m: \x1b]8;;http://a\x07here\x1b]8;;\x1b\\\x1b(B",
                "error: here",
            ),
            ("cut \x1b[3", "cut "),
            ("ab\x08c", "ac"),
            ("", ""),
            (
                "\x1b[2K\x1b[1G⠋ one 1/30\x1b[2K\x1b[1G⠙ one\x1b[2K\x1b[G✔ done",
                "✔ done",
            ),
            ("copied   0%\x1b[4D 10%\x1b[4D100%", "copied 100%"),
            ("temporary words\x1b[2K\rkept words", "kept words"),
            ("name\x1b[6Csize", "name      size"),
            ("ab\x1b[8C12", "ab        12"),
            ("日本語\x08\x08\x08\x08\x08\x08中国語", "中国語"),
            ("日本語\x1b[2G|", " |本語"),
            ("日本語\x1b[1Ga", "a 本語"),
            (
                "👩\u{200d}👩\u{200d}👧\u{200d}👦 done 🇷🇺 e\u{301}\u{323} שלום 12:30 END",
                "👩\u{200d}👩\u{200d}👧\u{200d}👦 done 🇷🇺 e\u{301}\u{323} שלום 12:30 END",
            ),
            ("e\u{301}x\re", "ex"),
            ("a\tb\x1b[3G|", "a |     b"),
            ("abcdef\x1b[3G\x1b[2P", "abef"),
            ("abcdef\x1b[3G\x1b[2@", "ab  cdef"),
            ("abcdef\x1b[3G\x1b[2X", "ab  ef"),
            ("abcdef\x1b[3G\x1b[1K", "   def"),
            ("abc\x1b7def\x1b8X", "abcXef"),
            ("abc\x1b[sdef\x1b[uX", "abcXef"),
            ("link\x1b[2Jend", "linkend"),
            ("inner   0%\r\x1b[1A\router  33%\x1b[K", "outer  33%"),
            ("a\x1b[99999999Cb", &format!("a{}b", " ".repeat(78))),
            ("a\x1b[99999999Db\x1b[99999999P\x1b[99999999@", "b"),
        ] {
            assert_eq!(shown_text(line.as_bytes()), shown, "{line:?}");
        }
        assert_eq!(shown_text(b"a\xffb\r"), "a\u{fffd}b");
    }

    #[test]
    fn what_finds_no_room_is_counted() {
        let drawn = draw(b"abc\rabcdefgh", Style::default(), 4);
        assert_eq!((drawn.text.as_str(), drawn.left_out), ("abcd", 4));
        let drawn = draw(b"abcdefgh\rabc\x1b[K", Style::default(), 4);
        assert_eq!((drawn.text.as_str(), drawn.left_out), ("abc", 0));
    }

    #[test]
    fn endless_movements_stay_bounded() {
        let line = "\u{301}x\x1b[99999C\t\x1b[65535@\x08".repeat(20_000);
        let drawn = draw(line.as_bytes(), Style::default(), 4000);
        assert!(drawn.text.chars().count() <= 4000 * 26);
    }

    #[test]
    fn signs_without_a_width_cost_no_more_than_letters() {
        // What takes steps for each sign that is there does not come to its end here.
        let signs = "a\u{301}".repeat(200_000);
        for orders in ["b".repeat(400_000), "\x1b[P".repeat(200_000), "\x1b[@".repeat(200_000)] {
            let drawn = draw(format!("{signs}\r{orders}").as_bytes(), Style::default(), 4000);
            assert!(drawn.text.chars().count() <= 8000);
        }
        assert_eq!(shown_text(format!("\x1be{signs}").as_bytes()).chars().count(), 400_000);
    }
}
