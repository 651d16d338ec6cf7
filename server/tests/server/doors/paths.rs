//! Path tricks in every string that a caller sends.

use std::fs;

use jobsphere_api::{
    jobs::{
        CreateProjectJobRequest, DownloadProjectJobFilesRequest, GetProjectJobRequest, JobParameters,
        ListProjectJobRequest,
    },
    operation::GetOperationRequest,
};
use tonic::Code;
use walkdir::WalkDir;

use super::{get, send};
use crate::process::{Server, desc, file};

const TRICKS: [&str; 12] = [
    "..",
    "../x",
    "../../../../../../../../tmp/x",
    "a/../../x",
    "/etc/passwd",
    "./../x",
    "a/..",
    "..\\x",
    "%2e%2e/x",
    "~/x",
    "a\0b",
    "\u{202e}/../x",
];

/// What lies below a folder, without what changes by itself.
fn tree(root: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut found: Vec<_> = WalkDir::new(root)
        .into_iter()
        .map(|entry| entry.unwrap().into_path())
        .filter(|path| !path.to_string_lossy().contains("jobsphere.sqlite"))
        .collect();
    found.sort();
    found
}

#[tokio::test]
async fn ids_that_are_paths_are_unknown() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::start(dir.path());
    let before = tree(dir.path());
    let mut client = server.client().await;
    for trick in TRICKS {
        let refused = [
            client
                .jobs
                .get(GetProjectJobRequest { job_id: trick.into() })
                .await
                .unwrap_err(),
            client
                .operations
                .get(GetOperationRequest {
                    operation_id: trick.into(),
                })
                .await
                .unwrap_err(),
            client
                .jobs
                .list(ListProjectJobRequest {
                    project_id: trick.into(),
                    ..Default::default()
                })
                .await
                .unwrap_err(),
            client
                .jobs
                .create(CreateProjectJobRequest {
                    project_id: trick.into(),
                    job_parameters: Some(JobParameters {
                        cmd: "true".into(),
                        ..Default::default()
                    }),
                    ..Default::default()
                })
                .await
                .unwrap_err(),
        ];
        for refused in refused {
            let code = refused.code();
            assert!(
                matches!(code, Code::NotFound | Code::InvalidArgument),
                "{trick:?}: {refused:?}"
            );
        }
    }
    assert_eq!(tree(dir.path()), before, "nothing was written");
}

#[tokio::test]
async fn files_named_by_tricks_stay_inside_or_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    let outside = tempfile::tempdir().unwrap();
    let data = outside.path().join("data");
    let server = Server::start(&data);
    let mut client = server.client().await;
    let create = |parameters: JobParameters| CreateProjectJobRequest {
        project_id: "default".into(),
        job_parameters: Some(parameters),
        ..Default::default()
    };
    for trick in TRICKS {
        let plain = || JobParameters {
            cmd: "true".into(),
            ..Default::default()
        };
        for parameters in [
            JobParameters {
                input_files: vec![file(&desc(trick, ""), b"x")],
                ..plain()
            },
            JobParameters {
                output_files: vec![desc(trick, "")],
                ..plain()
            },
        ] {
            // `~` and `%2e` are letters like any other; a path that leads outside is refused, `\` meaning `/`.
            let is_a_name = matches!(trick, "%2e%2e/x" | "~/x");
            match client.jobs.create(create(parameters)).await {
                Ok(_) => assert!(is_a_name, "{trick:?} was taken"),
                Err(refused) => {
                    assert_eq!(refused.code(), Code::InvalidArgument, "{trick:?}: {refused:?}");
                    assert!(!is_a_name, "{trick:?} was refused: {refused:?}");
                }
            }
        }
        let mut wrong = file(&desc("a", ""), b"x");
        wrong.sha256 = trick.into();
        let refused = client
            .jobs
            .create(create(JobParameters {
                input_files: vec![wrong],
                ..plain()
            }))
            .await
            .unwrap_err();
        assert_eq!(refused.code(), Code::InvalidArgument, "{trick:?}");
    }
    // Names that look like tricks arrive as names.
    let inputs = [(desc("~/x", ""), &b"tilde"[..]), (desc("%2e%2e/x", ""), b"dots")];
    let (_, log) = client.run("cat './~/x' './%2e%2e/x'", &inputs, &[]).await;
    assert_eq!(log, "tildedots");
    // A variable lets an absolute path in; the machine's own file stays what it is.
    let target = dir.path().join("mine");
    fs::write(&target, "mine").unwrap();
    let inputs = [(desc(target.to_str().unwrap(), "V"), &b"theirs"[..])];
    let (_, log) = client.run("cat ${V}; echo more >> ${V}", &inputs, &[]).await;
    assert_eq!(
        (log.as_str(), fs::read_to_string(&target).unwrap().as_str()),
        ("theirs", "mine")
    );

    let (job_id, _) = client.submit("echo secret > a", &[], &["a"]).await;
    client.follow(&job_id, 0).await;
    for trick in TRICKS {
        let mut asked = file(&desc("stdout.txt", ""), b"");
        asked.sha256 = trick.into();
        let request = DownloadProjectJobFilesRequest {
            job_id: job_id.clone(),
            files: vec![asked],
        };
        let refused = client.jobs.download_job_files(request).await.unwrap_err();
        assert!(
            matches!(refused.code(), Code::InvalidArgument | Code::NotFound),
            "{refused:?}"
        );
    }
    let left: Vec<_> = outside
        .path()
        .read_dir()
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(left, ["data"], "nothing lies beside the data folder");
}

#[test]
fn no_address_leads_to_a_file_of_the_machine() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::start(dir.path());
    let secret = fs::read(dir.path().join("secret.key")).unwrap();
    for path in [
        "/../secret.key",
        "/%2e%2e/secret.key",
        "/..%2fsecret.key",
        "//etc/passwd",
        "/%2fetc%2fpasswd",
        "/..%5c..%5csecret.key",
        "/files/../secret.key",
        "/files/%2e%2e/%2e%2e/secret.key",
        "/files/default/../../secret.key?m=get&s=1&e=99999999999&k=",
        "/files/%2e%2e/secret.key/x?m=get&s=32&e=99999999999&k=AAAA",
        "/files/default/%2e%2e%2fsecret.key/x?m=get&s=32&e=99999999999&k=AAAA",
        "/secret.key%00.js",
    ] {
        for method in ["GET", "HEAD", "PUT", "POST", "DELETE"] {
            let url = format!("{}{path}", server.address);
            let answer = match method {
                "GET" => get(&url, &[]),
                _ => send(method, &url, &[], Vec::new()),
            };
            let body = answer.body();
            assert!(
                !body.windows(secret.len()).any(|window| window == secret),
                "{method} {path}"
            );
            assert!(!String::from_utf8_lossy(body).contains("root:"), "{method} {path}");
        }
    }
}
