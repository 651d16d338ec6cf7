//! A server takes over the data folder of the version before, in which much belonged to the users of jobs.
//!
//! The folder is made by this version and then laid out as that one had it, with what a job could have forged there. With
//! `JOBSPHERE_TEST_BEFORE`, the path of that version's program (commit a215aae), it is made by that.

use std::{
    fs::{self, File, Permissions},
    os::unix::fs::{MetadataExt, PermissionsExt, lchown, symlink},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use jobsphere_api::jobs::{
    Environment, ExecuteProjectJobResponse, JobParameters, JobStatus, LogMessage, OutputDatasetDesc, PipOptions,
    PythonEnv, log_message::Source,
};
use rustix::{
    fs::{FlockOperation, flock},
    process::{Pid, Signal, getegid, geteuid, kill_process},
};
use walkdir::WalkDir;

use crate::{
    package_index::PackageIndex,
    process::{BINARY, Client, Server, desc, printed, response, runs_left},
};

const PATIENCE: Duration = Duration::from_secs(60);
const FORMER: &str = "JOBSPHERE_TEST_BEFORE";
/// Nothing in homes, which own users cannot enter.
const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
/// A command that waits for a word, then leaves an output.
const WAITS: &str = "echo begun; until [ -e go ]; do sleep 0.05; done; echo made > out.txt; echo ended";
/// The same with a module that it needs only then.
const WAITS_TO_IMPORT: &str = "echo begun; until [ -e go ]; do sleep 0.05; done; python -c 'import tiny' && echo made > \
                               out.txt && echo ended";

#[tokio::test(flavor = "multi_thread")]
async fn what_the_version_before_has_left_is_taken_over() {
    take_over(if geteuid().is_root() { "bubblewrap" } else { "none" }).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_version_before_has_left_is_taken_over_where_users_are_all_that_parts() {
    // Who is not root has one user.
    if geteuid().is_root() {
        take_over("user").await;
    }
}

/// What is in a data folder of the version before.
struct Left {
    data: tempfile::TempDir,
    /// Nothing of the server's, beside it; a job's links lead there.
    canary: tempfile::TempDir,
    canary_was: Vec<Seen>,
    index: PackageIndex,
    dataset: String,
    /// Jobs that began: one that runs on, one that has ended meanwhile, one whose supervisor was lost; and their
    /// operations.
    running: (String, String),
    ended: (String, String),
    lost: (String, String),
    /// One that runs on too, with an environment, where that is held by more than its path.
    busy: Option<(String, String)>,
    /// Held as long as what runs a job lives, where that is this test.
    lock: Option<File>,
}

type Seen = (PathBuf, u32, u32, i64, Vec<u8>);

async fn take_over(sandbox: &str) {
    let left = leave(sandbox).await;
    let data = left.data.path();
    let server = start(BINARY, data, sandbox);
    let mut client = server.client().await;

    // The run of a supervisor that lives on is followed to its end, with its output.
    assert_eq!(client.job(&left.running.0).await.status(), JobStatus::Executing);
    let run = data.join("runs").join(&left.running.0);
    match &left.lock {
        None => fs::write(run.join("work/go"), "").unwrap(),
        Some(lock) => {
            fs::rename(run.join("exit.json.later"), run.join("exit.json")).unwrap();
            flock(lock, FlockOperation::Unlock).unwrap();
        }
    }
    if let Some((job, _)) = &left.busy {
        assert!(data.join("envs").exists(), "{sandbox}: a job runs in it");
        fs::write(data.join("runs").join(job).join("work/go"), "").unwrap();
    }
    for (job, operation) in [&left.running, &left.ended].into_iter().chain(&left.busy) {
        assert_eq!(printed(&client.follow(job, 0).await), "begun\nended\n", "{sandbox}");
        assert_eq!(client.job(job).await.status(), JobStatus::Success, "{sandbox}");
        let answer: ExecuteProjectJobResponse = response(&client.operation(operation).await);
        let mut output = ureq::get(&answer.output_files[0].url).call().unwrap();
        assert_eq!(output.body_mut().read_to_string().unwrap(), "made\n");
    }
    client.follow(&left.lost.0, 0).await;
    let lost = client.job(&left.lost.0).await;
    assert_eq!(lost.status(), JobStatus::Error, "{sandbox}");
    assert!(lost.status_details.contains("was lost"), "{}", lost.status_details);
    until("the end of the runs", || runs_left(data).is_empty());

    // What was kept is there, and no more and no less than kept.
    let cmd = format!(
        "cat ${{{0}}}/sub/x; ${{{0}}}/run; touch ${{{0}}}/new 2>/dev/null || echo held; cat $DS_PROJECT_HOME/kept && echo \
         more >> $DS_PROJECT_HOME/kept",
        left.dataset
    );
    let reads = JobParameters {
        dataset_ids: vec![left.dataset.clone()],
        attach_project_disk: true,
        ..command(&cmd)
    };
    let (_, status, out, _) = client.run_to_end(reads).await;
    assert_eq!(
        (status, out.as_str()),
        (JobStatus::Success, "data\nran\nheld\non disk\n"),
        "{sandbox}"
    );
    assert_eq!(
        fs::read_to_string(data.join("disks/default/kept")).unwrap(),
        "on disk\nmore\n"
    );
    let folder = data.join("datasets/default").join(&left.dataset);
    assert!(folder.is_dir());
    let removed = Command::new(BINARY)
        .args(["dataset", "remove", &left.dataset, "--data-dir"])
        .arg(data)
        .output()
        .unwrap();
    assert!(removed.status.success(), "{}", String::from_utf8_lossy(&removed.stderr));
    assert!(!folder.exists());

    // No environment is used that a job could have changed.
    let (_, status, out, system) = client.run_to_end(needs_package(&left.index)).await;
    assert_eq!(
        (status, out.as_str()),
        (JobStatus::Success, "tiny\n"),
        "{sandbox}: {system}"
    );
    assert!(system.contains("Building the environment"), "{sandbox}: {system}");
    until("the end of what jobs could change", || !data.join("envs").exists());
    let dropped = data.join("environments/dropped");
    until("the end of the old environments", || {
        fs::read_dir(&dropped).is_ok_and(|mut left| left.next().is_none())
    });
    assert_eq!(left.canary_was, seen(left.canary.path()), "{sandbox}");
}

/// Makes the data folder, and ends the server that did.
async fn leave(sandbox: &str) -> Left {
    let (data, canary) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let config = format!("[environments]\nuv = {:?}\n", uv().display());
    fs::write(data.path().join("config.toml"), config).unwrap();
    fs::create_dir(canary.path().join("sub")).unwrap();
    fs::write(canary.path().join("sub/kept"), "kept").unwrap();
    fs::set_permissions(canary.path().join("sub/kept"), Permissions::from_mode(0o640)).unwrap();
    let former = std::env::var(FORMER).ok();
    let server = start(former.as_deref().unwrap_or(BINARY), data.path(), sandbox);
    let mut client = server.client().await;
    let index = PackageIndex::start(&[("tiny", None)]);

    let (_, status, out, system) = client.run_to_end(needs_package(&index)).await;
    assert_eq!((status, out.as_str()), (JobStatus::Success, "tiny\n"), "{system}");
    let makes = JobParameters {
        attach_project_disk: true,
        output_datasets: vec![OutputDatasetDesc {
            name: "made".into(),
            size_gb: 1,
            var: "A".into(),
            ..Default::default()
        }],
        ..command(
            "mkdir ${A}/sub && echo data > ${A}/sub/x && printf '#!/bin/sh\\necho ran\\n' > ${A}/run && chmod 700 \
             ${A}/run && echo 'on disk' > $DS_PROJECT_HOME/kept",
        )
    };
    let (job, status, ..) = client.run_to_end(makes).await;
    assert_eq!(status, JobStatus::Success);
    let dataset = client.job(&job).await.output_datasets[0].id.clone();
    let mut begun = Vec::new();
    for _ in 0..3 {
        let (job, operation) = client.submit(WAITS, &[], &["out.txt"]).await;
        client.until_printed(&job, "begun").await;
        begun.push((job, operation.id));
    }
    let [running, ended, lost] = begun.try_into().unwrap();
    let mut busy = None;
    if former.is_some() || sandbox == "bubblewrap" {
        let mut imports = needs_package(&index);
        imports.cmd = WAITS_TO_IMPORT.into();
        imports.output_files = vec![desc("out.txt", "")];
        let (job, operation) = client.submit_job(imports, &[]).await;
        client.until_printed(&job, "begun").await;
        busy = Some((job, operation.id));
    }
    server.kill();

    let run = |job: &str| data.path().join("runs").join(job);
    kill_process(supervisor(&run(&lost.0)).unwrap(), Signal::KILL).unwrap();
    let ends = |job: &str| {
        fs::write(run(job).join("work/go"), "").unwrap();
        until("the end of the supervisor", || supervisor(&run(job)).is_none());
        assert!(run(job).join("exit.json").exists());
    };
    ends(&ended.0);
    let mut lock = None;
    if former.is_none() {
        ends(&running.0);
        fs::rename(
            run(&running.0).join("exit.json"),
            run(&running.0).join("exit.json.later"),
        )
        .unwrap();
        let held = File::options().write(true).open(run(&running.0).join("lock")).unwrap();
        flock(&held, FlockOperation::NonBlockingLockExclusive).unwrap();
        lock = Some(held);
        lay_out_as_before(data.path());
    }
    forge(data.path(), canary.path());
    Left {
        canary_was: seen(canary.path()),
        data,
        canary,
        index,
        dataset,
        running,
        ended,
        lost,
        busy,
        lock,
    }
}

/// From where this version has things to where that one had them, and to whom it gave them. What is in an environment's
/// own folder stays, because a job runs in it.
fn lay_out_as_before(data: &Path) {
    let of_jobs = fs::metadata(data.join("disks/default")).unwrap().uid();
    let envs = data.join("envs");
    fs::create_dir(&envs).unwrap();
    fs::set_permissions(&envs, Permissions::from_mode(0o711)).unwrap();
    fs::rename(data.join("environments/default"), envs.join("default")).unwrap();
    fs::remove_dir_all(data.join("environments")).unwrap();
    // It named them by other digests.
    for env in kept(data) {
        let key = env.file_name().unwrap().to_str().unwrap();
        let former: String = key.chars().rev().collect();
        fs::rename(&env, env.with_file_name(&former)).unwrap();
        for run in fs::read_dir(data.join("runs")).unwrap().flatten() {
            let used = run.path().join("environment.json");
            if let Ok(text) = fs::read_to_string(&used) {
                fs::write(used, text.replace(key, &former)).unwrap();
            }
        }
    }
    give(&envs.join("default"), of_jobs);
    // The server's own, with the group of the jobs.
    let datasets = data.join("datasets");
    for entry in WalkDir::new(&datasets).min_depth(2) {
        lchown(entry.unwrap().path(), Some(geteuid().as_raw()), None).unwrap();
    }
    fs::set_permissions(datasets.join("default"), Permissions::from_mode(0o700)).unwrap();
    lchown(datasets.join("default"), None, Some(getegid().as_raw())).unwrap();
    for run in fs::read_dir(data.join("runs")).unwrap().flatten() {
        for name in ["work", "abs", "tmp"] {
            let folder = run.path().join(name);
            fs::create_dir_all(&folder).unwrap();
            fs::set_permissions(&folder, Permissions::from_mode(0o755)).unwrap();
            give(&folder, of_jobs);
        }
        // The server's, in what is the job's: a way to what bubblewrap showed in the job's /tmp.
        fs::create_dir(run.path().join("tmp/way")).unwrap();
        let modules = run.path().join("modules");
        fs::create_dir(&modules).unwrap();
        fs::set_permissions(&modules, Permissions::from_mode(0o755)).unwrap();
        give(&modules, geteuid().as_raw());
        fs::write(run.path().join("supervisor.log"), "").unwrap();
    }
}

/// The environments of the version before.
fn kept(data: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(data.join("envs/default")).unwrap().flatten();
    let keys = entries.filter(|entry| entry.file_name().len() == 64);
    keys.map(|entry| entry.path()).collect()
}

/// What a job could have made of the environments that were its user's: they say that they need the server's folders and
/// the whole machine, and lead to the canary.
fn forge(data: &Path, canary: &Path) {
    let of_jobs = fs::metadata(data.join("disks/default")).unwrap().uid();
    let envs = kept(data);
    assert_eq!(envs.len(), 1);
    for env in envs {
        fs::remove_file(env.join("ready.json")).unwrap();
        let forged = format!(r#"{{"size_bytes":1,"needs":[{data:?},"/",{canary:?}]}}"#);
        fs::write(env.join("ready.json"), forged).unwrap();
        for link in [
            "build",
            "env/away",
            "env/work",
            "../tmp",
            "../work",
            &format!("../{:064}", 0),
        ] {
            symlink(canary, env.join(link)).unwrap();
        }
        fs::create_dir_all(env.join("closed/in")).unwrap();
        symlink(canary.join("sub/kept"), env.join("closed/in/kept")).unwrap();
        fs::set_permissions(env.join("closed"), Permissions::from_mode(0o000)).unwrap();
        give(&env, of_jobs);
    }
}

fn give(folder: &Path, uid: u32) {
    let gid = if uid == geteuid().as_raw() {
        getegid().as_raw()
    } else {
        uid
    };
    for entry in WalkDir::new(folder) {
        lchown(entry.unwrap().path(), Some(uid), Some(gid)).unwrap();
    }
}

fn start(program: &str, data: &Path, sandbox: &str) -> Server {
    let mut command = Command::new(program);
    command
        .args(["--listen", "127.0.0.1:0", "--sandbox", sandbox, "--data-dir"])
        .arg(data);
    command
        .env("JOBSPHERE_LOG", "warn")
        .env("PATH", PATH)
        .stdin(Stdio::null());
    Server::by(command)
}

impl Client {
    /// Runs a job to its end: its id, how it ended, what it printed, and its system log.
    async fn run_to_end(&mut self, parameters: JobParameters) -> (String, JobStatus, String, String) {
        let (job, _) = self.submit_job(parameters, &[]).await;
        let log = self.follow(&job, 0).await;
        let status = self.job(&job).await.status();
        (job, status, printed(&log), system(&log))
    }
}

fn system(log: &[LogMessage]) -> String {
    let of_system =
        |message: &&LogMessage| matches!(&message.source, Some(Source::FilePath(path)) if path == ".system.log");
    let bytes = log
        .iter()
        .filter(of_system)
        .flat_map(|message| message.content.iter().copied());
    String::from_utf8(bytes.collect()).unwrap()
}

fn command(cmd: &str) -> JobParameters {
    JobParameters {
        cmd: cmd.into(),
        ..Default::default()
    }
}

fn needs_package(index: &PackageIndex) -> JobParameters {
    let version = Command::new("python3")
        .args(["-c", "import sys; print('%d.%d' % sys.version_info[:2])"])
        .env("PATH", PATH)
        .output()
        .unwrap();
    JobParameters {
        env: Some(Environment {
            python_env: Some(PythonEnv {
                python_version: String::from_utf8(version.stdout).unwrap().trim().to_owned(),
                requirements: vec!["tiny".into()],
                pip_options: Some(PipOptions {
                    index_url: index.url.clone(),
                    ..Default::default()
                }),
                ..Default::default()
            }),
            ..Default::default()
        }),
        ..command("python -c 'import tiny; print(tiny.NAME)'")
    }
}

fn uv() -> PathBuf {
    let python = std::env::var("JOBSPHERE_TEST_PYTHON").expect("`cargo xtask test` names an interpreter");
    Path::new(&python).with_file_name("uv")
}

/// The process that runs the job of a run directory.
fn supervisor(run: &Path) -> Option<Pid> {
    let wanted = format!("\0supervise\0{}\0", run.display());
    let found = fs::read_dir("/proc").unwrap().flatten().find(|entry| {
        let command = fs::read(entry.path().join("cmdline")).unwrap_or_default();
        String::from_utf8_lossy(&command).contains(&wanted)
    })?;
    Pid::from_raw(found.file_name().to_str()?.parse().ok()?)
}

fn until(what: &str, condition: impl Fn() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !condition() {
        assert!(Instant::now() < deadline, "{what} has not come");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// All that can be seen of a folder.
fn seen(folder: &Path) -> Vec<Seen> {
    let found = WalkDir::new(folder).sort_by_file_name().into_iter().map(|entry| {
        let entry = entry.unwrap();
        let about = entry.metadata().unwrap();
        let content = if about.is_file() {
            fs::read(entry.path()).unwrap()
        } else {
            Vec::new()
        };
        (
            entry.into_path(),
            about.mode(),
            about.uid(),
            about.ctime_nsec(),
            content,
        )
    });
    found.collect()
}
