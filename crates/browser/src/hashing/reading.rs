//! The contents of files, a part at a time and in their order. The next parts are read while one is worked on.

use std::{collections::VecDeque, ops::Range};

use js_sys::Uint8Array;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::File;

use super::{Failure, Hashing};
use crate::{channel::worker::Teller, error::message};

/// A larger file is read in parts of this size: each costs the browser a few messages.
pub(super) const PART_BYTES: f64 = 4.0 * 1024.0 * 1024.0;
/// So many parts are read ahead at most, which matters for small files.
const PARTS_AHEAD: usize = 32;
/// And so many bytes.
const BYTES_AHEAD: f64 = 16.0 * 1024.0 * 1024.0;
/// Progress is said after so many bytes: often enough for a bar, seldom enough to cost nothing.
const REPORT_BYTES: f64 = 8.0 * 1024.0 * 1024.0;

/// A part of a file's content.
pub(super) struct Part {
    /// Which file.
    pub(super) file: usize,
    /// Whether the file ends with it.
    pub(super) is_last: bool,
    bytes: Uint8Array,
}

impl Part {
    /// Makes `bytes` the content of the part.
    pub(super) fn copy_into(&self, bytes: &mut Vec<u8>) {
        bytes.resize(self.bytes.length() as usize, 0);
        self.bytes.copy_to(bytes);
    }
}

/// Files that are being read.
pub(super) struct Reading<'a> {
    files: &'a [File],
    /// The first file whose parts have not all been asked for, and the byte where its next part begins.
    file: usize,
    at: f64,
    end: usize,
    /// What has been asked for, in its order.
    ahead: VecDeque<Asked>,
    bytes_ahead: f64,
}

/// A part that the browser is reading.
struct Asked {
    file: usize,
    is_last: bool,
    size_bytes: f64,
    buffer: JsFuture,
}

impl<'a> Reading<'a> {
    /// Reads those of `files`; each has one part at least.
    pub(super) fn of(files: &'a [File], which: Range<usize>) -> Self {
        Self {
            files,
            file: which.start,
            at: 0.0,
            end: which.end,
            ahead: VecDeque::new(),
            bytes_ahead: 0.0,
        }
    }

    /// The next part; never one of a file that has changed.
    pub(super) async fn next(&mut self) -> Result<Option<Part>, Failure> {
        while self.file < self.end && self.ahead.len() < PARTS_AHEAD && self.bytes_ahead < BYTES_AHEAD {
            let file = self.file;
            self.ask().map_err(|thrown| unreadable(file, &thrown))?;
        }
        let Some(asked) = self.ahead.pop_front() else {
            return Ok(None);
        };
        self.bytes_ahead -= asked.size_bytes;
        let file = asked.file;
        let buffer = asked.buffer.await.map_err(|thrown| unreadable(file, &thrown))?;
        let bytes = Uint8Array::new(&buffer);
        if f64::from(bytes.length()) != asked.size_bytes {
            return Err(Failure::Unreadable(file, "its size changed while it was read".into()));
        }
        let is_last = asked.is_last;
        Ok(Some(Part { file, is_last, bytes }))
    }

    /// Has the browser begin to read one part more.
    fn ask(&mut self) -> Result<(), JsValue> {
        let (file, begin) = (self.file, self.at);
        let content = &self.files[file];
        let end = (begin + PART_BYTES).min(content.size());
        let is_last = end == content.size();
        let buffer = if is_last && begin == 0.0 {
            content.array_buffer()
        } else {
            content.slice_with_f64_and_f64(begin, end)?.array_buffer()
        };
        self.ahead.push_back(Asked {
            file,
            is_last,
            size_bytes: end - begin,
            buffer: JsFuture::from(buffer),
        });
        self.bytes_ahead += end - begin;
        (self.file, self.at) = if is_last { (file + 1, 0.0) } else { (file, end) };
        Ok(())
    }
}

fn unreadable(file: usize, thrown: &JsValue) -> Failure {
    Failure::Unreadable(file, message(thrown))
}

/// Says how much has been read.
pub(super) struct Progress {
    teller: Teller<Hashing>,
    bytes: f64,
    reported: f64,
}

impl Progress {
    pub(super) fn of(teller: Teller<Hashing>) -> Self {
        Self {
            teller,
            bytes: 0.0,
            reported: 0.0,
        }
    }

    /// So many more bytes.
    pub(super) fn count(&mut self, bytes: usize) {
        self.bytes += bytes as f64;
        if self.bytes - self.reported >= REPORT_BYTES {
            self.reported = self.bytes;
            self.teller.progress(&self.bytes);
        }
    }
}
