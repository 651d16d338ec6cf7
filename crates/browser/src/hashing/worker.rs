//! The worker's side: hashes files, and packs folders, while it reads them. Never holds more than a few views.

use futures::{StreamExt, stream};
use js_sys::{Array, Reflect, Uint8Array};
use sha2::{Digest, Sha256 as Sha2};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    Blob, DedicatedWorkerGlobalScope, File, MessageEvent, ReadableStreamByobReader, ReadableStreamGetReaderOptions,
    ReadableStreamReaderMode,
};

use super::{BUNDLE, FAILED, HASH, PACK, bundling, message};
use crate::api::sha256::Sha256;
use jobsphere_authoring::folder::{Packer, Piece};

const VIEW_BYTES: u32 = 1 << 20;
/// A file up to this size is read in one go, before its turn; opening a stream for each would take longer than reading.
const SMALL_BYTES: f64 = VIEW_BYTES as f64;
/// Contents of small files that a worker keeps, at most.
const MAX_KEPT_BYTES: usize = 64 << 20;
/// How many small files are read ahead.
const READ_AHEAD: usize = 32;
/// Progress is said after so many bytes: often enough for a bar, seldom enough to cost nothing.
const REPORT_BYTES: f64 = 8.0 * 1024.0 * 1024.0;

/// Listens for tasks, and tells the page that it does.
pub fn listen() {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let on_message = {
        let scope = scope.clone();
        Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            let scope = scope.clone();
            let task: Array = event.data().unchecked_into();
            spawn_local(async move {
                let mut reading = Reading {
                    scope: scope.clone(),
                    at: 0,
                    bytes: 0.0,
                    reported: 0.0,
                };
                let done = match task.shift().as_string().as_deref() {
                    Some(HASH) => hash(&mut reading, &task).await,
                    Some(PACK) => pack(&mut reading, &task).await,
                    Some(BUNDLE) => bundling::work(&scope, &task, &mut reading.at).await,
                    _ => Err(JsValue::from_str("an unknown task")),
                };
                let answer = done.unwrap_or_else(|thrown| {
                    Array::of3(&FAILED.into(), &(reading.at as f64).into(), &message(&thrown).into())
                });
                say(&scope, &answer);
            });
        })
    };
    scope.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    // The worker lives as long as its page wants it.
    on_message.forget();
    say(&scope, &JsValue::NULL);
}

pub(super) fn say(scope: &DedicatedWorkerGlobalScope, words: &JsValue) {
    // Numbers, texts, arrays and blobs can always be sent.
    let _ = scope.post_message(words);
}

/// The digests of files, in their order.
async fn hash(reading: &mut Reading, files: &Array) -> Result<Array, JsValue> {
    let files: Vec<File> = files.iter().map(JsCast::unchecked_into).collect();
    let mut hashers = vec![Sha2::new(); files.len()];
    let all: Vec<usize> = (0..files.len()).collect();
    reading
        .read(&files, &all, |index, bytes| {
            hashers[index].update(bytes);
            Ok(())
        })
        .await?;
    let digests = hashers.into_iter().map(Sha256::finish);
    Ok(digests.map(|digest| JsValue::from(digest.to_string())).collect())
}

/// The digest of a folder's archive, and the archive, whose contents stay in their files. They are read once for the
/// checksums that stand before the contents, and once for the digest; small ones are kept in between, up to a limit.
async fn pack(reading: &mut Reading, entries: &Array) -> Result<Array, JsValue> {
    let fail = |error: &dyn std::fmt::Display| JsValue::from(js_sys::Error::new(&error.to_string()));
    let mut files: Vec<File> = Vec::new();
    let mut paths = Vec::new();
    let mut empty = Vec::new();
    for pair in entries.to_vec().chunks(2) {
        let path = pair[0].as_string().unwrap_or_default();
        match pair.get(1).and_then(|file| file.dyn_ref::<File>()) {
            Some(file) => {
                files.push(file.clone());
                paths.push(path);
            }
            None => empty.push(path),
        }
    }
    let mut packer = Packer::default();
    for path in &empty {
        packer.folder(path).map_err(|error| fail(&error))?;
    }
    let mut begun = None;
    let mut kept = Kept::new(files.len());
    let all: Vec<usize> = (0..files.len()).collect();
    reading
        .read(&files, &all, |index, bytes| {
            kept.take(index, &files[index], bytes);
            if begun != Some(index) {
                begun = Some(index);
                packer
                    .file(&paths[index], files[index].size() as u64)
                    .map_err(|error| fail(&error))?;
            }
            packer.content(bytes).map_err(|error| fail(&error))
        })
        .await?;
    let pieces = packer.finish().map_err(|error| fail(&error))?;

    let body = Array::new();
    for piece in &pieces {
        body.push(&match piece {
            Piece::Bytes(bytes) => Uint8Array::from(bytes.as_slice()).into(),
            Piece::Content { file, .. } => JsValue::from(files[*file].clone()),
        });
    }
    let mut hasher = Sha2::new();
    let mut next = pieces.iter().peekable();
    // What stands before the content of a file that is read again, or before the end.
    let mut between = |reading: &mut Reading, hasher: &mut Sha2, before: Option<usize>| {
        while let Some(piece) = next.peek() {
            match piece {
                Piece::Bytes(bytes) => hasher.update(bytes),
                Piece::Content { file, .. } if Some(*file) == before => return,
                Piece::Content { file, .. } => {
                    let bytes = kept.of(*file);
                    hasher.update(bytes);
                    reading.count(bytes.len() as f64);
                }
            }
            next.next();
        }
    };
    for index in all
        .into_iter()
        .filter(|index| !kept.has(*index) && files[*index].size() > 0.0)
    {
        between(reading, &mut hasher, Some(index));
        reading
            .read(&files, &[index], |_, bytes| {
                hasher.update(bytes);
                Ok(())
            })
            .await?;
    }
    between(reading, &mut hasher, None);
    let blob = Blob::new_with_blob_sequence(&body)?;
    Ok(Array::of2(&Sha256::finish(hasher).to_string().into(), &blob))
}

/// Contents of small files, so that they need not be read again.
struct Kept {
    contents: Vec<Option<Vec<u8>>>,
    left_bytes: usize,
}

impl Kept {
    fn new(files: usize) -> Self {
        Self {
            contents: vec![None; files],
            left_bytes: MAX_KEPT_BYTES,
        }
    }

    /// Keeps a content that came in one piece, while there is room.
    fn take(&mut self, index: usize, file: &File, bytes: &[u8]) {
        if file.size() <= SMALL_BYTES && bytes.len() <= self.left_bytes {
            self.left_bytes -= bytes.len();
            self.contents[index] = Some(bytes.to_vec());
        }
    }

    fn has(&self, index: usize) -> bool {
        self.contents[index].is_some()
    }

    fn of(&self, index: usize) -> &[u8] {
        self.contents[index].as_deref().unwrap_or_default()
    }
}

/// What a small file held, or a large one to be read in views.
enum Loaded {
    Small(Vec<u8>),
    Large,
}

/// Reads files one after the other and says how far it is.
struct Reading {
    scope: DedicatedWorkerGlobalScope,
    /// The file that is being read.
    at: usize,
    bytes: f64,
    reported: f64,
}

impl Reading {
    /// Hands the content of those files over in order; at least once for each file, and never for one that has changed.
    async fn read(
        &mut self,
        files: &[File],
        which: &[usize],
        mut take: impl FnMut(usize, &[u8]) -> Result<(), JsValue>,
    ) -> Result<(), JsValue> {
        let mut loaded = stream::iter(which)
            .map(|index| load(&files[*index]))
            .buffered(READ_AHEAD);
        for index in which.iter().copied() {
            let Some(result) = loaded.next().await else { break };
            self.at = index;
            match result? {
                Loaded::Small(bytes) => {
                    check_size(&files[index], bytes.len() as f64)?;
                    take(index, &bytes)?;
                    self.count(bytes.len() as f64);
                }
                Loaded::Large => {
                    self.stream(&files[index], |bytes| take(index, bytes)).await?;
                }
            }
        }
        Ok(())
    }

    async fn stream(&mut self, file: &File, mut take: impl FnMut(&[u8]) -> Result<(), JsValue>) -> Result<(), JsValue> {
        let options = ReadableStreamGetReaderOptions::new();
        options.set_mode(ReadableStreamReaderMode::Byob);
        let reader: ReadableStreamByobReader = file.stream().get_reader_with_options(&options).unchecked_into();
        let mut view = Uint8Array::new_with_length(VIEW_BYTES);
        let mut bytes = vec![0; VIEW_BYTES as usize];
        let mut read = 0.0;
        loop {
            // Without `min`: with it a read of a file was seen to hang.
            let result = JsFuture::from(reader.read_with_array_buffer_view(&view)).await?;
            let filled: Uint8Array = Reflect::get(&result, &"value".into())?.unchecked_into();
            if Reflect::get(&result, &"done".into())?.is_truthy() {
                return check_size(file, read);
            }
            let length = filled.length() as usize;
            filled.copy_to(&mut bytes[..length]);
            take(&bytes[..length])?;
            read += length as f64;
            self.count(length as f64);
            view = Uint8Array::new(&filled.buffer());
        }
    }

    fn count(&mut self, bytes: f64) {
        self.bytes += bytes;
        if self.bytes - self.reported >= REPORT_BYTES {
            self.reported = self.bytes;
            say(&self.scope, &self.bytes.into());
        }
    }
}

async fn load(file: &File) -> Result<Loaded, JsValue> {
    if file.size() > SMALL_BYTES {
        return Ok(Loaded::Large);
    }
    let buffer = JsFuture::from(file.array_buffer()).await?;
    Ok(Loaded::Small(Uint8Array::new(&buffer).to_vec()))
}

fn check_size(file: &File, read: f64) -> Result<(), JsValue> {
    if read == file.size() {
        return Ok(());
    }
    Err(js_sys::Error::new("its size changed while it was read").into())
}
