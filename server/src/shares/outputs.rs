//! `GET /shares/{share id}/outputs/{index}`: the bytes of an output that a link names, whole or a range.

use std::sync::Arc;

use axum::{
    extract::{Path, Request, State, rejection::PathRejection},
    response::{IntoResponse, Response},
};
use http::{HeaderValue, StatusCode, header};
use jobsphere_service::{JobService, ServiceError};
use tonic::{Code, Status};
use tonic_types::StatusExt;

use crate::{
    blobs::{self, DiskBlobs},
    files,
    guard::share_door::{ShareDoor, Shown},
};

/// What the route stands on.
#[derive(Clone)]
pub(super) struct Outputs {
    pub(super) service: JobService,
    pub(super) blobs: Arc<DiskBlobs>,
    pub(super) door: ShareDoor,
}

pub(super) async fn give(
    State(outputs): State<Outputs>,
    path: Result<Path<(String, String)>, PathRejection>,
    request: Request,
) -> Response {
    match outputs.find(path.ok(), request).await {
        Ok(response) => response,
        Err(status) => refusal(&status),
    }
}

impl Outputs {
    async fn find(&self, path: Option<Path<(String, String)>>, request: Request) -> Result<Response, Status> {
        let holder = self.door.admit(Shown::by(&request)).await?;
        let Path((share, index)) = path.ok_or(ServiceError::NoShare)?;
        if share != holder.share_id().as_str() {
            return Err(ServiceError::NoShare.into());
        }
        let index = index.parse().map_err(|_| ServiceError::NoShare)?;
        let content = self.service.shared_output(&holder, index).await?;
        let name = blobs::file_name(&content.path, content.is_zip);
        Ok(files::content(&self.blobs, &content.project, content.sha256, &name, request).await)
    }
}

fn refusal(status: &Status) -> Response {
    let code = match status.code() {
        Code::NotFound => StatusCode::NOT_FOUND,
        Code::ResourceExhausted => StatusCode::TOO_MANY_REQUESTS,
        _ => StatusCode::SERVICE_UNAVAILABLE,
    };
    let mut response = (code, format!("{}\n", status.message())).into_response();
    if let Some(wait) = status.get_details_retry_info().and_then(|retry| retry.retry_delay) {
        let seconds = HeaderValue::from(wait.as_secs() + 1);
        response.headers_mut().insert(header::RETRY_AFTER, seconds);
    }
    response
}
