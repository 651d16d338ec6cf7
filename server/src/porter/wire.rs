//! What the server and a porter say to each other: frames of at most a megabyte, on a socket.
//!
//! A frame is a tag, a length and so many bytes: a message in JSON, a piece of content, or the end of content. Nothing
//! is read beyond what a length allows, and no length is believed that is over the limit.

use std::{
    collections::VecDeque,
    fmt,
    io::{self, IoSlice, IoSliceMut, Read, Write},
    mem::MaybeUninit,
    os::{
        fd::{AsFd, BorrowedFd, OwnedFd},
        unix::net::UnixStream,
    },
    path::PathBuf,
};

use jobsphere_api::jobs::file_upload_error::ErrorType;
use rustix::fs::Stat;
use rustix::net::{
    RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer, SendAncillaryMessage, SendFlags,
    recvmsg, sendmsg,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::mind::Content;

/// The largest frame.
pub(super) const MAX_FRAME_BYTES: usize = 1 << 20;
/// Content goes in pieces of this size.
pub(super) const PIECE_BYTES: usize = 256 * 1024;
/// A tag and a length.
const HEADER_BYTES: usize = 5;
/// Descriptors that may wait to be taken: one belongs to a message, and few messages wait.
const MAX_DESCRIPTORS: usize = 4;
/// Paths that are told of by name.
pub(super) const TOLD: usize = 10;

/// What a frame holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tag {
    /// A message.
    Message = 1,
    /// A piece of content.
    Piece = 2,
    /// The end of content.
    End = 3,
}

impl Tag {
    fn read(byte: u8) -> io::Result<Self> {
        match byte {
            1 => Ok(Self::Message),
            2 => Ok(Self::Piece),
            3 => Ok(Self::End),
            _ => Err(garbled("a frame of no known kind")),
        }
    }
}

/// A folder of those that the porter was started with, and a path in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Place {
    /// The folder's number.
    pub(crate) folder: usize,
    /// Below it; empty for the folder itself.
    pub(crate) path: String,
}

/// A folder of the porter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Folder {
    /// Where the porter sees it.
    pub(super) path: PathBuf,
    /// Where the command sees it, and so where its links lead.
    pub(super) seen_as: PathBuf,
}

/// What becomes of a file that is in the place of one that is brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Existing {
    /// It gives way.
    Replaced,
    /// It stays, and is told of if it is another one.
    Kept,
}

/// Paths that somebody is told of: the first ones, and how many more there are.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct NamedPaths {
    pub(crate) paths: Vec<String>,
    pub(crate) more: usize,
}

impl NamedPaths {
    pub(super) fn push(&mut self, path: &str) {
        match self.paths.len() < TOLD {
            true => self.paths.push(path.to_owned()),
            false => self.more = self.more.saturating_add(1),
        }
    }

    /// Those of `other` too.
    pub(crate) fn add(&mut self, other: &Self) {
        other.paths.iter().for_each(|path| self.push(path));
        self.more = self.more.saturating_add(other.more);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.paths.is_empty()
    }
}

impl fmt::Display for NamedPaths {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, path) in self.paths.iter().enumerate() {
            let before = if place == 0 { "" } else { ", " };
            write!(f, "{before}`{path}`")?;
        }
        match self.more {
            0 => Ok(()),
            more => write!(f, " and {more} more"),
        }
    }
}

/// A time as file systems keep it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Moment {
    /// Seconds since the epoch.
    pub(crate) s: i64,
    /// Nanoseconds.
    pub(crate) ns: i64,
}

impl Moment {
    /// When what was found was changed last, in whatever way: no program can set that.
    #[allow(clippy::unnecessary_cast)] // Of other machines it is another number.
    pub(super) fn of_change(found: &Stat) -> Self {
        Self {
            s: found.st_ctime as i64,
            ns: found.st_ctime_nsec as i64,
        }
    }
}

/// So many files, and what they hold.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Sum {
    pub(crate) files: u64,
    pub(crate) bytes: u64,
}

impl Sum {
    pub(super) fn add(&mut self, size_bytes: u64) {
        self.files = self.files.saturating_add(1);
        self.bytes = self.bytes.saturating_add(size_bytes);
    }
}

/// A file that a command has made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct MadeFile {
    /// Below the folder; bytes, because names need not be text.
    pub(crate) path: Vec<u8>,
    /// Its length.
    pub(crate) size_bytes: u64,
}

/// What the porter is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Request {
    /// The first message: the folders, and the number of the one for what is needed for a moment.
    Begin { folders: Vec<Folder>, spare: usize },
    /// Makes a folder and those above it.
    MakeFolder { at: Place },
    /// Writes a file with the content of the descriptor that comes along.
    Write { at: Place, existing: Existing },
    /// Unpacks the archive of the descriptor that comes along into a folder, to so many bytes at most.
    Unpack {
        into: Place,
        most_bytes: u64,
        existing: Existing,
    },
    /// Gives a file, or a folder as an archive.
    Collect { at: Place, most_bytes: u64 },
    /// Tells the files in a folder that were made since then, but for those that lie at these paths or below them.
    Made {
        folder: usize,
        named: Vec<Vec<u8>>,
        since: Moment,
    },
    /// Gives a file, and never what a link leads to.
    Take {
        folder: usize,
        path: Vec<u8>,
        most_bytes: u64,
    },
    /// Measures a folder.
    Measure { folder: usize },
    /// Measures a folder, and makes all in it read-only unless it holds more than so many bytes.
    Seal { folder: usize, most_bytes: u64 },
    /// Takes the rights to change what is in a folder from everyone but its owner; measures it.
    Close { folder: usize },
    /// Removes all in a folder.
    Clear { folder: usize },
    /// Tells all in a folder: entries, each file's content behind it.
    Send { folder: usize },
    /// Makes in a folder what is told.
    Receive { folder: usize },
    /// What [`Request::Receive`] waits for.
    Entry(Entry),
    /// No entry follows.
    NoMore,
}

/// What the porter answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) enum Answer {
    /// It is done.
    Done,
    /// It is not, for the reason that the sentence says.
    Failed { sentence: String },
    /// The content that was written or unpacked, the bytes that are there now, and what was there before and stayed.
    Copied {
        sha256: String,
        size_bytes: u64,
        kept: NamedPaths,
    },
    /// What to collect is there; its content follows, and then [`Answer::Packed`].
    Found { is_folder: bool },
    /// What could not go into the archive, and what is there under a name that is told in another way.
    Packed { left_out: NamedPaths, renamed: NamedPaths },
    /// What to collect is not there, or cannot be had.
    NotCollected { kind: Problem, sentence: String },
    /// What to collect holds more than it may.
    TooLarge { size_bytes: Option<u64> },
    /// A file that was made; others follow, and then [`Answer::MadeAll`].
    MadeFile(MadeFile),
    /// What was made besides, and what there is of caches.
    MadeAll { more: Sum, passed: Sum },
    /// What a folder holds.
    Measured(Content),
    /// An entry of a folder; the content of a file follows.
    Entry(Entry),
}

/// An entry of a folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Entry {
    /// Below the folder; bytes, because names need not be text.
    pub(super) path: Vec<u8>,
    /// What it is.
    pub(super) kind: EntryKind,
    /// Who may do what, nine bits.
    pub(super) mode: u32,
}

/// What an entry is; others are passed over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum EntryKind {
    /// A folder.
    Folder,
    /// A file.
    File,
    /// A link, leading where the bytes say.
    Link(Vec<u8>),
}

/// Why an output cannot be had, as the API tells them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Problem {
    NotFound,
    Failed,
}

impl From<Problem> for ErrorType {
    fn from(problem: Problem) -> Self {
        match problem {
            Problem::NotFound => Self::NotFound,
            Problem::Failed => Self::UploadFailed,
        }
    }
}

/// What came in does not follow the rules above.
pub(super) fn garbled(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("the other side sent {what}"))
}

/// Reads the next frame into `payload`; `None` when the other side has closed between two frames.
///
/// # Errors
/// When the other side has closed within a frame, or sent none.
pub(super) fn read_frame(from: &mut impl Read, payload: &mut Vec<u8>) -> io::Result<Option<Tag>> {
    let mut header = [0; HEADER_BYTES];
    let mut first = 0;
    while first == 0 {
        first = match from.read(&mut header[..1]) {
            Ok(0) => return Ok(None),
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => 0,
            Err(error) => return Err(error),
        };
    }
    from.read_exact(&mut header[1..])?;
    let [tag, length @ ..] = header;
    let tag = Tag::read(tag)?;
    let length = u32::from_le_bytes(length) as usize;
    if length > MAX_FRAME_BYTES || (tag == Tag::End && length > 0) {
        return Err(garbled("a frame that is too long"));
    }
    if tag == Tag::Piece && length == 0 {
        // Any number of them would be no more than what is allowed.
        return Err(garbled("a piece of nothing"));
    }
    payload.resize(length, 0);
    from.read_exact(payload)?;
    Ok(Some(tag))
}

/// Writes one frame.
///
/// # Errors
/// When it is too long, or the other side has closed.
pub(super) fn write_frame(to: &mut impl Write, tag: Tag, payload: &[u8]) -> io::Result<()> {
    to.write_all(&header(tag, payload)?)?;
    to.write_all(payload)
}

fn header(tag: Tag, payload: &[u8]) -> io::Result<[u8; HEADER_BYTES]> {
    let length = u32::try_from(payload.len())
        .ok()
        .filter(|_| payload.len() <= MAX_FRAME_BYTES);
    let length = length.ok_or(io::ErrorKind::InvalidInput)?.to_le_bytes();
    Ok([tag as u8, length[0], length[1], length[2], length[3]])
}

/// Writes a message.
///
/// # Errors
/// As [`write_frame`].
pub(super) fn write_message(to: &mut impl Write, message: &impl Serialize) -> io::Result<()> {
    write_frame(to, Tag::Message, &serde_json::to_vec(message)?)
}

/// Reads the JSON of a message.
///
/// # Errors
/// When it is something else.
pub(super) fn message<T: DeserializeOwned>(payload: &[u8]) -> io::Result<T> {
    serde_json::from_slice(payload).map_err(|error| {
        // Not the error's own words: they repeat what came.
        let (kind, column) = (error.classify(), error.column());
        garbled(&format!("a message that is none ({kind:?} at {column})"))
    })
}

/// Writes a message that a descriptor comes along with.
///
/// # Errors
/// As [`write_frame`].
pub(super) fn write_with_descriptor(
    to: &mut UnixStream,
    message: &impl Serialize,
    descriptor: BorrowedFd<'_>,
) -> io::Result<()> {
    let payload = serde_json::to_vec(message)?;
    let header = header(Tag::Message, &payload)?;
    let descriptors = [descriptor];
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
    let mut along = SendAncillaryBuffer::new(&mut space);
    if !along.push(SendAncillaryMessage::ScmRights(&descriptors)) {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    let sent = sendmsg(to.as_fd(), &[IoSlice::new(&header)], &mut along, SendFlags::NOSIGNAL)?;
    to.write_all(&header[sent..])?;
    to.write_all(&payload)
}

/// The porter's ear: bytes, and the descriptors that came with them.
pub(super) struct Ear {
    stream: UnixStream,
    descriptors: VecDeque<OwnedFd>,
}

impl Ear {
    pub(super) fn new(stream: UnixStream) -> Self {
        Self {
            stream,
            descriptors: VecDeque::new(),
        }
    }

    /// The next descriptor that came.
    pub(super) fn descriptor(&mut self) -> Option<OwnedFd> {
        self.descriptors.pop_front()
    }
}

impl Read for Ear {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(MAX_DESCRIPTORS))];
        let mut along = RecvAncillaryBuffer::new(&mut space);
        let mut into = [IoSliceMut::new(buffer)];
        let received = recvmsg(&self.stream, &mut into, &mut along, RecvFlags::CMSG_CLOEXEC)?;
        for message in along.drain() {
            if let RecvAncillaryMessage::ScmRights(descriptors) = message {
                self.descriptors.extend(descriptors);
            }
        }
        if self.descriptors.len() > MAX_DESCRIPTORS {
            return Err(garbled("more descriptors than belong to its messages"));
        }
        Ok(received.bytes)
    }
}
