//! Where lines begin and end in bytes. Nothing is copied, and nothing is remembered but whether a line is open.

use memchr::{memchr, memchr2, memrchr, memrchr2};

/// What ends a piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ends {
    /// A line feed: the piece is a line.
    Feed,
    /// A line feed or a carriage return: the piece is a state of a line.
    FeedOrReturn,
}

impl Ends {
    /// Whether a piece ends with this byte.
    pub fn has(self, byte: u8) -> bool {
        byte == b'\n' || (byte == b'\r' && self == Self::FeedOrReturn)
    }
}

/// The pieces that bytes consist of, each with its end, which the last may lack.
pub fn pieces(bytes: &[u8], ends: Ends) -> Pieces<'_> {
    Pieces { rest: bytes, ends }
}

/// See [`pieces`].
#[derive(Debug, Clone)]
pub struct Pieces<'a> {
    rest: &'a [u8],
    ends: Ends,
}

impl<'a> Iterator for Pieces<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        if self.rest.is_empty() {
            return None;
        }
        let end = match self.ends {
            Ends::Feed => memchr(b'\n', self.rest),
            Ends::FeedOrReturn => memchr2(b'\n', b'\r', self.rest),
        };
        let (piece, rest) = self.rest.split_at(end.map_or(self.rest.len(), |at| at + 1));
        self.rest = rest;
        Some(piece)
    }
}

/// The content of a message, by what it is to the lines of its source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parts<'a> {
    /// What goes on with the line that was open, with its end where it ends here.
    pub rest: &'a [u8],
    /// The lines that begin and end here, each with its end.
    pub whole: &'a [u8],
    /// The beginning of a line that is open from now on.
    pub begun: &'a [u8],
}

impl<'a> Parts<'a> {
    /// Takes the content apart; `is_open` when the line before has not ended.
    pub fn of(content: &'a [u8], is_open: bool) -> Self {
        Self::ending(content, is_open, Ends::Feed)
    }

    /// The same for pieces that end otherwise.
    pub fn ending(content: &'a [u8], is_open: bool, ends: Ends) -> Self {
        let (first, last) = match ends {
            Ends::Feed => (memchr(b'\n', content), memrchr(b'\n', content)),
            Ends::FeedOrReturn => (memchr2(b'\n', b'\r', content), memrchr2(b'\n', b'\r', content)),
        };
        let end = match is_open {
            true => first.map_or(content.len(), |at| at + 1),
            false => 0,
        };
        let (rest, behind) = content.split_at(end);
        let (whole, begun) = behind.split_at(last.map_or(0, |at| (at + 1).saturating_sub(end)));
        Self { rest, whole, begun }
    }

    /// Whether the line that was open ends here.
    pub fn ends_open(&self) -> bool {
        self.rest.ends_with(b"\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_end_where_they_are_told_to() {
        let all = |ends| pieces(b"a\r\nb\rc\n\nd", ends).collect::<Vec<_>>();
        assert_eq!(all(Ends::Feed), [&b"a\r\n"[..], b"b\rc\n", b"\n", b"d"]);
        assert_eq!(
            all(Ends::FeedOrReturn),
            [&b"a\r"[..], b"\n", b"b\r", b"c\n", b"\n", b"d"]
        );
        assert_eq!(pieces(b"", Ends::Feed).count(), 0);
    }

    #[test]
    fn a_message_goes_on_has_lines_and_begins_one() {
        let parts = |content: &'static [u8], is_open| {
            let Parts { rest, whole, begun } = Parts::of(content, is_open);
            [rest, whole, begun]
        };
        assert_eq!(parts(b"a\nb\nc\nd", true), [&b"a\n"[..], b"b\nc\n", b"d"]);
        assert_eq!(parts(b"a\nb\nc\nd", false), [&b""[..], b"a\nb\nc\n", b"d"]);
        assert_eq!(parts(b"abc", true), [&b"abc"[..], b"", b""]);
        assert_eq!(parts(b"abc", false), [&b""[..], b"", b"abc"]);
    }
}
