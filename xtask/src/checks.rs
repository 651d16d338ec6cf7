//! Formatting and lints, native and wasm32.

use anyhow::Result;

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
    report.step("clippy, native", || {
        one(
            shell,
            &[
                "clippy",
                "--workspace",
                "--all-targets",
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
                "--package",
                "jobsphere",
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

fn one(shell: &Shell, cargo: &[&str]) -> Result<Tally> {
    process::run(&mut shell.cargo(cargo))?;
    Ok(Tally::one())
}
