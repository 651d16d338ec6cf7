//! The contents of files, a part at a time and in their order. The next parts are read while one is worked on.

use std::{ops::Range, pin::Pin};

use futures::{Stream, StreamExt, stream};
use js_sys::Uint8Array;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::File;

use super::{Failure, Hashing};
use crate::{channel::worker::Teller, error::message};

/// A larger file is read in parts of this size. A stream of it would be no faster, and stands still while a part is worked
/// on: what the browser reads ahead of a stream is less.
pub(super) const PART_BYTES: f64 = 1024.0 * 1024.0;
/// How many parts are read ahead.
const READ_AHEAD: usize = 32;
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
pub(super) struct Reading<'a>(Pin<Box<dyn Stream<Item = Result<Part, Failure>> + 'a>>);

impl<'a> Reading<'a> {
    /// Reads those of `files`; each has one part at least.
    pub(super) fn of(files: &'a [File], which: Range<usize>) -> Self {
        let parts = which.flat_map(|file| {
            let count = (files[file].size() / PART_BYTES).ceil().max(1.0) as usize;
            (0..count).map(move |part| (file, part, part + 1 == count))
        });
        let parts = stream::iter(parts).map(move |(file, part, is_last)| async move {
            match load(&files[file], part).await {
                Ok(bytes) => Ok(Part { file, is_last, bytes }),
                Err(thrown) => Err(Failure::Unreadable(file, message(&thrown))),
            }
        });
        Self(Box::pin(parts.buffered(READ_AHEAD)))
    }

    /// The next part; never one of a file that has changed.
    pub(super) async fn next(&mut self) -> Result<Option<Part>, Failure> {
        self.0.next().await.transpose()
    }
}

async fn load(file: &File, part: usize) -> Result<Uint8Array, JsValue> {
    let begin = part as f64 * PART_BYTES;
    let end = (begin + PART_BYTES).min(file.size());
    let buffer = if file.size() <= PART_BYTES {
        file.array_buffer()
    } else {
        file.slice_with_f64_and_f64(begin, end)?.array_buffer()
    };
    let bytes = Uint8Array::new(&JsFuture::from(buffer).await?);
    if f64::from(bytes.length()) == end - begin {
        return Ok(bytes);
    }
    Err(js_sys::Error::new("its size changed while it was read").into())
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
