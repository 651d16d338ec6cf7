//! A virtual environment under target/ with the published Python packages of the API.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result};

use crate::apt;
use crate::process;
use crate::say;
use crate::shell::Shell;
use crate::workspace::Workspace;

/// Makes sure of the environment; its interpreter.
pub(crate) fn prepare(shell: &Shell, workspace: &Workspace) -> Result<PathBuf> {
    let requirements = workspace.root().join("xtask/python-requirements.txt");
    let wanted =
        fs::read_to_string(&requirements).with_context(|| format!("{} cannot be read", requirements.display()))?;
    let home = workspace.target().join("venv");
    let python = home.join("bin/python");
    let stamp = home.join("requirements.txt");
    let there = fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted);
    if there && process::succeeds(shell.command(&python).arg("--version")) {
        return Ok(python);
    }

    let _doing = say::doing("Installing the Python packages of the tests", "1 minute, once");
    create(shell, &home)?;
    let mut pip = shell.command(&python);
    pip.args([
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--requirement",
    ])
    .arg(&requirements);
    process::run(&mut pip)?;
    fs::write(&stamp, wanted).context("target/ is not writable")?;
    Ok(python)
}

fn create(shell: &Shell, home: &PathBuf) -> Result<()> {
    let create = || {
        let mut venv = shell.command("python3");
        venv.args(["-m", "venv", "--clear"]).arg(home);
        venv
    };
    // Debian leaves pip out of its python3; only trying tells.
    if process::succeeds(&mut create()) {
        return Ok(());
    }
    apt::install(shell, &["python3-venv"], "20 s, once")?;
    process::run(&mut create())
}
