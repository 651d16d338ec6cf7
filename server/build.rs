//! Makes the folder of the built app.
//!
//! A debug build reads the app from there while it runs, and can do so only if the folder was there when the
//! server was compiled; the app is often built after it.

#![allow(clippy::disallowed_methods)] // A program of its own.

use std::{env, fs, io, path::PathBuf};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    // The tables are brought up to date by what lies there when the server is compiled.
    println!("cargo::rerun-if-changed=migrations");
    let manifest_dir = env::var_os("CARGO_MANIFEST_DIR").ok_or(io::ErrorKind::NotFound)?;
    fs::create_dir_all(PathBuf::from(manifest_dir).join("../target/app"))
}
