//! Home folders are hidden, and with them keys and passwords; programs that users keep there stay usable.

use std::{
    env,
    path::{Path, PathBuf},
};

/// Where home folders lie.
pub(super) const HOMES: [&str; 2] = ["/home", "/root"];
/// What belongs to a folder of programs and lies beside it.
const BESIDE: [&str; 6] = ["lib", "lib64", "libexec", "versions", "include", "plugins"];

/// The folders below a home that the server's `PATH` names, and what belongs to them.
pub(super) fn programs() -> Vec<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let mut shown = Vec::new();
    for folder in env::split_paths(&path).filter(|folder| HOMES.iter().any(|home| folder.starts_with(home))) {
        let beside = folder
            .parent()
            .into_iter()
            .flat_map(|parent| BESIDE.map(|name| parent.join(name)));
        shown.extend(beside.filter(|path| path.is_dir()));
        shown.push(folder);
    }
    shown.retain(|folder| folder.is_dir());
    // Outer folders first: what is bound over an inner one would hide it.
    shown.sort();
    shown.dedup();
    outermost(shown)
}

fn outermost(sorted: Vec<PathBuf>) -> Vec<PathBuf> {
    let mut kept: Vec<PathBuf> = Vec::new();
    for folder in sorted {
        let is_inside = |outer: &PathBuf| folder.starts_with(Path::new(outer));
        if !kept.iter().any(is_inside) {
            kept.push(folder);
        }
    }
    kept
}
