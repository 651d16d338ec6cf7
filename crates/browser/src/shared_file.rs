//! The bytes of a shared output: fetched with the right of its link, checked, given to the person.

use futures::channel::oneshot;
use gloo_events::EventListener;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, File, FileReader, Headers, RequestCache, RequestCredentials, RequestInit, Response, Url};

use super::{document, error::message, hashing, server};

/// Fetches `path` of the page's own server. The browser keeps a large answer on disk.
///
/// # Errors
/// The browser's words, or the service's.
pub async fn fetch(path: &str, authorization: &str) -> Result<File, String> {
    let said = |thrown: JsValue| message(&thrown);
    let headers = Headers::new().map_err(said)?;
    headers.set("authorization", authorization).map_err(said)?;
    let init = RequestInit::new();
    init.set_headers(&headers);
    init.set_cache(RequestCache::NoStore);
    init.set_credentials(RequestCredentials::Omit);
    let window = web_sys::window().ok_or("no window")?;
    let answer = JsFuture::from(window.fetch_with_str_and_init(&format!("{}{path}", server::base()), &init))
        .await
        .map_err(said)?;
    let answer: Response = answer.dyn_into().map_err(said)?;
    if !answer.ok() {
        return Err(format!("{} {}", answer.status(), answer.status_text()));
    }
    let blob = JsFuture::from(answer.blob().map_err(said)?).await.map_err(said)?;
    let blob: Blob = blob.dyn_into().map_err(said)?;
    let parts = js_sys::Array::of1(&blob);
    File::new_with_blob_sequence(&parts, "output").map_err(said)
}

/// The digest of a file, as sixty-four digits.
///
/// # Errors
/// Why it has none.
pub async fn sha256(file: &File) -> Result<String, String> {
    let hasher = hashing::Hasher::start().map_err(|error| error.to_string())?;
    let digests = hasher.hash(std::slice::from_ref(file), |_| {}).await;
    let digests = digests.map_err(|error| error.to_string())?;
    let digest = digests.into_iter().next().ok_or("there is no digest")?;
    Ok(digest.to_string())
}

/// Gives the file to the person under the last name of `path`.
///
/// # Errors
/// The browser's words when it makes no address for it.
pub fn save(file: &File, path: &str) -> Result<(), String> {
    let said = |thrown: JsValue| message(&thrown);
    let url = Url::create_object_url_with_blob(file).map_err(said)?;
    document::download_as(&url, path.rsplit('/').next().unwrap_or(path));
    // The download has its own hold on the file.
    Url::revoke_object_url(&url).map_err(said)
}

/// The file as a `data:` address; of a picture with its type, of everything else as bytes.
///
/// # Errors
/// The browser's words when it cannot be read.
pub async fn data_url(file: &File, path: &str) -> Result<String, String> {
    let said = |thrown: JsValue| message(&thrown);
    let ending = path.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    let kind = match ending.as_str() {
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        _ => "application/octet-stream",
    };
    let typed = file
        .slice_with_f64_and_f64_and_content_type(0.0, file.size(), kind)
        .map_err(said)?;
    let reader = FileReader::new().map_err(said)?;
    let (tell, told) = oneshot::channel();
    let on_end = EventListener::once(&reader, "loadend", move |_| {
        // Nobody may wait any longer.
        let _ = tell.send(());
    });
    reader.read_as_data_url(&typed).map_err(said)?;
    // It always ends, well or not.
    let _ = told.await;
    drop(on_end);
    let address = reader.result().map_err(said)?;
    address.as_string().ok_or_else(|| "the file cannot be read".to_owned())
}
