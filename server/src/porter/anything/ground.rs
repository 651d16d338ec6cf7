//! A folder of a job with any names and links in it, and beside it what nobody may read or change.

use std::{
    ffi::{CString, OsStr, OsString},
    fs::{self, File, Permissions},
    os::unix::{
        ffi::OsStrExt,
        fs::{MetadataExt, PermissionsExt, symlink},
    },
    path::{Path, PathBuf},
};

use proptest::{collection::vec, prelude::*};
use rustix::fs::{CWD, FileType, Mode, mknodat};
use walkdir::WalkDir;

use super::super::wire::Folder;

/// What stands in the canary's files and names, and in nothing else.
pub(super) const SECRET: &str = "canary";
/// Where a command would see its folder.
const SEEN_AS: &str = "/job";
/// Steps up that lead from the folder to all of the test's, and never beyond.
const MOST_STEPS_UP: usize = 4;

/// The folders of one case.
pub(super) struct Ground {
    root: tempfile::TempDir,
    before: Vec<Seen>,
}

/// Of a file: path, mode, kind and size, names, time of change, content.
type Seen = (PathBuf, u32, u64, u64, (i64, i64), Vec<u8>);

impl Ground {
    pub(super) fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        let canary = root.path().join(SECRET);
        fs::create_dir_all(canary.join("sub/canary")).unwrap();
        for (path, mode) in [("kept", 0o640), ("sub/canary.txt", 0o604), ("a", 0o600)] {
            fs::write(canary.join(path), SECRET).unwrap();
            fs::set_permissions(canary.join(path), Permissions::from_mode(mode)).unwrap();
        }
        fs::set_permissions(canary.join("sub"), Permissions::from_mode(0o751)).unwrap();
        let mut ground = Self {
            root,
            before: Vec::new(),
        };
        for folder in [ground.folder(), ground.spare(), ground.other()] {
            fs::create_dir_all(folder).unwrap();
        }
        ground.before = ground.seen();
        ground
    }

    pub(super) fn folder(&self) -> PathBuf {
        self.root.path().join("up/per/most/folder")
    }

    /// Where a folder can be copied to.
    pub(super) fn other(&self) -> PathBuf {
        self.root.path().join("up/per/most/other")
    }

    pub(super) fn spare(&self) -> PathBuf {
        self.root.path().join("up/per/most/spare")
    }

    fn canary(&self) -> PathBuf {
        self.root.path().join(SECRET)
    }

    pub(super) fn as_porters(&self) -> Folder {
        Folder {
            path: self.folder(),
            seen_as: SEEN_AS.into(),
        }
    }

    /// The canary is there as it was, and nothing is beside it.
    pub(super) fn assert_untouched(&self) {
        assert_eq!(self.before, self.seen());
        let mut beside: Vec<OsString> = entries(self.root.path());
        beside.sort();
        assert_eq!(beside, [SECRET, "up"]);
        let mut inner = entries(&self.root.path().join("up/per/most"));
        inner.sort();
        assert_eq!(inner, ["folder", "other", "spare"]);
    }

    fn seen(&self) -> Vec<Seen> {
        let found = WalkDir::new(self.canary())
            .sort_by_file_name()
            .into_iter()
            .map(|entry| {
                let entry = entry.unwrap();
                let about = entry.metadata().unwrap();
                let content = if about.is_file() {
                    fs::read(entry.path()).unwrap()
                } else {
                    Vec::new()
                };
                let changed = (about.ctime(), about.ctime_nsec());
                (
                    entry.into_path(),
                    about.mode(),
                    about.len(),
                    about.nlink(),
                    changed,
                    content,
                )
            });
        found.collect()
    }

    /// Fills a folder; what has no place there is passed over.
    pub(super) fn fill(&self, folder: &Path, nodes: &[Node]) {
        for node in nodes {
            let path = folder.join(OsStr::from_bytes(&node.name));
            match &node.kind {
                Kind::File(content) => {
                    if File::create_new(&path).and_then(|_| fs::write(&path, content)).is_ok() {
                        let _ = fs::set_permissions(&path, Permissions::from_mode(node.mode));
                    }
                }
                Kind::Folder(inner) => {
                    if fs::create_dir(&path).is_ok() {
                        self.fill(&path, inner);
                        let _ = fs::set_permissions(&path, Permissions::from_mode(node.mode));
                    }
                }
                Kind::Link(target) => drop(symlink(self.path(target), &path)),
                Kind::Pipe => drop(mknodat(CWD, &path, FileType::Fifo, Mode::RWXU, 0)),
            }
        }
    }

    pub(super) fn path(&self, target: &Target) -> OsString {
        match target {
            Target::Names(names) => OsStr::from_bytes(&names.join(&b'/')).to_owned(),
            Target::Canary(below) => self.canary().join(below).into(),
            Target::Folder(below) => self.folder().join(below).into(),
            Target::SeenAs(below) => Path::new(SEEN_AS).join(below).into(),
        }
    }
}

pub(super) fn entries(folder: &Path) -> Vec<OsString> {
    fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect()
}

/// Something in a folder.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) name: Vec<u8>,
    pub(super) mode: u32,
    pub(super) kind: Kind,
}

#[derive(Debug, Clone)]
pub(super) enum Kind {
    File(Vec<u8>),
    Folder(Vec<Node>),
    Link(Target),
    Pipe,
}

/// Where a link leads: never out of the test's own folder.
#[derive(Debug, Clone)]
pub(super) enum Target {
    Names(Vec<Vec<u8>>),
    Canary(&'static str),
    Folder(&'static str),
    SeenAs(&'static str),
}

/// Names that a file can have; many are the same, or told alike.
pub(super) fn name() -> impl Strategy<Value = Vec<u8>> {
    let any = vec(1..=u8::MAX, 1..5).prop_map(|mut name| {
        name.iter_mut()
            .filter(|byte| **byte == b'/')
            .for_each(|byte| *byte = b'\\');
        name
    });
    let known = prop::sample::select(vec![
        &b"a"[..],
        b"b",
        b"a\xff",
        br"a\xff",
        br"a\\xff",
        b"a\\\xff",
        br"a\",
        br"\",
        br"\\",
        b"\xff",
        br"\xff",
        b".removed-1",
        b".removed-2",
        b".copied-0",
        b"out",
        b"...",
        b" ",
        "\u{202e}\n".as_bytes(),
    ]);
    prop_oneof![any, known.prop_map(<[u8]>::to_vec)].prop_filter("no name", |name| {
        !matches!(name.as_slice(), b"." | b"..") && CString::new(name.as_slice()).is_ok()
    })
}

/// Names one after the other, some of which lead elsewhere.
pub(super) fn way() -> impl Strategy<Value = Vec<u8>> {
    let step = prop_oneof![8 => name(), 1 => Just(b"..".to_vec()), 1 => Just(b"".to_vec())];
    vec(step, 0..4).prop_map(|names| names.join(&b'/'))
}

pub(super) fn target() -> impl Strategy<Value = Target> {
    let below = prop::sample::select(vec!["", "a", "kept", "sub", "sub/canary.txt", "nothing", "a/../.."]);
    let names = (0..=MOST_STEPS_UP, vec(name(), 0..3), prop::option::of(0..3_usize)).prop_map(|(up, names, to)| {
        let mut way: Vec<Vec<u8>> = vec![b"..".to_vec(); up];
        match to {
            Some(0) => way.push(format!("{SECRET}/kept").into_bytes()),
            Some(1) => way.push(SECRET.into()),
            _ => way.extend(names),
        }
        // An empty target is none.
        if way.is_empty() {
            way.push(b"a".to_vec());
        }
        way
    });
    prop_oneof![
        names.prop_map(Target::Names),
        below.clone().prop_map(Target::Canary),
        below.clone().prop_map(Target::Folder),
        below.prop_map(Target::SeenAs),
    ]
}

pub(super) fn mode() -> impl Strategy<Value = u32> {
    prop::sample::select(vec![0o755, 0o700, 0o644, 0o500, 0o444, 0o111, 0])
}

/// What a small folder holds.
pub(super) fn nodes() -> impl Strategy<Value = Vec<Node>> {
    let leaf = prop_oneof![
        3 => vec(any::<u8>().prop_filter("the canary's", |byte| *byte != b'c'), 0..9).prop_map(Kind::File),
        3 => target().prop_map(Kind::Link),
        1 => Just(Kind::Pipe),
    ];
    let leaf = (name(), mode(), leaf).prop_map(|(name, mode, kind)| Node { name, mode, kind });
    let node = leaf.prop_recursive(4, 24, 6, |inner| {
        (name(), mode(), vec(inner, 0..6)).prop_map(|(name, mode, inner)| Node {
            name,
            mode,
            kind: Kind::Folder(inner),
        })
    });
    vec(node, 0..6)
}
