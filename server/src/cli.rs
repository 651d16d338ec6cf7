//! The command line.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    time::{Duration, UNIX_EPOCH},
};

use anyhow::{Context, bail};
use clap::{Parser, Subcommand, ValueEnum};
use jobsphere_api::id::ProjectId;
use jobsphere_api::server_url::ServerUrl;

use crate::{
    base::Base,
    datasets::command::DatasetAction,
    guard::Name,
    sandbox::{self, Around, Sandbox},
    secrets::command::SecretAction,
    tls::Certificate,
    tokens::command::TokenAction,
};

/// Serves the app, the API and the files on one port, and runs the jobs on this machine.
#[derive(Debug, Parser)]
#[command(name = "jobsphere-server", version)]
pub struct Options {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,

    /// Address and port to listen on; port 0 takes a free one.
    #[arg(
        long,
        value_name = "ADDR:PORT",
        env = "JOBSPHERE_LISTEN",
        default_value = "127.0.0.1:8080"
    )]
    pub(crate) listen: SocketAddr,

    /// Where jobs, files and logs are kept [default: the platform's data folder].
    #[arg(long, value_name = "DIR", env = "JOBSPHERE_DATA_DIR", global = true)]
    pub(crate) data_dir: Option<PathBuf>,

    /// The operator's file [default: config.toml in the data folder, where there is one].
    #[arg(long, value_name = "FILE", env = "JOBSPHERE_CONFIG")]
    pub(crate) config: Option<PathBuf>,

    /// How commands are kept apart from the server [default: the strongest that works here].
    #[arg(long, value_name = "HOW", env = "JOBSPHERE_SANDBOX", global = true)]
    pub(crate) sandbox: Option<Sandbox>,

    /// Start only where commands are kept apart from the server.
    #[arg(long, env = "JOBSPHERE_REQUIRE_SANDBOX", global = true)]
    pub(crate) require_sandbox: bool,

    /// Another origin whose pages may call the server, such as http://127.0.0.1:8090; may be repeated.
    #[arg(
        long = "allow-origin",
        value_name = "ORIGIN",
        env = "JOBSPHERE_ALLOW_ORIGIN",
        value_delimiter = ','
    )]
    pub(crate) allowed_origins: Vec<String>,

    /// Another server that this one's pages may call, such as https://gpu.example.org; may be repeated.
    #[arg(
        long = "connect-to",
        value_name = "URL",
        env = "JOBSPHERE_CONNECT_TO",
        value_delimiter = ',',
        value_parser = server_url
    )]
    pub(crate) connect_to: Vec<ServerUrl>,

    /// When callers need a token; where others can reach the server they always do.
    #[arg(long, value_name = "WHEN", env = "JOBSPHERE_AUTH", default_value = "auto")]
    pub(crate) auth: Auth,

    /// A name this server is reached by, such as jobs.example.org, or https://jobs.example.org behind a proxy; may be
    /// repeated.
    #[arg(long = "host", value_name = "NAME", env = "JOBSPHERE_HOST", value_delimiter = ',')]
    pub(crate) hosts: Vec<Name>,

    /// The path below which people reach this server, such as /jobs/, where a proxy gives it a part of a site.
    #[arg(long, value_name = "PATH", env = "JOBSPHERE_BASE", default_value = "/")]
    pub(crate) base: Base,

    /// The server's certificate and those above it, as PEM; read again at SIGHUP.
    #[arg(long, value_name = "FILE", env = "JOBSPHERE_TLS_CERT", requires = "tls_key")]
    pub(crate) tls_cert: Option<PathBuf>,

    /// The certificate's private key, as PEM.
    #[arg(long, value_name = "FILE", env = "JOBSPHERE_TLS_KEY", requires = "tls_cert")]
    pub(crate) tls_key: Option<PathBuf>,
}

/// When callers need a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Auth {
    /// As soon as there is one.
    Auto,
    /// Always; the link that the server prints holds one.
    Token,
}

/// What the binary does besides serving.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Makes, lists and removes tokens, while the server runs or not.
    #[command(subcommand)]
    Token(TokenAction),
    /// Lists and removes the datasets that jobs have made, while the server runs or not.
    #[command(subcommand)]
    Dataset(DatasetAction),
    /// Sets, lists and removes the secrets of a project, while the server runs or not.
    #[command(subcommand)]
    Secret(SecretAction),
    /// Runs one job's command; started by the server itself.
    #[command(hide = true)]
    Supervise {
        /// The job's run directory.
        run_dir: PathBuf,
    },
    /// Copies the data folder, while the server runs or not.
    Backup {
        /// A folder that is not there yet.
        to: PathBuf,
    },
    /// Says what is enforced on this machine, what is not, and what would change that.
    Doctor,
}

impl Options {
    /// The data folder to use.
    pub(crate) fn data_dir(&self) -> anyhow::Result<PathBuf> {
        match &self.data_dir {
            // Commands run elsewhere and get paths below it.
            Some(dir) => std::path::absolute(dir).context("the data folder's path cannot be resolved"),
            None => directories::ProjectDirs::from("", "", "jobsphere")
                .map(|dirs| dirs.data_dir().to_owned())
                .context("this user has no home folder: name a data folder with --data-dir DIR"),
        }
    }

    /// How commands are kept apart.
    pub(crate) fn sandbox(&self, data_dir: &Path) -> anyhow::Result<Sandbox> {
        let sandbox = self.sandbox.unwrap_or_else(|| sandbox::probe(data_dir));
        if self.require_sandbox && !sandbox.keeps_apart() {
            bail!(
                "--require-sandbox: commands would run with the rights of this server; `jobsphere-server doctor` says \
                 what is missing"
            );
        }
        Ok(sandbox)
    }

    /// How what runs for jobs is kept apart, and from what.
    ///
    /// # Errors
    /// As [`Options::sandbox`].
    pub(crate) fn around(&self, data_dir: &Path) -> anyhow::Result<Around> {
        let mut around = Around::new(self.sandbox(data_dir)?, data_dir.to_owned());
        for file in self.tls_key.iter().chain(&self.config) {
            around.hide(file);
        }
        Ok(around)
    }

    /// The certificate to serve with, if any.
    pub(crate) fn certificate(&self) -> Option<Certificate> {
        let (chain, key) = self.tls_cert.clone().zip(self.tls_key.clone())?;
        Some(Certificate { chain, key })
    }

    /// Whether people who are not at this machine can call.
    pub(crate) fn is_reached_by_others(&self) -> bool {
        !self.listen.ip().is_loopback() || self.hosts.iter().any(|name| !name.is_loopback())
    }
}

fn server_url(text: &str) -> Result<ServerUrl, String> {
    ServerUrl::parse(text).map_err(|error| error.to_string())
}

/// Reads a project of the command line.
pub(crate) fn project(text: &str) -> Result<ProjectId, String> {
    ProjectId::parse(text).map_err(|error| error.to_string())
}

/// A time in seconds since the epoch, for people.
pub(crate) fn date(epoch_s: i64) -> String {
    let since = Duration::from_secs(epoch_s.try_into().unwrap_or(0));
    humantime::format_rfc3339_seconds(UNIX_EPOCH + since).to_string()
}

/// A line of the answer to a subcommand.
#[allow(clippy::print_stdout)]
pub(crate) fn say(line: &str) {
    println!("{line}");
}
