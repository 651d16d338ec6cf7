//! Packs a folder: the same bytes for the same content.

use std::{
    ffi::OsStr,
    fs::File,
    io::{self, Read, Seek, SeekFrom, Write},
    os::unix::{ffi::OsStrExt, fs::OpenOptionsExt},
    path::{Path, PathBuf},
};

use rustix::fs::{FileType, Mode, OFlags, fstat};
use walkdir::{DirEntry, WalkDir};
use zip::{CompressionMethod, ZipWriter, result::ZipError, write::SimpleFileOptions};

use super::{mind::set_mode, wire::NamedPaths};

/// Archives up to this size are made in memory.
const MEMORY_BYTES: usize = 32 << 20;
const BUFFER_BYTES: usize = 256 * 1024;
/// Links to folders within a folder: each packs what is there once more.
const MAX_FOLDER_LINKS: usize = 256;
pub(super) const OWNER_READS: u32 = 0o400;

/// Why a folder is not packed.
#[derive(Debug, thiserror::Error)]
pub(super) enum PackError {
    /// It holds more than is allowed.
    #[error("it holds too much")]
    TooLarge,
    /// Its owner has closed it to himself.
    #[error("it is closed")]
    Closed,
    /// The disk does not do it.
    #[error("{0}")]
    Disk(#[from] io::Error),
}

impl From<ZipError> for PackError {
    fn from(error: ZipError) -> Self {
        Self::Disk(error.into())
    }
}

impl From<walkdir::Error> for PackError {
    fn from(error: walkdir::Error) -> Self {
        Self::Disk(error.into())
    }
}

/// What an archive does not tell as it was.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Unlike {
    /// What could not be packed.
    pub(super) left_out: NamedPaths,
    /// What is named in another way, by that name.
    pub(super) renamed: NamedPaths,
}

/// Packs `folder`; entries begin with `name`. A link that `follow` says leads somewhere is packed as what is there; other
/// links, pipes, sockets, devices and what cannot be read are left out. The archive is read from the answer.
///
/// # Errors
/// When it holds more than `most_bytes`, or the disk does not do it.
pub(super) fn pack(
    folder: &Path,
    name: &str,
    most_bytes: u64,
    follow: impl Fn(&Path) -> Option<PathBuf>,
    spare: &Path,
) -> Result<(Spool, Unlike), PackError> {
    let mut packer = Packer {
        archive: ZipWriter::new(Spool::new(spare)),
        unlike: Unlike::default(),
        left_bytes: most_bytes,
        left_links: MAX_FOLDER_LINKS,
        buffer: vec![0; BUFFER_BYTES],
        follow,
    };
    packer.tree(folder, name, false)?;
    let mut spool = packer.archive.finish()?;
    spool.rewind()?;
    Ok((spool, packer.unlike))
}

struct Packer<F> {
    archive: ZipWriter<Spool>,
    unlike: Unlike,
    left_bytes: u64,
    /// So many links to folders are followed yet.
    left_links: usize,
    buffer: Vec<u8>,
    follow: F,
}

impl<F: Fn(&Path) -> Option<PathBuf>> Packer<F> {
    /// Packs what is in `folder` as what is in `name`; `is_linked` when a link has led here, from where no other does.
    fn tree(&mut self, folder: &Path, name: &str, is_linked: bool) -> Result<(), PackError> {
        for entry in WalkDir::new(folder).sort_by_file_name() {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) if error.depth() == 0 && is_closed(&error) => return Err(PackError::Closed),
                // A folder that is closed; its name alone is packed.
                Err(error) if error.depth() > 0 => {
                    let path = error.path().unwrap_or(folder);
                    self.unlike.left_out.push(&inside(folder, name, path));
                    continue;
                }
                Err(error) => return Err(error.into()),
            };
            let path = inside(folder, name, entry.path());
            if entry.depth() > 0 && !is_told_as_it_is(entry.file_name().as_bytes()) {
                self.unlike.renamed.push(&path);
            }
            if entry.file_type().is_dir() {
                // Without the slash, one that ends with a backslash would be taken to end as a folder does.
                self.archive.add_directory(format!("{path}/"), options())?;
                continue;
            }
            match self.real_path(&entry, folder, is_linked) {
                Some(real) if real.is_dir() => self.linked(&real, &path)?,
                Some(real) => self.file(&real, &path)?,
                None => self.unlike.left_out.push(&path),
            }
        }
        Ok(())
    }

    /// What `entry` is or leads to. Where a folder would lie within itself, there is no end to it.
    fn real_path(&mut self, entry: &DirEntry, folder: &Path, is_linked: bool) -> Option<PathBuf> {
        if !entry.path_is_symlink() {
            return Some(entry.path().to_owned());
        }
        let real = (self.follow)(entry.path())?;
        if real.is_dir() {
            if is_linked || entry.path().starts_with(&real) || folder.starts_with(&real) {
                return None;
            }
            self.left_links = self.left_links.checked_sub(1)?;
        }
        Some(real)
    }

    fn linked(&mut self, folder: &Path, name: &str) -> Result<(), PackError> {
        match self.tree(folder, name, true) {
            Err(PackError::Closed) => {
                self.unlike.left_out.push(name);
                Ok(())
            }
            packed => packed,
        }
    }

    fn file(&mut self, real: &Path, path: &str) -> Result<(), PackError> {
        let Ok(mut file) = open(real) else {
            self.unlike.left_out.push(path);
            return Ok(());
        };
        // A hole counts: it would be filled where the archive is unpacked.
        let size_bytes = file.metadata()?.len();
        if size_bytes > self.left_bytes {
            return Err(PackError::TooLarge);
        }
        self.archive.start_file(path, options())?;
        let copied = copy(&mut file, &mut self.archive, &mut self.buffer, self.left_bytes)?;
        self.left_bytes = self.left_bytes.checked_sub(copied).ok_or(PackError::TooLarge)?;
        Ok(())
    }
}

fn options() -> SimpleFileOptions {
    SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(zip::DateTime::default())
        .unix_permissions(0o755)
        .large_file(true)
}

fn is_closed(error: &walkdir::Error) -> bool {
    error
        .io_error()
        .is_some_and(|error| error.kind() == io::ErrorKind::PermissionDenied)
}

/// A file may grow while it is read: no more than a byte over `most_bytes` is taken.
fn copy(from: &mut File, to: &mut impl Write, buffer: &mut [u8], most_bytes: u64) -> io::Result<u64> {
    let mut from = from.take(most_bytes.saturating_add(1));
    let mut copied = 0;
    loop {
        match from.read(buffer) {
            Ok(0) => return Ok(copied),
            Ok(read) => {
                to.write_all(&buffer[..read])?;
                copied += read as u64;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// The name of what lies at `path` in the archive.
fn inside(folder: &Path, name: &str, path: &Path) -> String {
    let below = path.strip_prefix(folder).unwrap_or(path);
    match below.as_os_str().is_empty() {
        true => name.to_owned(),
        false => format!("{name}/{}", told(below.as_os_str())),
    }
}

/// A path as text. Bytes that are none are told by their numbers, as `\xff`; a name with such bytes, or that reads like
/// one, has its backslashes doubled. So two names stay two, and nearly all are told as they are.
pub(crate) fn told(path: &OsStr) -> String {
    let names = path.as_bytes().split(|byte| *byte == b'/');
    names.map(told_name).collect::<Vec<_>>().join("/")
}

fn told_name(name: &[u8]) -> String {
    if is_told_as_it_is(name) {
        return String::from_utf8_lossy(name).into_owned();
    }
    let mut text = String::new();
    for chunk in name.utf8_chunks() {
        text.push_str(&chunk.valid().replace('\\', r"\\"));
        chunk
            .invalid()
            .iter()
            .for_each(|byte| text.push_str(&format!("\\x{byte:02x}")));
    }
    text
}

fn is_told_as_it_is(name: &[u8]) -> bool {
    str::from_utf8(name).is_ok() && !reads_as_told(name)
}

/// Whether a name holds what only [`told_name`] would have put there.
fn reads_as_told(name: &[u8]) -> bool {
    let is_number = |digits: &[u8]| matches!(digits, [b'8'..=b'9' | b'a'..=b'f', b'0'..=b'9' | b'a'..=b'f']);
    let has_number = name
        .windows(4)
        .any(|part| part.starts_with(br"\x") && is_number(&part[2..]));
    has_number || name.windows(2).any(|part| part == br"\\")
}

/// Opens a file to read it, if it is one. One that its owner has closed to himself is opened to him.
///
/// # Errors
/// When it is none, or another's who has closed it. A pipe is not waited for.
pub(super) fn open(path: &Path) -> io::Result<File> {
    let file = match open_once(path) {
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
            open_to_owner(path).map_err(|_| error)?;
            open_once(path)?
        }
        opened => opened?,
    };
    match file.metadata()?.is_file() {
        true => Ok(file),
        false => Err(io::ErrorKind::InvalidInput.into()),
    }
}

/// A link may have come into the file's place: what is opened is what is changed.
fn open_to_owner(path: &Path) -> io::Result<()> {
    let flags = OFlags::PATH | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let closed = rustix::fs::open(path, flags, Mode::empty())?;
    match FileType::from_raw_mode(fstat(&closed)?.st_mode) {
        FileType::RegularFile => set_mode(&closed, OWNER_READS),
        _ => Err(io::ErrorKind::InvalidInput.into()),
    }
}

fn open_once(path: &Path) -> io::Result<File> {
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let mut options = File::options();
    options.read(true).custom_flags(flags.bits().cast_signed()).open(path)
}

/// An archive on its way: in memory, and in a file without a name when it grows.
#[derive(Debug)]
pub(super) enum Spool {
    Memory(io::Cursor<Vec<u8>>, PathBuf),
    Disk(File),
}

impl Spool {
    /// `spare` is a folder for what is too large for memory.
    fn new(spare: &Path) -> Self {
        Self::Memory(io::Cursor::new(Vec::new()), spare.to_owned())
    }
}

impl Write for Spool {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if let Self::Memory(memory, spare) = self
            && memory.position() + bytes.len() as u64 > MEMORY_BYTES as u64
        {
            let mut file = tempfile::tempfile_in(spare)?;
            file.write_all(memory.get_ref())?;
            file.seek(SeekFrom::Start(memory.position()))?;
            *self = Self::Disk(file);
        }
        match self {
            Self::Memory(memory, _) => memory.write(bytes),
            Self::Disk(file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Seek for Spool {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        match self {
            Self::Memory(memory, _) => memory.seek(to),
            Self::Disk(file) => file.seek(to),
        }
    }
}

impl Read for Spool {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Memory(memory, _) => memory.read(into),
            Self::Disk(file) => file.read(into),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::super::{mind::Opened, unpack::unpack, wire::Existing};
    use super::*;

    fn bytes(folder: &Path, name: &str, most: u64) -> Result<Vec<u8>, PackError> {
        let (mut spool, unlike) = pack(folder, name, most, |_| None, folder.parent().unwrap())?;
        assert_eq!(unlike.left_out, NamedPaths::default());
        let mut bytes = Vec::new();
        spool.read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    #[test]
    fn a_folder_comes_back_and_is_the_same_bytes_twice() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("данные");
        fs::create_dir_all(folder.join("sub/empty")).unwrap();
        fs::write(folder.join("sub/a b.txt"), "text").unwrap();
        let packed = bytes(&folder, "данные", u64::MAX).unwrap();
        assert_eq!(packed, bytes(&folder, "данные", u64::MAX).unwrap());
        let archive = dir.path().join("x.zip");
        fs::write(&archive, packed).unwrap();
        let opened = Opened::at(dir.path()).unwrap();
        let unpacked = |into: &str, most| {
            let archive = File::open(&archive).unwrap();
            unpack(archive, &opened, Path::new(into), most, Existing::Replaced)
        };
        assert_eq!(unpacked("to", 4).unwrap().0, 4);
        let again = unpacked("small", 3);
        assert!(again.unwrap_err().to_string().contains("more than 3 bytes"));
        assert_eq!(
            fs::read_to_string(dir.path().join("to/данные/sub/a b.txt")).unwrap(),
            "text"
        );
        assert!(dir.path().join("to/данные/sub/empty").is_dir());
    }

    #[test]
    fn a_link_to_a_folder_is_what_is_there_and_none_leads_into_itself() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("out");
        fs::create_dir_all(folder.join("ckpt-9/deep")).unwrap();
        fs::create_dir(dir.path().join("beside")).unwrap();
        fs::write(folder.join("ckpt-9/model.pt"), "x").unwrap();
        for (link, target) in [
            ("latest", "ckpt-9"),
            ("beside", "../beside"),
            ("round", "."),
            ("ckpt-9/deep/up", ".."),
            ("away", "/etc"),
        ] {
            std::os::unix::fs::symlink(target, folder.join(link)).unwrap();
        }
        std::os::unix::fs::symlink("../out/ckpt-9", dir.path().join("beside/on")).unwrap();
        let within = |link: &Path| link.canonicalize().ok().filter(|real| real.starts_with(dir.path()));
        let (spool, unlike) = pack(&folder, "out", 2, within, dir.path()).unwrap();
        let archive = zip::ZipArchive::new(spool).unwrap();
        let mut names: Vec<&str> = archive.file_names().collect();
        names.sort_unstable();
        let whole = ["", "beside/", "ckpt-9/", "ckpt-9/deep/", "ckpt-9/model.pt"];
        let linked = ["latest/", "latest/deep/", "latest/model.pt"];
        assert_eq!(
            names,
            [&whole[..], &linked]
                .concat()
                .iter()
                .map(|name| format!("out/{name}"))
                .collect::<Vec<_>>()
        );
        let mut left_out = NamedPaths::default();
        for name in ["away", "beside/on", "ckpt-9/deep/up", "latest/deep/up", "round"] {
            left_out.push(&format!("out/{name}"));
        }
        assert_eq!(unlike.left_out, left_out);
    }

    #[test]
    fn names_that_are_no_text_stay_two_and_holes_count() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("out");
        fs::create_dir(&folder).unwrap();
        for byte in [0xfe_u8, 0xff] {
            fs::write(folder.join(OsStr::from_bytes(&[b'a', byte])), [byte]).unwrap();
        }
        let archive = zip::ZipArchive::new(io::Cursor::new(bytes(&folder, "out", 2).unwrap())).unwrap();
        let names: Vec<&str> = archive.file_names().collect();
        assert_eq!(names, ["out/", "out/a\\xfe", "out/a\\xff"]);
        // They may be told by such names too.
        for name in [r"a\xff", r"a\\xff", r"b\c"] {
            fs::write(folder.join(name), "").unwrap();
        }
        let archive = zip::ZipArchive::new(io::Cursor::new(bytes(&folder, "out", 2).unwrap())).unwrap();
        let names: Vec<&str> = archive.file_names().collect();
        let told = ["", r"a\\\\xff", r"a\\xff", r"a\xfe", r"a\xff", r"b\c"];
        assert_eq!(names, told.map(|name| format!("out/{name}")));
        File::create(folder.join("hole")).unwrap().set_len(1 << 41).unwrap();
        assert!(matches!(bytes(&folder, "out", 1 << 40), Err(PackError::TooLarge)));
    }

    #[test]
    fn what_is_too_large_for_memory_goes_through_the_disk() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("out");
        fs::create_dir(&folder).unwrap();
        let mut noise = vec![0_u8; MEMORY_BYTES + 100];
        let mut state = 7_u32;
        for byte in &mut noise {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            *byte = (state >> 24) as u8;
        }
        fs::write(folder.join("noise"), &noise).unwrap();
        fs::write(folder.join("after"), "x").unwrap();
        let mut archive = zip::ZipArchive::new(io::Cursor::new(bytes(&folder, "out", u64::MAX).unwrap())).unwrap();
        let mut back = Vec::new();
        archive.by_name("out/noise").unwrap().read_to_end(&mut back).unwrap();
        assert!(back == noise);
    }
}
