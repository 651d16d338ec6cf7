//! The message of a call, read before the call is made.

use std::time::Duration;

use axum::{body::Body, extract::Request};
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use tokio::{
    sync::{Semaphore, SemaphorePermit},
    time::timeout,
};
use tonic::{Code, Status};

use crate::unwanted;

/// Before each message of gRPC: a flag, and the message's length in four bytes.
const PREFIX_BYTES: usize = 5;

/// A message is here within this time, or its sender has given it up: it holds a connection, and memory.
const PATIENCE: Duration = Duration::from_secs(60);
/// So much of each message is taken in whatever else comes.
const SMALL_BYTES: usize = 64 << 10;
/// Of what is larger, so much is held at most, of all that is on its way together.
const UNDER_WAY_BYTES: usize = 256 << 20;

static UNDER_WAY: Semaphore = Semaphore::const_new(UNDER_WAY_BYTES);

/// The request once all of it is here: every call is one message, of at most `limit` bytes.
///
/// # Errors
/// RESOURCE_EXHAUSTED for a larger one, INVALID_ARGUMENT for one that is cut off, DEADLINE_EXCEEDED for one that does not
/// come, and UNAVAILABLE when too much comes at once.
pub(super) async fn whole(request: Request, limit: usize) -> Result<Request, Status> {
    let (head, body) = request.into_parts();
    let message = timeout(PATIENCE, read(body, limit)).await.unwrap_or_else(|_| {
        let seconds = PATIENCE.as_secs();
        Err(Status::deadline_exceeded(format!(
            "the request did not arrive within {seconds} s"
        )))
    })?;
    match announced(&message) {
        Some(length) if length > limit => Err(too_large(limit)),
        Some(length) if length <= message.len() - PREFIX_BYTES => Ok(Request::from_parts(head, Body::from(message))),
        _ => Err(Status::invalid_argument("the request is not a whole message of gRPC")),
    }
}

async fn read(mut body: Body, limit: usize) -> Result<Bytes, Status> {
    let mut message = BytesMut::new();
    let mut held: Option<SemaphorePermit<'static>> = None;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| unreadable(Status::from_error(error.into())))?;
        let Ok(data) = frame.into_data() else { continue };
        if message.len() + data.len() > limit + PREFIX_BYTES {
            drop((message, held));
            unwanted::read(&mut body.into_data_stream()).await;
            return Err(too_large(limit));
        }
        message.extend_from_slice(&data);
        let known = held.as_ref().map_or(0, SemaphorePermit::num_permits);
        if let more @ 1.. = message.len().saturating_sub(SMALL_BYTES + known) {
            let more = u32::try_from(more)
                .ok()
                .and_then(|more| UNDER_WAY.try_acquire_many(more).ok());
            let more = more
                .ok_or_else(|| Status::unavailable("too many large requests arrive at once; try again in a moment"))?;
            match &mut held {
                Some(held) => held.merge(more),
                None => held = Some(more),
            }
        }
    }
    Ok(message.freeze())
}

/// The length that the first message claims to have.
fn announced(message: &Bytes) -> Option<usize> {
    let length = message.get(1..PREFIX_BYTES)?.try_into().ok()?;
    Some(u32::from_be_bytes(length) as usize)
}

/// What breaks a body is a client that goes away, or one that has not encoded it: the text form of gRPC-web is Base64.
fn unreadable(status: Status) -> Status {
    match status.code() {
        Code::Internal | Code::Unknown => Status::invalid_argument("the body of the request cannot be read"),
        _ => status,
    }
}

fn too_large(limit: usize) -> Status {
    Status::resource_exhausted(format!(
        "a request may have at most {limit} bytes; large contents belong into files, not into the request"
    ))
}
