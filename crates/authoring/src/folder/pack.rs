//! The archive of a folder: a ZIP of stored entries that is the same bytes for the same content.
//!
//! The archive is not held in memory. What the writer makes beside the contents is kept until it is taken, and of each
//! content only where it stands; who packs joins both into one body.

use std::{
    cell::{Cell, RefCell},
    io::{self, Seek, SeekFrom, Write},
    rc::Rc,
};

use zip::{CompressionMethod, DateTime, ZipWriter, result::ZipResult, write::SimpleFileOptions};

/// Read and write for all: files travel without mode bits, so these must not depend on the machine.
const MODE: u32 = 0o644;
const FOLDER_MODE: u32 = 0o755;
/// From this size on an entry needs the wide form of sizes.
const WIDE_FROM_BYTES: u64 = u32::MAX as u64;

/// A part of an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// What stands between contents.
    Bytes(Vec<u8>),
    /// The content of a file.
    Content {
        /// Which of the added files, counted from 0.
        file: usize,
        /// Its length.
        size_bytes: u64,
    },
}

impl Piece {
    /// Its length.
    pub fn size_bytes(&self) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::Content { size_bytes, .. } => *size_bytes,
        }
    }
}

/// Writes the archive of a folder.
///
/// The same archive comes of the same content only when entries are added in the same order; by the bytes of their
/// paths, as [`super::Rules`] and the app do.
pub struct Packer {
    zip: ZipWriter<Sink>,
    /// Which file's content is being written, for the sink to know.
    content_of: Rc<Cell<Option<usize>>>,
    pieces: Pieces,
    files: usize,
}

/// With the place where each begins.
type Pieces = Rc<RefCell<Vec<(u64, Piece)>>>;

impl std::fmt::Debug for Packer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Packer")
            .field("files", &self.files)
            .finish_non_exhaustive()
    }
}

impl Default for Packer {
    fn default() -> Self {
        let content_of = Rc::new(Cell::new(None));
        let pieces = Pieces::default();
        let sink = Sink {
            pieces: pieces.clone(),
            at: 0,
            end: 0,
            content_of: content_of.clone(),
        };
        Self {
            zip: ZipWriter::new(sink),
            content_of,
            pieces,
            files: 0,
        }
    }
}

impl Packer {
    /// Begins a file; its content follows by [`Self::content`].
    ///
    /// # Errors
    /// A path that was added before, or is too long.
    pub fn file(&mut self, path: &str, size_bytes: u64) -> ZipResult<()> {
        let options = options(MODE).large_file(size_bytes >= WIDE_FROM_BYTES);
        self.zip.start_file(path, options)?;
        self.files += 1;
        Ok(())
    }

    /// Adds to the content of the file that was begun last.
    ///
    /// # Errors
    /// More content than was announced for a file of less than 4 GiB.
    pub fn content(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.content_of.set(self.files.checked_sub(1));
        let written = self.zip.write_all(bytes);
        self.content_of.set(None);
        written
    }

    /// Adds a folder that has nothing in it.
    ///
    /// # Errors
    /// As [`Self::file`].
    pub fn folder(&mut self, path: &str) -> ZipResult<()> {
        self.zip.add_directory(path, options(FOLDER_MODE))
    }

    /// Takes what will not change any more: all that stands before the header of the file that was begun last.
    pub fn settled(&mut self) -> Vec<Piece> {
        let mut pieces = self.pieces.borrow_mut();
        let last = pieces.iter().rposition(|(_, piece)| matches!(piece, Piece::Bytes(_)));
        let settled = pieces.drain(..last.unwrap_or(0));
        settled.map(|(_, piece)| piece).collect()
    }

    /// Ends the archive; what of it was not taken yet.
    ///
    /// # Errors
    /// An archive that cannot be described, such as one with too many entries.
    pub fn finish(self) -> ZipResult<Vec<Piece>> {
        self.zip.finish()?;
        let pieces = self.pieces.take();
        Ok(pieces.into_iter().map(|(_, piece)| piece).collect())
    }
}

fn options(mode: u32) -> SimpleFileOptions {
    SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(DateTime::default())
        .unix_permissions(mode)
}

/// Where the archive is written: keeps what is not content. The writer goes back only to headers.
struct Sink {
    pieces: Pieces,
    at: u64,
    end: u64,
    content_of: Rc<Cell<Option<usize>>>,
}

impl Sink {
    fn append(&mut self, bytes: &[u8]) {
        let mut pieces = self.pieces.borrow_mut();
        match (pieces.last_mut(), self.content_of.get()) {
            (Some((_, Piece::Content { file, size_bytes })), Some(now)) if *file == now => {
                *size_bytes += bytes.len() as u64;
            }
            (_, Some(file)) => {
                let size_bytes = bytes.len() as u64;
                pieces.push((self.end, Piece::Content { file, size_bytes }));
            }
            (Some((_, Piece::Bytes(known))), None) => known.extend_from_slice(bytes),
            (_, None) => pieces.push((self.end, Piece::Bytes(bytes.to_vec()))),
        }
        self.end += bytes.len() as u64;
        self.at = self.end;
    }

    fn overwrite(&mut self, bytes: &[u8]) -> Option<usize> {
        let mut pieces = self.pieces.borrow_mut();
        let place = pieces.partition_point(|(start, _)| *start <= self.at).checked_sub(1)?;
        let (start, Piece::Bytes(known)) = &mut pieces[place] else {
            return None;
        };
        let known = known.get_mut(usize::try_from(self.at - *start).ok()?..)?;
        let count = known.len().min(bytes.len());
        known[..count].copy_from_slice(&bytes[..count]);
        self.at += count as u64;
        Some(count).filter(|count| *count > 0)
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.at == self.end {
            self.append(bytes);
            return Ok(bytes.len());
        }
        self.overwrite(bytes)
            .ok_or_else(|| io::Error::other("the archive's writer went back into a content"))
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Seek for Sink {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.end.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = at
            .filter(|at| *at <= self.end)
            .ok_or(io::Error::from(io::ErrorKind::InvalidInput))?;
        Ok(self.at)
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeMap, io::Read};

    use proptest::prelude::*;
    use zip::ZipArchive;

    use super::*;

    /// The archive as the page joins it.
    fn archive(files: &BTreeMap<String, Vec<u8>>, chunk: usize, is_taken_early: bool) -> Vec<u8> {
        let mut packer = Packer::default();
        let mut pieces = Vec::new();
        for (path, content) in files {
            packer.file(path, content.len() as u64).unwrap();
            for part in content.chunks(chunk) {
                packer.content(part).unwrap();
            }
            if is_taken_early {
                pieces.extend(packer.settled());
            }
        }
        pieces.extend(packer.finish().unwrap());
        let contents: Vec<&Vec<u8>> = files.values().collect();
        let mut joined = Vec::new();
        for piece in pieces {
            let before = joined.len() as u64;
            match &piece {
                Piece::Bytes(bytes) => joined.extend_from_slice(bytes),
                Piece::Content { file, size_bytes } => {
                    assert_eq!(contents[*file].len() as u64, *size_bytes);
                    joined.extend_from_slice(contents[*file]);
                }
            }
            assert_eq!(joined.len() as u64 - before, piece.size_bytes());
        }
        joined
    }

    fn read(bytes: &[u8]) -> BTreeMap<String, Vec<u8>> {
        let mut archive = ZipArchive::new(io::Cursor::new(bytes)).unwrap();
        (0..archive.len())
            .map(|index| {
                let mut entry = archive.by_index(index).unwrap();
                let mut content = Vec::new();
                // Compares the checksum too.
                entry.read_to_end(&mut content).unwrap();
                (entry.name().to_owned(), content)
            })
            .collect()
    }

    proptest! {
        #[test]
        fn what_is_packed_is_read_back_and_depends_on_nothing_else(
            files in proptest::collection::btree_map(
                "[a-zа-я☃]{1,4}(/[a-z .#%é]{1,6}){0,3}",
                proptest::collection::vec(any::<u8>(), 0..300),
                0..12,
            ),
            chunks in (1..64_usize, 1..400_usize),
        ) {
            let bytes = archive(&files, chunks.0, false);
            prop_assert_eq!(&bytes, &archive(&files, chunks.1, true));
            prop_assert_eq!(read(&bytes), files);
        }
    }

    #[test]
    fn entries_have_the_first_day_of_zip_and_one_mode() {
        let mut packer = Packer::default();
        packer.folder("d/empty").unwrap();
        packer.file("d/f", 1).unwrap();
        packer.content(b"x").unwrap();
        let mut joined = Vec::new();
        for piece in packer.finish().unwrap() {
            match piece {
                Piece::Bytes(bytes) => joined.extend(bytes),
                Piece::Content { .. } => joined.push(b'x'),
            }
        }
        let mut archive = ZipArchive::new(io::Cursor::new(joined)).unwrap();
        let seen: Vec<_> = (0..archive.len())
            .map(|index| {
                let entry = archive.by_index(index).unwrap();
                let year = entry.last_modified().map(|time| time.year());
                (entry.name().to_owned(), entry.unix_mode(), year)
            })
            .collect();
        assert_eq!(
            seen,
            [
                ("d/empty/".to_owned(), Some(0o40_755), Some(1980)),
                ("d/f".to_owned(), Some(0o100_644), Some(1980)),
            ]
        );
    }

    #[test]
    fn a_file_of_more_than_4_gib_is_described_by_wide_sizes() {
        let mut packer = Packer::default();
        let chunk = vec![0; 64 << 20];
        let size = (4_u64 << 30) + 5;
        packer.file("big", size).unwrap();
        for _ in 0..64 {
            packer.content(&chunk).unwrap();
        }
        packer.content(&chunk[..5]).unwrap();
        let pieces = packer.finish().unwrap();
        assert_eq!(
            pieces[1],
            Piece::Content {
                file: 0,
                size_bytes: size
            }
        );
        let Piece::Bytes(head) = &pieces[0] else {
            panic!("{pieces:?}")
        };
        assert!(head.windows(8).any(|bytes| bytes == size.to_le_bytes()), "{head:?}");
    }
}
