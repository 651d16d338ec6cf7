//! Share links, told to both Stores.

use jobsphere_api::{
    id::{JobId, ProjectId, ShareId},
    sha256::Sha256,
    share::{Share, ShareParts},
    time,
};
use jobsphere_service::{Change, ShareRecord, Store, memory::MemoryStore};

use super::super::SqliteStore;

fn link(id: &str, job: &str, created_micros: i64) -> ShareRecord {
    ShareRecord {
        id: ShareId::parse(id).unwrap(),
        share: Share {
            id: id.into(),
            project_id: "p".into(),
            job_id: job.into(),
            parts: Some(ShareParts {
                outputs: vec!["a".into()],
                ..Default::default()
            }),
            expires_at: Some(time::from_millis(created_micros)),
            ..Default::default()
        },
        secret: Sha256::of(id.as_bytes()),
        created_micros,
        revoked: None,
        used_micros: None,
        uses: 0,
    }
}

async fn keeps_links(store: &dyn Store) {
    let id = |text: &str| ShareId::parse(text).unwrap();
    let put = |record: ShareRecord| Change::PutShare(Box::new(record));
    let links = [link("s1", "j1", 1), link("s2", "j1", 2), link("s3", "j2", 3)];
    store.commit(links.clone().map(put).into()).await.unwrap();
    assert_eq!(store.share(&id("s1")).await.unwrap(), Some(links[0].clone()));
    assert_eq!(store.share(&id("s9")).await.unwrap(), None);
    let listed = async |project: &str, job: Option<&str>, limit| {
        let job = job.map(|job| JobId::parse(job).unwrap());
        let project = ProjectId::parse(project).unwrap();
        let found = store.shares(&project, job.as_ref(), limit).await.unwrap();
        found
            .into_iter()
            .map(|record| record.id.to_string())
            .collect::<Vec<_>>()
    };
    assert_eq!(listed("p", None, 9).await, ["s3", "s2", "s1"]);
    assert_eq!(listed("p", Some("j1"), 9).await, ["s2", "s1"]);
    assert_eq!(listed("p", None, 1).await, ["s3"]);
    assert!(listed("q", None, 9).await.is_empty());

    let good = async |job: Option<&str>, now_micros, limit| {
        let job = job.map(|job| JobId::parse(job).unwrap());
        let project = ProjectId::parse("p").unwrap();
        let mut found = store
            .good_shares(&project, job.as_ref(), now_micros, limit)
            .await
            .unwrap();
        found.sort();
        found.into_iter().map(|id| id.to_string()).collect::<Vec<_>>()
    };
    // They end at the thousandth part of a second that their number says.
    assert_eq!(good(None, 999, 9).await, ["s1", "s2", "s3"]);
    assert_eq!(good(None, 1000, 9).await, ["s2", "s3"]);
    assert_eq!(good(Some("j1"), 1000, 9).await, ["s2"]);
    assert_eq!(good(None, 0, 2).await.len(), 2);
    assert!(good(None, 3000, 9).await.is_empty());

    let revoke = |by: &str, at_micros| Change::RevokeShares {
        shares: vec![id("s1"), id("s9")],
        at_micros,
        by: by.into(),
    };
    let count = |at_micros, uses| Change::CountUses {
        share: id("s1"),
        at_micros,
        uses,
    };
    store.commit(vec![revoke("anna", 5), count(7, 2)]).await.unwrap();
    store.commit(vec![revoke("boris", 6), count(4, 1)]).await.unwrap();
    assert_eq!(good(None, 0, 9).await, ["s2", "s3"]);
    let record = store.share(&id("s1")).await.unwrap().unwrap();
    assert_eq!(record.revoked, Some((5, "anna".into())));
    assert_eq!((record.used_micros, record.uses), (Some(7), 3));

    let gone = Change::DeleteJob(JobId::parse("j1").unwrap());
    store.commit(vec![gone]).await.unwrap();
    assert_eq!(listed("p", None, 9).await, ["s3"]);
}

#[tokio::test]
async fn both_keep_links_as_long_as_their_jobs() {
    keeps_links(&MemoryStore::default()).await;
    let dir = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(dir.path()).await.unwrap();
    keeps_links(&store).await;
    drop(store);
    let store = SqliteStore::open(dir.path()).await.unwrap();
    let kept = store.share(&ShareId::parse("s3").unwrap()).await.unwrap();
    assert_eq!(kept, Some(link("s3", "j2", 3)));
}

#[tokio::test]
async fn good_links_are_found_however_many_are_good_no_more() {
    let dir = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(dir.path()).await.unwrap();
    let good = link("good", "j", 9);
    let mut over: Vec<ShareRecord> = (0..200)
        .map(|number| ShareRecord {
            revoked: Some((1, "anna".into())),
            ..link(&format!("revoked{number}"), "j", 10)
        })
        .collect();
    over.extend((0..200).map(|number| link(&format!("ended{number}"), "j", 5)));
    let puts = std::iter::once(good.clone()).chain(over);
    let puts = puts.map(|record| Change::PutShare(Box::new(record)));
    store.commit(puts.collect()).await.unwrap();
    let project = ProjectId::parse("p").unwrap();
    let found = store.good_shares(&project, None, 6000, 1).await.unwrap();
    assert_eq!(found, [good.id]);
}

#[tokio::test]
async fn links_of_the_version_before_end_when_they_did() {
    let dir = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(dir.path()).await.unwrap();
    let puts = [link("s1", "j", 1), link("s2", "j", 2)].map(|record| Change::PutShare(Box::new(record)));
    store.commit(puts.into()).await.unwrap();
    drop(store);
    let writer = super::super::open_writer(dir.path()).await.unwrap();
    for change in [
        "UPDATE shares SET expires_millis = NULL",
        "UPDATE shares SET body = x'ff' WHERE id = 's2'",
    ] {
        sqlx::query(change).execute(&writer).await.unwrap();
    }
    writer.close().await;
    let store = SqliteStore::open(dir.path()).await.unwrap();
    let project = ProjectId::parse("p").unwrap();
    let found = store.good_shares(&project, None, 0, 9).await.unwrap();
    assert_eq!(found, [ShareId::parse("s1").unwrap()]);
}
