//! Reading files by their signed addresses: a range, or all of it piece by piece. No more is read than is wanted.

use js_sys::{Function, Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortController, Blob, ReadableStreamDefaultReader, RequestCache, RequestCredentials, RequestInit, Response,
};

use super::{
    error::message,
    in_page::{self, Answer, Body, Question},
};
use jobsphere_client::between::Between;

/// What came of a range when the file has none there.
const NO_SUCH_RANGE: u16 = 416;
const PARTIAL: u16 = 206;

/// Why a file is not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    /// The connection failed, or the server broke off.
    #[error("the connection was lost: {0}")]
    Connection(String),
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
}

impl FetchError {
    /// Whether the address holds no longer, so that a new one must be asked for.
    pub fn is_expired(&self) -> bool {
        matches!(self, Self::Refused { status: 403 | 410, .. })
    }
}

fn lost(thrown: JsValue) -> FetchError {
    FetchError::Connection(message(&thrown))
}

/// A request that ends when it is dropped.
#[derive(Debug)]
pub struct Fetched {
    reader: Option<ReadableStreamDefaultReader>,
    status: u16,
    abort: AbortController,
}

/// What a service inside the browser has at this address, all of it or a range.
///
/// # Errors
/// [`FetchError`].
pub async fn file_in_page(url: &str, range: Option<(u64, u64)>) -> Result<(u16, Blob), FetchError> {
    let Some((place, path)) = in_page::parts_of_file(url) else {
        return Err(FetchError::Connection("this is no address of a file".to_owned()));
    };
    let question = Question {
        method: "GET",
        path: path.to_owned(),
        headers: range
            .into_iter()
            .map(|range| (RANGE.to_owned(), written(range)))
            .collect(),
        ..Question::default()
    };
    let answer = in_page::ask(&place, question, |_| {}).await;
    match answer.map_err(FetchError::Connection)? {
        Answer {
            status,
            body: Body::File(file),
            ..
        } => Ok((status, file)),
        Answer {
            status,
            body: Body::Pieces(mut asked),
            ..
        } => {
            let mut sentence = Vec::new();
            while let Some(piece) = asked.piece().await.map_err(FetchError::Connection)? {
                sentence.extend(piece);
            }
            let sentence = String::from_utf8_lossy(&sentence).trim().to_owned();
            Err(FetchError::Refused { status, sentence })
        }
    }
}

const RANGE: &str = "range";

fn written((from, to): (u64, u64)) -> String {
    format!("bytes={from}-{}", to.saturating_sub(1))
}

impl Drop for Fetched {
    fn drop(&mut self) {
        self.abort.abort();
    }
}

impl Fetched {
    /// Asks for all of a file, or for the bytes from `range.0` up to `range.1`.
    ///
    /// # Errors
    /// [`FetchError`].
    pub async fn get(url: &str, range: Option<(u64, u64)>) -> Result<Self, FetchError> {
        let abort = AbortController::new().map_err(lost)?;
        if in_page::is(url) {
            let (status, file) = file_in_page(url, range).await?;
            return Ok(Self {
                reader: Some(file.stream().get_reader().unchecked_into()),
                status,
                abort,
            });
        }
        let init = RequestInit::new();
        init.set_cache(RequestCache::NoStore);
        // The address itself is the permission.
        init.set_credentials(RequestCredentials::Omit);
        init.set_signal(Some(&abort.signal()));
        if let Some((from, to)) = range {
            let headers = web_sys::Headers::new().map_err(lost)?;
            headers.set(RANGE, &written((from, to))).map_err(lost)?;
            init.set_headers(&headers);
        }
        let mut fetched = Self {
            reader: None,
            status: 0,
            abort,
        };
        let response = fetch(url, &init).await.map_err(lost)?;
        fetched.status = response.status();
        if !response.ok() {
            let text = response.text().map_err(lost)?;
            let sentence = JsFuture::from(text).await.map_err(lost)?;
            let told = |name: &str| response.headers().get(name).ok().flatten().unwrap_or_default();
            let between = Between::of(fetched.status, &told("content-type"), &told("server"));
            return Err(match between {
                Some(between) => FetchError::Between(between),
                None => FetchError::Refused {
                    status: fetched.status,
                    sentence: sentence.as_string().unwrap_or_default().trim().to_owned(),
                },
            });
        }
        fetched.reader = response.body().map(|body| body.get_reader().unchecked_into());
        Ok(fetched)
    }

    /// The next piece; `None` at the end.
    ///
    /// # Errors
    /// [`FetchError::Connection`].
    pub async fn next(&mut self) -> Result<Option<Vec<u8>>, FetchError> {
        let Some(reader) = &self.reader else { return Ok(None) };
        let result = JsFuture::from(reader.read()).await.map_err(lost)?;
        if Reflect::get(&result, &"done".into()).map_err(lost)?.is_truthy() {
            return Ok(None);
        }
        let piece = Reflect::get(&result, &"value".into()).map_err(lost)?;
        Ok(Some(piece.unchecked_into::<Uint8Array>().to_vec()))
    }
}

/// `fetch` of whoever calls: a page or a worker.
async fn fetch(url: &str, init: &RequestInit) -> Result<Response, JsValue> {
    let global = js_sys::global();
    let fetch: Function = Reflect::get(&global, &"fetch".into())?.dyn_into()?;
    let promise: Promise = fetch.call2(&global, &url.into(), init)?.dyn_into()?;
    Ok(JsFuture::from(promise).await?.unchecked_into())
}

/// The bytes from `from` up to `to`; fewer where the file ends before.
///
/// # Errors
/// [`FetchError`].
pub async fn range(url: &str, from: u64, to: u64) -> Result<Vec<u8>, FetchError> {
    if from >= to {
        return Ok(Vec::new());
    }
    let mut fetched = match Fetched::get(url, Some((from, to))).await {
        Err(
            FetchError::Refused {
                status: NO_SUCH_RANGE, ..
            }
            | FetchError::Between(Between {
                status: NO_SUCH_RANGE, ..
            }),
        ) => return Ok(Vec::new()),
        fetched => fetched?,
    };
    // A service that knows no ranges gives the file from its beginning.
    let before = if fetched.status == PARTIAL { 0 } else { from };
    let before = usize::try_from(before).unwrap_or(usize::MAX);
    let wanted = usize::try_from(to - from).unwrap_or(usize::MAX);
    let mut skipped = 0;
    let mut bytes = Vec::new();
    while bytes.len() < wanted
        && let Some(piece) = fetched.next().await?
    {
        let skip = piece.len().min(before - skipped);
        skipped += skip;
        let take = (piece.len() - skip).min(wanted - bytes.len());
        bytes.extend_from_slice(&piece[skip..skip + take]);
    }
    Ok(bytes)
}
