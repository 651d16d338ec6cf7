//! Makes Rust of the messages, and tells the linker what the tool that takes the app apart has to know.

#[path = "build/words.rs"]
mod words;

use std::{env, fs, path::Path};

/// The same messages in each.
const MESSAGES: [&str; 2] = ["messages/en.ftl", "messages/ru.ftl"];

fn main() -> std::io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=build");
    if env::var_os("CARGO_FEATURE_SPLIT").is_some() {
        // What refers to what.
        println!("cargo::rustc-link-arg-bin=jobsphere=--emit-relocs");
    }
    write_words()
}

fn write_words() -> std::io::Result<()> {
    let mut files = Vec::new();
    for name in MESSAGES {
        println!("cargo::rerun-if-changed={name}");
        files.push((name, fs::read_to_string(name)?));
    }
    let files: Vec<_> = files.iter().map(|(name, source)| (*name, source.as_str())).collect();
    match words::items(&files) {
        Ok(code) => fs::write(
            Path::new(&env::var_os("OUT_DIR").unwrap_or_default()).join("words.rs"),
            code,
        ),
        Err(wrong) => {
            for sentence in wrong {
                println!("cargo::error={sentence}");
            }
            Ok(())
        }
    }
}
