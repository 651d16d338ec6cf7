//! A folder as a tree, with sums.

use std::{collections::BTreeMap, sync::Arc};

use super::LeftOut;

/// A file of a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Path inside the folder.
    pub path: String,
    /// Size.
    pub size_bytes: u64,
    /// Why it is not sent.
    pub left_out: Option<LeftOut>,
}

/// A file or folder in the tree.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Node {
    /// Its name.
    pub name: String,
    /// Files in it that are sent; 1 for a file that is.
    pub files: usize,
    /// Their size.
    pub size_bytes: u64,
    /// Files in it that are left out; 1 for a file that is.
    pub left_out: usize,
    /// Why it is left out: of a file.
    pub why: Option<LeftOut>,
    /// What is in it, folders first, by name; `None` for a file.
    pub children: Option<Vec<Arc<Node>>>,
}

impl Node {
    /// The tree of files of which only the paths are known.
    pub fn of_names(paths: &[&str]) -> Self {
        let entry = |path: &&str| Entry {
            path: (*path).to_owned(),
            size_bytes: 0,
            left_out: None,
        };
        Self::tree(&paths.iter().map(entry).collect::<Vec<_>>())
    }

    /// The tree of the files of a folder.
    pub fn tree(entries: &[Entry]) -> Self {
        let parts = entries.iter().map(|entry| (entry.path.as_str(), entry)).collect();
        branch(String::new(), parts)
    }
}

fn branch(name: String, entries: Vec<(&str, &Entry)>) -> Node {
    let mut inner: BTreeMap<&str, Vec<(&str, &Entry)>> = BTreeMap::new();
    let mut leaves = Vec::new();
    for (path, entry) in entries {
        match path.split_once('/') {
            Some((folder, rest)) => inner.entry(folder).or_default().push((rest, entry)),
            None => leaves.push(leaf(path, entry)),
        }
    }
    leaves.sort_by(|a, b| a.name.cmp(&b.name));
    let mut children: Vec<Arc<Node>> = inner
        .into_iter()
        .map(|(name, entries)| Arc::new(branch(name.to_owned(), entries)))
        .collect();
    children.extend(leaves.into_iter().map(Arc::new));
    Node {
        name,
        files: children.iter().map(|child| child.files).sum(),
        size_bytes: children.iter().map(|child| child.size_bytes).sum(),
        left_out: children.iter().map(|child| child.left_out).sum(),
        why: None,
        children: Some(children),
    }
}

fn leaf(name: &str, entry: &Entry) -> Node {
    let is_sent = entry.left_out.is_none();
    Node {
        name: name.to_owned(),
        files: usize::from(is_sent),
        size_bytes: if is_sent { entry.size_bytes } else { 0 },
        left_out: usize::from(!is_sent),
        why: entry.left_out.clone(),
        children: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_count_what_is_sent() {
        let entry = |path: &str, size_bytes, is_left_out: bool| Entry {
            path: path.into(),
            size_bytes,
            left_out: is_left_out.then(|| LeftOut {
                rule: "x".into(),
                file: String::new(),
            }),
        };
        let tree = Node::tree(&[
            entry("b.txt", 5, false),
            entry("z/y/x", 7, false),
            entry("z/a", 100, true),
            entry("a.txt", 1, false),
        ]);
        assert_eq!((tree.files, tree.size_bytes, tree.left_out), (3, 13, 1));
        let children = tree.children.unwrap();
        let names: Vec<&str> = children.iter().map(|child| child.name.as_str()).collect();
        assert_eq!(names, ["z", "a.txt", "b.txt"]);
        assert_eq!(
            (children[0].files, children[0].size_bytes, children[0].left_out),
            (1, 7, 1)
        );
    }
}
