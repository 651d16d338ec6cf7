//! A row written down as the bytes of a line that shows the same.

use super::{
    canvas::{Canvas, JOINER},
    style::Style,
};

/// So many blanks take more room than an order to move on.
const FEW: usize = 8;
/// Movements further than this are no longer what they say.
const FAR: usize = 500;

impl Canvas {
    /// The bytes of a line that shows what this row shows.
    pub fn to_line(&self) -> Vec<u8> {
        let mut line = Vec::with_capacity(self.cells());
        let (mut last, mut column, mut blanks) = (Style::PLAIN, 0, 0);
        add_signs(&mut line, self.lead(), 0);
        for (letter, style, signs, width) in self.letters() {
            column += width;
            if letter == ' ' && style.is_plain() && signs.is_none() {
                blanks += 1;
                continue;
            }
            if blanks > 0 && !last.is_plain() {
                line.extend(b"\x1b[m");
                last = Style::PLAIN;
            }
            add_blanks(&mut line, std::mem::take(&mut blanks), column);
            if last != style {
                line.extend(style.sequence().bytes());
                last = style;
            }
            line.extend(letter.encode_utf8(&mut [0; 4]).bytes());
            add_signs(&mut line, signs.unwrap_or_default(), column);
        }
        if blanks > 0 {
            if !last.is_plain() {
                line.extend(b"\x1b[m");
            }
            line.resize(line.len() + blanks, b' ');
        }
        line
    }
}

/// Signs without a width, and what keeps the last of them from joining the letter of the next column.
fn add_signs(line: &mut Vec<u8>, signs: &str, column: usize) {
    line.extend(signs.bytes());
    if signs.ends_with(JOINER) {
        line.extend(format!("\x1b[{}G", column + 1).bytes());
    }
}

/// Blanks before a letter that ends in this column.
fn add_blanks(line: &mut Vec<u8>, blanks: usize, column: usize) {
    if blanks > FEW && column < FAR {
        line.extend(format!("\x1b[{blanks}C").bytes());
    } else {
        line.resize(line.len() + blanks, b' ');
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::{Style, Trace, draw};

    proptest! {
        #[test]
        fn what_is_written_down_shows_the_same(pieces in prop::collection::vec(prop::sample::select(vec![
            "a", "bc", "    ", "            ", "\t", "\x08", "\r", "\x1b[3G", "\x1b[30C", "\x1b[511G", "\x1b[2P", "\x1b[2@",
            "\x1b[K", "\x1b[X", "\x1b[1;31m", "\x1b[48;2;1;2;3m", "\x1b[7m", "\x1b[m", "日", "\u{301}", "\u{200d}", "👩",
        ]), 0..40), columns in prop::sample::select(vec![20_usize, 600])) {
            let mut trace = Trace::new(Style::default(), columns);
            trace.read(pieces.concat().as_bytes(), &mut ());
            let shown = trace.drawn();
            let line = trace.into_canvas().to_line();
            let again = draw(&line, Style::default(), columns);
            prop_assert_eq!(&shown.text, &again.text);
            prop_assert_eq!(&shown.styles, &again.styles);
            prop_assert!(!crate::goes(&line));
        }
    }
}
