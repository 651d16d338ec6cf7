//! The path below which people reach the server, where a proxy gives it only a part of a site.
//!
//! Requests are taken with the path before them and without: some proxies take it off, programs that know nothing of it
//! come to the server itself. The addresses that the server makes have it.

use std::{convert::Infallible, str::FromStr, sync::Arc};

use axum::{Router, body::Body, extract::Request, response::Response};
use http::{
    HeaderValue, Method, StatusCode, Uri,
    header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, ETAG, LOCATION},
    uri::PathAndQuery,
};
use tower::{ServiceExt, service_fn};

/// What the built page says of where it lies.
const ROOT: &str = "<base href=\"/\" />";

/// A path without a slash at its end, such as `/jobs`; empty where the server has a site of its own.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Base(Arc<str>);

impl FromStr for Base {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let trimmed = text.trim_matches('/');
        if trimmed.is_empty() {
            return Ok(Self::default());
        }
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        let is_name = |name: &str| !matches!(name, "" | "." | "..") && name.bytes().all(is_plain);
        match trimmed.split('/').all(is_name) {
            true => Ok(Self(format!("/{trimmed}").into())),
            false => Err(format!(
                "`{text}` is no path such as /jobs/: names of letters, digits, `-`, `.`, `_` and `~` between slashes"
            )),
        }
    }
}

impl Base {
    /// The path, empty at the root of a site.
    pub(crate) fn path(&self) -> &str {
        &self.0
    }

    /// The app's page, saying where it lies; `None` where it says so already.
    pub(crate) fn on_page(&self, page: &str) -> Option<String> {
        (!self.0.is_empty()).then(|| page.replace(ROOT, &format!("<base href=\"{}/\" />", self.0)))
    }

    /// The path of a request below this one; `None` for one that is not below it.
    fn below<'a>(&self, path: &'a str) -> Option<&'a str> {
        path.strip_prefix(&*self.0).filter(|rest| rest.starts_with('/'))
    }

    /// `router` for requests with this path before theirs, and for those without it.
    pub(crate) fn around(self, router: Router) -> Router {
        if self.0.is_empty() {
            return router;
        }
        Router::new().fallback_service(service_fn(move |request| {
            let (base, router) = (self.clone(), router.clone());
            async move { Ok::<_, Infallible>(base.answer(router, request).await) }
        }))
    }

    async fn answer(&self, router: Router, mut request: Request) -> Response {
        let path = request.uri().path();
        if path == self.path() && matches!(*request.method(), Method::GET | Method::HEAD) {
            return self.lead_below(router, request).await;
        }
        if let Some(below) = self.below(path)
            && let Some(uri) = with_path(request.uri(), below)
        {
            *request.uri_mut() = uri;
        }
        pass(router, request).await
    }

    /// Leads from the path without a slash to the page below it, whose relative addresses would be beside it otherwise:
    /// whoever the page is given, and with the page's headers.
    async fn lead_below(&self, router: Router, mut request: Request) -> Response {
        let query = request.uri().query().map(|query| format!("?{query}"));
        let target = format!("{}/{}", self.path(), query.unwrap_or_default());
        if let Some(uri) = with_path(request.uri(), "/") {
            *request.uri_mut() = uri;
        }
        let (mut head, body) = pass(router, request).await.into_parts();
        let Some(location) = HeaderValue::from_str(&target).ok().filter(|_| head.status.is_success()) else {
            return Response::from_parts(head, body);
        };
        head.status = StatusCode::PERMANENT_REDIRECT;
        head.headers.insert(LOCATION, location);
        for of_body in [CONTENT_LENGTH, CONTENT_TYPE, CONTENT_ENCODING, ETAG] {
            head.headers.remove(of_body);
        }
        Response::from_parts(head, Body::empty())
    }
}

async fn pass(router: Router, request: Request) -> Response {
    match router.oneshot(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    }
}

fn with_path(uri: &Uri, path: &str) -> Option<Uri> {
    let path_and_query = match uri.query() {
        Some(query) => format!("{path}?{query}"),
        None => path.to_owned(),
    };
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(PathAndQuery::try_from(path_and_query).ok()?);
    Uri::from_parts(parts).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base(text: &str) -> Base {
        text.parse().expect("a path of a test")
    }

    #[test]
    fn a_path_is_read_with_and_without_slashes_around_it() {
        for text in ["jobs", "/jobs", "/jobs/", "jobs/"] {
            assert_eq!(base(text).path(), "/jobs");
        }
        assert_eq!(base("/node/c1-2.local/8080/").path(), "/node/c1-2.local/8080");
        assert_eq!(base("/").path(), "");
        for wrong in [
            "/a b/",
            "//x//y",
            "/../up",
            "/a\"b",
            "/<b>",
            "/задания",
            "/a?b",
            "https://host/jobs",
        ] {
            assert!(wrong.parse::<Base>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn only_whole_names_are_below_it() {
        assert_eq!(base("/jobs").below("/jobs/s/1"), Some("/s/1"));
        assert_eq!(base("/jobs").below("/jobs/"), Some("/"));
        assert_eq!(base("/jobs").below("/jobsphere/x"), None);
        assert_eq!(base("/jobs").below("/s/1"), None);
    }

    #[test]
    fn the_query_stays() {
        let uri = with_path(&Uri::from_static("http://h/jobs/files/x?k=1%2F2"), "/files/x");
        assert_eq!(uri, Some(Uri::from_static("http://h/files/x?k=1%2F2")));
    }

    #[tokio::test]
    async fn who_may_have_the_page_is_led_to_it() {
        let page = |request: Request| async move {
            let is_welcome = request.headers().contains_key("welcome");
            let status = if is_welcome {
                StatusCode::OK
            } else {
                StatusCode::FORBIDDEN
            };
            (status, [("x-of-the-page", "1")], "page")
        };
        let router = base("jobs").around(Router::new().fallback(page));
        let ask = |request: http::request::Builder| {
            let request = request.uri("/jobs?job=1").body(Body::empty()).expect("a request");
            pass(router.clone(), request)
        };
        let led = ask(Request::builder().header("welcome", "1")).await;
        assert_eq!(led.status(), StatusCode::PERMANENT_REDIRECT);
        assert_eq!(led.headers()[LOCATION], "/jobs/?job=1");
        assert_eq!(led.headers()["x-of-the-page"], "1");
        assert_eq!(ask(Request::builder()).await.status(), StatusCode::FORBIDDEN);
    }

    #[test]
    fn the_page_says_where_it_lies() {
        let page = "<head><base href=\"/\" /></head>";
        assert_eq!(
            base("jobs").on_page(page).as_deref(),
            Some("<head><base href=\"/jobs/\" /></head>")
        );
        assert_eq!(base("/").on_page(page), None);
    }
}
