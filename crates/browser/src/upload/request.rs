//! One request that sends bytes.

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
use web_sys::{Blob, ProgressEvent, XmlHttpRequest};

use super::UploadError;
use crate::{
    clock::now_ms,
    error::message,
    in_page::{self, Body, Question},
};
use jobsphere_client::between::Between;

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

/// What was said to a request.
pub(super) struct Answer {
    pub(super) status: u16,
    /// `Upload-Offset`, from a service that takes files in parts.
    pub(super) offset: Option<u64>,
    text: String,
    content_type: String,
    server: String,
}

impl Answer {
    /// Who said it, if not the service.
    pub(super) fn between(&self) -> Option<Between> {
        Between::of(self.status, &self.content_type, &self.server)
    }

    /// As an answer that refuses.
    pub(super) fn refusal(self) -> UploadError {
        match self.between() {
            Some(between) => UploadError::Between(between),
            None => UploadError::Refused {
                status: self.status,
                sentence: sentence(self.text),
            },
        }
    }
}

/// Makes a request; `on_progress` hears how many bytes have left. Dropping the future aborts.
///
/// # Errors
/// [`UploadError::Connection`], [`UploadError::Browser`].
pub(super) async fn request(
    method: &str,
    url: &str,
    content: Option<&Blob>,
    offset: Option<u64>,
    on_progress: impl Fn(f64) + 'static,
) -> Result<Answer, UploadError> {
    if in_page::is(url) {
        return to_service_in_page(method, url, content, on_progress).await;
    }
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
    // Asked for by its name, a header that another server's answer does not lay open is a complaint on the console.
    let headers = request.0.get_all_response_headers().unwrap_or_default();
    let told = |name: &str| answered(&headers, name).map(str::to_owned);
    match request.0.status().unwrap_or(0) {
        0 => Err(UploadError::Connection),
        status => Ok(Answer {
            status,
            text: request.0.response_text().ok().flatten().unwrap_or_default(),
            offset: told("upload-offset").and_then(|digits| digits.parse().ok()),
            content_type: told("content-type").unwrap_or_default(),
            server: told("server").unwrap_or_default(),
        }),
    }
}

/// The same to the service inside the browser. It takes files as wholes: what it is given lies on the same disk.
async fn to_service_in_page(
    method: &str,
    url: &str,
    content: Option<&Blob>,
    on_progress: impl Fn(f64),
) -> Result<Answer, UploadError> {
    let place_and_path = in_page::parts_of_file(url).filter(|_| method == "PUT");
    let Some((place, path)) = place_and_path else {
        return Err(UploadError::Browser(
            "this is not asked of a service in the browser".to_owned(),
        ));
    };
    let question = Question {
        method: "PUT",
        path: path.to_owned(),
        file: content.cloned(),
        ..Question::default()
    };
    let lost = |_: String| UploadError::Connection;
    let answer = in_page::ask(&place, question, on_progress).await.map_err(lost)?;
    let mut text = Vec::new();
    if let Body::Pieces(mut asked) = answer.body {
        while let Some(piece) = asked.piece().await.map_err(lost)? {
            text.extend(piece);
        }
    }
    Ok(Answer {
        status: answer.status,
        offset: None,
        text: String::from_utf8_lossy(&text).trim().to_owned(),
        content_type: "text/plain".to_owned(),
        server: String::new(),
    })
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

/// A header among all, each on a line of its own; the browser writes their names small.
fn answered<'a>(headers: &'a str, name: &str) -> Option<&'a str> {
    let mut pairs = headers.lines().filter_map(|line| line.split_once(": "));
    pairs.find_map(|(its, value)| (its == name).then_some(value))
}
