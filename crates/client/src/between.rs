//! What stands between here and the service and answers in its place: a proxy with a limit of its own, a wall, a page that
//! wants a sign-in.

use http::{HeaderMap, StatusCode, header};
use serde::{Deserialize, Serialize};
use tonic::{Code, Status, metadata::MetadataMap};

const STATUS: &str = "between-status";
const SERVER: &str = "between-server";

/// An answer that is not the service's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Between {
    /// HTTP status.
    pub status: u16,
    /// What the answer calls itself, such as `nginx/1.22.1`; empty where it does not say.
    pub server: String,
}

impl Between {
    /// Whose answer it is, by its status, its `content-type` and its `server`; `None` where it may be the service's, which
    /// answers in words of its own and never in HTML.
    pub fn of(status: u16, content_type: &str, server: &str) -> Option<Self> {
        let essence = content_type.split(';').next().unwrap_or_default().trim();
        let is_html = essence.eq_ignore_ascii_case("text/html");
        let is_size = status == StatusCode::PAYLOAD_TOO_LARGE.as_u16() && essence != "text/plain";
        (is_html || is_size).then(|| Self {
            status,
            server: server.trim().chars().take(60).collect(),
        })
    }

    /// The same of an answer to a call.
    pub(crate) fn of_answer(status: StatusCode, headers: &HeaderMap) -> Option<Self> {
        let text = |name| {
            headers
                .get(name)
                .and_then(|value| value.to_str().ok())
                .unwrap_or_default()
        };
        Self::of(status.as_u16(), text(header::CONTENT_TYPE), text(header::SERVER))
    }

    /// Whether the same request may be passed on later.
    pub fn is_passing(&self) -> bool {
        !matches!(self.status, 400..=499) || matches!(self.status, 408 | 425 | 429)
    }

    /// Whether the request was too large for it.
    pub fn is_about_size(&self) -> bool {
        self.status == StatusCode::PAYLOAD_TOO_LARGE.as_u16()
    }

    /// The code of a call that was answered so. It says nothing of whether the service knows the caller.
    pub(crate) fn code(&self) -> Code {
        match self.status {
            _ if self.is_passing() => Code::Unavailable,
            413 => Code::OutOfRange,
            404 => Code::Unimplemented,
            _ => Code::PermissionDenied,
        }
    }

    pub(crate) fn put_into(&self, status: &mut Status) {
        let metadata = status.metadata_mut();
        metadata.insert(STATUS, self.status.into());
        if let Ok(server) = self.server.parse() {
            metadata.insert(SERVER, server);
        }
    }

    pub(crate) fn take_from(metadata: &MetadataMap) -> Option<Self> {
        let text = |name| metadata.get(name).and_then(|value| value.to_str().ok());
        Some(Self {
            status: text(STATUS)?.parse().ok()?,
            server: text(SERVER).unwrap_or_default().to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_and_a_refused_size_are_not_the_services() {
        let nginx = Between::of(413, "text/html", "nginx/1.22.1").expect("it is nginx");
        assert_eq!(nginx.server, "nginx/1.22.1");
        assert!(nginx.is_about_size() && !nginx.is_passing());
        // Caddy says nothing at all.
        assert!(Between::of(413, "", "Caddy").is_some());
        assert_eq!(Between::of(413, "text/plain; charset=utf-8", "nginx"), None);
        assert!(Between::of(502, "text/html; charset=utf-8", "").is_some_and(|between| between.is_passing()));
        // A wall that wants a sign-in.
        assert!(Between::of(200, "text/html", "").is_some_and(|between| between.code() == Code::Unavailable));
        assert!(Between::of(401, "text/html", "").is_some_and(|between| between.code() == Code::PermissionDenied));
        assert_eq!(Between::of(500, "application/grpc-web", ""), None);
    }

    #[test]
    fn it_travels_with_a_status() {
        let between = Between {
            status: 413,
            server: "nginx/1.22.1".to_owned(),
        };
        let mut status = Status::new(between.code(), "refused");
        between.put_into(&mut status);
        assert_eq!(Between::take_from(status.metadata()), Some(between));
        assert_eq!(Between::take_from(Status::internal("x").metadata()), None);
    }
}
