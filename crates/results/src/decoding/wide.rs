//! Texts whose letters are two or four bytes each.

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};

/// The marks of UTF-32 at the beginning: that of UTF-16 with zeros, or zeros before it.
const LITTLE_MARK: [u8; 4] = [0xff, 0xfe, 0, 0];
const BIG_MARK: [u8; 4] = [0, 0, 0xfe, 0xff];

/// Which end of a number of four bytes comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    Little,
    Big,
}

/// UTF-32 by a mark at the beginning. The first letter of UTF-16 may be a zero; then the rest is not UTF-32.
pub(super) fn marked(bytes: &[u8], is_whole: bool) -> Option<Order> {
    let order = [(LITTLE_MARK, Order::Little), (BIG_MARK, Order::Big)]
        .into_iter()
        .find_map(|(mark, order)| bytes.starts_with(&mark).then_some(order))?;
    let (text, has_faults) = decode(bytes, is_whole, order);
    (!has_faults && !text.contains('\0')).then_some(order)
}

/// UTF-32 without a mark: by zeros in three of four places.
pub(super) fn guessed(bytes: &[u8], is_whole: bool) -> Option<Order> {
    let fours = bytes.as_chunks::<4>().0;
    [Order::Little, Order::Big].into_iter().find(|order| {
        let is_usual = |four: &&[u8; 4]| matches!(letter(**four, *order), Some('\t' | '\n' | '\r' | ' '..='~'));
        let (text, has_faults) = decode(bytes, is_whole, *order);
        fours.len() > 1 && !has_faults && fours.iter().any(|four| is_usual(&four)) && !text.contains('\0')
    })
}

/// The text without a mark, and whether some bytes stand for nothing.
pub(super) fn decode(bytes: &[u8], is_whole: bool, order: Order) -> (String, bool) {
    let (fours, rest) = bytes.as_chunks::<4>();
    let mut has_faults = is_whole && !rest.is_empty();
    let letters = fours.iter().map(|four| {
        letter(*four, order).unwrap_or_else(|| {
            has_faults = true;
            '\u{fffd}'
        })
    });
    let mut text: String = letters.collect();
    if text.starts_with('\u{feff}') {
        text.remove(0);
    }
    if is_whole && !rest.is_empty() {
        text.push('\u{fffd}');
    }
    (text, has_faults)
}

fn letter(four: [u8; 4], order: Order) -> Option<char> {
    char::from_u32(match order {
        Order::Little => u32::from_le_bytes(four),
        Order::Big => u32::from_be_bytes(four),
    })
}

/// UTF-16 without a mark: the order of bytes in which more letters are those of ASCII, such as ends of lines.
pub(super) fn sixteen(bytes: &[u8]) -> Option<&'static Encoding> {
    let (mut little, mut big) = (0_usize, 0_usize);
    for pair in bytes.as_chunks::<2>().0 {
        match *pair {
            [low, 0] if is_usual(low) => little += 1,
            [0, low] if is_usual(low) => big += 1,
            _ => {}
        }
    }
    match little.cmp(&big) {
        std::cmp::Ordering::Greater => Some(UTF_16LE),
        std::cmp::Ordering::Less => Some(UTF_16BE),
        std::cmp::Ordering::Equal => None,
    }
}

fn is_usual(byte: u8) -> bool {
    matches!(byte, b'\t' | b'\n' | b'\r' | b' '..=b'~')
}
