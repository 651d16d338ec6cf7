//! Lock files: the versions that were chosen for what `pyproject.toml` asks for.

use std::collections::HashMap;

use serde::Deserialize;

use super::{canonical, plain};
use crate::python::files::{Files, join};

/// Files with a list of packages.
pub(super) const NAMES: [&str; 4] = ["poetry.lock", "uv.lock", "pdm.lock", "pylock.toml"];

#[derive(Deserialize)]
struct Lock {
    #[serde(default, alias = "packages")]
    package: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    #[serde(default)]
    name: String,
    #[serde(default)]
    version: String,
}

/// The versions in the lock file of a folder, by package; none of one that is there in two.
pub(super) fn versions(folder: &str, files: &Files) -> HashMap<String, String> {
    let text = NAMES.iter().find_map(|name| files.text(&join(folder, name)));
    let lock = text.and_then(|text| toml::from_str::<Lock>(&plain(text)).ok());
    let mut versions: HashMap<String, String> = HashMap::new();
    for Package { name, version } in lock.map(|lock| lock.package).unwrap_or_default() {
        let is_plain = version
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || "+.!-_".contains(letter));
        if is_plain && !version.is_empty() {
            versions
                .entry(canonical(&name))
                .and_modify(|known| known.clear())
                .or_insert(version);
        }
    }
    versions.retain(|_, version| !version.is_empty());
    versions
}
