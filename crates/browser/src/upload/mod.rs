//! Sending a file's bytes, with progress, and in parts where the service takes them. `fetch` tells no upload progress;
//! XMLHttpRequest does.

mod request;

use std::{cell::RefCell, collections::BTreeMap, rc::Rc};

use wasm_bindgen_futures::JsFuture;
use web_sys::Blob;

use self::request::{Answer, request};
use super::error::message;
use jobsphere_client::{
    between::Between,
    submission::{PartSize, SendError},
};

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
    /// Something between here and the server refused in its place.
    #[error("HTTP {} from something between here and the server: {}", .0.status, .0.server)]
    Between(Between),
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
            Self::Between(between) => between.is_passing(),
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
/// From this size on it pays to ask first whether a part has arrived already, and to send the rest alone.
const PARTS_FROM_BYTES: u64 = 8 * 1024 * 1024;

thread_local! {
    /// How much goes into one request, by the origin of an address.
    static PART_SIZES: RefCell<BTreeMap<String, PartSize>> = const { RefCell::new(BTreeMap::new()) };
}

/// One content on its way.
struct Upload<'a> {
    url: &'a str,
    origin: String,
    content: &'a Blob,
    bytes: u64,
    on_progress: Rc<dyn Fn(f64)>,
}

/// Sends `content` to `url`; `on_progress` hears how many bytes have arrived or left. Dropping the future aborts.
///
/// A large file goes on where an earlier upload stopped, when the service offers that; and in parts as small as what lies
/// on the way takes. Ends well only when the server has confirmed the content.
///
/// # Errors
/// [`UploadError`].
pub async fn send(url: &str, content: &Blob, on_progress: impl Fn(f64) + 'static) -> Result<(), UploadError> {
    let origin = web_sys::Url::new(url).map(|url| url.origin()).unwrap_or_default();
    let upload = Upload {
        url,
        origin,
        content,
        bytes: content.size() as u64,
        on_progress: Rc::new(on_progress),
    };
    let fits = upload.learned(|size| size.of(upload.bytes)) == upload.bytes;
    if upload.bytes >= PARTS_FROM_BYTES || !fits {
        return upload.in_parts().await;
    }
    match upload.as_whole().await {
        Err(UploadError::Between(between))
            if between.is_about_size() && upload.learned(|size| size.refused(upload.bytes)) =>
        {
            upload.in_parts().await
        }
        sent => sent,
    }
}

impl Upload<'_> {
    fn learned<T>(&self, ask: impl FnOnce(&mut PartSize) -> T) -> T {
        PART_SIZES.with_borrow_mut(|sizes| ask(sizes.entry(self.origin.clone()).or_insert(PartSize::unknown())))
    }

    /// All at once.
    async fn as_whole(&self) -> Result<(), UploadError> {
        let on_progress = Rc::clone(&self.on_progress);
        let answer = request("PUT", self.url, Some(self.content), None, move |bytes| {
            on_progress(bytes)
        })
        .await;
        self.judge(answer, 0, self.bytes).await.map(|_| ())
    }

    /// From where it stopped, as much at a time as is taken.
    async fn in_parts(&self) -> Result<(), UploadError> {
        // A service that knows no parts refuses the question, or leaves out the header; then all is sent at once.
        let kept = match request("HEAD", self.url, None, None, |_| {}).await {
            Ok(answer) => answer.offset.filter(|_| answer.status < 300),
            Err(_) => None,
        };
        let Some(mut offset) = kept else {
            return self.as_whole().await;
        };
        loop {
            (self.on_progress)(offset as f64);
            let part_bytes = self.learned(|size| size.of(self.bytes.saturating_sub(offset)));
            match self.send_part(offset, part_bytes).await {
                // What is between may take a smaller one.
                Err(UploadError::Between(between))
                    if between.is_about_size() && self.learned(|size| size.refused(part_bytes)) => {}
                Err(error) => return Err(error),
                Ok(answer) => match (answer.status, answer.offset) {
                    (204, Some(next)) if next > offset => offset = next,
                    // A part that does not fit: asked again, the service says where to go on.
                    (204, _) => return Err(UploadError::Connection),
                    _ => return Ok(()),
                },
            }
        }
    }

    async fn send_part(&self, offset: u64, part_bytes: u64) -> Result<Answer, UploadError> {
        let part = self
            .content
            .slice_with_f64_and_f64(offset as f64, (offset + part_bytes) as f64)
            .map_err(|thrown| UploadError::Browser(message(&thrown)))?;
        let on_progress = Rc::clone(&self.on_progress);
        let progress = move |bytes| on_progress(offset as f64 + bytes);
        let answer = request("PATCH", self.url, Some(&part), Some(offset), progress).await;
        match self.judge(answer, offset, part_bytes).await {
            // It begins elsewhere.
            Err(UploadError::Refused { status: 409, .. }) => Err(UploadError::Connection),
            judged => judged,
        }
    }

    /// What came of a request that began behind `offset`.
    async fn judge(&self, answer: Result<Answer, UploadError>, offset: u64, bytes: u64) -> Result<Answer, UploadError> {
        let answer = match answer {
            // To the browser a file that changed looks like a lost connection.
            Err(UploadError::Connection) => {
                check_readable(self.content).await?;
                self.learned(|size| size.broke(self.url, offset, bytes));
                return Err(UploadError::Connection);
            }
            answer => answer?,
        };
        if answer.status == WRONG_CONTENT {
            // A file that changed in the same second as it was chosen is sent by the browser all the same.
            check_readable(self.content).await?;
        }
        match answer.status {
            200..=299 if answer.between().is_none() => {
                self.learned(|size| size.arrived(self.url));
                Ok(answer)
            }
            _ => Err(answer.refusal()),
        }
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
