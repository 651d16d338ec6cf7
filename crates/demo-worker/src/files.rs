//! Files by their addresses: taken in with `PUT`, given out with `GET`, as wholes or in ranges.

use jobsphere_browser::{error::message, in_page::Headers};
use jobsphere_demo::address::{self, FileAddress};
use wasm_bindgen::JsValue;
use web_sys::Blob;

use super::blobs::{PrivateBlobs, TakeError};

/// What is answered: a status, and a file or a sentence.
pub(super) struct FileAnswer {
    pub(super) status: u16,
    pub(super) content: Result<Blob, String>,
}

impl FileAnswer {
    fn refused(status: u16, sentence: impl ToString) -> Self {
        Self {
            status,
            content: Err(sentence.to_string()),
        }
    }

    fn thrown(thrown: &JsValue) -> Self {
        Self::refused(500, message(thrown))
    }
}

/// Answers a request for a path below `/files/`.
pub(super) async fn answer(
    blobs: &PrivateBlobs,
    method: &str,
    path: &str,
    headers: &Headers,
    sent: Option<Blob>,
    on_progress: impl Fn(u64),
) -> FileAnswer {
    let Some(asked) = FileAddress::parse(path) else {
        return FileAnswer::refused(404, "this is no address of a file");
    };
    match (method, sent, asked.upload_bytes) {
        ("PUT", Some(sent), Some(bytes)) => take(blobs, &asked, bytes, &sent, on_progress).await,
        ("GET", _, None) => give(blobs, &asked, headers).await,
        _ => FileAnswer::refused(405, "this address is for something else"),
    }
}

async fn take(
    blobs: &PrivateBlobs,
    asked: &FileAddress,
    bytes: u64,
    sent: &Blob,
    on_progress: impl Fn(u64),
) -> FileAnswer {
    let announced = Some((asked.sha256, bytes));
    match blobs.take(&asked.project, announced, sent, on_progress).await {
        Ok(_) => FileAnswer::refused(200, ""),
        Err(error) => {
            let status = match error {
                // Who sends looks whether the file can still be read.
                TakeError::Other | TakeError::Unreadable(_) => 422,
                TakeError::Full => 507,
                TakeError::Failed(_) => 500,
            };
            FileAnswer::refused(status, error)
        }
    }
}

async fn give(blobs: &PrivateBlobs, asked: &FileAddress, headers: &Headers) -> FileAnswer {
    let content = match blobs.get(&asked.project, asked.sha256).await {
        Ok(Some(content)) => content,
        Ok(None) => return FileAnswer::refused(404, "the service does not hold this file any more"),
        Err(thrown) => return FileAnswer::thrown(&thrown),
    };
    let header = headers.iter().find(|(name, _)| name == "range");
    match address::range(header.map(|(_, value)| value.as_str()), content.size() as u64) {
        Ok(None) => FileAnswer {
            status: 200,
            content: Ok(content),
        },
        Ok(Some((from, to))) => match content.slice_with_f64_and_f64(from as f64, to as f64) {
            Ok(part) => FileAnswer {
                status: 206,
                content: Ok(part),
            },
            Err(thrown) => FileAnswer::thrown(&thrown),
        },
        Err(error) => FileAnswer::refused(416, error),
    }
}
