//! Environments of jobs, built by the real tools: by uv, and by venv and pip.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use jobsphere_api::{
    jobs::{
        CancelProjectJobRequest, CreateProjectJobRequest, DockerImageSpec, Environment, File, FileCompressionType, Job,
        JobParameters, JobStatus, LogMessage, PipOptions, PythonEnv, environment::DockerImage, log_message::Source,
    },
    sha256::Sha256,
};
use tonic::Code;

use crate::{
    package_index::{PackageIndex, zip},
    process::{Client, Server, desc, printed},
};

const PATIENCE: Duration = Duration::from_secs(60);

/// With what environments are built.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Tool {
    Uv,
    Pip,
}

const TOOLS: [Tool; 2] = [Tool::Uv, Tool::Pip];

impl Tool {
    /// A server that has this tool alone.
    fn server(self, data_dir: &Path) -> Server {
        self.server_with(data_dir, "")
    }

    fn server_with(self, data_dir: &Path, more: &str) -> Server {
        let uv = match self {
            Self::Uv => tool("uv"),
            Self::Pip => "/nowhere/uv".into(),
        };
        let config = format!("[environments]\nuv = {:?}\n{more}", uv.display());
        fs::write(data_dir.join("config.toml"), config).unwrap();
        Server::start(data_dir)
    }

    fn name(self) -> &'static str {
        match self {
            Self::Uv => "by uv",
            Self::Pip => "by venv and pip",
        }
    }
}

/// A program of the tests' Python packages.
fn tool(name: &str) -> PathBuf {
    let python = std::env::var("JOBSPHERE_TEST_PYTHON").expect(
        "JOBSPHERE_TEST_PYTHON names no interpreter with the packages of xtask/python-requirements.txt; `cargo xtask \
         test` prepares one",
    );
    Path::new(&python).with_file_name(name)
}

/// The minor version of this machine's Python.
fn version() -> String {
    let program = "import sys; print('%d.%d' % sys.version_info[:2])";
    let answer = Command::new("python3").args(["-c", program]).output().unwrap();
    String::from_utf8(answer.stdout).unwrap().trim().to_owned()
}

fn requires(requirements: &[&str], index: Option<&PackageIndex>) -> PythonEnv {
    PythonEnv {
        python_version: version(),
        requirements: requirements.iter().map(|line| line.to_string()).collect(),
        pip_options: index.map(|index| PipOptions {
            index_url: index.url.clone(),
            ..Default::default()
        }),
        ..Default::default()
    }
}

fn job(cmd: &str, python: PythonEnv) -> JobParameters {
    JobParameters {
        cmd: cmd.into(),
        env: Some(Environment {
            python_env: Some(python),
            ..Default::default()
        }),
        ..Default::default()
    }
}

/// A job that has ended.
struct Ended {
    job: Job,
    out: String,
    system: String,
}

impl Client {
    async fn ended(&mut self, parameters: JobParameters, contents: &[&[u8]]) -> Ended {
        let (job_id, _) = self.submit_job(parameters, contents).await;
        self.end_of(&job_id).await
    }

    async fn end_of(&mut self, job_id: &str) -> Ended {
        let log = self.follow(job_id, 0).await;
        Ended {
            out: printed(&log),
            system: system(&log),
            job: self.job(job_id).await,
        }
    }

    async fn cancel(&mut self, job_id: &str) {
        let request = CancelProjectJobRequest {
            job_id: job_id.into(),
            ..Default::default()
        };
        self.jobs.cancel(request).await.unwrap();
    }
}

fn system(messages: &[LogMessage]) -> String {
    let of_system =
        |message: &&LogMessage| matches!(&message.source, Some(Source::FilePath(path)) if path == ".system.log");
    let bytes = messages
        .iter()
        .filter(of_system)
        .flat_map(|message| message.content.iter().copied());
    String::from_utf8(bytes.collect()).unwrap()
}

/// The environments in the data folder.
fn environments(data_dir: &Path) -> Vec<PathBuf> {
    let project = data_dir.join("environments/default");
    let entries = fs::read_dir(project).into_iter().flatten().flatten();
    let folders = entries.filter(|entry| entry.file_name().len() == 64);
    folders.map(|entry| entry.path()).collect()
}

/// Waits for what happens behind the scenes.
fn until(what: &str, condition: impl Fn() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !condition() {
        assert!(Instant::now() < deadline, "{what} has not come");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[tokio::test]
async fn requirements_come_from_the_real_index_and_are_kept() {
    let cmd = "which python; echo $VIRTUAL_ENV; python -c 'import six, sys; print(six.__version__, sys.prefix, \
               \"%d.%d\" % sys.version_info[:2])'; pip --version";
    for tool in TOOLS {
        let dir = tempfile::tempdir().unwrap();
        let server = tool.server(dir.path());
        let mut client = server.client().await;
        let first = client.ended(job(cmd, requires(&["six==1.16.0"], None)), &[]).await;
        assert_eq!(
            first.job.status(),
            JobStatus::Success,
            "{}\n{}",
            first.job.status_details,
            first.system
        );
        let found = environments(dir.path());
        let (prefix, venv) = match jobsphere_server::sandbox::probe(dir.path()) {
            jobsphere_server::sandbox::Sandbox::Bubblewrap => {
                ("/run/job/env/python".to_owned(), "/run/job/venv".to_owned())
            }
            _ => (
                found[0].join("env/python").display().to_string(),
                first.out.lines().nth(1).unwrap().to_owned(),
            ),
        };
        let expected = format!("{venv}/bin/python\n{venv}\n1.16.0 {venv} {}\npip ", version());
        assert!(first.out.starts_with(&expected), "{} is not {expected}", first.out);
        assert!(
            first.out.contains(&format!("{prefix}/lib")),
            "pip is the environment's: {}",
            first.out
        );
        assert!(first.system.contains(tool.name()), "{}", first.system);
        assert!(first.system.contains("six"), "the tool's own lines: {}", first.system);
        let installed = |system: &str| {
            let lines = system.lines().filter(|line| line.contains("Installed: "));
            lines
                .map(|line| line[line.find("Installed: ").unwrap_or_default()..].to_owned())
                .collect::<Vec<_>>()
        };
        let told = installed(&first.system);
        assert!(told.len() == 1 && told[0].contains("six 1.16.0"), "{told:?}");

        drop(server);
        let server = tool.server(dir.path());
        let mut client = server.client().await;
        let second = client.ended(job(cmd, requires(&[" six==1.16.0"], None)), &[]).await;
        assert_eq!(second.out, first.out);
        assert!(!second.system.contains("Building"), "{}", second.system);
        assert!(second.system.contains("is kept"), "{}", second.system);
        assert_eq!(installed(&second.system), told);
        assert_eq!(environments(dir.path()).len(), 1);
        until("the end of the build's folder", || !found[0].join("build").exists());
    }
}

#[tokio::test]
async fn a_requirement_that_is_not_there_is_the_jobs_error() {
    for tool in TOOLS {
        let dir = tempfile::tempdir().unwrap();
        let server = tool.server(dir.path());
        let index = PackageIndex::start(&[("tiny", None)]);
        let mut client = server.client().await;
        let ended = client
            .ended(job("echo ran", requires(&["tiny==7"], Some(&index))), &[])
            .await;
        assert_eq!(ended.job.status(), JobStatus::Error);
        let details = &ended.job.status_details;
        assert!(details.contains("tiny==7") && details.contains(&index.url), "{details}");
        assert!(ended.system.contains("tiny==7"), "{}", ended.system);
        assert_eq!(ended.out, "");
        assert!(ended.job.started_at.is_none());
        until("the end of the leftovers", || environments(dir.path()).is_empty());
    }
}

#[tokio::test]
async fn an_index_that_is_not_there_is_named() {
    for tool in TOOLS {
        let dir = tempfile::tempdir().unwrap();
        let server = tool.server(dir.path());
        let mut python = requires(&["tiny"], None);
        python.pip_options = Some(PipOptions {
            index_url: "http://me:secret@127.0.0.1:9/simple".into(),
            ..Default::default()
        });
        let ended = server.client().await.ended(job("true", python), &[]).await;
        assert_eq!(ended.job.status(), JobStatus::Error);
        let details = &ended.job.status_details;
        assert!(details.contains("127.0.0.1:9/simple"), "{details}");
        assert!(!details.contains("secret"), "{details}");
        assert!(!ended.system.contains("secret"), "{}", ended.system);
    }
}

#[tokio::test]
async fn options_of_pip_are_honoured() {
    let cmd = "python -c 'import needy, importlib.util as u; print(needy.NAME, u.find_spec(\"tiny\") is not None)'";
    for tool in TOOLS {
        let dir = tempfile::tempdir().unwrap();
        let server = tool.server(dir.path());
        let mut client = server.client().await;
        let index = PackageIndex::start(&[("needy", Some("tiny"))]);
        let more = PackageIndex::start(&[("tiny", None)]);
        let mut python = requires(&["needy"], Some(&index));
        let pip = python.pip_options.as_mut().unwrap();
        pip.extra_index_urls = vec![more.url.clone()];
        pip.trusted_hosts = vec!["127.0.0.1".into()];
        let whole = client.ended(job(cmd, python.clone()), &[]).await;
        assert_eq!(whole.out, "needy True\n", "{}", whole.job.status_details);
        assert!(more.times_asked("tiny") > 0);

        python.pip_options.as_mut().unwrap().no_deps = true;
        let alone = client.ended(job(cmd, python.clone()), &[]).await;
        assert_eq!(alone.out, "needy False\n", "{}", alone.job.status_details);

        // The published client lets the option through as a line of the file: the same environment.
        python.pip_options.as_mut().unwrap().no_deps = false;
        python.requirements.insert(0, "--no-deps".into());
        let line = client.ended(job(cmd, python), &[]).await;
        assert_eq!(line.out, "needy False\n");
        assert!(line.system.contains("is kept"), "{}", line.system);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancel_ends_the_build_at_once() {
    for tool in TOOLS {
        let dir = tempfile::tempdir().unwrap();
        let server = tool.server(dir.path());
        let mut client = server.client().await;
        let index = PackageIndex::start(&[("tiny", None)]);
        index.close();
        let (job_id, _) = client
            .submit_job(job("echo ran", requires(&["tiny"], Some(&index))), &[])
            .await;
        tokio::task::block_in_place(|| index.wait_for_caller());
        let job_now = client.job(&job_id).await;
        assert_eq!(job_now.status(), JobStatus::Preparing);
        assert!(
            job_now.status_details.contains("Building the environment"),
            "{}",
            job_now.status_details
        );
        let asked = Instant::now();
        client.cancel(&job_id).await;
        let ended = client.end_of(&job_id).await;
        assert!(asked.elapsed() < Duration::from_secs(5), "{:?}", asked.elapsed());
        assert_eq!((ended.job.status(), ended.out.as_str()), (JobStatus::Cancelled, ""));
        assert!(!ended.job.log_files.is_empty(), "what the build said is kept");
        tokio::task::block_in_place(|| index.wait_for_leaver());
        until("the end of the leftovers", || environments(dir.path()).is_empty());

        // What was cut off does not stand in the way of the next.
        index.open();
        let next = client
            .ended(job("python -c 'import tiny'", requires(&["tiny"], Some(&index))), &[])
            .await;
        assert_eq!(next.job.status(), JobStatus::Success, "{}", next.job.status_details);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_jobs_wait_for_one_build_and_one_may_leave() {
    for tool in TOOLS {
        let dir = tempfile::tempdir().unwrap();
        let server = tool.server(dir.path());
        let mut client = server.client().await;
        let index = PackageIndex::start(&[("tiny", None)]);
        index.close();
        let parameters = job(
            "python -c 'import tiny; print(tiny.NAME)'",
            requires(&["tiny"], Some(&index)),
        );
        let (first, _) = client.submit_job(parameters.clone(), &[]).await;
        tokio::task::block_in_place(|| index.wait_for_caller());
        let (second, _) = client.submit_job(parameters.clone(), &[]).await;
        let (third, _) = client.submit_job(parameters, &[]).await;
        // Who leaves before another has come ends the build.
        for waiting in [&second, &third] {
            while !client
                .job(waiting)
                .await
                .status_details
                .contains("Building the environment")
            {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
        client.cancel(&first).await;
        assert_eq!(client.end_of(&first).await.job.status(), JobStatus::Cancelled);
        index.open();
        for job_id in [second, third] {
            let ended = client.end_of(&job_id).await;
            assert_eq!(ended.out, "tiny\n", "{}", ended.job.status_details);
            assert!(ended.system.contains("tiny"), "{}", ended.system);
        }
        assert_eq!(index.times_asked("tiny"), 1);
        assert_eq!(environments(dir.path()).len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_build_outlives_a_killed_server() {
    for tool in TOOLS {
        let dir = tempfile::tempdir().unwrap();
        let server = tool.server(dir.path());
        let mut client = server.client().await;
        let index = PackageIndex::start(&[("tiny", None)]);
        index.close();
        let parameters = job(
            "python -c 'import tiny; print(tiny.NAME)'",
            requires(&["tiny"], Some(&index)),
        );
        let (job_id, _) = client.submit_job(parameters, &[]).await;
        tokio::task::block_in_place(|| index.wait_for_caller());
        server.kill();
        let server = tool.server(dir.path());
        index.open();
        let ended = server.client().await.end_of(&job_id).await;
        assert_eq!(ended.out, "tiny\n", "{}", ended.job.status_details);
        assert_eq!(
            ended.system.matches("Building the environment").count(),
            1,
            "{}",
            ended.system
        );
        assert_eq!(index.times_asked("tiny"), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_build_that_nobody_wants_after_a_crash_is_ended_and_one_that_was_cut_off_is_begun_again() {
    let dir = tempfile::tempdir().unwrap();
    let server = Tool::Pip.server(dir.path());
    let mut client = server.client().await;
    let index = PackageIndex::start(&[("tiny", None)]);
    index.close();
    let parameters = job(
        "python -c 'import tiny; print(tiny.NAME)'",
        requires(&["tiny"], Some(&index)),
    );
    let (job_id, _) = client.submit_job(parameters, &[]).await;
    tokio::task::block_in_place(|| index.wait_for_caller());
    server.kill();
    let build = environments(dir.path())[0].join("build");
    let supervisors = Command::new("pkill")
        .args(["-KILL", "-f", &format!("supervise {}", build.display())])
        .status();
    assert!(supervisors.unwrap().success());
    let server = Tool::Pip.server(dir.path());
    index.open();
    let ended = server.client().await.end_of(&job_id).await;
    assert_eq!(ended.out, "tiny\n", "{}", ended.job.status_details);
    assert_eq!(
        ended.system.matches("Building the environment").count(),
        2,
        "{}",
        ended.system
    );
}

/// Runs of a version before have no folder for an environment of their own.
#[tokio::test]
async fn a_job_that_a_version_before_has_begun_keeps_its_outputs() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::start(dir.path());
    let cmd = "touch ready; while [ ! -e go ]; do sleep 0.05; done; echo kept > out";
    let mut parameters = job(cmd, requires(&["six==1.16.0"], None));
    parameters.output_files = vec![desc("out", "")];
    let (job_id, _) = server.client().await.submit_job(parameters, &[]).await;
    let run = dir.path().join("runs").join(&job_id);
    until("the command", || run.join("work/ready").exists());
    drop(server);
    fs::remove_dir_all(run.join("venv")).unwrap();
    let server = Server::start(dir.path());
    fs::write(run.join("work/go"), "").unwrap();
    let ended = server.client().await.end_of(&job_id).await;
    assert_eq!(ended.job.status(), JobStatus::Success, "{}", ended.job.status_details);
    assert_eq!(ended.job.output_files.len(), 1, "{:?}", ended.job.file_errors);
}

#[tokio::test]
async fn a_build_has_a_time_limit() {
    let dir = tempfile::tempdir().unwrap();
    let server = Tool::Pip.server_with(dir.path(), "build_time_limit_s = 2\n");
    let index = PackageIndex::start(&[("tiny", None)]);
    index.close();
    let parameters = job("echo ran", requires(&["tiny"], Some(&index)));
    let ended = server.client().await.ended(parameters, &[]).await;
    assert_eq!(ended.job.status(), JobStatus::Error);
    assert!(
        ended.job.status_details.contains("2 s, the limit"),
        "{}",
        ended.job.status_details
    );
}

fn module(content: &[u8], number: usize) -> File {
    File {
        // The published client sends the path of its own temporary file.
        desc: Some(desc(
            &format!("/tmp/tmpabc/tmp{number}"),
            &format!("_LOCAL_MODULE_{number}"),
        )),
        sha256: Sha256::of(content).to_string(),
        size_bytes: content.len() as i64,
        compression_type: FileCompressionType::Zip.into(),
    }
}

#[tokio::test]
async fn local_modules_are_importable_as_files_and_packages() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::start(dir.path());
    let text = |path: &str, text: &str| (path.to_owned(), text.to_owned());
    let file = zip(&[text("mymodule.py", "WORD = 'file'\n")]);
    let package = zip(&[
        text("pack/__init__.py", "from .inner import WORD\n"),
        text("pack/inner.py", "WORD = 'package'\n"),
        text("pack/data.txt", "data"),
    ]);
    let python = PythonEnv {
        local_modules: vec![module(&file, 0), module(&package, 1)],
        ..Default::default()
    };
    let mut parameters = job(
        "cat pack/data.txt && mkdir sub t && echo \"WORD = 'theirs'\" > t/theirs.py && cd sub && python -c 'import mymodule, pack, theirs; print(mymodule.WORD, pack.WORD, theirs.WORD)'",
        python,
    );
    let env = parameters.env.as_mut().unwrap();
    env.vars.insert("PYTHONPATH".into(), "../t".into());
    let ended = server.client().await.ended(parameters, &[&file, &package]).await;
    assert_eq!(ended.out, "datafile package theirs\n");
}

#[tokio::test]
async fn a_module_that_leads_outside_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::start(dir.path());
    let evil = zip(&[("../../evil.py".to_owned(), "x".to_owned())]);
    let python = PythonEnv {
        local_modules: vec![module(&evil, 0)],
        ..Default::default()
    };
    let ended = server.client().await.ended(job("echo ran", python), &[&evil]).await;
    assert_eq!((ended.job.status(), ended.out.as_str()), (JobStatus::Error, ""));
    let details = &ended.job.status_details;
    assert!(
        details.contains("_LOCAL_MODULE_0") && details.contains("outside"),
        "{details}"
    );
}

#[tokio::test]
async fn what_this_machine_cannot_build_is_refused_with_what_would_help() {
    let dir = tempfile::tempdir().unwrap();
    let config = "[environments]\nuv = \"/nowhere/uv\"\nconda = \"/nowhere/conda\"\ncontainer = \"/nowhere/docker\"\n";
    fs::write(dir.path().join("config.toml"), config).unwrap();
    let server = Server::start(dir.path());
    let mut client = server.client().await;
    let python = |version: &str, conda: &str| Environment {
        python_env: Some(PythonEnv {
            python_version: version.into(),
            conda_yaml: conda.into(),
            ..Default::default()
        }),
        ..Default::default()
    };
    let image = Environment {
        docker_image: Some(DockerImage::DockerImageSpec(DockerImageSpec {
            image_url: "python:3.11".into(),
            ..Default::default()
        })),
        ..Default::default()
    };
    for (env, words) in [
        (
            python("3.1", ""),
            ["python_env.python_version", "Python 3.1 ", "install this Python, or uv"],
        ),
        (
            python("latest", ""),
            ["python_env.python_version", "`latest`", "such as 3.11"],
        ),
        (
            python("", "dependencies: [python]"),
            ["python_env.conda_yaml", "/nowhere/conda", "install micromamba"],
        ),
        (image, ["docker_image", "/nowhere/docker", "podman or docker"]),
    ] {
        let request = CreateProjectJobRequest {
            project_id: "default".into(),
            job_parameters: Some(JobParameters {
                cmd: "true".into(),
                env: Some(env),
                ..Default::default()
            }),
            ..Default::default()
        };
        let refused = client.jobs.create(request).await.unwrap_err();
        assert_eq!(refused.code(), Code::FailedPrecondition);
        for word in words {
            assert!(refused.message().contains(word), "{word}: {}", refused.message());
        }
    }
}
