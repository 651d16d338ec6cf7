//! Formatting and lints, native and wasm32.

use anyhow::{Context as _, Result, bail};

use crate::circles;
use crate::portable;
use crate::process;
use crate::report::{Report, Tally};
use crate::shell::Shell;
use crate::toolchain::WASM;
use crate::workspace::Workspace;

/// All checks, each a step of the report.
pub(crate) fn all(shell: &Shell, workspace: &Workspace, report: &mut Report) {
    report.step("formatting", || one(shell, &["fmt", "--all", "--check"]));
    report.step("portable modules", || portable::check(workspace));
    report.step("folders of the app", || circles::check(workspace));
    report.step("walls", || walls(shell));
    report.step("clippy, native", || {
        one(
            shell,
            &[
                "clippy",
                "--workspace",
                "--exclude",
                "jobsphere-browser",
                "--all-targets",
                "--features",
                "jobsphere-words/compile",
                "--locked",
                "--",
                "-D",
                "warnings",
            ],
        )
    });
    // In the app's own profile, so that macros and build scripts are built once for both.
    report.step("clippy, wasm32", || {
        one(
            shell,
            &[
                "clippy",
                "--workspace",
                "--exclude",
                "jobsphere-benches",
                "--exclude",
                "jobsphere-server",
                "--exclude",
                "xtask",
                "--lib",
                "--bins",
                "--release",
                "--locked",
                "--target",
                WASM,
                "--",
                "-D",
                "warnings",
            ],
        )
    });
}

/// What the server is built without: the app, and parsers of what only someone who writes a job has.
const NOT_THE_SERVER: [&str; 12] = [
    "jobsphere",
    "jobsphere-authoring",
    "jobsphere-browser",
    "jobsphere-client",
    "jobsphere-log",
    "jobsphere-overview",
    "jobsphere-results",
    "ignore",
    "pulldown-cmark",
    "ruff_python_parser",
    "csv-core",
    "maud",
];

/// Whether the server's tree of crates is free of them.
fn walls(shell: &Shell) -> Result<Tally> {
    let tree = [
        "tree",
        "--package",
        "jobsphere-server",
        "--edges",
        "normal",
        "--prefix",
        "none",
        "--locked",
    ];
    let tree = process::answer(&mut shell.cargo(tree)).context("cargo tells no tree")?;
    let crates = tree.lines().filter_map(|line| line.split_whitespace().next());
    let found: Vec<&str> = crates.filter(|name| NOT_THE_SERVER.contains(name)).collect();
    if !found.is_empty() {
        bail!("the server is built with {}", found.join(", "));
    }
    Ok(Tally::one())
}

fn one(shell: &Shell, cargo: &[&str]) -> Result<Tally> {
    process::run(&mut shell.cargo(cargo))?;
    Ok(Tally::one())
}
