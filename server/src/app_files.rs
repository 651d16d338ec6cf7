//! The app's own files: embedded in a release build, read from the build's folder in a debug build.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::{Request, State},
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use http::{HeaderValue, Method, StatusCode, header};
use jobsphere::client::servers::ServerUrl;
use rust_embed::Embed;
use sha2::Digest;

#[derive(Embed)]
#[folder = "$CARGO_MANIFEST_DIR/../target/app"]
#[allow_missing = true]
struct AppFiles;

const INDEX: &str = "index.html";
const NOT_BUILT: &str = "The app is not built: run `cargo xtask run`, or `cargo xtask build`.\n";

/// What pages and workers may call besides this server: as sources of their policy, each after a space.
#[derive(Debug, Clone, Default)]
pub(crate) struct Pages {
    others: Arc<str>,
}

impl Pages {
    pub(crate) fn new(servers: &[ServerUrl]) -> Self {
        let others: String = servers.iter().map(|url| format!(" {}", url.origin())).collect();
        Self { others: others.into() }
    }
}

/// Answers a file of the app; an address that is none is a page, which the app itself finds.
pub(crate) async fn serve(State(pages): State<Pages>, request: Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    let path = request.uri().path().trim_start_matches('/');
    match AppFiles::get(path).filter(|_| path != INDEX) {
        Some(file) => asset(path, file.data.into_owned(), &pages),
        None if path.rsplit('/').next().is_some_and(is_asset_name) => {
            (StatusCode::NOT_FOUND, "There is no such file.\n").into_response()
        }
        None => page(&pages),
    }
}

/// Files that pages load end like this; the addresses of pages do not.
fn is_asset_name(name: &str) -> bool {
    matches!(
        name.rsplit_once('.'),
        Some((_, "js" | "wasm" | "css" | "svg" | "ico" | "map" | "txt" | "png"))
    )
}

fn asset(path: &str, bytes: Vec<u8>, pages: &Pages) -> Response {
    let mime = mime_guess::from_path(path).first_or_octet_stream();
    let mut response = Body::from(bytes).into_response();
    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(mime.as_ref()) {
        headers.insert(header::CONTENT_TYPE, value);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache_control(path)));
    // A worker obeys the policy of its own script's answer.
    let policy = format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'{}; base-uri 'none'; \
         form-action 'none'; frame-ancestors 'none'",
        pages.others
    );
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// Trunk puts a hash of sixteen digits into the names of what it builds, except for workers.
fn cache_control(path: &str) -> &'static str {
    let is_hashed = path
        .split(['-', '_', '.'])
        .any(|part| (15..=16).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_hexdigit()));
    if is_hashed {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    }
}

fn page(pages: &Pages) -> Response {
    page_with(pages, str::to_owned, "'none'")
}

/// The app's page as `change` makes it, for the frames of these `ancestors`.
pub(crate) fn page_with(pages: &Pages, change: impl FnOnce(&str) -> String, ancestors: &str) -> Response {
    let Some(index) = AppFiles::get(INDEX) else {
        return (StatusCode::SERVICE_UNAVAILABLE, NOT_BUILT).into_response();
    };
    let original = String::from_utf8_lossy(&index.data);
    let hashes: String = inline_scripts(&original)
        .map(|script| format!(" 'sha256-{}'", STANDARD.encode(sha2::Sha256::digest(script))))
        .collect();
    let others = &pages.others;
    let policy = format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'{hashes}; style-src 'self'; img-src 'self' data: blob:; \
         font-src 'self'; connect-src 'self'{others}; worker-src 'self'; frame-src blob:; base-uri 'self'; \
         form-action 'none'; frame-ancestors {ancestors}"
    );
    let mut response = axum::response::Html(change(&original)).into_response();
    let headers = response.headers_mut();
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}

/// The scripts that stand in the page itself: Trunk writes one, which starts the app. Nothing from outside is in there.
fn inline_scripts(html: &str) -> impl Iterator<Item = &str> {
    html.split("<script").skip(1).filter_map(|element| {
        let (attributes, rest) = element.split_once('>')?;
        let (script, _) = rest.split_once("</script>")?;
        (!attributes.contains("src=")).then_some(script)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_and_workers_reach_what_the_operator_names() {
        let servers = ["https://gpu.example.org", "http://localhost:9"].map(|url| ServerUrl::parse(url).unwrap());
        let policy = |response: Response| {
            response.headers()[header::CONTENT_SECURITY_POLICY]
                .to_str()
                .unwrap()
                .to_owned()
        };
        let worker = policy(asset("reader.js", Vec::new(), &Pages::new(&servers)));
        assert!(
            worker.contains("connect-src 'self' https://gpu.example.org http://localhost:9;"),
            "{worker}"
        );
        let worker = policy(asset("reader.js", Vec::new(), &Pages::new(&[])));
        assert!(worker.contains("connect-src 'self';"), "{worker}");
    }

    #[test]
    fn scripts_in_the_page_are_found_and_others_not() {
        let html = "<head><script src=\"/a.js\"></script><script type=\"module\">\nstart();\n</script></head>";
        assert_eq!(inline_scripts(html).collect::<Vec<_>>(), ["\nstart();\n"]);
    }
}
