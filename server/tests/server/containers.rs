//! Commands in containers, by an engine that really runs them.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

use jobsphere_api::jobs::{
    CancelProjectJobRequest, DockerImageSpec, Environment, GracefulShutdownParameters, JobParameters, JobStatus,
    environment::DockerImage,
};

use crate::process::{Client, Server, desc, printed};

const IMAGE: &str = "localhost/jobsphere-test:1";
/// The same with bash.
const IMAGE_WITH_BASH: &str = "localhost/jobsphere-test:bash";
/// What the tests' commands need; each with the libraries it is linked to.
const PROGRAMS: [&str; 8] = ["sh", "cat", "id", "ls", "sleep", "env", "touch", "printenv"];

/// An engine that runs the tests' image; `None`, and a word about it, where none does.
fn engine() -> Option<&'static Path> {
    static FOUND: OnceLock<Option<PathBuf>> = OnceLock::new();
    let found = FOUND.get_or_init(|| {
        let engines = ["podman", "docker"]
            .into_iter()
            .filter_map(|name| which::which(name).ok());
        let found = engines
            .into_iter()
            .find(|engine| makes_image(engine, IMAGE, &[]) && runs_it(engine));
        if found.is_none() {
            println!("NOT TESTED: no engine on this machine runs a container");
        }
        found
    });
    found.as_deref()
}

fn succeeds(engine: &Path, arguments: &[&str]) -> bool {
    Command::new(engine)
        .args(arguments)
        .output()
        .is_ok_and(|output| output.status.success())
}

fn runs_it(engine: &Path) -> bool {
    let limits = ["--ulimit=nofile=1024:1024", "--ulimit=nproc=1024:1024"];
    let run = ["run", "--rm", "--network", "host"];
    let arguments = [&run[..], &limits, &[IMAGE, "/bin/sh", "-c", ":"]].concat();
    succeeds(engine, &arguments)
}

/// An image of a few programs of this machine, made without a network.
fn makes_image(engine: &Path, image: &str, more_programs: &[&str]) -> bool {
    let root = tempfile::tempdir().unwrap();
    let add = |from: &Path, to: PathBuf| {
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::copy(from.canonicalize().unwrap(), to).unwrap();
    };
    for program in PROGRAMS.iter().chain(more_programs) {
        let path = which::which(program).unwrap();
        let linked = Command::new("ldd").arg(&path).output().unwrap();
        for word in String::from_utf8_lossy(&linked.stdout).split_whitespace() {
            if let Some(inside) = word.strip_prefix('/') {
                add(Path::new(word), root.path().join(inside));
            }
        }
        add(&path, root.path().join("bin").join(program));
    }
    fs::create_dir_all(root.path().join("tmp")).unwrap();
    fs::write(root.path().join("marker"), "from the image\n").unwrap();
    let archive = root.path().join("image.tar");
    let packed = Command::new("tar")
        .arg("-C")
        .arg(root.path())
        .arg("-cf")
        .arg(&archive)
        .args(["--exclude=image.tar", "."])
        .status();
    packed.unwrap().success() && succeeds(engine, &["import", archive.to_str().unwrap(), image])
}

fn within(cmd: &str) -> JobParameters {
    let image = DockerImageSpec {
        image_url: IMAGE.into(),
        ..Default::default()
    };
    JobParameters {
        cmd: cmd.into(),
        env: Some(Environment {
            vars: [("GREETING".to_owned(), "it's \"all\"\nhere $HOME".to_owned())].into(),
            docker_image: Some(DockerImage::DockerImageSpec(image)),
            ..Default::default()
        }),
        ..Default::default()
    }
}

/// The containers that the server's jobs have.
fn containers(engine: &Path, job_id: &str) -> String {
    let listed = Command::new(engine)
        .args(["ps", "--all", "--quiet", "--filter"])
        .arg(format!("name=jobsphere-{job_id}"))
        .output();
    String::from_utf8(listed.unwrap().stdout).unwrap()
}

async fn run(client: &mut Client, parameters: JobParameters, contents: &[&[u8]]) -> (String, String) {
    let (job_id, _) = client.submit_job(parameters, contents).await;
    let log = printed(&client.follow(&job_id, 0).await);
    (job_id, log)
}

#[tokio::test]
async fn a_command_sees_its_image_its_files_and_its_variables() {
    let Some(engine) = engine() else { return };
    let dir = tempfile::tempdir().unwrap();
    let server = Server::start(dir.path());
    let mut client = server.client().await;
    let mut parameters = within(
        "cat /marker ${IN}; printenv GREETING; cat ${IN} > out; touch /tmp/mine; ls /home 2>/dev/null; \
         ls $PWD /run/job; ls \"$DATA\" 2>/dev/null; exit 3",
    );
    let data = dir.path().display().to_string();
    parameters.env.as_mut().unwrap().vars.insert("DATA".into(), data);
    parameters.input_files = vec![crate::process::file(&desc("in.txt", "IN"), b"input\n")];
    parameters.output_files = vec![desc("out", "")];
    let (job_id, log) = run(&mut client, parameters, &[b"input\n"]).await;
    let places = "/job:\nin.txt\nout\n\n/run/job:\nbin\nprogress.jsonl\n";
    let expected = format!("from the image\ninput\nit's \"all\"\nhere $HOME\n{places}");
    assert_eq!(log, expected, "and nothing else of the data folder");
    let job = client.job(&job_id).await;
    assert_eq!((job.output_files.len(), job.output_files[0].size_bytes), (1, 6));
    assert_eq!(containers(engine, &job_id), "");
    assert!(!Path::new("/tmp/mine").exists());
}

#[tokio::test]
async fn names_that_a_shell_does_not_know_reach_programs_by_bash_and_are_told_of_without_it() {
    let Some(engine) = engine() else { return };
    assert!(makes_image(engine, IMAGE_WITH_BASH, &["bash"]));
    let dir = tempfile::tempdir().unwrap();
    let server = Server::start(dir.path());
    let mut client = server.client().await;
    for (image, says, tells) in [
        (IMAGE_WITH_BASH, "odd\nvalue\nplain\n", false),
        (IMAGE, "none\nplain\n", true),
    ] {
        let mut parameters = within("printenv MY-TOKEN || echo none; printenv PLAIN");
        let env = parameters.env.as_mut().unwrap();
        env.vars.insert("MY-TOKEN".into(), "odd\nvalue".into());
        env.vars.insert("PLAIN".into(), "plain".into());
        // Bash would read a function out of it, also one that runs the engine.
        env.vars
            .insert("BASH_FUNC_podman%%".into(), "() { echo function; }".into());
        env.docker_image = Some(DockerImage::DockerImageSpec(DockerImageSpec {
            image_url: image.into(),
            ..Default::default()
        }));
        let (job_id, _) = client.submit_job(parameters, &[]).await;
        let messages = client.follow(&job_id, 0).await;
        assert_eq!(printed(&messages), says, "{image}");
        let tells_of = |name: &str| {
            messages
                .iter()
                .any(|message| String::from_utf8_lossy(&message.content).contains(&format!("`{name}`")))
        };
        assert_eq!(tells_of("MY-TOKEN"), tells, "{image}");
        assert!(tells_of("BASH_FUNC_podman%%"), "{image}");
        assert_eq!(containers(engine, &job_id), "");
    }
}

#[tokio::test]
async fn a_command_in_a_container_is_cancelled_with_its_signal_or_killed() {
    let Some(engine) = engine() else { return };
    let dir = tempfile::tempdir().unwrap();
    let server = Server::start(dir.path());
    let mut client = server.client().await;
    let mut obeys = within("trap 'echo told; exit 7' TERM; echo begun; while :; do sleep 0.1; done");
    obeys.graceful_shutdown_parameters = Some(GracefulShutdownParameters {
        timeout: Some(prost_types::Duration { seconds: 30, nanos: 0 }),
        signal: 15,
    });
    for (parameters, graceful, expected) in [
        (obeys, true, "begun\ntold\n"),
        (within("trap '' TERM; echo begun; sleep 1000"), false, "begun\n"),
    ] {
        let (job_id, _) = client.submit_job(parameters, &[]).await;
        client.until_printed(&job_id, "begun").await;
        let request = CancelProjectJobRequest {
            job_id: job_id.clone(),
            graceful,
            ..Default::default()
        };
        client.jobs.cancel(request).await.unwrap();
        let log = printed(&client.follow(&job_id, 0).await);
        // A shell says that what it waited for was ended too.
        assert_eq!(log.replace("Terminated\n", ""), expected);
        assert_eq!(client.job(&job_id).await.status(), JobStatus::Cancelled);
        assert_eq!(containers(engine, &job_id), "");
    }
}

#[tokio::test]
async fn an_image_that_is_not_there_ends_the_job_with_the_engines_message() {
    if engine().is_none() {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let server = Server::start(dir.path());
    let mut client = server.client().await;
    let mut parameters = within("true");
    parameters.env.as_mut().unwrap().docker_image = Some(DockerImage::DockerImageSpec(DockerImageSpec {
        image_url: "localhost:1/nothing:here".into(),
        ..Default::default()
    }));
    let (job_id, _) = run(&mut client, parameters, &[]).await;
    let job = client.job(&job_id).await;
    assert_eq!(job.status(), JobStatus::Error);
    let details = &job.status_details;
    assert!(
        details.contains("localhost:1/nothing:here cannot be had") && details.contains("refused"),
        "{details}"
    );
}
