//! Debian's Rust: the packages, and the wasm32 std they come without, built once from source.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use crate::apt;
use crate::process;
use crate::say;
use crate::shell::Shell;
use crate::toolchain::{self, Need, Route, WASM};
use crate::workspace::Workspace;

/// Compiler, cargo, std's source, the linker, and what the checks need.
const PACKAGES: [&str; 7] = [
    "rustc-web",
    "cargo-web",
    "rust-web-src",
    "rust-web-llvm",
    "rust-web-clippy",
    "rustfmt-web",
    "lld-22",
];

const RUSTC: &str = "/usr/bin/rustc";

/// Whether Debian's Rust is there and builds for wasm32.
pub(crate) fn is_ready(shell: &Shell, workspace: &Workspace, need: Need) -> bool {
    Path::new("/usr/bin/cargo").is_file()
        && toolchain::builds_wasm(shell.command(RUSTC), workspace)
        && (need == Need::Build || toolchain::checks(shell, Route::Debian))
}

/// Installs the packages and gives them a std for wasm32 where it is missing.
pub(crate) fn install(shell: &Shell, workspace: &Workspace) -> Result<()> {
    apt::install(shell, &PACKAGES, "2 minutes, once")?;
    // A second std copied over the first would make every folder built with it unusable.
    if !toolchain::builds_wasm(shell.command(RUSTC), workspace) {
        build_std(shell, workspace)?;
    }
    Ok(())
}

fn build_std(shell: &Shell, workspace: &Workspace) -> Result<()> {
    let _doing = say::doing("Building the standard library for wasm32", "1 minute, once");
    let folder = workspace.scratch().join("wasm-std");
    empty_crate(&folder)?;
    let mut build = shell.command("/usr/bin/cargo");
    build
        .current_dir(&folder)
        .args(["build", "--release", "--target", WASM])
        .arg("-Zbuild-std=std,panic_abort,proc_macro,test")
        .env("RUSTC", RUSTC)
        .env("RUSTC_BOOTSTRAP", "1")
        .env("CARGO_TARGET_DIR", folder.join("target"))
        .env("CARGO_ENCODED_RUSTFLAGS", flags(&folder).join("\u{1f}"));
    process::run(&mut build)?;

    let built = folder.join("target").join(WASM).join("release/deps");
    let libraries = libraries(&built)?;
    let home = format!("/usr/lib/rustlib/{WASM}/lib");
    process::run(apt::as_root(shell, "rm")?.args(["-rf", &home]))?;
    process::run(apt::as_root(shell, "mkdir")?.args(["-p", &home]))?;
    process::run(apt::as_root(shell, "cp")?.args(&libraries).arg(&home))?;

    // What an earlier std was linked into would now fail to build.
    for stale in [WASM, "release"] {
        remove(&workspace.target().join(stale))?;
    }
    remove(&folder)
}

/// Without bitcode every later build with link-time optimisation fails; this machine's paths
/// would end up in every app.
fn flags(folder: &Path) -> Vec<String> {
    let cargo_home = env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| Some(env::home_dir()?.join(".cargo")));
    let mut flags = vec!["-Cembed-bitcode=yes".to_owned()];
    for (path, name) in [(Some(folder.to_path_buf()), "/build"), (cargo_home, "/cargo")] {
        flags.extend(path.map(|path| format!("--remap-path-prefix={}={name}", path.display())));
    }
    flags
}

/// A package without code: only its std is wanted.
fn empty_crate(folder: &Path) -> Result<()> {
    remove(folder)?;
    fs::create_dir_all(folder.join("src"))?;
    let manifest = "[package]\nname = \"throwaway\"\nedition = \"2021\"\n\n[workspace]\n";
    fs::write(folder.join("Cargo.toml"), manifest)?;
    fs::write(folder.join("src/lib.rs"), "")?;
    Ok(())
}

/// The std crates among the built files: all but the throw-away package's own.
fn libraries(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).context("std was built, but left no files")? {
        let path = entry?.path();
        if path
            .file_name()
            .and_then(|name| name.to_str())
            .is_some_and(belongs_to_std)
        {
            found.push(path);
        }
    }
    if found.is_empty() {
        bail!("std was built, but {} holds no library", folder.display());
    }
    Ok(found)
}

fn belongs_to_std(name: &str) -> bool {
    (name.ends_with(".rlib") || name.ends_with(".rmeta")) && !name.starts_with("libthrowaway")
}

fn remove(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("{} cannot be removed", folder.display()))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_std_is_copied() {
        assert!(belongs_to_std("libcore-0af3.rlib"));
        assert!(belongs_to_std("libproc_macro-77.rmeta"));
        assert!(!belongs_to_std("libthrowaway-1.rlib"));
        assert!(!belongs_to_std("core-0af3.d"));
    }
}
