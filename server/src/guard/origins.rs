//! The origins whose pages may call, and what their browsers must be told (CORS).

use std::time::Duration;

use anyhow::{Context, bail};
use http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use tower_http::cors::{AllowHeaders, AllowOrigin, CorsLayer};

use super::Refusal;

/// How long a browser may remember what it was told.
const REMEMBERED: Duration = Duration::from_secs(3600);

/// What a page elsewhere may read of an answer besides its body: the verdict of a call that ends in the headers, and
/// what a download in parts needs.
const EXPOSED: [HeaderName; 10] = [
    HeaderName::from_static("grpc-status"),
    HeaderName::from_static("grpc-message"),
    HeaderName::from_static("grpc-status-details-bin"),
    header::ACCEPT_RANGES,
    header::CONTENT_DISPOSITION,
    header::CONTENT_LENGTH,
    header::CONTENT_RANGE,
    header::ETAG,
    HeaderName::from_static("upload-offset"),
    HeaderName::from_static("upload-complete"),
];

/// Other origins given with `--allow-origin`.
#[derive(Debug, Clone)]
pub(crate) struct Origins(Vec<HeaderValue>);

impl Origins {
    /// # Errors
    /// When one of `given` is not an origin.
    pub(crate) fn new(given: &[String]) -> anyhow::Result<Self> {
        let origins = given.iter().map(|given| {
            let origin = given.trim_end_matches('/');
            let is_origin = origin
                .strip_prefix("http://")
                .or_else(|| origin.strip_prefix("https://"))
                .is_some_and(|rest| !rest.is_empty() && !rest.contains(['/', '*', '@']));
            if !is_origin {
                bail!("--allow-origin {given}: an origin is like https://pages.example.org, with nothing behind it");
            }
            HeaderValue::from_str(origin).with_context(|| format!("--allow-origin {given}"))
        });
        Ok(Self(origins.collect::<anyhow::Result<_>>()?))
    }

    /// Lets a request pass that was sent by no page, by one of `own`, or by an allowed one.
    pub(super) fn check(&self, own: &str, headers: &HeaderMap) -> Result<(), Refusal> {
        let foreign = headers
            .get_all(header::ORIGIN)
            .iter()
            .find(|origin| origin.as_bytes() != own.as_bytes() && !self.0.contains(origin));
        match foreign {
            Some(origin) => Err(Refusal::Origin(String::from_utf8_lossy(origin.as_bytes()).into_owned())),
            None => Ok(()),
        }
    }

    /// Answers preflights, and marks answers as readable for the allowed origins; none without any.
    pub(crate) fn cors(&self) -> Option<CorsLayer> {
        let allowed = (!self.0.is_empty()).then(|| AllowOrigin::list(self.0.iter().cloned()))?;
        let layer = CorsLayer::new()
            .allow_origin(allowed)
            .allow_methods([Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH])
            // Any metadata may go with a call, and the origin is one that may send any.
            .allow_headers(AllowHeaders::mirror_request())
            .expose_headers(EXPOSED)
            .max_age(REMEMBERED);
        Some(layer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_own_and_allowed_pages_call() {
        let origins = Origins::new(&["https://pages.example.org/".into()]).unwrap();
        let own = "http://127.0.0.1:8080";
        let check = |origin: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ORIGIN, origin.parse().unwrap());
            origins.check(own, &headers)
        };
        assert_eq!(origins.check(own, &HeaderMap::new()), Ok(()));
        assert_eq!(check(own), Ok(()));
        assert_eq!(check("https://pages.example.org"), Ok(()));
        for foreign in [
            "null",
            "https://evil.example",
            "http://127.0.0.1:3000",
            "https://127.0.0.1:8080",
            "http://pages.example.org",
        ] {
            assert_eq!(check(foreign), Err(Refusal::Origin(foreign.into())));
        }
    }

    #[test]
    fn what_is_not_an_origin_is_said() {
        for given in [
            "*",
            "https://*",
            "pages.example.org",
            "https://a.example/page",
            "https://",
        ] {
            assert!(Origins::new(&[given.into()]).is_err(), "{given}");
        }
    }
}
