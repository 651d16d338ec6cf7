//! What a request may say, and how large an answer is.

use jobsphere_api::{
    id::JobId,
    jobs::{
        Argument, CancelProjectJobRequest, CloudInstanceType, CreateProjectJobRequest, CreateProjectJobResponse,
        DockerImageSpec, DownloadProjectJobFilesRequest, Environment, ExtendedWorkingStorage, File, FileDesc,
        GetProjectJobRequest, GracefulShutdownParameters, JobParameters, ListProjectJobRequest, OutputDatasetDesc,
        PipOptions, PythonEnv, SetProjectJobDataTtlRequest, SparkParameters, docker_image_spec::Password,
        environment::DockerImage, project_job_service_server::ProjectJobService,
    },
    project::{ListProjectsRequest, project_service_server::ProjectService},
    time,
};
use jobsphere_service::{Change, Store};
use prost::Message;
use prost_types::{Duration, Timestamp};
use tonic::{Code, Status};
use tonic_types::StatusExt;

use crate::{World, file, from_local, request, response};

/// What clients of gRPC take unless they are told otherwise.
const CLIENTS_TAKE: usize = 4 << 20;

fn seconds(seconds: i64) -> Option<Duration> {
    Some(Duration { seconds, nanos: 0 })
}

fn nanos(nanos: i32) -> Option<Duration> {
    Some(Duration { seconds: 1, nanos })
}

/// The fields that a refusal names.
fn fields(refused: &Status) -> Vec<String> {
    assert_eq!(refused.code(), Code::InvalidArgument, "{refused:?}");
    let details = refused.get_error_details();
    let violations = details.bad_request().unwrap().field_violations.clone();
    violations.into_iter().map(|violation| violation.field).collect()
}

async fn refuses(world: &World, field: &str, change: impl FnOnce(&mut CreateProjectJobRequest)) {
    let mut request = request();
    change(&mut request);
    let refused = world
        .create(request)
        .await
        .err()
        .unwrap_or_else(|| panic!("{field} is taken"));
    assert_eq!(fields(&refused), [field]);
}

async fn takes(world: &World, change: impl FnOnce(&mut CreateProjectJobRequest)) -> JobId {
    let mut request = request();
    change(&mut request);
    let created = world.create(request).await.unwrap();
    JobId::parse(&response::<CreateProjectJobResponse>(&created).job_id).unwrap()
}

fn parameters(request: &mut CreateProjectJobRequest) -> &mut JobParameters {
    request.job_parameters.as_mut().unwrap()
}

fn env(request: &mut CreateProjectJobRequest) -> &mut Environment {
    parameters(request).env.get_or_insert_default()
}

fn python(request: &mut CreateProjectJobRequest) -> &mut PythonEnv {
    env(request).python_env.get_or_insert_default()
}

fn image(request: &mut CreateProjectJobRequest, spec: DockerImageSpec) {
    env(request).docker_image = Some(DockerImage::DockerImageSpec(spec));
}

#[tokio::test]
async fn a_lifetime_is_a_length_of_time_that_ends() {
    let world = World::new().await;
    for ttl in [
        seconds(1 << 62),
        seconds(i64::MAX),
        seconds(-1),
        nanos(1_000_000_000),
        nanos(-1),
        nanos(i32::MAX),
    ] {
        refuses(&world, "data_ttl", |request| request.data_ttl = ttl).await;
    }
    let id = takes(&world, |request| request.data_ttl = seconds(365_250 * 24 * 3600)).await;
    let expires = world.job(&id).await.data_expires_at.unwrap();
    assert!(time::is_valid(&expires), "{expires:?}");
    for ttl in [
        seconds(1 << 62),
        seconds(i64::MIN),
        nanos(i32::MIN),
        nanos(1_000_000_000),
    ] {
        let request = SetProjectJobDataTtlRequest {
            job_id: id.to_string(),
            ttl,
        };
        let refused = ProjectJobService::set_data_ttl(&world.service, from_local(request)).await;
        assert_eq!(fields(&refused.unwrap_err()), ["ttl"], "{ttl:?}");
    }
}

#[tokio::test]
async fn a_row_of_an_earlier_version_is_shown_within_the_time_there_is() {
    let world = World::new().await;
    let id = takes(&world, |_| {}).await;
    let mut record = world.store.job(&id).await.unwrap().unwrap();
    let mut whole = record.job.whole();
    whole.data_expires_at = Some(Timestamp {
        seconds: 1 << 62,
        nanos: 0,
    });
    record.job = whole.into();
    world
        .store
        .commit(vec![Change::PutJob(Box::new(record))])
        .await
        .unwrap();
    assert!(time::is_valid(&world.job(&id).await.data_expires_at.unwrap()));
}

#[tokio::test]
async fn numbers_that_mean_nothing_are_refused_by_name() {
    let world = World::new().await;
    for size_gb in [-1, i64::MIN, i64::MAX, (1 << 20) + 1] {
        refuses(&world, "job_parameters.extended_working_storage.size_gb", |request| {
            parameters(request).extended_working_storage = Some(ExtendedWorkingStorage { r#type: 1, size_gb });
        })
        .await;
        refuses(&world, "job_parameters.output_datasets[0].size_gb", |request| {
            parameters(request).output_datasets = vec![dataset(size_gb)];
        })
        .await;
    }
    for signal in [-1, 65, i64::MAX] {
        refuses(
            &world,
            "job_parameters.graceful_shutdown_parameters.signal",
            |request| {
                parameters(request).graceful_shutdown_parameters = shutdown(signal, None);
            },
        )
        .await;
    }
    for timeout in [seconds(-1), seconds(i64::MAX), nanos(1_000_000_000), nanos(-1)] {
        refuses(
            &world,
            "job_parameters.graceful_shutdown_parameters.timeout",
            |request| {
                parameters(request).graceful_shutdown_parameters = shutdown(15, timeout);
            },
        )
        .await;
    }
    refuses(&world, "job_parameters.input_files[0].size_bytes", |request| {
        parameters(request).input_files[0].size_bytes = i64::MIN;
    })
    .await;
    takes(&world, |request| {
        let parameters = parameters(request);
        parameters.extended_working_storage = Some(ExtendedWorkingStorage {
            r#type: 1,
            size_gb: 150,
        });
        parameters.graceful_shutdown_parameters = shutdown(0, seconds(3600));
        parameters.output_datasets = vec![
            dataset(1),
            OutputDatasetDesc {
                name: "e".into(),
                var: "E".into(),
                ..dataset(1 << 20)
            },
        ];
    })
    .await;
}

fn dataset(size_gb: i64) -> OutputDatasetDesc {
    OutputDatasetDesc {
        name: "d".into(),
        var: "D".into(),
        size_gb,
        ..Default::default()
    }
}

fn shutdown(signal: i64, timeout: Option<Duration>) -> Option<GracefulShutdownParameters> {
    Some(GracefulShutdownParameters { timeout, signal })
}

#[tokio::test]
async fn every_text_of_a_job_has_a_length() {
    let world = World::new().await;
    let long = |bytes: usize| "x".repeat(bytes);
    refuses(&world, "name", |request| request.name = long(257)).await;
    refuses(&world, "desc", |request| request.desc = long(4097)).await;
    refuses(&world, "config", |request| request.config = long((1 << 20) + 1)).await;
    refuses(&world, "job_parameters.cmd", |request| {
        parameters(request).cmd = long(128 * 1024)
    })
    .await;
    refuses(&world, "job_parameters.input_files[0].desc.path", |request| {
        let desc = parameters(request).input_files[0].desc.as_mut().unwrap();
        (desc.path, desc.var) = (format!("{}x", "../".repeat(3000)), "IN".into());
    })
    .await;
    refuses(&world, "job_parameters.arguments[0].value", |request| {
        parameters(request).arguments = vec![Argument {
            name: "A".into(),
            value: long(128 * 1024),
        }];
    })
    .await;
    refuses(&world, "job_parameters.arguments[0].name", |request| {
        parameters(request).arguments = vec![Argument {
            name: long(51),
            value: String::new(),
        }];
    })
    .await;
    for (field, description, labels) in [
        ("description", long(4097), Vec::new()),
        ("labels", String::new(), vec![("l".to_owned(), long(257))]),
        (
            "labels",
            String::new(),
            (0..65).map(|place| (format!("l{place}"), String::new())).collect(),
        ),
    ] {
        refuses(
            &world,
            &format!("job_parameters.output_datasets[0].{field}"),
            |request| {
                parameters(request).output_datasets = vec![OutputDatasetDesc {
                    description,
                    labels: labels.into_iter().collect(),
                    ..dataset(1)
                }];
            },
        )
        .await;
    }
    refuses(&world, "job_parameters.cloud_instance_types[0].name", |request| {
        parameters(request).cloud_instance_types = vec![CloudInstanceType { name: long(257) }];
    })
    .await;
    refuses(&world, "job_parameters.spark_parameters.connector_id", |request| {
        let connector_id = long(257);
        parameters(request).spark_parameters = Some(SparkParameters { connector_id });
    })
    .await;
}

#[tokio::test]
async fn every_text_of_an_environment_has_a_length() {
    let world = World::new().await;
    let long = |bytes: usize| "x".repeat(bytes);
    refuses(&world, "job_parameters.env.vars", |request| {
        env(request).vars = [(long(257), String::new())].into();
    })
    .await;
    refuses(&world, "job_parameters.env.vars[\"A\"]", |request| {
        env(request).vars = [("A".into(), long(128 * 1024))].into();
    })
    .await;
    refuses(&world, "job_parameters.env.docker_image_resource_id", |request| {
        env(request).docker_image = Some(DockerImage::DockerImageResourceId(long(257)));
    })
    .await;
    for (field, image_url, username, password) in [
        ("image_url", long(4097), String::new(), None),
        ("username", String::new(), long(257), None),
        (
            "password_plain_text",
            String::new(),
            String::new(),
            Some(Password::PasswordPlainText(long(16 * 1024 + 1))),
        ),
        (
            "password_ds_secret_name",
            String::new(),
            String::new(),
            Some(Password::PasswordDsSecretName(long(257))),
        ),
    ] {
        let spec = DockerImageSpec {
            image_url,
            username,
            password,
        };
        let field = format!("job_parameters.env.docker_image_spec.{field}");
        refuses(&world, &field, |request| image(request, spec)).await;
    }
    let base = "job_parameters.env.python_env";
    refuses(&world, &format!("{base}.conda_yaml"), |request| {
        python(request).conda_yaml = long((1 << 20) + 1)
    })
    .await;
    refuses(&world, &format!("{base}.python_version"), |request| {
        python(request).python_version = long(257)
    })
    .await;
    refuses(&world, &format!("{base}.requirements[1]"), |request| {
        python(request).requirements = vec!["six".into(), long(4097)];
    })
    .await;
    for (field, desc) in [("path", (long(4001), String::new())), ("var", ("m".into(), long(51)))] {
        refuses(&world, &format!("{base}.local_modules[0].desc.{field}"), |request| {
            let desc = Some(FileDesc {
                path: desc.0,
                var: desc.1,
            });
            python(request).local_modules = vec![File {
                desc,
                ..file("m", b"m")
            }];
        })
        .await;
    }
    refuses(&world, &format!("{base}.local_modules"), |request| {
        python(request).local_modules = vec![file("m", b"m"); 1001];
    })
    .await;
    for (field, pip) in [
        (
            "index_url",
            PipOptions {
                index_url: long(4097),
                ..Default::default()
            },
        ),
        (
            "extra_index_urls[0]",
            PipOptions {
                extra_index_urls: vec![long(4097)],
                ..Default::default()
            },
        ),
        (
            "trusted_hosts",
            PipOptions {
                trusted_hosts: vec!["h".into(); 101],
                ..Default::default()
            },
        ),
    ] {
        refuses(&world, &format!("{base}.pip_options.{field}"), |request| {
            python(request).pip_options = Some(pip)
        })
        .await;
    }
}

#[tokio::test]
async fn what_is_asked_beside_jobs_has_a_length() {
    let world = World::new().await;
    let id = takes(&world, |_| {}).await;
    let cancel = |reason: String| CancelProjectJobRequest {
        job_id: id.to_string(),
        reason,
        graceful: false,
    };
    let refused = ProjectJobService::cancel(&world.service, from_local(cancel("я".repeat(1025)))).await;
    assert_eq!(fields(&refused.unwrap_err()), ["reason"]);
    let list = ListProjectJobRequest {
        project_id: "default".into(),
        ..Default::default()
    };
    for (field, request) in [
        (
            "filter",
            ListProjectJobRequest {
                filter: " ".repeat(1001),
                ..list.clone()
            },
        ),
        (
            "page_token",
            ListProjectJobRequest {
                page_token: "1".repeat(101),
                ..list.clone()
            },
        ),
        (
            "project_id",
            ListProjectJobRequest {
                project_id: "p".repeat(51),
                ..list.clone()
            },
        ),
    ] {
        let refused = ProjectJobService::list(&world.service, from_local(request)).await;
        assert_eq!(fields(&refused.unwrap_err()), [field]);
    }
    let request = ListProjectsRequest {
        project_name_pattern: "x".repeat(101),
        ..Default::default()
    };
    let refused = ProjectService::list(&world.service, from_local(request)).await;
    assert_eq!(fields(&refused.unwrap_err()), ["project_name_pattern"]);
    let files = DownloadProjectJobFilesRequest {
        job_id: id.to_string(),
        files: vec![file("numbers.txt", b"numbers"); 2001],
    };
    let refused = world.service.download_job_files(from_local(files)).await;
    assert_eq!(fields(&refused.unwrap_err()), ["files"]);
    // An id that is none comes back only as far as it helps.
    let request = GetProjectJobRequest {
        job_id: "x".repeat(1 << 20),
    };
    let refused = ProjectJobService::get(&world.service, from_local(request))
        .await
        .unwrap_err();
    assert_eq!(refused.code(), Code::NotFound);
    assert!(refused.message().len() < 1100);
    ProjectJobService::cancel(&world.service, from_local(cancel("я".repeat(1024))))
        .await
        .unwrap();
}

#[tokio::test]
async fn a_page_is_an_answer_that_clients_take() {
    let world = World::new().await;
    for _ in 0..7 {
        takes(&world, |request| request.config = "x".repeat(1 << 20)).await;
    }
    let mut list = ListProjectJobRequest {
        project_id: "default".into(),
        page_size: 1000,
        ..Default::default()
    };
    let mut ids = Vec::new();
    loop {
        let answer = ProjectJobService::list(&world.service, from_local(list.clone()))
            .await
            .unwrap();
        let page = answer.into_inner();
        assert!(
            page.encoded_len() < CLIENTS_TAKE && !page.jobs.is_empty(),
            "{}",
            page.encoded_len()
        );
        ids.extend(page.jobs.into_iter().map(|job| job.id));
        if page.next_page_token.is_empty() {
            break;
        }
        list.page_token = page.next_page_token;
    }
    assert_eq!(ids.len(), 7);
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 7);
}

#[tokio::test]
async fn a_job_alone_is_an_answer_that_clients_take() {
    let world = World::new().await;
    let argument = |place: usize| Argument {
        name: format!("A{place}"),
        value: "x".repeat(100_000),
    };
    refuses(&world, "job_parameters", |request| {
        parameters(request).arguments = (0..21).map(argument).collect();
    })
    .await;
    world.hold(b"numbers");
    let id = takes(&world, |request| {
        parameters(request).arguments = (0..20).map(argument).collect()
    })
    .await;
    let operation = world.execute(id.as_str()).await.unwrap();
    assert!(operation.encoded_len() < CLIENTS_TAKE, "{}", operation.encoded_len());
}
