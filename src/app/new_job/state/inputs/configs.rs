//! The configurations of jobs among what was dropped, by what they hold.

use std::cmp::Reverse;

use super::sorted::top;
use crate::{
    app::new_job::state::form::Snapshot,
    browser::{entries::Picked, files, handle::Handle},
};
use jobsphere_authoring::config;

/// A larger file of another name than the usual one is data.
const MAX_OTHER_BYTES: f64 = 256.0 * 1024.0;
/// So many files are looked into.
const MOST_READ: usize = 300;
/// So many configurations are offered.
const MOST_OFFERED: usize = 100;
/// What lies in these is nobody's own.
const FOREIGN: [&str; 4] = ["node_modules", "site-packages", "venv", "__pycache__"];

/// A configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ConfigFile {
    /// Its path among what was dropped.
    pub(crate) path: String,
    pub(crate) text: String,
    /// What the job is called in it.
    pub(crate) name: String,
    pub(crate) cmd: String,
}

impl ConfigFile {
    /// The folder that was dropped with it; nothing when it came alone.
    pub(crate) fn root(&self) -> &str {
        if self.path.contains('/') { top(&self.path) } else { "" }
    }

    /// The folder it lies in.
    pub(crate) fn folder(&self) -> &str {
        self.path.rsplit_once('/').map_or("", |(folder, _)| folder)
    }

    /// Whether it lies where a configuration is looked for, under the usual name.
    pub(crate) fn is_usual(&self) -> bool {
        config::is_usual_name(self.path.split_once('/').map_or(&*self.path, |(_, inside)| inside))
    }
}

/// The configurations of a drop, with all that is needed to take one of them, or to take it back.
pub(crate) struct Configs {
    pub(crate) found: Vec<ConfigFile>,
    pub(crate) all: Vec<Picked>,
    pub(crate) handles: Vec<Handle>,
    /// The form before.
    pub(crate) before: Snapshot,
}

/// The configurations among `all`, those that lie outermost first.
pub(crate) async fn among(all: &[Picked]) -> Vec<ConfigFile> {
    let mut worth: Vec<(&str, &web_sys::File)> = all
        .iter()
        .filter_map(|picked| Some((&*picked.path, picked.file.as_ref()?)))
        .filter(|(path, file)| is_worth_reading(path, file.size()))
        .collect();
    worth.sort_by_key(|(path, _)| {
        (
            Reverse(config::is_usual_name(inside(path))),
            path.matches('/').count(),
            *path,
        )
    });
    let mut found = Vec::new();
    for (path, file) in worth.into_iter().take(MOST_READ) {
        let Ok(text) = files::text(file).await else { continue };
        if found.len() < MOST_OFFERED && config::is_config(&text, config::is_usual_name(inside(path))) {
            let draft = config::read(&text).draft;
            found.push(ConfigFile {
                path: path.to_owned(),
                text,
                name: draft.name,
                cmd: draft.cmd,
            });
        }
    }
    found
}

/// The path inside the dropped folder.
fn inside(path: &str) -> &str {
    path.split_once('/').map_or(path, |(_, inside)| inside)
}

fn is_worth_reading(path: &str, size_bytes: f64) -> bool {
    let max = if config::is_usual_name(inside(path)) {
        config::MAX_CONFIG_BYTES as f64
    } else {
        MAX_OTHER_BYTES
    };
    let is_foreign = path
        .split('/')
        .any(|name| name.starts_with('.') || FOREIGN.contains(&name));
    config::may_be_config(path) && size_bytes <= max && !is_foreign
}
