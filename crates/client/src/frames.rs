//! Decoding a gRPC-web answer piece by piece, however the network cut it.
//!
//! An answer is a row of frames: one byte of flags, four bytes of length, the content. A frame with the
//! highest flag holds the trailers as text, `name: value` lines; it is the last one.

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, HeaderName, HeaderValue};

const HEADER_BYTES: usize = 5;
const TRAILER_FLAG: u8 = 0x80;
/// A frame longer than this is not an answer of the service: its length is rubbish or hostile.
const MAX_FRAME_BYTES: usize = 256 << 20;

/// One whole frame.
#[derive(Debug, PartialEq, Eq)]
pub enum Frame {
    /// A message with its five bytes of header, as tonic's own decoder wants it.
    Message(Bytes),
    /// The trailers: the verdict.
    Trailers(HeaderMap),
}

/// Why bytes are not a gRPC-web answer.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// The connection closed before the trailers.
    #[error("the connection was closed before the answer was complete")]
    Truncated,
    /// Bytes after the trailers.
    #[error("the answer goes on after its end")]
    AfterEnd,
    /// An impossible length.
    #[error("the answer holds a frame of {0} bytes")]
    TooLong(usize),
    /// Trailers that are not `name: value` lines.
    #[error("the end of the answer cannot be read")]
    Trailers,
}

/// The bytes received and not yet understood.
#[derive(Debug, Default)]
pub struct Frames {
    buffer: BytesMut,
    ended: bool,
}

impl Frames {
    /// Takes the next piece of the body.
    pub fn push(&mut self, piece: &[u8]) {
        self.buffer.extend_from_slice(piece);
    }

    /// The next whole frame, `None` while it is incomplete.
    ///
    /// # Errors
    /// A [`FrameError`]; the answer is of no use afterwards.
    pub fn next_frame(&mut self) -> Result<Option<Frame>, FrameError> {
        if self.ended && !self.buffer.is_empty() {
            return Err(FrameError::AfterEnd);
        }
        let Some(&[flags, a, b, c, d]) = self.buffer.first_chunk::<HEADER_BYTES>() else {
            return Ok(None);
        };
        let length = u32::from_be_bytes([a, b, c, d]) as usize;
        if length > MAX_FRAME_BYTES {
            return Err(FrameError::TooLong(length));
        }
        if self.buffer.len() < HEADER_BYTES + length {
            return Ok(None);
        }
        let frame = self.buffer.split_to(HEADER_BYTES + length).freeze();
        if flags & TRAILER_FLAG == 0 {
            return Ok(Some(Frame::Message(frame)));
        }
        self.ended = true;
        trailers(&frame[HEADER_BYTES..]).map(|trailers| Some(Frame::Trailers(trailers)))
    }

    /// Says whether the body may end here.
    ///
    /// # Errors
    /// [`FrameError::Truncated`] when no trailers came.
    pub fn finish(&self) -> Result<(), FrameError> {
        match (self.ended, self.buffer.is_empty()) {
            (true, true) => Ok(()),
            (true, false) => Err(FrameError::AfterEnd),
            (false, _) => Err(FrameError::Truncated),
        }
    }

    /// Whether nothing at all has been received.
    pub fn is_untouched(&self) -> bool {
        !self.ended && self.buffer.is_empty()
    }
}

fn trailers(text: &[u8]) -> Result<HeaderMap, FrameError> {
    let mut trailers = HeaderMap::new();
    for line in text.split(|byte| *byte == b'\n') {
        let line = line.trim_ascii();
        if line.is_empty() {
            continue;
        }
        let colon = line.iter().position(|byte| *byte == b':').ok_or(FrameError::Trailers)?;
        let (name, value) = (line[..colon].trim_ascii(), line[colon + 1..].trim_ascii());
        trailers.append(
            HeaderName::from_bytes(name).map_err(|_| FrameError::Trailers)?,
            HeaderValue::from_bytes(value).map_err(|_| FrameError::Trailers)?,
        );
    }
    Ok(trailers)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRAILERS: &[u8] = b"\x80\0\0\0\x10grpc-status: 0\r\n";

    fn read(pieces: &[&[u8]]) -> Result<Vec<Frame>, FrameError> {
        let mut frames = Frames::default();
        let mut found = Vec::new();
        for piece in pieces {
            frames.push(piece);
            while let Some(frame) = frames.next_frame()? {
                found.push(frame);
            }
        }
        frames.finish().map(|()| found)
    }

    #[test]
    fn a_cut_anywhere_changes_nothing() {
        let whole = [b"\0\0\0\0\x02hi".as_slice(), b"\0\0\0\0\0", TRAILERS].concat();
        let expected = read(&[&whole]).unwrap();
        assert_eq!(expected.len(), 3);
        for at in 0..=whole.len() {
            let (left, right) = whole.split_at(at);
            assert_eq!(read(&[left, right]).as_ref(), Ok(&expected), "cut at {at}");
        }
        let bytes: Vec<&[u8]> = whole.chunks(1).collect();
        assert_eq!(read(&bytes), Ok(expected));
    }

    #[test]
    fn an_answer_that_stops_early_is_truncated_and_rubbish_is_named() {
        let whole = [b"\0\0\0\0\x02hi".as_slice(), TRAILERS].concat();
        for at in 0..whole.len() {
            assert_eq!(read(&[&whole[..at]]), Err(FrameError::Truncated), "stopped at {at}");
        }
        assert_eq!(read(&[TRAILERS, b"x"]), Err(FrameError::AfterEnd));
        assert_eq!(read(&[b"<html>"]), Err(FrameError::TooLong(0x6874_6d6c)));
        assert_eq!(read(&[b"\x80\0\0\0\x03abc"]), Err(FrameError::Trailers));
    }
}
