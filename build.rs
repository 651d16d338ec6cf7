//! Makes Rust of the messages, and tells the linker what the tool that takes the app apart has to know.

use std::{env, fs, io, path::PathBuf};

use jobsphere_words::compile::{self, FOLDER, LANGUAGES};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    if env::var_os("CARGO_FEATURE_SPLIT").is_some() {
        // What refers to what.
        println!("cargo::rustc-link-arg-bin=jobsphere=--emit-relocs");
    }
    write_words()
}

/// `words.rs`, the messages as items; and of each language what a page would load, for an app in one piece.
fn write_words() -> io::Result<()> {
    let mut files = Vec::new();
    for language in LANGUAGES {
        let name = format!("{FOLDER}/{language}.ftl");
        println!("cargo::rerun-if-changed={name}");
        let source = fs::read_to_string(&name)?;
        files.push((name, source));
    }
    let files: Vec<_> = files.iter().map(|(name, source)| (&**name, &**source)).collect();
    match compile::items(&files).and_then(|items| Ok((items, compile::lines(&files)?))) {
        Ok((items, lines)) => {
            let folder = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
            fs::write(folder.join("words.rs"), items)?;
            for (language, lines) in LANGUAGES.iter().zip(lines) {
                fs::write(folder.join(format!("{language}.txt")), lines)?;
            }
        }
        Err(wrong) => {
            for sentence in wrong {
                println!("cargo::error={sentence}");
            }
        }
    }
    Ok(())
}
