//! The app's own files: embedded in a release build, read from the build's folder in a debug build.
//!
//! The build leaves compressed copies beside them, which are sent as they are. A file with a hash in its name never
//! changes; the page, which names the others, is asked for each time and answered with 304 while it is the same.

mod encoding;

use std::sync::Arc;

use axum::{
    body::Body,
    extract::{Request, State},
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use jobsphere_api::server_url::ServerUrl;
use sha2::Digest;

use self::{embedded::AppFiles, encoding::Encoding};
use crate::base::Base;

/// What the build has put into this program; in a debug build, what lies on the disk.
mod embedded {
    // What the derived code of a debug build does.
    #![allow(clippy::disallowed_methods)]

    #[derive(rust_embed::Embed)]
    #[folder = "$CARGO_MANIFEST_DIR/../target/app"]
    #[allow_missing = true]
    pub(super) struct AppFiles;
}

const INDEX: &str = "index.html";
const NOT_BUILT: &str = "The app is not built: run `cargo xtask run`, or `cargo xtask build`.\n";

/// What is the operator's to say of pages and workers.
#[derive(Debug, Clone, Default)]
pub(crate) struct Pages {
    /// What they may call besides this server: as sources of their policy, each after a space.
    others: Arc<str>,
    base: Base,
}

impl Pages {
    pub(crate) fn new(servers: &[ServerUrl], base: Base) -> Self {
        let others: String = servers.iter().map(|url| format!(" {}", url.origin())).collect();
        Self {
            others: others.into(),
            base,
        }
    }

    /// A worker obeys the policy of its own script's answer.
    fn asset_policy(&self) -> String {
        format!(
            "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'{}; base-uri 'none'; \
             form-action 'none'; frame-ancestors 'none'",
            self.others
        )
    }

    /// The policy of a page whose inline scripts have these hashes.
    fn page_policy(&self, hashes: &str, ancestors: &str) -> String {
        let others = &self.others;
        format!(
            "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'{hashes}; style-src 'self'; \
             img-src 'self' data: blob:; font-src 'self'; connect-src 'self'{others}; worker-src 'self'; \
             frame-src blob:; base-uri 'self'; form-action 'none'; frame-ancestors {ancestors}"
        )
    }
}

/// A file, by its name in the build's folder.
type Get = fn(&str) -> Option<Bytes>;

/// Answers a file of the app; an address that is none is a page, which the app itself finds.
pub(crate) async fn serve(State(pages): State<Pages>, request: Request) -> Response {
    answer(
        embedded,
        &pages,
        request.method(),
        request.uri().path(),
        request.headers(),
    )
}

fn embedded(name: &str) -> Option<Bytes> {
    AppFiles::get(name).map(|file| match file.data {
        std::borrow::Cow::Borrowed(bytes) => Bytes::from_static(bytes),
        std::borrow::Cow::Owned(bytes) => bytes.into(),
    })
}

fn answer(get: Get, pages: &Pages, method: &Method, path: &str, headers: &HeaderMap) -> Response {
    if !matches!(*method, Method::GET | Method::HEAD) {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    let name = path.trim_start_matches('/');
    let is_file = name != INDEX && !Encoding::is_copy(name);
    match get(name).filter(|_| is_file) {
        Some(plain) => asset(get, pages, name, plain, headers),
        None if name.rsplit('/').next().is_some_and(is_asset_name) => {
            (StatusCode::NOT_FOUND, "There is no such file.\n").into_response()
        }
        None => page(get, pages, headers),
    }
}

/// Files that pages load end like this; the addresses of pages do not.
fn is_asset_name(name: &str) -> bool {
    matches!(
        name.rsplit_once('.'),
        Some((
            _,
            "js" | "wasm" | "css" | "svg" | "ico" | "map" | "txt" | "png" | "br" | "gz"
        ))
    )
}

fn asset(get: Get, pages: &Pages, name: &str, plain: Bytes, asked: &HeaderMap) -> Response {
    let mut response = encoded(get, name, plain, asked);
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache_control(name)));
    set_policy(headers, &pages.asset_policy());
    response
}

/// The builders put a hash of sixteen digits into the names of what never changes.
fn cache_control(name: &str) -> &'static str {
    let is_hashed = name
        .split(['-', '_', '.'])
        .any(|part| (15..=16).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_hexdigit()));
    if is_hashed {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    }
}

fn page(get: Get, pages: &Pages, asked: &HeaderMap) -> Response {
    let Some(plain) = get(INDEX) else {
        return (StatusCode::SERVICE_UNAVAILABLE, NOT_BUILT).into_response();
    };
    let policy = pages.page_policy(&script_hashes(&String::from_utf8_lossy(&plain)), "'none'");
    let mut response = match pages.base.on_page(&String::from_utf8_lossy(&plain)) {
        // What was compressed is the page that says nothing of the path.
        Some(page) => encoded(|_| None, INDEX, page.into(), asked),
        None => encoded(get, INDEX, plain, asked),
    };
    let headers = response.headers_mut();
    set_policy(headers, &policy);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}

/// The app's page as `change` makes it, for the frames of these `ancestors`. It calls this server alone.
pub(crate) fn page_with(pages: &Pages, change: impl FnOnce(&str) -> String, ancestors: &str) -> Response {
    let Some(plain) = embedded(INDEX) else {
        return (StatusCode::SERVICE_UNAVAILABLE, NOT_BUILT).into_response();
    };
    let original = String::from_utf8_lossy(&plain);
    let policy = Pages::default().page_policy(&script_hashes(&original), ancestors);
    let based = pages.base.on_page(&original);
    let page = change(based.as_deref().unwrap_or(&original));
    let mut response = axum::response::Html(page).into_response();
    let headers = response.headers_mut();
    set_policy(headers, &policy);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}

fn set_policy(headers: &mut HeaderMap, policy: &str) {
    if let Ok(policy) = HeaderValue::from_str(policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
}

/// The inline scripts of a page as sources of its policy, each after a space.
fn script_hashes(html: &str) -> String {
    let hash = |script: &str| format!(" 'sha256-{}'", STANDARD.encode(sha2::Sha256::digest(script)));
    inline_scripts(html).map(hash).collect()
}

/// The file in the best form that was asked for, or the word that who asks has it already.
fn encoded(get: Get, name: &str, plain: Bytes, asked: &HeaderMap) -> Response {
    // Weak: the same for each form, and for what is compressed on its way where there is no copy.
    let tag = format!("W/\"{}\"", hex16(&sha2::Sha256::digest(&plain)));
    let mut response = if is_known(asked, &tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let copies = Encoding::accepted(asked).into_iter();
        let mut copies =
            copies.filter_map(|encoding| Some((encoding, get(&format!("{name}{}", encoding.extension()))?)));
        match copies.next() {
            Some((encoding, copy)) => {
                let mut response = Body::from(copy).into_response();
                let name = HeaderValue::from_static(encoding.name());
                response.headers_mut().insert(header::CONTENT_ENCODING, name);
                response
            }
            None => Body::from(plain).into_response(),
        }
    };
    let headers = response.headers_mut();
    let mime = mime_guess::from_path(name).first_or_octet_stream();
    let utf8 = if mime.type_() == mime_guess::mime::TEXT {
        "; charset=utf-8"
    } else {
        ""
    };
    for (name, value) in [(header::CONTENT_TYPE, format!("{mime}{utf8}")), (header::ETAG, tag)] {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(name, value);
        }
    }
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    response
}

/// Whether `If-None-Match` names the tag (RFC 9110, 13.1.2; compared weakly).
fn is_known(asked: &HeaderMap, tag: &str) -> bool {
    let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    let values = asked.get_all(header::IF_NONE_MATCH).iter();
    let mut tags = values
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','));
    tags.any(|known| known.trim() == "*" || opaque(known) == opaque(tag))
}

fn hex16(digest: &[u8]) -> String {
    digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// The scripts that stand in the page itself: trunk writes one, which starts the app. Nothing from outside is in there.
fn inline_scripts(html: &str) -> impl Iterator<Item = &str> {
    html.split("<script").skip(1).filter_map(|element| {
        let (attributes, rest) = element.split_once('>')?;
        let (script, _) = rest.split_once("</script>")?;
        (!attributes.contains("src=")).then_some(script)
    })
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt;

    use super::*;

    const HASHED: &str = "app-0123456789abcdef.js";

    fn files(name: &str) -> Option<Bytes> {
        Some(Bytes::from_static(match name {
            INDEX => b"<script type=\"module\">start();</script>",
            "index.html.br" => b"page in brotli",
            "index.html.gz" => b"page in gzip",
            HASHED => b"script",
            "app-0123456789abcdef.js.br" => b"script in brotli",
            "app-0123456789abcdef.js.gz" => b"script in gzip",
            "hasher_loader.js" => b"worker",
            "app-0123456789abcdef.wasm" => b"module",
            _ => return None,
        }))
    }

    fn ask(path: &str, headers: &[(header::HeaderName, &str)]) -> Response {
        let headers = headers.iter().map(|(name, value)| {
            let value = HeaderValue::from_str(value).expect("a value of a test");
            (name.clone(), value)
        });
        answer(files, &Pages::default(), &Method::GET, path, &headers.collect())
    }

    fn header(response: &Response, name: header::HeaderName) -> &str {
        response
            .headers()
            .get(name)
            .map_or("", |value| value.to_str().expect("ASCII"))
    }

    async fn body(response: Response) -> Bytes {
        response
            .into_body()
            .collect()
            .await
            .expect("it is in memory")
            .to_bytes()
    }

    #[test]
    fn pages_and_workers_reach_what_the_operator_names() {
        let servers =
            ["https://gpu.example.org", "http://localhost:9"].map(|url| ServerUrl::parse(url).expect("an address"));
        let policy = |pages: &Pages, path| {
            let response = answer(files, pages, &Method::GET, path, &HeaderMap::new());
            header(&response, header::CONTENT_SECURITY_POLICY).to_owned()
        };
        for path in ["/hasher_loader.js", "/"] {
            let named = policy(&Pages::new(&servers, Base::default()), path);
            let others = "connect-src 'self' https://gpu.example.org http://localhost:9;";
            assert!(named.contains(others), "{named}");
            assert!(policy(&Pages::default(), path).contains("connect-src 'self';"));
        }
    }

    #[test]
    fn scripts_in_the_page_are_found_and_others_not() {
        let html = "<head><script src=\"/a.js\"></script><script type=\"module\">\nstart();\n</script></head>";
        assert_eq!(inline_scripts(html).collect::<Vec<_>>(), ["\nstart();\n"]);
    }

    #[tokio::test]
    async fn the_copy_that_the_browser_takes_is_sent_as_it_is() {
        for (accepted, encoding, content) in [
            ("gzip, deflate, br", "br", "script in brotli"),
            ("gzip", "gzip", "script in gzip"),
            ("br;q=0, gzip;q=0.1", "gzip", "script in gzip"),
            ("identity", "", "script"),
            ("br;q=0, gzip;q=0", "", "script"),
        ] {
            let response = ask(&format!("/{HASHED}"), &[(header::ACCEPT_ENCODING, accepted)]);
            assert_eq!(header(&response, header::CONTENT_ENCODING), encoding, "{accepted}");
            assert_eq!(header(&response, header::VARY), "accept-encoding");
            assert_eq!(
                header(&response, header::CONTENT_TYPE),
                "text/javascript; charset=utf-8"
            );
            assert_eq!(body(response).await, content, "{accepted}");
        }
    }

    #[tokio::test]
    async fn a_file_without_copies_is_sent_plain() {
        let response = ask("/app-0123456789abcdef.wasm", &[(header::ACCEPT_ENCODING, "br")]);
        assert_eq!(header(&response, header::CONTENT_ENCODING), "");
        assert_eq!(header(&response, header::CONTENT_TYPE), "application/wasm");
        assert_eq!(body(response).await, "module");
    }

    #[test]
    fn what_has_a_hash_in_its_name_is_kept_for_ever_and_the_page_asked_for_each_time() {
        let kept = |path: &str| header(&ask(path, &[]), header::CACHE_CONTROL).to_owned();
        assert_eq!(kept(&format!("/{HASHED}")), "public, max-age=31536000, immutable");
        assert_eq!(kept("/hasher_loader.js"), "no-cache");
        assert_eq!(kept("/"), "no-cache");
        assert_eq!(kept("/projects/default/jobs"), "no-cache");
    }

    #[tokio::test]
    async fn a_page_that_is_known_is_not_sent_again() {
        let first = ask("/", &[(header::ACCEPT_ENCODING, "br")]);
        let tag = header(&first, header::ETAG).to_owned();
        assert!(!tag.is_empty());
        assert_eq!(body(first).await, "page in brotli");

        for known in [
            tag.clone(),
            format!("\"other\", {tag}"),
            tag.trim_start_matches("W/").to_owned(),
            "*".to_owned(),
        ] {
            let again = ask("/projects/default/jobs", &[(header::IF_NONE_MATCH, &known)]);
            assert_eq!(again.status(), StatusCode::NOT_MODIFIED, "{known}");
            assert_eq!(header(&again, header::ETAG), tag);
            assert!(header(&again, header::CONTENT_SECURITY_POLICY).contains("'sha256-"));
            assert!(body(again).await.is_empty());
        }
        assert_eq!(
            ask("/", &[(header::IF_NONE_MATCH, "\"other\"")]).status(),
            StatusCode::OK
        );
    }

    #[test]
    fn only_files_have_addresses_of_files() {
        assert_eq!(ask(&format!("/{HASHED}.br"), &[]).status(), StatusCode::NOT_FOUND);
        assert_eq!(ask("/gone-0123456789abcdef.js", &[]).status(), StatusCode::NOT_FOUND);
        assert_eq!(ask("/index.html", &[]).status(), StatusCode::OK);
        let posted = answer(files, &Pages::default(), &Method::POST, "/", &HeaderMap::new());
        assert_eq!(posted.status(), StatusCode::METHOD_NOT_ALLOWED);
    }
}
