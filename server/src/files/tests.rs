//! The routes with real files, as a client sees them.

use std::sync::Arc;

use axum::{Router, body::Body};
use http::{Method, Request, StatusCode, header};
use http_body_util::BodyExt;
use jobsphere::{
    api::{
        id::ProjectId,
        jobs::{File, FileDesc},
        sha256::Sha256,
    },
    service::Blobs,
};
use tower::ServiceExt;

use super::router;
use crate::blobs::DiskBlobs;

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
        disposition.contains("filename*=UTF-8''%D0%9E%D1%82%D1%87%D1%91%D1%82%20%221%22%0D%0A%3Cscript%3E.html"),
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
