//! A server that is attacked: its rights, its data folder with something to find in it, and jobs.

use std::{
    fmt, fs,
    os::unix::{
        fs::{PermissionsExt, chown},
        process::CommandExt,
    },
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::OnceLock,
    time::{Duration, Instant},
};

use jobsphere_api::{
    jobs::{
        CancelProjectJobRequest, ExecuteProjectJobResponse, Job, JobParameters, JobStatus, LogMessage,
        log_message::Source,
    },
    operation::{Operation, operation::Result as Answer},
};
use rustix::process::{Pid, Signal, geteuid, kill_process};

use super::Got;
use crate::process::{BINARY, Client, Server, desc, response};

/// Nobody has this number on any machine.
const ORDINARY: u32 = 1_234_567;
/// Neither a home nor /tmp, which bubblewrap hides anyway: as /var/lib, where servers keep their data.
const ROOM: &str = "/var/tmp";
/// Nothing below a home, so that an ordinary user can run what is there.
const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
/// For what must happen, on a machine that is busy with something else.
pub(super) const PATIENCE: Duration = Duration::from_secs(240);

/// How commands are kept apart, and by whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mode {
    sandbox: &'static str,
    pub(super) is_root: bool,
}

const fn mode(sandbox: &'static str, is_root: bool) -> Mode {
    Mode { sandbox, is_root }
}

pub(super) const MODES: [Mode; 5] = [
    mode("bubblewrap", true),
    mode("bubblewrap", false),
    mode("user", true),
    mode("none", true),
    mode("none", false),
];

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let who = if self.is_root { "root" } else { "an ordinary user" };
        write!(f, "{} as {who}", self.sandbox)
    }
}

impl Mode {
    pub(super) fn is_bubblewrap(&self) -> bool {
        self.sandbox == "bubblewrap"
    }

    /// Whose the server is.
    pub(super) fn uid(&self) -> u32 {
        if self.is_root { 0 } else { ORDINARY }
    }

    /// A command with the rights of the server.
    pub(super) fn command(&self, program: &Path) -> Command {
        assert!(
            geteuid().is_root(),
            "the escape tests are run as root: they start servers of several users"
        );
        let mut command = Command::new(program);
        command.env("PATH", PATH).current_dir("/");
        if !self.is_root {
            command.uid(ORDINARY).gid(ORDINARY);
        }
        command
    }

    /// What `doctor` says.
    pub(super) fn doctor(&self) -> String {
        let room = tempfile::Builder::new().prefix("escape-").tempdir_in(ROOM).unwrap();
        let program = program(room.path());
        fs::set_permissions(room.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let mut doctor = self.command(&program);
        let answer = doctor
            .args(["doctor", "--sandbox", self.sandbox, "--data-dir"])
            .arg(room.path())
            .output();
        String::from_utf8(answer.unwrap().stdout).unwrap()
    }
}

/// The server's program where every user can run it.
fn program(room: &Path) -> PathBuf {
    static IS_FOR_ALL: OnceLock<bool> = OnceLock::new();
    let is_for_all = IS_FOR_ALL.get_or_init(|| {
        let mut version = Command::new(BINARY);
        let version = version
            .arg("--version")
            .uid(ORDINARY)
            .gid(ORDINARY)
            .stdout(Stdio::null())
            .status();
        version.is_ok_and(|status| status.success())
    });
    if *is_for_all {
        return BINARY.into();
    }
    let copy = room.join("jobsphere-server");
    if !copy.exists() {
        fs::copy(BINARY, &copy).unwrap();
    }
    copy
}

/// A server, and what is to be found beside it.
pub(super) struct Arena {
    pub(super) mode: Mode,
    room: tempfile::TempDir,
    /// The data folder.
    pub(super) data: PathBuf,
    /// A word that stands in the canaries and nowhere else.
    pub(super) token: String,
    server: Option<Server>,
    pub(super) client: Client,
    jobs: Vec<String>,
}

/// An operator's file that has the folders of runs go at once: what a job has left in them is attacked as they go.
fn holding_nothing(config: &str) -> String {
    match config.contains("hold_run_folders_s") || config.contains("[limits]") {
        true => config.to_owned(),
        false => format!("{config}\n[limits]\nhold_run_folders_s = 0\n"),
    }
}

impl Arena {
    pub(super) async fn start(mode: Mode) -> Self {
        Self::start_with(mode, "", |_, _| {}).await
    }

    /// A server with an operator's file, by a command that `change` has changed; it is given the room too.
    pub(super) async fn start_with(mode: Mode, config: &str, change: impl FnOnce(&mut Command, &Path)) -> Self {
        let room = tempfile::Builder::new().prefix("escape-").tempdir_in(ROOM).unwrap();
        fs::set_permissions(room.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let data = room.path().join("data");
        let token = format!("canary{:016x}", fastrand::u64(..));
        plant(mode, &data, &token);
        fs::write(data.join("config.toml"), holding_nothing(config)).unwrap();
        let mut command = Self::command(mode, room.path());
        change(&mut command, room.path());
        let server = Server::by(command);
        let client = server.client().await;
        Self {
            mode,
            room,
            data,
            token,
            server: Some(server),
            client,
            jobs: Vec::new(),
        }
    }

    fn command(mode: Mode, room: &Path) -> Command {
        let mut command = mode.command(&program(room));
        command.args(["--listen", "127.0.0.1:0", "--sandbox", mode.sandbox, "--data-dir"]);
        command.arg(room.join("data")).env("JOBSPHERE_LOG", "error");
        // Tests look at what the server says only when it says more than it should.
        command
            .stdin(Stdio::null())
            .stderr(fs::File::create(room.join("server.log")).unwrap());
        // What stops one thread of two stops half a server, on every machine.
        command.env("TOKIO_WORKER_THREADS", "2");
        command
    }

    /// Another server on the same data folder, with another operator's file or by a changed command.
    pub(super) async fn again(&mut self, config: Option<&str>, change: impl FnOnce(&mut Command, &Path)) {
        self.kill();
        if let Some(config) = config {
            fs::write(self.data.join("config.toml"), holding_nothing(config)).unwrap();
        }
        let mut command = Self::command(self.mode, self.room.path());
        change(&mut command, self.room.path());
        let server = Server::by(command);
        self.client = server.client().await;
        self.server = Some(server);
    }

    /// SIGKILL, as a crash.
    pub(super) fn kill(&mut self) {
        self.server = None;
    }

    /// The folder around everything, which all users may pass.
    pub(super) fn room(&self) -> &Path {
        self.room.path()
    }

    pub(super) fn pid(&self) -> u32 {
        self.server.as_ref().unwrap().pid()
    }

    /// The processes below the server: supervisors, commands, and whatever else it starts.
    pub(super) fn below(&self) -> Vec<u32> {
        below(self.pid())
    }

    /// A project that nobody else has: its user is the same on each server of this machine.
    pub(super) fn project(&self, name: &str) -> String {
        format!("{name}-{}", &self.token[6..])
    }

    /// The server's own file that no job may read.
    pub(super) fn secret(&self) -> PathBuf {
        self.canaries().join("secret")
    }

    /// The server's own folder that no job may enter.
    pub(super) fn canaries(&self) -> PathBuf {
        self.data.join("canaries")
    }

    /// Where a run's things lie.
    pub(super) fn run_dir(&self, job: &str) -> PathBuf {
        self.data.join("runs").join(job)
    }

    /// What was done to the canaries, if anything.
    pub(super) fn harm(&self) -> Got {
        let now = fs::read_to_string(self.secret()).unwrap_or_default();
        if now.trim_end() != self.token {
            return Some(format!("the server's own file now says: {now}"));
        }
        let found = look(&self.canaries());
        let expected = self.expected();
        let odd: Vec<String> = found
            .iter()
            .filter(|entry| !expected.contains(entry))
            .map(|entry| format!("{entry:?}"))
            .collect();
        (found != expected).then(|| format!("the server's own folder was changed: {}", odd.join(", ")))
    }

    fn expected(&self) -> Vec<(u32, u32, String)> {
        let entries = [
            (0o700, ""),
            (0o777, "alias"),
            (0o600, &hidden(&self.token)),
            (0o700, "inner"),
            (0o600, "inner/file"),
            (0o600, "progress"),
            (0o600, "secret"),
        ];
        entries
            .map(|(bits, path)| (self.mode.uid(), bits, path.to_owned()))
            .into()
    }

    /// Looks for the canaries' word in what came out.
    pub(super) fn spilt(&self, bytes: &[u8]) -> bool {
        bytes
            .windows(self.token.len())
            .any(|window| window == self.token.as_bytes())
    }

    pub(super) async fn submit(&mut self, project: &str, parameters: JobParameters) -> (String, Operation) {
        self.submit_with(project, parameters, &[]).await
    }

    pub(super) async fn submit_with(
        &mut self,
        project: &str,
        parameters: JobParameters,
        contents: &[&[u8]],
    ) -> (String, Operation) {
        let (job, operation) = self.client.submit_job_in(project, parameters, contents).await;
        self.jobs.push(job.clone());
        (job, operation)
    }

    /// Runs to the end; panics when that takes too long.
    pub(super) async fn run(&mut self, project: &str, parameters: JobParameters) -> Ended {
        self.run_within(project, parameters, PATIENCE)
            .await
            .expect("the job does not end")
    }

    /// Runs to the end, if that comes soon enough.
    pub(super) async fn run_within(
        &mut self,
        project: &str,
        parameters: JobParameters,
        limit: Duration,
    ) -> Option<Ended> {
        let (job, operation) = self.submit(project, parameters).await;
        self.end_of(&job, &operation, limit).await
    }

    pub(super) async fn end_of(&mut self, job: &str, operation: &Operation, limit: Duration) -> Option<Ended> {
        let client = &mut self.client;
        let ended = async {
            let log = client.follow(job, 0).await;
            Ended {
                out: printed_lossily(&log),
                system: system(&log),
                operation: client.operation(&operation.id).await,
                job: client.job(job).await,
            }
        };
        tokio::time::timeout(limit, ended).await.ok()
    }

    pub(super) async fn cancel(&mut self, job: &str) {
        let request = CancelProjectJobRequest {
            job_id: job.into(),
            ..Default::default()
        };
        self.client.jobs.cancel(request).await.unwrap();
    }

    /// Waits until the job is that far.
    pub(super) async fn until_status(&mut self, job: &str, status: JobStatus) {
        let begun = Instant::now();
        loop {
            let found = self.client.job(job).await.status();
            if found == status {
                return;
            }
            let is_over = [JobStatus::Success, JobStatus::Error, JobStatus::Cancelled].contains(&found);
            assert!(
                !is_over && begun.elapsed() < PATIENCE,
                "{found:?} instead of {status:?}"
            );
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Makes a file in a job's working directory that the job waits for.
    pub(super) fn tell(&self, job: &str, name: &str) {
        fs::write(self.run_dir(job).join("work").join(name), "").unwrap();
    }

    /// Whether the server and a job of another project still do what they should.
    pub(super) async fn lives(&mut self) -> Got {
        let project = self.project("alive");
        let ended = tokio::time::timeout(PATIENCE / 2, self.run(&project, command("echo alive"))).await;
        match ended {
            Ok(ended) if ended.out == "alive\n" => None,
            Ok(ended) => Some(format!("the next job does not run: {}", ended.job.status_details)),
            Err(_) => Some("the server does not run another job".into()),
        }
    }

    /// The contents of the outputs that came, by path.
    pub(super) fn outputs(&self, ended: &Ended) -> Vec<(String, Vec<u8>)> {
        let Some(answer) = ended.answer() else {
            return Vec::new();
        };
        let contents = answer.output_files.iter().map(|output| {
            let path = output.file.clone().unwrap().desc.unwrap().path;
            (
                path,
                ureq::get(&output.url).call().unwrap().body_mut().read_to_vec().unwrap(),
            )
        });
        contents.collect()
    }
}

impl Drop for Arena {
    /// A killed server leaves its supervisors to the next one.
    fn drop(&mut self) {
        let below = self
            .server
            .as_ref()
            .map(|server| below(server.pid()))
            .unwrap_or_default();
        self.kill();
        for pid in below {
            end(pid);
        }
        let folder = self.data.display().to_string();
        let marks: Vec<String> = self.jobs.iter().map(|job| format!("DS_JOB_ID={job}")).collect();
        for _ in 0..20 {
            let left = processes_with(&folder, &marks);
            if left.is_empty() {
                return;
            }
            left.into_iter().for_each(end);
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

fn end(pid: u32) {
    let _ = kill_process(Pid::from_raw(pid.cast_signed()).unwrap(), Signal::KILL);
}

/// Those whose arguments name the folder, or whose environment has one of the marks.
fn processes_with(folder: &str, marks: &[String]) -> Vec<u32> {
    let all = fs::read_dir("/proc").unwrap().flatten();
    let found = all.filter_map(|entry| {
        let pid: u32 = entry.file_name().to_str()?.parse().ok()?;
        let read =
            |name: &str| String::from_utf8_lossy(&fs::read(entry.path().join(name)).unwrap_or_default()).into_owned();
        let is_ours = read("cmdline").contains(folder)
            || read("environ")
                .split('\0')
                .any(|variable| marks.iter().any(|mark| mark == variable));
        (is_ours && pid != std::process::id()).then_some(pid)
    });
    found.collect()
}

/// All processes below one.
fn below(pid: u32) -> Vec<u32> {
    let mut found = Vec::new();
    let threads = fs::read_dir(format!("/proc/{pid}/task"))
        .into_iter()
        .flatten()
        .flatten();
    for thread in threads {
        let children = fs::read_to_string(thread.path().join("children")).unwrap_or_default();
        for child in children.split_whitespace().filter_map(|child| child.parse().ok()) {
            found.push(child);
            found.extend(below(child));
        }
    }
    found
}

/// The data folder, and in it what is the server's alone.
fn plant(mode: Mode, data: &Path, token: &str) {
    let folder = data.join("canaries");
    fs::create_dir_all(folder.join("inner")).unwrap();
    fs::write(folder.join("secret"), format!("{token}\n")).unwrap();
    fs::write(folder.join("inner/file"), format!("{token}\n")).unwrap();
    // A line as jobs report their progress.
    fs::write(
        folder.join("progress"),
        format!("{{\"progress\": 42, \"message\": \"{token}\"}}\n"),
    )
    .unwrap();
    fs::write(folder.join(hidden(token)), "").unwrap();
    std::os::unix::fs::symlink(hidden(token), folder.join("alias")).unwrap();
    let hidden = hidden(token);
    for path in ["secret", "inner/file", "progress", &hidden] {
        fs::set_permissions(folder.join(path), fs::Permissions::from_mode(0o600)).unwrap();
    }
    for (path, bits) in [("", 0o700), ("inner", 0o700)] {
        fs::set_permissions(folder.join(path), fs::Permissions::from_mode(bits)).unwrap();
    }
    let owner = Some(mode.uid());
    chown(data, owner, owner).unwrap();
    for entry in walkdir::WalkDir::new(&folder) {
        std::os::unix::fs::lchown(entry.unwrap().path(), owner, owner).unwrap();
    }
}

/// What the server's link leads to: nobody may learn its name.
fn hidden(token: &str) -> String {
    format!("hidden-{token}")
}

/// Owner, mode and path of everything in the folder.
pub(super) fn look(folder: &Path) -> Vec<(u32, u32, String)> {
    use std::os::unix::fs::MetadataExt;
    let entries = walkdir::WalkDir::new(folder).sort_by_file_name();
    let found = entries.into_iter().map(|entry| {
        let entry = entry.unwrap();
        let metadata = entry.metadata().unwrap();
        let path = entry.path().strip_prefix(folder).unwrap().display().to_string();
        (metadata.uid(), metadata.mode() & 0o7777, path)
    });
    found.collect()
}

/// A job that has ended.
pub(super) struct Ended {
    pub(super) job: Job,
    pub(super) operation: Operation,
    /// What it has printed, to both streams.
    pub(super) out: String,
    pub(super) system: String,
}

impl Ended {
    pub(super) fn answer(&self) -> Option<ExecuteProjectJobResponse> {
        match &self.operation.result {
            Some(Answer::Response(_)) => Some(response(&self.operation)),
            _ => None,
        }
    }

    /// What the attack says that it has got.
    ///
    /// # Panics
    /// When it did not come to its end, and so has tried nothing.
    pub(super) fn got(&self) -> Got {
        let got: Vec<&str> = self.out.lines().filter(|line| line.starts_with("GOT")).collect();
        let is_whole = self.out.lines().any(|line| line == "TRIED");
        assert!(
            is_whole || !got.is_empty(),
            "the attack was not tried: {:?} {}\n{}\n{}",
            self.job.status(),
            self.job.status_details,
            self.out,
            self.system
        );
        (!got.is_empty()).then(|| got.join("\n"))
    }

    /// What the outputs that did not come are said to lack, by path.
    pub(super) fn complaints(&self) -> Vec<(String, String)> {
        use jobsphere_api::jobs::file_upload_error::FileType;
        let errors = self
            .answer()
            .map(|answer| answer.output_files_errors)
            .unwrap_or_default();
        let by_path = errors.into_iter().map(|error| match error.file_type {
            Some(FileType::OutputFileDesc(desc)) => (desc.path, error.description),
            other => panic!("{other:?}"),
        });
        by_path.collect()
    }
}

fn printed_lossily(log: &[LogMessage]) -> String {
    let bytes = log
        .iter()
        .filter(|message| matches!(message.source, Some(Source::StandardStream(_))))
        .flat_map(|message| message.content.iter().copied());
    String::from_utf8_lossy(&bytes.collect::<Vec<u8>>()).into_owned()
}

fn system(log: &[LogMessage]) -> String {
    let bytes = log
        .iter()
        .filter(|message| matches!(&message.source, Some(Source::FilePath(path)) if path == ".system.log"))
        .flat_map(|message| message.content.iter().copied());
    String::from_utf8_lossy(&bytes.collect::<Vec<u8>>()).into_owned()
}

pub(super) fn command(cmd: &str) -> JobParameters {
    JobParameters {
        cmd: cmd.into(),
        ..Default::default()
    }
}

/// What every attack in Python begins with.
pub(super) const PRELUDE: &str = r#"
import ctypes, errno, glob, json, os, signal, socket, stat, subprocess, sys, time
libc = ctypes.CDLL(None, use_errno=True)
def got(*words):
    print('GOT', *words, flush=True)
def attempt(what, action):
    "Says what an action has brought; None and errors are nothing."
    try:
        result = action()
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        print('held:', what, error, flush=True)
    else:
        if result is not None:
            got(what, repr(result)[:200])
def read(path):
    with open(path, 'rb', buffering=0) as file:
        return file.read(300)
def wait_for(path):
    while not os.path.exists(path):
        time.sleep(0.005)
def checked(result):
    if result == -1:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result
def own_tmp():
    "The job's folder for temporary files; never the machine's."
    path = os.environ.get('TMPDIR', '/tmp')
    if path == '/tmp' and os.stat(path).st_uid == 0 and os.getuid() == 0:
        sys.exit('this is the /tmp of the machine')
    return path
def processes():
    "All but this one and those it has started."
    own = {os.getpid(), os.getppid()}
    return [int(name) for name in os.listdir('/proc') if name.isdigit() and int(name) not in own]
"#;

/// A job that runs this program, in which `names` stand for texts.
pub(super) fn python(program: &str, names: &[(&str, &dyn fmt::Display)]) -> JobParameters {
    let names: String = names
        .iter()
        .map(|(name, text)| format!("{name} = {:?}\n", text.to_string()))
        .collect();
    // The shell stays: what is killed with it is seen.
    command(&format!(
        "python3 -I - <<'ATTACK'\n{PRELUDE}{names}{program}\nprint('TRIED', flush=True)\nATTACK\n"
    ))
}

/// The job with these outputs.
pub(super) fn leaving(mut parameters: JobParameters, outputs: &[&str]) -> JobParameters {
    parameters.output_files = outputs.iter().map(|path| desc(path, "")).collect();
    parameters
}

/// Waits for what must come.
pub(super) async fn until(what: &str, condition: impl Fn() -> bool) {
    let begun = Instant::now();
    while !condition() {
        assert!(begun.elapsed() < PATIENCE, "{what} has not come");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
