//! The routes with real files, as a client sees them.

mod parts;

use std::{os::unix::fs::PermissionsExt, sync::Arc};

use axum::{Router, body::Body};
use http::{Method, Request, StatusCode, header};
use http_body_util::BodyExt;
use jobsphere_api::{
    id::ProjectId,
    jobs::{File, FileDesc},
    sha256::Sha256,
};
use jobsphere_rules::limits;
use jobsphere_service::Blobs;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tower::ServiceExt;

use super::router;
use crate::blobs::{self, DiskBlobs, Link, now_s};

struct World {
    dir: tempfile::TempDir,
    blobs: Arc<DiskBlobs>,
    router: Router,
}

impl World {
    async fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let blobs = Arc::new(DiskBlobs::open(dir.path()).await.unwrap());
        Self {
            dir,
            router: router(blobs.clone()),
            blobs,
        }
    }

    fn put_url(&self, path: &str, content: &[u8]) -> String {
        self.blobs.upload_url("", &project(), &file(path, content))
    }

    fn get_url(&self, path: &str, content: &[u8]) -> String {
        self.blobs.download_url("", &project(), &file(path, content))
    }

    async fn send(
        &self,
        method: Method,
        url: &str,
        range: &str,
        body: impl Into<Body>,
    ) -> (StatusCode, http::HeaderMap, Vec<u8>) {
        let mut request = Request::builder().method(method).uri(url);
        if !range.is_empty() {
            request = request.header(header::RANGE, range);
        }
        let request = request.body(body.into()).unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes().to_vec();
        (parts.status, parts.headers, bytes)
    }

    async fn put(&self, url: &str, body: impl Into<Body>) -> StatusCode {
        self.send(Method::PUT, url, "", body).await.0
    }

    fn leftovers(&self) -> usize {
        std::fs::read_dir(self.dir.path().join("incoming")).unwrap().count()
    }
}

fn project() -> ProjectId {
    ProjectId::parse("default").unwrap()
}

fn file(path: &str, content: &[u8]) -> File {
    File {
        desc: Some(FileDesc {
            path: path.into(),
            var: String::new(),
        }),
        sha256: Sha256::of(content).to_string(),
        size_bytes: content.len() as i64,
        compression_type: 1,
    }
}

#[tokio::test]
async fn what_was_put_is_given_whole_and_in_ranges() {
    let world = World::new().await;
    let content = b"0123456789";
    assert_eq!(
        world.put(&world.put_url("a.txt", content), &content[..]).await,
        StatusCode::OK
    );
    assert!(world.blobs.holds(&project(), Sha256::of(content)).await.unwrap());
    let url = world.get_url("a.txt", content);
    for (range, status, bytes) in [
        ("", StatusCode::OK, &content[..]),
        ("bytes=2-4", StatusCode::PARTIAL_CONTENT, b"234"),
        ("bytes=-3", StatusCode::PARTIAL_CONTENT, b"789"),
        ("bytes=7-", StatusCode::PARTIAL_CONTENT, b"789"),
        ("bytes=20-", StatusCode::RANGE_NOT_SATISFIABLE, b""),
    ] {
        let (found, headers, body) = world.send(Method::GET, &url, range, Body::empty()).await;
        assert_eq!((found, body.as_slice()), (status, bytes), "{range}");
        assert!(
            headers[header::CONTENT_DISPOSITION]
                .to_str()
                .unwrap()
                .starts_with("attachment")
        );
    }
    let (status, headers, _) = world.send(Method::HEAD, &url, "", Body::empty()).await;
    assert_eq!(
        (status, headers[header::CONTENT_LENGTH].to_str().unwrap()),
        (StatusCode::OK, "10")
    );
}

#[tokio::test]
async fn other_bytes_are_refused_and_leave_nothing() {
    let world = World::new().await;
    let url = world.put_url("a", b"right");
    for wrong in ["wrong", "righ", "right and more"] {
        assert_eq!(
            world.put(&url, wrong).await,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{wrong}"
        );
    }
    let broken = futures::stream::iter([Ok("ri"), Err(std::io::Error::other("cut"))]);
    assert_eq!(
        world.put(&url, Body::from_stream(broken)).await,
        StatusCode::BAD_REQUEST
    );
    assert!(!world.blobs.holds(&project(), Sha256::of(b"right")).await.unwrap());
    assert_eq!(world.leftovers(), 0);
    assert_eq!(world.put(&url, "right").await, StatusCode::OK);
    assert_eq!(world.put(&url, "right").await, StatusCode::OK, "twice is as good");
}

#[tokio::test]
async fn an_address_names_one_file_and_one_method() {
    let world = World::new().await;
    world.put(&world.put_url("a", b"a"), "a").await;
    world.put(&world.put_url("b", b"b"), "b").await;
    let url = world.get_url("a", b"a");
    let other = url.replace(&Sha256::of(b"a").to_string(), &Sha256::of(b"b").to_string());
    let altered = [
        other,
        url.replace("/default/", "/other/"),
        url.replace("/a?", "/b?"),
        url.replace("&e=1", "&e=2"),
        url.replace("m=get", "m=put"),
        format!("{}A", &url[..url.len() - 1]),
    ];
    for altered in altered {
        let (status, _, _) = world.send(Method::GET, &altered, "", Body::empty()).await;
        let is_same = altered == url;
        assert_eq!(
            status,
            if is_same { StatusCode::OK } else { StatusCode::FORBIDDEN },
            "{altered}"
        );
    }
    assert_eq!(world.put(&url, "a").await, StatusCode::FORBIDDEN);
    let put_url = world.put_url("a", b"a");
    assert_eq!(
        world.send(Method::GET, &put_url, "", Body::empty()).await.0,
        StatusCode::FORBIDDEN
    );
    assert_eq!(
        world
            .send(Method::GET, &url.replace("&e=", "&e=-"), "", Body::empty())
            .await
            .0,
        StatusCode::FORBIDDEN
    );
}

#[tokio::test]
async fn a_download_keeps_its_name_and_is_never_a_page() {
    let world = World::new().await;
    world.put(&world.put_url("x", b"<script>"), "<script>").await;
    let name = "out/Отчёт \"1\"\r\n<script>.html";
    let (status, headers, _) = world
        .send(Method::GET, &world.get_url(name, b"<script>"), "", Body::empty())
        .await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(headers[header::CONTENT_TYPE], "application/octet-stream");
    let disposition = headers[header::CONTENT_DISPOSITION].to_str().unwrap();
    assert!(
        disposition.contains("filename*=UTF-8''%D0%9E%D1%82%D1%87%D1%91%D1%82%20%221%22__%3Cscript%3E.html"),
        "{disposition}"
    );
    let (_, headers, _) = world
        .send(Method::GET, &world.get_url("plot.png", b"<script>"), "", Body::empty())
        .await;
    assert_eq!(headers[header::CONTENT_TYPE], "image/png");
}

#[tokio::test]
async fn an_empty_and_a_large_file_pass() {
    let world = World::new().await;
    assert_eq!(world.put(&world.put_url("e", b""), "").await, StatusCode::OK);
    let (status, headers, body) = world
        .send(Method::GET, &world.get_url("e", b""), "", Body::empty())
        .await;
    assert_eq!((status, body.len()), (StatusCode::OK, 0));
    assert_eq!(headers[header::CONTENT_LENGTH], "0");
    let large = vec![7_u8; 64 << 20];
    let chunks: Vec<_> = large
        .chunks(100_000)
        .map(|chunk| Ok::<_, std::io::Error>(chunk.to_vec()))
        .collect();
    let body = Body::from_stream(futures::stream::iter(chunks));
    assert_eq!(world.put(&world.put_url("l", &large), body).await, StatusCode::OK);
    let (_, _, back) = world
        .send(Method::GET, &world.get_url("l", &large), "", Body::empty())
        .await;
    assert!(back == large);
}

#[tokio::test]
async fn an_address_expires_and_is_for_files_of_a_possible_size() {
    let world = World::new().await;
    world.put(&world.put_url("a", b"a"), "a").await;
    let link = |method, size_bytes, expires_s| {
        let link = Link {
            project: project().to_string(),
            sha256: Sha256::of(b"a").to_string(),
            name: "a".into(),
            method,
            size_bytes,
            expires_s,
        };
        world.blobs.sign("", &link)
    };
    let later = now_s() + 60;
    let expired = link(blobs::Method::Get, 1, now_s() - 1);
    let (status, headers, body) = world.send(Method::GET, &expired, "", Body::empty()).await;
    assert_eq!(status, StatusCode::GONE);
    assert_eq!(headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
    assert_eq!(body, b"this address has expired; ask for a new one\n");
    assert_eq!(
        world.put(&link(blobs::Method::Put, 1, now_s() - 1), "a").await,
        StatusCode::GONE
    );
    assert_eq!(
        world.put(&link(blobs::Method::Put, 1, later), "a").await,
        StatusCode::OK
    );
    let huge = link(blobs::Method::Put, limits::MAX_FILE_BYTES + 1, later);
    assert_eq!(world.put(&huge, "a").await, StatusCode::PAYLOAD_TOO_LARGE);
    let unsigned = link(blobs::Method::Get, 1, later)
        .split("&k=")
        .next()
        .unwrap()
        .to_owned();
    for altered in [
        unsigned.as_str(),
        &format!("{unsigned}&k=~"),
        "/files/a/b/c",
        "/files/a/b/%FF?m=get",
    ] {
        let (status, ..) = world.send(Method::GET, altered, "", Body::empty()).await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{altered}");
    }
}

#[tokio::test]
async fn a_range_is_given_only_of_the_content_that_was_known() {
    let world = World::new().await;
    let content = b"0123456789";
    world.put(&world.put_url("a", content), &content[..]).await;
    let url = world.get_url("a", content);
    let tag = format!("\"{}\"", Sha256::of(content));
    for (if_range, range, status, length) in [
        (tag.as_str(), "bytes=1-2", StatusCode::PARTIAL_CONTENT, 2),
        ("\"other\"", "bytes=1-2", StatusCode::OK, 10),
        ("Wed, 21 Oct 2015 07:28:00 GMT", "bytes=1-2", StatusCode::OK, 10),
        (tag.as_str(), "bytes=1-2,4-5", StatusCode::OK, 10),
    ] {
        let request = Request::get(&url)
            .header(header::RANGE, range)
            .header(header::IF_RANGE, if_range);
        let response = world
            .router
            .clone()
            .oneshot(request.body(Body::empty()).unwrap())
            .await
            .unwrap();
        assert_eq!(response.headers()[header::ETAG], tag.as_str());
        let found = (
            response.status(),
            response.into_body().collect().await.unwrap().to_bytes().len(),
        );
        assert_eq!(found, (status, length), "{if_range} {range}");
    }
}

#[tokio::test]
async fn the_same_content_may_arrive_twice_at_once() {
    let world = World::new().await;
    let content = vec![3_u8; 4 << 20];
    let url = world.put_url("a", &content);
    let both = futures::join!(world.put(&url, content.clone()), world.put(&url, content.clone()));
    assert_eq!(both, (StatusCode::OK, StatusCode::OK));
    let (_, _, back) = world
        .send(Method::GET, &world.get_url("a", &content), "", Body::empty())
        .await;
    assert!(back == content);
    assert_eq!(world.leftovers(), 0);
}

#[tokio::test]
async fn an_opened_folder_keeps_its_files_and_addresses_and_drops_leftovers() {
    let world = World::new().await;
    world.put(&world.put_url("a", b"a"), "a").await;
    let url = world.get_url("a", b"a");
    std::fs::write(world.blobs.incoming_dir().join("half"), "a").unwrap();
    let again = router(Arc::new(DiskBlobs::open(world.dir.path()).await.unwrap()));
    assert_eq!(world.leftovers(), 0);
    let response = again
        .oneshot(Request::get(&url).body(Body::empty()).unwrap())
        .await
        .unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    let key = std::fs::metadata(world.dir.path().join("secret.key")).unwrap();
    assert_eq!((key.permissions().mode() & 0o777, key.len()), (0o600, 32));
}

/// A browser that is cut off while it sends reports a lost connection, and would try for ever.
#[tokio::test]
async fn a_sender_in_the_middle_of_a_large_file_hears_the_refusal() {
    let world = World::new().await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut sender = tokio::net::TcpStream::connect(listener.local_addr().unwrap())
        .await
        .unwrap();
    let server = tokio::spawn(axum::serve(listener, world.router.clone()).into_future());
    let content = vec![0_u8; 24 << 20];
    let url = world.put_url("a", b"a");
    let head = format!(
        "PUT {url} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
        content.len()
    );
    sender.write_all(head.as_bytes()).await.unwrap();
    sender.write_all(&content).await.unwrap();
    let mut answer = String::new();
    sender.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 422 "), "{answer}");
    server.abort();
}
