//! `/files/…`: signed addresses that take a file in (`PUT`) or give it out (`GET`, with ranges).

mod disposition;

use std::sync::Arc;

use axum::{
    Router,
    extract::{Path, Query, Request, State},
    response::{IntoResponse, Response},
    routing::{get, put},
};
use http::{HeaderValue, StatusCode, header};
use jobsphere::api::{id::ProjectId, sha256::Sha256};
use tower::ServiceExt;
use tower_http::services::ServeFile;

use crate::blobs::{DiskBlobs, Expected, Link, LinkError, Method, ReceiveError, now_s};

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

/// Why a file is not taken or given. `Display` is the answer's text.
#[derive(Debug, thiserror::Error)]
enum FileError {
    #[error(transparent)]
    Link(#[from] LinkError),
    #[error("this address is for {0:?} only")]
    Method(Method),
    #[error("the server does not hold this file any more")]
    Gone,
    #[error(transparent)]
    Receive(#[from] ReceiveError),
}

impl IntoResponse for FileError {
    fn into_response(self) -> Response {
        let status = match &self {
            Self::Link(LinkError::Expired) | Self::Method(_) | Self::Link(LinkError::Altered) => StatusCode::FORBIDDEN,
            Self::Gone => StatusCode::NOT_FOUND,
            Self::Receive(error) => match error {
                ReceiveError::OtherContent { .. } | ReceiveError::OtherSize { .. } => StatusCode::UNPROCESSABLE_ENTITY,
                ReceiveError::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
                ReceiveError::BrokenOff => StatusCode::BAD_REQUEST,
                ReceiveError::DiskFull => StatusCode::INSUFFICIENT_STORAGE,
                ReceiveError::Disk(_) => StatusCode::INTERNAL_SERVER_ERROR,
            },
        };
        (status, format!("{self}\n")).into_response()
    }
}

type Address = (Path<(String, String, String)>, Query<Signed>);

/// The routes; each request carries its right in its address.
pub(crate) fn router(blobs: Arc<DiskBlobs>) -> Router {
    Router::new()
        .route("/files/{project}/{sha256}/{name}", put(receive).merge(get(give)))
        .with_state(blobs)
}

/// The file an address is for, once its signature is found good.
fn admit(
    blobs: &DiskBlobs,
    (Path((project, sha256, name)), Query(signed)): Address,
    method: Method,
) -> Result<(ProjectId, Expected, String), FileError> {
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
    path: Path<(String, String, String)>,
    query: Query<Signed>,
    request: Request,
) -> Result<StatusCode, FileError> {
    let (project, expected, _) = admit(&blobs, (path, query), Method::Put)?;
    let content = request.into_body().into_data_stream();
    blobs.receive(&project, expected, content).await?;
    Ok(StatusCode::OK)
}

async fn give(
    State(blobs): State<Arc<DiskBlobs>>,
    path: Path<(String, String, String)>,
    query: Query<Signed>,
    request: Request,
) -> Result<Response, FileError> {
    let (project, expected, name) = admit(&blobs, (path, query), Method::Get)?;
    let file = blobs.path(&project, expected.sha256);
    if !file.exists() {
        return Err(FileError::Gone);
    }
    let served = ServeFile::new_with_mime(file, &disposition::safe_type(&name))
        .oneshot(request)
        .await;
    let Ok(mut response) = served.map(IntoResponse::into_response);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_DISPOSITION, disposition::attachment(&name));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; sandbox"),
    );
    Ok(response)
}

#[cfg(test)]
mod tests;
