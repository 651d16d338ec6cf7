//! Files that arrive in parts.

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use futures::{StreamExt, channel::mpsc, stream};

use super::*;

const CONTENT: &[u8] = b"0123456789";

impl World {
    /// Status, `Upload-Offset` and `Upload-Complete` of an answer.
    async fn part(&self, method: Method, url: &str, offset: &str, body: impl Into<Body>) -> (u16, String, String) {
        let mut request = Request::builder().method(method).uri(url);
        if !offset.is_empty() {
            request = request.header("upload-offset", offset);
        }
        let request = request.body(body.into()).unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let header = |name: &str| {
            let value = response.headers().get(name);
            value
                .map(|value| value.to_str().unwrap().to_owned())
                .unwrap_or_default()
        };
        (
            response.status().as_u16(),
            header("upload-offset"),
            header("upload-complete"),
        )
    }

    async fn patch(&self, url: &str, offset: &str, body: impl Into<Body>) -> (u16, String, String) {
        self.part(Method::PATCH, url, offset, body).await
    }

    async fn kept(&self, url: &str) -> (u16, String, String) {
        self.part(Method::HEAD, url, "", Body::empty()).await
    }

    async fn is_held(&self) -> bool {
        self.blobs.holds(&project(), Sha256::of(CONTENT)).await.unwrap()
    }

    fn partials(&self) -> usize {
        std::fs::read_dir(self.dir.path().join("partial")).unwrap().count()
    }
}

fn says(status: u16, offset: &str, complete: &str) -> (u16, String, String) {
    (status, offset.into(), complete.into())
}

#[tokio::test]
async fn parts_become_the_file_also_after_a_restart() {
    let mut world = World::new().await;
    let url = world.put_url("a", CONTENT);
    assert_eq!(world.kept(&url).await, says(204, "0", "?0"));
    assert_eq!(world.patch(&url, "0", "0123").await, says(204, "4", "?0"));
    assert!(!world.is_held().await);
    world.blobs = Arc::new(DiskBlobs::open(world.dir.path()).await.unwrap());
    world.router = router(world.blobs.clone());
    assert_eq!(world.kept(&url).await, says(204, "4", "?0"));
    assert_eq!(world.patch(&url, "4", "").await, says(204, "4", "?0"));
    assert_eq!(world.patch(&url, "4", "456789").await, says(200, "10", "?1"));
    assert!(world.is_held().await);
    assert_eq!(world.partials(), 0);
    // Said again, as by somebody who did not hear the answer.
    assert_eq!(world.kept(&url).await, says(204, "10", "?1"));
    assert_eq!(world.patch(&url, "4", "456789").await, says(200, "10", "?1"));
}

#[tokio::test]
async fn a_connection_that_breaks_anywhere_costs_only_what_was_under_way() {
    for cut in 0..CONTENT.len() {
        let world = World::new().await;
        let url = world.put_url("a", CONTENT);
        let pieces = stream::iter([
            Ok(Bytes::copy_from_slice(&CONTENT[..cut])),
            Err(std::io::Error::other("cut")),
        ]);
        let (status, _, complete) = world.patch(&url, "0", Body::from_stream(pieces)).await;
        assert_eq!((status, complete.as_str()), (204, "?0"));
        let (_, offset, _) = world.kept(&url).await;
        assert_eq!(offset, cut.to_string());
        let rest = CONTENT[cut..].to_vec();
        assert_eq!(world.patch(&url, &offset, rest).await, says(200, "10", "?1"));
        assert!(world.is_held().await);
    }
}

#[tokio::test]
async fn a_newer_request_ends_one_that_hangs() {
    let world = Arc::new(World::new().await);
    let url = world.put_url("a", CONTENT);
    let (send, pieces) = mpsc::unbounded::<Result<Bytes, std::io::Error>>();
    send.unbounded_send(Ok(Bytes::from_static(b"012"))).unwrap();
    let hanging = {
        let (world, url) = (world.clone(), url.clone());
        tokio::spawn(async move { world.patch(&url, "0", Body::from_stream(pieces.boxed())).await })
    };
    // Its first piece has arrived; the connection stays open and silent.
    while std::fs::read(world.dir.path().join("partial").join(partial_name()))
        .unwrap_or_default()
        .len()
        < 3
    {
        tokio::task::yield_now().await;
    }
    assert_eq!(world.kept(&url).await, says(204, "3", "?0"));
    assert_eq!(hanging.await.unwrap(), says(204, "3", "?0"));
    assert_eq!(world.patch(&url, "3", "3456789").await, says(200, "10", "?1"));
    drop(send);
}

fn partial_name() -> String {
    format!("default.{}", Sha256::of(CONTENT))
}

#[tokio::test]
async fn what_cannot_become_the_file_is_refused() {
    let world = World::new().await;
    let url = world.put_url("a", CONTENT);
    assert_eq!(world.patch(&url, "0", "012").await, says(204, "3", "?0"));
    for wrong in ["0", "2", "4"] {
        assert_eq!(world.patch(&url, wrong, "x").await, says(409, "3", ""));
    }
    for garbage in ["", "-3", "+3", "3.0", "three", "99999999999999999999999"] {
        assert_eq!(world.patch(&url, garbage, "x").await.0, 400, "{garbage}");
    }
    assert_eq!(world.kept(&url).await, says(204, "3", "?0"));
    assert_eq!(world.patch(&url, "3", "wrong!!").await.0, 422);
    assert_eq!(world.kept(&url).await, says(204, "0", "?0"));
    assert_eq!(world.patch(&url, "0", "0123456789 and more").await.0, 422);
    assert_eq!((world.partials(), world.is_held().await), (0, false));
    let altered = url.replace("k=", "k=A");
    assert_eq!(
        (world.patch(&altered, "0", "0").await.0, world.kept(&altered).await.0),
        (403, 403)
    );
    let get = world.get_url("a", CONTENT);
    assert_eq!(world.patch(&get, "0", "0").await.0, 403);
}

#[tokio::test]
async fn a_plain_put_makes_parts_needless_and_an_empty_file_is_one_part() {
    let world = World::new().await;
    let url = world.put_url("a", CONTENT);
    world.patch(&url, "0", "012").await;
    assert_eq!(world.put(&url, CONTENT).await, StatusCode::OK);
    assert_eq!((world.partials(), world.is_held().await), (0, true));
    let empty = world.put_url("b", b"");
    assert_eq!(world.patch(&empty, "0", "").await, says(200, "0", "?1"));
}

#[tokio::test]
async fn what_nobody_can_send_on_any_more_is_removed() {
    let world = World::new().await;
    let url = world.put_url("a", CONTENT);
    world.patch(&url, "0", "012").await;
    let path = world.dir.path().join("partial").join(partial_name());
    let set_age = |hours: u64| {
        let file = std::fs::File::options().append(true).open(&path).unwrap();
        file.set_modified(SystemTime::now() - Duration::from_secs(hours * 3600))
            .unwrap();
    };
    set_age(23);
    DiskBlobs::open(world.dir.path()).await.unwrap();
    assert_eq!(world.partials(), 1);
    set_age(25);
    DiskBlobs::open(world.dir.path()).await.unwrap();
    assert_eq!(world.partials(), 0);
}
