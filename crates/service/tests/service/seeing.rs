//! Who sees what: nothing of a project, nor that it is there, without a role in it, and a registry's password nowhere.

use jobsphere_api::{
    any,
    id::{JobId, OperationId, ProjectId},
    jobs::{
        CloneProjectJobRequest, CloneProjectJobResponse, CreateProjectJobRequest, CreateProjectJobResponse,
        DeleteProjectJobRequest, DockerImageSpec, ExecuteProjectJobMetadata, GetProjectJobRequest, Job, JobParameters,
        ListProjectJobRequest, docker_image_spec::Password, environment::DockerImage,
        project_job_service_server::ProjectJobService,
    },
    operation::{GetOperationRequest, Operation, operation_service_server::OperationService},
    project::{GetProjectRequest, ListProjectsRequest, project_service_server::ProjectService},
};
use jobsphere_service::{Access, Caller, Change, OperationRecord, Role, Store};
use prost::Message;
use tonic::{Code, Request, Status};

use crate::{World, finished, from_local, request, response};

const SECRET: &str = "s3cr3t";

fn image(password: &str) -> Option<DockerImage> {
    Some(DockerImage::DockerImageSpec(DockerImageSpec {
        image_url: "cr.example.org/image:1".into(),
        username: "me".into(),
        password: Some(Password::PasswordPlainText(password.into())),
    }))
}

fn with_image() -> CreateProjectJobRequest {
    let mut request = request();
    let parameters = request.job_parameters.as_mut().unwrap();
    parameters.env.get_or_insert_default().docker_image = image(SECRET);
    request
}

/// An answer that shows the image and not its password, however deep it lies.
fn is_hidden(answer: &impl Message) -> bool {
    let bytes = answer.encode_to_vec();
    let holds = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(!holds(SECRET), "the password is told");
    holds("cr.example.org") && holds("********")
}

async fn get(world: &World, id: &JobId) -> Job {
    world.job(id).await
}

#[tokio::test]
async fn a_password_of_a_registry_reaches_the_engine_and_no_answer() {
    let world = World::new().await;
    world.hold(b"numbers");
    let created = world.create(with_image()).await.unwrap();
    let id = JobId::parse(&response::<CreateProjectJobResponse>(&created).job_id).unwrap();
    is_hidden(&created);
    assert!(is_hidden(&get(&world, &id).await));
    let list = ListProjectJobRequest {
        project_id: "default".into(),
        ..Default::default()
    };
    let listed = ProjectJobService::list(&world.service, from_local(list)).await.unwrap();
    assert!(is_hidden(&listed.into_inner()));

    let executed = world.execute(id.as_str()).await.unwrap();
    assert!(is_hidden(&executed));
    world.begun(&id).await;
    assert!(is_hidden(&world.operation(&executed.id).await));
    let given = world.engine.parameters.lock().unwrap()[0].clone();
    assert_eq!(given.env.unwrap().docker_image, image(SECRET));

    world.finish(&id, finished(0)).await;
    assert!(is_hidden(&world.operation(&executed.id).await));
    let delete = DeleteProjectJobRequest { job_id: id.to_string() };
    ProjectJobService::delete(&world.service, from_local(delete))
        .await
        .unwrap();
    assert!(is_hidden(&world.operation(&executed.id).await));
    let kept = OperationId::parse(&executed.id).unwrap();
    let kept = world.store.operation(&kept).await.unwrap().unwrap();
    assert!(is_hidden(&kept.operation), "nor is it stored there");
}

#[tokio::test]
async fn an_operation_that_an_earlier_version_has_frozen_hides_the_password_too() {
    let world = World::new().await;
    let frozen = Operation {
        id: "frozen".into(),
        done: true,
        metadata: Some(any::pack(&ExecuteProjectJobMetadata {
            #[allow(deprecated)]
            job: Some(Job {
                job_parameters: with_image().job_parameters,
                ..Default::default()
            }),
            ..Default::default()
        })),
        ..Default::default()
    };
    let record = OperationRecord {
        operation: frozen,
        project_id: ProjectId::parse("default").unwrap(),
        job_id: None,
    };
    world
        .store
        .commit(vec![Change::PutOperation(Box::new(record))])
        .await
        .unwrap();
    assert!(is_hidden(&world.operation("frozen").await));
}

#[tokio::test]
async fn a_copy_has_the_password_of_its_source_and_what_hides_it_is_none() {
    let world = World::new().await;
    world.hold(b"numbers");
    let created = world.create(with_image()).await.unwrap();
    let source = JobId::parse(&response::<CreateProjectJobResponse>(&created).job_id).unwrap();
    let clone = async |docker_image: Option<DockerImage>| {
        let mut overrides = JobParameters::default();
        overrides.env.get_or_insert_default().docker_image = docker_image;
        let request = CloneProjectJobRequest {
            source_job_id: source.to_string(),
            job_parameters_overrides: Some(overrides),
            ..Default::default()
        };
        let operation = ProjectJobService::clone(&world.service, from_local(request))
            .await?
            .into_inner();
        let id = JobId::parse(&response::<CloneProjectJobResponse>(&operation).job_id).unwrap();
        let kept = world.store.job(&id).await.unwrap().unwrap();
        Ok::<_, Status>(kept.job.whole_parameters().env.unwrap().docker_image)
    };
    assert_eq!(clone(None).await.unwrap(), image(SECRET));
    // As a client has read it.
    assert_eq!(clone(image("********")).await.unwrap(), image(SECRET));
    assert_eq!(clone(image("other")).await.unwrap(), image("other"));

    // Another registry does not get it.
    let Some(DockerImage::DockerImageSpec(mut elsewhere)) = image("********") else {
        unreachable!()
    };
    elsewhere.image_url = "elsewhere.example/image".into();
    let refused = clone(Some(DockerImage::DockerImageSpec(elsewhere))).await.unwrap_err();
    assert_eq!(refused.code(), Code::InvalidArgument);
    let mut again = with_image();
    again
        .job_parameters
        .as_mut()
        .unwrap()
        .env
        .as_mut()
        .unwrap()
        .docker_image = image("********");
    let refused = world.create(again).await.unwrap_err();
    assert_eq!(refused.code(), Code::InvalidArgument);
    assert!(
        refused.message().contains("password_plain_text"),
        "{}",
        refused.message()
    );
}

fn by<T>(access: &Access, message: T) -> Request<T> {
    let mut request = from_local(message);
    request.extensions_mut().get_mut::<Caller>().unwrap().access = access.clone();
    request
}

fn project(id: &str) -> ProjectId {
    ProjectId::parse(id).unwrap()
}

async fn pages(world: &World, access: &Access, page_size: i64) -> Vec<(Vec<String>, String)> {
    let mut pages = Vec::new();
    let mut request = ListProjectsRequest {
        page_size,
        ..Default::default()
    };
    loop {
        let answer = ProjectService::list(&world.service, by(access, request.clone())).await;
        let answer = answer.unwrap().into_inner();
        let ids = answer.projects.into_iter().map(|project| project.id).collect();
        pages.push((ids, answer.next_page_token.clone()));
        if answer.next_page_token.is_empty() {
            return pages;
        }
        request.page_token = answer.next_page_token;
    }
}

#[tokio::test]
async fn pages_of_projects_tell_nothing_of_others() {
    let world = World::new().await;
    for id in ["alpha", "beta", "gamma", "hidden-1", "hidden-2", "omega"] {
        let mut request = request();
        request.project_id = id.into();
        world.create(request).await.unwrap();
    }
    let sees = |ids: &[&str]| Access::to(ids.iter().map(|id| (Some(project(id)), Role::Viewer)).collect());
    let page = |ids: &[&str], token: &str| (ids.iter().map(|id| (*id).to_owned()).collect(), token.to_owned());

    let some = sees(&["omega", "beta", "not-there"]);
    assert_eq!(
        pages(&world, &some, 1).await,
        [page(&["beta"], "beta"), page(&["omega"], "")]
    );
    assert_eq!(pages(&world, &some, 2).await, [page(&["beta", "omega"], "")]);
    assert_eq!(pages(&world, &sees(&["beta"]), 1).await, [page(&["beta"], "")]);
    assert_eq!(pages(&world, &Access::default(), 1).await, [page(&[], "")]);
    let all = pages(&world, &Access::everything(), 3).await;
    assert_eq!(
        all,
        [
            page(&["alpha", "beta", "default"], "default"),
            page(&["gamma", "hidden-1", "hidden-2"], "hidden-2"),
            page(&["omega"], "")
        ]
    );
    // What is asked for fills pages too.
    let request = ListProjectsRequest {
        page_size: 1,
        project_name_pattern: "hidden".into(),
        ..Default::default()
    };
    let answer = ProjectService::list(&world.service, from_local(request))
        .await
        .unwrap()
        .into_inner();
    assert_eq!(
        (answer.projects[0].id.as_str(), answer.next_page_token.as_str()),
        ("hidden-1", "hidden-1")
    );
}

#[tokio::test]
async fn without_a_role_a_thing_is_not_told_from_one_that_is_not_there() {
    let world = World::new().await;
    let (id, operation) = world.start().await;
    let stranger = Access::to(vec![(Some(project("other")), Role::Admin)]);
    let said = |refused: Status, id: &str| {
        assert_eq!(refused.code(), Code::NotFound, "{refused:?}");
        refused.message().replace(id, "ID")
    };
    let job = async |id: &str| {
        let request = GetProjectJobRequest { job_id: id.into() };
        said(
            ProjectJobService::get(&world.service, by(&stranger, request))
                .await
                .unwrap_err(),
            id,
        )
    };
    assert_eq!(job(id.as_str()).await, job("nosuchjob").await);
    let operation_of = async |id: &str| {
        let request = GetOperationRequest {
            operation_id: id.into(),
        };
        said(
            OperationService::get(&world.service, by(&stranger, request))
                .await
                .unwrap_err(),
            id,
        )
    };
    assert_eq!(operation_of(&operation.id).await, operation_of("nosuchoperation").await);
    let get_project = async |id: &str| {
        let request = GetProjectRequest { project_id: id.into() };
        said(
            ProjectService::get(&world.service, by(&stranger, request))
                .await
                .unwrap_err(),
            id,
        )
    };
    assert_eq!(get_project("default").await, get_project("nosuchproject").await);
    let list = async |id: &str| {
        let request = ListProjectJobRequest {
            project_id: id.into(),
            ..Default::default()
        };
        said(
            ProjectJobService::list(&world.service, by(&stranger, request))
                .await
                .unwrap_err(),
            id,
        )
    };
    assert_eq!(list("default").await, list("nosuchproject").await);
    let create = async |id: &str| {
        let mut request = request();
        request.project_id = id.into();
        said(
            ProjectJobService::create(&world.service, by(&stranger, request))
                .await
                .unwrap_err(),
            id,
        )
    };
    assert_eq!(create("default").await, create("nosuchproject").await);

    // Whoever may see it is told what is missing; where there are no tokens, any id is a project.
    let viewer = Access::to(vec![(Some(project("default")), Role::Viewer)]);
    let refused = ProjectJobService::create(&world.service, by(&viewer, request()))
        .await
        .unwrap_err();
    assert_eq!(refused.code(), Code::PermissionDenied);
    assert!(refused.message().contains("editor") && refused.message().contains("`default`"));
    let mut new = request();
    new.project_id = "new".into();
    ProjectJobService::create(&world.service, by(&Access::everything(), new))
        .await
        .unwrap();
}
