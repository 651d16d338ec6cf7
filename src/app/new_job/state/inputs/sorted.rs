//! What was dropped or chosen, sorted: files, folders, and a job's configuration among them.

use crate::browser::{entries::Picked, files};
use jobsphere_authoring::config;

const CONFIGS: [&str; 2] = ["config.yaml", "config.yml"];
/// A larger one is no configuration but data.
const MAX_CONFIG_BYTES: f64 = 1024.0 * 1024.0;

/// What was picked, sorted.
#[derive(Default)]
pub(crate) struct Sorted {
    pub(crate) files: Vec<web_sys::File>,
    /// With paths inside each.
    pub(crate) folders: Vec<(String, Vec<Picked>)>,
    /// A job's configuration, with the file's name.
    pub(crate) config: Option<(String, String)>,
    /// What lies around the configuration, when that came in a folder.
    pub(crate) project: Vec<Picked>,
    /// The name of that folder.
    pub(crate) project_name: String,
}

impl Sorted {
    pub(crate) async fn sort(all: Vec<Picked>) -> Self {
        let mut sorted = Self::default();
        for picked in all {
            match (picked.path.split_once('/'), picked.file) {
                (None, Some(file)) => sorted.files.push(file),
                // An empty folder of its own.
                (None, None) => sorted.folders.push((picked.path, Vec::new())),
                (Some((folder, path)), file) => {
                    let inside = Picked {
                        path: path.to_owned(),
                        file,
                    };
                    match sorted.folders.iter_mut().find(|(name, _)| name == folder) {
                        Some((_, files)) => files.push(inside),
                        None => sorted.folders.push((folder.to_owned(), vec![inside])),
                    }
                }
            }
        }
        sorted.find_config().await;
        sorted
    }

    /// A file of that name that is no job's configuration is an input like any other.
    async fn find_config(&mut self) {
        for place in 0..self.files.len() {
            let name = self.files[place].name();
            if let Some(text) = as_config(&name, &self.files[place]).await {
                self.files.remove(place);
                self.config = Some((name, text));
                return;
            }
        }
        for place in 0..self.folders.len() {
            let (folder, files) = &self.folders[place];
            for picked in files {
                let Some(file) = &picked.file else { continue };
                if let Some(text) = as_config(&picked.path, file).await {
                    self.config = Some((format!("{folder}/{}", picked.path), text));
                    let config_path = picked.path.clone();
                    (self.project_name, self.project) = self.folders.remove(place);
                    self.project.retain(|picked| picked.path != config_path);
                    return;
                }
            }
        }
    }
}

/// The text of a job's configuration, if the file is one.
async fn as_config(path: &str, file: &web_sys::File) -> Option<String> {
    if !CONFIGS.contains(&path.to_lowercase().as_str()) || file.size() > MAX_CONFIG_BYTES {
        return None;
    }
    let text = files::text(file).await.ok()?;
    let is_config = !config::read(&text).draft.cmd.trim().is_empty();
    is_config.then_some(text)
}
