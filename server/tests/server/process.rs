//! The real server process, and a client of it.

use std::{
    io::{BufRead, BufReader, ErrorKind},
    path::Path,
    process::{Child, ChildStdout, Command, Stdio},
};

use jobsphere_api::{
    any,
    jobs::{
        CreateProjectJobRequest, CreateProjectJobResponse, ExecuteProjectJobRequest, ExecuteProjectJobResponse, File,
        FileDesc, GetProjectJobRequest, Job, JobParameters, LogMessage, ReadProjectJobLogsRequest, log_message::Source,
        project_job_service_client::ProjectJobServiceClient,
    },
    operation::{
        GetOperationRequest, Operation, operation::Result as Answer, operation_service_client::OperationServiceClient,
    },
    sha256::Sha256,
    share::unnamed_file_service_client::UnnamedFileServiceClient,
};
use rustix::process::{Pid, Signal, kill_process};
use tonic::{
    Request, Status,
    metadata::AsciiMetadataValue,
    service::{Interceptor, interceptor::InterceptedService},
    transport::Channel,
};

pub(crate) const BINARY: &str = env!("CARGO_BIN_EXE_jobsphere-server");

/// A server over a data folder; killed when dropped.
pub(crate) struct Server {
    process: Child,
    /// Without a token in it.
    pub(crate) address: String,
    /// The token in the printed link, if it has one.
    pub(crate) link_token: Option<String>,
    _output: BufReader<ChildStdout>,
}

impl Server {
    pub(crate) fn start(data_dir: &Path) -> Self {
        let server = Self::start_with(data_dir, &[]);
        assert!(server.address.starts_with("http://127.0.0.1:"), "{}", server.address);
        server
    }

    pub(crate) fn start_with(data_dir: &Path, options: &[&str]) -> Self {
        Self::spawn(data_dir, options, Stdio::inherit(), "info")
    }

    /// A server that tells all it does, at the end of `log`.
    pub(crate) fn start_logging(data_dir: &Path, log: &Path) -> Self {
        let log = std::fs::File::options().create(true).append(true).open(log).unwrap();
        Self::spawn(data_dir, &[], log.into(), "trace")
    }

    fn spawn(data_dir: &Path, options: &[&str], log: Stdio, level: &str) -> Self {
        let mut process = Self::bare(data_dir);
        if !options.contains(&"--listen") {
            process.args(["--listen", "127.0.0.1:0"]);
        }
        process.args(options).env("JOBSPHERE_LOG", level).stderr(log);
        Self::by(process)
    }

    /// How [`Server::start`] starts one, for who wants to change something of it.
    pub(crate) fn command(data_dir: &Path) -> Command {
        let mut process = Self::bare(data_dir);
        process.args(["--listen", "127.0.0.1:0"]);
        process
    }

    fn bare(data_dir: &Path) -> Command {
        let mut process = Command::new(BINARY);
        process.arg("--data-dir").arg(data_dir);
        process
    }

    /// A server by a command line of one's own.
    pub(crate) fn by(mut command: Command) -> Self {
        // A program that was just copied is still open for writing in whatever another thread is starting just now.
        let mut process = loop {
            match command.stdout(Stdio::piped()).spawn() {
                Err(error) if error.kind() == ErrorKind::ExecutableFileBusy => {
                    std::thread::sleep(std::time::Duration::from_millis(5));
                }
                spawned => break spawned.unwrap(),
            }
        };
        let mut output = BufReader::new(process.stdout.take().unwrap());
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        let link = line.trim().rsplit(' ').next().unwrap();
        let (address, link_token) = match link.split_once("/#token=") {
            Some((address, token)) => (address.to_owned(), Some(token.to_owned())),
            None => (link.to_owned(), None),
        };
        Self {
            process,
            address,
            link_token,
            _output: output,
        }
    }

    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.process), signal).unwrap();
    }

    /// SIGKILL, as a crash.
    pub(crate) fn kill(mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// Ctrl-C; the exit code.
    pub(crate) fn interrupt(mut self) -> Option<i32> {
        self.signal(Signal::INT);
        self.process.wait().unwrap().code()
    }

    pub(crate) fn pid(&self) -> u32 {
        self.process.id()
    }

    /// Of the resident memory, so far.
    pub(crate) fn highest_memory_kib(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.pid())).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    }

    pub(crate) async fn client(&self) -> Client {
        self.client_with(None).await
    }

    /// A client that sends `token` with each call.
    pub(crate) async fn client_with(&self, token: Option<&str>) -> Client {
        let endpoint = Channel::from_shared(self.address.clone()).unwrap();
        Client::new(endpoint.connect().await.unwrap(), token)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Adds the token to each call.
#[derive(Clone)]
pub(crate) struct Bearer(Option<AsciiMetadataValue>);

impl Interceptor for Bearer {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        if let Some(value) = self.0.clone() {
            request.metadata_mut().insert("authorization", value);
        }
        Ok(request)
    }
}

type Calls = InterceptedService<Channel, Bearer>;

/// Calls over native gRPC.
#[derive(Clone)]
pub(crate) struct Client {
    pub(crate) jobs: ProjectJobServiceClient<Calls>,
    pub(crate) operations: OperationServiceClient<Calls>,
    pub(crate) unnamed: UnnamedFileServiceClient<Calls>,
}

impl Client {
    pub(crate) fn new(channel: Channel, token: Option<&str>) -> Self {
        let bearer = Bearer(token.map(|token| format!("Bearer {token}").parse().unwrap()));
        Self {
            jobs: ProjectJobServiceClient::with_interceptor(channel.clone(), bearer.clone()),
            operations: OperationServiceClient::with_interceptor(channel.clone(), bearer.clone()),
            unnamed: UnnamedFileServiceClient::with_interceptor(channel, bearer),
        }
    }

    /// Creates the job, sends what is asked for, and executes it; its id and operation.
    pub(crate) async fn submit(
        &mut self,
        cmd: &str,
        inputs: &[(FileDesc, &[u8])],
        outputs: &[&str],
    ) -> (String, Operation) {
        let parameters = JobParameters {
            cmd: cmd.into(),
            input_files: inputs.iter().map(|(desc, content)| file(desc, content)).collect(),
            output_files: outputs.iter().map(|path| desc(path, "")).collect(),
            ..Default::default()
        };
        let contents: Vec<&[u8]> = inputs.iter().map(|(_, content)| *content).collect();
        self.submit_job(parameters, &contents).await
    }

    /// Creates a job with these parameters, sends those of `contents` that are asked for, and executes it.
    pub(crate) async fn submit_job(&mut self, parameters: JobParameters, contents: &[&[u8]]) -> (String, Operation) {
        self.submit_job_in("default", parameters, contents).await
    }

    /// The same in another project.
    pub(crate) async fn submit_job_in(
        &mut self,
        project: &str,
        parameters: JobParameters,
        contents: &[&[u8]],
    ) -> (String, Operation) {
        let request = CreateProjectJobRequest {
            project_id: project.into(),
            job_parameters: Some(parameters),
            ..Default::default()
        };
        let created: CreateProjectJobResponse = response(&self.jobs.create(request).await.unwrap().into_inner());
        for upload in created.upload_files {
            let sha256 = upload.file.unwrap().sha256;
            let content = contents
                .iter()
                .find(|content| Sha256::of(content).to_string() == sha256);
            assert_eq!(ureq::put(&upload.url).send(*content.unwrap()).unwrap().status(), 200);
        }
        let request = ExecuteProjectJobRequest {
            job_id: created.job_id.clone(),
        };
        (created.job_id, self.jobs.execute(request).await.unwrap().into_inner())
    }

    /// The log from `offset` to the end of the job.
    pub(crate) async fn follow(&mut self, job_id: &str, offset: i64) -> Vec<LogMessage> {
        let request = ReadProjectJobLogsRequest {
            job_id: job_id.into(),
            offset,
        };
        let mut stream = self.jobs.read_logs(request).await.unwrap().into_inner();
        let mut messages = Vec::new();
        while let Some(answer) = stream.message().await.unwrap() {
            messages.extend(answer.logs);
        }
        messages
    }

    /// Waits until the job has printed `word`.
    pub(crate) async fn until_printed(&mut self, job_id: &str, word: &str) {
        let request = ReadProjectJobLogsRequest {
            job_id: job_id.into(),
            offset: 0,
        };
        let mut stream = self.jobs.read_logs(request).await.unwrap().into_inner();
        let mut seen = Vec::new();
        while !printed(&seen).contains(word) {
            seen.extend(stream.message().await.unwrap().unwrap().logs);
        }
    }

    pub(crate) async fn operation(&mut self, id: &str) -> Operation {
        let request = GetOperationRequest {
            operation_id: id.into(),
        };
        self.operations.get(request).await.unwrap().into_inner()
    }

    pub(crate) async fn job(&mut self, id: &str) -> Job {
        let request = GetProjectJobRequest { job_id: id.into() };
        self.jobs.get(request).await.unwrap().into_inner()
    }

    /// Runs a command to its end; the answer and what it printed to both streams.
    pub(crate) async fn run(
        &mut self,
        cmd: &str,
        inputs: &[(FileDesc, &[u8])],
        outputs: &[&str],
    ) -> (ExecuteProjectJobResponse, String) {
        let (job_id, operation) = self.submit(cmd, inputs, outputs).await;
        let printed = printed(&self.follow(&job_id, 0).await);
        (response(&self.operation(&operation.id).await), printed)
    }
}

pub(crate) fn desc(path: &str, var: &str) -> FileDesc {
    FileDesc {
        path: path.into(),
        var: var.into(),
    }
}

pub(crate) fn file(desc: &FileDesc, content: &[u8]) -> File {
    File {
        desc: Some(desc.clone()),
        sha256: Sha256::of(content).to_string(),
        size_bytes: content.len() as i64,
        compression_type: 1,
    }
}

pub(crate) fn response<M: prost::Message + prost::Name + Default>(operation: &Operation) -> M {
    match &operation.result {
        Some(Answer::Response(packed)) => any::unpack(packed).unwrap(),
        other => panic!("no response but {other:?}"),
    }
}

/// What went to standard output and error, in the order of the log.
pub(crate) fn printed(messages: &[LogMessage]) -> String {
    let bytes = messages
        .iter()
        .filter(|message| matches!(message.source, Some(Source::StandardStream(_))))
        .flat_map(|message| message.content.iter().copied());
    String::from_utf8(bytes.collect()).unwrap()
}

/// The folders of runs, but for those that are held because their commands left what nobody has named.
pub(crate) fn runs_left(data_dir: &Path) -> Vec<std::path::PathBuf> {
    let runs = data_dir.join("runs").read_dir().unwrap().flatten();
    let runs = runs.map(|entry| entry.path());
    runs.filter(|run| !run.join("held.json").exists()).collect()
}
