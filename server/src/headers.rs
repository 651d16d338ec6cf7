//! Headers that every answer carries, whatever it is.

use axum::{Router, body::Body, response::Response};
use http::{HeaderName, HeaderValue, header};
use tower_http::set_header::SetResponseHeaderLayer;

/// For answers that are no page: nothing in them may act, load or be framed, even if a browser shows them.
pub(crate) const INERT: &str =
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox";

/// Kept from a page altogether, whether or not something in it would ask.
const NO_DEVICES: &str = "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()";

/// What nginx, and what follows it, reads of an answer: `no` has it pass on what comes as it comes.
const X_ACCEL_BUFFERING: HeaderName = HeaderName::from_static("x-accel-buffering");
/// How the types of all answers to calls begin, of gRPC and gRPC-web.
const CALLS: &[u8] = b"application/grpc";

/// Put into the extensions of an answer that pages elsewhere may frame; its policy says which.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Framed;

/// Adds the headers to each answer that does not say otherwise.
pub(crate) fn on_every_answer(router: Router) -> Router {
    let unframed = SetResponseHeaderLayer::if_not_present(header::X_FRAME_OPTIONS, |response: &Response<Body>| {
        let is_framed = response.extensions().get::<Framed>().is_some();
        (!is_framed).then(|| HeaderValue::from_static("DENY"))
    });
    let unbuffered = SetResponseHeaderLayer::overriding(X_ACCEL_BUFFERING, |response: &Response<Body>| {
        is_call(response).then(|| HeaderValue::from_static("no"))
    });
    let untransformed = SetResponseHeaderLayer::if_not_present(header::CACHE_CONTROL, |response: &Response<Body>| {
        is_call(response).then(|| HeaderValue::from_static("no-transform"))
    });
    let router = router.layer(unbuffered).layer(untransformed);
    [
        (header::CONTENT_SECURITY_POLICY, INERT),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("permissions-policy"), NO_DEVICES),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ]
    .into_iter()
    .fold(router.layer(unframed), |router, (name, value)| {
        router.layer(SetResponseHeaderLayer::if_not_present(
            name,
            HeaderValue::from_static(value),
        ))
    })
}

/// Whether this is the answer to a call, which may be a stream that flows for hours: no proxy may collect it, pack it or
/// keep it.
fn is_call(response: &Response<Body>) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE);
    kind.is_some_and(|kind| kind.as_bytes().starts_with(CALLS))
}
