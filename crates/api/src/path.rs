//! Paths of a job's files, as they stand in `FileDesc.path`.

use std::{collections::BTreeSet, fmt};

/// A relative path that stays inside its folder: no root, no `..`, no empty name, no NUL.
///
/// `./` parts and doubled slashes are dropped, so that two texts for one place compare equal. A backslash means a slash,
/// as clients on Windows send paths.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RelativePath(String);

/// Why a text is not a [`RelativePath`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PathError {
    /// Nothing is left of it.
    #[error("the path names nothing")]
    Empty,
    /// It begins at the root of the file system.
    #[error("the path is absolute")]
    Absolute,
    /// It leads out of its folder.
    #[error("the path leads outside by `..`")]
    Parent,
    /// It holds a NUL character, which no file system accepts.
    #[error("the path holds a NUL character")]
    Nul,
    /// One of its names is longer than 255 bytes, or the whole longer than 4,000.
    #[error("the path, or a name in it, is too long")]
    TooLong,
}

const SEPARATORS: [char; 2] = ['/', '\\'];
const MAX_NAME_BYTES: usize = 255;
/// The longest path that is taken, in bytes.
pub const MAX_PATH_BYTES: usize = 4000;

impl RelativePath {
    /// Checks and normalises `text`.
    ///
    /// # Errors
    /// [`PathError`] says what is wrong.
    pub fn parse(text: &str) -> Result<Self, PathError> {
        if text.contains('\0') {
            return Err(PathError::Nul);
        }
        if text.starts_with(SEPARATORS) {
            return Err(PathError::Absolute);
        }
        let names: Vec<&str> = names(text).collect();
        if names.contains(&"..") {
            return Err(PathError::Parent);
        }
        if names.is_empty() {
            return Err(PathError::Empty);
        }
        if text.len() > MAX_PATH_BYTES || names.iter().any(|name| name.len() > MAX_NAME_BYTES) {
            return Err(PathError::TooLong);
        }
        Ok(Self(names.join("/")))
    }

    /// Where the service puts a file whose path has a variable, relative to its area for such files:
    /// the root and every `..` are dropped, so nothing of the machine is reached.
    ///
    /// # Errors
    /// As [`RelativePath::parse`]; what is dropped counts for the length.
    pub fn sheltered(text: &str) -> Result<Self, PathError> {
        if text.len() > MAX_PATH_BYTES {
            return Err(PathError::TooLong);
        }
        let inside: Vec<&str> = names(text).filter(|name| *name != "..").collect();
        Self::parse(&inside.join("/"))
    }

    /// Whether `text` means the working directory itself, as `.` and `./` do.
    pub fn is_working_directory(text: &str) -> bool {
        !text.is_empty() && Self::parse(text) == Err(PathError::Empty)
    }

    /// The path as text, names joined by `/`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The last name.
    pub fn name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or(&self.0)
    }

    /// Whether `self` lies inside the folder `other`.
    pub fn is_inside(&self, other: &Self) -> bool {
        self.0.strip_prefix(&other.0).is_some_and(|rest| rest.starts_with('/'))
    }
}

fn names(text: &str) -> impl Iterator<Item = &str> {
    text.split(SEPARATORS).filter(|name| !matches!(*name, "" | "."))
}

impl fmt::Display for RelativePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A path for a new file `name` that none of the `taken` ones has: a number is put in, so that two files
/// `data.txt` from two folders do not hide each other.
pub fn free_path(name: &str, taken: &BTreeSet<String>) -> String {
    if !taken.contains(name) {
        return name.to_owned();
    }
    let (stem, extension) = match name.rfind('.') {
        Some(dot) if dot > 0 => name.split_at(dot),
        _ => (name, ""),
    };
    (2..)
        .map(|number| format!("{stem}-{number}{extension}"))
        .find(|path| !taken.contains(path))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_place_has_one_text_and_nothing_leads_out() {
        let path = RelativePath::parse("./a//б/ c.txt").unwrap();
        assert_eq!(path.as_str(), "a/б/ c.txt");
        assert_eq!(path.name(), " c.txt");
        assert!(path.is_inside(&RelativePath::parse("a").unwrap()));
        assert!(
            !RelativePath::parse("ab")
                .unwrap()
                .is_inside(&RelativePath::parse("a").unwrap())
        );
        assert_eq!(RelativePath::parse("a/../b"), Err(PathError::Parent));
        assert_eq!(RelativePath::parse("/etc"), Err(PathError::Absolute));
        assert_eq!(RelativePath::parse("./"), Err(PathError::Empty));
        assert!(RelativePath::is_working_directory(".") && !RelativePath::is_working_directory(""));
        assert_eq!(
            RelativePath::parse(r".\input\rgb_crops").unwrap().as_str(),
            "input/rgb_crops"
        );
        assert_eq!(RelativePath::parse(r"a\..\b"), Err(PathError::Parent));
        assert_eq!(RelativePath::parse(r"\\server\x"), Err(PathError::Absolute));
        assert_eq!(RelativePath::parse("a\0"), Err(PathError::Nul));
        assert_eq!(RelativePath::sheltered("/../etc/x").unwrap().as_str(), "etc/x");
        let long = format!("{}x", "../".repeat(2000));
        assert_eq!(RelativePath::sheltered(&long), Err(PathError::TooLong));
    }

    #[test]
    fn equal_names_get_numbers() {
        let taken = BTreeSet::from(["a.txt".to_owned(), "a-2.txt".to_owned()]);
        assert_eq!(free_path("a.txt", &taken), "a-3.txt");
        assert_eq!(free_path("b", &taken), "b");
    }
}
