//! Outputs of every kind, and inputs whose paths are absolute.

use std::io::{Cursor, Read};

use jobsphere_api::jobs::{
    Argument, ExecuteProjectJobResponse, FileUploadError, JobParameters,
    file_upload_error::{ErrorType, FileType},
};
use zip::ZipArchive;

use crate::process::{Client, Server, desc, file, printed, response};

/// A job that leaves `outputs`, and its system log.
async fn leave(client: &mut Client, cmd: &str, outputs: &[(&str, &str)]) -> (ExecuteProjectJobResponse, String) {
    let parameters = JobParameters {
        cmd: cmd.into(),
        output_files: outputs.iter().map(|(path, var)| desc(path, var)).collect(),
        ..Default::default()
    };
    let (job_id, operation) = client.submit_job(parameters, &[]).await;
    let log = client.follow(&job_id, 0).await;
    let system = log.iter().flat_map(|message| message.content.clone()).collect();
    (
        response(&client.operation(&operation.id).await),
        String::from_utf8(system).unwrap(),
    )
}

fn content(answer: &ExecuteProjectJobResponse, path: &str) -> Vec<u8> {
    let outputs = answer.output_files.iter();
    let mut found = outputs.filter(|output| output.file.as_ref().unwrap().desc.as_ref().unwrap().path == path);
    let mut body = ureq::get(&found.next().unwrap().url).call().unwrap();
    body.body_mut().read_to_vec().unwrap()
}

fn error<'a>(answer: &'a ExecuteProjectJobResponse, path: &str) -> &'a FileUploadError {
    let mut errors = answer.output_files_errors.iter();
    let is_meant = |error: &&FileUploadError| match &error.file_type {
        Some(FileType::OutputFileDesc(desc)) => desc.path == path,
        _ => false,
    };
    errors.find(is_meant).unwrap()
}

fn entries(archive: Vec<u8>) -> Vec<(String, String)> {
    let mut archive = ZipArchive::new(Cursor::new(archive)).unwrap();
    let count = archive.len();
    let read = |index| {
        let mut entry = archive.by_index(index).unwrap();
        let mut text = String::new();
        entry.read_to_string(&mut text).unwrap();
        (entry.name().to_owned(), text)
    };
    (0..count).map(read).collect()
}

#[tokio::test]
async fn files_and_folders_of_every_kind_come_back() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::start(dir.path());
    let mut client = server.client().await;
    let cmd = "printf plain > file; : > nothing; mkdir -p folder/sub empty; printf in > folder/sub/x; \
               ln -s ../file folder/near; ln -s /etc/hostname folder/far; mkfifo folder/pipe; \
               printf absolute > ${ABS}; printf above > ${UP}; ln -s folder/sub/x link; ln -s folder turned";
    let outputs = [
        ("file", ""),
        ("nothing", ""),
        ("folder", ""),
        ("empty", ""),
        ("/var/out.txt", "ABS"),
        ("../up.txt", "UP"),
        ("link", ""),
        ("turned", ""),
    ];
    let (answer, log) = leave(&mut client, cmd, &outputs).await;
    assert_eq!(answer.output_files_errors, []);
    let text = |path: &str| String::from_utf8(content(&answer, path)).unwrap();
    assert_eq!(
        ["file", "nothing", "/var/out.txt", "../up.txt", "link"].map(text),
        ["plain", "", "absolute", "above", "in"]
    );
    let packed = entries(content(&answer, "folder"));
    let names: Vec<&str> = packed.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["folder/", "folder/near", "folder/sub/", "folder/sub/x"]);
    assert_eq!((packed[1].1.as_str(), packed[3].1.as_str()), ("plain", "in"));
    assert!(log.contains("Left out of the output `folder`"), "{log}");
    assert!(log.contains("`folder/far`, `folder/pipe`"), "{log}");
    assert_eq!(entries(content(&answer, "empty")), [("empty/".into(), "".into())]);
    // The archive of a link to a folder begins with the name that was asked for.
    assert_eq!(entries(content(&answer, "turned"))[0].0, "turned/");
    let kinds: Vec<i32> = answer
        .output_files
        .iter()
        .map(|output| output.file.as_ref().unwrap().compression_type)
        .collect();
    assert_eq!(kinds, [1, 1, 2, 2, 1, 1, 1, 2]);
}

#[tokio::test]
async fn an_output_that_cannot_be_had_says_why_and_the_others_come() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::start(dir.path());
    let mut client = server.client().await;
    let cmd = "printf good > good; ln -s /etc/hostname out; ln -s nowhere lost; mkfifo pipe; ln -s loop loop; \
               rmdir etc file; ln -s /etc etc; : > closed; chmod 0 closed; printf x > model.pt; : > file; exit 4";
    let paths = [
        "good",
        "out",
        "lost",
        "pipe",
        "loop",
        "etc/hostname",
        "closed",
        "model.bin",
        "file/x",
    ];
    let outputs: Vec<(&str, &str)> = paths.iter().map(|path| (*path, "")).collect();
    let (answer, _) = leave(&mut client, cmd, &outputs).await;
    assert_eq!(answer.result.unwrap().return_code, 4);
    assert_eq!(content(&answer, "good"), b"good");
    for (path, kind, says) in [
        (
            "out",
            ErrorType::UploadFailed,
            "leads out of the job's folders, to `/etc/hostname`",
        ),
        ("lost", ErrorType::NotFound, "a link to `nowhere`"),
        ("loop", ErrorType::NotFound, "a link to `loop`"),
        ("pipe", ErrorType::UploadFailed, "a pipe, a socket or a device"),
        ("etc/hostname", ErrorType::UploadFailed, "`/etc/hostname`"),
        ("model.bin", ErrorType::NotFound, "`model.pt`"),
        ("file/x", ErrorType::NotFound, "has not made it"),
    ] {
        let error = error(&answer, path);
        assert_eq!(error.r#type(), kind, "{error:?}");
        assert!(error.description.contains(says), "{error:?}");
    }
    // Root reads what is closed to others.
    if rustix::process::geteuid().is_root() {
        assert_eq!(content(&answer, "closed"), b"");
    } else {
        assert!(error(&answer, "closed").description.contains("ermission denied"));
    }
}

#[tokio::test]
async fn absolute_inputs_are_sheltered_and_arguments_put_in() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::start(dir.path());
    let mut client = server.client().await;
    let inputs = [
        (desc("/etc/hostname", "HOST"), &b"not the machine's"[..]),
        (desc("/../../etc/../deep/x y", "DEEP"), b"deep"),
        (desc("../../outside", "UP"), b"up"),
    ];
    let argument = |name: &str, value: &str| Argument {
        name: name.into(),
        value: value.into(),
    };
    let parameters = JobParameters {
        cmd: "cat ${HOST} \"${DEEP}\" ${UP}; printf '|%s' ${MANY} \"${ONE}\"; cat /etc/hostname >&2".into(),
        input_files: inputs.iter().map(|(desc, content)| file(desc, content)).collect(),
        arguments: vec![argument("MANY", "a b"), argument("ONE", "c d")],
        ..Default::default()
    };
    let (job_id, operation) = client.submit_job(parameters, &inputs.map(|(_, content)| content)).await;
    let log = printed(&client.follow(&job_id, 0).await);
    let machine = std::fs::read_to_string("/etc/hostname").unwrap_or_default();
    assert_eq!(log, format!("not the machine'sdeepup|a|b|c d{machine}"));
    let answer: ExecuteProjectJobResponse = response(&client.operation(&operation.id).await);
    assert_eq!(answer.result.unwrap().return_code, 0);
}
