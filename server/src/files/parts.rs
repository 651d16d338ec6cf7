//! Uploads in parts, our own beside the plain `PUT`, on the same address. The headers are those of the IETF draft
//! "Resumable Uploads for HTTP": `HEAD` tells in `Upload-Offset` how much is kept, `PATCH` adds what comes behind it.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

use super::{Address, FileError, admit, give};
use crate::{
    blobs::{DiskBlobs, Method, ReceiveError, Received},
    unwanted,
};

pub(super) const UPLOAD_OFFSET: HeaderName = HeaderName::from_static("upload-offset");
const UPLOAD_COMPLETE: HeaderName = HeaderName::from_static("upload-complete");

/// `PATCH`: 200 when the file is whole and right, 204 when more is to come.
pub(super) async fn receive(
    State(blobs): State<Arc<DiskBlobs>>,
    address: Address,
    request: Request,
) -> Result<Response, FileError> {
    let (head, body) = request.into_parts();
    let mut content = body.into_data_stream();
    let taken = async {
        let (project, expected, _) = admit(&blobs, address, Method::Put)?;
        let offset = offset(&head.headers).ok_or(FileError::Offset)?;
        Ok(blobs.receive_part(&project, expected, offset, &mut content).await?)
    };
    match taken.await {
        Ok(received) => {
            let status = if received.is_complete {
                StatusCode::OK
            } else {
                StatusCode::NO_CONTENT
            };
            Ok((status, told(received)).into_response())
        }
        Err(error) => {
            unwanted::read(&mut content).await;
            Err(error)
        }
    }
}

/// `HEAD`: of an address to send to, how much is kept; of one to read from, what `GET` would say.
pub(super) async fn tell(
    blobs: State<Arc<DiskBlobs>>,
    address: Address,
    request: Request,
) -> Result<Response, FileError> {
    let sends = address.1.as_ref().is_ok_and(|query| query.method == Method::Put);
    if !sends {
        return give(blobs, address, request).await;
    }
    let (project, expected, _) = admit(&blobs, address, Method::Put)?;
    let received = blobs.received(&project, expected).await.map_err(ReceiveError::from)?;
    Ok((StatusCode::NO_CONTENT, told(received)).into_response())
}

fn offset(headers: &HeaderMap) -> Option<u64> {
    let digits = headers.get(UPLOAD_OFFSET)?.to_str().ok()?;
    // `+5` is a number for Rust, but none for HTTP.
    digits.bytes().all(|byte| byte.is_ascii_digit()).then_some(())?;
    digits.parse().ok()
}

fn told(received: Received) -> HeaderMap {
    let complete = HeaderValue::from_static(if received.is_complete { "?1" } else { "?0" });
    HeaderMap::from_iter([
        (UPLOAD_OFFSET, HeaderValue::from(received.offset)),
        (UPLOAD_COMPLETE, complete),
    ])
}
