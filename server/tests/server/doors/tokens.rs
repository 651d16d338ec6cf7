//! Tokens: needed, good for what they say, gone when removed.

use std::fs;

use jobsphere_api::jobs::{
    CancelProjectJobRequest, CreateProjectJobRequest, DeleteAllProjectJobDataRequest, DeleteProjectJobDataRequest,
    DeleteProjectJobRequest, ExecuteProjectJobRequest, GetProjectJobRequest, JobParameters, JobStatus,
    ListProjectJobRequest, ReadProjectJobLogsRequest,
};
use tonic::Code;
use walkdir::WalkDir;

use super::{IAM, JOBS, OPERATIONS, PROJECTS, add_token, call, get, token, verdict};
use crate::process::{BINARY, Server, printed};

/// Every call of the API, by service.
pub(super) const METHODS: [(&str, &[&str]); 5] = [
    (
        JOBS,
        &[
            "Create",
            "Clone",
            "Execute",
            "Cancel",
            "ReadStdLogs",
            "ReadLogs",
            "DownloadJobFiles",
            "List",
            "Get",
            "Delete",
            "DeleteData",
            "DeleteAllData",
            "SetDataTtl",
        ],
    ),
    (OPERATIONS, &["Get", "Cancel"]),
    (PROJECTS, &["Get", "List"]),
    (
        "/jobsphere.v1.ShareService",
        &["Create", "List", "Revoke", "RevokeAll", "Sweep"],
    ),
    ("/jobsphere.v1.UnnamedFileService", &["List", "Keep"]),
];

#[test]
fn no_call_comes_in_without_a_token() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::start_with(dir.path(), &["--auth", "token"]);
    let link = server.link_token.clone().unwrap();
    for (service, methods) in METHODS {
        for method in methods {
            let method = format!("{service}/{method}");
            for headers in [
                &[][..],
                &[("authorization", "Bearer")],
                &[("authorization", "Bearer jobsphere_wrong")],
                &[("authorization", "Basic bG9jYWw6bG9jYWw=")],
                &[("authorization", &link)],
            ] {
                let answer = call(&server, &method, &(), headers);
                let (code, sentence) = verdict(&answer);
                assert_eq!(
                    (answer.status().as_u16(), code),
                    (200, Code::Unauthenticated),
                    "{method}"
                );
                assert!(sentence.contains("token") || sentence.contains("Bearer"), "{sentence}");
            }
            let known = call(&server, &method, &(), &[("authorization", &format!("Bearer {link}"))]);
            assert_ne!(verdict(&known).0, Code::Unauthenticated, "{method}");
        }
    }
    assert_eq!(get(&format!("{}/health", server.address), &[]).status(), 200);
    // Signing in is for those who have none yet.
    assert_eq!(
        verdict(&call(&server, &format!("{IAM}/Create"), &(), &[])).0,
        Code::InvalidArgument
    );
}

#[tokio::test]
async fn native_clients_are_told_the_same() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::start_with(dir.path(), &["--auth", "token"]);
    let list = || ListProjectJobRequest {
        project_id: "default".into(),
        ..Default::default()
    };
    let refused = server.client().await.jobs.list(list()).await.unwrap_err();
    assert_eq!(refused.code(), Code::Unauthenticated);
    assert!(refused.message().contains("token add"), "{}", refused.message());
    let mut wrong = server.client_with(Some("jobsphere_wrong")).await;
    let refused = wrong.jobs.list(list()).await.unwrap_err();
    assert_eq!(refused.code(), Code::Unauthenticated);
    let mut linked = server.client_with(server.link_token.as_deref()).await;
    linked.jobs.list(list()).await.unwrap();
}

#[tokio::test]
async fn a_role_allows_what_it_says_where_it_says() {
    let dir = tempfile::tempdir().unwrap();
    let tokens: Vec<String> = [
        ("sees", "p1", "viewer"),
        ("works", "p1", "editor"),
        ("rules", "*", "admin"),
    ]
    .map(|(name, project, role)| add_token(dir.path(), name, project, role))
    .into();
    let server = Server::start(dir.path());
    let mut viewer = server.client_with(Some(&tokens[0])).await.jobs;
    let mut editor = server.client_with(Some(&tokens[1])).await.jobs;
    let mut admin = server.client_with(Some(&tokens[2])).await.jobs;
    let create = |project: &str| CreateProjectJobRequest {
        project_id: project.into(),
        job_parameters: Some(JobParameters {
            cmd: "echo mine".into(),
            ..Default::default()
        }),
        ..Default::default()
    };
    let denied = |refused: tonic::Status| assert_eq!(refused.code(), Code::PermissionDenied, "{refused:?}");

    // What belongs to other projects is not told from what there is not.
    let unknown = |refused: tonic::Status, id: &str| {
        assert_eq!(refused.code(), Code::NotFound, "{refused:?}");
        let (said, kind) = (refused.message(), if id == "p2" { "project" } else { "job" });
        assert_eq!(said, format!("there is no {kind} `{id}`"));
    };

    denied(viewer.create(create("p1")).await.unwrap_err());
    unknown(editor.create(create("p2")).await.unwrap_err(), "p2");
    let mut ids = Vec::new();
    for (client, project) in [(&mut editor, "p1"), (&mut admin, "p2")] {
        let created = client.create(create(project)).await.unwrap().into_inner();
        let created: jobsphere_api::jobs::CreateProjectJobResponse = crate::process::response(&created);
        let job_id = created.job_id;
        client
            .execute(ExecuteProjectJobRequest { job_id: job_id.clone() })
            .await
            .unwrap();
        ids.push(job_id);
    }
    let [own, other] = [ids[0].clone(), ids[1].clone()];

    let get = |job_id: &str| GetProjectJobRequest { job_id: job_id.into() };
    let job = viewer.get(get(&own)).await.unwrap().into_inner();
    assert_eq!(job.created_by_id, "works");
    unknown(viewer.get(get(&other)).await.unwrap_err(), &other);
    unknown(editor.get(get(&other)).await.unwrap_err(), &other);
    let logs = |job_id: &str| ReadProjectJobLogsRequest {
        job_id: job_id.into(),
        offset: 0,
    };
    unknown(editor.read_logs(logs(&other)).await.unwrap_err(), &other);
    let mut stream = viewer.read_logs(logs(&own)).await.unwrap().into_inner();
    let mut messages = Vec::new();
    while let Some(batch) = stream.message().await.unwrap() {
        messages.extend(batch.logs);
    }
    assert_eq!(printed(&messages), "mine\n");

    let cancel = |job_id: &str| CancelProjectJobRequest {
        job_id: job_id.into(),
        ..Default::default()
    };
    denied(viewer.cancel(cancel(&own)).await.unwrap_err());
    unknown(editor.cancel(cancel(&other)).await.unwrap_err(), &other);
    denied(
        viewer
            .delete(DeleteProjectJobRequest { job_id: own.clone() })
            .await
            .unwrap_err(),
    );
    denied(
        viewer
            .delete_data(DeleteProjectJobDataRequest { job_id: own.clone() })
            .await
            .unwrap_err(),
    );
    let all = |project: &str| DeleteAllProjectJobDataRequest {
        project_id: project.into(),
    };
    denied(editor.delete_all_data(all("p1")).await.unwrap_err());
    denied(viewer.delete_all_data(all("p1")).await.unwrap_err());
    assert_eq!(
        admin.get(get(&own)).await.unwrap().into_inner().status(),
        JobStatus::Success
    );
    admin.delete_all_data(all("p1")).await.unwrap();
}

#[tokio::test]
async fn the_first_token_closes_the_door_and_the_last_does_not_open_it() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::start(dir.path());
    assert_eq!(server.link_token, None);
    let list = || ListProjectJobRequest {
        project_id: "default".into(),
        ..Default::default()
    };
    let mut nobody = server.client().await.jobs;
    nobody.list(list()).await.unwrap();

    let secret = add_token(dir.path(), "anna", "default", "viewer");
    assert_eq!(nobody.list(list()).await.unwrap_err().code(), Code::Unauthenticated);
    let mut anna = server.client_with(Some(&secret)).await.jobs;
    anna.list(list()).await.unwrap();

    assert!(token(dir.path(), &["remove", "anna"]).0);
    assert_eq!(anna.list(list()).await.unwrap_err().code(), Code::Unauthenticated);
    assert_eq!(nobody.list(list()).await.unwrap_err().code(), Code::Unauthenticated);
    let (is_removed, complaint) = token(dir.path(), &["remove", "anna"]);
    assert!(!is_removed && complaint.contains("no token `anna`"), "{complaint}");
}

#[tokio::test]
async fn an_expired_token_is_no_token() {
    let dir = tempfile::tempdir().unwrap();
    let add = |name: &str, time: &str| {
        let arguments = ["add", name, "--project", "*", "--role", "admin", "--expires", time];
        token(dir.path(), &arguments)
    };
    let (_, over) = add("over", "0s");
    let (_, good) = add("good", "30d");
    let server = Server::start(dir.path());
    let list = ListProjectJobRequest {
        project_id: "default".into(),
        ..Default::default()
    };
    let mut client = server.client_with(Some(&over)).await.jobs;
    assert_eq!(
        client.list(list.clone()).await.unwrap_err().code(),
        Code::Unauthenticated
    );
    server.client_with(Some(&good)).await.jobs.list(list).await.unwrap();
    let (_, listed) = token(dir.path(), &["list"]);
    let lines: Vec<&str> = listed.lines().collect();
    assert!(
        lines[0].starts_with("good\t*:admin\t") && lines[0].contains("until "),
        "{listed}"
    );
    assert!(
        lines[1].starts_with("over\t*:admin\t") && lines[1].contains("expired "),
        "{listed}"
    );
}

#[test]
fn a_secret_is_told_once_and_kept_nowhere() {
    let dir = tempfile::tempdir().unwrap();
    let secret = add_token(dir.path(), "anna", "default", "viewer");
    let server = Server::start(dir.path());
    let link = server.link_token.clone().unwrap();
    assert_eq!(
        verdict(&call(
            &server,
            &format!("{PROJECTS}/List"),
            &(),
            &[("authorization", &format!("Bearer {secret}"))]
        ))
        .0,
        Code::Ok
    );
    let (_, listed) = token(dir.path(), &["list"]);
    assert!(listed.starts_with("anna\tdefault:viewer\t"), "{listed}");
    drop(server);
    let holds = |text: &str| {
        WalkDir::new(dir.path())
            .into_iter()
            .map(Result::unwrap)
            .filter(|entry| entry.file_type().is_file())
            .any(|entry| {
                let content = fs::read(entry.path()).unwrap();
                content.windows(text.len()).any(|window| window == text.as_bytes())
            })
    };
    assert!(holds("anna"), "the row is on disk");
    assert!(!holds(&secret) && !holds(&link) && !listed.contains(&secret));

    // A link is good as long as its server.
    let next = Server::start(dir.path());
    let bearer = format!("Bearer {link}");
    let old = call(&next, &format!("{PROJECTS}/List"), &(), &[("authorization", &bearer)]);
    assert_eq!(verdict(&old).0, Code::Unauthenticated);
}

#[test]
fn names_and_places_that_are_none_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    for name in ["local", "", "a b", "a/b", "../a", "a\nb", &"a".repeat(51)] {
        let (is_made, complaint) = token(dir.path(), &["add", name, "--project", "p", "--role", "viewer"]);
        assert!(!is_made && !complaint.is_empty(), "{name:?}");
    }
    for project in ["", "../p", "a b", "**", "p;DROP TABLE tokens"] {
        assert!(
            !token(dir.path(), &["add", "a", "--project", project, "--role", "viewer"]).0,
            "{project}"
        );
    }
    assert!(!token(dir.path(), &["add", "a", "--project", "p", "--role", "owner"]).0);
    assert!(!token(dir.path(), &["add", "a", "--role", "viewer"]).0);
    add_token(dir.path(), "a", "p", "viewer");
    let (is_made, complaint) = token(dir.path(), &["add", "a", "--project", "p", "--role", "admin"]);
    assert!(!is_made && complaint.contains("already"), "{complaint}");
}

#[test]
fn others_reach_only_a_server_with_tokens() {
    let dir = tempfile::tempdir().unwrap();
    let refused = |options: &[&str]| {
        let output = std::process::Command::new(BINARY)
            .args(["--data-dir", dir.path().to_str().unwrap()])
            .args(options)
            .output()
            .unwrap();
        assert!(!output.status.success());
        String::from_utf8(output.stderr).unwrap()
    };
    assert!(refused(&["--listen", "0.0.0.0:0"]).contains("token add"));
    assert!(refused(&["--listen", "127.0.0.1:0", "--host", "https://jobs.example.org"]).contains("token add"));

    let server = Server::start_with(dir.path(), &["--listen", "0.0.0.0:0", "--auth", "token"]);
    assert!(server.address.starts_with("http://127.0.0.1:"), "{}", server.address);
    assert!(server.link_token.is_some());
    drop(server);
    let secret = add_token(dir.path(), "anna", "*", "viewer");
    let server = Server::start_with(dir.path(), &["--listen", "0.0.0.0:0"]);
    let projects = format!("{PROJECTS}/List");
    assert_eq!(verdict(&call(&server, &projects, &(), &[])).0, Code::Unauthenticated);
    let bearer = format!("Bearer {secret}");
    assert_eq!(
        verdict(&call(&server, &projects, &(), &[("authorization", &bearer)])).0,
        Code::Ok
    );
}
