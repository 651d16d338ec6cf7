//! Bytes of a line become texts and orders, however they come in pieces.

use super::{
    escapes::{ESC, Sequence, Step},
    orders::Order,
    style::Style,
};

/// What bytes say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign<'a> {
    /// Letters, without control characters.
    Text(&'a str),
    /// What is to be done.
    Order(Order),
}

/// Reads a line's bytes.
#[derive(Debug, Clone, Default)]
pub(crate) struct Decoder {
    sequence: Option<Sequence>,
    /// The beginning of a letter.
    cut: Vec<u8>,
    pub(crate) style: Style,
}

impl Decoder {
    pub(crate) fn new(style: Style) -> Self {
        Self {
            style,
            ..Self::default()
        }
    }

    /// Reads on. `on` hears each sign, how letters look, and up to where bytes were read.
    pub(crate) fn read(&mut self, bytes: &[u8], mut on: impl FnMut(Sign<'_>, Style, usize)) {
        let mut at = 0;
        while at < bytes.len() {
            let byte = bytes[at];
            if let Some(sequence) = &mut self.sequence
                && byte != b'\r'
            {
                at += 1;
                if let Step::Ended(order) = sequence.advance(byte, &mut self.style) {
                    self.sequence = None;
                    order
                        .into_iter()
                        .for_each(|order| on(Sign::Order(order), self.style, at));
                }
                continue;
            }
            if !is_control(byte) {
                let length = bytes[at..].iter().position(|byte| is_control(*byte));
                let end = length.map_or(bytes.len(), |length| at + length);
                self.text(&bytes[at..end], at, &mut on);
                at = end;
                continue;
            }
            self.end_text(at, &mut on);
            at += 1;
            match byte {
                ESC => self.sequence = Some(Sequence::begin()),
                b'\r' => {
                    self.sequence = None;
                    on(Sign::Order(Order::Return), self.style, at);
                }
                0x08 => on(Sign::Order(Order::Back), self.style, at),
                b'\t' => on(Sign::Order(Order::Tab), self.style, at),
                _ => {}
            }
        }
    }

    /// Nothing more comes: what is left of a letter is none.
    pub(crate) fn finish(&mut self, mut on: impl FnMut(Sign<'_>, Style, usize)) {
        self.end_text(0, &mut on);
    }

    fn end_text(&mut self, at: usize, on: &mut impl FnMut(Sign<'_>, Style, usize)) {
        if !self.cut.is_empty() {
            self.cut.clear();
            on(Sign::Text("\u{fffd}"), self.style, at);
        }
    }

    fn text(&mut self, bytes: &[u8], from: usize, on: &mut impl FnMut(Sign<'_>, Style, usize)) {
        let mut at = 0;
        while !self.cut.is_empty() && at < bytes.len() {
            self.cut.push(bytes[at]);
            match std::str::from_utf8(&self.cut) {
                Ok(letter) => {
                    at += 1;
                    on(Sign::Text(letter), self.style, from + at);
                    self.cut.clear();
                }
                Err(error) if error.error_len().is_none() => at += 1,
                // The byte belongs to what comes, not to what was cut.
                Err(_) => {
                    self.cut.clear();
                    on(Sign::Text("\u{fffd}"), self.style, from + at);
                }
            }
        }
        let mut end = from + at;
        for chunk in bytes[at..].utf8_chunks() {
            if !chunk.valid().is_empty() {
                end += chunk.valid().len();
                on(Sign::Text(chunk.valid()), self.style, end);
            }
            let bad = chunk.invalid();
            if bad.is_empty() {
                continue;
            }
            end += bad.len();
            let is_cut =
                end == from + bytes.len() && std::str::from_utf8(bad).is_err_and(|error| error.error_len().is_none());
            if is_cut {
                self.cut.extend_from_slice(bad);
            } else {
                on(Sign::Text("\u{fffd}"), self.style, end);
            }
        }
    }
}

fn is_control(byte: u8) -> bool {
    byte < b' ' || byte == 0x7f
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn said(parts: &[&[u8]]) -> String {
        let mut decoder = Decoder::default();
        let mut said = String::new();
        let mut on = |sign: Sign<'_>, _: Style, _: usize| match sign {
            Sign::Text(text) => said.push_str(text),
            Sign::Order(order) => said.push_str(&format!("<{order:?}>")),
        };
        for part in parts {
            decoder.read(part, &mut on);
        }
        decoder.finish(&mut on);
        said
    }

    #[test]
    fn orders_stand_among_letters() {
        assert_eq!(
            said(&[b"a\x1b[2K\x1b[1Gb\x1b[31m\x1b[?25lc\x08\x1b[12;4H\x1b7\x1b[J"]),
            "a<EraseLine(All)><Column(1)>bc<Back><Place(12, 4)><Save><ErasePage(After)>"
        );
        assert_eq!(said(&[b"\xd0", b"\xb6\xd0\x1b[A"]), "ж\u{fffd}<Up(1)>");
    }

    proptest! {
        #[test]
        fn where_bytes_are_cut_changes_nothing(
            bytes in prop::collection::vec(
                prop_oneof![prop::sample::select(b"\x1b[[0;mAK\r\x08\xd0\xb6\xf0\x9f\xa6\x80\xff".to_vec()), any::<u8>()], 0..40)
        ) {
            let single: Vec<&[u8]> = bytes.chunks(1).collect();
            prop_assert_eq!(said(&single), said(&[&bytes]));
            let text: Vec<u8> = bytes.iter().copied().filter(|byte| !is_control(*byte)).collect();
            prop_assert_eq!(said(&[&text]), String::from_utf8_lossy(&text).into_owned());
        }
    }
}
