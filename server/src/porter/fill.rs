//! Fills the folders of a job: folders, files and archives.

use std::{
    fs::{self, File, Permissions},
    io::{self, Read, Seek, Write},
    os::{fd::OwnedFd, unix::fs::PermissionsExt},
    path::Path,
};

use anyhow::Context;
use jobsphere::api::sha256::Sha256;
use sha2::Digest;

use super::{
    unpack::{EXECUTABLE, unpack},
    wire::Answer,
};

const BUFFER_BYTES: usize = 1 << 20;

/// Writes the content of `source` to a file at `path`, which everyone may run; tells what the content was.
pub(super) fn write(path: &Path, source: OwnedFd) -> anyhow::Result<Answer> {
    fs::create_dir_all(path.parent().context("it has no folder")?)?;
    let mut file = File::create(path)?;
    let copied = copy(&mut File::from(source), &mut file)?;
    file.set_permissions(Permissions::from_mode(EXECUTABLE))?;
    Ok(copied)
}

/// Unpacks the archive into a folder; tells what its content was.
pub(super) fn unpack_into(folder: &Path, source: OwnedFd) -> anyhow::Result<Answer> {
    fs::create_dir_all(folder)?;
    let mut archive = File::from(source);
    let read = copy(&mut archive, &mut io::sink())?;
    archive.rewind()?;
    unpack(archive, folder)?;
    Ok(read)
}

fn copy(from: &mut impl Read, to: &mut impl Write) -> io::Result<Answer> {
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
    Ok(Answer::Copied {
        sha256: Sha256::finish(hasher).to_string(),
        size_bytes,
    })
}
