//! Unpacks an archive: no entry outside, no links, not more than the limits.

use std::{
    fs::{File, Permissions},
    io,
    os::unix::fs::PermissionsExt,
    path::Path,
};

use anyhow::{Context, bail, ensure};
use zip::ZipArchive;

use super::mind::Opened;

/// Inputs carry no mode bits; `cmd: ./run.sh` must work.
pub(super) const EXECUTABLE: u32 = 0o755;
const MAX_ENTRIES: usize = 100_000;
const MAX_UNPACKED_BYTES: u64 = 20 << 30;
const MAX_NAME_BYTES: usize = 4000;

/// Unpacks `archive` into what is at `path` in `folder`; answers how many bytes that were, of `most_bytes` at most.
///
/// # Errors
/// When it is none, leads outside, is larger than what is allowed, or the disk does not take it.
pub(super) fn unpack(archive: File, folder: &Opened, path: &Path, most_bytes: u64) -> anyhow::Result<u64> {
    let mut archive = ZipArchive::new(archive).context("it is not a ZIP archive")?;
    ensure!(
        archive.len() <= MAX_ENTRIES,
        "the archive has more than {MAX_ENTRIES} entries"
    );
    let most_bytes = most_bytes.min(MAX_UNPACKED_BYTES);
    let mut left = most_bytes;
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index)?;
        let name = entry.name().to_owned();
        ensure!(!entry.is_symlink(), "the archive holds a link, `{name}`");
        let Some(below) = entry.enclosed_name().filter(|_| name.len() <= MAX_NAME_BYTES) else {
            bail!("the archive's entry `{name}` leads outside its folder");
        };
        let target = path.join(below);
        // A name may end with a backslash, which is no folder's for that.
        if name.ends_with('/') {
            folder.make_folders(&target)?;
            continue;
        }
        // What an archive says of its sizes is not believed.
        let mut limited = io::Read::take(&mut entry, left + 1);
        let mut file = folder.make_file(&target)?;
        let written = io::copy(&mut limited, &mut file).map_err(|error| match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => anyhow::Error::from(error),
            _ => anyhow::Error::msg("the archive is damaged"),
        })?;
        left = left.checked_sub(written).with_context(|| {
            format!(
                "the archive unpacks to more than {most_bytes} bytes; the job needs more `extended_working_storage`"
            )
        })?;
        file.set_permissions(Permissions::from_mode(EXECUTABLE))?;
    }
    Ok(most_bytes - left)
}

#[cfg(test)]
mod tests {
    use std::{fs, io::Write};

    use zip::{ZipWriter, write::SimpleFileOptions};

    use super::*;

    #[test]
    fn entries_that_lead_outside_and_links_are_refused() {
        let dir = tempfile::tempdir().unwrap();
        let archive = dir.path().join("x.zip");
        for name in ["../evil", "/evil", "a/../../evil"] {
            let mut writer = ZipWriter::new(File::create(&archive).unwrap());
            writer.start_file(name, SimpleFileOptions::default()).unwrap();
            writer.write_all(b"x").unwrap();
            writer.finish().unwrap();
            let inner = dir.path().join("inner");
            fs::create_dir_all(&inner).unwrap();
            let folder = Opened::at(&inner).unwrap();
            let refused = unpack(File::open(&archive).unwrap(), &folder, Path::new("to"), 9).is_err();
            assert!(refused || !dir.path().join("inner/evil").exists(), "{name}");
            assert!(!Path::new("/evil").exists());
        }
        let mut writer = ZipWriter::new(File::create(&archive).unwrap());
        writer
            .add_symlink("link", "/etc/passwd", SimpleFileOptions::default())
            .unwrap();
        writer.finish().unwrap();
        let folder = Opened::at(dir.path()).unwrap();
        assert!(unpack(File::open(&archive).unwrap(), &folder, Path::new("to"), 9).is_err());
    }
}
