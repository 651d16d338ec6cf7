//! What a path of a configuration means among files that came from elsewhere.

use std::collections::{BTreeSet, HashMap};

use super::base_name;

/// A file or folder that a path means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Its path among the files.
    pub path: String,
    /// Whether it is a folder.
    pub is_folder: bool,
}

/// Files with their folders, to be found by the ends of their paths.
#[derive(Debug, Default)]
pub struct Index {
    /// By the last name.
    by_name: HashMap<String, Vec<Found>>,
}

/// How well a path fits; less is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// All of it, below this place of the preferred folders, or else so deep.
    Whole(usize),
    /// All that is known of the file's own path: so many of its names are missing.
    Known(usize),
    /// So many names are missing, and others stand there.
    Name(usize),
}

impl Index {
    /// Of files by their paths.
    pub fn of<'a>(paths: impl IntoIterator<Item = &'a str>) -> Self {
        let mut index = Self::default();
        let mut folders = BTreeSet::new();
        for path in paths {
            index.add(path, false);
            let mut above = path;
            while let Some((folder, _)) = above.rsplit_once('/') {
                if !folders.insert(folder) {
                    break;
                }
                index.add(folder, true);
                above = folder;
            }
        }
        index
    }

    fn add(&mut self, path: &str, is_folder: bool) {
        let found = Found {
            path: path.to_owned(),
            is_folder,
        };
        self.by_name.entry(base_name(path).to_owned()).or_default().push(found);
    }

    /// What `wanted` means. First what has all of this path, in the order of the `preferred` folders and then what lies
    /// least deep; then what has less of a path itself, such as a file that came alone; then the only one of this name.
    /// Nothing where two fit equally well.
    pub fn find(&self, wanted: &str, preferred: &[&str]) -> Option<Found> {
        let names = names(wanted);
        let candidates = self.by_name.get(*names.last()?)?;
        let fits = candidates.iter().map(|found| (fit(&names, found, preferred), found));
        let fits: Vec<_> = fits.collect();
        let best = fits.iter().map(|(fit, _)| *fit).min()?;
        let mut best = fits.iter().filter(|(fit, _)| *fit == best).map(|(_, found)| *found);
        let first = best.next()?;
        // A file and a folder of the same path are never there together.
        best.next().is_none().then(|| first.clone())
    }

    /// Whether exactly this path is there.
    pub fn holds(&self, path: &str) -> bool {
        let known = self.by_name.get(base_name(path));
        known.is_some_and(|known| known.iter().any(|found| found.path == path))
    }
}

/// The names of a path, without what leads nowhere.
fn names(path: &str) -> Vec<&str> {
    let names = path.split(['/', '\\']);
    names.filter(|name| !matches!(*name, "" | "." | "..")).collect()
}

fn fit(wanted: &[&str], found: &Found, preferred: &[&str]) -> Fit {
    let own: Vec<&str> = found.path.split('/').collect();
    let common = wanted
        .iter()
        .rev()
        .zip(own.iter().rev())
        .take_while(|(a, b)| a == b)
        .count();
    let missing = wanted.len() - common;
    if missing > 0 {
        return if common == own.len() {
            Fit::Known(missing)
        } else {
            Fit::Name(missing)
        };
    }
    let above = own[..own.len() - common].join("/");
    let place = preferred.iter().position(|folder| *folder == above);
    Fit::Whole(place.unwrap_or(preferred.len() + own.len()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn found(paths: &[&str], wanted: &str, preferred: &[&str]) -> Option<String> {
        let found = Index::of(paths.iter().copied()).find(wanted, preferred)?;
        Some(format!("{}{}", found.path, if found.is_folder { "/" } else { "" }))
    }

    #[test]
    fn a_path_means_what_lies_below_the_root_or_else_what_fits_best() {
        let paths = [
            "p/data/rows.csv",
            "p/configs/data/rows.csv",
            "p/configs/a.yaml",
            "alone.txt",
            "q/x/deep.bin",
        ];
        let root = ["p", "p/configs"];
        for (wanted, expected) in [
            ("data/rows.csv", Some("p/data/rows.csv")),
            ("./data//rows.csv", Some("p/data/rows.csv")),
            ("data", Some("p/data/")),
            ("data/", Some("p/data/")),
            ("input\\deep.bin", Some("q/x/deep.bin")),
            ("in/alone.txt", Some("alone.txt")),
            ("/home/me/x/deep.bin", Some("q/x/deep.bin")),
            ("../x/deep.bin", Some("q/x/deep.bin")),
            ("other/rows.csv", None),
            ("gone.txt", None),
            (".", None),
            ("", None),
        ] {
            assert_eq!(found(&paths, wanted, &root).as_deref(), expected, "{wanted}");
        }
        assert_eq!(
            found(&paths, "data/rows.csv", &["p/configs"]).as_deref(),
            Some("p/configs/data/rows.csv")
        );
        assert_eq!(
            found(&["a/x/f", "b/x/f"], "x/f", &[]),
            None,
            "which of both is not guessed"
        );
        assert_eq!(
            found(&["rows.csv", "z/rows.csv"], "data/rows.csv", &[]).as_deref(),
            Some("rows.csv")
        );
    }

    proptest! {
        #[test]
        fn what_is_found_is_there(
            paths in proptest::collection::vec("[ab]{1,2}(/[ab.]{1,2}){0,4}", 0..12),
            wanted in "[ab./\\\\]{0,9}",
        ) {
            let index = Index::of(paths.iter().map(String::as_str));
            if let Some(found) = index.find(&wanted, &["a", "b"]) {
                let inside = format!("{}/", found.path);
                prop_assert!(paths.iter().any(|path| *path == found.path || path.starts_with(&inside)));
                prop_assert!(index.holds(&found.path));
            }
        }
    }
}
