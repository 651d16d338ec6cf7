//! What a command made and nobody named: listed, kept, and let go.

use std::time::Duration;

use jobsphere_api::{
    id::{JobId, ProjectId},
    jobs::{
        DeleteProjectJobDataRequest, DeleteProjectJobRequest, DownloadProjectJobFilesRequest, File,
        project_job_service_server::ProjectJobService,
    },
    sha256::Sha256,
    share::{
        KeepUnnamedFilesRequest, KeepUnnamedFilesResponse, ListUnnamedFilesRequest, ListUnnamedFilesResponse,
        unnamed_file_service_server::UnnamedFileService,
    },
};
use jobsphere_service::{Access, Caller, NotHeld, Role};
use tonic::{Code, Request, Status};

use crate::{World, file, finished, from_local};

fn by<T>(access: &Access, message: T) -> Request<T> {
    let mut request = from_local(message);
    request.extensions_mut().get_mut::<Caller>().unwrap().access = access.clone();
    request
}

async fn list_as(world: &World, access: &Access, id: &JobId) -> Result<ListUnnamedFilesResponse, Status> {
    let request = ListUnnamedFilesRequest { job_id: id.to_string() };
    Ok(UnnamedFileService::list(&world.service, by(access, request))
        .await?
        .into_inner())
}

async fn keep_as(
    world: &World,
    access: &Access,
    id: &JobId,
    paths: &[&str],
) -> Result<KeepUnnamedFilesResponse, Status> {
    let request = KeepUnnamedFilesRequest {
        job_id: id.to_string(),
        paths: paths.iter().map(|path| (*path).to_owned()).collect(),
    };
    Ok(UnnamedFileService::keep(&world.service, by(access, request))
        .await?
        .into_inner())
}

async fn keep(world: &World, id: &JobId, paths: &[&str]) -> Result<KeepUnnamedFilesResponse, Status> {
    keep_as(world, &Access::everything(), id, paths).await
}

fn left() -> Vec<File> {
    vec![file("ckpt/last.pt", b"weights"), file("metrics.json", b"{}")]
}

/// A job that has ended and left something.
async fn ended(world: &World) -> JobId {
    *world.engine.blobs.lock().unwrap() = Some(world.blobs.clone());
    *world.engine.left.lock().unwrap() = Ok(left());
    let (id, _) = world.start().await;
    world.finish(&id, finished(0)).await;
    id
}

fn is_held(world: &World, content: &[u8]) -> bool {
    let key = (ProjectId::parse("default").unwrap(), Sha256::of(content));
    world.blobs.held.lock().unwrap().contains(&key)
}

/// Begins to keep a file, and lets it be stored only after `meanwhile`.
async fn kept_while(world: &World, id: &JobId, meanwhile: impl Future<Output = ()>) -> Result<(), Status> {
    world.engine.stores.send_replace(false);
    let keeping = keep(world, id, &["ckpt/last.pt"]);
    let story = async {
        while world.engine.stores.receiver_count() == 0 {
            tokio::task::yield_now().await;
        }
        meanwhile.await;
        world.engine.stores.send_replace(true);
    };
    futures::join!(keeping, story).0.map(drop)
}

#[tokio::test]
async fn what_is_kept_is_an_output_like_any_other() {
    let world = World::new().await;
    let id = ended(&world).await;
    let listed = list_as(&world, &Access::everything(), &id).await.unwrap();
    let told = |listed: &ListUnnamedFilesResponse| -> Vec<(String, i64, bool)> {
        let files = listed.files.iter();
        files
            .map(|file| (file.path.clone(), file.size_bytes, file.is_kept))
            .collect()
    };
    assert_eq!(
        told(&listed),
        [("ckpt/last.pt".into(), 7, false), ("metrics.json".into(), 2, false)]
    );
    assert_eq!(listed.held_until.unwrap().seconds, 9);
    let before = world.job(&id).await;
    let kept = keep(&world, &id, &["ckpt/last.pt", "nowhere"]).await.unwrap();
    assert_eq!(kept.files, [file("ckpt/last.pt", b"weights")]);
    assert_eq!(kept.errors[0].path, "nowhere");
    // Once more is no more.
    let again = keep(&world, &id, &["ckpt/last.pt"]).await.unwrap();
    assert_eq!(again.files, kept.files);
    let job = world.job(&id).await;
    assert_eq!(
        job.output_files,
        [file("mean.txt", b"4.5"), file("ckpt/last.pt", b"weights")]
    );
    assert_eq!(job.data_size_bytes, before.data_size_bytes + 7);
    let listed = list_as(&world, &Access::everything(), &id).await.unwrap();
    assert!(told(&listed)[0].2 && !told(&listed)[1].2);
    let request = DownloadProjectJobFilesRequest {
        job_id: id.to_string(),
        files: kept.files,
    };
    let links = world.service.download_job_files(from_local(request)).await.unwrap();
    assert_eq!(links.into_inner().download_files.len(), 1);
}

#[tokio::test]
async fn who_sees_the_job_sees_them_and_editors_keep_them() {
    let world = World::new().await;
    let id = ended(&world).await;
    let stranger = Access::to(vec![(Some(ProjectId::parse("other").unwrap()), Role::Admin)]);
    for code in [
        list_as(&world, &stranger, &id).await.unwrap_err(),
        keep_as(&world, &stranger, &id, &["metrics.json"]).await.unwrap_err(),
    ] {
        assert_eq!(
            (code.code(), code.message()),
            (Code::NotFound, format!("there is no job `{id}`").as_str())
        );
    }
    let viewer = Access::to(vec![(None, Role::Viewer)]);
    assert_eq!(list_as(&world, &viewer, &id).await.unwrap().files.len(), 2);
    let refused = keep_as(&world, &viewer, &id, &["metrics.json"]).await.unwrap_err();
    assert_eq!(refused.code(), Code::PermissionDenied);
    let editor = Access::to(vec![(None, Role::Editor)]);
    assert!(keep_as(&world, &editor, &id, &["metrics.json"]).await.is_ok());
}

#[tokio::test]
async fn a_job_that_is_deleted_meanwhile_keeps_nothing() {
    let world = World::new().await;
    let id = ended(&world).await;
    let refused = kept_while(&world, &id, async {
        let request = DeleteProjectJobRequest { job_id: id.to_string() };
        ProjectJobService::delete(&world.service, from_local(request))
            .await
            .unwrap();
    })
    .await;
    assert_eq!(refused.unwrap_err().code(), Code::NotFound);
    assert!(!is_held(&world, b"weights"));
    assert_eq!(*world.engine.let_go.lock().unwrap(), std::slice::from_ref(&id));

    let id = ended(&world).await;
    let refused = kept_while(&world, &id, async {
        let request = DeleteProjectJobDataRequest { job_id: id.to_string() };
        ProjectJobService::delete_data(&world.service, from_local(request))
            .await
            .unwrap();
    })
    .await;
    assert_eq!(refused.unwrap_err().code(), Code::FailedPrecondition);
    assert!(!is_held(&world, b"weights"));
    assert_eq!(world.engine.let_go.lock().unwrap().len(), 2);
    assert_eq!(
        list_as(&world, &Access::everything(), &id).await.unwrap(),
        Default::default()
    );
}

#[tokio::test]
async fn two_at_once_make_one_output() {
    let world = World::new().await;
    let id = ended(&world).await;
    let (one, other) = futures::join!(
        keep(&world, &id, &["metrics.json", "ckpt/last.pt"]),
        keep(&world, &id, &["ckpt/last.pt", "metrics.json"]),
    );
    assert_eq!((one.unwrap().files.len(), other.unwrap().files.len()), (2, 2));
    assert_eq!(world.job(&id).await.output_files.len(), 3);
}

#[tokio::test]
async fn a_caller_who_goes_does_not_leave_half() {
    let world = World::new().await;
    let id = ended(&world).await;
    world.engine.stores.send_replace(false);
    {
        let mut keeping = Box::pin(keep(&world, &id, &["ckpt/last.pt"]));
        while world.engine.stores.receiver_count() == 0 {
            assert!(futures::poll!(&mut keeping).is_pending());
            tokio::task::yield_now().await;
        }
    }
    world.engine.stores.send_replace(true);
    while world.job(&id).await.output_files.len() < 2 {
        tokio::task::yield_now().await;
    }
    assert!(is_held(&world, b"weights"));
}

#[tokio::test]
async fn what_cannot_be_kept_says_why() {
    let world = World::new().await;
    let id = ended(&world).await;
    for (why, code, says) in [
        (NotHeld::Gone, Code::FailedPrecondition, "not held any more"),
        (
            NotHeld::Busy(Duration::from_secs(5)),
            Code::Unavailable,
            "try again in 5 s",
        ),
    ] {
        *world.engine.left.lock().unwrap() = Err(why);
        let refused = keep(&world, &id, &["metrics.json"]).await.unwrap_err();
        assert_eq!(refused.code(), code);
        assert!(refused.message().contains(says), "{refused:?}");
        let listed = list_as(&world, &Access::everything(), &id).await.unwrap();
        assert_eq!(listed, Default::default());
    }
    let many: Vec<String> = (0..101).map(|number| number.to_string()).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    for paths in [&[][..], &["a", "b", "a"], &many] {
        let refused = keep(&world, &id, paths).await.unwrap_err();
        assert_eq!(refused.code(), Code::InvalidArgument, "{}", paths.len());
    }
}

#[tokio::test]
async fn a_job_that_runs_has_left_nothing_yet() {
    let world = World::new().await;
    *world.engine.left.lock().unwrap() = Ok(left());
    let (id, _) = world.start().await;
    world.begun(&id).await;
    let listed = list_as(&world, &Access::everything(), &id).await.unwrap();
    assert_eq!(listed, Default::default());
    let refused = keep(&world, &id, &["metrics.json"]).await.unwrap_err();
    assert_eq!(refused.code(), Code::FailedPrecondition);
}
