//! Keys of the data folder: random bytes in a file that only the server's user reads.

// Keys are opened before anybody is served.
#![allow(clippy::disallowed_methods)]

use std::{
    fs,
    io::{self, Write},
    path::Path,
};

use tempfile::NamedTempFile;

const KEY_BYTES: usize = 32;

/// Reads the key at `path`, which is made first where there is none; two that make it at once get the same one.
///
/// # Errors
/// When the file cannot be made or read, or is not a key.
pub(crate) fn open(path: &Path) -> io::Result<[u8; KEY_BYTES]> {
    if !path.exists() {
        make(path)?;
    }
    let bytes = fs::read(path)?.try_into();
    bytes.map_err(|_| io::Error::other(format!("{} is damaged", path.display())))
}

fn make(path: &Path) -> io::Result<()> {
    let folder = path.parent().ok_or(io::ErrorKind::InvalidInput)?;
    let mut bytes = [0; KEY_BYTES];
    getrandom::fill(&mut bytes).map_err(|error| io::Error::other(error.to_string()))?;
    let mut file = NamedTempFile::new_in(folder)?;
    file.write_all(&bytes)?;
    file.as_file().sync_all()?;
    match file.persist_noclobber(path) {
        Err(error) if error.error.kind() != io::ErrorKind::AlreadyExists => return Err(error.error),
        _ => {}
    }
    fs::File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_key_is_made_once_for_its_owner_alone() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("key");
        let first = open(&path).unwrap();
        make(&path).unwrap();
        assert_eq!(open(&path).unwrap(), first);
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        fs::write(&path, "short").unwrap();
        assert!(open(&path).unwrap_err().to_string().contains("damaged"));
    }
}
