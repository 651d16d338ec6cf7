//! A folder on its way from one porter to another, entry by entry.

use std::{
    ffi::OsStr,
    fs::{self, File, Permissions},
    io::{self, Read, Write},
    os::unix::{ffi::OsStrExt, fs::PermissionsExt},
    path::{Component, Path, PathBuf},
};

use rustix::fs::Mode;
use walkdir::WalkDir;

use super::{
    mind::Opened,
    pack,
    wire::{Answer, Entry, EntryKind, PIECE_BYTES, Tag, garbled, write_frame, write_message},
};

const MODE_BITS: u32 = 0o777;
const OWNER_WRITES: Mode = Mode::RWXU;

/// Tells all in `folder`: each entry, and behind a file its content. What cannot be read, and what is neither file,
/// folder nor link, is passed over.
///
/// # Errors
/// When the other side has closed.
pub(super) fn send(folder: &Path, to: &mut impl Write) -> io::Result<()> {
    let mut buffer = vec![0; PIECE_BYTES];
    for entry in WalkDir::new(folder).min_depth(1).into_iter().flatten() {
        let Ok(metadata) = entry.metadata() else { continue };
        let mut content = None;
        let kind = match entry.file_type() {
            kind if kind.is_dir() => EntryKind::Folder,
            kind if kind.is_symlink() => match fs::read_link(entry.path()) {
                Ok(target) => EntryKind::Link(target.as_os_str().as_bytes().to_vec()),
                Err(_) => continue,
            },
            kind if kind.is_file() => match pack::open(entry.path()) {
                Ok(file) => {
                    content = Some(file);
                    EntryKind::File
                }
                Err(_) => continue,
            },
            _ => continue,
        };
        let path = entry.path().strip_prefix(folder).map_err(io::Error::other)?;
        let told = Entry {
            path: path.as_os_str().as_bytes().to_vec(),
            kind,
            mode: metadata.permissions().mode() & MODE_BITS,
        };
        write_message(to, &Answer::Entry(told))?;
        if let Some(mut file) = content {
            loop {
                match file.read(&mut buffer)? {
                    0 => break,
                    read => write_frame(to, Tag::Piece, &buffer[..read])?,
                }
            }
            write_frame(to, Tag::End, &[])?;
        }
    }
    Ok(())
}

/// What is told of a folder becomes one; modes of folders come last, so that a read-only one can be filled.
///
/// Nothing is made behind a link, which may have been told before.
pub(super) struct Receiver<'a> {
    folder: &'a Opened,
    modes: Vec<(PathBuf, u32)>,
}

impl<'a> Receiver<'a> {
    pub(super) fn new(folder: &'a Opened) -> Self {
        Self {
            folder,
            modes: Vec::new(),
        }
    }

    /// Makes an entry; answers the file to write, if it is one.
    ///
    /// # Errors
    /// When its path leads outside, or the disk does not do it.
    pub(super) fn make(&mut self, entry: &Entry) -> io::Result<Option<File>> {
        let path = below(&entry.path)?;
        match &entry.kind {
            EntryKind::Folder => {
                self.folder.make_new_folder(&path, OWNER_WRITES)?;
                self.modes.push((path, entry.mode));
                Ok(None)
            }
            EntryKind::Link(target) => {
                self.folder.make_new_link(&path, OsStr::from_bytes(target))?;
                Ok(None)
            }
            EntryKind::File => {
                let file = self.folder.make_new_file(&path, OWNER_WRITES)?;
                file.set_permissions(Permissions::from_mode(entry.mode & MODE_BITS))?;
                Ok(Some(file))
            }
        }
    }

    /// Nothing follows.
    ///
    /// # Errors
    /// When the disk does not do it.
    pub(super) fn finish(self) -> io::Result<()> {
        let mut deepest_first = self.modes.iter().rev();
        deepest_first.try_for_each(|(path, mode)| self.folder.set_folder_mode(path, mode & MODE_BITS))
    }
}

/// A path that leads down and nowhere else.
///
/// # Errors
/// When it does not.
pub(super) fn below(path: &[u8]) -> io::Result<PathBuf> {
    let path = Path::new(OsStr::from_bytes(path));
    let leads_down = path.components().all(|part| matches!(part, Component::Normal(_)));
    match leads_down && path.components().next().is_some() {
        true => Ok(path.to_owned()),
        false => Err(garbled("a path that leads elsewhere")),
    }
}
