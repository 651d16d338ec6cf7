//! Who may call, in three steps: the request must name this server (`hosts`), a page that sends it must be one of
//! its own or an allowed one (`origins`), and a call of the API must come from a known caller (`callers`) within its
//! limits (`rates`, `streams`).
//!
//! The first two hold for every request; the last stands before the API alone (`door`): signed addresses of files
//! carry their own right, and the app's files are for everyone. Who holds a share link comes in by a door of its own
//! (`share_door`), to other rooms: neither door knows what opens the other.

pub(crate) mod callers;
pub(crate) mod door;
mod hosts;
pub(crate) mod iam;
mod message;
mod origins;
mod rates;
pub(crate) mod share_door;
mod streams;

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, StatusCode, header};
use tower_http::cors::CorsLayer;

use crate::base::Base;
pub(crate) use callers::LOCAL_USER;
pub(crate) use hosts::{Hosts, Name};
pub(crate) use origins::Origins;

/// The origin that a request was sent to, with the path below which people reach the server.
#[derive(Debug, Clone)]
struct Reached(String);

/// Why a request is turned away.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
enum Refusal {
    #[error("the request names no host, or several")]
    NoHost,
    #[error("this server does not answer to the name `{0}`; start it with --host {0} if it should")]
    Host(String),
    #[error("a page of `{0}` may not call this server; start the server with --allow-origin to let it")]
    Origin(String),
}

/// What the first two steps know.
#[derive(Debug, Clone)]
pub(crate) struct Guard {
    hosts: Arc<Hosts>,
    origins: Arc<Origins>,
    base: Base,
}

impl Guard {
    pub(crate) fn new(hosts: Hosts, origins: Origins, base: Base) -> Self {
        Self {
            hosts: Arc::new(hosts),
            origins: Arc::new(origins),
            base,
        }
    }

    /// See [`Origins::cors`].
    pub(crate) fn cors(&self) -> Option<CorsLayer> {
        self.origins.cors()
    }

    fn admit(&self, request: &Request) -> Result<Reached, Refusal> {
        let reached = self.hosts.origin(request.uri(), request.headers())?;
        self.origins.check(&reached, request.headers())?;
        Ok(Reached(format!("{reached}{}", self.base.path())))
    }
}

/// Lets the request in with the origin it was sent to, or answers 403 with the reason.
pub(crate) async fn check(State(guard): State<Guard>, mut request: Request, next: Next) -> Response {
    match guard.admit(&request) {
        Ok(reached) => {
            request.extensions_mut().insert(reached);
            next.run(request).await
        }
        Err(refusal) => {
            tracing::warn!("turned away: {refusal}");
            turned_away(request.headers(), &refusal)
        }
    }
}

/// A page must not get further than the status line; a gRPC client reads the status in the headers.
fn turned_away(headers: &HeaderMap, refusal: &Refusal) -> Response {
    let is_grpc = headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"application/grpc"));
    if !is_grpc {
        return (StatusCode::FORBIDDEN, refusal.to_string()).into_response();
    }
    let status = tonic::Status::permission_denied(refusal.to_string());
    let mut response = StatusCode::FORBIDDEN.into_response();
    if let Err(error) = status.add_header(response.headers_mut()) {
        tracing::warn!("a refusal could not be told: {error}");
    }
    response
}
