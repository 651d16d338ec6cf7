//! Sending a file's bytes by `PUT`, with progress. `fetch` tells no upload progress; XMLHttpRequest does.

use std::{cell::RefCell, rc::Rc};

use futures::channel::oneshot;
use gloo_events::EventListener;
use wasm_bindgen::JsCast;
use web_sys::{Blob, ProgressEvent, XmlHttpRequest};

use super::error::message;

/// Why bytes were not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UploadError {
    /// The connection failed; the same upload may succeed later.
    #[error("the connection was lost while sending")]
    Connection,
    /// The server refused.
    #[error("{sentence} (HTTP {status})")]
    Refused {
        /// HTTP status.
        status: u16,
        /// The server's sentence.
        sentence: String,
    },
    /// The browser did not even begin.
    #[error("{0}")]
    Browser(String),
}

struct AbortOnDrop(XmlHttpRequest);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        // Does nothing to a request that has ended.
        let _ = self.0.abort();
    }
}

/// Sends `content` to `url`; `on_progress` hears how many bytes have left. Dropping the future aborts.
///
/// Ends well only when the server has confirmed the content.
///
/// # Errors
/// [`UploadError`].
pub async fn put(url: &str, content: &Blob, on_progress: impl Fn(f64) + 'static) -> Result<(), UploadError> {
    let browser = |thrown| UploadError::Browser(message(&thrown));
    let request = AbortOnDrop(XmlHttpRequest::new().map_err(browser)?);
    let upload = request.0.upload().map_err(browser)?;
    request.0.open_with_async("PUT", url, true).map_err(browser)?;
    // Without it the browser sends the type it guessed from the name; the service wants raw bytes.
    request
        .0
        .set_request_header("content-type", "application/octet-stream")
        .map_err(browser)?;
    let _progress = EventListener::new(&upload, "progress", move |event| {
        if let Some(event) = event.dyn_ref::<ProgressEvent>() {
            on_progress(event.loaded());
        }
    });
    let (end, ended) = oneshot::channel();
    let end = Rc::new(RefCell::new(Some(end)));
    let _end = EventListener::new(&request.0, "loadend", move |_| {
        if let Some(end) = end.borrow_mut().take() {
            let _ = end.send(());
        }
    });
    request.0.send_with_opt_blob(Some(content)).map_err(browser)?;
    ended.await.map_err(|_| UploadError::Connection)?;
    match request.0.status().unwrap_or(0) {
        200..=299 => Ok(()),
        0 => Err(UploadError::Connection),
        status => Err(UploadError::Refused {
            status,
            sentence: sentence(request.0.response_text().ok().flatten()),
        }),
    }
}

/// Answers are a plain sentence or `{"error": "sentence"}`.
fn sentence(text: Option<String>) -> String {
    let text = text.unwrap_or_default();
    serde_json::from_str::<serde_json::Value>(&text)
        .ok()
        .and_then(|json| Some(json.get("error").or(json.get("message"))?.as_str()?.to_owned()))
        .unwrap_or(text)
}
