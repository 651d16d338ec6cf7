//! Anything is said to a porter.

use std::{
    fs::File,
    io::{Cursor, IoSlice, Seek, Write},
    mem::MaybeUninit,
    net::Shutdown,
    os::{
        fd::{AsFd, BorrowedFd},
        unix::{ffi::OsStringExt, net::UnixStream},
    },
    sync::mpsc::channel,
    thread,
    time::Duration,
};

use proptest::{collection::vec, prelude::*};
use rustix::net::{SendAncillaryBuffer, SendAncillaryMessage, SendFlags, sendmsg};
use zip::{ZipWriter, write::SimpleFileOptions};

use super::{
    super::{
        serve::serve,
        wire::{Entry, EntryKind, Existing, Folder, Moment, Place, Request, write_message},
    },
    cases,
    ground::{Ground, Node, Target, mode, nodes, target, way},
    words::{Word, word},
};

/// Longer than any of this takes.
const PATIENCE: Duration = Duration::from_secs(30);
const MOST_DESCRIPTORS: usize = 7;

/// A request; links lead to what only a case knows.
#[derive(Debug, Clone)]
enum Asked {
    Plain(Request),
    Link { path: Vec<u8>, target: Target },
}

impl Asked {
    fn request(&self, ground: &Ground) -> Request {
        match self {
            Self::Plain(request) => request.clone(),
            Self::Link { path, target } => Request::Entry(Entry {
                path: path.clone(),
                kind: EntryKind::Link(ground.path(target).into_vec()),
                mode: 0o777,
            }),
        }
    }
}

fn existing() -> impl Strategy<Value = Existing> {
    prop_oneof![Just(Existing::Replaced), Just(Existing::Kept)]
}

fn asked() -> impl Strategy<Value = Asked> + Clone {
    let place = (0..4_usize, way()).prop_map(|(folder, path)| Place {
        folder,
        path: String::from_utf8_lossy(&path).into_owned(),
    });
    let place = place.boxed();
    let folder = 0..4_usize;
    let kind = prop_oneof![Just(EntryKind::File), Just(EntryKind::Folder)];
    let entry = (way(), kind, mode()).prop_map(|(path, kind, mode)| Request::Entry(Entry { path, kind, mode }));
    let again = folder.clone().prop_map(|spare| Request::Begin {
        folders: vec![Folder {
            path: "/nowhere".into(),
            seen_as: "/nowhere".into(),
        }],
        spare,
    });
    let request = prop_oneof![
        1 => again,
        2 => place.clone().prop_map(|at| Request::MakeFolder { at }),
        3 => (place.clone(), existing()).prop_map(|(at, existing)| Request::Write { at, existing }),
        3 => (place.clone(), 0..50_u64, existing())
            .prop_map(|(into, most_bytes, existing)| Request::Unpack { into, most_bytes, existing }),
        3 => (place, 0..50_u64).prop_map(|(at, most_bytes)| Request::Collect { at, most_bytes }),
        2 => (folder.clone(), way(), 0..50_u64)
            .prop_map(|(folder, path, most_bytes)| Request::Take { folder, path, most_bytes }),
        1 => (folder.clone(), vec(way(), 0..3)).prop_map(|(folder, named)| Request::Made {
            folder,
            named,
            since: Moment { s: 0, ns: 0 },
        }),
        1 => folder.clone().prop_map(|folder| Request::Measure { folder }),
        1 => (folder.clone(), 0..50_u64).prop_map(|(folder, most_bytes)| Request::Seal { folder, most_bytes }),
        1 => folder.clone().prop_map(|folder| Request::Close { folder }),
        1 => folder.clone().prop_map(|folder| Request::Clear { folder }),
        1 => folder.clone().prop_map(|folder| Request::Send { folder }),
        3 => folder.prop_map(|folder| Request::Receive { folder }),
        4 => entry,
        2 => Just(Request::NoMore),
    ];
    let link = (way(), target()).prop_map(|(path, target)| Asked::Link { path, target });
    prop_oneof![5 => request.prop_map(Asked::Plain), 1 => link].boxed()
}

/// Content that comes along: a file, or an archive, whole or damaged.
#[derive(Debug, Clone)]
enum Content {
    File(Vec<u8>),
    Archive(Vec<String>, prop::sample::Index, Option<u8>),
    Folder,
}

impl Content {
    fn open(&self) -> File {
        let bytes = match self {
            Self::Folder => return File::open(std::env::temp_dir()).unwrap(),
            Self::File(bytes) => bytes.clone(),
            Self::Archive(names, at, byte) => {
                let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
                for name in names {
                    // One that is there already is refused.
                    if archive.start_file(name.as_str(), SimpleFileOptions::default()).is_ok() {
                        archive.write_all(b"from the archive").unwrap();
                    }
                }
                let mut bytes = archive.finish().unwrap().into_inner();
                if let Some(byte) = byte {
                    let place = at.index(bytes.len());
                    bytes[place] = *byte;
                }
                bytes
            }
        };
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&bytes).unwrap();
        file.rewind().unwrap();
        file
    }
}

fn content() -> impl Strategy<Value = Content> {
    let names = vec(way().prop_map(|way| String::from_utf8_lossy(&way).into_owned()), 0..4);
    let damage = prop::option::weighted(0.3, any::<u8>());
    prop_oneof![
        2 => vec(any::<u8>(), 0..50).prop_map(Content::File),
        4 => (names, any::<prop::sample::Index>(), damage).prop_map(|(names, at, byte)| Content::Archive(names, at, byte)),
        1 => Just(Content::Folder),
    ]
}

/// Mostly none or one, as it should be; sometimes more than belong there.
fn contents() -> impl Strategy<Value = Vec<Content>> {
    prop_oneof![10 => vec(content(), 0..2), 1 => vec(content(), 2..MOST_DESCRIPTORS)]
}

proptest! {
    #![proptest_config(cases(150))]

    #[test]
    fn nothing_that_is_said_leads_a_porter_out_of_its_folders(
        nodes in nodes(),
        words in vec((word(asked()), contents()), 0..24),
        closes in any::<bool>(),
    ) {
        tell_anything(&nodes, &words, closes);
    }
}

fn tell_anything(nodes: &[Node], words: &[(Word<Asked>, Vec<Content>)], closes: bool) {
    let ground = Ground::new();
    ground.fill(&ground.folder(), nodes);
    let (mut ours, theirs) = UnixStream::pair().unwrap();
    let (gone, is_gone) = channel();
    let porter = thread::spawn(move || drop(serve(&theirs, move || gone.send(()).unwrap())));
    let mut answers = ours.try_clone().unwrap();
    let reader = thread::spawn(move || std::io::copy(&mut answers, &mut std::io::sink()));
    // The server never begins otherwise; it is not damaged, because its folders may be emptied.
    let other = Folder {
        path: ground.other(),
        seen_as: "/run/other".into(),
    };
    let spare = Folder {
        path: ground.spare(),
        seen_as: "/tmp".into(),
    };
    let begin = Request::Begin {
        folders: vec![ground.as_porters(), other, spare],
        spare: 2,
    };
    write_message(&mut ours, &begin).unwrap();
    for (word, contents) in words {
        let files: Vec<File> = contents.iter().map(Content::open).collect();
        if send(&mut ours, &word.bytes(|asked| asked.request(&ground)), &files).is_err() {
            break;
        }
    }
    // All was said, or it is over at once.
    let how = if closes { Shutdown::Both } else { Shutdown::Write };
    let _ = ours.shutdown(how);
    is_gone.recv_timeout(PATIENCE).expect("the end was not heard");
    let (ended, has_ended) = channel();
    thread::spawn(move || ended.send(porter.join().is_ok()));
    assert!(
        has_ended.recv_timeout(PATIENCE).expect("it does not end"),
        "it has panicked"
    );
    let _ = reader.join().unwrap();
    ground.assert_untouched();
}

/// Sends bytes, and descriptors with the first of them.
fn send(to: &mut UnixStream, bytes: &[u8], files: &[File]) -> std::io::Result<()> {
    if files.is_empty() || bytes.is_empty() {
        return to.write_all(bytes);
    }
    let descriptors: Vec<BorrowedFd<'_>> = files.iter().map(AsFd::as_fd).collect();
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(MOST_DESCRIPTORS))];
    let mut along = SendAncillaryBuffer::new(&mut space);
    assert!(along.push(SendAncillaryMessage::ScmRights(&descriptors)));
    let sent = sendmsg(to.as_fd(), &[IoSlice::new(bytes)], &mut along, SendFlags::NOSIGNAL)?;
    to.write_all(&bytes[sent..])
}
