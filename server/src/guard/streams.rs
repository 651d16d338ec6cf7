//! Open log streams: how many a token or a share link holds, and their end when the token is good no more.

use std::{
    collections::HashMap,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
    time::Duration,
};

use axum::{body::Body, response::Response};
use bytes::Bytes;
use futures::{FutureExt, future::BoxFuture};
use http_body::{Frame, SizeHint};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tonic::Status;

use super::callers::Callers;
use crate::tokens::Digest;

/// How soon an open stream notices that its token was removed.
const GLANCE: Duration = Duration::from_secs(1);
/// From so many on, those without streams are forgotten.
const MANY: usize = 1024;

/// Streams by token.
#[derive(Debug)]
pub(super) struct Streams {
    /// Who is counted, for the sentence.
    who: &'static str,
    at_once: usize,
    open: Mutex<HashMap<Digest, OfToken>>,
}

#[derive(Debug)]
struct OfToken {
    free: Arc<Semaphore>,
    ended: watch::Sender<bool>,
}

/// One stream that may be open.
#[derive(Debug)]
pub(super) struct Place {
    held: OwnedSemaphorePermit,
    ended: watch::Receiver<bool>,
}

impl Streams {
    /// Each token may hold `at_once`.
    pub(super) fn new(who: &'static str, at_once: usize) -> Self {
        Self {
            who,
            at_once: at_once.min(Semaphore::MAX_PERMITS),
            open: Mutex::default(),
        }
    }

    /// A place for one more.
    ///
    /// # Errors
    /// RESOURCE_EXHAUSTED.
    pub(super) fn take(&self, token: Digest) -> Result<Place, Box<Status>> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if open.len() >= MANY {
            open.retain(|_, of_token| of_token.free.available_permits() < self.at_once);
        }
        let of_token = open.entry(token).or_insert_with(|| OfToken {
            free: Arc::new(Semaphore::new(self.at_once)),
            ended: watch::Sender::new(false),
        });
        let held = of_token.free.clone().try_acquire_owned().map_err(|_| {
            Box::new(Status::resource_exhausted(format!(
                "{} holds {} log streams open, which is the limit; close one first",
                self.who, self.at_once
            )))
        })?;
        Ok(Place {
            held,
            ended: of_token.ended.subscribe(),
        })
    }

    fn tokens(&self) -> Vec<Digest> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.retain(|_, of_token| of_token.free.available_permits() < self.at_once);
        open.keys().copied().collect()
    }

    fn end(&self, token: Digest) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(of_token) = open.remove(&token) {
            of_token.ended.send_replace(true);
        }
    }

    /// Ends the streams of tokens that were removed or have expired, for ever.
    pub(super) async fn watch(&self, callers: &Callers) {
        let mut glances = tokio::time::interval(GLANCE);
        loop {
            glances.tick().await;
            for token in self.tokens() {
                match callers.is_good(token).await {
                    Ok(true) => {}
                    Ok(false) => self.end(token),
                    Err(error) => tracing::warn!("{error}"),
                }
            }
        }
    }
}

impl Place {
    /// The answer, which gives the place back when it is over.
    pub(super) fn hold(self, response: Response) -> Response {
        let Self { held, mut ended } = self;
        response.map(|body| {
            Body::new(Held {
                body,
                // The sender is dropped only after it has said so, or when no stream is left.
                ended: Box::pin(async move { drop(ended.wait_for(|ended| *ended).await) }),
                is_over: false,
                _held: held,
            })
        })
    }
}

/// The body of a held answer: the same to whoever sends it, up to its end, which may come before its own. That it has
/// no bytes at all must stay visible: a refusal is told in the headers, and clients want to see there that nothing
/// follows.
struct Held {
    body: Body,
    ended: BoxFuture<'static, ()>,
    is_over: bool,
    _held: OwnedSemaphorePermit,
}

impl http_body::Body for Held {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        if self.is_over {
            return Poll::Ready(None);
        }
        if self.ended.poll_unpin(context).is_ready() {
            self.is_over = true;
            return Poll::Ready(Some(Ok(Frame::trailers(farewell()))));
        }
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.is_over || self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

fn farewell() -> http::HeaderMap {
    let mut trailers = http::HeaderMap::new();
    let status = Status::unauthenticated("the token of this stream was removed or has expired; sign in again");
    if let Err(error) = status.add_header(&mut trailers) {
        tracing::warn!("the end of a stream could not be told: {error}");
    }
    trailers
}

#[cfg(test)]
mod tests {
    use http_body::Body as _;
    use http_body_util::BodyExt;

    use super::*;

    #[tokio::test]
    async fn an_answer_that_is_over_in_its_headers_still_is_when_it_is_held() {
        let streams = Streams::new("this token", 1);
        let token = Digest::of(b"token");
        let refusal = streams.take(token).unwrap().hold(Status::not_found("no").into_http());
        assert!(refusal.body().is_end_stream());
        assert_eq!(refusal.body().size_hint().exact(), Some(0));
        assert!(streams.take(token).is_err(), "it is held");
        drop(refusal);
        let place = streams.take(token).unwrap();

        let (sender, receiver) = futures::channel::mpsc::unbounded::<Result<Bytes, axum::Error>>();
        let mut open = place.hold(Response::new(Body::from_stream(receiver))).into_body();
        assert!(!open.is_end_stream());
        sender.unbounded_send(Ok(Bytes::from_static(b"x"))).unwrap();
        assert_eq!(open.frame().await.unwrap().unwrap().into_data().unwrap(), "x");
        streams.end(token);
        let trailers = open.frame().await.unwrap().unwrap().into_trailers().unwrap();
        assert_eq!(trailers["grpc-status"], "16");
        assert!(open.is_end_stream() && open.frame().await.is_none());
    }
}
