//! The body of a gRPC-web answer, given to tonic as messages and trailers.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use futures::Stream;
use http::{HeaderMap, Response, StatusCode, header::CONTENT_TYPE};
use http_body::Body;
use tonic::{Code, Status};

use super::{
    between::Between,
    frames::{Frame, Frames},
};

const GRPC_STATUS: &str = "grpc-status";
const CONTENT_TYPES: [&str; 2] = ["application/grpc-web", "application/grpc-web+proto"];

/// The pieces of an answer, as they come from the network.
pub trait Pieces: Stream<Item = Result<Bytes, Status>> + Unpin {
    /// The verdict has come: nothing is left but the body's end, which nobody waits for. Until then, whoever drops the
    /// pieces wants no more of them.
    fn let_end(&mut self);
}

/// An answer's body: whole frames out of pieces in.
///
/// Its errors are [`Status`]es, so that a lost connection reaches the caller as UNAVAILABLE with a sentence.
#[derive(Debug)]
pub struct AnswerBody<S> {
    pieces: S,
    frames: Frames,
    /// The headers held the verdict already; the body may then be empty.
    judged: bool,
    ended: bool,
}

/// Checks an HTTP answer and makes it one that tonic's clients understand.
///
/// # Errors
/// A [`Status`] when the answer does not come from the service: a proxy's error page, another content type.
pub fn answer<S: Pieces>(response: Response<S>) -> Result<Response<AnswerBody<S>>, Status> {
    let judged = response.headers().contains_key(GRPC_STATUS);
    if !judged {
        check_origin_of(response.status(), response.headers())?;
    }
    Ok(response.map(|pieces| AnswerBody {
        pieces,
        frames: Frames::default(),
        judged,
        ended: false,
    }))
}

fn check_origin_of(status: StatusCode, headers: &HeaderMap) -> Result<(), Status> {
    let content_type = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    if status.is_success() && CONTENT_TYPES.contains(&essence) {
        return Ok(());
    }
    let between = Between::of_answer(status, headers);
    let code = match status.as_u16() {
        _ if between.is_some() => between.as_ref().map_or(Code::Internal, Between::code),
        401 => Code::Unauthenticated,
        403 => Code::PermissionDenied,
        404 => Code::Unimplemented,
        408 | 425 | 429 | 500..=599 => Code::Unavailable,
        _ => Code::Internal,
    };
    let mut refusal = Status::new(
        code,
        format!("the answer is not gRPC-web: HTTP {status}, content type `{content_type}`"),
    );
    if let Some(between) = between {
        between.put_into(&mut refusal);
    }
    Err(refusal)
}

impl<S: Pieces> Body for AnswerBody<S> {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<Bytes>, Status>>> {
        let this = &mut *self;
        loop {
            if this.ended {
                return Poll::Ready(None);
            }
            match this.frames.next_frame() {
                Ok(Some(Frame::Message(message))) => {
                    return Poll::Ready(Some(Ok(http_body::Frame::data(message))));
                }
                Ok(Some(Frame::Trailers(trailers))) => {
                    this.ended = true;
                    this.pieces.let_end();
                    return Poll::Ready(Some(Ok(http_body::Frame::trailers(trailers))));
                }
                Ok(None) => {}
                Err(error) => {
                    this.ended = true;
                    return Poll::Ready(Some(Err(Status::internal(error.to_string()))));
                }
            }
            match ready!(Pin::new(&mut this.pieces).poll_next(context)) {
                Some(Ok(piece)) => this.frames.push(&piece),
                Some(Err(status)) => {
                    this.ended = true;
                    return Poll::Ready(Some(Err(status)));
                }
                None => {
                    this.ended = true;
                    if this.judged && this.frames.is_untouched() {
                        return Poll::Ready(None);
                    }
                    if let Err(error) = this.frames.finish() {
                        return Poll::Ready(Some(Err(Status::unavailable(error.to_string()))));
                    }
                }
            }
        }
    }
}
