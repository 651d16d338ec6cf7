//! Folders as archives, the same bytes as a server makes of the same content; and archives as files.

use std::io::{Cursor, Read as _, Write as _};

use ::zip::{CompressionMethod, ZipArchive, ZipWriter, result::ZipError, write::SimpleFileOptions};

use super::{Content, Found, Input, Kind};

const MAX_ENTRIES: usize = 100_000;
const MAX_NAME_BYTES: usize = 4000;

/// An archive of what was found in a folder; its entries begin with `name`.
pub(super) fn pack(name: &str, mut entries: Vec<Found>) -> Result<Vec<u8>, ZipError> {
    // As a server goes over them: what is in a folder behind the folder, by their names.
    entries.sort_by(|one, other| one.path.split('/').cmp(other.path.split('/')));
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    archive.add_directory(format!("{name}/"), options())?;
    for Found { path, kind } in entries.into_iter().filter(|found| !found.path.is_empty()) {
        match kind {
            Kind::Folder => archive.add_directory(format!("{name}/{path}/"), options())?,
            Kind::File(content) => {
                archive.start_file(format!("{name}/{path}"), options())?;
                archive.write_all(&content)?;
            }
        }
    }
    Ok(archive.finish()?.into_inner())
}

fn options() -> SimpleFileOptions {
    SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(::zip::DateTime::default())
        .unix_permissions(0o755)
        .large_file(true)
}

/// What an archive holds, below the folder `into`.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Unpacked {
    pub(super) files: Vec<Input>,
    pub(super) folders: Vec<String>,
}

/// Unpacks an archive of at most `most_bytes`.
///
/// # Errors
/// A sentence: it is none, leads outside, or holds too much.
pub(super) fn unpack(archive: &[u8], into: &str, most_bytes: u64) -> Result<Unpacked, String> {
    let mut archive = ZipArchive::new(Cursor::new(archive)).map_err(|_| "it is not a ZIP archive")?;
    if archive.len() > MAX_ENTRIES {
        return Err(format!("the archive has more than {MAX_ENTRIES} entries"));
    }
    let mut left = most_bytes;
    let mut unpacked = Unpacked::default();
    for index in 0..archive.len() {
        let entry = archive.by_index(index).map_err(|_| "the archive is damaged")?;
        let name = entry.name().to_owned();
        if entry.is_symlink() {
            return Err(format!("the archive holds a link, `{name}`"));
        }
        let below = entry.enclosed_name().filter(|_| name.len() <= MAX_NAME_BYTES);
        let Some(below) = below.as_deref().and_then(|below| below.to_str()) else {
            return Err(format!("the archive's entry `{name}` leads outside its folder"));
        };
        let path = joined(into, below.trim_end_matches('/'));
        if name.ends_with('/') {
            unpacked.folders.push(path);
            continue;
        }
        // What an archive says of its sizes is not believed.
        let mut content = Vec::new();
        let read = entry.take(left.saturating_add(1)).read_to_end(&mut content);
        read.map_err(|_| "the archive is damaged")?;
        left = left
            .checked_sub(content.len() as u64)
            .ok_or_else(|| format!("the archive unpacks to more than {most_bytes} bytes"))?;
        let content = Content::Bytes(content);
        unpacked.files.push(Input { path, content });
    }
    Ok(unpacked)
}

/// A path in a folder, which may be that of the working directory.
pub(super) fn joined(folder: &str, path: &str) -> String {
    match folder {
        "" => path.to_owned(),
        folder => format!("{folder}/{path}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, content: &[u8]) -> Found {
        Found {
            path: path.into(),
            kind: Kind::File(content.into()),
        }
    }

    #[test]
    fn what_was_packed_is_unpacked() {
        let folder = Found {
            path: "b".into(),
            kind: Kind::Folder,
        };
        let packed = pack(
            "out",
            vec![file("b-c", b"2"), file("b/x", "щ".as_bytes()), folder, file("a", b"")],
        )
        .unwrap();
        let unpacked = unpack(&packed, "in", 100).unwrap();
        assert_eq!(unpacked.folders, ["in/out", "in/out/b"]);
        let paths: Vec<_> = unpacked.files.iter().map(|file| file.path.as_str()).collect();
        assert_eq!(paths, ["in/out/a", "in/out/b/x", "in/out/b-c"]);
        assert_eq!(unpacked.files[1].content, Content::Bytes("щ".as_bytes().into()));
        assert!(unpack(&packed, "", 2).is_err_and(|said| said.contains("more than 2 bytes")));
        assert_eq!(unpack(&packed, "", 3).unwrap().files[0].path, "out/a");
    }

    #[test]
    fn what_is_no_archive_is_refused() {
        for anything in [&b""[..], b"PK", &[0xff; 100]] {
            assert!(unpack(anything, "", 10).is_err());
        }
        let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
        archive.start_file("../evil", options()).unwrap();
        let outside = archive.finish().unwrap().into_inner();
        assert!(unpack(&outside, "", 10).is_err_and(|said| said.contains("leads outside")));
    }
}
