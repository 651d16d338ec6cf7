//! See the library of the same name.

use std::{
    io::{IsTerminal, stderr},
    process::ExitCode,
};

use clap::Parser;
use tracing_subscriber::EnvFilter;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args_os()
        .map(|argument| argument.to_string_lossy().into_owned())
        .collect();
    if let Some(code) = jobsphere_server::inside(&arguments) {
        return code;
    }
    let options = jobsphere_server::cli::Options::parse();
    let filter = EnvFilter::try_from_env("JOBSPHERE_LOG").unwrap_or_else(|_| EnvFilter::new("info,sqlx=warn"));
    // Files, pipes and journals would keep the codes as they are (https://no-color.org).
    let has_colours = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(stderr)
        .with_ansi(stderr().is_terminal() && has_colours)
        // A full disk under standard error must not end what could still write elsewhere.
        .log_internal_errors(false)
        .init();
    jobsphere_server::main(options)
}
