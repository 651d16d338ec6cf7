//! Signed addresses: each for one file, one method and a time.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use jobsphere_api::{
    jobs::{CreateProjectJobRequest, CreateProjectJobResponse, JobParameters},
    sha256::Sha256,
};

use super::{get, send};
use crate::process::{Server, desc, file, response};

/// The address of an upload whose content the server lacks.
async fn upload_url(server: &Server, content: &[u8]) -> String {
    let request = CreateProjectJobRequest {
        project_id: "default".into(),
        job_parameters: Some(JobParameters {
            cmd: "true".into(),
            input_files: vec![file(&desc("in.txt", ""), content)],
            ..Default::default()
        }),
        ..Default::default()
    };
    let mut client = server.client_with(server.link_token.as_deref()).await;
    let created: CreateProjectJobResponse = response(&client.jobs.create(request).await.unwrap().into_inner());
    created.upload_files[0].url.clone()
}

/// The address of a download, made by a job.
async fn download_url(server: &Server, content: &str) -> String {
    let mut client = server.client_with(server.link_token.as_deref()).await;
    let (answer, _) = client
        .run(&format!("printf '{content}' > out.txt"), &[], &["out.txt"])
        .await;
    answer.output_files[0].url.clone()
}

#[tokio::test]
async fn an_address_is_its_own_right_and_no_other() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::start_with(dir.path(), &["--auth", "token"]);
    let upload = upload_url(&server, b"hello").await;
    let download = download_url(&server, "secret one").await;
    let other = download_url(&server, "secret two").await;

    let whole = get(&download, &[]);
    assert_eq!((whole.status().as_u16(), &whole.body()[..]), (200, &b"secret one"[..]));

    let sha256 = |url: &str| url.split('/').nth(5).unwrap().to_owned();
    let mut altered = vec![
        download.replace(&sha256(&download), &sha256(&other)),
        download.replace("/default/", "/p2/"),
        download.replace("out.txt", "out.html"),
        download.replace("s=10", "s=11"),
        download.replace("m=get", "m=put"),
        download.replace("&e=", "&e=9"),
        download.split("&k=").next().unwrap().to_owned(),
        download.split('?').next().unwrap().to_owned(),
    ];
    let (before, signature) = download.split_once("&k=").unwrap();
    for place in 0..signature.len() - 1 {
        let mut letters = signature.as_bytes().to_vec();
        letters[place] = if letters[place] == b'A' { b'B' } else { b'A' };
        altered.push(format!("{before}&k={}", String::from_utf8(letters).unwrap()));
    }
    for url in altered {
        assert_ne!(url, download);
        let answer = get(&url, &[]);
        assert_eq!(answer.status(), 403, "{url}");
        assert!(!String::from_utf8_lossy(answer.body()).contains("secret"));
    }
    assert_eq!(get(&upload, &[]).status(), 403, "an upload's address does not read");
    assert_eq!(send("PUT", &download, &[], b"x".to_vec()).status(), 403);
    assert_eq!(send("PUT", &upload, &[], b"other".to_vec()).status(), 422);
    assert_eq!(send("PUT", &upload, &[], b"hello".to_vec()).status(), 200);
}

#[tokio::test]
async fn an_address_ends() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::start(dir.path());
    download_url(&server, "secret").await;
    let key = std::fs::read(dir.path().join("secret.key")).unwrap();
    let sha256 = Sha256::of(b"secret");
    let url = |end_s: u64| {
        let mut mac = Hmac::<sha2::Sha256>::new_from_slice(&key).unwrap();
        mac.update(format!("get\ndefault\n{sha256}\n6\n{end_s}\nout.txt").as_bytes());
        let signature = URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes());
        format!(
            "{}/files/default/{sha256}/out.txt?m=get&s=6&e={end_s}&k={signature}",
            server.address
        )
    };
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap();
    assert_eq!(get(&url(now.as_secs() + 60), &[]).status(), 200);
    let over = get(&url(now.as_secs() - 1), &[]);
    assert_eq!(over.status(), 410);
    assert!(String::from_utf8_lossy(over.body()).contains("expired"));
}
