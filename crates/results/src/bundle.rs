//! All outputs as one ZIP that is written while they come: each is checked against its SHA-256, and one that fails is taken
//! out again. Whoever writes the archive down applies [`Patch`]es at their places, so that nothing is held in memory.

use std::{
    cell::RefCell,
    collections::BTreeSet,
    io::{self, Seek, SeekFrom, Write},
    mem,
    rc::Rc,
};

use sha2::{Digest, Sha256 as Sha2};
use zip::{CompressionMethod, DateTime, ZipWriter, result::ZipError, write::SimpleFileOptions};

use crate::api::sha256::Sha256;

/// The list of what is missing, inside the archive.
pub const FAILED: &str = "FAILED.txt";
/// From this size on an entry needs the wide form of sizes.
const WIDE_FROM_BYTES: u64 = u32::MAX as u64;
const MODE: u32 = 0o644;
/// What is written in one stretch grows up to this size.
const PATCH_BYTES: usize = 1 << 20;

/// Bytes that stand at a place of the archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Patch {
    /// Offset of the first.
    pub at: u64,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// Why an output is not in the archive.
#[derive(Debug, thiserror::Error)]
pub enum BundleError {
    /// Another size than was announced.
    #[error("{came} bytes came instead of {expected}")]
    Size {
        /// How many came.
        came: u64,
        /// How many were announced.
        expected: u64,
    },
    /// Another content than was announced.
    #[error("its SHA-256 is {came} instead of {expected}")]
    Content {
        /// What it is.
        came: Sha256,
        /// What it was said to be.
        expected: Sha256,
    },
    /// It cannot be described in an archive.
    #[error(transparent)]
    Zip(#[from] ZipError),
    /// More than an entry can hold.
    #[error(transparent)]
    Write(#[from] io::Error),
}

/// An archive that is being written.
pub struct Bundle {
    zip: ZipWriter<Sink>,
    written: Rc<RefCell<Written>>,
    entry: Sha2,
    entry_bytes: u64,
}

impl std::fmt::Debug for Bundle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Bundle").finish_non_exhaustive()
    }
}

impl Default for Bundle {
    fn default() -> Self {
        let written = Rc::<RefCell<Written>>::default();
        Self {
            zip: ZipWriter::new(Sink(written.clone())),
            written,
            entry: Sha2::new(),
            entry_bytes: 0,
        }
    }
}

impl Bundle {
    /// Begins an output; its content follows by [`Self::content`], then [`Self::end`] or [`Self::abandon`].
    ///
    /// # Errors
    /// A path that was added before, or is too long.
    pub fn begin(&mut self, path: &str, size_bytes: u64) -> Result<(), BundleError> {
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Stored)
            .last_modified_time(DateTime::default())
            .unix_permissions(MODE)
            .large_file(size_bytes >= WIDE_FROM_BYTES);
        self.zip.start_file(path, options)?;
        self.entry = Sha2::new();
        self.entry_bytes = 0;
        Ok(())
    }

    /// Adds to the content.
    ///
    /// # Errors
    /// More than was announced for a file of less than 4 GiB.
    pub fn content(&mut self, bytes: &[u8]) -> Result<(), BundleError> {
        self.zip.write_all(bytes)?;
        self.entry.update(bytes);
        self.entry_bytes += bytes.len() as u64;
        Ok(())
    }

    /// Ends an output and says whether it is what it should be; one that is not is taken out.
    ///
    /// # Errors
    /// [`BundleError::Size`], [`BundleError::Content`].
    pub fn end(&mut self, size_bytes: u64, sha256: Sha256) -> Result<(), BundleError> {
        let came = Sha256::finish(mem::replace(&mut self.entry, Sha2::new()));
        let wrong = match () {
            () if self.entry_bytes != size_bytes => BundleError::Size {
                came: self.entry_bytes,
                expected: size_bytes,
            },
            () if came != sha256 => BundleError::Content { came, expected: sha256 },
            () => return Ok(()),
        };
        self.abandon()?;
        Err(wrong)
    }

    /// Takes the last output out again: what comes next is written over it.
    ///
    /// # Errors
    /// There is none.
    pub fn abandon(&mut self) -> Result<(), BundleError> {
        Ok(self.zip.abort_file()?)
    }

    /// What is to be written down now.
    pub fn take(&self) -> Vec<Patch> {
        mem::take(&mut self.written.borrow_mut().patches)
    }

    /// Ends the archive: what is still to be written down, and its length. What stands behind that is left from an output
    /// that was taken out.
    ///
    /// # Errors
    /// An archive that cannot be described.
    pub fn finish(self) -> Result<(Vec<Patch>, u64), BundleError> {
        let Self { zip, written, .. } = self;
        drop(zip.finish()?);
        let mut written = written.borrow_mut();
        Ok((mem::take(&mut written.patches), written.at))
    }
}

#[derive(Debug, Default)]
struct Written {
    patches: Vec<Patch>,
    at: u64,
    end: u64,
}

/// Where the archive's writer writes.
struct Sink(Rc<RefCell<Written>>);

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut written = self.0.borrow_mut();
        let at = written.at;
        match written.patches.last_mut() {
            Some(last) if last.at + last.bytes.len() as u64 == at && last.bytes.len() < PATCH_BYTES => {
                last.bytes.extend_from_slice(bytes);
            }
            _ => written.patches.push(Patch {
                at,
                bytes: bytes.to_vec(),
            }),
        }
        written.at += bytes.len() as u64;
        written.end = written.end.max(written.at);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Seek for Sink {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let mut written = self.0.borrow_mut();
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => written.end.checked_add_signed(by),
            SeekFrom::Current(by) => written.at.checked_add_signed(by),
        };
        written.at = at
            .filter(|at| *at <= written.end)
            .ok_or(io::Error::from(io::ErrorKind::InvalidInput))?;
        Ok(written.at)
    }
}

/// Paths for an archive: each once, none that leads out of the folder where it is unpacked, and nothing in them that
/// cannot be seen.
#[derive(Debug)]
pub struct Paths {
    taken: BTreeSet<String>,
}

impl Default for Paths {
    fn default() -> Self {
        Self {
            taken: BTreeSet::from([FAILED.to_owned()]),
        }
    }
}

impl Paths {
    /// The path for an output at `path`; the archive of a folder gets the ending of one.
    pub fn give(&mut self, path: &str, is_archive: bool) -> String {
        let names = path.split(['/', '\\']);
        let names = names.filter(|name| !matches!(*name, "" | "." | ".."));
        let mut wanted = jobsphere_names::saved(&names.collect::<Vec<_>>().join("/")).into_owned();
        if wanted.is_empty() {
            wanted.push_str("output");
        }
        if is_archive && !wanted.ends_with(".zip") {
            wanted.push_str(".zip");
        }
        let free = crate::api::path::free_path(&wanted, &self.taken);
        self.taken.insert(free.clone());
        free
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeMap, io::Read};

    use proptest::prelude::*;
    use zip::ZipArchive;

    use super::*;

    fn digest(content: &[u8]) -> Sha256 {
        Sha256::finish(Sha2::new().chain_update(content))
    }

    fn apply(to: &mut Vec<u8>, patches: Vec<Patch>) {
        for Patch { at, bytes } in patches {
            let at = at as usize;
            to.resize(to.len().max(at + bytes.len()), 0);
            to[at..at + bytes.len()].copy_from_slice(&bytes);
        }
    }

    fn read(bytes: &[u8]) -> BTreeMap<String, Vec<u8>> {
        let mut archive = ZipArchive::new(io::Cursor::new(bytes)).unwrap();
        (0..archive.len())
            .map(|index| {
                let mut entry = archive.by_index(index).unwrap();
                let mut content = Vec::new();
                entry.read_to_end(&mut content).unwrap();
                (entry.name().to_owned(), content)
            })
            .collect()
    }

    proptest! {
        #[test]
        fn what_is_sound_is_in_it_and_nothing_else(
            files in proptest::collection::btree_map(
                "[a-zя]{1,4}(/[a-z é]{1,5}){0,2}",
                (proptest::collection::vec(any::<u8>(), 0..300), 0..4_u8),
                0..10,
            ),
            chunk in 1..64_usize,
        ) {
            let mut bundle = Bundle::default();
            let mut disk = Vec::new();
            let mut sound = BTreeMap::new();
            for (path, (content, fate)) in &files {
                bundle.begin(path, content.len() as u64).unwrap();
                for part in content.chunks(chunk) {
                    bundle.content(part).unwrap();
                    apply(&mut disk, bundle.take());
                }
                let size = content.len() as u64;
                match fate {
                    0 => bundle.abandon().unwrap(),
                    1 => prop_assert!(bundle.end(size, digest(b"other")).is_err()),
                    2 => prop_assert!(bundle.end(size + 1, digest(content)).is_err()),
                    _ => {
                        bundle.end(size, digest(content)).unwrap();
                        sound.insert(path.clone(), content.clone());
                    }
                }
                apply(&mut disk, bundle.take());
            }
            let (patches, length) = bundle.finish().unwrap();
            apply(&mut disk, patches);
            disk.truncate(length as usize);
            prop_assert_eq!(read(&disk), sound);
        }
    }

    #[test]
    fn paths_are_each_there_once_and_stay_inside() {
        let mut paths = Paths::default();
        assert_eq!(paths.give("../../etc/x", false), "etc/x");
        assert_eq!(paths.give("/etc/x", false), "etc/x-2");
        assert_eq!(paths.give("out", true), "out.zip");
        assert_eq!(paths.give("out.zip", false), "out-2.zip");
        assert_eq!(paths.give(FAILED, false), "FAILED-2.txt");
        assert_eq!(paths.give("..", false), "output");
        assert_eq!(paths.give("plot\u{202e}gnp.sh", false), "plot_gnp.sh");
    }
}
