//! Unpacking deflated bytes by the browser's own means.

use js_sys::{Array, Function, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, ReadableStreamDefaultReader, ReadableWritablePair};

/// Unpacks at most `limit` bytes of `packed`, which may be cut off.
///
/// # Errors
/// `None` when nothing of it can be unpacked.
pub async fn inflated(packed: &[u8], limit: usize) -> Option<Vec<u8>> {
    let blob = Blob::new_with_u8_array_sequence(&Array::of1(&Uint8Array::from(packed))).ok()?;
    // A transform stream is a pair of its two ends.
    let unpacking: ReadableWritablePair = unpacking().ok()?.unchecked_into();
    let reader: ReadableStreamDefaultReader = blob.stream().pipe_through(&unpacking).get_reader().unchecked_into();
    let mut bytes = Vec::new();
    while bytes.len() < limit {
        // What is cut off ends with an error; what came before it is good.
        let Ok(result) = JsFuture::from(reader.read()).await else {
            return (!bytes.is_empty()).then_some(bytes);
        };
        if Reflect::get(&result, &"done".into()).ok()?.is_truthy() {
            return Some(bytes);
        }
        let piece: Uint8Array = Reflect::get(&result, &"value".into()).ok()?.unchecked_into();
        let mut piece = piece.to_vec();
        piece.truncate(limit - bytes.len());
        bytes.append(&mut piece);
    }
    // What is not wanted any more is not unpacked.
    let _ = JsFuture::from(reader.cancel()).await;
    Some(bytes)
}

/// A `DecompressionStream`, which the bindings do not offer yet.
fn unpacking() -> Result<JsValue, JsValue> {
    let class: Function = Reflect::get(&js_sys::global(), &"DecompressionStream".into())?.dyn_into()?;
    Reflect::construct(&class, &Array::of1(&"deflate-raw".into()))
}
