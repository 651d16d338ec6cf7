//! The contents of files, a part at a time and in their order.

use std::{collections::VecDeque, ops::Range};

use js_sys::{Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{File, ReadableStreamByobReader, ReadableStreamGetReaderOptions, ReadableStreamReaderMode};

use super::{Failure, Hashing};
use crate::{channel::worker::Teller, error::message};

/// A file up to this size is read in one go, before its turn; opening a stream for each would take longer than reading.
pub(super) const SMALL_BYTES: usize = 1 << 20;
/// A larger file comes in parts of this size, all in one buffer: the browser takes longer to make a new one for each.
const VIEW_BYTES: u32 = 1 << 20;
/// How many small files are read ahead.
const FILES_AHEAD: usize = 32;
/// Progress is said after so many bytes: often enough for a bar, seldom enough to cost nothing.
const REPORT_BYTES: f64 = 8.0 * 1024.0 * 1024.0;

/// A part of a file's content.
pub(super) struct Part<'a> {
    /// Which file.
    pub(super) file: usize,
    pub(super) bytes: &'a [u8],
    /// Whether the file ends with it.
    pub(super) is_last: bool,
}

/// Files that are being read.
pub(super) struct Reading<'a> {
    files: &'a [File],
    /// Those that have not been asked for.
    rest: Range<usize>,
    /// Those that have, in their order; a large one without its content.
    asked: VecDeque<(usize, Option<JsFuture>)>,
    streaming: Option<(usize, Streaming)>,
    bytes: Vec<u8>,
}

impl<'a> Reading<'a> {
    /// Reads those of `files`; each has one part at least.
    pub(super) fn of(files: &'a [File], which: Range<usize>) -> Self {
        Self {
            files,
            rest: which,
            asked: VecDeque::new(),
            streaming: None,
            bytes: Vec::new(),
        }
    }

    /// The next part; never one of a file that has changed.
    pub(super) async fn next(&mut self) -> Result<Option<Part<'_>>, Failure> {
        let (file, read) = match self.streaming.take() {
            Some((file, streaming)) => (file, self.go_on(file, streaming).await),
            None => {
                self.ask();
                let Some((file, content)) = self.asked.pop_front() else {
                    return Ok(None);
                };
                (file, self.begin(file, content).await)
            }
        };
        read.map_err(|thrown| Failure::Unreadable(file, message(&thrown)))?;
        Ok(Some(Part {
            file,
            bytes: &self.bytes,
            is_last: self.streaming.is_none(),
        }))
    }

    /// Has the browser read ahead.
    fn ask(&mut self) {
        while self.asked.len() < FILES_AHEAD
            && let Some(file) = self.rest.next()
        {
            let content = &self.files[file];
            let is_small = content.size() <= SMALL_BYTES as f64;
            let content = is_small.then(|| JsFuture::from(content.array_buffer()));
            self.asked.push_back((file, content));
        }
    }

    async fn begin(&mut self, file: usize, content: Option<JsFuture>) -> Result<(), JsValue> {
        let Some(content) = content else {
            let streaming = Streaming::of(&self.files[file]);
            return self.go_on(file, streaming).await;
        };
        self.take(&Uint8Array::new(&content.await?));
        if self.bytes.len() as f64 == self.files[file].size() {
            Ok(())
        } else {
            Err(changed())
        }
    }

    async fn go_on(&mut self, file: usize, mut streaming: Streaming) -> Result<(), JsValue> {
        let view = streaming.read().await?;
        self.take(&view);
        streaming.left_bytes -= f64::from(view.length());
        streaming.view = Uint8Array::new(&view.buffer());
        if streaming.left_bytes > 0.0 {
            self.streaming = Some((file, streaming));
        }
        Ok(())
    }

    fn take(&mut self, content: &Uint8Array) {
        self.bytes.resize(content.length() as usize, 0);
        content.copy_to(&mut self.bytes);
    }
}

/// A large file that is being read.
struct Streaming {
    reader: ReadableStreamByobReader,
    view: Uint8Array,
    left_bytes: f64,
}

impl Streaming {
    fn of(file: &File) -> Self {
        let options = ReadableStreamGetReaderOptions::new();
        options.set_mode(ReadableStreamReaderMode::Byob);
        Self {
            reader: file.stream().get_reader_with_options(&options).unchecked_into(),
            view: Uint8Array::new_with_length(VIEW_BYTES),
            left_bytes: file.size(),
        }
    }

    /// The next bytes, in the view that was lent.
    async fn read(&self) -> Result<Uint8Array, JsValue> {
        // Without `min`: with it a read of a file was seen to hang.
        let result = JsFuture::from(self.reader.read_with_array_buffer_view(&self.view)).await?;
        if Reflect::get(&result, &"done".into())?.is_truthy() {
            return Err(changed());
        }
        Ok(Reflect::get(&result, &"value".into())?.unchecked_into())
    }
}

fn changed() -> JsValue {
    js_sys::Error::new("its size changed while it was read").into()
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
