//! Share links: what they show, to whom, and until when.

use futures::StreamExt;
use jobsphere_api::{
    id::{JobId, ShareId},
    jobs::{
        Argument, CreateProjectJobRequest, DeleteProjectJobDataRequest, DeleteProjectJobRequest, Environment,
        ExecuteProjectJobRequest, FileDesc, JobParameters, JobProgress, JobStatus, OutputDatasetDesc, PipOptions,
        PythonEnv, ReadProjectJobLogsResponse, project_job_service_server::ProjectJobService,
    },
    sha256::Sha256,
    share::{
        CreateShareRequest, CreateShareResponse, ListSharesRequest, OpenShareRequest, ReadSharedLogsRequest,
        RevokeAllSharesRequest, RevokeShareRequest, Share, ShareParts, SharedJob, SweepRequest,
        finding::{Kind, Place},
        share_service_server::ShareService,
        shared_job_service_server::SharedJobService,
    },
    time,
};
use jobsphere_service::{Access, Caller, Change, Holder, Role, SecretValue, ShareRecord, Store};
use tonic::{Code, Request, Status};

use crate::{World, finished, from_local, response};

const SECRET: &str = "wholly-secret value";

/// A job with something to hide, executed.
async fn job(world: &World) -> JobId {
    world.engine.secrets.lock().unwrap().push(SecretValue {
        name: "KEY".into(),
        value: SECRET.into(),
    });
    let vars = [("SHOWN", "a shown value"), ("HIDDEN", "a hidden value"), ("SHORT", "1")];
    let parameters = JobParameters {
        cmd: "tool --password hunter2 'a hidden value'".into(),
        arguments: vec![Argument {
            name: "ARG".into(),
            value: format!("is {SECRET}"),
        }],
        env: Some(Environment {
            vars: vars.map(|(name, value)| (name.into(), value.into())).into(),
            ..Default::default()
        }),
        output_files: ["mean.txt", "later.txt"]
            .map(|path| FileDesc {
                path: path.into(),
                var: String::new(),
            })
            .into(),
        ..Default::default()
    };
    let request = CreateProjectJobRequest {
        project_id: "default".into(),
        name: "mean of a hidden value".into(),
        desc: "for the paper".into(),
        job_parameters: Some(parameters),
        ..Default::default()
    };
    let created = world.create(request).await.unwrap();
    let id = response::<jobsphere_api::jobs::CreateProjectJobResponse>(&created).job_id;
    let request = ExecuteProjectJobRequest { job_id: id.clone() };
    world.service.execute(from_local(request)).await.unwrap();
    JobId::parse(&id).unwrap()
}

fn everything() -> ShareParts {
    ShareParts {
        log: true,
        parameters: true,
        env_values: vec!["SHOWN".into()],
        outputs: vec!["mean.txt".into(), "later.txt".into()],
    }
}

fn asking(job: &JobId, parts: ShareParts) -> CreateShareRequest {
    CreateShareRequest {
        job_id: job.to_string(),
        parts: Some(parts),
        ..Default::default()
    }
}

async fn make(world: &World, request: CreateShareRequest) -> Result<CreateShareResponse, Status> {
    Ok(ShareService::create(&world.service, from_local(request))
        .await?
        .into_inner())
}

async fn link(world: &World, job: &JobId, parts: ShareParts) -> (Share, String) {
    let made = make(world, asking(job, parts)).await.unwrap();
    let share = made.share.unwrap();
    let sent = format!("{}.{}", share.id, made.secret);
    (share, sent)
}

fn by<T>(holder: &Holder, message: T) -> Request<T> {
    let mut request = Request::new(message);
    request.extensions_mut().insert(holder.clone());
    request
}

async fn open(world: &World, sent: &str) -> Result<SharedJob, Status> {
    let holder = world.service.holder(sent).await?;
    let request = by(&holder, OpenShareRequest { is_refresh: false });
    Ok(SharedJobService::open(&world.service, request).await?.into_inner())
}

async fn list(world: &World) -> Vec<Share> {
    let request = ListSharesRequest {
        project_id: "default".into(),
        job_id: String::new(),
    };
    let listed = ShareService::list(&world.service, from_local(request)).await.unwrap();
    listed.into_inner().shares
}

type Stream = <jobsphere_service::JobService as SharedJobService>::ReadLogsStream;

async fn logs(world: &World, sent: &str, offset: i64) -> Result<Stream, Status> {
    let holder = world.service.holder(sent).await?;
    let request = by(&holder, ReadSharedLogsRequest { offset });
    Ok(SharedJobService::read_logs(&world.service, request).await?.into_inner())
}

fn text(answer: &ReadProjectJobLogsResponse) -> String {
    let content = answer.logs.iter().flat_map(|message| message.content.clone());
    String::from_utf8(content.collect()).unwrap()
}

async fn whole(world: &World, sent: &str, offset: i64) -> String {
    let answers: Vec<_> = logs(world, sent, offset).await.unwrap().collect().await;
    answers.iter().map(|answer| text(answer.as_ref().unwrap())).collect()
}

#[tokio::test]
async fn a_link_shows_what_it_says_and_hides_the_rest() {
    let world = World::new().await;
    let id = job(&world).await;
    world.begun(&id).await;
    let (share, sent) = link(&world, &id, everything()).await;
    assert_eq!(
        (share.created_by.as_str(), share.job_name.as_str()),
        ("me", "mean of a hidden value")
    );
    let week = 7 * 24 * 3600;
    assert_eq!(
        share.expires_at.unwrap().seconds - share.created_at.unwrap().seconds,
        week
    );

    let running = open(&world, &sent).await.unwrap();
    assert_eq!((running.status(), running.result), (JobStatus::Executing, None));
    assert!(
        running
            .outputs
            .iter()
            .all(|output| !output.is_there && output.sha256.is_empty())
    );
    world.finish(&id, finished(3)).await;

    let shared = open(&world, &sent).await.unwrap();
    assert_eq!(
        (shared.status(), shared.result.unwrap().return_code),
        (JobStatus::Error, 3)
    );
    assert_eq!(shared.name, format!("mean of {}", "*".repeat(14)));
    assert_eq!(shared.expires_at, share.expires_at);
    let parameters = shared.job_parameters.clone().unwrap();
    assert_eq!(parameters.cmd, format!("tool --password ******* '{}'", "*".repeat(14)));
    assert_eq!(
        parameters.arguments[0].value,
        format!("is {}", "*".repeat(SECRET.len()))
    );
    let vars = parameters.env.unwrap().vars;
    assert_eq!(
        (vars["SHOWN"].as_str(), vars["HIDDEN"].as_str(), vars["SHORT"].as_str()),
        ("a shown value", "", "")
    );
    assert_eq!(shared.hidden_env, ["HIDDEN", "SHORT"]);
    let output = &shared.outputs[0];
    assert_eq!(
        (output.index, output.path.as_str(), output.is_there),
        (0, "mean.txt", true)
    );
    assert_eq!(
        (output.sha256.clone(), output.size_bytes),
        (Sha256::of(b"4.5").to_string(), 3)
    );
    assert!(!shared.outputs[1].is_there);
    let told = format!("{shared:?}");
    for hidden in ["hunter2", SECRET, "a hidden value", "default", "http://", id.as_str()] {
        assert!(!told.contains(hidden), "{hidden}: {told}");
    }

    let holder = world.service.holder(&sent).await.unwrap();
    let content = world.service.shared_output(&holder, 0).await.unwrap();
    assert_eq!(
        (content.sha256, content.path.as_str()),
        (Sha256::of(b"4.5"), "mean.txt")
    );
    for index in [1, 2, usize::MAX] {
        let refused = world.service.shared_output(&holder, index).await.unwrap_err();
        assert_eq!(refused.code(), Code::NotFound, "{index}");
    }

    let (_, bare) = link(&world, &id, ShareParts::default()).await;
    let shared = open(&world, &bare).await.unwrap();
    assert_eq!((shared.status(), shared.desc.as_str()), (JobStatus::Error, ""));
    assert_eq!((shared.job_parameters, shared.outputs.len()), (None, 0));
    assert_eq!(logs(&world, &bare, 0).await.err().unwrap().code(), Code::NotFound);
    let holder = world.service.holder(&bare).await.unwrap();
    assert!(world.service.shared_output(&holder, 0).await.is_err());
}

#[tokio::test]
async fn whatever_is_wrong_with_a_link_the_answer_is_one() {
    let world = World::new().await;
    let id = job(&world).await;
    world.begun(&id).await;
    let revoke = |share: &Share| {
        let request = RevokeShareRequest {
            share_id: share.id.clone(),
        };
        ShareService::revoke(&world.service, from_local(request))
    };
    let (share, revoked) = link(&world, &id, everything()).await;
    let ended = revoke(&share).await.unwrap().into_inner();
    assert!(ended.revoked_at.is_some() && ended.revoked_by == "me");
    *world.host.passed_s.lock().unwrap() += 5;
    assert_eq!(revoke(&share).await.unwrap().into_inner().revoked_at, ended.revoked_at);

    let mut short = asking(&id, everything());
    let now = 1_000_000_000 / 1_000_000 + 5;
    short.expires_at = Some(time::from_millis((now + 60) * 1000));
    let made = make(&world, short).await.unwrap();
    let expired = format!("{}.{}", made.share.unwrap().id, made.secret);
    open(&world, &expired).await.unwrap();
    let holder = world.service.holder(&expired).await.unwrap();
    let (good, sent) = link(&world, &id, everything()).await;
    *world.host.passed_s.lock().unwrap() += 60;

    let mut refusals = vec![
        SharedJobService::open(&world.service, by(&holder, OpenShareRequest::default()))
            .await
            .err()
            .unwrap(),
    ];
    let other = sent.split('.').next_back().unwrap();
    for wrong in [
        revoked.clone(),
        expired.clone(),
        format!("{}.{}", good.id, "0".repeat(40)),
        format!("{}.", good.id),
        format!("{}.{other}", share.id),
        format!("{}.{other}", "0".repeat(20)),
        good.id.clone(),
        format!("../x.{other}"),
        String::new(),
        ".".into(),
    ] {
        refusals.push(world.service.holder(&wrong).await.unwrap_err().into());
    }
    open(&world, &sent).await.unwrap();
    world.finish(&id, finished(0)).await;
    let request = DeleteProjectJobRequest { job_id: id.to_string() };
    ProjectJobService::delete(&world.service, from_local(request))
        .await
        .unwrap();
    refusals.push(world.service.holder(&sent).await.unwrap_err().into());
    for refusal in &refusals {
        assert_eq!(
            (refusal.code(), refusal.message()),
            (Code::NotFound, refusals[0].message())
        );
        assert!(refusal.details().is_empty());
    }
    assert_eq!(list(&world).await, [], "links go with their job");
    assert_eq!(
        world.store.share(&ShareId::parse(&good.id).unwrap()).await.unwrap(),
        None
    );
}

#[tokio::test]
async fn cleared_data_leaves_the_state() {
    let world = World::new().await;
    let id = job(&world).await;
    let (_, sent) = link(&world, &id, everything()).await;
    world.finish(&id, finished(0)).await;
    let holder = world.service.holder(&sent).await.unwrap();
    world.service.shared_output(&holder, 0).await.unwrap();
    let request = DeleteProjectJobDataRequest { job_id: id.to_string() };
    ProjectJobService::delete_data(&world.service, from_local(request))
        .await
        .unwrap();
    let shared = open(&world, &sent).await.unwrap();
    assert_eq!((shared.status(), shared.data_cleared), (JobStatus::Success, true));
    assert!(!shared.outputs[0].is_there && shared.outputs[0].sha256.is_empty());
    assert!(world.service.shared_output(&holder, 0).await.is_err());
    assert_eq!(logs(&world, &sent, 0).await.err().unwrap().code(), Code::NotFound);
}

#[tokio::test]
async fn editors_of_the_project_alone_make_list_and_end_links() {
    let world = World::new().await;
    let id = job(&world).await;
    let (share, sent) = link(&world, &id, everything()).await;
    let project = jobsphere_api::id::ProjectId::parse("default").unwrap();
    let other = jobsphere_api::id::ProjectId::parse("other").unwrap();
    let callers = [
        (
            Access::to(vec![(Some(project.clone()), Role::Viewer)]),
            Code::PermissionDenied,
        ),
        (Access::to(vec![(Some(other), Role::Admin)]), Code::NotFound),
        (Access::default(), Code::NotFound),
    ];
    for (access, expected) in callers {
        fn as_caller<T>(access: &Access, message: T) -> Request<T> {
            let mut request = Request::new(message);
            request.extensions_mut().insert(Caller {
                id: "other".into(),
                origin: "http://here".into(),
                access: access.clone(),
            });
            request
        }
        let service = &world.service;
        let (job_id, share_id) = (id.to_string(), share.id.clone());
        let codes = [
            ShareService::create(service, as_caller(&access, asking(&id, everything())))
                .await
                .err(),
            ShareService::list(
                service,
                as_caller(
                    &access,
                    ListSharesRequest {
                        project_id: "default".into(),
                        job_id: String::new(),
                    },
                ),
            )
            .await
            .err(),
            ShareService::list(
                service,
                as_caller(
                    &access,
                    ListSharesRequest {
                        project_id: String::new(),
                        job_id,
                    },
                ),
            )
            .await
            .err(),
            ShareService::revoke(service, as_caller(&access, RevokeShareRequest { share_id }))
                .await
                .err(),
            ShareService::revoke_all(
                service,
                as_caller(
                    &access,
                    RevokeAllSharesRequest {
                        project_id: String::new(),
                        job_id: id.to_string(),
                    },
                ),
            )
            .await
            .err(),
            ShareService::sweep(
                service,
                as_caller(
                    &access,
                    SweepRequest {
                        job_id: id.to_string(),
                        ..Default::default()
                    },
                ),
            )
            .await
            .err(),
        ];
        for refused in codes {
            assert_eq!(refused.unwrap().code(), expected);
        }
    }
    // A holder is no caller, and a caller is no holder.
    let holder = world.service.holder(&sent).await.unwrap();
    let refused = ShareService::list(&world.service, by(&holder, ListSharesRequest::default())).await;
    assert_eq!(refused.err().unwrap().code(), Code::Unauthenticated);
    let refused = SharedJobService::open(&world.service, from_local(OpenShareRequest::default())).await;
    assert_eq!(refused.err().unwrap().code(), Code::Unauthenticated);

    let editor = Access::to(vec![(Some(project), Role::Editor)]);
    let mut request = Request::new(RevokeAllSharesRequest {
        project_id: "default".into(),
        job_id: String::new(),
    });
    request.extensions_mut().insert(Caller {
        id: "boris".into(),
        origin: "http://here".into(),
        access: editor,
    });
    let ended = ShareService::revoke_all(&world.service, request)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(ended.revoked_count, 1);
    assert_eq!(list(&world).await[0].revoked_by, "boris");
    assert!(open(&world, &sent).await.is_err());
}

#[tokio::test]
async fn uses_are_counted_and_written_once_a_minute() {
    let world = World::new().await;
    let id = job(&world).await;
    let (share, sent) = link(&world, &id, everything()).await;
    let share_id = ShareId::parse(&share.id).unwrap();
    assert_eq!(list(&world).await[0].last_used_at, None);
    let kept = async || {
        let record = world.store.share(&share_id).await.unwrap().unwrap();
        (record.uses, record.used_micros.unwrap())
    };
    open(&world, &sent).await.unwrap();
    assert_eq!(kept().await, (1, 1_000_000_000));
    *world.host.passed_s.lock().unwrap() = 20;
    open(&world, &sent).await.unwrap();
    open(&world, &sent).await.unwrap();
    let holder = world.service.holder(&sent).await.unwrap();
    let refresh = by(&holder, OpenShareRequest { is_refresh: true });
    SharedJobService::open(&world.service, refresh).await.unwrap();
    assert_eq!(kept().await, (1, 1_000_000_000));
    let listed = &list(&world).await[0];
    assert_eq!((listed.use_count, listed.last_used_at.unwrap().seconds), (3, 1020));
    *world.host.passed_s.lock().unwrap() = 60;
    open(&world, &sent).await.unwrap();
    assert_eq!(kept().await, (4, 1_060_000_000));
    assert_eq!(list(&world).await[0].use_count, 4);
}

#[tokio::test]
async fn the_log_comes_live_with_secrets_hidden_at_every_offset() {
    let world = World::new().await;
    let id = job(&world).await;
    let (share, sent) = link(&world, &id, everything()).await;
    let mut live = logs(&world, &sent, 0).await.unwrap();
    let mut seen = String::new();
    let lines = format!("start\npassword=hunter2 end\nx {SECRET} y\na hidden value\na shown value\nlast");
    for part in lines.as_bytes().chunks(3) {
        world.logs.append(&id, part);
        tokio::task::yield_now().await;
    }
    while !seen.ends_with("shown value\n") {
        let answer = live.next().await.unwrap().unwrap();
        seen += &text(&answer);
        assert_eq!(answer.offset, seen.len() as i64);
    }
    assert_eq!(
        seen,
        format!(
            "start\npassword=******* end\nx {} y\n{}\na shown value\n",
            "*".repeat(19),
            "*".repeat(14)
        )
    );
    world.finish(&id, finished(0)).await;
    while let Some(answer) = live.next().await {
        seen += &text(&answer.unwrap());
    }
    assert_eq!(seen.len(), lines.len());
    assert!(seen.ends_with("last"));
    for offset in 0..=lines.len() {
        assert_eq!(whole(&world, &sent, offset as i64).await, &seen[offset..], "{offset}");
    }
    assert_eq!(whole(&world, &sent, -1).await, "");
    let mut from_now = logs(&world, &sent, -1).await.unwrap();
    assert_eq!(from_now.next().await.unwrap().unwrap().offset, lines.len() as i64);
    assert!(from_now.next().await.is_none());
    for wrong in [-2, lines.len() as i64 + 1] {
        assert_eq!(
            logs(&world, &sent, wrong).await.err().unwrap().code(),
            Code::InvalidArgument
        );
    }
    assert_eq!(share.use_count, 0);
}

#[tokio::test]
async fn an_open_stream_ends_with_its_link() {
    let world = World::new().await;
    let id = job(&world).await;
    world.begun(&id).await;
    let (share, sent) = link(&world, &id, everything()).await;
    let mut live = logs(&world, &sent, 0).await.unwrap();
    world.logs.append(&id, b"one\n");
    assert_eq!(text(&live.next().await.unwrap().unwrap()), "one\n");
    let request = RevokeShareRequest { share_id: share.id };
    ShareService::revoke(&world.service, from_local(request)).await.unwrap();
    *world.host.passed_s.lock().unwrap() += 2;
    world.logs.append(&id, b"two\n");
    let refused = live.next().await.unwrap().unwrap_err();
    assert_eq!(refused.code(), Code::NotFound);
    assert!(refused.message().contains("was revoked, has expired"), "{refused:?}");
    assert!(live.next().await.is_none());
    world.finish(&id, finished(0)).await;
}

#[tokio::test]
async fn an_open_stream_ends_when_the_time_of_its_link_is_over() {
    let world = World::new().await;
    let id = job(&world).await;
    world.begun(&id).await;
    let mut short = asking(&id, everything());
    short.expires_at = Some(time::from_millis((1000 + 60) * 1000));
    let made = make(&world, short).await.unwrap();
    let sent = format!("{}.{}", made.share.unwrap().id, made.secret);
    let mut live = logs(&world, &sent, 0).await.unwrap();
    for (passed_s, line) in [(30, "one\n"), (59, "two\n")] {
        *world.host.passed_s.lock().unwrap() = passed_s;
        world.logs.append(&id, line.as_bytes());
        assert_eq!(text(&live.next().await.unwrap().unwrap()), line);
    }
    *world.host.passed_s.lock().unwrap() = 61;
    world.logs.append(&id, b"three\n");
    assert_eq!(live.next().await.unwrap().unwrap_err().code(), Code::NotFound);
    world.finish(&id, finished(0)).await;
}

#[tokio::test]
async fn what_was_seen_of_a_link_counts_for_a_moment() {
    let world = World::new().await;
    let id = job(&world).await;
    let (share, sent) = link(&world, &id, everything()).await;
    world.logs.append(&id, b"one\n");
    let holder = world.service.holder(&sent).await.unwrap();
    let request = RevokeShareRequest { share_id: share.id };
    ShareService::revoke(&world.service, from_local(request)).await.unwrap();

    // Whoever comes now is not let in. A call that has been goes on without another look at the rows, and no longer.
    assert!(world.service.holder(&sent).await.is_err());
    let open = || SharedJobService::open(&world.service, by(&holder, OpenShareRequest { is_refresh: true }));
    let asked = || by(&holder, ReadSharedLogsRequest { offset: 0 });
    open().await.unwrap();
    let stream = SharedJobService::read_logs(&world.service, asked()).await.unwrap();
    let mut stream = stream.into_inner();
    assert_eq!(text(&stream.next().await.unwrap().unwrap()), "one\n");
    *world.host.passed_s.lock().unwrap() += 2;
    world.logs.append(&id, b"two\n");
    assert_eq!(stream.next().await.unwrap().unwrap_err().code(), Code::NotFound);
    assert_eq!(open().await.err().unwrap().code(), Code::NotFound);
    let refused = SharedJobService::read_logs(&world.service, asked())
        .await
        .err()
        .unwrap();
    assert_eq!(refused.code(), Code::NotFound);
    assert!(world.service.shared_output(&holder, 0).await.is_err());
    world.finish(&id, finished(0)).await;
}

#[tokio::test]
async fn links_that_hold_are_counted_wherever_they_stand_among_the_others() {
    let world = World::new().await;
    let id = job(&world).await;
    let (share, _) = link(&world, &id, ShareParts::default()).await;
    let first = ShareId::parse(&share.id).unwrap();
    let kept = world.store.share(&first).await.unwrap().unwrap();
    let like = |number: i64, revoked: Option<(i64, String)>| {
        Change::PutShare(Box::new(ShareRecord {
            id: ShareId::parse(&format!("link{number}")).unwrap(),
            created_micros: kept.created_micros + number,
            revoked,
            ..kept.clone()
        }))
    };
    // Ten thousand that hold, and as many newer ones that do not.
    let good = (1..10_000).map(|number| like(number, None));
    let over = (10_000..20_000).map(|number| like(number, Some((1, "me".into()))));
    world.store.commit(good.chain(over).collect()).await.unwrap();
    let refused = make(&world, asking(&id, ShareParts::default())).await.unwrap_err();
    assert_eq!(refused.code(), Code::FailedPrecondition);
    assert!(refused.message().contains("10000 links"), "{refused:?}");

    let request = RevokeShareRequest { share_id: share.id };
    ShareService::revoke(&world.service, from_local(request)).await.unwrap();
    make(&world, asking(&id, ShareParts::default())).await.unwrap();
    make(&world, asking(&id, ShareParts::default())).await.unwrap_err();
    let all = RevokeAllSharesRequest {
        project_id: "default".into(),
        job_id: String::new(),
    };
    let ended = ShareService::revoke_all(&world.service, from_local(all)).await.unwrap();
    assert_eq!(ended.into_inner().revoked_count, 10_000);
}

#[tokio::test]
async fn the_maker_is_told_what_would_be_hidden() {
    let world = World::new().await;
    let id = job(&world).await;
    world.logs.append(
        &id,
        format!("first\ntoken: {SECRET}\nby Nightingale\nAKIAIOSFODNN7EXAMPLE").as_bytes(),
    );
    world.finish(&id, finished(0)).await;
    let output = b"a\nurl: https://u:topsecret@h/\n";
    world
        .blobs
        .contents
        .lock()
        .unwrap()
        .insert(Sha256::of(b"4.5"), output.to_vec());
    let request = SweepRequest {
        job_id: id.to_string(),
        parts: Some(everything()),
        hidden_texts: vec!["Nightingale".into()],
    };
    let swept = ShareService::sweep(&world.service, from_local(request))
        .await
        .unwrap()
        .into_inner();
    let of = |kind: Kind| {
        swept
            .findings
            .iter()
            .filter(move |finding| finding.kind() == kind)
            .collect::<Vec<_>>()
    };
    assert_eq!(swept.count, swept.findings.len() as i64);
    assert!(!swept.is_log_cut);
    assert_eq!(swept.too_short_values, ["SHORT"]);
    let fields: Vec<_> = swept
        .findings
        .iter()
        .filter_map(|finding| match &finding.place {
            Some(Place::Field(field)) => Some((field.as_str(), finding.variable.as_str(), finding.is_hidden)),
            _ => None,
        })
        .collect();
    assert_eq!(
        fields,
        [
            ("name", "HIDDEN", true),
            ("job_parameters.cmd", "", true),
            ("job_parameters.cmd", "HIDDEN", true),
            ("job_parameters.arguments.ARG", "KEY", true),
        ]
    );
    let in_log = of(Kind::HiddenText)[0];
    let Some(Place::Log(place)) = &in_log.place else {
        panic!("{in_log:?}");
    };
    assert_eq!((place.line, place.offset), (3, 6 + 27 + 3));
    assert_eq!(in_log.excerpt, format!("by {}", "*".repeat(11)));
    let in_output = of(Kind::UrlPassword)[0];
    let Some(Place::Output(place)) = &in_output.place else {
        panic!("{in_output:?}");
    };
    assert_eq!(
        (place.path.as_str(), place.line, in_output.is_hidden),
        ("mean.txt", 2, false)
    );
    let told = format!("{swept:?}");
    for secret in [SECRET, "hunter2", "topsecret", "AKIAIOSFODNN7EXAMPLE"] {
        assert!(!told.contains(secret), "{told}");
    }
}

#[tokio::test]
async fn a_link_has_parts_that_the_job_has_and_an_end() {
    let world = World::new().await;
    let id = job(&world).await;
    let wrong = |change: fn(&mut CreateShareRequest)| {
        let mut request = asking(&id, everything());
        change(&mut request);
        make(&world, request)
    };
    for (refused, says) in [
        (wrong(|request| request.job_id = "nothing".into()).await, "no job"),
        (
            wrong(|request| request.parts.as_mut().unwrap().outputs.push("../x".into())).await,
            "no output",
        ),
        (
            wrong(|request| request.parts.as_mut().unwrap().env_values.push("NO".into())).await,
            "no environment",
        ),
        (
            wrong(|request| request.parts.as_mut().unwrap().parameters = false).await,
            "together",
        ),
        (
            wrong(|request| request.expires_at = Some(time::from_millis(1))).await,
            "past",
        ),
        (
            wrong(|request| request.expires_at = Some(time::from_millis(400 * 86_400_000))).await,
            "year",
        ),
        (
            wrong(|request| request.hidden_texts = vec!["a".into()]).await,
            "bytes each",
        ),
        (
            wrong(|request| request.hidden_texts = vec!["abcdef".into(); 101]).await,
            "at most 100",
        ),
    ] {
        let refused = refused.unwrap_err();
        assert!(refused.message().contains(says), "{refused:?}");
    }
    assert_eq!(list(&world).await, []);
}

#[tokio::test]
async fn what_needs_no_secret_is_what_the_maker_allows() {
    let world = World::new().await;
    let id = job(&world).await;
    let (silent, _) = link(&world, &id, everything()).await;
    assert_eq!(world.service.share_face(&silent.id).await.unwrap(), None);
    assert_eq!(world.service.share_face("../nothing").await.unwrap(), None);
    let mut request = asking(&id, ShareParts::default());
    request.allow_badge = true;
    let told = make(&world, request).await.unwrap().share.unwrap();
    let face = world.service.share_face(&told.id).await.unwrap().unwrap();
    assert!(face.allow_badge && !face.allow_preview && !face.allow_embed);
    assert_eq!(face.name, format!("mean of {}", "*".repeat(14)));
    let request = RevokeShareRequest {
        share_id: told.id.clone(),
    };
    ShareService::revoke(&world.service, from_local(request)).await.unwrap();
    assert_eq!(world.service.share_face(&told.id).await.unwrap(), None);
}

#[tokio::test]
async fn what_was_not_ticked_is_not_shown_and_names_are_swept() {
    let world = World::new().await;
    let id = job(&world).await;
    world.begun(&id).await;
    let told = JobProgress {
        message: format!("epoch 3 of {SECRET}"),
        progress: 40,
        create_time: None,
    };
    let mut record = world.store.job(&id).await.unwrap().unwrap();
    record.progress = Some(told);
    let mut whole = record.job.whole();
    let parameters = whole.job_parameters.as_mut().unwrap();
    let path = format!("out/{}.txt", SECRET.replace(' ', "%20").to_uppercase());
    parameters.output_files.push(FileDesc {
        path: path.clone(),
        var: String::new(),
    });
    let mut python = PythonEnv::default();
    python.local_modules.push(crate::file(&format!("{SECRET}.py"), b"m"));
    python.pip_options = Some(PipOptions {
        trusted_hosts: vec![format!("{SECRET}.example")],
        ..Default::default()
    });
    parameters.env.as_mut().unwrap().python_env = Some(python);
    parameters.output_datasets = vec![OutputDatasetDesc {
        labels: [(SECRET.into(), "label".into())].into(),
        ..Default::default()
    }];
    record.job = whole.into();
    world
        .store
        .commit(vec![Change::PutJob(Box::new(record))])
        .await
        .unwrap();

    let (_, bare) = link(&world, &id, ShareParts::default()).await;
    assert_eq!(open(&world, &bare).await.unwrap().progress, None);
    let mut parts = everything();
    parts.outputs.push(path.clone());
    let (_, sent) = link(&world, &id, parts.clone()).await;
    let shared = open(&world, &sent).await.unwrap();
    let stars = "*".repeat(SECRET.len());
    assert_eq!(shared.progress.as_ref().unwrap().message, format!("epoch 3 of {stars}"));
    let shown = format!("out/{}.txt", "*".repeat(SECRET.len() + 2));
    assert_eq!(shared.outputs[2].path, shown);
    assert_eq!(shared.parts.as_ref().unwrap().outputs[2], shown);
    let text = format!("{shared:?}").to_lowercase();
    assert!(!text.contains("wholly-secret"), "{text}");

    let request = SweepRequest {
        job_id: id.to_string(),
        parts: Some(parts),
        hidden_texts: Vec::new(),
    };
    let swept = ShareService::sweep(&world.service, from_local(request))
        .await
        .unwrap()
        .into_inner();
    for field in [
        "progress.message",
        "parts.outputs",
        "job_parameters.output_files",
        "job_parameters.output_datasets",
        "job_parameters.env.python_env.local_modules",
        "job_parameters.env.python_env.pip_options",
    ] {
        let of_field = |place: &Option<Place>| matches!(place, Some(Place::Field(found)) if found == field);
        let found = swept.findings.iter().filter(|finding| of_field(&finding.place));
        assert_eq!(
            found.map(|finding| finding.kind()).collect::<Vec<_>>(),
            [Kind::ProjectSecret],
            "{field}"
        );
    }
    world.finish(&id, finished(0)).await;
}

#[tokio::test]
async fn a_secret_in_the_log_is_hidden_however_it_is_written() {
    let world = World::new().await;
    let id = job(&world).await;
    let (_, sent) = link(&world, &id, everything()).await;
    let written = [
        "wholly-secret value".to_uppercase(),
        "wholly-\x1b[1msecret\x1b[0m value".into(),
        "wholly-se\rcret val\0ue".into(),
        "wholly%2Dsecret%20val%75e".into(),
    ];
    for written in &written {
        world.logs.append(&id, format!("a {written} b\n").as_bytes());
    }
    world.finish(&id, finished(0)).await;
    let shown: String = written
        .iter()
        .map(|written| format!("a {} b\n", "*".repeat(written.len())))
        .collect();
    assert_eq!(whole(&world, &sent, 0).await, shown);
    let request = SweepRequest {
        job_id: id.to_string(),
        parts: Some(everything()),
        hidden_texts: Vec::new(),
    };
    let swept = ShareService::sweep(&world.service, from_local(request))
        .await
        .unwrap()
        .into_inner();
    let lines = swept.findings.iter().filter_map(|finding| match &finding.place {
        Some(Place::Log(place)) if finding.variable == "KEY" => Some(place.line),
        _ => None,
    });
    assert_eq!(lines.collect::<Vec<_>>(), [1, 2, 3, 4]);
}
