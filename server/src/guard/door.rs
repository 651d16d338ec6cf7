//! The door to the API: a known caller, within its limits, with a message of a size that is taken.
//!
//! It stands behind the layer that turns gRPC-web into gRPC, so that a refusal is a proper status for both.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use jobsphere_service::Caller;
use tonic::Status;

use super::{Reached, callers::Callers, message, rates::Rates, streams::Streams};
use crate::{config::Limits, tokens::Digest};

/// Answers with no end of their own.
const STREAMS: [&str; 2] = [
    "/yandex.cloud.datasphere.v2.jobs.ProjectJobService/ReadLogs",
    "/yandex.cloud.datasphere.v2.jobs.ProjectJobService/ReadStdLogs",
];
/// Who calls this has no token yet.
const SIGN_IN: &str = "/yandex.cloud.iam.v1.IamTokenService/";
/// And has nothing to say but a token.
const SIGN_IN_BYTES: usize = 8192;

/// What the door knows.
#[derive(Debug, Clone)]
pub(crate) struct Door(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    callers: Arc<Callers>,
    rates: Rates<Digest>,
    streams: Streams,
    message_bytes: usize,
}

impl Door {
    pub(crate) fn new(callers: Arc<Callers>, limits: &Limits) -> Self {
        let inner = Arc::new(Inner {
            callers,
            rates: Rates::new("this token", limits.requests_per_minute),
            streams: Streams::new("this token", limits.open_streams),
            message_bytes: limits.message_bytes,
        });
        let watched = inner.clone();
        tokio::spawn(async move { watched.streams.watch(&watched.callers).await });
        Self(inner)
    }

    async fn admit(&self, mut request: Request, next: Next) -> Result<Response, Status> {
        let path = request.uri().path();
        if path.starts_with(SIGN_IN) {
            let request = message::whole(request, SIGN_IN_BYTES).await?;
            return Ok(next.run(request).await);
        }
        let is_stream = STREAMS.contains(&path);
        let Reached(origin) = request
            .extensions()
            .get()
            .cloned()
            .ok_or_else(|| Status::internal("the request came in past the guard"))?;
        let admitted = self.0.callers.admit(request.headers()).await?;
        let mut place = None;
        if let Some(token) = admitted.token {
            self.0.rates.count(&token).map_err(|status| *status)?;
            if is_stream {
                place = Some(self.0.streams.take(token).map_err(|status| *status)?);
            }
        }
        request.extensions_mut().insert(Caller {
            id: admitted.id,
            origin,
            access: admitted.access,
        });
        let response = next.run(message::whole(request, self.0.message_bytes).await?).await;
        Ok(match place {
            Some(place) => place.hold(response),
            None => response,
        })
    }
}

/// Lets a call pass with its [`Caller`], or answers its status.
pub(crate) async fn check(State(door): State<Door>, request: Request, next: Next) -> Response {
    match door.admit(request, next).await {
        Ok(response) => response,
        Err(status) => status.into_http(),
    }
}
