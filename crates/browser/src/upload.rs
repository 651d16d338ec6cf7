//! Sending a file's bytes, with progress, and in parts where the service takes them. `fetch` tells no upload progress;
//! XMLHttpRequest does.

use std::{
    cell::{Cell, RefCell},
    pin::pin,
    rc::Rc,
};

use futures::{
    channel::oneshot,
    future::{Either, select},
};
use gloo_events::EventListener;
use gloo_timers::future::TimeoutFuture;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, ProgressEvent, XmlHttpRequest};

use super::{clock::now_ms, error::message};
use jobsphere_client::submission::SendError;

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
    /// The file cannot be read any more: it was changed, moved or removed.
    #[error("{0}")]
    Unreadable(String),
    /// The browser did not even begin.
    #[error("{0}")]
    Browser(String),
}

impl SendError for UploadError {
    fn is_passing(&self) -> bool {
        match self {
            Self::Connection => true,
            Self::Refused { status, .. } => matches!(status, 408 | 429 | 500 | 502 | 503 | 504),
            _ => false,
        }
    }

    fn is_expired(&self) -> bool {
        matches!(self, Self::Refused { status: 403 | 410, .. })
    }

    fn is_other_content(&self) -> bool {
        matches!(
            self,
            Self::Refused {
                status: WRONG_CONTENT,
                ..
            }
        )
    }

    fn is_unreadable(&self) -> bool {
        matches!(self, Self::Unreadable(_))
    }
}

/// The service's answer to bytes that have another digest than was announced.
const WRONG_CONTENT: u16 = 422;
/// A request that moves nothing for so long hangs: its connection may be gone without a word.
const STALLED_AFTER_MS: i64 = 120_000;
const LOOK_EVERY_MS: u32 = 5_000;

struct AbortOnDrop(XmlHttpRequest);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        // Does nothing to a request that has ended.
        let _ = self.0.abort();
    }
}

/// From this size on it pays to ask first whether a part has arrived already, and to send the rest alone.
const PARTS_FROM_BYTES: f64 = 8.0 * 1024.0 * 1024.0;

/// What was said to a request.
struct Answer {
    status: u16,
    text: String,
    /// `Upload-Offset`, from a service that takes files in parts.
    offset: Option<f64>,
}

/// Sends `content` to `url`; `on_progress` hears how many bytes have arrived or left. Dropping the future aborts.
///
/// A large file goes on where an earlier upload stopped, when the service offers that. Ends well only when the server has
/// confirmed the content.
///
/// # Errors
/// [`UploadError`].
pub async fn send(url: &str, content: &Blob, on_progress: impl Fn(f64) + 'static) -> Result<(), UploadError> {
    let kept = if content.size() < PARTS_FROM_BYTES {
        None
    } else {
        // A service that knows no parts refuses the question, or leaves out the header; then all is sent at once.
        match request("HEAD", url, None, None, |_| {}).await {
            Ok(answer) => answer.offset.filter(|_| answer.status < 300),
            Err(_) => None,
        }
    };
    let answer = match kept {
        None => request("PUT", url, Some(content), None, on_progress).await,
        Some(offset) => {
            on_progress(offset);
            let rest = content
                .slice_with_f64(offset)
                .map_err(|thrown| UploadError::Browser(message(&thrown)))?;
            let progress = move |bytes| on_progress(offset + bytes);
            request("PATCH", url, Some(&rest), Some(offset), progress).await
        }
    };
    let answer = match answer {
        // To the browser a file that changed looks like a lost connection.
        Err(UploadError::Connection) => {
            check_readable(content).await?;
            return Err(UploadError::Connection);
        }
        answer => answer?,
    };
    if answer.status == WRONG_CONTENT {
        // A file that changed in the same second as it was chosen is sent by the browser all the same.
        check_readable(content).await?;
    }
    match answer.status {
        // A part that is not the last, or does not fit: asked again, the service says where to go on.
        204 | 409 if kept.is_some() => Err(UploadError::Connection),
        200..=299 => Ok(()),
        status => Err(UploadError::Refused {
            status,
            sentence: sentence(answer.text),
        }),
    }
}

async fn check_readable(content: &Blob) -> Result<(), UploadError> {
    let unreadable = |thrown: wasm_bindgen::JsValue| UploadError::Unreadable(message(&thrown));
    let last = content
        .slice_with_f64((content.size() - 1.0).max(0.0))
        .map_err(unreadable)?;
    JsFuture::from(last.array_buffer()).await.map_err(unreadable)?;
    Ok(())
}

async fn request(
    method: &str,
    url: &str,
    content: Option<&Blob>,
    offset: Option<f64>,
    on_progress: impl Fn(f64) + 'static,
) -> Result<Answer, UploadError> {
    let browser = |thrown| UploadError::Browser(message(&thrown));
    let request = AbortOnDrop(XmlHttpRequest::new().map_err(browser)?);
    request.0.open_with_async(method, url, true).map_err(browser)?;
    let header = |name: &str, value: &str| request.0.set_request_header(name, value).map_err(browser);
    let mut listeners = Vec::new();
    let moved_ms = Rc::new(Cell::new(now_ms()));
    if content.is_some() {
        // Without it the browser sends the type it guessed from the name; the service wants raw bytes.
        header("content-type", "application/octet-stream")?;
        // Only where there is something to hear: a listener makes the browser ask before a request elsewhere.
        let upload = request.0.upload().map_err(browser)?;
        let moved_ms = Rc::clone(&moved_ms);
        listeners.push(EventListener::new(&upload, "progress", move |event| {
            moved_ms.set(now_ms());
            if let Some(event) = event.dyn_ref::<ProgressEvent>() {
                on_progress(event.loaded());
            }
        }));
    }
    if let Some(offset) = offset {
        header("upload-offset", &offset.to_string())?;
    }
    let (end, ended) = oneshot::channel();
    let end = Rc::new(RefCell::new(Some(end)));
    listeners.push(EventListener::new(&request.0, "loadend", move |_| {
        if let Some(end) = end.borrow_mut().take() {
            let _ = end.send(());
        }
    }));
    request.0.send_with_opt_blob(content).map_err(browser)?;
    match select(ended, pin!(stalled(&moved_ms))).await {
        Either::Left((Ok(()), _)) => {}
        _ => return Err(UploadError::Connection),
    }
    drop(listeners);
    let offset = request.0.get_response_header("upload-offset").ok().flatten();
    match request.0.status().unwrap_or(0) {
        0 => Err(UploadError::Connection),
        status => Ok(Answer {
            status,
            text: request.0.response_text().ok().flatten().unwrap_or_default(),
            offset: offset.and_then(|digits| digits.parse().ok()),
        }),
    }
}

/// Ends when nothing has moved for too long.
async fn stalled(moved_ms: &Cell<i64>) {
    while now_ms() - moved_ms.get() < STALLED_AFTER_MS {
        TimeoutFuture::new(LOOK_EVERY_MS).await;
    }
}

/// Answers are a plain sentence or `{"error": "sentence"}`.
fn sentence(text: String) -> String {
    serde_json::from_str::<serde_json::Value>(&text)
        .ok()
        .and_then(|json| Some(json.get("error").or(json.get("message"))?.as_str()?.to_owned()))
        .unwrap_or(text)
}
