//! What was dropped or chosen, sorted into files and folders.

use crate::browser::entries::Picked;

/// What was picked, sorted.
#[derive(Default)]
pub(crate) struct Sorted {
    /// Files that came alone.
    pub(crate) files: Vec<Picked>,
    /// With paths inside each.
    pub(crate) folders: Vec<(String, Vec<Picked>)>,
}

impl Sorted {
    pub(crate) fn sort(all: Vec<Picked>) -> Self {
        let mut sorted = Self::default();
        for picked in all {
            match (picked.path.split_once('/'), &picked.file) {
                (None, Some(_)) => sorted.files.push(picked),
                // An empty folder of its own.
                (None, None) => sorted.folders.push((picked.path, Vec::new())),
                (Some((folder, path)), _) => {
                    let inside = Picked {
                        path: path.to_owned(),
                        file: picked.file.clone(),
                    };
                    match sorted.folders.iter_mut().find(|(name, _)| name == folder) {
                        Some((_, files)) => files.push(inside),
                        None => sorted.folders.push((folder.to_owned(), vec![inside])),
                    }
                }
            }
        }
        sorted
    }
}

/// The outermost name of a path.
pub(crate) fn top(path: &str) -> &str {
    path.split('/').next().unwrap_or(path)
}
