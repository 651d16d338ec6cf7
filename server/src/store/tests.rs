//! One story told to both Stores, so that they cannot drift apart.

mod shares;

use jobsphere_api::{
    id::{DatasetId, JobId, OperationId, ProjectId},
    jobs::{
        DockerImageSpec, Environment, Job, JobProgress, JobStatus, OutputDatasetDesc, docker_image_spec::Password,
        environment::DockerImage,
    },
    operation::Operation,
    project::Project,
    sha256::Sha256,
    time,
};
use jobsphere_service::{
    Cancellation, Change, DatasetRecord, JobQuery, JobRecord, OperationRecord, Repeat, Store, memory::MemoryStore,
};

use sqlx::{Execute, Row};

use super::{SqliteStore, listing};

fn record(sequence: i64, project: &str, status: JobStatus) -> JobRecord {
    JobRecord {
        job: Job {
            id: format!("job{sequence}"),
            project_id: project.into(),
            status: status.into(),
            ..Default::default()
        }
        .into(),
        sequence,
        execute_operation: None,
        waiting_since: None,
        cancellation: None,
        progress: None,
    }
}

fn query(project: Option<&str>, statuses: &[JobStatus], before: Option<i64>, limit: usize) -> JobQuery {
    JobQuery {
        project_id: project.map(|id| ProjectId::parse(id).unwrap()),
        statuses: statuses.to_vec(),
        before,
        limit,
    }
}

async fn sequences(store: &dyn Store, query: JobQuery) -> Vec<i64> {
    let jobs = store.jobs(&query).await.unwrap();
    jobs.into_iter().map(|record| record.sequence).collect()
}

async fn keeps_datasets(store: &dyn Store) {
    let dataset = |id: &str, project: &str, created_micros: i64| DatasetRecord {
        id: DatasetId::parse(id).unwrap(),
        project_id: ProjectId::parse(project).unwrap(),
        job_id: JobId::parse("j").unwrap(),
        desc: OutputDatasetDesc {
            name: id.to_uppercase(),
            size_gb: 1,
            ..Default::default()
        },
        created_micros,
    };
    let made = [
        dataset("late", "a", 3),
        dataset("early", "a", 1),
        dataset("elsewhere", "b", 2),
    ];
    let puts = made.iter().map(|record| Change::PutDataset(Box::new(record.clone())));
    store.commit(puts.collect()).await.unwrap();
    assert_eq!(store.dataset(&made[0].id).await.unwrap().as_ref(), Some(&made[0]));
    let [late, early, elsewhere] = made;
    let all = vec![early.clone(), elsewhere.clone(), late.clone()];
    assert_eq!(store.datasets(None).await.unwrap(), all);
    assert_eq!(store.datasets(Some(&elsewhere.project_id)).await.unwrap(), [elsewhere]);
    store.commit(vec![Change::DropDataset(late.id.clone())]).await.unwrap();
    assert_eq!(store.dataset(&late.id).await.unwrap(), None);
    assert_eq!(store.datasets(Some(&late.project_id)).await.unwrap(), [early]);
}

async fn keeps_a_password_beside_its_job(store: &dyn Store) {
    let spec = DockerImageSpec {
        password: Some(Password::PasswordPlainText("s3cr3t".into())),
        ..Default::default()
    };
    let env = Environment {
        docker_image: Some(DockerImage::DockerImageSpec(spec)),
        ..Default::default()
    };
    let mut record = record(700, "secretive", JobStatus::Creating);
    let mut whole = record.job.whole();
    whole.job_parameters.get_or_insert_default().env = Some(env);
    record.job = whole.clone().into();
    store
        .commit(vec![Change::PutJob(Box::new(record.clone()))])
        .await
        .unwrap();
    let kept = store.job(&JobId::parse("job700").unwrap()).await.unwrap().unwrap();
    assert_eq!((&kept, kept.job.whole()), (&record, whole));
    assert!(!format!("{:?}", *kept.job).contains("s3cr3t"));
    store
        .commit(vec![Change::DeleteJob(JobId::parse("job700").unwrap())])
        .await
        .unwrap();
}

async fn knows_who_needs_a_file(store: &dyn Store) {
    let (project, other) = (ProjectId::parse("a").unwrap(), ProjectId::parse("b").unwrap());
    let (one, two, three) = (Sha256::of(b"1"), Sha256::of(b"2"), Sha256::of(b"3"));
    let set = |job: &str, project: &ProjectId, files: &[Sha256]| Change::SetFiles {
        job: JobId::parse(job).unwrap(),
        project: project.clone(),
        files: files.iter().copied().collect(),
    };
    let changes = vec![
        set("j1", &project, &[one, two]),
        set("j2", &project, &[two]),
        set("j3", &other, &[three]),
    ];
    store.commit(changes).await.unwrap();
    let all = vec![one, two, three];
    assert_eq!(store.unneeded(&project, all.clone()).await.unwrap(), [three]);
    store.commit(vec![set("j2", &project, &[])]).await.unwrap();
    assert_eq!(store.unneeded(&project, all.clone()).await.unwrap(), [three]);
    let gone = Change::DeleteJob(JobId::parse("j1").unwrap());
    store.commit(vec![gone]).await.unwrap();
    assert_eq!(store.unneeded(&project, all.clone()).await.unwrap(), all);
}

async fn forgets_what_is_over(store: &dyn Store) {
    use JobStatus::{Creating, Executing, Success};
    let expiring = |sequence, status, seconds: Option<i64>| {
        let mut record = record(sequence, "a", status);
        record.job.data_expires_at = seconds.map(|seconds| time::from_millis(seconds * 1000));
        record
    };
    let mut cleared = expiring(15, Success, Some(10));
    cleared.job.data_cleared = true;
    let rows = [
        expiring(11, Success, Some(10)),
        expiring(12, Creating, Some(9)),
        expiring(13, Executing, Some(10)),
        expiring(14, Success, None),
        cleared,
        expiring(16, Success, Some(30)),
    ];
    let changes = rows.map(|record| Change::PutJob(Box::new(record)));
    store.commit(changes.into()).await.unwrap();
    let mut expired = store.expired(20, 9).await.unwrap();
    expired.sort();
    assert_eq!(expired, ["job11", "job12"].map(|id| JobId::parse(id).unwrap()));
    assert_eq!(store.expired(20, 1).await.unwrap().len(), 1);
    assert_eq!(store.expired(5, 9).await.unwrap(), []);

    let repeat = Repeat {
        key: Sha256::of(b"key"),
        request: Sha256::of(b"request"),
        operation: OperationId::parse("op").unwrap(),
        at_micros: 50,
    };
    store.commit(vec![Change::PutRepeat(repeat.clone())]).await.unwrap();
    let drop = |before_micros| vec![Change::DropRepeats { before_micros }];
    store.commit(drop(50)).await.unwrap();
    assert_eq!(store.repeat(repeat.key).await.unwrap(), Some(repeat.clone()));
    store.commit(drop(51)).await.unwrap();
    assert_eq!(store.repeat(repeat.key).await.unwrap(), None);
}

async fn keeps_what_was_committed(store: &dyn Store) {
    use JobStatus::{Error, Executing, Success};
    assert_eq!(store.last_sequence().await.unwrap(), 0);
    let project = |id: &str| Project {
        id: id.into(),
        ..Default::default()
    };
    store
        .commit(vec![
            Change::PutProject(Box::new(project("a"))),
            Change::PutProject(Box::new(project("b"))),
        ])
        .await
        .unwrap();
    let after = ProjectId::parse("a").unwrap();
    assert_eq!(store.projects(None, 1).await.unwrap(), [project("a")]);
    assert_eq!(store.projects(Some(&after), 9).await.unwrap(), [project("b")]);
    assert_eq!(store.project(&after).await.unwrap(), Some(project("a")));

    for (sequence, owner, status) in [(1, "a", Success), (2, "b", Success), (3, "a", Error), (4, "a", Success)] {
        store
            .commit(vec![Change::PutJob(Box::new(record(sequence, owner, status)))])
            .await
            .unwrap();
    }
    assert_eq!(store.last_sequence().await.unwrap(), 4);
    assert_eq!(sequences(store, query(None, &[], None, 9)).await, [4, 3, 2, 1]);
    assert_eq!(sequences(store, query(Some("a"), &[], None, 2)).await, [4, 3]);
    assert_eq!(sequences(store, query(Some("a"), &[], Some(3), 2)).await, [1]);
    assert_eq!(sequences(store, query(None, &[Error, Executing], None, 9)).await, [3]);

    let mut changed = record(3, "a", Executing);
    changed.waiting_since = Some(77);
    changed.execute_operation = Some(OperationId::parse("op").unwrap());
    changed.cancellation = Some(Cancellation {
        reason: "why".into(),
        graceful: true,
    });
    changed.progress = Some(JobProgress {
        progress: 7,
        ..Default::default()
    });
    let operation = OperationRecord {
        operation: Operation {
            id: "op".into(),
            ..Default::default()
        },
        project_id: after.clone(),
        job_id: Some(JobId::parse("job3").unwrap()),
    };
    store
        .commit(vec![
            Change::PutJob(Box::new(changed.clone())),
            Change::PutOperation(Box::new(operation.clone())),
        ])
        .await
        .unwrap();
    let job3 = JobId::parse("job3").unwrap();
    assert_eq!(store.job(&job3).await.unwrap(), Some(changed));
    let id = OperationId::parse("op").unwrap();
    assert_eq!(store.operation(&id).await.unwrap(), Some(operation));
    assert_eq!(sequences(store, query(None, &[Executing], None, 9)).await, [3]);
    assert_eq!(
        sequences(store, query(Some("a"), &[Executing, Success, Success], None, 2)).await,
        [4, 3]
    );
    assert_eq!(
        sequences(store, query(Some("a"), &[Executing, Success], Some(4), 9)).await,
        [3, 1]
    );
    assert_eq!(store.job(&JobId::parse("none").unwrap()).await.unwrap(), None);

    let twins = ["x", "y"].map(|id| {
        let mut twin = record(5, "a", Success);
        twin.job.id = id.into();
        Change::PutJob(Box::new(twin))
    });
    let changes = [Change::PutProject(Box::new(project("c")))]
        .into_iter()
        .chain(twins)
        .collect();
    assert!(
        store.commit(changes).await.is_err(),
        "a sequence number belongs to one job"
    );
    assert_eq!(
        store.project(&ProjectId::parse("c").unwrap()).await.unwrap(),
        None,
        "all or none"
    );
    assert_eq!(store.last_sequence().await.unwrap(), 4);
}

/// No listing may walk over jobs that it does not return.
#[tokio::test]
async fn every_listing_goes_by_an_index() {
    use JobStatus::{Error, Success};
    let dir = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(dir.path()).await.unwrap();
    for (query, index) in [
        (query(None, &[], Some(9), 5), "(sequence<?)"),
        (query(Some("a"), &[], Some(9), 5), "(project_id=? AND sequence<?)"),
        (query(None, &[Error, Success], Some(9), 5), "(status=? AND sequence<?)"),
        (
            query(Some("a"), &[Error], Some(9), 5),
            "(project_id=? AND status=? AND sequence<?)",
        ),
        (
            query(Some("a"), &[Error, Success], Some(9), 5),
            "(project_id=? AND status=? AND sequence<?)",
        ),
    ] {
        let mut select = listing::select(&query);
        let explain = format!("EXPLAIN QUERY PLAN {}", select.sql());
        let arguments = select.build().take_arguments().unwrap().unwrap();
        let plan = sqlx::query_with(&explain, arguments)
            .fetch_all(&store.readers)
            .await
            .unwrap();
        let plan: Vec<String> = plan.iter().map(|row| row.get("detail")).collect();
        let lookups = plan.iter().filter(|line| line.contains(index)).count();
        assert_eq!(lookups, query.statuses.len().max(1), "{plan:#?}");
        assert!(!plan.iter().any(|line| line.starts_with("SCAN jobs")), "{plan:#?}");
    }
}

#[tokio::test]
async fn both_know_who_needs_a_file_and_forget_what_is_over() {
    let dir = tempfile::tempdir().unwrap();
    let sqlite = SqliteStore::open(dir.path()).await.unwrap();
    let stores: [&dyn Store; 2] = [&MemoryStore::default(), &sqlite];
    for store in stores {
        knows_who_needs_a_file(store).await;
        keeps_datasets(store).await;
        keeps_a_password_beside_its_job(store).await;
        forgets_what_is_over(store).await;
    }
}

#[tokio::test]
async fn memory_keeps_what_was_committed() {
    keeps_what_was_committed(&MemoryStore::default()).await;
}

#[tokio::test]
async fn sqlite_keeps_what_was_committed_over_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    keeps_what_was_committed(&SqliteStore::open(dir.path()).await.unwrap()).await;
    let again = SqliteStore::open(dir.path()).await.unwrap();
    assert_eq!(again.last_sequence().await.unwrap(), 4);
}
