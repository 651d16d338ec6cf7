//! The native tests, with the Python packages they compare with.

use std::path::Path;

use anyhow::Result;

use crate::process;
use crate::report::Tally;
use crate::shell::Shell;

/// Runs all of them, also after a failure. Without `python` those that need it say so and fail.
pub(crate) fn run(shell: &Shell, python: Option<&Path>) -> Result<Tally> {
    // What only a browser gives is tested in browsers.
    let mut tests = shell.cargo([
        "test",
        "--workspace",
        "--exclude",
        "jobsphere-browser",
        "--locked",
        "--no-fail-fast",
    ]);
    // Elsewhere only what builds the app reads messages.
    tests.args(["--features", "jobsphere-words/compile"]);
    if let Some(python) = python {
        tests.env("JOBSPHERE_TEST_PYTHON", python);
    }
    let transcript = process::transcript(&mut tests)?;
    Ok(Tally::of_cargo(&transcript))
}
