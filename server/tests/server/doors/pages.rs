//! Pages elsewhere: they cannot drive the server, not even through a name that points here; allowed ones can. And
//! what browsers are told with every answer.

use tonic::Code;

use super::{PROJECTS, add_token, call, get, send, verdict};
use crate::process::{Server, desc};

#[tokio::test]
async fn a_name_that_points_here_opens_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::start(dir.path());
    let (answer, _) = server.client().await.run("echo x > a", &[], &["a"]).await;
    let file = &answer.output_files[0].url;
    let port = server.address.rsplit(':').next().unwrap().to_owned();
    for host in [
        format!("evil.example:{port}"),
        format!("127.0.0.1.evil.example:{port}"),
        format!("localhost.evil.example:{port}"),
        format!("127.0.0.1@evil.example:{port}"),
        format!("evil@127.0.0.1:{port}"),
        "10.1.2.3".to_owned(),
        "2130706433".to_owned(),
        String::new(),
    ] {
        let headers = [("host", host.as_str())];
        for url in [
            server.address.clone(),
            format!("{}/health", server.address),
            file.clone(),
        ] {
            assert_eq!(get(&url, &headers).status(), 403, "{host} {url}");
        }
        let refused = call(&server, &format!("{PROJECTS}/List"), &(), &headers);
        assert_eq!(
            (refused.status().as_u16(), verdict(&refused).0),
            (403, Code::PermissionDenied)
        );
    }
    for host in [format!("localhost:{port}"), format!("[::1]:{port}")] {
        let answer = call(&server, &format!("{PROJECTS}/List"), &(), &[("host", &host)]);
        assert_eq!(verdict(&answer).0, Code::Ok, "{host}");
    }
}

#[tokio::test]
async fn a_page_elsewhere_opens_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::start_with(dir.path(), &["--allow-origin", "https://pages.example.org"]);
    let (answer, _) = server.client().await.run("echo x > a", &[], &["a"]).await;
    let file = &answer.output_files[0].url;
    let projects = format!("{}{PROJECTS}/List", server.address);
    for origin in [
        "https://evil.example",
        "null",
        "http://localhost:1",
        "https://pages.example.org.evil.example",
        "http://pages.example.org",
    ] {
        let headers = [("origin", origin)];
        let refused = call(&server, &format!("{PROJECTS}/List"), &(), &headers);
        assert_eq!(
            (refused.status().as_u16(), verdict(&refused).0),
            (403, Code::PermissionDenied)
        );
        let preflight = [
            ("origin", origin),
            ("access-control-request-method", "POST"),
            ("access-control-request-headers", "authorization,content-type"),
        ];
        for answer in [
            refused,
            get(file, &headers),
            send("OPTIONS", &projects, &preflight, Vec::new()),
            send("OPTIONS", file, &preflight, Vec::new()),
        ] {
            assert_eq!(answer.status(), 403, "{origin}");
            assert!(
                !answer.headers().contains_key("access-control-allow-origin"),
                "{origin}"
            );
        }
    }
}

#[tokio::test]
async fn an_allowed_page_may_call_and_read_the_verdict() {
    let dir = tempfile::tempdir().unwrap();
    let secret = add_token(dir.path(), "anna", "default", "admin");
    let origin = "https://pages.example.org";
    let server = Server::start_with(dir.path(), &["--allow-origin", "https://pages.example.org/"]);
    let mut client = server.client_with(Some(&secret)).await;
    let inputs = [(desc("in.txt", ""), &b"hello"[..])];
    let (answer, _) = client.run("cp in.txt out.txt", &inputs, &["out.txt"]).await;
    let file = &answer.output_files[0].url;

    for (url, method, headers) in [
        (
            format!("{}{PROJECTS}/List", server.address),
            "POST",
            "authorization,content-type,x-grpc-web,idempotency-key",
        ),
        (file.clone(), "PUT", "content-type"),
        (file.clone(), "GET", "range"),
    ] {
        let preflight = [
            ("origin", origin),
            ("access-control-request-method", method),
            ("access-control-request-headers", headers),
        ];
        let answer = send("OPTIONS", &url, &preflight, Vec::new());
        let told = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
        assert_eq!(answer.status(), 200);
        assert_eq!(told("access-control-allow-origin"), origin);
        assert!(told("access-control-allow-methods").contains(method));
        assert_eq!(told("access-control-allow-headers"), headers);
    }
    let exposed = |answer: &http::Response<Vec<u8>>| {
        assert_eq!(answer.headers()["access-control-allow-origin"], origin);
        answer.headers()["access-control-expose-headers"]
            .to_str()
            .unwrap()
            .to_owned()
    };
    let headers = [("origin", origin)];
    let nobody = call(&server, &format!("{PROJECTS}/List"), &(), &headers);
    assert_eq!(verdict(&nobody).0, Code::Unauthenticated);
    for name in ["grpc-status", "grpc-message", "grpc-status-details-bin"] {
        assert!(exposed(&nobody).contains(name), "{name}");
    }
    let bearer = format!("Bearer {secret}");
    let known = call(
        &server,
        &format!("{PROJECTS}/List"),
        &(),
        &[("origin", origin), ("authorization", &bearer)],
    );
    assert_eq!(verdict(&known).0, Code::Ok);
    let part = get(file, &[("origin", origin), ("range", "bytes=1-2")]);
    assert_eq!((part.status().as_u16(), &part.body()[..]), (206, &b"el"[..]));
    assert!(exposed(&part).contains("content-range"));
}

#[tokio::test]
async fn nothing_that_is_no_page_can_act_in_a_browser() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::start(dir.path());
    let cmd = "echo '<script>alert(1)</script>' | tee a.html a.svg a.png > /dev/null";
    let outputs = ["a.html", "a.svg", "a.png"];
    let (answer, _) = server.client().await.run(cmd, &[], &outputs).await;
    for file in &answer.output_files {
        let answer = get(&file.url, &[]);
        let told = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
        assert!(told("content-disposition").starts_with("attachment; "));
        assert!(!told("content-type").contains("html") && !told("content-type").contains("svg"));
        assert!(told("content-security-policy").contains("sandbox"));
    }
    let urls = ["/", "/health", "/no.js", "/files/x", "/projects/default/jobs"];
    let mut answers: Vec<_> = urls.map(|path| get(&format!("{}{path}", server.address), &[])).into();
    answers.push(get(&answer.output_files[0].url, &[]));
    answers.push(get(&server.address, &[("host", "evil.example")]));
    answers.push(call(&server, &format!("{PROJECTS}/List"), &(), &[]));
    answers.push(send("DELETE", &server.address, &[], Vec::new()));
    for answer in answers {
        let told = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
        let policy = told("content-security-policy");
        assert!(policy.starts_with("default-src 'none'"), "{policy}");
        assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
        assert!(
            !policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"),
            "{policy}"
        );
        assert_eq!(told("x-content-type-options"), "nosniff");
        assert_eq!(told("referrer-policy"), "no-referrer");
        assert_eq!(told("cross-origin-resource-policy"), "same-origin");
        assert_eq!(told("cross-origin-opener-policy"), "same-origin");
        assert_eq!(told("x-frame-options"), "DENY");
    }
}
