//! Whether the built app is still that of the sources, without asking trunk, which takes long.

use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

/// What the app is not built from. What is new in the tree counts as a source.
const NOT_THE_APP: [&str; 20] = [
    "target",
    "demo",
    "crates/demo",
    "crates/demo-worker",
    "crates/service",
    "server",
    "xtask",
    "tests",
    "benches",
    "docs",
    "node_modules",
    "README.md",
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "clippy.toml",
    "LICENSE-MIT",
    "LICENSE-APACHE",
    "rustfmt.toml",
];

/// One number for the names, sizes and times of all sources of the app, and for `tools`.
pub(crate) fn of_app(root: &Path, tools: &str) -> io::Result<String> {
    let mut files = Vec::new();
    for entry in fs::read_dir(root)? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let hidden = name.starts_with('.') && name != ".cargo";
        if !hidden {
            collect(root, entry.path(), &mut files)?;
        }
    }
    files.sort();
    let mut hasher = DefaultHasher::new();
    tools.hash(&mut hasher);
    for file in files {
        let about = fs::metadata(&file)?;
        let changed = about.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default();
        (file, about.len(), changed).hash(&mut hasher);
    }
    Ok(format!("{:016x}", hasher.finish()))
}

fn collect(root: &Path, path: PathBuf, files: &mut Vec<PathBuf>) -> io::Result<()> {
    if NOT_THE_APP.iter().any(|name| path == root.join(name)) {
        return Ok(());
    }
    if path.is_dir() {
        for entry in fs::read_dir(path)? {
            collect(root, entry?.path(), files)?;
        }
    } else {
        files.push(path);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_app_is_built_from_changes_the_number() -> io::Result<()> {
        let root = std::env::temp_dir().join(format!("xtask-freshness-{}", std::process::id()));
        for folder in ["src", "target", "server", "crates/service"] {
            fs::create_dir_all(root.join(folder))?;
        }
        fs::write(root.join("src/lib.rs"), "one")?;
        let first = of_app(&root, "trunk 1")?;
        assert_eq!(of_app(&root, "trunk 1")?, first);

        fs::write(root.join("target/x"), "built")?;
        fs::write(root.join("server/main.rs"), "native")?;
        fs::write(root.join("crates/service/lib.rs"), "native")?;
        fs::write(root.join("README.md"), "text")?;
        assert_eq!(of_app(&root, "trunk 1")?, first);

        assert_ne!(of_app(&root, "trunk 2")?, first);
        fs::write(root.join("src/lib.rs"), "other")?;
        let second = of_app(&root, "trunk 1")?;
        assert_ne!(second, first);
        fs::write(root.join("src/new.rs"), "")?;
        let third = of_app(&root, "trunk 1")?;
        assert_ne!(third, second);
        fs::remove_file(root.join("src/new.rs"))?;
        assert_eq!(of_app(&root, "trunk 1")?, second);
        fs::remove_dir_all(&root)
    }
}
