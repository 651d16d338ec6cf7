//! A quick look at a line that is not simply seen: most have colours alone.

use memchr::{memchr, memchr_iter, memchr3_iter};

use super::{
    escapes::{ESC, Sequence, Step},
    style::Style,
};

/// Whether a line, without its end, may write anywhere but behind what it has written. It may be said too often.
pub fn moves(line: &[u8]) -> bool {
    memchr3_iter(ESC, b'\r', 0x08, line).any(|at| {
        let rest = &line[at + 1..];
        match line[at] {
            ESC => !only_looks(rest),
            letter => letter != b'\r' || !rest.is_empty(),
        }
    })
}

/// Whether a line, without its end, may write to other rows of a terminal than its own. It may be said too often.
pub fn goes(line: &[u8]) -> bool {
    memchr_iter(ESC, line).any(|at| !stays(&line[at + 1..]))
}

/// Whether an escape sequence, behind its first byte, leads to no other row and remembers no place.
fn stays(rest: &[u8]) -> bool {
    match rest {
        [b'[', rest @ ..] => {
            let end = rest.iter().find(|byte| !matches!(byte, b'0'..=b'?'));
            end.is_some_and(|end| matches!(end, b'C' | b'D' | b'G' | b'K' | b'P' | b'X' | b'@' | b'm' | b'h' | b'l'))
        }
        [b']' | b'\\' | b'(' | b')' | b'=' | b'>', ..] => true,
        _ => false,
    }
}

/// Whether an escape sequence, behind its first byte, sets colours, a title or a link, or ends one.
fn only_looks(rest: &[u8]) -> bool {
    match rest {
        [b'[', rest @ ..] => {
            let end = rest.iter().find(|byte| !matches!(byte, b'0'..=b';'));
            end == Some(&b'm')
        }
        [b']' | b'\\' | b'(' | b')', ..] => true,
        _ => false,
    }
}

/// How letters look behind a line that only sets how they look.
pub fn style_after(line: &[u8], mut style: Style) -> Style {
    let mut at = 0;
    while let Some(next) = memchr(ESC, &line[at..]) {
        at += next + 1;
        let mut sequence = Sequence::begin();
        while at < line.len() {
            let step = sequence.advance(line[at], &mut style);
            at += 1;
            if step != Step::Within {
                break;
            }
        }
    }
    style
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Trace;

    #[test]
    fn colours_move_nothing() {
        for line in [
            "a\x1b[31mb\x1b[0m\r",
            "\x1b]8;;x\x1b\\link\x1b]8;;\x1b\\",
            "a\x1b[38:5:3mb\tc",
        ] {
            assert!(!moves(line.as_bytes()), "{line:?}");
            let mut trace = Trace::new(Style::default(), 100);
            trace.read(line.as_bytes(), &mut ());
            assert_eq!(style_after(line.as_bytes(), Style::default()), trace.style());
            assert_eq!(trace.shown().states, 0);
        }
        for line in ["a\rb", "a\x08", "a\x1b[Kb", "\x1b[2A", "\x1b7", "\x1bM", "\x1b[?25l"] {
            assert!(moves(line.as_bytes()), "{line:?}");
        }
    }
}
