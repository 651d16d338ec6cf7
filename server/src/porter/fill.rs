//! Fills the folders of a job: folders, files and archives.

use std::{
    fs::{File, Permissions},
    io::{self, Read, Seek, Write},
    os::{fd::OwnedFd, unix::fs::PermissionsExt},
    path::Path,
};

use jobsphere_api::sha256::Sha256;
use sha2::Digest;

use super::{
    mind::Opened,
    pack::told,
    unpack::{EXECUTABLE, unpack},
    wire::{Answer, Existing, NamedPaths},
};

const BUFFER_BYTES: usize = 1 << 20;

/// Writes the content of `source` to a file at `path` in `folder`, which everyone may run; tells what the content was.
pub(super) fn write(folder: &Opened, path: &Path, source: OwnedFd, existing: Existing) -> anyhow::Result<Answer> {
    let mut source = File::from(source);
    let made = match existing {
        Existing::Replaced => Some(folder.make_file(path)?),
        Existing::Kept => folder.make_missing_file(path)?,
    };
    let mut kept = NamedPaths::default();
    let (sha256, size_bytes) = match made {
        Some(mut file) => {
            let copied = copy(&mut source, &mut file)?;
            file.set_permissions(Permissions::from_mode(EXECUTABLE))?;
            copied
        }
        None => {
            let content = copy(&mut source, &mut io::sink())?;
            if !is_there(folder, path, &content) {
                kept.push(&told(path.as_os_str()));
            }
            (content.0, 0)
        }
    };
    Ok(Answer::Copied {
        sha256,
        size_bytes,
        kept,
    })
}

/// Whether the file at `path` has the content with this digest and size; the same twice is nothing to speak of.
pub(super) fn is_there(folder: &Opened, path: &Path, content: &(String, u64)) -> bool {
    let Ok(mut file) = folder.open_file(path) else {
        return false;
    };
    // What has another size is not read.
    let is_as_large = file.metadata().is_ok_and(|found| found.len() == content.1);
    is_as_large && copy(&mut file, &mut io::sink()).is_ok_and(|there| there == *content)
}

/// Unpacks the archive into what is at `path` in `folder`, to at most `most_bytes`; tells what its content was, and how
/// much came out of it.
pub(super) fn unpack_into(
    folder: &Opened,
    path: &Path,
    source: OwnedFd,
    most_bytes: u64,
    existing: Existing,
) -> anyhow::Result<Answer> {
    folder.make_folders(path)?;
    let mut archive = File::from(source);
    let (sha256, _) = copy(&mut archive, &mut io::sink())?;
    archive.rewind()?;
    let (size_bytes, kept) = unpack(archive, folder, path, most_bytes, existing)?;
    Ok(Answer::Copied {
        sha256,
        size_bytes,
        kept,
    })
}

/// Copies, and tells the digest of the content and its size.
pub(super) fn copy(from: &mut impl Read, to: &mut impl Write) -> io::Result<(String, u64)> {
    let mut hasher = sha2::Sha256::new();
    let mut buffer = vec![0; BUFFER_BYTES];
    let mut size_bytes = 0;
    loop {
        match from.read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => {
                hasher.update(&buffer[..read]);
                to.write_all(&buffer[..read])?;
                size_bytes += read as u64;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok((Sha256::finish(hasher).to_string(), size_bytes))
}
