//! The server's end of a porter. Everything here blocks.

mod made;

use std::{
    fs::File,
    io::{self, BufReader, Read},
    net::Shutdown,
    os::{
        fd::{AsFd, OwnedFd},
        unix::net::UnixStream,
    },
    process::{Child, Stdio},
    time::Duration,
};

use jobsphere_api::{jobs::file_upload_error::ErrorType, sha256::Sha256};

use super::{
    mind::Content,
    serve,
    tree::below,
    wire::{
        Answer, EntryKind, Existing, Folder, NamedPaths, PIECE_BYTES, Place, Request, TOLD, Tag, garbled, message,
        read_frame, write_frame, write_message, write_with_descriptor,
    },
};
use crate::sandbox::{self, Mount, Sandbox, User};

pub(crate) use made::Made;

/// How long a porter may be silent.
const PATIENCE: Duration = Duration::from_secs(20 * 60);
/// Characters of a sentence or a name that comes from a porter.
pub(super) const MAX_CHARS: usize = 2000;
/// More than any folder holds, files or bytes; what is measured of several can be added.
const MOST_MEASURED: u64 = 1 << 56;
/// What an archive may hold beside the content of its files.
const MAX_ARCHIVE_EXTRA_BYTES: u64 = 1 << 30;

/// Why the porter did not do something. `Display` is a clause for the user.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PorterError {
    /// It could not, and says why.
    #[error("{0}")]
    Refused(String),
    /// It is gone, was broken off, or spoke garbage; ask another one.
    #[error("what handles the job's files has ended: {0}")]
    Gone(#[from] io::Error),
}

/// Content that was put into a job's folders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Copied {
    /// Its digest, as the porter has read it.
    pub(crate) sha256: Option<Sha256>,
    /// Bytes that are there now.
    pub(crate) size_bytes: u64,
    /// What was there before, and stayed.
    pub(crate) kept: NamedPaths,
}

/// What became of an output.
#[derive(Debug)]
pub(crate) enum Collected<T> {
    /// It is stored.
    Stored {
        /// What storing it answered.
        stored: T,
        /// Whether it is a folder, stored as an archive.
        is_folder: bool,
        /// What could not go into the archive.
        left_out: NamedPaths,
        /// What is there under a name that is told in another way.
        renamed: NamedPaths,
    },
    /// It holds more than it may: so many bytes, where that is known, with holes.
    TooLarge {
        /// The bytes.
        size_bytes: Option<u64>,
    },
    /// It cannot be had, as the sentence says.
    Not {
        /// As the API tells them apart.
        kind: ErrorType,
        /// Why.
        sentence: String,
    },
}

/// Breaks off what a porter is doing, from another thread.
#[derive(Debug)]
pub(crate) struct Breaker(UnixStream);

impl Breaker {
    /// The porter ends at once, and whoever waits for it gets an error.
    pub(crate) fn break_off(&self) {
        // It may have ended already.
        let _ = self.0.shutdown(Shutdown::Both);
    }
}

/// A porter that runs. It ends when this is dropped.
#[derive(Debug)]
pub(crate) struct Porter {
    /// The process, or the sandbox around it.
    process: Option<Child>,
    /// How many it has.
    folders: usize,
    to: UnixStream,
    from: BufReader<UnixStream>,
    payload: Vec<u8>,
    is_in_step: bool,
}

impl Porter {
    /// Starts one that sees `folders`, as `sandbox` and `user` allow; `spare` is the number of the one for what it needs
    /// for a moment.
    ///
    /// # Errors
    /// When the process cannot be started.
    pub(crate) fn start(sandbox: Sandbox, user: Option<User>, folders: &[Mount], spare: usize) -> io::Result<Self> {
        let (to, theirs) = UnixStream::pair()?;
        // One that stands still does not keep a thread of the server.
        to.set_read_timeout(Some(PATIENCE))?;
        to.set_write_timeout(Some(PATIENCE))?;
        let process = process(sandbox, user, folders, theirs)?;
        let has_own_view = sandbox == Sandbox::Bubblewrap;
        let folders = folders.iter().map(|folder| Folder {
            path: if has_own_view { &folder.target } else { &folder.source }.clone(),
            seen_as: folder.target.clone(),
        });
        let mut porter = Self::over(to, process, folders.len())?;
        let begin = Request::Begin {
            folders: folders.collect(),
            spare,
        };
        // There is no answer: the porter starts while the server does other things.
        write_message(&mut porter.to, &begin)?;
        Ok(porter)
    }

    /// What is at the other end of a stream.
    fn over(stream: UnixStream, process: Option<Child>, folders: usize) -> io::Result<Self> {
        Ok(Self {
            process,
            folders,
            from: BufReader::with_capacity(PIECE_BYTES, stream.try_clone()?),
            to: stream,
            payload: Vec::new(),
            is_in_step: true,
        })
    }

    /// One that a test plays itself.
    #[cfg(test)]
    pub(super) fn played(stream: UnixStream, folders: usize) -> io::Result<Self> {
        Self::over(stream, None, folders)
    }

    /// What breaks it off.
    ///
    /// # Errors
    /// When there are no descriptors left.
    pub(crate) fn breaker(&self) -> io::Result<Breaker> {
        self.to.try_clone().map(Breaker)
    }

    /// The number of the process, or of the sandbox around it.
    pub(crate) fn pid(&self) -> u32 {
        self.process.as_ref().map_or(0, Child::id)
    }

    /// Whether it can be asked for more.
    pub(crate) fn is_ready(&mut self) -> bool {
        let runs = self
            .process
            .as_mut()
            .is_none_or(|process| matches!(process.try_wait(), Ok(None)));
        self.is_in_step && runs
    }

    /// Makes a folder and those above it.
    ///
    /// # Errors
    /// [`PorterError`], as for all that follows.
    pub(crate) fn make_folder(&mut self, at: Place) -> Result<(), PorterError> {
        self.ask(&Request::MakeFolder { at }, None)
            .and_then(|answer| self.done(answer))
    }

    /// Writes a file with this content.
    pub(crate) fn write(&mut self, at: Place, content: &File, existing: Existing) -> Result<Copied, PorterError> {
        let answer = self.ask(&Request::Write { at, existing }, Some(content))?;
        self.copied(answer)
    }

    /// Unpacks this archive into a folder, to at most `most_bytes`.
    pub(crate) fn unpack(
        &mut self,
        into: Place,
        archive: &File,
        most_bytes: u64,
        existing: Existing,
    ) -> Result<Copied, PorterError> {
        let unpack = Request::Unpack {
            into,
            most_bytes,
            existing,
        };
        let answer = self.ask(&unpack, Some(archive))?;
        self.copied(answer)
    }

    /// Measures a folder.
    pub(crate) fn measure(&mut self, folder: usize) -> Result<Content, PorterError> {
        let answer = self.ask(&Request::Measure { folder }, None)?;
        self.measured(answer)
    }

    /// Measures a folder, and makes all in it read-only unless it holds more than `most_bytes`.
    pub(crate) fn seal(&mut self, folder: usize, most_bytes: u64) -> Result<Content, PorterError> {
        let answer = self.ask(&Request::Seal { folder, most_bytes }, None)?;
        self.measured(answer)
    }

    /// Takes the rights to change what is in a folder from everyone but its owner, and measures it.
    pub(crate) fn close(&mut self, folder: usize) -> Result<Content, PorterError> {
        let answer = self.ask(&Request::Close { folder }, None)?;
        self.measured(answer)
    }

    /// Removes all in a folder.
    pub(crate) fn clear(&mut self, folder: usize) -> Result<(), PorterError> {
        self.ask(&Request::Clear { folder }, None)
            .and_then(|answer| self.done(answer))
    }

    /// Removes all in all folders, as far as that is possible.
    pub(crate) fn clear_all(&mut self) {
        self.clear_all_but(None);
    }

    /// The same but for one folder.
    pub(crate) fn clear_all_but(&mut self, spared: Option<usize>) {
        for folder in (0..self.folders).filter(|folder| Some(*folder) != spared) {
            if let Err(error) = self.clear(folder) {
                tracing::debug!("a folder is not empty: {error}");
            }
        }
    }

    /// Lets `store` read an output of at most `most_bytes`; nothing may be kept when that is answered with an error.
    pub(crate) fn collect<T>(
        &mut self,
        at: Place,
        most_bytes: u64,
        store: impl FnOnce(&mut dyn Read) -> io::Result<T>,
    ) -> Result<Collected<T>, PorterError> {
        self.given(&Request::Collect { at, most_bytes }, most_bytes, store)
    }

    /// Lets `store` read what is given for a request.
    fn given<T>(
        &mut self,
        request: &Request,
        most_bytes: u64,
        store: impl FnOnce(&mut dyn Read) -> io::Result<T>,
    ) -> Result<Collected<T>, PorterError> {
        let is_folder = match self.ask(request, None)? {
            Answer::Found { is_folder } => is_folder,
            Answer::NotCollected { kind, sentence } => return Ok(not(kind, &sentence)),
            Answer::TooLarge { size_bytes } => return Ok(Collected::TooLarge { size_bytes }),
            other => return self.out_of_step(&other),
        };
        self.payload.clear();
        let extra_bytes = if is_folder { MAX_ARCHIVE_EXTRA_BYTES } else { 0 };
        let mut pieces = Pieces {
            porter: self,
            left_bytes: most_bytes.saturating_add(extra_bytes),
            place: 0,
            end: None,
        };
        let stored = store(&mut pieces);
        match (pieces.end, stored) {
            (Some(Ending::Whole), Ok(stored)) => self.packed(stored, is_folder),
            (Some(Ending::Not { kind, sentence }), _) => Ok(not(kind, &sentence)),
            (Some(Ending::Whole), Err(error)) => {
                self.packed((), is_folder)?;
                Ok(not_stored(&error))
            }
            (None, Err(error)) if self.is_in_step => {
                // The rest of the content is for nobody.
                self.is_in_step = false;
                Ok(not_stored(&error))
            }
            (None, Err(error)) => Err(error.into()),
            (None, Ok(_)) => {
                self.is_in_step = false;
                Err(garbled("content that nobody read").into())
            }
        }
    }

    fn packed<T>(&mut self, stored: T, is_folder: bool) -> Result<Collected<T>, PorterError> {
        match self.answer()? {
            Answer::Packed { left_out, renamed } => Ok(Collected::Stored {
                stored,
                is_folder,
                left_out: checked(left_out),
                renamed: checked(renamed),
            }),
            other => self.out_of_step(&other),
        }
    }

    fn ask(&mut self, request: &Request, content: Option<&File>) -> Result<Answer, PorterError> {
        self.say(request, content)?;
        self.answer()
    }

    fn say(&mut self, request: &Request, content: Option<&File>) -> Result<(), PorterError> {
        if !self.is_in_step {
            return Err(io::Error::from(io::ErrorKind::NotConnected).into());
        }
        let said = match content {
            Some(content) => write_with_descriptor(&mut self.to, request, content.as_fd()),
            None => write_message(&mut self.to, request),
        };
        self.is_in_step = said.is_ok();
        Ok(said?)
    }

    fn answer(&mut self) -> Result<Answer, PorterError> {
        let read = match self.frame() {
            Ok(Tag::Message) => message(&self.payload),
            Ok(_) => Err(garbled("content out of turn")),
            Err(error) => Err(error),
        };
        self.is_in_step = read.is_ok();
        Ok(read?)
    }

    fn frame(&mut self) -> io::Result<Tag> {
        read_frame(&mut self.from, &mut self.payload)?.ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
    }

    fn done(&mut self, answer: Answer) -> Result<(), PorterError> {
        match answer {
            Answer::Done => Ok(()),
            other => self.out_of_step(&other),
        }
    }

    fn copied(&mut self, answer: Answer) -> Result<Copied, PorterError> {
        match answer {
            Answer::Copied {
                sha256,
                size_bytes,
                kept,
            } => Ok(Copied {
                sha256: Sha256::parse(&sha256).ok(),
                size_bytes,
                kept: checked(kept),
            }),
            other => self.out_of_step(&other),
        }
    }

    fn measured(&mut self, answer: Answer) -> Result<Content, PorterError> {
        match answer {
            Answer::Measured(content) => Ok(content.at_most(MOST_MEASURED)),
            other => self.out_of_step(&other),
        }
    }

    /// It says that it failed, or nothing that was asked.
    fn out_of_step<T>(&mut self, answer: &Answer) -> Result<T, PorterError> {
        if let Answer::Failed { sentence } = answer {
            return Err(PorterError::Refused(plain(sentence)));
        }
        self.is_in_step = false;
        Err(garbled("an answer to another question").into())
    }
}

impl Drop for Porter {
    fn drop(&mut self) {
        let _ = self.to.shutdown(Shutdown::Both);
        // What is inside bubblewrap has ended with the socket; this ends what is around it.
        // One that somebody else has waited for is no process any more.
        if let Some(process) = &mut self.process
            && let Ok(None) = process.try_wait()
        {
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}

fn process(sandbox: Sandbox, user: Option<User>, folders: &[Mount], stream: UnixStream) -> io::Result<Option<Child>> {
    if cfg!(test) {
        // The tests of this library are another program, which has no porter to start: theirs is a thread.
        std::thread::spawn(move || serve::serve(&stream, || {}));
        return Ok(None);
    }
    let mut command = sandbox::porter(sandbox, user, folders)?;
    command
        .stdin(Stdio::from(OwnedFd::from(stream)))
        // What it might print would be a job's words on the operator's terminal.
        .stderr(Stdio::null());
    command.spawn().map(Some)
}

/// Paths as they may be shown, and no more of them than a porter tells.
fn checked(told: NamedPaths) -> NamedPaths {
    NamedPaths {
        more: told.more.saturating_add(told.paths.len().saturating_sub(TOLD)),
        paths: told.paths.iter().take(TOLD).map(|path| plain(path)).collect(),
    }
}

/// How content came to its end.
#[derive(Debug)]
enum Ending {
    Whole,
    Not { kind: ErrorType, sentence: String },
}

/// The content of an output.
struct Pieces<'a> {
    porter: &'a mut Porter,
    left_bytes: u64,
    /// Of the piece at hand, so much was read.
    place: usize,
    end: Option<Ending>,
}

impl Pieces<'_> {
    fn next(&mut self) -> io::Result<()> {
        self.porter.payload.clear();
        self.place = 0;
        match self.porter.frame()? {
            Tag::Piece => {
                let length = self.porter.payload.len() as u64;
                self.left_bytes = self
                    .left_bytes
                    .checked_sub(length)
                    .ok_or_else(|| garbled("more than it may"))?;
                Ok(())
            }
            Tag::End => {
                self.end = Some(Ending::Whole);
                self.porter.payload.clear();
                Ok(())
            }
            Tag::Message => match message(&self.porter.payload)? {
                Answer::NotCollected { kind, sentence } => {
                    let error = io::Error::other(sentence.clone());
                    self.end = Some(Ending::Not {
                        kind: kind.into(),
                        sentence,
                    });
                    Err(error)
                }
                _ => Err(garbled("a message out of turn")),
            },
        }
    }
}

impl Read for Pieces<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.place >= self.porter.payload.len() {
            if self.end.is_some() {
                return Ok(0);
            }
            if !self.porter.is_in_step {
                // What comes after that is no content, whatever it says.
                return Err(io::ErrorKind::NotConnected.into());
            }
            let next = self.next();
            self.porter.is_in_step &= next.is_ok() || self.end.is_some();
            next?;
            if self.end.is_some() {
                return Ok(0);
            }
        }
        let left = &self.porter.payload[self.place..];
        let read = left.len().min(into.len());
        into[..read].copy_from_slice(&left[..read]);
        self.place += read;
        Ok(read)
    }
}

/// Copies all in a folder of one porter into an empty one of another; answers the number of files.
///
/// # Errors
/// When either fails; both are of no use then.
pub(crate) fn copy_tree(from: &mut Porter, folder: usize, to: &mut Porter, into: usize) -> Result<u64, PorterError> {
    let copied = try_copy_tree(from, folder, to, into);
    if copied.is_err() {
        // One may be in the middle of a file, and the other wait for the rest.
        (from.is_in_step, to.is_in_step) = (false, false);
    }
    copied
}

fn try_copy_tree(from: &mut Porter, folder: usize, to: &mut Porter, into: usize) -> Result<u64, PorterError> {
    from.say(&Request::Send { folder }, None)?;
    to.say(&Request::Receive { folder: into }, None)?;
    let mut files = 0;
    loop {
        match from.answer()? {
            Answer::Entry(entry) => {
                below(&entry.path)?;
                let is_file = entry.kind == EntryKind::File;
                to.say(&Request::Entry(entry), None)?;
                if is_file {
                    files += 1;
                    pass_on(from, to)?;
                }
            }
            Answer::Done => break,
            other => return from.out_of_step(&other),
        }
    }
    let answer = to.ask(&Request::NoMore, None)?;
    to.done(answer)?;
    Ok(files)
}

fn pass_on(from: &mut Porter, to: &mut Porter) -> io::Result<()> {
    loop {
        let tag = from.frame()?;
        if tag == Tag::Message {
            return Err(garbled("a message out of turn"));
        }
        write_frame(&mut to.to, tag, &from.payload)?;
        if tag == Tag::End {
            return Ok(());
        }
    }
}

fn not<T>(kind: impl Into<ErrorType>, sentence: &str) -> Collected<T> {
    Collected::Not {
        kind: kind.into(),
        sentence: plain(sentence),
    }
}

fn not_stored<T>(error: &io::Error) -> Collected<T> {
    not(ErrorType::UploadFailed, &format!("It could not be stored: {error}"))
}

/// Words of a porter as they may be shown: not too many, and nothing that steers a terminal.
fn plain(words: &str) -> String {
    let letters = words.chars().take(MAX_CHARS);
    letters
        .map(|letter| if letter.is_control() { '\u{fffd}' } else { letter })
        .collect()
}
