//! The server under measurement, and a client of it.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use anyhow::{Context, bail};
use jobsphere_api::{
    any,
    jobs::{
        CreateProjectJobRequest, CreateProjectJobResponse, ExecuteProjectJobRequest, FileDesc, JobParameters,
        ReadProjectJobLogsRequest, StandardStream, log_message::Source,
        project_job_service_client::ProjectJobServiceClient,
    },
    operation::{
        GetOperationRequest, Operation, operation::Result as Answer, operation_service_client::OperationServiceClient,
    },
};
use tonic::transport::Channel;

use crate::{Finding, finding};

/// How often an operation is asked for.
const POLL: Duration = Duration::from_millis(1);
/// After so long without a call a server is idle.
const REST: Duration = Duration::from_secs(2);

/// A server over a data folder of its own; killed when dropped.
pub(crate) struct Server {
    process: Child,
    pub(crate) address: String,
    /// Its data.
    pub(crate) dir: tempfile::TempDir,
}

impl Server {
    /// Starts with `config` as the operator's file.
    pub(crate) fn start(binary: &Path, config: &str) -> anyhow::Result<Self> {
        let dir = tempfile::tempdir()?;
        Self::over(binary, config, dir)
    }

    /// Starts over what `dir` holds.
    pub(crate) fn over(binary: &Path, config: &str, dir: tempfile::TempDir) -> anyhow::Result<Self> {
        std::fs::write(dir.path().join("config.toml"), config)?;
        let mut process = Command::new(binary)
            .args(["--listen", "127.0.0.1:0", "--data-dir"])
            .arg(dir.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("{} does not start", binary.display()))?;
        let mut line = String::new();
        let stdout = process.stdout.take().context("its output is piped")?;
        BufReader::new(stdout).read_line(&mut line)?;
        let address = line.trim().rsplit(' ').next().unwrap_or_default().to_owned();
        Ok(Self { process, address, dir })
    }

    pub(crate) async fn client(&self) -> anyhow::Result<Client> {
        let channel = Channel::from_shared(self.address.clone())?.connect().await?;
        Ok(Client {
            jobs: ProjectJobServiceClient::new(channel.clone()),
            operations: OperationServiceClient::new(channel),
        })
    }

    /// Resident memory in KiB: now, and at its highest.
    pub(crate) fn memory_kib(&self) -> anyhow::Result<(u64, u64)> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id()))?;
        let field = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name));
            let number = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
            number.with_context(|| format!("no {name} in /proc"))
        };
        Ok((field("VmRSS:")?, field("VmHWM:")?))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Calls over native gRPC.
#[derive(Clone)]
pub(crate) struct Client {
    pub(crate) jobs: ProjectJobServiceClient<Channel>,
    pub(crate) operations: OperationServiceClient<Channel>,
}

impl Client {
    /// Creates and executes a job without inputs; its id and operation.
    pub(crate) async fn start(&mut self, cmd: &str) -> anyhow::Result<(String, Operation)> {
        self.start_with_outputs(cmd, &[]).await
    }

    /// The same, for a command that leaves outputs.
    pub(crate) async fn start_with_outputs(
        &mut self,
        cmd: &str,
        outputs: &[&str],
    ) -> anyhow::Result<(String, Operation)> {
        let output_files = outputs.iter().map(|path| FileDesc {
            path: (*path).into(),
            var: String::new(),
        });
        let parameters = JobParameters {
            cmd: cmd.into(),
            output_files: output_files.collect(),
            ..Default::default()
        };
        let request = CreateProjectJobRequest {
            project_id: "default".into(),
            job_parameters: Some(parameters),
            ..Default::default()
        };
        let created = self.jobs.create(request).await?.into_inner();
        let Some(Answer::Response(packed)) = &created.result else {
            bail!("Create has no response");
        };
        let created: CreateProjectJobResponse = any::unpack(packed)?;
        let request = ExecuteProjectJobRequest {
            job_id: created.job_id.clone(),
        };
        Ok((created.job_id, self.jobs.execute(request).await?.into_inner()))
    }

    /// Reads the job's log to its end; what the command has printed.
    pub(crate) async fn follow(&mut self, job_id: String) -> anyhow::Result<Vec<u8>> {
        let request = ReadProjectJobLogsRequest { job_id, offset: 0 };
        let mut stream = self.jobs.read_logs(request).await?.into_inner();
        let mut printed = Vec::new();
        while let Some(batch) = stream.message().await? {
            for message in batch.logs {
                if message.source == Some(Source::StandardStream(StandardStream::Out as i32)) {
                    printed.extend(message.content);
                }
            }
        }
        Ok(printed)
    }

    /// Asks until the operation is done.
    pub(crate) async fn end(&mut self, mut operation: Operation) -> anyhow::Result<Operation> {
        while !operation.done {
            tokio::time::sleep(POLL).await;
            let request = GetOperationRequest {
                operation_id: operation.id,
            };
            operation = self.operations.get(request).await?.into_inner();
        }
        if let Some(Answer::Error(status)) = &operation.result {
            bail!("the job failed: {}", status.message);
        }
        Ok(operation)
    }
}

/// The memory of a server that nobody calls.
pub(crate) async fn idle(binary: &Path) -> anyhow::Result<Vec<Finding>> {
    let server = Server::start(binary, "")?;
    tokio::time::sleep(REST).await;
    let (now, _) = server.memory_kib()?;
    Ok(vec![finding("idle server, resident memory", mib(now), "under 30 MiB")])
}

pub(crate) fn mib(kib: u64) -> String {
    format!("{:.1} MiB", kib as f64 / 1024.0)
}
