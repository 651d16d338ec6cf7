//! Secrets of a project: given to its commands, shown to nobody.

use std::{
    fs,
    io::Write,
    os::unix::fs::PermissionsExt,
    path::Path,
    process::{Command, Output, Stdio},
    time::Duration,
};

use jobsphere_api::{
    jobs::{
        CreateProjectJobRequest, CreateProjectJobResponse, Environment, ExecuteProjectJobRequest, JobParameters,
        JobStatus,
    },
    sha256::Sha256,
};
use tonic::Code;
use walkdir::WalkDir;

use crate::process::{BINARY, Client, Server, printed, response};

const VALUE: &str = "s3cr3t-\"quoted\" $HOME `x` пароль\nsecond line";

fn secret(data_dir: &Path, args: &[&str], input: &str) -> Output {
    let mut process = Command::new(BINARY)
        .arg("secret")
        .args(args)
        .arg("--data-dir")
        .arg(data_dir)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A subcommand that refuses its arguments reads nothing.
    let _ = process.stdin.take().unwrap().write_all(input.as_bytes());
    process.wait_with_output().unwrap()
}

fn set(data_dir: &Path, name: &str, project: &str, value: &str) {
    let output = secret(data_dir, &["set", name, "--project", project], value);
    assert!(output.status.success() && output.stdout.is_empty(), "{output:?}");
}

fn create(project: &str, cmd: &str, vars: &[(&str, &str)]) -> CreateProjectJobRequest {
    let vars = vars
        .iter()
        .map(|(name, value)| ((*name).into(), (*value).into()))
        .collect();
    CreateProjectJobRequest {
        project_id: project.into(),
        job_parameters: Some(JobParameters {
            cmd: cmd.into(),
            env: Some(Environment {
                vars,
                ..Default::default()
            }),
            ..Default::default()
        }),
        ..Default::default()
    }
}

async fn created(client: &mut Client, request: CreateProjectJobRequest) -> String {
    let operation = client.jobs.create(request).await.unwrap().into_inner();
    response::<CreateProjectJobResponse>(&operation).job_id
}

async fn execute(client: &mut Client, job_id: &str) {
    let request = ExecuteProjectJobRequest { job_id: job_id.into() };
    client.jobs.execute(request).await.unwrap();
}

async fn run(client: &mut Client, project: &str, cmd: &str) -> String {
    let id = created(client, create(project, cmd, &[])).await;
    execute(client, &id).await;
    printed(&client.follow(&id, 0).await)
}

/// Every file below `dir` that holds a part of the value.
fn holders(dir: &Path) -> Vec<String> {
    let parts = ["s3cr3t", "second line"];
    let files = WalkDir::new(dir)
        .into_iter()
        .flatten()
        .filter(|entry| entry.file_type().is_file());
    let holds = |entry: &walkdir::DirEntry| {
        let content = fs::read(entry.path()).unwrap_or_default();
        let text = String::from_utf8_lossy(&content).into_owned();
        parts.iter().any(|part| text.contains(part))
    };
    files
        .filter(holds)
        .map(|entry| entry.path().display().to_string())
        .collect()
}

/// Every process but the command that names a part of the value in its command line, or has it in its environment.
fn telling_processes() -> Vec<String> {
    let processes = fs::read_dir("/proc").unwrap().flatten();
    let names = processes.filter_map(|process| {
        let read = |name: &str| fs::read(process.path().join(name)).unwrap_or_default();
        let text = String::from_utf8_lossy(&[read("cmdline"), read("environ")].concat()).into_owned();
        let is_command = text.contains("DS_JOB_ID=");
        (text.contains("s3cr3t") && !is_command).then_some(text)
    });
    names.collect()
}

#[tokio::test]
async fn a_command_gets_the_secrets_of_its_project_and_nobody_sees_them() {
    let dir = tempfile::tempdir().unwrap();
    let output = tempfile::tempdir().unwrap();
    let log = output.path().join("server.log");
    let server = Server::start_logging(dir.path(), &log);
    set(dir.path(), "TOKEN", "default", &format!("{VALUE}\n"));
    set(dir.path(), "TOKEN", "other", "another");
    let mut client = server.client().await;

    let cmd = "echo > started; until [ -e go ]; do sleep 0.02; done; printf %s \"$TOKEN\" | sha256sum";
    let id = created(&mut client, create("default", cmd, &[("PLAIN", "also not for others")])).await;
    execute(&mut client, &id).await;
    let run_dir = dir.path().join("runs").join(&id);
    while !run_dir.join("work/started").exists() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert!(
        !run_dir.join("spec.json").exists(),
        "the environment is in memory alone"
    );
    assert_eq!(holders(dir.path()), [] as [String; 0]);
    assert_eq!(telling_processes(), [] as [String; 0]);
    let job = format!("{:?}", client.job(&id).await);
    assert!(!job.contains("s3cr3t"), "{job}");
    // The command has it already: it needs no server.
    server.kill();
    let server = Server::start_logging(dir.path(), &log);
    let mut client = server.client().await;
    fs::write(run_dir.join("work/go"), "").unwrap();
    let digest = format!("{}  -\n", Sha256::of(VALUE.as_bytes()));
    assert_eq!(printed(&client.follow(&id, 0).await), digest);

    assert_eq!(run(&mut client, "other", "echo $TOKEN").await, "another\n");
    assert_eq!(run(&mut client, "third", "echo ${TOKEN-none}").await, "none\n");
    assert_eq!(holders(dir.path()), [] as [String; 0]);
    assert_eq!(holders(output.path()), [] as [String; 0]);
    assert!(fs::metadata(&log).unwrap().len() > 0, "the server tells all it does");
    let mode = fs::metadata(dir.path().join("project-secrets.key"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[tokio::test]
async fn secrets_are_listed_by_name_replaced_and_removed() {
    let dir = tempfile::tempdir().unwrap();
    set(dir.path(), "B", "default", VALUE);
    set(dir.path(), "A", "default", VALUE);
    set(dir.path(), "C", "other", VALUE);
    let listed = |args: &[&str]| {
        let output = secret(dir.path(), args, "");
        assert!(output.status.success() && !String::from_utf8_lossy(&output.stdout).contains("s3cr3t"));
        let text = String::from_utf8(output.stdout).unwrap();
        let names = text.lines().map(|line| line.split('\t').next().unwrap().to_owned());
        names.collect::<Vec<_>>()
    };
    assert_eq!(listed(&["list"]), ["A", "B", "C"]);
    assert_eq!(listed(&["list", "--project", "default"]), ["A", "B"]);

    let server = Server::start(dir.path());
    let mut client = server.client().await;
    set(dir.path(), "A", "default", "replaced");
    assert!(secret(dir.path(), &["remove", "B"], "").status.success());
    assert_eq!(
        run(&mut client, "default", "echo $A ${B-none}").await,
        "replaced none\n"
    );
    for (args, input, says) in [
        (vec!["remove", "B"], "", "no secret `B`"),
        (vec!["set", "DS_JOB_ID"], "x", "the server itself"),
        (vec!["set", "a=b"], "x", "`a=b` is not"),
        (vec!["set", "EMPTY"], "\n", "is empty"),
        (vec!["set", "NUL"], "a\0b", "NUL"),
        (vec!["set", "A", "--project", "../x"], "x", "an id has"),
    ] {
        let output = secret(dir.path(), &args, input);
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && text.contains(says), "{text}");
    }
}

#[tokio::test]
async fn a_secret_is_not_overridden_and_a_lost_key_ends_the_job() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::start(dir.path());
    let mut client = server.client().await;
    let early = created(&mut client, create("default", "echo $NAME", &[("NAME", "mine")])).await;
    set(dir.path(), "NAME", "default", "theirs");
    let refused = client
        .jobs
        .create(create("default", "true", &[("NAME", "mine")]))
        .await
        .unwrap_err();
    assert_eq!(refused.code(), Code::FailedPrecondition);
    assert!(refused.message().contains("`NAME`") && !refused.message().contains("theirs"));
    execute(&mut client, &early).await;
    let log = client.follow(&early, 0).await;
    assert_eq!(printed(&log), "theirs\n");
    let system: Vec<u8> = log.iter().flat_map(|message| message.content.clone()).collect();
    let system = String::from_utf8(system).unwrap();
    assert!(
        system.contains("NAME has the value of the project's secret"),
        "{system}"
    );

    server.kill();
    fs::remove_file(dir.path().join("project-secrets.key")).unwrap();
    let server = Server::start(dir.path());
    let mut client = server.client().await;
    let id = created(&mut client, create("default", "true", &[])).await;
    execute(&mut client, &id).await;
    client.follow(&id, 0).await;
    let job = client.job(&id).await;
    assert_eq!(job.status(), JobStatus::Error);
    assert!(job.status_details.contains("`NAME`") && job.status_details.contains("sets it again"));
    set(dir.path(), "NAME", "default", "anew");
    assert_eq!(run(&mut client, "default", "echo $NAME").await, "anew\n");
}
