//! The native host of the job service: one binary with the app, the API and the files on one port.

// Tests wait for the disk as they like.
#![cfg_attr(test, allow(clippy::disallowed_methods))]

mod app_files;
mod backup;
mod base;
mod beneath;
pub mod blobs;
pub mod cli;
pub mod config;
mod connections;
mod datasets;
mod doctor;
pub mod engine;
pub mod files;
mod folders;
mod guard;
mod headers;
mod host;
mod key_file;
pub mod logs;
mod porter;
pub mod sandbox;
mod secrets;
mod serve;
mod shares;
pub mod store;
pub mod supervisor;
mod tls;
mod tokens;
mod unwanted;
pub mod watch;

use std::{path::Path, process::ExitCode};

use cli::{Command, Options};

/// Does what this program does within a sandbox, when that is what the arguments say: a process that is started often,
/// and needs nothing of the command line.
pub fn inside(arguments: &[String]) -> Option<ExitCode> {
    match arguments {
        [_, first, rest @ ..] if first == "porter" => Some(porter::main(rest)),
        [_, first, rest @ ..] if first == "begin" => Some(sandbox::launch::main(rest)),
        _ => None,
    }
}

/// Does what the command line says.
pub fn main(options: Options) -> ExitCode {
    // Whatever was left open to this process is not for those it starts.
    if let Err(error) = sandbox::close_at_exec() {
        tracing::error!("{error}");
        return ExitCode::FAILURE;
    }
    let with_data = |act: &dyn Fn(&Path) -> anyhow::Result<()>| options.data_dir().and_then(|dir| act(&dir));
    let done = match &options.command {
        Some(Command::Supervise { run_dir }) => return supervisor::main(run_dir),
        Some(Command::Doctor) => doctor::print(&options),
        Some(Command::Token(action)) => with_data(&|dir| tokens::command::run(action, dir)),
        Some(Command::Dataset(action)) => with_data(&|dir| datasets::command::run(action, options.around(dir)?)),
        Some(Command::Secret(action)) => with_data(&|dir| secrets::command::run(action, dir)),
        Some(Command::Backup { to }) => with_data(&|dir| backup::run(&options.around(dir)?, to)),
        None => serve::serve(&options),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{error:#}");
            ExitCode::FAILURE
        }
    }
}
