//! Any names, links and modes in a job's folder.

use std::{
    collections::HashSet,
    ffi::OsStr,
    fs::{self, File},
    io::{self, Read, Write},
    os::unix::{
        ffi::OsStrExt,
        fs::{MetadataExt, PermissionsExt},
    },
    path::{Path, PathBuf},
};

use jobsphere_rules::nearest;
use proptest::prelude::*;
use walkdir::WalkDir;

use super::{
    super::{
        collect::{Found, NotCollected, collect},
        follow::follow,
        mind::{Content, Opened},
        pack::{pack, told},
        tree::{Receiver, send},
        unpack::unpack,
        wire::{Answer, Existing, Tag, message, read_frame},
    },
    cases,
    ground::{Ground, SECRET, entries, name, nodes},
};

proptest! {
    #![proptest_config(cases(150))]

    #[test]
    fn what_is_stored_of_a_folder_is_its_own_and_told_apart(nodes in nodes()) {
        let ground = Ground::new();
        ground.fill(&ground.folder(), &nodes);
        let (first, second) = (packed(&ground), packed(&ground));
        prop_assert!(first == second, "the same folder, and other bytes");
        let mut archive = zip::ZipArchive::new(io::Cursor::new(first)).unwrap();
        let stays = || WalkDir::new(ground.folder()).into_iter().flatten();
        let links = stays().filter(walkdir::DirEntry::path_is_symlink).count();
        let packed = archive.len();
        let mut names = HashSet::new();
        for index in 0..packed {
            let mut entry = archive.by_index(index).unwrap();
            prop_assert!(names.insert(entry.name().trim_end_matches('/').to_owned()), "{} twice", entry.name());
            let mut content = Vec::new();
            entry.read_to_end(&mut content).unwrap();
            prop_assert!(!holds_secret(&content), "{} holds what is outside", entry.name());
        }
        // A link to a folder is packed as what is there once more, and none that is met there.
        prop_assert!(packed <= stays().count() * (1 + links));
        ground.assert_untouched();
    }

    #[test]
    fn what_is_stored_comes_back_by_the_names_that_were_told(nodes in nodes()) {
        let ground = Ground::new();
        ground.fill(&ground.folder(), &nodes);
        let mut archive = tempfile::tempfile().unwrap();
        archive.write_all(&packed(&ground)).unwrap();
        // Names may be too long when they are told.
        if unpack(archive, &Opened::at(&ground.other()).unwrap(), Path::new(""), u64::MAX, Existing::Replaced).is_ok() {
            for entry in WalkDir::new(ground.folder()).min_depth(1) {
                let Ok(entry) = entry else { continue };
                let back = ground.other().join("out").join(told(entry.path().strip_prefix(ground.folder()).unwrap().as_os_str()));
                if entry.file_type().is_file() && File::open(entry.path()).is_ok() {
                    prop_assert_eq!(fs::read(entry.path()).unwrap(), fs::read(back).unwrap());
                } else if entry.file_type().is_dir() {
                    prop_assert!(back.is_dir());
                }
            }
        }
        ground.assert_untouched();
    }

    #[test]
    fn no_output_is_what_lies_outside(nodes in nodes(), most_bytes in 0..20_u64) {
        let ground = Ground::new();
        ground.fill(&ground.folder(), &nodes);
        let folder = ground.as_porters();
        let found: Vec<PathBuf> = WalkDir::new(ground.folder()).into_iter().flatten().map(|entry| entry.into_path()).collect();
        for path in found.iter().flat_map(|path| [path.clone(), path.join("kept"), path.join("nothing")]) {
            if let Ok(real) = follow(std::slice::from_ref(&folder), &folder, &path) {
                prop_assert!(real.starts_with(ground.folder()));
            }
            let mut content = Vec::new();
            match collect(std::slice::from_ref(&folder), &folder, &path, most_bytes, &ground.spare()) {
                Ok(Found::File(mut file)) => {
                    file.read_to_end(&mut content).unwrap();
                    prop_assert!(content.len() as u64 <= most_bytes);
                }
                Ok(Found::Folder(mut spool, _)) => {
                    spool.read_to_end(&mut content).unwrap();
                    let mut archive = zip::ZipArchive::new(io::Cursor::new(std::mem::take(&mut content))).unwrap();
                    for index in 0..archive.len() {
                        archive.by_index(index).unwrap().read_to_end(&mut content).unwrap();
                    }
                    prop_assert!(content.len() as u64 <= most_bytes);
                }
                Err(NotCollected::Because(_, sentence)) => {
                    // Where a link leads is told, and nothing of what is there.
                    let nearest = nearest::in_description(&sentence);
                    prop_assert!(nearest.is_none_or(|name| !name.contains(SECRET)), "{}", sentence);
                }
                Err(NotCollected::TooLarge(_)) => {}
            }
            prop_assert!(!holds_secret(&content), "{} gives what is outside", path.display());
        }
        ground.assert_untouched();
    }

    #[test]
    fn nothing_outside_is_sealed_or_cleared(nodes in nodes()) {
        let ground = Ground::new();
        ground.fill(&ground.folder(), &nodes);
        let opened = Opened::at(&ground.folder()).unwrap();
        let before = WalkDir::new(ground.folder()).min_depth(1).into_iter().flatten().filter(|entry| entry.file_type().is_file()).count();
        let Content { files, .. } = opened.seal(u64::MAX).unwrap();
        prop_assert!(files as usize >= before);
        for entry in WalkDir::new(ground.folder()).min_depth(1) {
            let about = entry.unwrap().metadata().unwrap();
            prop_assert!(about.is_symlink() || about.mode() & 0o222 == 0);
            prop_assert!(about.is_symlink() || about.is_dir() || about.is_file());
        }
        prop_assert_eq!(opened.seal(u64::MAX).unwrap().files, files);
        ground.assert_untouched();
        opened.clear().unwrap();
        prop_assert!(entries(&ground.folder()).is_empty());
        ground.assert_untouched();
    }

    #[test]
    fn a_folder_as_it_was_left_is_cleared(nodes in nodes()) {
        let ground = Ground::new();
        ground.fill(&ground.folder(), &nodes);
        let opened = Opened::at(&ground.folder()).unwrap();
        opened.close().unwrap();
        ground.assert_untouched();
        opened.clear().unwrap();
        prop_assert!(entries(&ground.folder()).is_empty());
        ground.assert_untouched();
    }

    #[test]
    fn a_copy_is_the_same_and_nowhere_else(nodes in nodes()) {
        let ground = Ground::new();
        ground.fill(&ground.folder(), &nodes);
        let (before, mut sent) = (described(&ground.folder()), Vec::new());
        send(&ground.folder(), &mut sent).unwrap();
        let opened = Opened::at(&ground.other()).unwrap();
        let mut receiver = Receiver::new(&opened);
        let (mut told, mut payload, mut file) = (&sent[..], Vec::new(), None);
        while let Some(tag) = read_frame(&mut told, &mut payload).unwrap() {
            match tag {
                Tag::Message => {
                    let Answer::Entry(entry) = message(&payload).unwrap() else { panic!("no entry") };
                    file = receiver.make(&entry).unwrap();
                }
                Tag::Piece => file.as_mut().unwrap().write_all(&payload).unwrap(),
                Tag::End => file = None,
            }
        }
        receiver.finish().unwrap();
        prop_assert_eq!(before, described(&ground.other()));
        ground.assert_untouched();
    }

    #[test]
    fn two_names_are_told_as_two(one in name(), other in name()) {
        let [one, other] = [&one, &other].map(|name| OsStr::from_bytes(name));
        prop_assert_eq!(one == other, told(one) == told(other));
    }
}

/// Paths, modes and contents of what can be copied.
fn described(root: &Path) -> Vec<(PathBuf, u32, Vec<u8>)> {
    let found = WalkDir::new(root)
        .min_depth(1)
        .sort_by_file_name()
        .into_iter()
        .flatten();
    let described = found.filter_map(|entry| {
        let content = match entry.file_type() {
            kind if kind.is_file() => fs::read(entry.path()).ok()?,
            kind if kind.is_symlink() => fs::read_link(entry.path()).ok()?.as_os_str().as_bytes().to_vec(),
            kind if kind.is_dir() => Vec::new(),
            _ => return None,
        };
        let mode = entry.metadata().ok()?.permissions().mode();
        Some((entry.path().strip_prefix(root).ok()?.to_owned(), mode, content))
    });
    described.collect()
}

fn packed(ground: &Ground) -> Vec<u8> {
    let folder = ground.as_porters();
    let follow = |link: &Path| follow(std::slice::from_ref(&folder), &folder, link).ok();
    let (mut spool, _) = pack(&ground.folder(), "out", u64::MAX, follow, &ground.spare()).unwrap();
    let mut bytes = Vec::new();
    spool.read_to_end(&mut bytes).unwrap();
    bytes
}

fn holds_secret(content: &[u8]) -> bool {
    content.windows(SECRET.len()).any(|part| part == SECRET.as_bytes())
}
