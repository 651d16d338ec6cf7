//! Where a path of a command's leads: within its folders, or out of them. What lies outside is never looked at.

use std::{
    ffi::OsString,
    fs, io,
    path::{Component, Path, PathBuf},
};

use super::{pack::told, wire::Folder};

/// Links on one way; as the kernel allows.
const MAX_LINKS: usize = 40;

/// Why a path leads to nothing that could be collected.
#[derive(Debug)]
pub(super) enum Lost {
    /// A link leads out of the job's folders, to this.
    Outside(String),
    /// Nothing is there.
    Missing,
    /// It cannot be looked at, or its links go round in circles.
    Unreadable(io::Error),
}

/// What lies at `path` in `within`, links followed: a path without links.
pub(super) fn follow(folders: &[Folder], within: &Folder, path: &Path) -> Result<PathBuf, Lost> {
    // A link may have led into another of the folders before.
    let within = match path.starts_with(&within.path) {
        true => within,
        false => folders
            .iter()
            .find(|folder| path.starts_with(&folder.path))
            .unwrap_or(within),
    };
    let below = path.strip_prefix(&within.path).unwrap_or(path);
    let mut way = Way {
        root: within.path.clone(),
        reached: within.path.clone(),
        ahead: Vec::new(),
        leads_to: String::new(),
    };
    way.add(below);
    let mut links = 0;
    while let Some(name) = way.ahead.pop() {
        if name == ".." {
            way.step_up()?;
            continue;
        }
        let next = way.reached.join(&name);
        let found = fs::symlink_metadata(&next).map_err(lost)?;
        if !found.is_symlink() {
            way.reached = next;
            continue;
        }
        links += 1;
        if links > MAX_LINKS {
            return Err(Lost::Unreadable(io::Error::other("too many links")));
        }
        let target = fs::read_link(&next).map_err(lost)?;
        way.turn(folders, &target)?;
    }
    Ok(way.reached)
}

struct Way {
    /// The folder it stays in.
    root: PathBuf,
    reached: PathBuf,
    /// Names to come, the next one last.
    ahead: Vec<OsString>,
    /// What the last link says, and what comes behind it.
    leads_to: String,
}

impl Way {
    fn add(&mut self, path: &Path) {
        let names = path.components().filter_map(|part| match part {
            Component::Normal(name) => Some(name.to_owned()),
            Component::ParentDir => Some("..".into()),
            _ => None,
        });
        self.ahead.extend(names.rev());
    }

    /// What was reached has no links in it: above it is the folder that its path names.
    fn step_up(&mut self) -> Result<(), Lost> {
        if self.reached == self.root {
            return Err(Lost::Outside(self.leads_to.clone()));
        }
        self.reached.pop();
        Ok(())
    }

    /// Goes on where a link leads.
    fn turn(&mut self, folders: &[Folder], target: &Path) -> Result<(), Lost> {
        let rest: PathBuf = self.ahead.iter().rev().collect();
        // An empty rest would add a separator.
        let whole = if rest.as_os_str().is_empty() {
            target.to_owned()
        } else {
            target.join(rest)
        };
        self.leads_to = told(whole.as_os_str());
        if !target.is_absolute() {
            self.add(target);
            return Ok(());
        }
        let known = folders.iter().find_map(|folder| {
            let below = target.strip_prefix(&folder.path);
            let below = below.or_else(|_| target.strip_prefix(&folder.seen_as)).ok()?;
            Some((folder, below))
        });
        let (folder, below) = known.ok_or_else(|| Lost::Outside(self.leads_to.clone()))?;
        self.root.clone_from(&folder.path);
        self.reached.clone_from(&folder.path);
        self.add(below);
        Ok(())
    }
}

fn lost(error: io::Error) -> Lost {
    match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Lost::Missing,
        _ => Lost::Unreadable(error),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn links_are_followed_within_and_never_out() {
        let dir = tempfile::tempdir().unwrap();
        let work = Folder {
            path: dir.path().to_owned(),
            seen_as: "/job".into(),
        };
        let at = |name: &str| dir.path().join(name);
        fs::create_dir_all(at("out/deep")).unwrap();
        for (target, link) in [
            ("out/deep", "near"),
            ("../near/../../out", "out/round"),
            ("/job/out/deep", "seen"),
            ("../sibling", "up"),
            ("deep/../../../sibling", "out/further"),
            ("/etc", "far"),
            ("up", "chain"),
            ("nowhere", "lost"),
            ("loop", "loop"),
        ] {
            symlink(target, at(link)).unwrap();
        }
        let follow = |name: &str| follow(std::slice::from_ref(&work), &work, &at(name));
        for (name, real) in [
            ("near", "out/deep"),
            ("out/round", "out"),
            ("seen", "out/deep"),
            ("out", "out"),
        ] {
            assert_eq!(follow(name).unwrap(), at(real), "{name}");
        }
        let beside = tempfile::tempdir().unwrap();
        fs::write(beside.path().join("one"), "").unwrap();
        symlink("one", beside.path().join("linked")).unwrap();
        let folders = [
            Folder {
                path: at(""),
                seen_as: "/job".into(),
            },
            Folder {
                path: beside.path().to_owned(),
                seen_as: "/tmp".into(),
            },
        ];
        let found = super::follow(&folders, &folders[0], &beside.path().join("linked")).unwrap();
        assert_eq!(found, beside.path().join("one"), "in a folder that another has led to");
        for (name, told) in [
            ("up", "../sibling"),
            ("out/further", "deep/../../../sibling"),
            ("far/hostname", "/etc/hostname"),
            ("chain/x", "../sibling/x"),
        ] {
            assert!(matches!(follow(name), Err(Lost::Outside(to)) if to == told), "{name}");
        }
        assert!(matches!(follow("lost"), Err(Lost::Missing)));
        assert!(matches!(follow("loop"), Err(Lost::Unreadable(_))));
    }
}
