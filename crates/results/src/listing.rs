//! What is in a ZIP archive that lies elsewhere: its directory, read by a few ranges, and single entries by theirs.

use std::{borrow::Cow, cell::Cell, io};

use rawzip::{CompressionMethod, ReaderAt, ZipArchive};

/// More entries than this are not listed.
pub const MAX_ENTRIES: usize = 100_000;
/// Read at once around a place that is needed.
const STEP_BYTES: u64 = 64 << 10;
/// A comment at the end has at most so many bytes; further in front no archive ends.
const MAX_SEARCHED_BYTES: u64 = 128 << 10;
const BUFFER_BYTES: usize = 64 << 10;
/// Of the header before a content, without the name.
const LOCAL_HEADER_BYTES: usize = 30;

/// A file in an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Path in the archive.
    pub path: String,
    /// Its size once it is unpacked, as the archive says it.
    pub size_bytes: u64,
    /// Its size in the archive.
    pub packed_bytes: u64,
    /// Where its header begins.
    pub at: u64,
    /// How it is packed; `None` for a way that no browser unpacks.
    pub packing: Option<Packing>,
    /// Checksum of the content.
    pub crc32: u32,
}

/// How an entry is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Packing {
    /// Not at all.
    Stored,
    /// By deflate.
    Deflated,
}

/// Why the entries are not known.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ListingError {
    /// These bytes are to be read first.
    #[error("bytes from {from} to {to} are needed")]
    Needs {
        /// The first.
        from: u64,
        /// Behind the last.
        to: u64,
    },
    /// It is no archive, or a damaged one.
    #[error("it is not a ZIP archive, or it is damaged: {0}")]
    Damaged(String),
    /// It has more entries than are listed.
    #[error("the archive has more than {MAX_ENTRIES} entries")]
    TooMany,
}

/// The ranges of a file that have been read.
#[derive(Debug, Default)]
pub struct Ranges<'b> {
    total: u64,
    known: Vec<(u64, Cow<'b, [u8]>)>,
    missing: Cell<Option<u64>>,
}

impl<'b> Ranges<'b> {
    /// A file that has been read as a whole.
    pub fn whole(bytes: &'b [u8]) -> Self {
        Self {
            total: bytes.len() as u64,
            known: vec![(0, Cow::Borrowed(bytes))],
            ..Self::default()
        }
    }

    /// A file of `total` bytes, nothing of which is known.
    pub fn new(total: u64) -> Self {
        Self {
            total,
            ..Self::default()
        }
    }

    /// Takes in what stands at `from`.
    pub fn add(&mut self, from: u64, bytes: Vec<u8>) {
        self.known.push((from, Cow::Owned(bytes)));
    }

    /// The files in the archive.
    ///
    /// # Errors
    /// [`ListingError::Needs`] until enough is known.
    pub fn entries(&self) -> Result<Vec<Entry>, ListingError> {
        self.listed().map(|(entries, _)| entries)
    }

    /// The files in the archive, and the folders that are named in it, without a `/` at their ends; those with nothing in
    /// them are.
    ///
    /// # Errors
    /// As [`Self::entries`].
    pub fn listed(&self) -> Result<(Vec<Entry>, Vec<String>), ListingError> {
        self.missing.set(None);
        let (mut entries, mut folders) = (Vec::new(), Vec::new());
        match self.read(&mut entries, &mut folders) {
            _ if self.missing.get().is_some() => {
                let at = self.missing.get().unwrap_or_default();
                // The directory is read onwards, but its end is looked for from the end of the file.
                let from = if self.known.is_empty() {
                    self.total.saturating_sub(STEP_BYTES)
                } else {
                    at
                };
                Err(ListingError::Needs {
                    from,
                    to: (from + STEP_BYTES.max(self.read_bytes())).min(self.total),
                })
            }
            Err(error) => Err(ListingError::Damaged(error.to_string())),
            Ok(()) if entries.len() + folders.len() > MAX_ENTRIES => Err(ListingError::TooMany),
            Ok(()) => Ok((entries, folders)),
        }
    }

    fn read_bytes(&self) -> u64 {
        self.known.iter().map(|(_, bytes)| bytes.len() as u64).sum()
    }

    fn read(&self, entries: &mut Vec<Entry>, folders: &mut Vec<String>) -> Result<(), rawzip::Error> {
        let mut buffer = vec![0; BUFFER_BYTES];
        let archive = ZipArchive::with_max_search_space(MAX_SEARCHED_BYTES)
            .locate_in_reader(self, &mut buffer, self.total)
            .map_err(|(_, error)| error)?;
        let mut records = archive.entries(&mut buffer);
        while let Some(record) = records.next_entry()? {
            if entries.len() + folders.len() > MAX_ENTRIES {
                break;
            }
            let path = String::from_utf8_lossy(record.file_path().as_bytes()).into_owned();
            if record.is_dir() {
                folders.push(path.trim_end_matches('/').to_owned());
                continue;
            }
            let is_plain = !record.flags().is_encrypted();
            entries.push(Entry {
                path,
                size_bytes: record.uncompressed_size_hint(),
                packed_bytes: record.compressed_size_hint(),
                at: record.local_header_offset(),
                packing: match record.compression_method() {
                    CompressionMethod::STORE if is_plain => Some(Packing::Stored),
                    CompressionMethod::DEFLATE if is_plain => Some(Packing::Deflated),
                    _ => None,
                },
                crc32: record.crc32(),
            });
        }
        Ok(())
    }
}

impl ReaderAt for Ranges<'_> {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        if offset >= self.total || buffer.is_empty() {
            return Ok(0);
        }
        let found = self.known.iter().find_map(|(from, bytes)| {
            let inside = usize::try_from(offset.checked_sub(*from)?).ok()?;
            bytes.get(inside..).filter(|rest| !rest.is_empty())
        });
        let Some(rest) = found else {
            self.missing.set(Some(offset));
            return Err(io::Error::other("not read yet"));
        };
        let count = rest.len().min(buffer.len());
        buffer[..count].copy_from_slice(&rest[..count]);
        Ok(count)
    }
}

/// Whether all entries together have at most `most_bytes`, packed and unpacked: each alone may be small, and thousands be
/// one and the same place of the archive.
pub fn are_within(entries: &[Entry], most_bytes: u64) -> bool {
    let all = |bytes: fn(&Entry) -> u64| entries.iter().map(bytes).fold(0, u64::saturating_add);
    all(|entry| entry.size_bytes) <= most_bytes && all(|entry| entry.packed_bytes) <= most_bytes
}

impl Entry {
    /// The range that holds the entry with at most `limit` bytes of its packed content. The name before it may be longer
    /// than the directory says; so much is read besides.
    pub fn range(&self, limit: u64, total: u64) -> (u64, u64) {
        let before = LOCAL_HEADER_BYTES as u64 + self.path.len() as u64 + 512;
        let end = self
            .at
            .saturating_add(before)
            .saturating_add(self.packed_bytes.min(limit));
        (self.at, end.min(total))
    }

    /// The packed content in what was read of [`Self::range`]; `None` when it is no header.
    pub fn packed<'a>(&self, bytes: &'a [u8]) -> Option<&'a [u8]> {
        let length = |at: usize| Some(usize::from(u16::from_le_bytes([*bytes.get(at)?, *bytes.get(at + 1)?])));
        if !bytes.starts_with(b"PK\x03\x04") {
            return None;
        }
        let start = LOCAL_HEADER_BYTES + length(26)? + length(28)?;
        let end = start.saturating_add(usize::try_from(self.packed_bytes).ok()?);
        bytes.get(start..end.min(bytes.len()))
    }

    /// Whether `content` is what was packed.
    pub fn is_sound(&self, content: &[u8]) -> bool {
        content.len() as u64 == self.size_bytes && rawzip::crc32(content) == self.crc32
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use zip::{CompressionMethod::Stored, ZipWriter, write::SimpleFileOptions};

    use super::*;

    fn archive(files: usize) -> Vec<u8> {
        let mut zip = ZipWriter::new(io::Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default().compression_method(Stored).large_file(true);
        zip.add_directory("out", options).unwrap();
        for file in 0..files {
            zip.start_file(format!("out/файл-{file}.txt"), options).unwrap();
            zip.write_all(format!("content {file}").as_bytes()).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    /// The entries, and how many bytes were asked for.
    fn listed(bytes: &[u8]) -> (Result<Vec<Entry>, ListingError>, u64) {
        let mut ranges = Ranges::new(bytes.len() as u64);
        let mut asked = 0;
        loop {
            match ranges.entries() {
                Err(ListingError::Needs { from, to }) => {
                    assert!(from < to);
                    asked += to - from;
                    assert!(asked <= 2 * bytes.len() as u64 + 200_000, "it comes to an end");
                    ranges.add(from, bytes[from as usize..to as usize].to_vec());
                }
                outcome => return (outcome, asked),
            }
        }
    }

    #[test]
    fn entries_are_found_and_their_contents_too() {
        let bytes = archive(3);
        let entries = listed(&bytes).0.unwrap();
        let paths: Vec<&str> = entries.iter().map(|entry| entry.path.as_str()).collect();
        assert_eq!(paths, ["out/файл-0.txt", "out/файл-1.txt", "out/файл-2.txt"]);
        let entry = &entries[2];
        let (from, to) = entry.range(1 << 20, bytes.len() as u64);
        let content = entry.packed(&bytes[from as usize..to as usize]).unwrap();
        assert_eq!(content, b"content 2");
        assert!(entry.is_sound(content));
        assert!(!entry.is_sound(b"content 3"));
        assert_eq!(entry.packing, Some(Packing::Stored));
        assert_eq!(
            Ranges::whole(&bytes).listed().unwrap(),
            (entries, vec!["out".to_owned()])
        );
    }

    #[test]
    fn a_long_directory_is_read_and_the_contents_are_not() {
        let mut zip = ZipWriter::new(io::Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default().compression_method(Stored);
        zip.start_file("big", options).unwrap();
        zip.write_all(&vec![7; 3 << 20]).unwrap();
        for file in 0..5000 {
            zip.start_file(format!("{file}"), options).unwrap();
        }
        let (entries, asked) = listed(&zip.finish().unwrap().into_inner());
        assert_eq!(entries.unwrap().len(), 5001);
        assert!(asked < 1 << 20, "{asked}");
    }

    #[test]
    fn what_is_no_archive_is_said_soon() {
        let (outcome, asked) = listed(&vec![1; 5 << 20]);
        assert!(matches!(outcome, Err(ListingError::Damaged(_))), "{outcome:?}");
        assert!(asked < 1 << 20, "{asked}");
        assert!(listed(b"").0.is_err());
    }

    #[test]
    fn entries_are_small_together_or_not_at_all() {
        let entry = listed(&archive(1)).0.unwrap().remove(0);
        let many = vec![entry.clone(); 1000];
        let all = 1000 * entry.size_bytes.max(entry.packed_bytes);
        assert!(are_within(&many, all) && !are_within(&many, all - 1));
        let hollow = Entry {
            size_bytes: u64::MAX,
            packed_bytes: 1,
            ..entry.clone()
        };
        assert!(!are_within(&[hollow.clone(), hollow], u64::MAX - 1));
        let full = Entry {
            size_bytes: 1,
            packed_bytes: u64::MAX,
            ..entry
        };
        assert!(!are_within(&[full], 1 << 20));
    }

    #[test]
    fn an_archive_that_lies_about_its_entries_is_no_trouble() {
        let mut bytes = archive(2);
        let entries = listed(&bytes).0.unwrap();
        let entry = Entry {
            at: u64::MAX - 3,
            packed_bytes: u64::MAX,
            ..entries[0].clone()
        };
        assert_eq!(entry.range(100, 50).1, 50);
        assert_eq!(entry.packed(b"PK\x03\x04"), None);
        for place in bytes.len() - 200..bytes.len() {
            bytes[place] ^= 0xff;
            let _ = listed(&bytes);
        }
    }
}
