//! Digests of files that were read before, by name, size and time. They are believed until the content is sent: the
//! service checks it then.

use wasm_bindgen::JsValue;
use web_sys::File;

use super::database::{self, Store};
use crate::api::sha256::Sha256;

fn key(file: &File) -> String {
    format!("{}/{}/{}", file.size(), file.last_modified(), file.name())
}

/// The digest the file had when it was read before.
pub async fn known(file: &File) -> Option<Sha256> {
    let digest = database::get(Store::Digests, &key(file)).await?;
    Sha256::parse(&digest.as_string()?).ok()
}

/// Remembers a file's digest.
pub async fn remember(file: &File, digest: Sha256) {
    database::put(Store::Digests, &key(file), &JsValue::from_str(&digest.to_string())).await;
}

/// Forgets a file's digest, which was wrong.
pub async fn forget(file: &File) {
    database::remove(Store::Digests, &key(file)).await;
}
