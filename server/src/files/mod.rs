//! `/files/…`: signed addresses that take a file in (`PUT`) or give it out (`GET`, with ranges).

mod disposition;
mod parts;

use std::sync::Arc;

use axum::{
    Router,
    body::BodyDataStream,
    extract::{
        Path, Query, Request, State,
        rejection::{PathRejection, QueryRejection},
    },
    response::{IntoResponse, Response},
    routing::{get, head, patch, put},
};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use jobsphere_api::{id::ProjectId, sha256::Sha256};
use jobsphere_service::{Blobs, BlobsError};
use tower::ServiceExt;
use tower_http::{services::ServeFile, set_header::SetResponseHeaderLayer};

use crate::{
    blobs::{DiskBlobs, Expected, Link, LinkError, Method, ReceiveError, now_s},
    headers, unwanted,
};

/// Read at once for a download.
const CHUNK_BYTES: usize = 256 << 10;

/// The part of an address behind `?`.
#[derive(Debug, serde::Deserialize)]
struct Signed {
    #[serde(rename = "m")]
    method: Method,
    #[serde(rename = "s")]
    size_bytes: i64,
    #[serde(rename = "e")]
    expires_s: i64,
    #[serde(rename = "k")]
    signature: String,
}

/// Why a file is not taken or given. `Display` is the answer's text, but for what is the operator's.
#[derive(Debug, thiserror::Error)]
enum FileError {
    #[error(transparent)]
    Link(#[from] LinkError),
    #[error("this address is for {} only", .0.as_str().to_uppercase())]
    Method(Method),
    #[error("the header Upload-Offset must say behind how many bytes this part begins")]
    Offset,
    #[error("the server does not hold this file any more")]
    Gone,
    #[error(transparent)]
    Receive(#[from] ReceiveError),
    #[error(transparent)]
    Blobs(#[from] BlobsError),
}

impl IntoResponse for FileError {
    fn into_response(self) -> Response {
        let status = match &self {
            Self::Link(LinkError::Expired) => StatusCode::GONE,
            Self::Link(LinkError::Altered) | Self::Method(_) => StatusCode::FORBIDDEN,
            Self::Offset => StatusCode::BAD_REQUEST,
            Self::Gone => StatusCode::NOT_FOUND,
            Self::Receive(error) => match error {
                ReceiveError::OtherContent { .. } | ReceiveError::OtherSize { .. } => StatusCode::UNPROCESSABLE_ENTITY,
                ReceiveError::OtherOffset { .. } => StatusCode::CONFLICT,
                ReceiveError::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
                ReceiveError::BrokenOff => StatusCode::BAD_REQUEST,
                ReceiveError::DiskFull => StatusCode::INSUFFICIENT_STORAGE,
                ReceiveError::Disk(_) => StatusCode::INTERNAL_SERVER_ERROR,
            },
            Self::Blobs(_) => StatusCode::INTERNAL_SERVER_ERROR,
        };
        let sentence = match status {
            // What the disk says may name places of this machine.
            StatusCode::INTERNAL_SERVER_ERROR => {
                tracing::error!("a file was not taken or given: {self}");
                "the server cannot do this now; whoever runs it finds the reason in its log".to_owned()
            }
            _ => self.to_string(),
        };
        let mut response = (status, format!("{sentence}\n")).into_response();
        if let Self::Receive(ReceiveError::OtherOffset { kept }) = self {
            response
                .headers_mut()
                .insert(parts::UPLOAD_OFFSET, HeaderValue::from(kept));
        }
        response
    }
}

/// Taken apart as far as it can be; what cannot be was altered.
type Address = (
    Result<Path<(String, String, String)>, PathRejection>,
    Result<Query<Signed>, QueryRejection>,
);

/// The routes; each request carries its right in its address.
pub(crate) fn router(blobs: Arc<DiskBlobs>) -> Router {
    Router::new()
        .route(
            "/files/{project}/{sha256}/{name}",
            put(receive)
                .merge(patch(parts::receive))
                .merge(get(give))
                .merge(head(parts::tell)),
        )
        .with_state(blobs)
        .layer(every_answer(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(every_answer(header::CACHE_CONTROL, "private, no-store"))
        .layer(every_answer(header::CONTENT_SECURITY_POLICY, headers::INERT))
}

/// Sets a header whatever an answer says.
pub(crate) fn every_answer(name: HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::overriding(name, HeaderValue::from_static(value))
}

/// The file an address is for, once its signature is found good.
fn admit(
    blobs: &DiskBlobs,
    (path, query): Address,
    method: Method,
) -> Result<(ProjectId, Expected, String), FileError> {
    let Path((project, sha256, name)) = path.map_err(|_| LinkError::Altered)?;
    let Query(signed) = query.map_err(|_| LinkError::Altered)?;
    let link = Link {
        project,
        sha256,
        name,
        method: signed.method,
        size_bytes: signed.size_bytes,
        expires_s: signed.expires_s,
    };
    blobs.verify(&link, &signed.signature, now_s())?;
    if link.method != method {
        return Err(FileError::Method(link.method));
    }
    let project = ProjectId::parse(&link.project).map_err(|_| LinkError::Altered)?;
    let expected = Expected {
        sha256: Sha256::parse(&link.sha256).map_err(|_| LinkError::Altered)?,
        size_bytes: link.size_bytes,
    };
    Ok((project, expected, link.name))
}

async fn receive(
    State(blobs): State<Arc<DiskBlobs>>,
    address: Address,
    request: Request,
) -> Result<StatusCode, FileError> {
    let mut content = request.into_body().into_data_stream();
    let received = take_in(&blobs, address, &mut content).await;
    if received.is_err() {
        unwanted::read(&mut content).await;
    }
    received.map(|()| StatusCode::OK)
}

async fn take_in(blobs: &DiskBlobs, address: Address, content: &mut BodyDataStream) -> Result<(), FileError> {
    let (project, expected, _) = admit(blobs, address, Method::Put)?;
    Ok(blobs.receive(&project, expected, content).await?)
}

async fn give(State(blobs): State<Arc<DiskBlobs>>, address: Address, request: Request) -> Result<Response, FileError> {
    let (project, expected, name) = admit(&blobs, address, Method::Get)?;
    if !blobs.holds(&project, expected.sha256).await? {
        return Err(FileError::Gone);
    }
    Ok(content(&blobs, &project, expected.sha256, &name, request).await)
}

/// The bytes, or a range of them, to be saved under `name`; the project holds them.
pub(crate) async fn content(
    blobs: &DiskBlobs,
    project: &ProjectId,
    sha256: Sha256,
    name: &str,
    mut request: Request,
) -> Response {
    let tag = format!("\"{sha256}\"");
    if !takes_a_range(request.headers(), &tag) {
        request.headers_mut().remove(header::RANGE);
    }
    let file = ServeFile::new_with_mime(blobs.path(project, sha256), &disposition::safe_type(name))
        .with_buf_chunk_size(CHUNK_BYTES);
    let Ok(mut response) = file.oneshot(request).await.map(IntoResponse::into_response);
    if response.status() == StatusCode::OK
        && let Some(size_bytes) = length(response.headers())
    {
        response = response.map(|body| axum::body::Body::new(blobs.check_body(project, sha256, size_bytes, body)));
    }
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_DISPOSITION, disposition::attachment(name));
    // The content's own name is the better validator: the same bytes may have been received twice.
    headers.remove(header::LAST_MODIFIED);
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(header::ETAG, tag);
    }
    response
}

fn length(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// `ServeFile` knows neither several ranges at once nor `If-Range`; the whole file is a right answer to both.
fn takes_a_range(headers: &HeaderMap, tag: &str) -> bool {
    let is_same = headers
        .get(header::IF_RANGE)
        .is_none_or(|known| known.as_bytes() == tag.as_bytes());
    let is_one = headers
        .get(header::RANGE)
        .is_some_and(|range| !range.as_bytes().contains(&b','));
    is_same && is_one
}

#[cfg(test)]
mod tests;
