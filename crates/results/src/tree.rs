//! Files as a tree of folders, by their paths.

use std::{collections::BTreeMap, sync::Arc};

/// Folders nested deeper are shown as one name.
const MAX_DEPTH: usize = 64;

/// A file or folder in the tree.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Node {
    /// Its own name; empty for the root.
    pub name: String,
    /// Bytes of the files in it.
    pub size_bytes: u64,
    /// How many files are in it; 1 for a file.
    pub files: usize,
    /// Its place among the files, for a file.
    pub file: Option<usize>,
    /// What is in a folder: folders first, both by name.
    pub children: Vec<Arc<Node>>,
}

#[derive(Default)]
struct Branch<'a> {
    folders: BTreeMap<&'a str, Branch<'a>>,
    files: BTreeMap<(&'a str, usize), u64>,
}

impl Node {
    /// The tree of files with these paths and sizes. Two files of one path are both there.
    pub fn tree<'a>(files: impl IntoIterator<Item = (&'a str, u64)>) -> Self {
        let mut root = Branch::default();
        for (place, (path, size_bytes)) in files.into_iter().enumerate() {
            let names = path
                .splitn(MAX_DEPTH, '/')
                .filter(|name| !name.is_empty() && *name != ".");
            let mut names: Vec<&str> = names.collect();
            let name = names.pop().unwrap_or(path);
            let branch = names
                .into_iter()
                .fold(&mut root, |branch, name| branch.folders.entry(name).or_default());
            branch.files.insert((name, place), size_bytes);
        }
        root.node("")
    }
}

impl Branch<'_> {
    fn node(&self, name: &str) -> Node {
        let folders = self.folders.iter().map(|(name, branch)| branch.node(name));
        let files = self.files.iter().map(|((name, place), size_bytes)| Node {
            name: (*name).to_owned(),
            size_bytes: *size_bytes,
            files: 1,
            file: Some(*place),
            children: Vec::new(),
        });
        let children: Vec<Arc<Node>> = folders.chain(files).map(Arc::new).collect();
        Node {
            name: name.to_owned(),
            size_bytes: children.iter().map(|child| child.size_bytes).sum(),
            files: children.iter().map(|child| child.files).sum(),
            file: None,
            children,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_stand_first_and_know_what_is_in_them() {
        let tree = Node::tree([("b.txt", 1), ("z/y/x", 7), ("z/a", 2), ("./a.txt", 5), ("b.txt", 3)]);
        let names: Vec<&str> = tree.children.iter().map(|child| child.name.as_str()).collect();
        assert_eq!(names, ["z", "a.txt", "b.txt", "b.txt"]);
        assert_eq!((tree.files, tree.size_bytes), (5, 18));
        assert_eq!((tree.children[0].files, tree.children[0].size_bytes), (2, 9));
        assert_eq!(tree.children[1].file, Some(3));
    }

    #[test]
    fn a_path_of_thousands_of_folders_is_no_trouble() {
        let path = "a/".repeat(2000) + "b";
        assert_eq!(Node::tree([(path.as_str(), 1)]).files, 1);
    }
}
