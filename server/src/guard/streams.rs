//! Open log streams: how many a token or a share link holds, and their end when the token is good no more.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::{body::Body, response::Response};
use bytes::Bytes;
use futures::{Stream, stream};
use http_body::Frame;
use http_body_util::{BodyExt, StreamBody};
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
    _held: OwnedSemaphorePermit,
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
            _held: held,
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
        response.map(|body| Body::new(StreamBody::new(frames(body, self))))
    }
}

fn frames(body: Body, place: Place) -> impl Stream<Item = Result<Frame<Bytes>, axum::Error>> {
    stream::unfold(Some((body, place)), |open| async move {
        let (mut body, mut place) = open?;
        tokio::select! {
            frame = body.frame() => frame.map(|frame| (frame, Some((body, place)))),
            () = ended(&mut place.ended) => Some((Ok(Frame::trailers(farewell())), None)),
        }
    })
}

async fn ended(ended: &mut watch::Receiver<bool>) {
    // The sender is dropped only after it has said so, or when no stream is left.
    let _ = ended.wait_for(|ended| *ended).await;
}

fn farewell() -> http::HeaderMap {
    let mut trailers = http::HeaderMap::new();
    let status = Status::unauthenticated("the token of this stream was removed or has expired; sign in again");
    if let Err(error) = status.add_header(&mut trailers) {
        tracing::warn!("the end of a stream could not be told: {error}");
    }
    trailers
}
