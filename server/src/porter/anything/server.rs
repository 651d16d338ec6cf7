//! A porter answers anything.

use std::{
    ffi::OsStr,
    io::{self, Read, Write},
    net::Shutdown,
    os::unix::{
        ffi::{OsStrExt, OsStringExt},
        net::UnixStream,
    },
    sync::mpsc::channel,
    thread,
    time::{Duration, Instant},
};

use proptest::{collection::vec, prelude::*};

use super::{
    super::{
        handle::{Collected, MAX_CHARS, Made, Porter, PorterError, copy_tree},
        mind::Content,
        pack::told,
        wire::{
            Answer, Entry, EntryKind, Existing, MAX_FRAME_BYTES, MadeFile, Moment, NamedPaths, Place, Problem, Sum,
            TOLD, Tag,
        },
    },
    cases,
    ground::{Ground, Target, mode, nodes, target, way},
    words::{Word, word},
};
use crate::sandbox::{Mount, Sandbox};

const PATIENCE: Duration = Duration::from_secs(30);

/// An answer; links lead to what only a case knows.
#[derive(Debug, Clone)]
enum Said {
    Plain(Answer),
    Link { path: Vec<u8>, target: Target },
}

impl Said {
    fn answer(&self, ground: &Ground) -> Answer {
        match self {
            Self::Plain(answer) => answer.clone(),
            Self::Link { path, target } => Answer::Entry(Entry {
                path: path.clone(),
                kind: EntryKind::Link(ground.path(target).into_vec()),
                mode: 0o777,
            }),
        }
    }
}

fn sentence() -> impl Strategy<Value = String> {
    let long = (MAX_CHARS..MAX_CHARS * 3).prop_map(|letters| "\u{1b}[31mж".repeat(letters));
    prop_oneof![3 => any::<String>(), 1 => long]
}

fn said() -> impl Strategy<Value = Said> + Clone {
    let number = || prop_oneof![0..50_u64, Just(u64::MAX)];
    let problem = prop_oneof![Just(Problem::NotFound), Just(Problem::Failed)];
    let kind = prop_oneof![Just(EntryKind::File), Just(EntryKind::Folder)];
    let entry = (way(), kind, mode()).prop_map(|(path, kind, mode)| Answer::Entry(Entry { path, kind, mode }));
    let measured = (number(), number(), number()).prop_map(|(files, size_bytes, disk_bytes)| {
        Answer::Measured(Content {
            files,
            size_bytes,
            disk_bytes,
        })
    });
    let answer = prop_oneof![
        2 => Just(Answer::Done),
        1 => sentence().prop_map(|sentence| Answer::Failed { sentence }),
        1 => (sentence(), number(), paths()).prop_map(|(sha256, size_bytes, kept)| Answer::Copied { sha256, size_bytes, kept }),
        6 => any::<bool>().prop_map(|is_folder| Answer::Found { is_folder }),
        4 => (paths(), paths()).prop_map(|(left_out, renamed)| Answer::Packed { left_out, renamed }),
        1 => (problem, sentence()).prop_map(|(kind, sentence)| Answer::NotCollected { kind, sentence }),
        1 => prop::option::of(number()).prop_map(|size_bytes| Answer::TooLarge { size_bytes }),
        1 => measured,
        4 => entry,
        2 => (way(), number()).prop_map(|(path, size_bytes)| Answer::MadeFile(MadeFile { path, size_bytes })),
        2 => (number(), number()).prop_map(|(files, bytes)| Answer::MadeAll {
            more: Sum { files, bytes },
            passed: Sum { files: bytes, bytes: files },
        }),
    ];
    let link = (way(), target()).prop_map(|(path, target)| Said::Link { path, target });
    prop_oneof![8 => answer.prop_map(Said::Plain), 1 => link].boxed()
}

fn paths() -> impl Strategy<Value = NamedPaths> {
    (vec(sentence(), 0..15), prop_oneof![0..9_usize, Just(usize::MAX)])
        .prop_map(|(paths, more)| NamedPaths { paths, more })
}

/// What an output is like that is well told.
fn output() -> impl Strategy<Value = Vec<Word<Said>>> {
    (any::<bool>(), vec(vec(any::<u8>(), 1..30), 0..4)).prop_map(|(is_folder, pieces)| {
        let mut words = vec![Word::Message(Said::Plain(Answer::Found { is_folder }))];
        words.extend(pieces.into_iter().map(Word::Piece));
        words.push(Word::End);
        words.push(Word::Message(Said::Plain(Answer::Packed {
            left_out: NamedPaths::default(),
            renamed: NamedPaths::default(),
        })));
        words
    })
}

/// The same with other words in it or instead of some of it.
fn disturbed() -> impl Strategy<Value = Vec<Word<Said>>> {
    let changes = vec((any::<prop::sample::Index>(), any::<bool>(), word(said())), 0..3);
    (output(), changes).prop_map(|(mut words, changes)| {
        for (at, replaces, word) in changes {
            let place = at.index(words.len());
            match replaces {
                true => words[place] = word,
                false => words.insert(place, word),
            }
        }
        words
    })
}

/// How content is taken.
#[derive(Debug, Clone, Copy)]
enum Taking {
    All,
    Part(usize),
    /// Goes on after errors, and says that all is well.
    Stubborn,
    Refusing,
}

impl Taking {
    fn take(self, content: &mut dyn Read) -> io::Result<Vec<u8>> {
        let mut taken = Vec::new();
        match self {
            Self::All => drop(content.read_to_end(&mut taken)?),
            Self::Part(bytes) => drop(content.take(bytes as u64).read_to_end(&mut taken)?),
            Self::Stubborn => {
                for _ in 0..50 {
                    let mut piece = [0; 7];
                    let read = content.read(&mut piece).unwrap_or(0);
                    taken.extend(&piece[..read]);
                }
            }
            Self::Refusing => {
                content.read_to_end(&mut taken)?;
                return Err(io::Error::other("no room"));
            }
        }
        Ok(taken)
    }
}

fn taking() -> impl Strategy<Value = Taking> {
    prop_oneof![
        3 => Just(Taking::All),
        1 => (0..40_usize).prop_map(Taking::Part),
        2 => Just(Taking::Stubborn),
        1 => Just(Taking::Refusing),
    ]
}

#[derive(Debug, Clone, Copy)]
enum Call {
    Collect(u64, Taking),
    Take(u64, Taking),
    Made,
    Seal,
    Close,
    Measure,
    Clear,
    ClearAll,
    MakeFolder,
    Write,
    Unpack,
    CopyFrom,
    CopyTo,
}

fn call() -> impl Strategy<Value = Call> {
    let others = [
        Call::Made,
        Call::Seal,
        Call::Close,
        Call::Measure,
        Call::Clear,
        Call::ClearAll,
        Call::MakeFolder,
        Call::Write,
        Call::Unpack,
        Call::CopyFrom,
        Call::CopyTo,
    ];
    prop_oneof![
        1 => (0..60_u64, taking()).prop_map(|(most, taking)| Call::Collect(most, taking)),
        1 => (0..60_u64, taking()).prop_map(|(most, taking)| Call::Take(most, taking)),
        2 => prop::sample::select(others.to_vec()),
    ]
}

proptest! {
    #![proptest_config(cases(200))]

    #[test]
    fn an_output_is_stored_whole_or_not_at_all(
        words in disturbed(),
        most_bytes in prop_oneof![0..60_u64, Just(u64::MAX)],
        taking in taking(),
    ) {
        let ground = Ground::new();
        let expected = whole(&words, most_bytes);
        let collected = with_answers(&ground, &words, move |porter| {
            let collected = porter.collect(at(), most_bytes, |content| taking.take(content));
            check(&collected);
            assert!(!matches!(collected, Err(PorterError::Gone(_))) || !porter.is_ready());
            collected
        });
        if let Ok(Collected::Stored { stored, left_out, .. }) = &collected {
            assert!(left_out.paths.len() <= TOLD);
            if let Some(expected) = &expected {
                assert_eq!(Some(stored), expected.as_ref());
            }
        }
        if let (Some(Some(expected)), Taking::All) = (expected, taking) {
            let Ok(Collected::Stored { stored, .. }) = collected else { panic!("{collected:?}") };
            assert_eq!(stored, expected);
        }
    }

    #[test]
    fn no_answer_holds_the_server_up_or_leads_it_elsewhere(
        nodes in nodes(),
        words in vec(word(said()), 0..24),
        calls in vec(call(), 1..6),
    ) {
        let ground = Ground::new();
        ground.fill(&ground.folder(), &nodes);
        let (folder, other) = (ground.folder(), ground.other());
        with_answers(&ground, &words, move |porter| {
            for call in calls {
                let good = |path: &std::path::Path| {
                    let mount = Mount::writable(path.to_owned(), "/job".into());
                    Porter::start(Sandbox::None, None, &[mount], 0).unwrap()
                };
                let empty = tempfile::tempfile().unwrap();
                let answered = match call {
                    Call::Collect(most, taking) => {
                        let collected = porter.collect(at(), most, |content| taking.take(content));
                        check(&collected);
                        collected.map(drop)
                    }
                    Call::Take(most, taking) => {
                        let taken = porter.take(0, b"out".to_vec(), most, |content| taking.take(content));
                        check(&taken);
                        taken.map(drop)
                    }
                    Call::Made => believed(porter.made(0, Vec::new(), Moment { s: 0, ns: 0 })),
                    Call::Seal => bounded(porter.seal(0, u64::MAX)),
                    Call::Close => bounded(porter.close(0)),
                    Call::Measure => bounded(porter.measure(0)),
                    Call::Clear => porter.clear(0),
                    Call::ClearAll => {
                        porter.clear_all();
                        Ok(())
                    }
                    Call::MakeFolder => porter.make_folder(at()),
                    Call::Write => porter.write(at(), &empty, Existing::Kept).map(drop),
                    Call::Unpack => porter.unpack(at(), &empty, u64::MAX, Existing::Kept).map(drop),
                    Call::CopyFrom => copy_tree(porter, 0, &mut good(&other), 0).map(drop),
                    Call::CopyTo => copy_tree(&mut good(&folder), 0, porter, 0).map(drop),
                };
                if let Err(error) = answered {
                    assert_shown(&error.to_string());
                    assert!(matches!(error, PorterError::Refused(_)) || !porter.is_ready());
                }
            }
        });
        ground.assert_untouched();
    }
}

#[test]
fn a_length_over_the_limit_is_not_waited_for() {
    for (tag, length) in [(1, MAX_FRAME_BYTES as u32 + 1), (2, u32::MAX), (3, 1), (2, 0), (9, 1)] {
        let (ours, mut theirs) = UnixStream::pair().unwrap();
        let mut porter = Porter::played(ours, 1).unwrap();
        let mut said = Word::Message(Said::Plain(Answer::Found { is_folder: false })).bytes(|said: &Said| match said {
            Said::Plain(answer) => answer.clone(),
            Said::Link { .. } => unreachable!(),
        });
        said.push(tag);
        said.extend(length.to_le_bytes());
        theirs.write_all(&said).unwrap();
        // It stays open, and nothing more comes.
        let collected = porter.collect(at(), u64::MAX, |content| Taking::All.take(content));
        assert!(
            matches!(collected, Err(PorterError::Gone(_))),
            "{tag} {length}: {collected:?}"
        );
        assert!(!porter.is_ready());
    }
}

#[test]
fn content_without_end_is_held_to_what_is_allowed() {
    let (ours, mut theirs) = UnixStream::pair().unwrap();
    let mut porter = Porter::played(ours, 1).unwrap();
    let endless = thread::spawn(move || {
        let found = serde_json::to_vec(&Answer::Found { is_folder: false }).unwrap();
        super::super::wire::write_frame(&mut theirs, Tag::Message, &found).unwrap();
        while super::super::wire::write_frame(&mut theirs, Tag::Piece, &[7; 1000]).is_ok() {}
    });
    let mut taken = 0;
    let collected = porter.collect(at(), 5500, |content| {
        let mut piece = [0; 300];
        loop {
            match content.read(&mut piece)? {
                0 => return Ok(()),
                read => taken += read,
            }
        }
    });
    assert!(matches!(collected, Err(PorterError::Gone(_))));
    assert_eq!(taken, 5000);
    drop(porter);
    endless.join().unwrap();
}

fn at() -> Place {
    Place {
        folder: 0,
        path: "out".into(),
    }
}

/// Lets `ask` ask a porter that says these words and goes.
fn with_answers<T: Send + 'static>(
    ground: &Ground,
    words: &[Word<Said>],
    ask: impl FnOnce(&mut Porter) -> T + Send + 'static,
) -> T {
    let (ours, theirs) = UnixStream::pair().unwrap();
    let said: Vec<u8> = words
        .iter()
        .flat_map(|word| word.bytes(|said| said.answer(ground)))
        .collect();
    let mut heard = theirs.try_clone().unwrap();
    let listener = thread::spawn(move || io::copy(&mut heard, &mut io::sink()));
    let speaker = thread::spawn(move || {
        let _ = (&theirs).write_all(&said);
        let _ = theirs.shutdown(Shutdown::Write);
    });
    let (answer, answered) = channel();
    let begin = Instant::now();
    let asker = thread::spawn(move || {
        let mut porter = Porter::played(ours, 2).unwrap();
        let _ = answer.send(ask(&mut porter));
    });
    let answer = answered.recv_timeout(PATIENCE);
    assert!(begin.elapsed() < PATIENCE, "it does not end");
    asker.join().expect("it has panicked");
    speaker.join().unwrap();
    let _ = listener.join().unwrap();
    answer.unwrap()
}

/// The content that these words tell: `Some(None)` when they tell none, `None` when noise may tell anything.
fn whole(words: &[Word<Said>], most_bytes: u64) -> Option<Option<Vec<u8>>> {
    let mut words = words.iter();
    let told = |word: Option<&Word<Said>>| match word {
        Some(Word::Message(Said::Plain(answer))) => Ok(Some(answer.clone())),
        Some(Word::Damaged(..) | Word::Noise(_) | Word::Frame(..)) => Err(()),
        _ => Ok(None),
    };
    let is_folder = match told(words.next()).ok()? {
        Some(Answer::Found { is_folder }) => is_folder,
        _ => return Some(None),
    };
    let mut content = Vec::new();
    for word in words.by_ref() {
        match word {
            Word::Piece(piece) => content.extend(piece),
            Word::End => break,
            Word::Damaged(..) | Word::Noise(_) | Word::Frame(..) => return None,
            Word::Message(_) | Word::Huge(_) => return Some(None),
        }
    }
    let is_too_much = content.len() as u64 > most_bytes && !is_folder;
    match told(words.next()).ok()? {
        Some(Answer::Packed { .. }) if !is_too_much => Some(Some(content)),
        _ => Some(None),
    }
}

fn check<T>(collected: &Result<Collected<T>, PorterError>) {
    match collected {
        Ok(Collected::Stored { left_out, renamed, .. }) => {
            left_out
                .paths
                .iter()
                .chain(&renamed.paths)
                .for_each(|path| assert_shown(path));
        }
        Ok(Collected::Not { sentence, .. }) => assert_shown(sentence),
        Ok(Collected::TooLarge { .. }) => {}
        Err(error) => assert_shown(&error.to_string()),
    }
}

fn bounded(measured: Result<Content, PorterError>) -> Result<(), PorterError> {
    let Content {
        files,
        size_bytes,
        disk_bytes,
    } = measured?;
    // Those of many folders can be added.
    assert!(
        [files, size_bytes, disk_bytes]
            .iter()
            .all(|number| number.checked_mul(100).is_some())
    );
    Ok(())
}

/// What is told of files leads down, each path once, and fits into an answer.
fn believed(made: Result<Made, PorterError>) -> Result<(), PorterError> {
    let made = made?;
    let mut paths: Vec<String> = made
        .files
        .iter()
        .map(|file| told(OsStr::from_bytes(&file.path)))
        .collect();
    assert!(
        paths
            .iter()
            .all(|path| !path.starts_with('/') && !path.split('/').any(|name| name == ".."))
    );
    assert!(paths.iter().map(String::len).sum::<usize>() <= 128 << 10);
    let count = paths.len();
    paths.sort();
    paths.dedup();
    assert_eq!(paths.len(), count);
    let sums = made
        .files
        .iter()
        .map(|file| file.size_bytes)
        .chain([made.more.bytes, made.passed.files]);
    assert!(sums.max().is_none_or(|most| most.checked_mul(100).is_some()));
    Ok(())
}

/// Words that may be shown to people.
fn assert_shown(words: &str) {
    assert!(
        words.chars().count() < MAX_CHARS + 100,
        "{} letters",
        words.chars().count()
    );
    assert!(!words.contains(char::is_control), "{words:?}");
}
