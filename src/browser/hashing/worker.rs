//! The worker's side: reads a file in views of 1 MiB and hashes while it reads.

use js_sys::{Reflect, Uint8Array};
use sha2::{Digest, Sha256 as Sha2};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    DedicatedWorkerGlobalScope, File, MessageEvent, ReadableStreamByobReader, ReadableStreamGetReaderOptions,
    ReadableStreamReaderMode,
};

use super::message;
use crate::api::sha256::Sha256;

const VIEW_BYTES: u32 = 1 << 20;
/// Progress is said after so many bytes: often enough for a bar, seldom enough to cost nothing.
const REPORT_BYTES: f64 = 8.0 * 1024.0 * 1024.0;

/// Listens for files, and tells the page that it does.
pub fn listen() {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let on_message = {
        let scope = scope.clone();
        Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            let scope = scope.clone();
            let file: File = event.data().unchecked_into();
            spawn_local(async move {
                let answer = match hash(&scope, &file).await {
                    Ok(digest) => JsValue::from(digest.to_string()),
                    Err(thrown) => js_sys::Error::new(&message(&thrown)).into(),
                };
                say(&scope, &answer);
            });
        })
    };
    scope.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    // The worker lives as long as its page wants it.
    on_message.forget();
    say(&scope, &JsValue::NULL);
}

fn say(scope: &DedicatedWorkerGlobalScope, words: &JsValue) {
    // Numbers, texts and errors can always be sent.
    let _ = scope.post_message(words);
}

async fn hash(scope: &DedicatedWorkerGlobalScope, file: &File) -> Result<Sha256, JsValue> {
    let options = ReadableStreamGetReaderOptions::new();
    options.set_mode(ReadableStreamReaderMode::Byob);
    let reader: ReadableStreamByobReader = file.stream().get_reader_with_options(&options).unchecked_into();
    let mut view = Uint8Array::new_with_length(VIEW_BYTES);
    let mut bytes = vec![0; VIEW_BYTES as usize];
    let mut hasher = Sha2::new();
    let (mut read, mut reported) = (0.0, 0.0);
    loop {
        // Without `min`: with it a read of a file was seen to hang.
        let result = JsFuture::from(reader.read_with_array_buffer_view(&view)).await?;
        let filled: Uint8Array = Reflect::get(&result, &"value".into())?.unchecked_into();
        if Reflect::get(&result, &"done".into())?.is_truthy() {
            break;
        }
        let length = filled.length() as usize;
        filled.copy_to(&mut bytes[..length]);
        hasher.update(&bytes[..length]);
        read += f64::from(filled.length());
        if read - reported >= REPORT_BYTES {
            reported = read;
            say(scope, &read.into());
        }
        view = Uint8Array::new(&filled.buffer());
    }
    if read != file.size() {
        return Err(js_sys::Error::new("its size changed while it was read").into());
    }
    Ok(Sha256::finish(hasher))
}
