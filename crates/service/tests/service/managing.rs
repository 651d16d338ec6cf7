//! Cloning, deleting, lifetimes, keys, turns and roles.

use futures::StreamExt;
use jobsphere_api::{
    any,
    id::JobId,
    jobs::{
        Argument, CancelProjectJobRequest, CloneProjectJobRequest, CloneProjectJobResponse, CreateProjectJobResponse,
        DeleteAllProjectJobDataRequest, DeleteProjectJobDataRequest, DeleteProjectJobRequest,
        DownloadProjectJobFilesRequest, ExecuteProjectJobMetadata, Job, JobParameters, JobStatus,
        ReadProjectJobLogsRequest, ReadProjectJobStdLogsRequest, SetProjectJobDataTtlRequest,
        project_job_service_server::ProjectJobService,
    },
    operation::{CancelOperationRequest, Operation, operation_service_server::OperationService},
    project::{ListProjectsRequest, project_service_server::ProjectService},
    sha256::Sha256,
};
use jobsphere_service::{Access, Caller, Role};
use tonic::{Code, Request, Status};

use crate::{World, file, finished, from_local, request, response};

fn keyed<T>(message: T, key: &str) -> Request<T> {
    let mut request = from_local(message);
    request.metadata_mut().insert("idempotency-key", key.parse().unwrap());
    request
}

fn clone_of(job_id: &JobId) -> CloneProjectJobRequest {
    CloneProjectJobRequest {
        source_job_id: job_id.to_string(),
        ..Default::default()
    }
}

async fn delete(world: &World, id: &JobId) -> Result<Operation, Status> {
    let request = DeleteProjectJobRequest { job_id: id.to_string() };
    Ok(ProjectJobService::delete(&world.service, from_local(request))
        .await?
        .into_inner())
}

async fn delete_data(world: &World, id: &JobId) -> Result<Operation, Status> {
    let request = DeleteProjectJobDataRequest { job_id: id.to_string() };
    Ok(ProjectJobService::delete_data(&world.service, from_local(request))
        .await?
        .into_inner())
}

async fn created(world: &World) -> JobId {
    let operation = world.create(request()).await.unwrap();
    JobId::parse(&response::<CreateProjectJobResponse>(&operation).job_id).unwrap()
}

impl World {
    fn holds(&self, content: &[u8]) -> bool {
        let held = self.blobs.held.lock().unwrap();
        held.iter().any(|(_, sha256)| *sha256 == Sha256::of(content))
    }

    /// A job that has run, its input and output held.
    async fn ended(&self) -> (JobId, Operation) {
        let (id, operation) = self.start().await;
        self.finish(&id, finished(0)).await;
        self.settled(&id).await;
        (id, operation)
    }

    /// Waits until the run of the job is forgotten.
    async fn settled(&self, id: &JobId) {
        while !self.engine.forgotten.lock().unwrap().contains(id) {
            tokio::task::yield_now().await;
        }
    }
}

#[tokio::test]
async fn a_clone_asked_for_again_is_the_same_job_though_its_source_is_gone() {
    let world = World::new().await;
    let (source_id, _) = world.start().await;
    world.finish(&source_id, finished(0)).await;
    let ask = async || {
        let mut request = from_local(clone_of(&source_id));
        request
            .metadata_mut()
            .insert("idempotency-key", "once".parse().unwrap());
        let operation = ProjectJobService::clone(&world.service, request).await?;
        let answer: CloneProjectJobResponse = response(&operation.into_inner());
        Ok::<_, tonic::Status>(answer.job_id)
    };
    let first = ask().await.unwrap();
    let source = jobsphere_api::jobs::DeleteProjectJobRequest {
        job_id: source_id.to_string(),
    };
    world.service.delete(from_local(source)).await.unwrap();
    assert_eq!(ask().await.unwrap(), first);
}

#[tokio::test]
async fn a_clone_is_a_new_job_with_changes_and_sends_only_what_differs() {
    let world = World::new().await;
    let mut source = request();
    let parameters = source.job_parameters.as_mut().unwrap();
    parameters.input_files[0].desc.as_mut().unwrap().var = "IN".into();
    parameters.arguments = vec![Argument {
        name: "rate".into(),
        value: "1".into(),
    }];
    world.hold(b"numbers");
    let operation = world.create(source).await.unwrap();
    let source_id = JobId::parse(&response::<CreateProjectJobResponse>(&operation).job_id).unwrap();

    let mut other = file("other.txt", b"others");
    other.desc.as_mut().unwrap().var = "IN".into();
    let mut asked = clone_of(&source_id);
    asked.job_parameters_overrides = Some(JobParameters {
        input_files: vec![other.clone()],
        ..Default::default()
    });
    asked.name = "again".into();
    let operation = ProjectJobService::clone(&world.service, from_local(asked))
        .await
        .unwrap()
        .into_inner();
    let answer: CloneProjectJobResponse = response(&operation);
    assert_eq!(answer.upload_files.len(), 1);
    assert!(answer.upload_files[0].url.contains(&other.sha256));
    let clone = world.job(&JobId::parse(&answer.job_id).unwrap()).await;
    assert_eq!(
        (clone.name.as_str(), clone.parent_job_id.as_str()),
        ("again", source_id.as_str())
    );
    let parameters = clone.job_parameters.unwrap();
    assert_eq!(parameters.input_files, [other]);
    assert_eq!(parameters.arguments[0].value, "1");

    let mut wrong = clone_of(&source_id);
    wrong.job_parameters_overrides = Some(JobParameters {
        arguments: vec![Argument::default()],
        ..Default::default()
    });
    let refused = ProjectJobService::clone(&world.service, from_local(wrong))
        .await
        .unwrap_err();
    assert_eq!(refused.code(), Code::InvalidArgument);
    delete_data(&world, &source_id).await.unwrap();
    let refused = ProjectJobService::clone(&world.service, from_local(clone_of(&source_id)))
        .await
        .unwrap_err();
    assert_eq!(refused.code(), Code::FailedPrecondition);
}

#[tokio::test]
async fn data_goes_with_its_last_job_and_the_record_stays() {
    let world = World::new().await;
    let (first, operation) = world.ended().await;
    let second = created(&world).await;
    delete_data(&world, &first).await.unwrap();
    assert!(world.holds(b"numbers"), "the second job needs it");
    assert!(!world.holds(b"4.5"));
    let job = world.job(&first).await;
    assert!(job.data_cleared);
    assert_eq!((job.data_size_bytes, job.status()), (0, JobStatus::Success));
    let answer: jobsphere_api::jobs::ExecuteProjectJobResponse = response(&world.operation(&operation.id).await);
    assert_eq!(answer.output_files[0].url, "", "what is gone has no address");

    let files = DownloadProjectJobFilesRequest {
        job_id: first.to_string(),
        files: vec![file("mean.txt", b"4.5")],
    };
    let refused = world.service.download_job_files(from_local(files)).await.unwrap_err();
    assert_eq!(refused.code(), Code::FailedPrecondition);
    let log = ReadProjectJobLogsRequest {
        job_id: first.to_string(),
        offset: 0,
    };
    let refused = ProjectJobService::read_logs(&world.service, from_local(log))
        .await
        .err()
        .unwrap();
    assert_eq!(refused.code(), Code::FailedPrecondition);

    delete_data(&world, &second).await.unwrap();
    assert!(!world.holds(b"numbers"));
    assert_eq!(
        world.execute(second.as_str()).await.unwrap_err().code(),
        Code::FailedPrecondition
    );
}

#[tokio::test]
async fn a_deleted_job_is_gone_and_its_operation_still_answers() {
    let world = World::new().await;
    let (id, operation) = world.ended().await;
    let deleted = delete(&world, &id).await.unwrap();
    assert!(deleted.done);
    assert_eq!(delete(&world, &id).await.unwrap_err().code(), Code::NotFound);
    assert!(!world.holds(b"numbers"));
    let executed = world.operation(&operation.id).await;
    let metadata: ExecuteProjectJobMetadata = any::unpack(executed.metadata.as_ref().unwrap()).unwrap();
    assert_eq!(metadata.metadata.unwrap().id, id.as_str());
    assert!(world.operation(&deleted.id).await.done);
}

#[tokio::test]
async fn a_job_that_runs_is_not_deleted() {
    let world = World::new().await;
    let (id, _) = world.start().await;
    for refused in [delete(&world, &id).await, delete_data(&world, &id).await] {
        assert_eq!(refused.unwrap_err().code(), Code::FailedPrecondition);
    }
    let all = DeleteAllProjectJobDataRequest {
        project_id: "default".into(),
    };
    let refused = ProjectJobService::delete_all_data(&world.service, from_local(all.clone())).await;
    assert!(refused.unwrap_err().message().contains(id.as_str()));

    world.finish(&id, finished(0)).await;
    world.settled(&id).await;
    let waiting = created(&world).await;
    ProjectJobService::delete_all_data(&world.service, from_local(all))
        .await
        .unwrap();
    assert!(world.job(&id).await.data_cleared && world.job(&waiting).await.data_cleared);
    assert!(world.blobs.held.lock().unwrap().is_empty());
}

#[tokio::test]
async fn data_lives_until_its_time_is_over() {
    let world = World::new().await;
    let (short, _) = world.ended().await;
    let (forever, _) = world.ended().await;
    let ttl = |id: &JobId, seconds: Option<i64>| SetProjectJobDataTtlRequest {
        job_id: id.to_string(),
        ttl: seconds.map(|seconds| prost_types::Duration { seconds, nanos: 0 }),
    };
    let set = |request| ProjectJobService::set_data_ttl(&world.service, from_local(request));
    set(ttl(&short, Some(60))).await.unwrap();
    set(ttl(&forever, None)).await.unwrap();
    assert_eq!(
        set(ttl(&short, Some(-1))).await.unwrap_err().code(),
        Code::InvalidArgument
    );
    assert_eq!(world.job(&short).await.data_expires_at.unwrap().seconds, 1060);
    assert_eq!(world.job(&forever).await.data_expires_at, None);

    *world.host.passed_s.lock().unwrap() = 60;
    assert_eq!(world.service.drop_expired().await.unwrap(), 0);
    *world.host.passed_s.lock().unwrap() = 61;
    assert_eq!(world.service.drop_expired().await.unwrap(), 1);
    assert!(world.job(&short).await.data_cleared);
    assert!(world.holds(b"numbers"), "the other job needs it");
    *world.host.passed_s.lock().unwrap() = 1 << 40;
    assert_eq!(world.service.drop_expired().await.unwrap(), 0);
    assert_eq!(
        set(ttl(&short, None)).await.unwrap_err().code(),
        Code::FailedPrecondition
    );
}

#[tokio::test]
async fn a_key_makes_the_same_call_once() {
    let world = World::new().await;
    let create = |request| ProjectJobService::create(&world.service, request);
    let first = create(keyed(request(), "k1")).await.unwrap().into_inner();
    let again = create(keyed(request(), "k1")).await.unwrap().into_inner();
    assert_eq!(first.id, again.id);
    assert_ne!(create(keyed(request(), "k2")).await.unwrap().into_inner().id, first.id);
    let mut other = request();
    other.name = "other".into();
    assert_eq!(
        create(keyed(other, "k1")).await.unwrap_err().code(),
        Code::InvalidArgument
    );
    let mut from_another = keyed(request(), "k1");
    from_another.extensions_mut().get_mut::<Caller>().unwrap().id = "you".into();
    assert_ne!(create(from_another).await.unwrap().into_inner().id, first.id);

    let id = created(&world).await;
    let delete = || {
        let request = DeleteProjectJobRequest { job_id: id.to_string() };
        ProjectJobService::delete(&world.service, keyed(request, "k1"))
    };
    let deleted = delete().await.unwrap().into_inner();
    assert_eq!(delete().await.unwrap().into_inner().id, deleted.id);

    *world.host.passed_s.lock().unwrap() = 49 * 3600;
    world.service.drop_expired().await.unwrap();
    assert_ne!(create(keyed(request(), "k1")).await.unwrap().into_inner().id, first.id);
}

#[tokio::test]
async fn jobs_wait_their_turn_and_say_their_place() {
    let world = World::new().await;
    let mut ids = Vec::new();
    for _ in 0..4 {
        ids.push(world.start().await.0);
    }
    let details = |job: Job| job.status_details;
    world.begun(&ids[1]).await;
    assert_eq!(details(world.job(&ids[2]).await), "In the queue: place 1");
    assert_eq!(details(world.job(&ids[3]).await), "In the queue: place 2");
    assert_eq!(
        world.job(&ids[3]).await.actual_cloud_instance_type.unwrap().name,
        "c1.1"
    );

    let cancel = CancelProjectJobRequest {
        job_id: ids[2].to_string(),
        ..Default::default()
    };
    ProjectJobService::cancel(&world.service, from_local(cancel))
        .await
        .unwrap();
    assert_eq!(world.job(&ids[2]).await.status(), JobStatus::Cancelled);
    assert_eq!(details(world.job(&ids[3]).await), "In the queue: place 1");
    for id in [&ids[0], &ids[1], &ids[3]] {
        world.finish(id, finished(0)).await;
        assert_eq!(world.job(id).await.status(), JobStatus::Success);
    }
    assert!(!world.engine.runs.lock().unwrap().contains(&ids[2]));
}

#[tokio::test]
async fn those_who_waited_keep_their_order_over_a_restart() {
    let world = World::new().await;
    let mut ids = Vec::new();
    for _ in 0..5 {
        *world.host.passed_s.lock().unwrap() += 1;
        ids.push(world.start().await.0);
    }
    world.begun(&ids[1]).await;
    let next = World::over(world.store.clone(), world.blobs.clone(), world.logs.clone()).await;
    assert_eq!(next.job(&ids[2]).await.status_details, "In the queue: place 1");
    for id in &ids {
        next.finish(id, finished(0)).await;
    }
    let runs = next.engine.runs.lock().unwrap();
    assert_eq!(runs[2..], ids[2..]);
}

#[tokio::test]
async fn an_unknown_instance_type_is_refused_and_the_first_known_is_taken() {
    let world = World::new().await;
    let mut asked = request();
    let types = |names: &[&str]| {
        let named = |name: &&str| jobsphere_api::jobs::CloudInstanceType { name: (*name).into() };
        names.iter().map(named).collect()
    };
    asked.job_parameters.as_mut().unwrap().cloud_instance_types = types(&["g9.9"]);
    let refused = world.create(asked.clone()).await.unwrap_err();
    assert_eq!(refused.code(), Code::FailedPrecondition);
    assert!(refused.message().contains("g9.9") && refused.message().contains("c1.1"));
    asked.job_parameters.as_mut().unwrap().cloud_instance_types = types(&["g9.9", "c1.1"]);
    world.create(asked).await.unwrap();
}

#[tokio::test]
async fn cancelling_the_operation_cancels_its_job() {
    let world = World::new().await;
    let (id, operation) = world.start().await;
    let cancel = || {
        let request = CancelOperationRequest {
            operation_id: operation.id.clone(),
        };
        OperationService::cancel(&world.service, from_local(request))
    };
    world.begun(&id).await;
    assert_eq!(cancel().await.unwrap().into_inner().id, operation.id);
    world.follow(&id, 0).await;
    assert_eq!(world.job(&id).await.status(), JobStatus::Cancelled);
    assert_eq!(cancel().await.unwrap_err().code(), Code::FailedPrecondition);
}

#[tokio::test]
async fn the_older_log_has_the_same_bytes_and_offsets() {
    let world = World::new().await;
    let (id, _) = world.start().await;
    world.logs.append(&id, b"hello");
    world.finish(&id, finished(0)).await;
    let request = ReadProjectJobStdLogsRequest {
        job_id: id.to_string(),
        offset: 2,
    };
    let stream = ProjectJobService::read_std_logs(&world.service, from_local(request))
        .await
        .unwrap();
    let answers: Vec<_> = stream.into_inner().collect().await;
    let answer = answers[0].as_ref().unwrap();
    assert_eq!((answer.logs[0].content.as_slice(), answer.offset), (&b"llo"[..], 5));
}

#[tokio::test]
async fn each_method_asks_for_its_role() {
    let world = World::new().await;
    let (id, operation) = world.ended().await;
    let job_id = id.to_string();
    let project = jobsphere_api::id::ProjectId::parse("default").unwrap();
    let as_role = |role: Option<Role>| {
        let grants = role.map(|role| (Some(project.clone()), role));
        Access::to(grants.into_iter().collect())
    };
    let needs =
        async |needed: Role, call: &dyn Fn(Access) -> futures::future::LocalBoxFuture<'static, Result<(), Status>>| {
            for role in [None, Some(Role::Viewer), Some(Role::Editor), Some(Role::Admin)] {
                let code = call(as_role(role)).await.err().map(|status| status.code());
                let said = format!("{code:?} for {role:?} where {needed} is needed");
                match role {
                    None => assert_eq!(code, Some(Code::NotFound), "{said}"),
                    Some(role) if role < needed => assert_eq!(code, Some(Code::PermissionDenied), "{said}"),
                    Some(_) => assert_ne!(code, Some(Code::PermissionDenied), "{said}"),
                }
            }
        };
    macro_rules! check {
        ($needed:expr, $service:path, $method:ident, $message:expr) => {{
            let (service, message) = (Clone::clone(&world.service), $message);
            needs($needed, &|access| {
                let (service, mut request) = (Clone::clone(&service), from_local(message.clone()));
                request.extensions_mut().get_mut::<Caller>().unwrap().access = access;
                Box::pin(async move { <_ as $service>::$method(&service, request).await.map(|_| ()) })
            })
            .await;
        }};
    }
    use jobsphere_api::{jobs, operation as operations, project as projects};
    let parameters = request();
    check!(
        Role::Viewer,
        ProjectJobService,
        get,
        jobs::GetProjectJobRequest { job_id: job_id.clone() }
    );
    check!(
        Role::Viewer,
        ProjectJobService,
        list,
        jobs::ListProjectJobRequest {
            project_id: "default".into(),
            ..Default::default()
        }
    );
    check!(
        Role::Viewer,
        ProjectJobService,
        read_logs,
        jobs::ReadProjectJobLogsRequest {
            job_id: job_id.clone(),
            offset: 0
        }
    );
    check!(
        Role::Viewer,
        ProjectJobService,
        read_std_logs,
        jobs::ReadProjectJobStdLogsRequest {
            job_id: job_id.clone(),
            offset: 0
        }
    );
    check!(
        Role::Viewer,
        ProjectJobService,
        download_job_files,
        jobs::DownloadProjectJobFilesRequest {
            job_id: job_id.clone(),
            files: vec![file("mean.txt", b"4.5")]
        }
    );
    check!(
        Role::Viewer,
        OperationService,
        get,
        operations::GetOperationRequest {
            operation_id: operation.id.clone()
        }
    );
    check!(
        Role::Viewer,
        ProjectService,
        get,
        projects::GetProjectRequest {
            project_id: "default".into()
        }
    );
    check!(Role::Editor, ProjectJobService, create, parameters);
    check!(Role::Editor, ProjectJobService, clone, clone_of(&id));
    // Begun already, it only tells its operation.
    let unbegun = created(&world).await.to_string();
    for (role, job_id) in [(Role::Viewer, job_id.clone()), (Role::Editor, unbegun)] {
        let message = jobs::ExecuteProjectJobRequest { job_id };
        check!(role, ProjectJobService, execute, message.clone());
    }
    check!(
        Role::Editor,
        ProjectJobService,
        cancel,
        jobs::CancelProjectJobRequest {
            job_id: job_id.clone(),
            ..Default::default()
        }
    );
    check!(
        Role::Editor,
        OperationService,
        cancel,
        operations::CancelOperationRequest {
            operation_id: operation.id.clone()
        }
    );
    check!(
        Role::Editor,
        ProjectJobService,
        set_data_ttl,
        jobs::SetProjectJobDataTtlRequest {
            job_id: job_id.clone(),
            ttl: None
        }
    );
    check!(
        Role::Editor,
        ProjectJobService,
        delete_data,
        jobs::DeleteProjectJobDataRequest { job_id: job_id.clone() }
    );
    check!(
        Role::Admin,
        ProjectJobService,
        delete_all_data,
        jobs::DeleteAllProjectJobDataRequest {
            project_id: "default".into()
        }
    );
    check!(
        Role::Editor,
        ProjectJobService,
        delete,
        jobs::DeleteProjectJobRequest { job_id }
    );

    let mut list = from_local(ListProjectsRequest::default());
    list.extensions_mut().get_mut::<Caller>().unwrap().access = as_role(None);
    let seen = ProjectService::list(&world.service, list).await.unwrap().into_inner();
    assert_eq!(seen.projects, []);
}
