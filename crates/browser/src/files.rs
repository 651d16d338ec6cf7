//! The content of chosen files, and texts that become files.

use futures::stream::{self, StreamExt};
use js_sys::Reflect;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, File, Url};

use super::{document, error::message};

/// So many files are looked at side by side.
const AT_ONCE: usize = 64;

/// The whole of a small file as text; bytes that are not UTF-8 become replacement characters.
///
/// # Errors
/// The browser's words when the file cannot be read.
pub async fn text(file: &Blob) -> Result<String, String> {
    let content = JsFuture::from(file.text()).await.map_err(|thrown| message(&thrown))?;
    Ok(content.as_string().unwrap_or_default())
}

/// The whole of a file.
///
/// # Errors
/// The browser's words when the file cannot be read.
pub async fn bytes(file: &Blob) -> Result<Vec<u8>, String> {
    let content = JsFuture::from(file.array_buffer())
        .await
        .map_err(|thrown| message(&thrown))?;
    Ok(js_sys::Uint8Array::new(&content).to_vec())
}

/// Whether a file is sure to be what it was when it was chosen. Chromium refuses to read one that has changed since; a
/// browser that reads what is there now, as Firefox does, is never sure.
pub async fn is_unchanged(file: &File) -> bool {
    let first = file.slice_with_f64_and_f64(0.0, 1.0);
    match first {
        Ok(first) if notices_changes() => JsFuture::from(first.array_buffer()).await.is_ok(),
        _ => false,
    }
}

/// The same of many.
pub async fn are_unchanged(files: impl Iterator<Item = File>) -> bool {
    let looks = stream::iter(files).map(|file| async move { is_unchanged(&file).await });
    looks.buffer_unordered(AT_ONCE).all(std::future::ready).await
}

/// Whether the browser refuses to read a file that has changed since it was chosen.
pub fn notices_changes() -> bool {
    // A mark of Chromium, which is there on pages that are not safe, too.
    web_sys::window().is_some_and(|window| Reflect::has(&window, &"chrome".into()).unwrap_or(false))
}

/// Gives `content` to the person as a file.
///
/// # Errors
/// The browser's words when it makes no file.
pub fn save(name: &str, content: &str) -> Result<(), String> {
    let said = |thrown: JsValue| message(&thrown);
    let parts = js_sys::Array::of1(&content.into());
    let options = BlobPropertyBag::new();
    options.set_type("application/octet-stream");
    let blob = Blob::new_with_str_sequence_and_options(&parts, &options).map_err(said)?;
    save_blob(name, &blob)
}

/// Gives `content` to the person as a file.
///
/// # Errors
/// The browser's words when it makes no address for it.
pub fn save_blob(name: &str, content: &Blob) -> Result<(), String> {
    let said = |thrown: JsValue| message(&thrown);
    let url = Url::create_object_url_with_blob(content).map_err(said)?;
    document::download_as(&url, name);
    // The download has its own hold on the blob.
    Url::revoke_object_url(&url).map_err(said)
}

/// Puts `text` into the clipboard.
///
/// # Errors
/// The browser's words when it does not allow that.
pub async fn copy(text: &str) -> Result<(), String> {
    let clipboard = web_sys::window().map(|window| window.navigator().clipboard());
    // Only pages from a safe origin have one.
    let clipboard = clipboard
        .filter(|clipboard| !clipboard.is_undefined())
        .ok_or("no clipboard")?;
    let written = JsFuture::from(clipboard.write_text(text)).await;
    written.map(drop).map_err(|thrown| message(&thrown))
}

/// `text` as it can stand in a part of an address.
pub fn encode(text: &str) -> String {
    js_sys::encode_uri_component(text).into()
}

/// What [`encode`] was given; `None` when it was not made by it.
pub fn decode(text: &str) -> Option<String> {
    js_sys::decode_uri_component(text).ok().map(String::from)
}

/// The part of the page's address behind `#`, as it stands there.
pub fn fragment() -> Option<String> {
    let hash = web_sys::window()?.location().hash().ok()?;
    hash.strip_prefix('#').map(str::to_owned)
}

/// A file of a text.
///
/// # Errors
/// The browser's, which makes none.
pub fn file(name: &str, content: &str) -> Result<File, JsValue> {
    File::new_with_str_sequence(&js_sys::Array::of1(&content.into()), name)
}

/// A file of bytes.
///
/// # Errors
/// The browser's words when it makes none.
pub fn file_of_bytes(name: &str, content: &[u8]) -> Result<File, String> {
    let parts = js_sys::Array::of1(&js_sys::Uint8Array::from(content));
    File::new_with_u8_array_sequence(&parts, name).map_err(|thrown| message(&thrown))
}
