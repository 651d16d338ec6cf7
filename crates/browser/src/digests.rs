//! Digests of files that were read before, by name, size, time, and the bytes at both ends. They are believed until the
//! content is sent: the service checks it then.

use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, File};

use super::{
    database::{self, Store},
    files,
};
use crate::api::sha256::Sha256;

/// A smaller file is read in no time: its digest is neither remembered nor worth having early.
pub const WORTH_BYTES: f64 = 8.0 * 1024.0 * 1024.0;
/// So much of each end is read to recognise a file.
const END_BYTES: f64 = 64.0 * 1024.0;

/// What a file is recognised by; `None` for one that is better read anew: a small one; one whose time is in whole seconds,
/// which a program has set (an archive, a repeatable build) and which may be that of many; and any where the browser tells
/// size and time as they were when it was chosen, but reads what is there now.
async fn key(file: &File) -> Option<String> {
    if file.size() < WORTH_BYTES || file.last_modified() % 1000.0 == 0.0 || !files::notices_changes() {
        return None;
    }
    let begin = digest(file.slice_with_f64_and_f64(0.0, END_BYTES).ok()?).await?;
    let end = digest(file.slice_with_f64(file.size() - END_BYTES).ok()?).await?;
    Some(format!(
        "{}/{}/{}/{begin}{end}",
        file.size(),
        file.last_modified(),
        file.name()
    ))
}

async fn digest(part: Blob) -> Option<Sha256> {
    let buffer = JsFuture::from(part.array_buffer()).await.ok()?;
    Some(Sha256::of(&js_sys::Uint8Array::new(&buffer).to_vec()))
}

/// The digest the file had when it was read before.
pub async fn known(file: &File) -> Option<Sha256> {
    let digest = database::get(Store::Digests, &key(file).await?).await?;
    Sha256::parse(&digest.as_string()?).ok()
}

/// Remembers a file's digest.
pub async fn remember(file: &File, digest: Sha256) {
    if let Some(key) = key(file).await {
        database::put(Store::Digests, &key, &JsValue::from_str(&digest.to_string())).await;
    }
}

/// Forgets a file's digest, which was wrong.
pub async fn forget(file: &File) {
    if let Some(key) = key(file).await {
        database::remove(Store::Digests, &key).await;
    }
}
