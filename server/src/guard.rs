//! Who may call at all: only addresses and pages of this machine, so that a page from elsewhere cannot drive
//! the server, not even through a name that it lets point here.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, StatusCode, Uri, header, uri::Authority};
use jobsphere::service::{Access, Caller};

/// Whoever calls a server without tokens.
const LOCAL_USER: &str = "local";

/// What the guard knows.
#[derive(Debug, Clone)]
pub(crate) struct Guard {
    allowed_origins: Arc<[String]>,
}

/// Why a request is turned away.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
enum Refusal {
    #[error("the request names no host")]
    NoHost,
    #[error("this server answers only to localhost, 127.0.0.1 and [::1], not to `{0}`")]
    Host(String),
    #[error("a page of `{0}` may not call this server; start the server with --allow-origin to let it")]
    Origin(String),
}

impl Guard {
    pub(crate) fn new(allowed_origins: &[String]) -> Self {
        Self {
            allowed_origins: allowed_origins
                .iter()
                .map(|origin| origin.trim_end_matches('/').to_owned())
                .collect(),
        }
    }

    /// The caller, when it may call.
    fn admit(&self, uri: &Uri, headers: &HeaderMap) -> Result<Caller, Refusal> {
        let authority = authority(uri, headers).ok_or(Refusal::NoHost)?;
        if !is_loopback(authority.host()) {
            return Err(Refusal::Host(authority.host().to_owned()));
        }
        let own = format!("http://{authority}");
        for origin in headers.get_all(header::ORIGIN) {
            let origin = String::from_utf8_lossy(origin.as_bytes());
            let allowed = origin == own || self.allowed_origins.iter().any(|allowed| *allowed == origin);
            if !allowed {
                return Err(Refusal::Origin(origin.into_owned()));
            }
        }
        Ok(Caller {
            id: LOCAL_USER.into(),
            origin: own,
            access: Access::everything(),
        })
    }
}

/// HTTP/2 carries the host in the address, HTTP/1 in a header.
fn authority(uri: &Uri, headers: &HeaderMap) -> Option<Authority> {
    match uri.authority() {
        Some(authority) => Some(authority.clone()),
        None => headers.get(header::HOST)?.to_str().ok()?.parse().ok(),
    }
}

fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost")
        || address
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

/// Lets the request in with its [`Caller`], or answers 403 with the reason.
pub(crate) async fn check(State(guard): State<Guard>, mut request: Request, next: Next) -> Response {
    match guard.admit(request.uri(), request.headers()) {
        Ok(caller) => {
            request.extensions_mut().insert(caller);
            next.run(request).await
        }
        Err(refusal) => {
            tracing::warn!("turned away: {refusal}");
            (StatusCode::FORBIDDEN, refusal.to_string()).into_response()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admit(host: &str, origin: Option<&str>) -> Result<Caller, Refusal> {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, host.parse().unwrap());
        if let Some(origin) = origin {
            headers.insert(header::ORIGIN, origin.parse().unwrap());
        }
        Guard::new(&["http://127.0.0.1:8090/".into()]).admit(&Uri::from_static("/x"), &headers)
    }

    #[test]
    fn only_this_machine_and_its_own_pages_come_in() {
        assert_eq!(admit("127.0.0.1:8080", None).unwrap().origin, "http://127.0.0.1:8080");
        assert!(admit("LocalHost:1", Some("http://LocalHost:1")).is_ok());
        assert!(admit("[::1]:8080", Some("http://[::1]:8080")).is_ok());
        assert!(admit("127.0.0.1:8080", Some("http://127.0.0.1:8090")).is_ok());
        for host in [
            "evil.example",
            "127.0.0.1.evil.example:8080",
            "10.0.0.1",
            "localhost.evil.example",
        ] {
            assert!(matches!(admit(host, None), Err(Refusal::Host(_))), "{host}");
        }
        for origin in [
            "null",
            "https://evil.example",
            "http://127.0.0.1:3000",
            "https://127.0.0.1:8080",
        ] {
            assert!(
                matches!(admit("127.0.0.1:8080", Some(origin)), Err(Refusal::Origin(_))),
                "{origin}"
            );
        }
    }
}
