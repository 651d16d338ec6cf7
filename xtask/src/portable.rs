//! The rule of the portable crates: the same source for both targets, and no host of its own.
//!
//! That they compile for wasm32 is seen by clippy, which also knows what only fails when it is called in a page
//! (`crates/clippy.toml`). This sees the rest: conditional code, and parts of std as wholes.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use crate::report::Tally;
use crate::workspace::Workspace;

/// The folders whose code is the same on every target.
const PORTABLE: [&str; 11] = [
    "crates/api/src",
    "crates/authoring/src",
    "crates/client/src",
    "crates/demo/src",
    "crates/lines/src",
    "crates/log/src",
    "crates/names/src",
    "crates/overview/src",
    "crates/results/src",
    "crates/rules/src",
    "crates/service/src",
];

/// What their code may not contain, and why.
const FORBIDDEN: [(&str, &str); 9] = [
    ("cfg(", "portable code is the same on every target"),
    ("cfg!(", "portable code is the same on every target"),
    ("std::fs", "a page has no files"),
    ("std::net", "a page has no sockets"),
    ("std::process", "a page has no processes"),
    ("std::thread", "a page has no threads"),
    ("SystemTime::now", "time comes in through a trait"),
    ("Instant::now", "time comes in through a trait"),
    ("tokio::", "spawning and waiting come in through traits"),
];

/// One check: every file of the portable crates, without its tests.
pub(crate) fn check(workspace: &Workspace) -> Result<Tally> {
    let mut found = Vec::new();
    for folder in PORTABLE {
        for file in sources(&workspace.root().join(folder))? {
            let text = fs::read_to_string(&file).with_context(|| format!("{} cannot be read", file.display()))?;
            let name = file.strip_prefix(workspace.root()).unwrap_or(&file);
            for (line, why) in offences(&text) {
                found.push(format!("{}:{line}: {why}", name.display()));
            }
        }
    }
    if !found.is_empty() {
        bail!("{}", found.join("\n"));
    }
    Ok(Tally::one())
}

/// Files of a module; those named `tests` are tests as a whole.
pub(crate) fn sources(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(&folder).with_context(|| format!("{} is missing", folder.display()))?;
        for entry in entries {
            let path = entry?.path();
            if path.file_stem().is_some_and(|name| name == "tests") {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}

/// Line numbers and reasons; comments and everything from `#[cfg(test)]` on are left out.
fn offences(text: &str) -> Vec<(usize, &'static str)> {
    let mut group = Group::default();
    text.lines()
        .enumerate()
        .take_while(|(_, line)| line.trim() != "#[cfg(test)]")
        .filter(|(_, line)| !line.trim_start().starts_with("//"))
        .flat_map(|(index, line)| {
            let whole = group.spelt_out(line);
            FORBIDDEN
                .iter()
                .filter(move |(word, _)| whole.contains(word))
                .map(move |&(_, why)| (index + 1, why))
        })
        .collect()
}

/// How many braces of a `use std::{…}` are open.
#[derive(Default)]
struct Group(usize);

impl Group {
    /// The line, with `std::` before each name of such a group.
    fn spelt_out(&mut self, line: &str) -> String {
        const START: &str = "use std::{";
        let (before, mut rest) = match line.find(START) {
            Some(at) if self.0 == 0 => {
                self.0 = 1;
                line.split_at(at + START.len())
            }
            _ => ("", line),
        };
        let mut whole = before.to_owned();
        while self.0 > 0 && !rest.is_empty() {
            let end = rest.find([',', '{', '}']).map_or(rest.len(), |at| at + 1);
            let (name, next) = rest.split_at(end);
            if self.0 == 1 {
                whole.push_str("std::");
            }
            whole.push_str(name.trim_start());
            self.0 = match name.as_bytes().last() {
                Some(b'{') => self.0 + 1,
                Some(b'}') => self.0 - 1,
                _ => self.0,
            };
            rest = next;
        }
        whole + rest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_of_its_own_is_an_offence() {
        let text = "use std::fs;\n// std::net in a comment\nlet now = SystemTime::now();\n";
        let lines: Vec<usize> = offences(text).into_iter().map(|(line, _)| line).collect();
        assert_eq!(lines, [1, 3]);
    }

    #[test]
    fn a_group_of_names_hides_nothing() {
        let text =
            "use std::{\n    collections::{HashMap, fs},\n    fs::{self, File},\n    io,\n};\nuse std::{net, fmt};\n";
        let lines: Vec<usize> = offences(text).into_iter().map(|(line, _)| line).collect();
        assert_eq!(lines, [3, 6]);
        assert!(offences("use std::{fmt, io};\nuse crate::{fs, net};\n").is_empty());
    }

    #[test]
    fn tests_may_do_as_they_like() {
        assert!(offences("fn a() {}\n#[cfg(test)]\nmod tests { use std::fs; }\n").is_empty());
        assert_eq!(offences("#[cfg(target_arch = \"wasm32\")]\nfn a() {}\n").len(), 1);
    }
}
