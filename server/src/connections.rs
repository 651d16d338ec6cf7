//! How many connections there may be: fewer than the descriptors that the server may have, so that the store, the logs and
//! what runs jobs always find some.

use std::{
    io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use axum_server::accept::Accept;
use rustix::process::{Resource, getrlimit};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tower::Service;

/// Of the descriptors, so many parts of four may be connections.
const PARTS: u64 = 3;
/// Where there is no limit, or a very high one.
const MOST: u64 = 50_000;

/// Accepts as `A` does, and closes at once what comes when all places are taken.
#[derive(Debug, Clone)]
pub(crate) struct Bounded<A> {
    accepts: A,
    places: Arc<Semaphore>,
}

impl<A> Bounded<A> {
    /// As many as the limits of this process leave room for.
    pub(crate) fn new(accepts: A) -> Self {
        let descriptors = getrlimit(Resource::Nofile).current.unwrap_or(MOST);
        let most = (descriptors.min(MOST) * PARTS / 4) as usize;
        Self {
            accepts,
            places: Arc::new(Semaphore::new(most)),
        }
    }
}

impl<I, S, A> Accept<I, S> for Bounded<A>
where
    A: Accept<I, S>,
    A::Future: Send + 'static,
{
    type Stream = A::Stream;
    type Service = Held<A::Service>;
    type Future = Pin<Box<dyn Future<Output = io::Result<(Self::Stream, Self::Service)>> + Send>>;

    fn accept(&self, stream: I, service: S) -> Self::Future {
        let Ok(place) = self.places.clone().try_acquire_owned() else {
            return Box::pin(async { Err(io::Error::other("there are too many connections")) });
        };
        let accepted = self.accepts.accept(stream, service);
        Box::pin(async move {
            let (stream, service) = accepted.await?;
            let place = Arc::new(place);
            Ok((stream, Held { service, _place: place }))
        })
    }
}

/// The service of one connection, which keeps its place as long as it lives.
#[derive(Debug, Clone)]
pub(crate) struct Held<S> {
    service: S,
    _place: Arc<OwnedSemaphorePermit>,
}

impl<S: Service<R>, R> Service<R> for Held<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.service.poll_ready(context)
    }

    fn call(&mut self, request: R) -> Self::Future {
        self.service.call(request)
    }
}
