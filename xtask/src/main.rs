//! The commands of the README: they prepare what is missing, then build, run or test.

use std::io::Write as _;
use std::process::ExitCode;

use anyhow::Result;

mod apt;
mod debian;
mod process;
mod say;
mod shell;
mod toolchain;
mod tools;
mod version;
mod workspace;

use workspace::Workspace;

/// What `cargo xtask` can do; the first word of its arguments.
const COMMANDS: [(&str, &str); 6] = [
    (
        "run",
        "build what is missing, start the server with the app",
    ),
    (
        "dev",
        "the same with live reload: the app is rebuilt on each change",
    ),
    (
        "test",
        "every check and test: formatting, clippy, native, browser",
    ),
    ("build", "the app to target/app, the server to target/debug"),
    (
        "check",
        "formatting, clippy for native and wasm32, module rules",
    ),
    (
        "bench",
        "the benchmarks, built as an operator would build the server",
    ),
];

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let command = arguments.next().unwrap_or_default();
    let mut rest: Vec<String> = arguments.collect();
    if rest.first().is_some_and(|first| first == "--") {
        rest.remove(0);
    }
    match dispatch(&command, &rest) {
        Ok(code) => code,
        Err(error) => {
            say::failed(&error);
            ExitCode::FAILURE
        }
    }
}

fn dispatch(command: &str, rest: &[String]) -> Result<ExitCode> {
    let _workspace = Workspace::locate();
    match command {
        "" | "help" | "-h" | "--help" => list(rest),
        unknown => anyhow::bail!("`{unknown}` is no command; `cargo xtask` lists them"),
    }
}

fn list(_: &[String]) -> Result<ExitCode> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "cargo xtask <command>\n")?;
    for (name, about) in COMMANDS {
        writeln!(out, "  {name:<6} {about}")?;
    }
    writeln!(
        out,
        "\n`cargo xtask run -- --listen 127.0.0.1:9000` hands what follows `--` to the server."
    )?;
    Ok(ExitCode::SUCCESS)
}
