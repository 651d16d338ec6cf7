//! What outlives a job: the project's disk, s3 mounts, datasets.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Command, Output},
    time::Duration,
};

use jobsphere_api::{
    any,
    jobs::{
        CancelProjectJobRequest, CreateProjectJobRequest, ExecuteProjectJobRequest, ExecuteProjectJobResponse,
        FileUploadError, Job, JobParameters, JobStatus, OutputDatasetDesc, file_upload_error::FileType,
    },
    operation::{Operation, operation::Result as Answer},
};
use tonic::{Code, Status};

use crate::process::{BINARY, Client, Server, desc, printed, response, runs_left};

const MIB: u64 = 1 << 20;

fn command(cmd: &str) -> JobParameters {
    JobParameters {
        cmd: cmd.into(),
        ..Default::default()
    }
}

fn makes(cmd: &str, datasets: &[(&str, &str)]) -> JobParameters {
    let datasets = datasets.iter().map(|(name, var)| OutputDatasetDesc {
        name: (*name).into(),
        description: "what it is".into(),
        labels: [("kind".to_owned(), "test".to_owned())].into(),
        size_gb: 1,
        var: (*var).into(),
    });
    JobParameters {
        output_datasets: datasets.collect(),
        ..command(cmd)
    }
}

fn reads(cmd: &str, dataset: &str) -> JobParameters {
    JobParameters {
        dataset_ids: vec![dataset.into()],
        ..command(cmd)
    }
}

fn create(project: &str, parameters: JobParameters) -> CreateProjectJobRequest {
    CreateProjectJobRequest {
        project_id: project.into(),
        job_parameters: Some(parameters),
        ..Default::default()
    }
}

async fn refusal(client: &mut Client, project: &str, parameters: JobParameters) -> Status {
    client.jobs.create(create(project, parameters)).await.unwrap_err()
}

/// Runs a job of `project` to its end; the job, its operation, and what it printed.
async fn run_in(client: &mut Client, project: &str, parameters: JobParameters) -> (Job, Operation, String) {
    let created = client.jobs.create(create(project, parameters)).await.unwrap();
    let created: jobsphere_api::jobs::CreateProjectJobResponse = response(&created.into_inner());
    let execute = ExecuteProjectJobRequest { job_id: created.job_id };
    let operation = client.jobs.execute(execute.clone()).await.unwrap().into_inner();
    let printed = printed(&client.follow(&execute.job_id, 0).await);
    let operation = client.operation(&operation.id).await;
    (client.job(&execute.job_id).await, operation, printed)
}

async fn run(client: &mut Client, parameters: JobParameters) -> (Job, Operation, String) {
    run_in(client, "default", parameters).await
}

/// A subcommand over the data folder of a server that runs.
fn cli(data_dir: &Path, args: &[&str]) -> Output {
    let output = Command::new(BINARY).args(args).arg("--data-dir").arg(data_dir).output();
    output.unwrap()
}

fn lines(output: &Output) -> Vec<String> {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    text.lines().map(str::to_owned).collect()
}

fn stored(data_dir: &Path) -> Vec<PathBuf> {
    let projects = fs::read_dir(data_dir.join("datasets")).into_iter().flatten().flatten();
    let folders = projects.flat_map(|project| fs::read_dir(project.path()).unwrap().flatten());
    folders.map(|folder| folder.path()).collect()
}

/// Lets a command end that waits for `go` in its working directory.
async fn go(data_dir: &Path, job_id: &str) {
    let work = data_dir.join("runs").join(job_id).join("work");
    while !work.exists() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    fs::write(work.join("go"), "").unwrap();
}

/// Waits until the server has put away what it kept for jobs that have ended.
async fn tidied(data_dir: &Path) {
    while !runs_left(data_dir).is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn the_disk_of_a_project_is_for_all_its_jobs_and_no_others() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::start(dir.path());
    let attached = |cmd: &str| JobParameters {
        attach_project_disk: true,
        ..command(cmd)
    };
    let mut client = server.client().await;
    let write = "echo one > \"$DS_PROJECT_HOME/a b\" && echo two > ${DS_PROJECT_HOME}/c";
    assert_eq!(run(&mut client, attached(write)).await.0.status(), JobStatus::Success);
    server.kill();

    let server = Server::start(dir.path());
    let mut client = server.client().await;
    let read = "cd ${DS_PROJECT_HOME} && cat * && echo three >> c";
    assert_eq!(run(&mut client, attached(read)).await.2, "one\ntwo\n");
    let disk = dir.path().join("disks/default");
    assert_eq!(fs::read_to_string(disk.join("c")).unwrap(), "two\nthree\n");
    let (_, _, other) = run_in(&mut client, "other", attached("ls \"$DS_PROJECT_HOME\"; pwd")).await;
    assert_eq!(other.lines().count(), 1, "{other}");
    let (_, _, without) = run(&mut client, command("echo ${DS_PROJECT_HOME-nothing} $DS_PROJECT_HOME")).await;
    assert_eq!(without, "nothing\n");
}

#[tokio::test]
async fn an_s3_mount_is_a_folder_of_the_operator() {
    let dir = tempfile::tempdir().unwrap();
    let bucket = dir.path().join("my bucket");
    let gone = dir.path().join("gone");
    fs::create_dir_all(&bucket).unwrap();
    fs::write(bucket.join("in"), "stored\n").unwrap();
    // The command may run as another user than the server.
    fs::set_permissions(&bucket, fs::Permissions::from_mode(0o777)).unwrap();
    let config = format!(
        "[s3_mounts]\nbt1abc = {0:?}\nbt1read = {{ path = {0:?}, read_only = true }}\nbt1gone = {1:?}\n",
        bucket, gone
    );
    fs::write(dir.path().join("config.toml"), config).unwrap();
    let server = Server::start(dir.path());
    let mut client = server.client().await;
    let mounts = |cmd: &str, ids: &[&str]| JobParameters {
        s3_mount_ids: ids.iter().map(|id| (*id).into()).collect(),
        ..command(cmd)
    };
    let cmd = "cat ${bt1abc}/in && echo made > ${bt1abc}/out && cat ${bt1read}/out";
    let (job, _, printed) = run(&mut client, mounts(cmd, &["bt1abc", "bt1read"])).await;
    assert_eq!((job.status(), printed.as_str()), (JobStatus::Success, "stored\nmade\n"));
    assert_eq!(fs::read_to_string(bucket.join("out")).unwrap(), "made\n");

    let unknown = refusal(&mut client, "default", mounts("true", &["bt1abc", "bt1nope"])).await;
    assert_eq!(unknown.code(), Code::FailedPrecondition);
    let message = unknown.message();
    assert!(
        message.contains("`bt1nope`") && message.contains("[s3_mounts]"),
        "{message}"
    );
    assert!(!message.contains("bt1abc"), "{message}");
    let missing = refusal(&mut client, "default", mounts("true", &["bt1gone"])).await;
    assert_eq!(missing.code(), Code::FailedPrecondition);
    assert!(missing.message().contains("is not there"), "{}", missing.message());
    // A folder that goes later ends the job with the same words.
    fs::create_dir(&gone).unwrap();
    let created = client
        .jobs
        .create(create("default", mounts("true", &["bt1gone"])))
        .await;
    let created: jobsphere_api::jobs::CreateProjectJobResponse = response(&created.unwrap().into_inner());
    fs::remove_dir(&gone).unwrap();
    let job_id = created.job_id;
    let execute = ExecuteProjectJobRequest { job_id: job_id.clone() };
    client.jobs.execute(execute).await.unwrap();
    client.follow(&job_id, 0).await;
    let job = client.job(&job_id).await;
    assert_eq!(job.status(), JobStatus::Error);
    assert!(job.status_details.contains("bt1gone"), "{}", job.status_details);
}

#[tokio::test]
async fn a_dataset_is_made_read_listed_and_removed() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::start(dir.path());
    let mut client = server.client().await;
    let cmd = "mkdir ${A}/sub && echo data > ${A}/sub/x && echo '#!/bin/sh\necho ran' > ${A}/run && chmod 700 ${A}/run; \
               ls -A ${B}; echo b > ${B}/b";
    let (job, operation, printed) = run(&mut client, makes(cmd, &[("first", "A"), ("второй", "B")])).await;
    assert_eq!(
        (job.status(), printed.as_str()),
        (JobStatus::Success, ""),
        "{}",
        job.status_details
    );
    let answer: ExecuteProjectJobResponse = response(&operation);
    assert_eq!(answer.output_datasets, job.output_datasets);
    let made: Vec<_> = job
        .output_datasets
        .iter()
        .map(|dataset| dataset.desc.clone().unwrap())
        .collect();
    assert_eq!(made, job.job_parameters.unwrap().output_datasets);
    let [first, second] = [0, 1].map(|index| job.output_datasets[index].id.clone());
    assert_ne!(first, second);
    let folder = dir.path().join("datasets/default").join(&first);
    let mode = |path: &str| fs::metadata(folder.join(path)).unwrap().permissions().mode() & 0o777;
    assert_eq!(["", "sub", "sub/x", "run"].map(mode), [0o555, 0o555, 0o444, 0o555]);

    server.kill();
    let server = Server::start(dir.path());
    let mut client = server.client().await;
    let cmd = format!("cat ${{{first}}}/sub/x; ${{{first}}}/run; touch ${{{first}}}/new 2>/dev/null || echo held");
    let (job, _, printed) = run(&mut client, reads(&cmd, &first)).await;
    assert_eq!(job.status(), JobStatus::Success);
    assert_eq!(printed, "data\nran\nheld\n");

    for (project, id) in [("default", "nothing"), ("other", first.as_str())] {
        let status = refusal(&mut client, project, reads("true", id)).await;
        assert_eq!(status.code(), Code::NotFound);
        assert_eq!(status.message(), format!("there is no dataset `{id}`"));
    }

    let listed = lines(&cli(dir.path(), &["dataset", "list", "--project", "default"]));
    assert_eq!(listed.len(), 2);
    let line = listed.iter().find(|line| line.contains(&first)).unwrap();
    assert!(line.contains("first") && line.contains("bytes in 2 files"), "{line}");
    assert!(lines(&cli(dir.path(), &["dataset", "list", "--project", "other"])).is_empty());

    let (user, _) = client
        .submit_job(reads("until [ -e go ]; do sleep 0.02; done", &first), &[])
        .await;
    let refused = cli(dir.path(), &["dataset", "remove", &first]);
    let says = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(!refused.status.success() && says.contains(&user), "{says}");
    go(dir.path(), &user).await;
    client.follow(&user, 0).await;
    assert!(
        !cli(dir.path(), &["dataset", "remove", &first, "--project", "other"])
            .status
            .success()
    );
    assert!(lines(&cli(dir.path(), &["dataset", "remove", &first])).is_empty());
    assert_eq!(stored(dir.path()), [dir.path().join("datasets/default").join(&second)]);
    let status = refusal(&mut client, "default", reads("true", &first)).await;
    assert_eq!(status.code(), Code::NotFound);
}

#[tokio::test]
async fn a_job_that_fails_keeps_no_dataset() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::start(dir.path());
    let mut client = server.client().await;
    let (job, operation, _) = run(&mut client, makes("echo x > ${A}/x; exit 7", &[("a", "A")])).await;
    assert_eq!((job.status(), job.output_datasets.len()), (JobStatus::Error, 0));
    assert_eq!(
        response::<ExecuteProjectJobResponse>(&operation)
            .result
            .unwrap()
            .return_code,
        7
    );

    let (id, _) = client
        .submit_job(makes("echo x > ${A}/x; echo ready; sleep 600", &[("a", "A")]), &[])
        .await;
    let cancel = CancelProjectJobRequest {
        job_id: id.clone(),
        ..Default::default()
    };
    client.jobs.cancel(cancel).await.unwrap();
    client.follow(&id, 0).await;
    let job = client.job(&id).await;
    assert_eq!((job.status(), job.output_datasets.len()), (JobStatus::Cancelled, 0));
    assert_eq!(stored(dir.path()), [] as [PathBuf; 0]);

    // A file with a hole takes no place on the disk, and as much of the dataset.
    let mut parameters = makes(
        "truncate -s 1025M ${BIG}/hole && echo x > ${FITS}/x && echo y > out",
        &[("fits", "FITS"), ("too big", "BIG")],
    );
    parameters.output_files = vec![desc("out", "")];
    let (job, operation, _) = run(&mut client, parameters).await;
    assert_eq!((job.status(), job.output_datasets.len()), (JobStatus::Error, 0));
    let bytes = (1025 * MIB).to_string();
    for part in ["`too big`", &bytes, "1 GB"] {
        assert!(job.status_details.contains(part), "{}", job.status_details);
    }
    assert_eq!(job.output_files.len(), 1);
    let Some(Answer::Error(status)) = operation.result else {
        panic!("no error");
    };
    assert_eq!(
        (status.code, &status.message),
        (Code::ResourceExhausted as i32, &job.status_details)
    );
    let detail: FileUploadError = any::unpack(&status.details[0]).unwrap();
    assert_eq!(detail.file_type, Some(FileType::OutputFileDesc(desc("too big", "BIG"))));
    assert_eq!(job.file_errors, [detail]);
}

#[tokio::test]
async fn a_folder_of_a_dataset_that_became_something_else_is_not_kept() {
    let dir = tempfile::tempdir().unwrap();
    // Within bubblewrap nobody can remove it.
    let server = Server::start_with(dir.path(), &["--sandbox", "none"]);
    let mut client = server.client().await;
    let canary = tempfile::tempdir().unwrap();
    fs::write(canary.path().join("kept"), "x").unwrap();
    let replace = format!("rmdir ${{A}}; ln -s {} ${{A}}", canary.path().display());
    let (job, ..) = run(&mut client, makes(&replace, &[("a", "A")])).await;
    assert_eq!(job.status(), JobStatus::Error);
    assert!(
        job.status_details.contains("has removed the folder"),
        "{}",
        job.status_details
    );
    tidied(dir.path()).await;
    assert_eq!(stored(dir.path()), [] as [PathBuf; 0]);
    assert!(canary.path().join("kept").exists());
}

#[tokio::test]
async fn what_no_job_owns_is_removed() {
    let dir = tempfile::tempdir().unwrap();
    let folders = dir.path().join("datasets/default");
    fs::create_dir_all(folders.join("stray/sub")).unwrap();
    let server = Server::start(dir.path());
    assert_eq!(stored(dir.path()), [] as [PathBuf; 0]);

    let mut client = server.client().await;
    let cmd = "until [ -e go ]; do sleep 0.02; done; echo x > ${A}/x";
    let (job_id, _) = client.submit_job(makes(cmd, &[("a", "A"), ("b", "B")]), &[]).await;
    let reserved = dir.path().join("runs").join(&job_id).join("datasets.json");
    while !reserved.exists() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let ids: Vec<String> = serde_json::from_slice(&fs::read(reserved).unwrap()).unwrap();
    // The first is in its place already when the second cannot get its own.
    let in_the_way = folders.join(&ids[1]);
    fs::write(&in_the_way, "").unwrap();
    go(dir.path(), &job_id).await;
    client.follow(&job_id, 0).await;
    let job = client.job(&job_id).await;
    assert_eq!((job.status(), job.output_datasets.len()), (JobStatus::Error, 0));
    assert!(
        job.status_details.contains("`b` cannot be kept"),
        "{}",
        job.status_details
    );
    tidied(dir.path()).await;
    fs::remove_file(in_the_way).unwrap_or_default();
    assert_eq!(stored(dir.path()), [] as [PathBuf; 0]);
}

/// The server is killed around the end of a command that has made a dataset: each time a bit later.
#[tokio::test]
async fn a_killed_server_leaves_a_whole_dataset_or_none() {
    const ROUNDS: u32 = 24;
    const FILES: usize = 400;
    let dir = tempfile::tempdir().unwrap();
    let mut made = Vec::new();
    let mut without_answer = 0;
    for round in 0..ROUNDS {
        let server = Server::start(dir.path());
        let mut client = server.client().await;
        let code = i32::from(round % 4 == 3);
        let cmd = format!(
            "i=0; while [ $i -lt {FILES} ]; do echo {round} $i > ${{A}}/$i; i=$((i+1)); done; echo > done; exit {code}"
        );
        let (job_id, _) = client.submit_job(makes(&cmd, &[("a", "A")]), &[]).await;
        let done = dir.path().join("runs").join(&job_id).join("work/done");
        let runs = [JobStatus::Preparing, JobStatus::Executing];
        while !done.exists() && runs.contains(&client.job(&job_id).await.status()) {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        tokio::time::sleep(Duration::from_millis(u64::from(round) * 3)).await;
        without_answer += usize::from(client.job(&job_id).await.finished_at.is_none());
        server.kill();
        made.push((job_id, round, code));
    }
    assert!(without_answer > 2, "the server was killed after the end each time");

    let server = Server::start(dir.path());
    let mut client = server.client().await;
    let mut expected = Vec::new();
    for (job_id, round, code) in made {
        client.follow(&job_id, 0).await;
        let job = client.job(&job_id).await;
        assert_eq!(job.status() == JobStatus::Success, code == 0, "{}", job.status_details);
        assert_eq!(job.output_datasets.len(), usize::from(code == 0));
        for dataset in job.output_datasets {
            let folder = dir.path().join("datasets/default").join(dataset.id);
            for file in 0..FILES {
                let text = fs::read_to_string(folder.join(file.to_string())).unwrap();
                assert_eq!(text, format!("{round} {file}\n"));
            }
            assert_eq!(fs::metadata(&folder).unwrap().permissions().mode() & 0o777, 0o555);
            expected.push(folder);
        }
    }
    tidied(dir.path()).await;
    let mut stored = stored(dir.path());
    stored.sort();
    expected.sort();
    assert_eq!(stored, expected);
    let listed = lines(&cli(dir.path(), &["dataset", "list"]));
    assert_eq!(listed.len(), expected.len());
}
