//! The process: takes its rights, then does what it is asked, one thing after the other.

use std::{
    fs::File,
    io::{self, BufWriter, Read, Seek, SeekFrom, Write},
    net::Shutdown,
    os::{
        fd::{FromRawFd, OwnedFd},
        unix::net::UnixStream,
    },
    path::{Component, Path, PathBuf},
    process::ExitCode,
    sync::mpsc::{Receiver as Heard, SyncSender, sync_channel},
};

use anyhow::Context;

use super::{
    collect::{self, Found, NotCollected},
    fill, made,
    mind::Opened,
    pack::Unlike,
    tree,
    wire::{
        Answer, Ear, Folder, Moment, PIECE_BYTES, Place, Request, Tag, garbled, message, read_frame, write_frame,
        write_message,
    },
};
use crate::sandbox::{self, User};

const REPLACED: &str = "the command has removed the folder, or put something else in its place";
/// Requests that may wait; content that is sent waits in the socket.
const AHEAD: usize = 4;

/// What came in.
enum Word {
    Request(Box<Request>, Option<OwnedFd>),
    Piece(Vec<u8>),
    End,
}

/// Serves the socket that is standard input, with the rights of the user in `arguments`: its number, its group's, and
/// the one the process counts as.
pub(crate) fn main(arguments: &[String]) -> ExitCode {
    match prepare(arguments).and_then(|stream| serve(&stream, || std::process::exit(0))) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

fn prepare(arguments: &[String]) -> io::Result<UnixStream> {
    let numbers: Result<Vec<u32>, _> = arguments.iter().map(|argument| argument.parse()).collect();
    let user = match numbers.as_deref() {
        Ok([]) => None,
        Ok([uid, gid, porter]) => Some(User {
            uid: *uid,
            gid: *gid,
            porter: *porter,
        }),
        _ => return Err(io::ErrorKind::InvalidInput.into()),
    };
    sandbox::become_porter(user)?;
    // SAFETY: nothing else of this process uses standard input.
    Ok(unsafe { UnixStream::from_raw_fd(0) })
}

/// Does what is asked until the other side closes, or breaks the rules; then `when_gone` is called at once, whatever is
/// being done.
///
/// # Errors
/// When nothing can be answered any more.
pub(super) fn serve(stream: &UnixStream, when_gone: impl FnOnce() + Send + 'static) -> io::Result<()> {
    let served = answer_all(stream, when_gone);
    // Who waits for an answer gets none.
    let _ = stream.shutdown(Shutdown::Both);
    served
}

fn answer_all(stream: &UnixStream, when_gone: impl FnOnce() + Send + 'static) -> io::Result<()> {
    let (tell, heard) = sync_channel(AHEAD);
    let ear = Ear::new(stream.try_clone()?);
    std::thread::Builder::new().spawn(move || {
        // The server is gone, or speaks garbage: whatever is being done is for nobody.
        let _ = listen(ear, &tell);
        when_gone();
    })?;
    let mut porter = Porter {
        folders: Vec::new(),
        opened: Vec::new(),
        spare: 0,
        heard,
        out: BufWriter::with_capacity(PIECE_BYTES, stream.try_clone()?),
    };
    while let Ok(word) = porter.heard.recv() {
        match word {
            Word::Request(request, descriptor) => porter.answer(*request, descriptor)?,
            // What is left of content that could not be stored.
            Word::Piece(_) | Word::End => {}
        }
        porter.out.flush()?;
    }
    Ok(())
}

fn listen(mut ear: Ear, tell: &SyncSender<Word>) -> io::Result<()> {
    let mut payload = Vec::new();
    while let Some(tag) = read_frame(&mut ear, &mut payload)? {
        let word = match tag {
            Tag::Message => Word::Request(Box::new(message(&payload)?), ear.descriptor()),
            Tag::Piece => Word::Piece(std::mem::take(&mut payload)),
            Tag::End => Word::End,
        };
        tell.send(word).map_err(io::Error::other)?;
    }
    Ok(())
}

struct Porter {
    folders: Vec<Folder>,
    /// The same, open; one that is no folder is none here.
    opened: Vec<Option<Opened>>,
    /// The number of the folder for what is needed for a moment.
    spare: usize,
    heard: Heard<Word>,
    out: BufWriter<UnixStream>,
}

impl Porter {
    fn answer(&mut self, request: Request, descriptor: Option<OwnedFd>) -> io::Result<()> {
        let answer = match request {
            // Once and for all: what comes into their places later is something else.
            Request::Begin { folders, spare } if self.folders.is_empty() => {
                self.opened = folders.iter().map(|folder| Opened::at(&folder.path).ok()).collect();
                self.folders = folders;
                self.spare = spare;
                return Ok(());
            }
            Request::Collect { at, most_bytes } => return self.collect(&at, most_bytes),
            Request::Take {
                folder,
                path,
                most_bytes,
            } => return self.take(folder, &path, most_bytes),
            Request::Made { folder, named, since } => self.made(folder, &named, since)?,
            Request::Send { folder } => self.send(folder)?,
            Request::Receive { folder } => self.receive(folder)?,
            request => self.act(request, descriptor),
        };
        let answer = answer.unwrap_or_else(|error| Answer::Failed {
            sentence: format!("{error:#}"),
        });
        write_message(&mut self.out, &answer)
    }

    /// What needs no more than one answer.
    fn act(&self, request: Request, descriptor: Option<OwnedFd>) -> anyhow::Result<Answer> {
        let content = descriptor.context("no content came along");
        match request {
            Request::MakeFolder { at } => {
                self.filled(&at)?.make_folders(Path::new(&at.path))?;
                Ok(Answer::Done)
            }
            Request::Write { at, existing } => fill::write(self.filled(&at)?, Path::new(&at.path), content?, existing),
            Request::Unpack {
                into,
                most_bytes,
                existing,
            } => fill::unpack_into(
                self.filled(&into)?,
                Path::new(&into.path),
                content?,
                most_bytes,
                existing,
            ),
            Request::Measure { folder } => Ok(Answer::Measured(self.opened(folder)?.measure())),
            Request::Seal { folder, most_bytes } => Ok(Answer::Measured(self.opened(folder)?.seal(most_bytes)?)),
            Request::Close { folder } => Ok(Answer::Measured(self.opened(folder)?.close()?)),
            Request::Clear { folder } => {
                self.opened(folder)?.clear()?;
                Ok(Answer::Done)
            }
            _ => Err(garbled("a request out of turn").into()),
        }
    }

    fn opened(&self, number: usize) -> anyhow::Result<&Opened> {
        let opened = self.opened.get(number).ok_or_else(|| garbled("an unknown folder"))?;
        opened.as_ref().context(REPLACED)
    }

    /// The path of a folder, if that still leads to what was opened.
    fn folder(&self, number: usize) -> io::Result<&Path> {
        let folder = self.folders.get(number).ok_or_else(|| garbled("an unknown folder"))?;
        match self.opened(number).is_ok_and(|opened| opened.is_at(&folder.path)) {
            true => Ok(&folder.path),
            false => Err(io::Error::other(REPLACED)),
        }
    }

    fn path(&self, place: &Place) -> io::Result<PathBuf> {
        let below = Path::new(&place.path);
        let leads_down = below.components().all(|part| matches!(part, Component::Normal(_)));
        match leads_down {
            // Without the separator that an empty path would add.
            true if place.path.is_empty() => Ok(self.folder(place.folder)?.to_owned()),
            true => Ok(self.folder(place.folder)?.join(below)),
            false => Err(garbled("a path that leads elsewhere")),
        }
    }

    /// The folder of a place in which something is to be made.
    fn filled(&self, place: &Place) -> anyhow::Result<&Opened> {
        self.path(place)?;
        self.opened(place.folder)
    }

    /// Tells what is found, then its bytes.
    fn collect(&mut self, at: &Place, most_bytes: u64) -> io::Result<()> {
        let within = self
            .folders
            .get(at.folder)
            .ok_or_else(|| garbled("an unknown folder"))?;
        let found = match (self.path(at), self.folder(self.spare)) {
            (Ok(path), Ok(spare)) => collect::collect(&self.folders, within, &path, most_bytes, spare),
            (Err(error), _) | (_, Err(error)) => Err(error.into()),
        };
        self.give(found, most_bytes)
    }

    /// The same of a file that was told of.
    fn take(&mut self, folder: usize, path: &[u8], most_bytes: u64) -> io::Result<()> {
        let file = match (self.folder(folder), self.opened(folder), tree::below(path)) {
            (Ok(_), Ok(opened), Ok(path)) => made::open(opened, &path, most_bytes),
            (Err(error), ..) | (.., Err(error)) => Err(error.into()),
            (_, Err(error), _) => Err(io::Error::other(error).into()),
        };
        self.give(file.map(Found::File), most_bytes)
    }

    fn made(&mut self, folder: usize, named: &[Vec<u8>], since: Moment) -> io::Result<anyhow::Result<Answer>> {
        let opened = match self.opened(folder) {
            Ok(opened) => opened,
            Err(error) => return Ok(Err(error)),
        };
        let found = made::find(opened, named, since);
        for file in found.files() {
            write_message(&mut self.out, &Answer::MadeFile(file))?;
        }
        let (more, passed) = (found.more, found.passed);
        Ok(Ok(Answer::MadeAll { more, passed }))
    }

    fn give(&mut self, found: Result<Found, NotCollected>, most_bytes: u64) -> io::Result<()> {
        let (poured, unlike) = match found {
            Ok(Found::File(file)) => {
                write_message(&mut self.out, &Answer::Found { is_folder: false })?;
                (self.pour(file, most_bytes), Unlike::default())
            }
            Ok(Found::Folder(spool, unlike)) => {
                write_message(&mut self.out, &Answer::Found { is_folder: true })?;
                (self.pour(spool, u64::MAX), unlike)
            }
            Err(problem) => return self.not_collected(problem),
        };
        match poured? {
            Ok(()) => {
                let Unlike { left_out, renamed } = unlike;
                write_message(&mut self.out, &Answer::Packed { left_out, renamed })
            }
            Err(problem) => self.not_collected(problem),
        }
    }

    /// Sends content; what cannot be read, or has grown too large while it was read, is the inner error.
    fn pour(&mut self, mut content: impl Read, mut left_bytes: u64) -> io::Result<Result<(), NotCollected>> {
        let mut buffer = vec![0; PIECE_BYTES];
        loop {
            match content.read(&mut buffer) {
                Ok(0) => return write_frame(&mut self.out, Tag::End, &[]).map(Ok),
                Ok(read) => {
                    let Some(left) = left_bytes.checked_sub(read as u64) else {
                        return Ok(Err(io::Error::other("it grew while it was read").into()));
                    };
                    left_bytes = left;
                    write_frame(&mut self.out, Tag::Piece, &buffer[..read])?;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Ok(Err(error.into())),
            }
        }
    }

    fn not_collected(&mut self, why: NotCollected) -> io::Result<()> {
        let answer = match why {
            NotCollected::TooLarge(size_bytes) => Answer::TooLarge { size_bytes },
            NotCollected::Because(kind, sentence) => Answer::NotCollected { kind, sentence },
        };
        write_message(&mut self.out, &answer)
    }

    fn send(&mut self, folder: usize) -> io::Result<anyhow::Result<Answer>> {
        let folder = self.folder(folder)?.to_owned();
        tree::send(&folder, &mut self.out)?;
        Ok(Ok(Answer::Done))
    }

    /// Makes what is told; a first failure is the answer, once all was told.
    fn receive(&mut self, folder: usize) -> io::Result<anyhow::Result<Answer>> {
        self.folder(folder)?;
        let opened = self.opened(folder).map_err(io::Error::other)?;
        let mut receiver = tree::Receiver::new(opened);
        let mut file = None;
        let mut failed = Ok(());
        let mut fails = |error: io::Error| {
            if failed.is_ok() {
                failed = Err(error);
            }
        };
        loop {
            match self.heard.recv().map_err(io::Error::other)? {
                Word::Request(request, _) => match *request {
                    Request::Entry(entry) => match receiver.make(&entry) {
                        Ok(made) => file = made,
                        Err(error) => {
                            file = None;
                            fails(error);
                        }
                    },
                    Request::NoMore => break,
                    _ => return Err(garbled("a request out of turn")),
                },
                Word::Piece(piece) => {
                    if let Some(open) = &mut file
                        && let Err(error) = write_piece(open, &piece)
                    {
                        file = None;
                        fails(error);
                    }
                }
                Word::End => {
                    if let Some(mut whole) = file.take()
                        && let Err(error) = end_here(&mut whole)
                    {
                        fails(error);
                    }
                }
            }
        }
        Ok(failed
            .and_then(|()| receiver.finish())
            .map(|()| Answer::Done)
            .map_err(Into::into))
    }
}

/// Writes a piece, or leaves a hole where it is nothing but zeros.
fn write_piece(file: &mut File, piece: &[u8]) -> io::Result<()> {
    if piece.iter().any(|byte| *byte != 0) {
        return file.write_all(piece);
    }
    let length = i64::try_from(piece.len()).map_err(io::Error::other)?;
    file.seek(SeekFrom::Current(length)).map(drop)
}

/// A hole at the end counts too.
fn end_here(file: &mut File) -> io::Result<()> {
    let end = file.stream_position()?;
    file.set_len(end)
}
