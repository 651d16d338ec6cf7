//! The message of a call, read before the call is made.

use axum::{body::Body, extract::Request};
use bytes::Bytes;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use tonic::{Code, Status};

use crate::unwanted;

/// Before each message of gRPC: a flag, and the message's length in four bytes.
const PREFIX_BYTES: usize = 5;

/// The request once all of it is here: every call is one message, of at most `limit` bytes.
///
/// # Errors
/// RESOURCE_EXHAUSTED for a larger one, INVALID_ARGUMENT for one that is cut off.
pub(super) async fn whole(request: Request, limit: usize) -> Result<Request, Status> {
    let (head, mut body) = request.into_parts();
    let read = Limited::new(&mut body, limit + PREFIX_BYTES).collect().await;
    let message = match read {
        Ok(message) => message.to_bytes(),
        Err(error) if error.is::<LengthLimitError>() => {
            unwanted::read(&mut body.into_data_stream()).await;
            return Err(too_large(limit));
        }
        Err(error) => return Err(unreadable(Status::from_error(error))),
    };
    match announced(&message) {
        Some(length) if length > limit => Err(too_large(limit)),
        Some(length) if length <= message.len() - PREFIX_BYTES => Ok(Request::from_parts(head, Body::from(message))),
        _ => Err(Status::invalid_argument("the request is not a whole message of gRPC")),
    }
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
