//! The job service core over a Store in memory: every call as a client makes it.

#![allow(clippy::unwrap_used)]

mod bounds;
mod managing;
mod seeing;
mod sharing;
mod surroundings;
mod unnamed;

use std::sync::Arc;

use futures::StreamExt;
use jobsphere_api::{
    any,
    id::{JobId, ProjectId},
    jobs::{
        CancelProjectJobRequest, CreateProjectJobRequest, CreateProjectJobResponse, DownloadProjectJobFilesRequest,
        ExecuteProjectJobMetadata, ExecuteProjectJobRequest, ExecuteProjectJobResponse, File, FileDesc,
        GetProjectJobRequest, GracefulShutdownParameters, Job, JobParameters, JobStatus, ListProjectJobRequest,
        ReadProjectJobLogsRequest, ReadProjectJobLogsResponse, SparkParameters,
        project_job_service_server::ProjectJobService,
    },
    operation::{
        GetOperationRequest, Operation, operation::Result as Answer, operation_service_server::OperationService,
    },
    sha256::Sha256,
};
use jobsphere_service::{
    Access, Caller, CancelMode, Capacity, Fault, InstanceType, JobService, Outcome, Parts, memory::MemoryStore,
};
use surroundings::{GatedEngine, MemoryBlobs, MemoryLogs, Step, StillHost};
use tonic::{Code, Request};
use tonic_types::StatusExt;

struct World {
    service: JobService,
    store: Arc<MemoryStore>,
    blobs: Arc<MemoryBlobs>,
    logs: Arc<MemoryLogs>,
    engine: Arc<GatedEngine>,
    host: Arc<StillHost>,
}

impl World {
    async fn new() -> Self {
        Self::over(Arc::default(), Arc::default(), Arc::default()).await
    }

    async fn over(store: Arc<MemoryStore>, blobs: Arc<MemoryBlobs>, logs: Arc<MemoryLogs>) -> Self {
        let engine = Arc::<GatedEngine>::default();
        let host = Arc::<StillHost>::default();
        let parts = Parts {
            store: store.clone(),
            blobs: blobs.clone(),
            logs: logs.clone(),
            engine: engine.clone(),
            host: host.clone(),
            capacity: Capacity {
                cpus: 2.0,
                instance_types: vec![InstanceType {
                    name: "c1.1".into(),
                    cpus: 1.0,
                }],
            },
        };
        let service = JobService::open(parts).await.unwrap();
        // What is held without a job is swept away at the start: afterwards tests may hold what they like.
        tokio::task::yield_now().await;
        Self {
            service,
            store,
            blobs,
            logs,
            engine,
            host,
        }
    }

    async fn create(&self, request: CreateProjectJobRequest) -> Result<Operation, tonic::Status> {
        Ok(ProjectJobService::create(&self.service, from_local(request))
            .await?
            .into_inner())
    }

    /// Creates a job whose one input is there, and executes it.
    async fn start(&self) -> (JobId, Operation) {
        self.hold(b"numbers");
        let created = self.create(request()).await.unwrap();
        let job_id = response::<CreateProjectJobResponse>(&created).job_id;
        let operation = self.execute(&job_id).await.unwrap();
        (JobId::parse(&job_id).unwrap(), operation)
    }

    async fn execute(&self, job_id: &str) -> Result<Operation, tonic::Status> {
        let request = ExecuteProjectJobRequest { job_id: job_id.into() };
        Ok(self.service.execute(from_local(request)).await?.into_inner())
    }

    async fn operation(&self, id: &str) -> Operation {
        let request = GetOperationRequest {
            operation_id: id.into(),
        };
        OperationService::get(&self.service, from_local(request))
            .await
            .unwrap()
            .into_inner()
    }

    async fn job(&self, id: &JobId) -> Job {
        let request = GetProjectJobRequest { job_id: id.to_string() };
        ProjectJobService::get(&self.service, from_local(request))
            .await
            .unwrap()
            .into_inner()
    }

    /// Waits until the engine runs the job.
    async fn begun(&self, job_id: &JobId) {
        while !self.engine.runs.lock().unwrap().contains(job_id) {
            tokio::task::yield_now().await;
        }
    }

    fn hold(&self, content: &[u8]) {
        let key = (ProjectId::parse("default").unwrap(), Sha256::of(content));
        self.blobs.held.lock().unwrap().insert(key);
    }

    /// Lets commands end, and reads the log, which ends with the job.
    async fn finish(&self, job_id: &JobId, outcome: Outcome) -> Vec<u8> {
        self.hold(b"4.5");
        self.engine.gate.send_replace(Step::End(outcome));
        self.follow(job_id, 0).await
    }

    async fn follow(&self, job_id: &JobId, offset: i64) -> Vec<u8> {
        let answers = self.log_answers(job_id, offset).await.into_iter();
        answers
            .flat_map(|answer| answer.logs)
            .flat_map(|message| message.content)
            .collect()
    }

    async fn log_answers(&self, job_id: &JobId, offset: i64) -> Vec<ReadProjectJobLogsResponse> {
        let request = ReadProjectJobLogsRequest {
            job_id: job_id.to_string(),
            offset,
        };
        let stream = ProjectJobService::read_logs(&self.service, from_local(request))
            .await
            .unwrap();
        stream.into_inner().map(Result::unwrap).collect().await
    }
}

/// A call of a page: it is answered at once, however much of a log is unread.
fn from_local<T>(message: T) -> Request<T> {
    let mut request = from_program(message);
    request.metadata_mut().insert("x-grpc-web", "1".parse().unwrap());
    request
}

/// A call of a program, such as the published client.
fn from_program<T>(message: T) -> Request<T> {
    let mut request = Request::new(message);
    request.extensions_mut().insert(Caller {
        id: "me".into(),
        origin: "http://here".into(),
        access: Access::everything(),
    });
    request
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

fn request() -> CreateProjectJobRequest {
    CreateProjectJobRequest {
        project_id: "default".into(),
        name: "mean".into(),
        job_parameters: Some(JobParameters {
            cmd: "cat numbers.txt".into(),
            input_files: vec![file("numbers.txt", b"numbers")],
            ..Default::default()
        }),
        ..Default::default()
    }
}

fn finished(return_code: i64) -> Outcome {
    Outcome::Finished {
        return_code,
        cancelled: false,
        details: String::new(),
        output_files: vec![file("mean.txt", b"4.5")],
        log_files: Vec::new(),
        diagnostic_files: Vec::new(),
        file_errors: Vec::new(),
        output_datasets: Vec::new(),
        dataset_errors: Vec::new(),
    }
}

fn response<M: prost::Message + prost::Name + Default>(operation: &Operation) -> M {
    match &operation.result {
        Some(Answer::Response(packed)) => any::unpack(packed).unwrap(),
        other => panic!("no response but {other:?}"),
    }
}

#[tokio::test]
async fn only_missing_files_are_asked_for_and_execute_waits_for_them() {
    let world = World::new().await;
    let created = world.create(request()).await.unwrap();
    assert!(created.done);
    let answer: CreateProjectJobResponse = response(&created);
    let upload = &answer.upload_files[0];
    assert_eq!(
        upload.url,
        format!("http://here/put/default/{}", Sha256::of(b"numbers"))
    );

    let refused = world.execute(&answer.job_id).await.unwrap_err();
    assert_eq!(refused.code(), Code::FailedPrecondition);
    assert!(refused.message().contains("numbers.txt"), "{}", refused.message());

    world.hold(b"numbers");
    let later: CreateProjectJobResponse = response(&world.operation(&created.id).await);
    assert_eq!(later.upload_files[0].url, "", "what has arrived needs no address");
    let again: CreateProjectJobResponse = response(&world.create(request()).await.unwrap());
    assert_eq!(again.upload_files, []);
    assert!(world.execute(&answer.job_id).await.is_ok());
}

#[tokio::test]
async fn a_job_runs_once_and_its_operation_tells_everything() {
    let world = World::new().await;
    let (job_id, operation) = world.start().await;
    assert!(!operation.done);
    assert_eq!(world.execute(job_id.as_str()).await.unwrap().id, operation.id);

    world.logs.append(&job_id, b"hello\n");
    assert_eq!(world.finish(&job_id, finished(0)).await, b"hello\n");
    let ended = world.execute(job_id.as_str()).await.unwrap();
    assert_eq!(ended.id, operation.id);
    assert!(ended.done);
    let answer: ExecuteProjectJobResponse = response(&ended);
    assert_eq!(answer.result.unwrap().return_code, 0);
    assert_eq!(
        answer.output_files[0].url,
        format!("http://here/get/default/{}", Sha256::of(b"4.5"))
    );
    let metadata: ExecuteProjectJobMetadata = any::unpack(ended.metadata.as_ref().unwrap()).unwrap();
    assert_eq!(metadata.metadata.unwrap().status(), JobStatus::Success);
    let job = world.job(&job_id).await;
    assert_eq!(job.data_size_bytes, 10);
    assert_eq!(job.started_at.unwrap().seconds, 5);
    assert_eq!(*world.engine.runs.lock().unwrap(), [job_id]);
}

#[tokio::test]
async fn a_program_that_fails_is_a_response_and_an_error_of_the_job() {
    let world = World::new().await;
    let (job_id, operation) = world.start().await;
    world.finish(&job_id, finished(3)).await;
    let answer: ExecuteProjectJobResponse = response(&world.operation(&operation.id).await);
    assert_eq!(answer.result.unwrap().return_code, 3);
    let job = world.job(&job_id).await;
    assert_eq!(job.status(), JobStatus::Error);
    assert!(job.status_details.contains('3'));
}

#[tokio::test]
async fn a_job_that_cannot_be_run_is_an_error_of_the_operation() {
    for (fault, code) in [(Fault::Server, Code::Internal), (Fault::Job, Code::FailedPrecondition)] {
        let world = World::new().await;
        let (job_id, operation) = world.start().await;
        let lost = Outcome::Failed {
            fault,
            message: "no sh here".into(),
            log_files: Vec::new(),
            diagnostic_files: Vec::new(),
        };
        world.finish(&job_id, lost).await;
        let Some(Answer::Error(status)) = world.operation(&operation.id).await.result else {
            panic!("no error");
        };
        assert_eq!((status.code, status.message.as_str()), (code as i32, "no sh here"));
        assert_eq!(world.job(&job_id).await.status(), JobStatus::Error);
    }
}

#[tokio::test]
async fn cancel_ends_the_job_with_its_reason() {
    let world = World::new().await;
    let mut graceful = request();
    graceful.job_parameters.as_mut().unwrap().graceful_shutdown_parameters = Some(GracefulShutdownParameters {
        timeout: None,
        signal: 2,
    });
    world.hold(b"numbers");
    let created = world.create(graceful).await.unwrap();
    let job_id = JobId::parse(&response::<CreateProjectJobResponse>(&created).job_id).unwrap();
    let operation = world.execute(job_id.as_str()).await.unwrap();
    world.begun(&job_id).await;
    let cancel = CancelProjectJobRequest {
        job_id: job_id.to_string(),
        reason: "lunch".into(),
        graceful: true,
    };
    ProjectJobService::cancel(&world.service, from_local(cancel.clone()))
        .await
        .unwrap();
    world.follow(&job_id, 0).await;

    let job = world.job(&job_id).await;
    assert_eq!(
        (job.status(), job.status_details.as_str()),
        (JobStatus::Cancelled, "Cancelled: lunch")
    );
    let Some(Answer::Error(status)) = world.operation(&operation.id).await.result else {
        panic!("no error");
    };
    assert_eq!(status.code, Code::Cancelled as i32);
    let mode = CancelMode::Graceful {
        signal: 2,
        timeout: None,
    };
    assert!(world.engine.cancels.lock().unwrap().contains(&(job_id, mode)));
    let again = ProjectJobService::cancel(&world.service, from_local(cancel))
        .await
        .unwrap_err();
    assert_eq!(again.code(), Code::FailedPrecondition);
}

#[tokio::test]
async fn a_job_that_was_never_executed_is_cancelled_at_once() {
    let world = World::new().await;
    let created = world.create(request()).await.unwrap();
    let job_id = response::<CreateProjectJobResponse>(&created).job_id;
    let cancel = CancelProjectJobRequest {
        job_id: job_id.clone(),
        ..Default::default()
    };
    ProjectJobService::cancel(&world.service, from_local(cancel))
        .await
        .unwrap();
    let job = world.job(&JobId::parse(&job_id).unwrap()).await;
    assert_eq!(job.status(), JobStatus::Cancelled);
    assert_eq!(
        world.execute(&job_id).await.unwrap_err().code(),
        Code::FailedPrecondition
    );
}

#[tokio::test]
async fn a_service_that_starts_again_takes_up_what_was_executing() {
    let world = World::new().await;
    let (job_id, operation) = world.start().await;
    let next = World::over(world.store.clone(), world.blobs.clone(), world.logs.clone()).await;
    next.finish(&job_id, finished(0)).await;
    assert!(next.operation(&operation.id).await.done);
    assert_eq!(*next.engine.runs.lock().unwrap(), [job_id]);
}

#[tokio::test]
async fn a_log_is_read_from_any_offset_and_not_from_behind_its_end() {
    let world = World::new().await;
    let (job_id, _) = world.start().await;
    world.logs.append(&job_id, b"hello");
    world.finish(&job_id, finished(0)).await;
    assert_eq!(world.follow(&job_id, 3).await, b"lo");
    assert_eq!(world.follow(&job_id, -1).await, b"");
    // From now on: where that is, is said at once.
    let from_now = world.log_answers(&job_id, -1).await;
    let [ReadProjectJobLogsResponse { logs, offset: 5 }] = from_now.as_slice() else {
        panic!("{from_now:?}");
    };
    assert!(logs.is_empty());
    for offset in [6, -2] {
        let request = ReadProjectJobLogsRequest {
            job_id: job_id.to_string(),
            offset,
        };
        let refused = ProjectJobService::read_logs(&world.service, from_local(request))
            .await
            .err()
            .unwrap();
        assert_eq!(refused.code(), Code::InvalidArgument, "{offset}");
    }
}

#[tokio::test]
async fn a_program_hears_of_the_end_when_it_has_read_the_log() {
    let world = World::new().await;
    let (job_id, operation) = world.start().await;
    let request = ReadProjectJobLogsRequest {
        job_id: job_id.to_string(),
        offset: 0,
    };
    let mut log = ProjectJobService::read_logs(&world.service, from_program(request))
        .await
        .unwrap()
        .into_inner();
    world.finish(&job_id, finished(0)).await;
    while world.job(&job_id).await.status() != JobStatus::Success {
        tokio::task::yield_now().await;
    }
    assert!(world.operation(&operation.id).await.done, "a page is not held up");

    let request = || GetOperationRequest {
        operation_id: operation.id.clone(),
    };
    let mut asked = std::pin::pin!(OperationService::get(&world.service, from_program(request())));
    for _ in 0..100 {
        assert!(futures::poll!(&mut asked).is_pending());
        tokio::task::yield_now().await;
    }
    while log.next().await.is_some() {}
    assert!(asked.await.unwrap().into_inner().done);

    // Nobody is waited for long: who has stopped reading holds up nobody.
    let _unread = ProjectJobService::read_logs(
        &world.service,
        from_program(ReadProjectJobLogsRequest {
            job_id: job_id.to_string(),
            offset: 0,
        }),
    )
    .await;
    *world.host.passed_s.lock().unwrap() += 4;
    let late = OperationService::get(&world.service, from_program(request())).await;
    assert!(late.unwrap().into_inner().done);
}

#[tokio::test]
async fn list_pages_newest_first_while_jobs_are_added() {
    let world = World::new().await;
    for _ in 0..5 {
        world.create(request()).await.unwrap();
    }
    let mut names = Vec::new();
    let mut list = ListProjectJobRequest {
        project_id: "default".into(),
        page_size: 2,
        ..Default::default()
    };
    loop {
        let page = ProjectJobService::list(&world.service, from_local(list.clone()))
            .await
            .unwrap()
            .into_inner();
        names.extend(page.jobs.into_iter().map(|job| job.id));
        world.create(request()).await.unwrap();
        if page.next_page_token.is_empty() {
            break;
        }
        list.page_token = page.next_page_token;
    }
    assert_eq!(names.len(), 5);
    names.dedup();
    assert_eq!(names.len(), 5);
    list.page_size = 1001;
    let refused = ProjectJobService::list(&world.service, from_local(list))
        .await
        .unwrap_err();
    assert_eq!(refused.code(), Code::InvalidArgument);
}

#[tokio::test]
async fn errors_have_codes_sentences_and_fields() {
    let world = World::new().await;
    let mut bad = request();
    bad.job_parameters.as_mut().unwrap().cmd.clear();
    let refused = world.create(bad).await.unwrap_err();
    assert_eq!(refused.code(), Code::InvalidArgument);
    let details = refused.get_error_details();
    assert_eq!(
        details.bad_request().unwrap().field_violations[0].field,
        "job_parameters.cmd"
    );

    let mut spark = request();
    spark.job_parameters.as_mut().unwrap().spark_parameters = Some(SparkParameters::default());
    let refused = world.create(spark).await.unwrap_err();
    assert_eq!(
        (refused.code(), refused.message()),
        (Code::FailedPrecondition, "Spark is not here")
    );

    assert_eq!(world.execute("nosuchjob").await.unwrap_err().code(), Code::NotFound);
    assert_eq!(world.execute("").await.unwrap_err().code(), Code::InvalidArgument);
}

#[tokio::test]
async fn a_file_is_handed_out_only_by_the_job_it_belongs_to() {
    let world = World::new().await;
    let (job_id, _) = world.start().await;
    world.finish(&job_id, finished(0)).await;
    world.hold(b"4.5");
    world.hold(b"another job's");
    let ask = |files| {
        let request = DownloadProjectJobFilesRequest {
            job_id: job_id.to_string(),
            files,
        };
        ProjectJobService::download_job_files(&world.service, from_local(request))
    };
    let given = ask(vec![file("mean.txt", b"4.5")]).await.unwrap().into_inner();
    assert!(given.download_files[0].url.starts_with("http://here/get/default/"));
    assert_eq!(
        ask(vec![file("x", b"another job's")]).await.unwrap_err().code(),
        Code::NotFound
    );
    assert_eq!(ask(Vec::new()).await.unwrap_err().code(), Code::InvalidArgument);
}
