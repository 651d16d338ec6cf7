//! wasm-opt, and what only `cargo xtask dev` and `deny` want, in their pinned versions, fetched only when missing.

use std::fs;
use std::io::IsTerminal as _;

use anyhow::{Context as _, Result, bail};

use crate::process;
use crate::say;
use crate::shell::Shell;
use crate::version;
use crate::workspace::Workspace;

/// Builds and reloads the app for `cargo xtask dev`; the last version that builds with every Rust this project supports.
const TRUNK: &str = "0.21.14";

/// Looks at licences and known holes of all crates for `cargo xtask deny`.
const CARGO_DENY: &str = "0.20.2";

/// The npm package that brings `wasm-opt`, which calls itself by the major version alone.
const BINARYEN: &str = "132.0.0";

/// The oldest Node the browser tests run on.
const NODE: u32 = 20;

/// Makes sure of trunk, and of the wasm-bindgen that it calls; says that it fetches them.
pub(crate) fn prepare_trunk(shell: &Shell, workspace: &Workspace) -> Result<()> {
    let lock = fs::read_to_string(workspace.root().join("Cargo.lock")).context("Cargo.lock cannot be read")?;
    let wasm_bindgen = version::locked(&lock, "wasm-bindgen")?;
    if said(shell, "wasm-bindgen").as_deref() != Some(&wasm_bindgen) {
        let about = "2 minutes, once";
        cargo_install(shell, workspace, "wasm-bindgen-cli", &wasm_bindgen, &[], about)?;
    }
    if said(shell, "trunk").as_deref() == Some(TRUNK) {
        return Ok(());
    }
    let about = "6 to 8 minutes on 2 cores, once";
    // Without its own lock file this version does not compile.
    cargo_install(shell, workspace, "trunk", TRUNK, &["--locked"], about)
}

/// Makes sure of cargo-deny; says that it fetches it.
pub(crate) fn prepare_cargo_deny(shell: &Shell, workspace: &Workspace) -> Result<()> {
    if said(shell, "cargo-deny").as_deref() == Some(CARGO_DENY) {
        return Ok(());
    }
    let about = "4 to 6 minutes on 2 cores, once";
    cargo_install(shell, workspace, "cargo-deny", CARGO_DENY, &["--locked"], about)
}

/// Makes sure of wasm-opt; says that it fetches it.
pub(crate) fn prepare(shell: &Shell, workspace: &Workspace) -> Result<()> {
    if said(shell, "wasm-opt").as_deref().and_then(version::major) == version::major(BINARYEN) {
        return Ok(());
    }
    wasm_opt(shell, workspace)
}

/// Node with npm, in a version that can run what is asked of it.
pub(crate) fn require_node(shell: &Shell) -> Result<()> {
    let found = said(shell, "node");
    match found.as_deref().and_then(version::major) {
        Some(major) if major >= NODE && shell.has("npm") => Ok(()),
        Some(major) if major >= NODE => bail!("node is here, but npm is not; install npm"),
        Some(major) => bail!("Node {NODE} or newer is needed, this is {major}"),
        None => bail!("Node {NODE} or newer with npm is needed and was not found on PATH"),
    }
}

fn said(shell: &Shell, tool: &str) -> Option<String> {
    let output = process::answer(shell.command(tool).arg("--version"))?;
    version::said(&output).map(str::to_owned)
}

fn cargo_install(
    shell: &Shell,
    workspace: &Workspace,
    krate: &str,
    version: &str,
    flags: &[&str],
    about: &str,
) -> Result<()> {
    let _doing = say::doing(&format!("Building {} {version}", krate), about);
    let build = workspace.tools().join("build");
    let mut install = shell.cargo(["install", "--force", "--root"]);
    install
        .arg(workspace.tools())
        .args(["--version", version])
        .arg(krate)
        .args(flags)
        .env("CARGO_TARGET_DIR", &build);
    if !std::io::stderr().is_terminal() {
        install.arg("--quiet");
    }
    process::run(&mut install)?;
    // A gigabyte that nothing reads again.
    fs::remove_dir_all(&build).context("target/tools/build cannot be removed")
}

fn wasm_opt(shell: &Shell, workspace: &Workspace) -> Result<()> {
    require_node(shell)?;
    let _doing = say::doing(&format!("Fetching wasm-opt (binaryen {BINARYEN})"), "10 s, once");
    let home = workspace.tools().join("npm");
    fs::create_dir_all(&home).context("target/ is not writable")?;
    let mut npm = shell.command("npm");
    npm.args([
        "install",
        "--no-save",
        "--no-audit",
        "--no-fund",
        "--loglevel=error",
        "--prefix",
    ])
    .arg(&home)
    .arg(format!("binaryen@{BINARYEN}"));
    process::run(&mut npm)
}
