//! Share links on the real server: what they open, what they do not, and what is told without their secret.

use std::{fs, path::Path};

use http::Response;
use jobsphere_api::{
    jobs::{
        CreateProjectJobRequest, CreateProjectJobResponse, DeleteProjectJobRequest, Environment,
        ExecuteProjectJobRequest, GetProjectJobRequest, JobParameters, JobStatus, ReadProjectJobLogsResponse,
    },
    share::{
        CreateShareRequest, CreateShareResponse, ListSharesRequest, ListSharesResponse, OpenShareRequest,
        ReadSharedLogsRequest, RevokeShareRequest, ShareParts, SharedJob, SweepRequest, SweepResponse,
        shared_job_service_client::SharedJobServiceClient,
    },
};
use prost::Message;
use tonic::{Code, Request, transport::Channel};
use walkdir::WalkDir;

use super::{add_token, call, get, send, token, tokens::METHODS, verdict};
use crate::process::{Client, Server, desc, response};

const SHARES: &str = "/jobsphere.v1.ShareService";
const SHARED: &str = "/jobsphere.v1.SharedJobService";
const HOSTILE: &str = "\"><script>alert(1)</script>";

/// A link, with its secret.
struct Link {
    id: String,
    secret: String,
}

impl Link {
    fn header(&self) -> String {
        format!("Share {}.{}", self.id, self.secret)
    }

    fn output(&self, server: &Server, index: &str) -> Response<Vec<u8>> {
        self.output_with(server, index, &[])
    }

    fn output_with(&self, server: &Server, index: &str, more: &[(&str, &str)]) -> Response<Vec<u8>> {
        let header = self.header();
        let mut headers = vec![("authorization", header.as_str())];
        headers.extend_from_slice(more);
        get(
            &format!("{}/shares/{}/outputs/{index}", server.address, self.id),
            &headers,
        )
    }

    fn open(&self, server: &Server) -> Result<SharedJob, Code> {
        shared(server, &self.header())
    }
}

fn shared(server: &Server, header: &str) -> Result<SharedJob, Code> {
    let asked = OpenShareRequest::default();
    message(&call(
        server,
        &format!("{SHARED}/Open"),
        &asked,
        &[("authorization", header)],
    ))
}

/// The one message of an answer, or its verdict.
fn message<M: Message + Default>(response: &Response<Vec<u8>>) -> Result<M, Code> {
    let (code, _) = verdict(response);
    if code != Code::Ok {
        return Err(code);
    }
    let body = response.body();
    let length = u32::from_be_bytes(body[1..5].try_into().unwrap()) as usize;
    Ok(M::decode(&body[5..5 + length]).unwrap())
}

fn asks<M: Message + Default>(server: &Server, method: &str, asked: &impl Message, token: &str) -> Result<M, Code> {
    let bearer = format!("Bearer {token}");
    message(&call(
        server,
        &format!("{SHARES}/{method}"),
        asked,
        &[("authorization", &bearer)],
    ))
}

fn make(server: &Server, token: &str, request: CreateShareRequest) -> Link {
    let made: CreateShareResponse = asks(server, "Create", &request, token).unwrap();
    Link {
        id: made.share.unwrap().id,
        secret: made.secret,
    }
}

fn of(job_id: &str, outputs: &[&str]) -> CreateShareRequest {
    CreateShareRequest {
        job_id: job_id.into(),
        parts: Some(ShareParts {
            log: true,
            parameters: true,
            env_values: Vec::new(),
            outputs: outputs.iter().map(|path| (*path).into()).collect(),
        }),
        ..Default::default()
    }
}

/// Creates and executes a job with a name.
async fn start(client: &mut Client, name: &str, cmd: &str, outputs: &[&str]) -> String {
    let vars = [("VALUE".to_owned(), "a value of the environment".to_owned())];
    let request = CreateProjectJobRequest {
        project_id: "default".into(),
        name: name.into(),
        job_parameters: Some(JobParameters {
            cmd: cmd.into(),
            output_files: outputs.iter().map(|path| desc(path, "")).collect(),
            env: Some(Environment {
                vars: vars.into(),
                ..Default::default()
            }),
            ..Default::default()
        }),
        ..Default::default()
    };
    let created = client.jobs.create(request).await.unwrap().into_inner();
    let job_id = response::<CreateProjectJobResponse>(&created).job_id;
    let request = ExecuteProjectJobRequest { job_id: job_id.clone() };
    client.jobs.execute(request).await.unwrap();
    job_id
}

async fn run(client: &mut Client, name: &str, cmd: &str, outputs: &[&str]) -> String {
    let job_id = start(client, name, cmd, outputs).await;
    client.follow(&job_id, 0).await;
    job_id
}

#[tokio::test]
async fn a_link_opens_its_job_and_nothing_else() {
    let dir = tempfile::tempdir().unwrap();
    let token = add_token(dir.path(), "anna", "default", "editor");
    let server = Server::start(dir.path());
    let mut client = server.client_with(Some(&token)).await;
    let job_id = run(
        &mut client,
        "one",
        "printf 0123456789 > a.txt; printf other > b.txt",
        &["a.txt", "b.txt"],
    )
    .await;
    let other_job = run(&mut client, "two", "echo > a.txt", &["a.txt"]).await;
    let link = make(&server, &token, of(&job_id, &["a.txt"]));
    let other = make(&server, &token, of(&other_job, &["a.txt"]));
    let shared = link.open(&server).unwrap();
    assert_eq!((shared.name.as_str(), shared.status()), ("one", JobStatus::Success));
    assert_eq!(shared.result.unwrap().return_code, 0);

    // The main API does not know the scheme, and the link's service knows no token.
    let header = link.header();
    for (service, methods) in METHODS {
        for method in methods {
            for sent in [
                header.clone(),
                format!("Bearer {}", link.secret),
                format!("Bearer {}.{}", link.id, link.secret),
            ] {
                let request = GetProjectJobRequest { job_id: job_id.clone() };
                let answer = call(
                    &server,
                    &format!("{service}/{method}"),
                    &request,
                    &[("authorization", &sent)],
                );
                assert_eq!(verdict(&answer).0, Code::Unauthenticated, "{method} {sent}");
            }
        }
    }
    for wrong in [
        format!("Bearer {token}"),
        format!("Share {token}"),
        format!("Share {}.{}", link.id, other.secret),
        format!("Share {}.{}", other.id, link.secret),
        format!("Share {}", link.id),
        "Share".into(),
        String::new(),
    ] {
        assert_eq!(self::shared(&server, &wrong), Err(Code::NotFound), "{wrong}");
    }
    assert_eq!(
        message::<()>(&call(
            &server,
            &format!("{SHARED}/Nothing"),
            &(),
            &[("authorization", &header)]
        )),
        Err(Code::Unimplemented)
    );

    // Outputs: those that are named, by their place.
    assert_eq!(link.output(&server, "0").body(), b"0123456789");
    for index in [
        "1",
        "-1",
        "99999999999999999999",
        "a.txt",
        "..%2f0",
        "%2e%2e",
        "0%2f..%2f1",
        "0?index=1",
    ] {
        let answer = link.output(&server, index);
        let expected = if index.starts_with("0?") { 200 } else { 404 };
        assert_eq!(answer.status(), expected, "{index}");
    }
    let path = format!("{}/shares/{}/outputs/0", server.address, other.id);
    assert_eq!(get(&path, &[("authorization", &header)]).status(), 404);
    assert_eq!(get(&path, &[]).status(), 404);
    assert_eq!(
        get(&path, &[("authorization", &format!("Bearer {token}"))]).status(),
        404
    );
    let sha256 = &shared.outputs[0].sha256;
    let signed = format!(
        "{}/files/default/{sha256}/a.txt?m=get&s=10&e=9999999999&k=x",
        server.address
    );
    assert_eq!(get(&signed, &[("authorization", &header)]).status(), 403);
    for method in ["PUT", "POST", "DELETE", "PATCH"] {
        let path = format!("{}/shares/{}/outputs/0", server.address, link.id);
        assert_eq!(
            send(method, &path, &[("authorization", &header)], Vec::new()).status(),
            405,
            "{method}"
        );
    }

    let request = RevokeShareRequest {
        share_id: link.id.clone(),
    };
    asks::<jobsphere_api::share::Share>(&server, "Revoke", &request, &token).unwrap();
    assert_eq!(link.open(&server), Err(Code::NotFound));
    assert_eq!(link.output(&server, "0").status(), 404);
    let request = DeleteProjectJobRequest { job_id: other_job };
    client.jobs.delete(request).await.unwrap();
    assert_eq!(other.open(&server), Err(Code::NotFound));
    assert_eq!(other.output(&server, "0").body(), link.output(&server, "0").body());
}

#[tokio::test]
async fn an_output_is_saved_whole_or_in_part_and_names_no_address() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::start(dir.path());
    let mut client = server.client().await;
    let job_id = run(
        &mut client,
        "",
        "printf '<script>0123</script>' > 'п \"x\".html'; mkdir d; echo y > d/y",
        &["п \"x\".html", "d"],
    )
    .await;
    let link = make(&server, "", of(&job_id, &["п \"x\".html", "d"]));
    let whole = link.output(&server, "0");
    let header = |name: &str| whole.headers().get(name).map_or("", |value| value.to_str().unwrap());
    assert_eq!(whole.body(), b"<script>0123</script>");
    assert!(
        header("content-disposition").starts_with("attachment; filename=\""),
        "{:?}",
        whole.headers()
    );
    assert_eq!(
        (header("x-content-type-options"), header("content-type")),
        ("nosniff", "application/octet-stream")
    );
    assert!(header("content-security-policy").contains("sandbox") && header("location").is_empty());
    assert_eq!(
        (header("cache-control"), header("x-robots-tag")),
        ("private, no-store", "noindex")
    );
    let part = link.output_with(&server, "0", &[("range", "bytes=8-11")]);
    assert_eq!((part.status().as_u16(), part.body().as_slice()), (206, &b"0123"[..]));
    let folder = link.output(&server, "1");
    assert!(folder.body().starts_with(b"PK"));
    assert!(
        folder.headers()["content-disposition"]
            .to_str()
            .unwrap()
            .contains("d.zip")
    );
    let shared = format!("{:?}", link.open(&server).unwrap());
    assert!(!shared.contains("/files/") && !shared.contains("http"), "{shared}");
}

#[tokio::test]
async fn the_log_is_swept_while_the_job_writes_it() {
    let dir = tempfile::tempdir().unwrap();
    let output = tempfile::tempdir().unwrap();
    let server_log = output.path().join("server.log");
    let server = Server::start_logging(dir.path(), &server_log);
    let mut client = server.client().await;
    // Each piece is a write of its own; the secrets go over their borders.
    let cmd = "for piece in 'start pass' 'word=hun' 'ter2 AKIAIOSF' 'ODNN7EXAMPLE a val' 'ue of the environ' \
               'ment done'; do printf '%s' \"$piece\"; sleep 0.05; done; echo; \
               until [ -e go ]; do sleep 0.02; done; echo -----BEGIN PRIVATE KEY-----; echo MIIEvg; \
               echo -----END PRIVATE KEY-----; printf last";
    let job_id = start(&mut client, "", cmd, &[]).await;
    let link = make(&server, "", of(&job_id, &[]));
    let channel = Channel::from_shared(server.address.clone())
        .unwrap()
        .connect()
        .await
        .unwrap();
    let mut calls = SharedJobServiceClient::new(channel);
    let mut asked = Request::new(ReadSharedLogsRequest { offset: 0 });
    asked
        .metadata_mut()
        .insert("authorization", link.header().parse().unwrap());
    let mut live = calls.read_logs(asked).await.unwrap().into_inner();
    let mut shown = Vec::new();
    let mut take = |answer: ReadProjectJobLogsResponse| {
        let sent = answer.logs.iter().map(|message| message.content.len() as i64);
        let before = answer.offset - sent.sum::<i64>();
        shown.extend(answer.logs);
        (before, crate::process::printed(&shown))
    };
    let mut end = 0;
    loop {
        let answer = live.message().await.unwrap().unwrap();
        let offset = answer.offset;
        let (before, printed) = take(answer);
        assert_eq!(before, end);
        end = offset;
        if printed.ends_with("done\n") {
            break;
        }
    }
    fs::write(dir.path().join("runs").join(&job_id).join("work/go"), "").unwrap();
    while let Some(answer) = live.message().await.unwrap() {
        take(answer);
    }
    let raw = client.follow(&job_id, 0).await;
    let (mine, theirs) = (crate::process::printed(&shown), crate::process::printed(&raw));
    assert_eq!(mine.len(), theirs.len());
    for secret in ["hunter2", "AKIA", "environment", "MIIEvg"] {
        assert!(theirs.contains(secret) && !mine.contains(secret), "{secret}: {mine}");
    }
    assert!(
        mine.starts_with("start password=******* ****") && mine.ends_with("last"),
        "{mine}"
    );

    let request = SweepRequest {
        job_id: job_id.clone(),
        parts: of(&job_id, &[]).parts,
        hidden_texts: Vec::new(),
    };
    let swept: SweepResponse = asks(&server, "Sweep", &request, "").unwrap();
    assert!(
        swept.count >= 4 && !format!("{swept:?}").contains("hunter2"),
        "{swept:?}"
    );

    // The secret of the link is nowhere: not in the server's log, not on the disk.
    link.open(&server).unwrap();
    link.output(&server, "0");
    get(&format!("{}/s/{}", server.address, link.id), &[]);
    assert!(fs::metadata(&server_log).unwrap().len() > 0);
    for place in [dir.path(), output.path()] {
        let files = WalkDir::new(place)
            .into_iter()
            .flatten()
            .filter(|entry| entry.file_type().is_file());
        for file in files {
            let content = fs::read(file.path()).unwrap_or_default();
            let holds = content
                .windows(link.secret.len())
                .any(|window| window == link.secret.as_bytes());
            assert!(!holds, "{}", file.path().display());
        }
    }
}

#[tokio::test]
async fn roles_are_asked_for_and_a_link_outlives_a_token() {
    let dir = tempfile::tempdir().unwrap();
    let viewer = add_token(dir.path(), "sees", "default", "viewer");
    let editor = add_token(dir.path(), "works", "default", "editor");
    let server = Server::start(dir.path());
    let job_id = run(&mut server.client_with(Some(&editor)).await, "", "true", &[]).await;
    let refused = asks::<CreateShareResponse>(&server, "Create", &of(&job_id, &[]), &viewer);
    assert_eq!(refused.err(), Some(Code::PermissionDenied));
    let list = ListSharesRequest {
        project_id: "default".into(),
        job_id: String::new(),
    };
    assert_eq!(
        asks::<ListSharesResponse>(&server, "List", &list, &viewer).err(),
        Some(Code::PermissionDenied)
    );
    let link = make(&server, &editor, of(&job_id, &[]));
    link.open(&server).unwrap();
    assert!(token(dir.path(), &["remove", "works"]).0);
    assert_eq!(
        asks::<ListSharesResponse>(&server, "List", &list, &editor).err(),
        Some(Code::Unauthenticated)
    );
    link.open(&server).unwrap();
    let admin = add_token(dir.path(), "rules", "*", "admin");
    let listed: ListSharesResponse = asks(&server, "List", &list, &admin).unwrap();
    assert_eq!(
        (listed.shares[0].created_by.as_str(), listed.shares[0].use_count),
        ("works", 2)
    );
    // What is counted and known is there after a restart.
    server.kill();
    let server = Server::start(dir.path());
    link.open(&server).unwrap();
}

#[tokio::test]
async fn what_is_told_without_the_secret_is_what_was_allowed() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::start(dir.path());
    let mut client = server.client().await;
    let job_id = run(&mut client, HOSTILE, "exit 2", &[]).await;
    let silent = make(&server, "", of(&job_id, &[]));
    let mut request = of(&job_id, &[]);
    (request.allow_preview, request.allow_badge, request.allow_embed) = (true, true, true);
    let open = make(&server, "", request);
    let page = |path: String| get(&format!("{}{path}", server.address), &[]);
    let text = |response: &Response<Vec<u8>>| String::from_utf8_lossy(response.body()).into_owned();
    let header = |response: &Response<Vec<u8>>, name: &str| {
        response
            .headers()
            .get(name)
            .map_or(String::new(), |value| value.to_str().unwrap().to_owned())
    };

    let badge = page(format!("/badge/{}.svg", open.id));
    assert_eq!(
        (badge.status().as_u16(), header(&badge, "content-type").as_str()),
        (200, "image/svg+xml")
    );
    assert_eq!(header(&badge, "cache-control"), "public, max-age=30");
    assert_eq!(header(&badge, "cross-origin-resource-policy"), "cross-origin");
    assert!(header(&badge, "content-security-policy").contains("default-src 'none'"));
    assert!(
        !text(&badge).contains("<script") && text(&badge).contains("failed"),
        "{}",
        text(&badge)
    );
    for id in [silent.id.as_str(), "0123456789abcdefghij", "..%2f..%2fx"] {
        assert_eq!(page(format!("/badge/{id}.svg")).status(), 404, "{id}");
    }
    assert_eq!(page(format!("/badge/{}", open.id)).status(), 404);

    let told = page(format!("/s/{}", open.id));
    if told.status() != 503 {
        let html = text(&told);
        assert!(
            html.contains("og:title\" content=\"&quot;&gt;&lt;script&gt;") && html.contains("failed"),
            "{html}"
        );
        assert!(!html.contains("<script>alert"));
        let neutral = page(format!("/s/{}", silent.id));
        assert_eq!(text(&neutral), text(&page("/s/0123456789abcdefghij".into())));
        assert_eq!(neutral.status(), page("/s/0123456789abcdefghij".into()).status());
        assert!(!text(&neutral).contains("failed") && text(&neutral).contains("noindex"));
        for answer in [&told, &neutral] {
            assert_eq!(header(answer, "x-robots-tag"), "noindex");
            assert_eq!(header(answer, "referrer-policy"), "no-referrer");
            assert!(header(answer, "content-security-policy").contains("frame-ancestors 'none'"));
            assert_eq!(header(answer, "x-frame-options"), "DENY");
        }
        let framed = page(format!("/embed/{}", open.id));
        assert!(header(&framed, "content-security-policy").contains("frame-ancestors *"));
        assert_eq!(header(&framed, "x-frame-options"), "");
        for id in [&silent.id, "0123456789abcdefghij"] {
            let unframed = page(format!("/embed/{id}"));
            assert!(header(&unframed, "content-security-policy").contains("frame-ancestors 'none'"));
            assert_eq!(header(&unframed, "x-frame-options"), "DENY");
        }
    }
    let request = RevokeShareRequest {
        share_id: open.id.clone(),
    };
    asks::<jobsphere_api::share::Share>(&server, "Revoke", &request, "").unwrap();
    assert_eq!(page(format!("/badge/{}.svg", open.id)).status(), 404);
    assert!(!header(&page(format!("/embed/{}", open.id)), "content-security-policy").contains("frame-ancestors *"));
}

fn limit(data_dir: &Path, limits: &str) {
    fs::write(data_dir.join("config.toml"), format!("[limits]\n{limits}\n")).unwrap();
}

#[tokio::test]
async fn a_link_and_an_address_have_their_calls_of_a_minute() {
    let dir = tempfile::tempdir().unwrap();
    limit(dir.path(), "share_requests_per_minute = 3\nshare_open_streams = 1");
    let server = Server::start(dir.path());
    let mut client = server.client().await;
    let job_id = start(&mut client, "", "sleep 600", &[]).await;
    let [one, two] = [(); 2].map(|()| make(&server, "", of(&job_id, &[])));
    let channel = Channel::from_shared(server.address.clone())
        .unwrap()
        .connect()
        .await
        .unwrap();
    let asked = || {
        let mut asked = Request::new(ReadSharedLogsRequest { offset: 0 });
        asked
            .metadata_mut()
            .insert("authorization", two.header().parse().unwrap());
        asked
    };
    let mut calls = SharedJobServiceClient::new(channel);
    let _open = calls.read_logs(asked()).await.unwrap();
    let refused = calls.read_logs(asked()).await.unwrap_err();
    assert_eq!(refused.code(), Code::ResourceExhausted);
    assert!(refused.message().contains("1 log streams"), "{}", refused.message());
    for _ in 0..3 {
        one.open(&server).unwrap();
    }
    assert_eq!(one.open(&server), Err(Code::ResourceExhausted));
    let limited = one.output(&server, "0");
    assert_eq!(limited.status(), 429);
    assert!(limited.headers().contains_key("retry-after"));
    // Another link has its own; who guesses uses up what the address has, not what the link has.
    two.open(&server).unwrap();
    let wrong = format!("Share {}.{}", two.id, one.secret);
    let mut codes = Vec::new();
    for _ in 0..20 {
        codes.push(shared(&server, &wrong).unwrap_err());
    }
    assert_eq!((codes[0], codes[19]), (Code::NotFound, Code::ResourceExhausted));
    let health = get(&format!("{}/health", server.address), &[]);
    assert_eq!(health.status(), 200);
}
