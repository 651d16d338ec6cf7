//! The door to shared jobs: whoever shows the secret of a share link, within the link's limits.
//!
//! It knows nothing of tokens, and what it lets in is no `Caller`: it opens the routes of shared jobs alone.

use std::{
    net::{IpAddr, Ipv6Addr, SocketAddr},
    sync::Arc,
};

use axum::{
    extract::{ConnectInfo, Request, State},
    middleware::Next,
    response::Response,
};
use http::{HeaderMap, header};
use jobsphere_api::id::ShareId;
use jobsphere_service::{Holder, JobService, ServiceError};
use tonic::Status;

use super::{message, rates::Rates, streams::Streams};
use crate::{config::Limits, tokens::Digest};

const SCHEME: &str = "share ";
/// Holders of share links have little to say.
pub(crate) const MESSAGE_BYTES: usize = 4096;
/// The answer with no end of its own.
const STREAM: &str = "/jobsphere.v1.SharedJobService/ReadLogs";
/// Calls of one address for each that one link may have.
const LINKS_OF_AN_ADDRESS: u32 = 5;

/// What the door knows.
#[derive(Clone)]
pub(crate) struct ShareDoor(Arc<Inner>);

struct Inner {
    service: JobService,
    links: Rates<ShareId>,
    addresses: Rates<IpAddr>,
    streams: Streams,
}

/// What a request shows at the door.
pub(crate) struct Shown {
    address: Option<IpAddr>,
    credentials: Option<String>,
}

impl Shown {
    pub(crate) fn by(request: &Request) -> Self {
        let address = request.extensions().get::<ConnectInfo<SocketAddr>>();
        Self {
            address: address.map(|ConnectInfo(address)| network(address.ip())),
            credentials: credentials(request.headers()).map(str::to_owned),
        }
    }
}

impl ShareDoor {
    pub(crate) fn new(service: JobService, limits: &Limits) -> Self {
        let of_link = limits.share_requests_per_minute;
        Self(Arc::new(Inner {
            service,
            links: Rates::new("this link", of_link),
            addresses: Rates::new("this address", of_link.saturating_mul(LINKS_OF_AN_ADDRESS)),
            streams: Streams::new("this link", limits.share_open_streams),
        }))
    }

    /// The holder who sent a request.
    ///
    /// # Errors
    /// One and the same NOT_FOUND whatever is wrong with the link; RESOURCE_EXHAUSTED; UNAVAILABLE.
    pub(crate) async fn admit(&self, shown: Shown) -> Result<Holder, Status> {
        if let Some(address) = shown.address {
            self.0.addresses.count(&address).map_err(|status| *status)?;
        }
        let sent = shown.credentials.ok_or(ServiceError::NoShare)?;
        let holder = self.0.service.holder(&sent).await?;
        // Counted only now: whoever guesses at a link does not use up the calls of its holders.
        self.0.links.count(holder.share_id()).map_err(|status| *status)?;
        Ok(holder)
    }

    async fn enter(&self, mut request: Request, next: Next) -> Result<Response, Status> {
        let holder = self.admit(Shown::by(&request)).await?;
        let link = Digest::of(holder.share_id().as_str().as_bytes());
        let place = match request.uri().path() == STREAM {
            true => Some(self.0.streams.take(link).map_err(|status| *status)?),
            false => None,
        };
        request.headers_mut().remove(header::AUTHORIZATION);
        request.extensions_mut().insert(holder);
        let response = next.run(message::whole(request, MESSAGE_BYTES).await?).await;
        Ok(match place {
            Some(place) => place.hold(response),
            None => response,
        })
    }
}

/// Lets a call pass with its [`Holder`], or answers its status.
pub(crate) async fn check(State(door): State<ShareDoor>, request: Request, next: Next) -> Response {
    match door.enter(request, next).await {
        Ok(response) => response,
        Err(status) => status.into_http(),
    }
}

fn credentials(headers: &HeaderMap) -> Option<&str> {
    let text = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, sent) = text.split_at_checked(SCHEME.len())?;
    scheme.eq_ignore_ascii_case(SCHEME).then(|| sent.trim())
}

/// Who has one address of IPv6 has those beside it too.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
    }
}
