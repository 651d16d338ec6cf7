//! The commands of the README: they prepare what is missing, then build, run or test.

use std::io::Write as _;
use std::process::ExitCode;

use anyhow::Result;

mod app;
mod apt;
mod bench;
mod browser_bench;
mod browser_tests;
mod browsers;
mod checks;
mod circles;
mod containment;
mod debian;
mod demo;
mod deny;
mod dev;
mod foreign;
mod freshness;
mod native_tests;
mod node;
mod picture;
mod portable;
mod process;
mod proxies;
mod python;
mod report;
mod say;
mod server;
mod shell;
mod suite;
mod toolchain;
mod tools;
mod version;
mod workspace;

use report::Report;
use shell::Shell;
use toolchain::Need;
use workspace::Workspace;

/// What `cargo xtask` can do; the first word of its arguments.
const COMMANDS: [(&str, &str); 9] = [
    ("run", "build what is missing, start the server with the app"),
    ("dev", "the same with live reload: the app is rebuilt on each change"),
    ("test", "every check and test: formatting, clippy, native, browser"),
    (
        "build",
        "the app to target/app, the server to target/debug; `--quick`: the app large, for the browser tests",
    ),
    (
        "demo",
        "the app with the whole service inside to target/demo, for any host of files; `--serve` shows it",
    ),
    ("check", "formatting, clippy for native and wasm32, module rules"),
    ("bench", "the benchmarks, of the server and of the app in a browser"),
    ("deny", "licences, known holes and sources of all crates, by cargo-deny"),
    ("picture", "the pictures of the README, taken anew"),
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
    let workspace = Workspace::locate();
    match command {
        "" | "help" | "-h" | "--help" => list()?,
        "run" => {
            build(&workspace)?;
            server::become_server(&workspace, rest)?;
        }
        "dev" => {
            let shell = shell(&workspace, Need::Build)?;
            tools::prepare(&shell, &workspace)?;
            tools::prepare_trunk(&shell, &workspace)?;
            server::build(&shell, &workspace)?;
            dev::run(&shell, &workspace, rest)?;
        }
        "build" if rest == ["--quick"] => {
            let shell = shell(&workspace, Need::Build)?;
            both(&shell, &workspace, app::Form::Quick)?;
        }
        "build" => build(&workspace)?,
        "demo" => {
            let asked = demo::Asked::read(rest)?;
            let shell = shell(&workspace, Need::Build)?;
            if asked.form() == app::Form::Small {
                tools::prepare(&shell, &workspace)?;
            }
            demo::run(&shell, &workspace, &asked)?;
        }
        "check" => {
            let shell = shell(&workspace, Need::Checks)?;
            let mut report = Report::default();
            checks::all(&shell, &workspace, &mut report);
            return conclude(&report);
        }
        "test" => {
            let shell = shell(&workspace, Need::Checks)?;
            tools::prepare(&shell, &workspace)?;
            return conclude(&suite::run(&shell, &workspace));
        }
        "bench" => bench::run(&shell(&workspace, Need::Build)?, &workspace, rest)?,
        "deny" => deny::run(&Shell::new(&workspace), &workspace)?,
        "picture" => picture::run(&shell(&workspace, Need::Build)?, &workspace)?,
        unknown => anyhow::bail!("`{unknown}` is no command; `cargo xtask` lists them"),
    }
    Ok(ExitCode::SUCCESS)
}

/// A shell on a toolchain that has what is needed.
fn shell(workspace: &Workspace, need: Need) -> Result<Shell> {
    let shell = Shell::new(workspace);
    let route = toolchain::prepare(&shell, workspace, need)?;
    Ok(shell.on(route))
}

fn build(workspace: &Workspace) -> Result<()> {
    let shell = shell(workspace, Need::Build)?;
    tools::prepare(&shell, workspace)?;
    both(&shell, workspace, app::Form::Small)
}

/// The server and the app side by side: the end of the app's building, which takes long, has work for one processor.
fn both(shell: &Shell, workspace: &Workspace, form: app::Form) -> Result<()> {
    std::thread::scope(|scope| {
        let server = scope.spawn(|| server::build(shell, workspace));
        let app = app::build(shell, workspace, form);
        let server = server
            .join()
            .map_err(|_| anyhow::anyhow!("the server's building has died"))?;
        server.and(app)
    })
}

fn conclude(report: &Report) -> Result<ExitCode> {
    report.write(&mut std::io::stdout().lock())?;
    Ok(if report.is_good() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn list() -> Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "cargo xtask <command>\n")?;
    for (name, about) in COMMANDS {
        writeln!(out, "  {name:<7} {about}")?;
    }
    writeln!(
        out,
        "\n`cargo xtask run -- --listen 127.0.0.1:9000` hands what follows `--` to the server."
    )?;
    Ok(())
}
