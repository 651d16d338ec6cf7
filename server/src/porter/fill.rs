//! Fills the folders of a job: folders, files and archives.

use std::{
    fs::{File, Permissions},
    io::{self, Read, Seek, Write},
    os::{fd::OwnedFd, unix::fs::PermissionsExt},
    path::Path,
};

use jobsphere::api::sha256::Sha256;
use sha2::Digest;

use super::{
    mind::Opened,
    unpack::{EXECUTABLE, unpack},
    wire::Answer,
};

const BUFFER_BYTES: usize = 1 << 20;

/// Writes the content of `source` to a file at `path` in `folder`, which everyone may run; tells what the content was.
pub(super) fn write(folder: &Opened, path: &Path, source: OwnedFd) -> anyhow::Result<Answer> {
    let mut file = folder.make_file(path)?;
    let (sha256, size_bytes) = copy(&mut File::from(source), &mut file)?;
    file.set_permissions(Permissions::from_mode(EXECUTABLE))?;
    Ok(Answer::Copied { sha256, size_bytes })
}

/// Unpacks the archive into what is at `path` in `folder`, to at most `most_bytes`; tells what its content was, and how
/// much came out of it.
pub(super) fn unpack_into(folder: &Opened, path: &Path, source: OwnedFd, most_bytes: u64) -> anyhow::Result<Answer> {
    folder.make_folders(path)?;
    let mut archive = File::from(source);
    let (sha256, _) = copy(&mut archive, &mut io::sink())?;
    archive.rewind()?;
    let size_bytes = unpack(archive, folder, path, most_bytes)?;
    Ok(Answer::Copied { sha256, size_bytes })
}

fn copy(from: &mut impl Read, to: &mut impl Write) -> io::Result<(String, u64)> {
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
