//! Lines as they are kept: some hundred together, what is known of each behind the bytes of all.

use jobsphere_lines::{STYLE_BYTES, Style};

/// A block has so many lines at most.
pub(super) const MAX_LINES: usize = 512;
/// A block is closed when it has so many bytes; a line that grows longer is kept in pieces of this size.
pub(super) const MAX_BYTES: usize = 64 * 1024;

/// The line's bytes are not what is seen: escapes, carriage returns, marks, bytes that are no text.
pub(super) const ODD: u8 = 1;
/// It tells an error.
pub(super) const ERROR: u8 = 1 << 1;
/// It is a mark, as `::group::NAME`: its message is shown.
pub(super) const MARK: u8 = 1 << 2;
/// It has more in its head than the first fields.
const MORE: u8 = 1 << 3;
/// It is not text.
pub(super) const BINARY: u8 = 1 << 4;
/// It began on the row of an earlier line and has none of its own.
pub(super) const ROWLESS: u8 = 1 << 5;

/// What is known of a line.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) source: u16,
    pub(super) flags: u8,
    /// Bytes, with the line feed.
    pub(super) length: u64,
    /// Place of its first byte in the log.
    pub(super) offset: u64,
    /// When its first byte was written.
    pub(super) time_ms: i64,
    /// Earlier states that a carriage return drew over.
    pub(super) states: u32,
    /// Where the shown state begins, within the line.
    pub(super) start: u64,
    /// How letters look there.
    pub(super) style: Style,
    /// How deep in groups.
    pub(super) depth: u8,
    /// The line on whose row it ended is so many lines before it.
    pub(super) back: u64,
}

impl Head {
    pub(super) fn has(&self, flag: u8) -> bool {
        self.flags & flag != 0
    }

    fn has_more(&self) -> bool {
        self.states != 0 || self.start != 0 || self.depth != 0 || self.back != 0 || !self.style.is_plain()
    }
}

/// What is known of a block without reading it.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    /// Where its bytes begin on the storage; its heads follow them.
    pub(super) position: u64,
    pub(super) content_bytes: u32,
    pub(super) heads_bytes: u32,
    /// Number of its first line, of all lines.
    pub(super) first: u64,
    /// Lines of texts, not of tables, before it.
    pub(super) texts_before: u64,
    pub(super) lines: u32,
    /// Its first counts, among those of all blocks.
    pub(super) counts: usize,
    /// The smallest and the greatest place of a line's first byte.
    pub(super) offsets: (u64, u64),
    /// The latest line's time.
    pub(super) last_ms: i64,
    pub(super) has_odd: bool,
    pub(super) has_error: bool,
    /// The pieces of its only line, where it is too long for a block.
    pub(super) pieces: Option<usize>,
}

/// Lines of one source in a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct SourceLines {
    pub(super) source: u16,
    pub(super) lines: u32,
    /// Earlier states of these lines.
    pub(super) states: u32,
    /// Those of them that have no row of their own.
    pub(super) rowless: u32,
}

/// Lines in memory: those that are being collected, or a block that was read.
#[derive(Debug, Clone, Default)]
pub(super) struct Lines {
    pub(super) heads: Vec<Head>,
    /// Where each line begins in `content`.
    pub(super) starts: Vec<u32>,
    /// The bytes of all lines; none for a line in pieces.
    pub(super) content: Vec<u8>,
}

impl Lines {
    pub(super) fn push(&mut self, head: Head, bytes: &[u8]) {
        self.starts.push(self.content.len() as u32);
        self.heads.push(head);
        self.content.extend_from_slice(bytes);
    }

    pub(super) fn is_full(&self) -> bool {
        self.heads.len() >= MAX_LINES || self.content.len() >= MAX_BYTES
    }

    pub(super) fn clear(&mut self) {
        self.heads.clear();
        self.starts.clear();
        self.content.clear();
    }

    /// The bytes of a line, with its line feed.
    pub(super) fn bytes(&self, at: usize) -> &[u8] {
        let start = self.starts[at] as usize;
        let end = self
            .starts
            .get(at + 1)
            .map_or(self.content.len(), |next| *next as usize);
        &self.content[start..end]
    }

    /// The line that holds a byte of `content`.
    pub(super) fn line_at(&self, byte: usize) -> usize {
        self.starts
            .partition_point(|start| *start as usize <= byte)
            .saturating_sub(1)
    }

    pub(super) fn encode_heads(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.heads.len() * 8);
        let (mut offset, mut time_ms) = (0_u64, 0_i64);
        for head in &self.heads {
            let has_more = head.has_more();
            bytes.push(head.flags | if has_more { MORE } else { 0 });
            write(&mut bytes, u64::from(head.source));
            write(&mut bytes, head.length);
            write_signed(&mut bytes, head.offset.wrapping_sub(offset) as i64);
            write_signed(&mut bytes, head.time_ms.wrapping_sub(time_ms));
            (offset, time_ms) = (head.offset + head.length, head.time_ms);
            if has_more {
                write(&mut bytes, u64::from(head.states));
                write(&mut bytes, head.start);
                bytes.push(head.depth);
                write(&mut bytes, head.back);
                bytes.extend(head.style.pack());
            }
        }
        bytes
    }

    /// Reads `lines` heads; `None` when the bytes are not heads.
    pub(super) fn decode(content: Vec<u8>, mut heads: &[u8], lines: usize) -> Option<Self> {
        let mut read_lines = Self {
            heads: Vec::with_capacity(lines),
            starts: Vec::with_capacity(lines),
            content: Vec::new(),
        };
        let (mut offset, mut time_ms, mut start) = (0_u64, 0_i64, 0_u64);
        let bytes = &mut heads;
        for _ in 0..lines {
            let flags = take(bytes)?;
            let mut head = Head {
                flags: flags & !MORE,
                source: u16::try_from(read(bytes)?).ok()?,
                length: read(bytes)?,
                offset: offset.wrapping_add(read_signed(bytes)? as u64),
                time_ms: time_ms.wrapping_add(read_signed(bytes)?),
                ..Head::default()
            };
            if flags & MORE != 0 {
                head.states = u32::try_from(read(bytes)?).ok()?;
                head.start = read(bytes)?;
                head.depth = take(bytes)?;
                head.back = read(bytes)?;
                let (packed, rest) = bytes.split_first_chunk::<STYLE_BYTES>()?;
                head.style = Style::unpack(*packed);
                *bytes = rest;
            }
            (offset, time_ms) = (head.offset.wrapping_add(head.length), head.time_ms);
            read_lines.starts.push(start as u32);
            read_lines.heads.push(head);
            start += head.length;
        }
        read_lines.content = content;
        Some(read_lines)
    }
}

pub(super) fn write(bytes: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
}

fn write_signed(bytes: &mut Vec<u8>, value: i64) {
    write(bytes, ((value << 1) ^ (value >> 63)) as u64);
}

pub(super) fn take(bytes: &mut &[u8]) -> Option<u8> {
    let (first, rest) = bytes.split_first()?;
    *bytes = rest;
    Some(*first)
}

pub(super) fn read(bytes: &mut &[u8]) -> Option<u64> {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let byte = take(bytes)?;
        value |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

fn read_signed(bytes: &mut &[u8]) -> Option<i64> {
    let value = read(bytes)?;
    Some((value >> 1) as i64 ^ -((value & 1) as i64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_survive_being_kept() {
        let mut lines = Lines::default();
        for (at, offset) in [5_u64, 0, u64::MAX / 2, 77].into_iter().enumerate() {
            let head = Head {
                source: at as u16 * 300,
                flags: if at == 1 { ODD | ERROR } else { 0 },
                length: at as u64 * 100,
                offset,
                time_ms: 1_764_000_000_000 - at as i64 * 5000,
                states: at as u32 / 2 * 90_000,
                start: at as u64 / 2 * 3,
                depth: at as u8 / 3,
                back: at as u64 / 3 * 1000,
                ..Head::default()
            };
            lines.push(head, &vec![b'x'; at * 100]);
        }
        let heads = lines.encode_heads();
        let read = Lines::decode(lines.content.clone(), &heads, 4).expect("heads");
        assert_eq!((read.heads, read.starts), (lines.heads.clone(), lines.starts.clone()));
        assert_eq!(
            Lines::decode(Vec::new(), &heads[..heads.len() - 1], 4).map(|lines| lines.heads),
            None
        );
    }
}
