//! A state of a line as text with colours, or as numbers where it is no text.

use jobsphere_lines::ESC;
pub(super) use jobsphere_lines::{Drawn, draw};

/// A row shows so many columns at most.
pub(super) const MAX_COLUMNS: usize = 4000;
/// Of a line in pieces, a row reads so many bytes at most: letters of four bytes each.
pub(super) const MAX_BYTES: usize = 4 * MAX_COLUMNS;
/// So many bytes of what is not text are shown.
const MAX_HEX_BYTES: usize = 256;
/// So many bytes tell whether a line is text.
const JUDGED_BYTES: usize = 4096;

/// Draws what is not text, as hexadecimal numbers.
pub(super) fn draw_hex(all: &[u8]) -> Drawn {
    let bytes = &all[..all.len().min(MAX_HEX_BYTES)];
    let numbers: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    Drawn {
        text: numbers.join(" "),
        left_out: (all.len() - bytes.len()) as u64,
        ..Drawn::default()
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
