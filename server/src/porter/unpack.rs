//! Unpacks an archive: no entry outside, no links, not more than the limits.

use std::{
    fs::{File, Permissions},
    io,
    os::unix::fs::PermissionsExt,
    path::Path,
};

use anyhow::{Context, bail, ensure};
use zip::ZipArchive;

use super::{
    fill::{copy, is_there},
    make::is_in_the_way,
    mind::Opened,
    pack::told,
    wire::{Existing, NamedPaths},
};

/// Inputs carry no mode bits; `cmd: ./run.sh` must work.
pub(super) const EXECUTABLE: u32 = 0o755;
const MAX_ENTRIES: usize = 100_000;
const MAX_UNPACKED_BYTES: u64 = 20 << 30;
const MAX_NAME_BYTES: usize = 4000;

/// Unpacks `archive` into what is at `path` in `folder`; answers how many bytes that were, of `most_bytes` at most, and
/// what was there and stayed.
///
/// # Errors
/// When it is none, leads outside, is larger than what is allowed, or the disk does not take it.
pub(super) fn unpack(
    archive: File,
    folder: &Opened,
    path: &Path,
    most_bytes: u64,
    existing: Existing,
) -> anyhow::Result<(u64, NamedPaths)> {
    let mut archive = ZipArchive::new(archive).context("it is not a ZIP archive")?;
    ensure!(
        archive.len() <= MAX_ENTRIES,
        "the archive has more than {MAX_ENTRIES} entries"
    );
    let most_bytes = most_bytes.min(MAX_UNPACKED_BYTES);
    // What is only compared is held against as much again: an archive may name one file many times.
    let (mut left, mut left_to_compare) = (most_bytes, most_bytes);
    let too_much = || {
        format!("the archive unpacks to more than {most_bytes} bytes; the job needs more `extended_working_storage`")
    };
    let mut kept = NamedPaths::default();
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
            match folder.make_folders(&target) {
                Err(error) if existing == Existing::Kept && is_in_the_way(&error) => {
                    kept.push(&told(target.as_os_str()));
                }
                made => made?,
            }
            continue;
        }
        let made = match existing {
            Existing::Replaced => Some(folder.make_file(&target)?),
            Existing::Kept => folder.make_missing_file(&target)?,
        };
        let Some(mut file) = made else {
            let mut limited = io::Read::take(&mut entry, left_to_compare + 1);
            let content = copy(&mut limited, &mut io::sink()).map_err(not_read)?;
            left_to_compare = left_to_compare.checked_sub(content.1).with_context(too_much)?;
            if !is_there(folder, &target, &content) {
                kept.push(&told(target.as_os_str()));
            }
            continue;
        };
        // What an archive says of its sizes is not believed.
        let mut limited = io::Read::take(&mut entry, left + 1);
        let written = io::copy(&mut limited, &mut file).map_err(not_read)?;
        left = left.checked_sub(written).with_context(too_much)?;
        file.set_permissions(Permissions::from_mode(EXECUTABLE))?;
    }
    Ok((most_bytes - left, kept))
}

fn not_read(error: io::Error) -> anyhow::Error {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => error.into(),
        _ => anyhow::Error::msg("the archive is damaged"),
    }
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
            let refused = unpack(
                File::open(&archive).unwrap(),
                &folder,
                Path::new("to"),
                9,
                Existing::Replaced,
            )
            .is_err();
            assert!(refused || !dir.path().join("inner/evil").exists(), "{name}");
            assert!(!Path::new("/evil").exists());
        }
        let mut writer = ZipWriter::new(File::create(&archive).unwrap());
        writer
            .add_symlink("link", "/etc/passwd", SimpleFileOptions::default())
            .unwrap();
        writer.finish().unwrap();
        let folder = Opened::at(dir.path()).unwrap();
        let archive = File::open(&archive).unwrap();
        assert!(unpack(archive, &folder, Path::new("to"), 9, Existing::Replaced).is_err());
    }

    #[test]
    fn what_is_there_stays_when_it_is_kept_and_is_told_of_unless_it_is_the_same() {
        let dir = tempfile::tempdir().unwrap();
        let archive = dir.path().join("x.zip");
        let mut writer = ZipWriter::new(File::create(&archive).unwrap());
        for name in ["m/same.py", "m/other.py", "m/new.py", "file/below.py", "folder"] {
            writer.start_file(name, SimpleFileOptions::default()).unwrap();
            writer.write_all(b"theirs").unwrap();
        }
        writer.finish().unwrap();
        let work = dir.path().join("work");
        fs::create_dir_all(work.join("m")).unwrap();
        fs::create_dir(work.join("folder")).unwrap();
        for (name, content) in [("m/same.py", "theirs"), ("m/other.py", "ours"), ("file", "ours")] {
            fs::write(work.join(name), content).unwrap();
        }
        let folder = Opened::at(&work).unwrap();
        let archive = File::open(&archive).unwrap();
        let (size_bytes, kept) = unpack(archive, &folder, Path::new(""), 1000, Existing::Kept).unwrap();
        assert_eq!(size_bytes, 6);
        assert_eq!(kept.to_string(), "`m/other.py`, `file/below.py`, `folder`");
        assert_eq!(fs::read_to_string(work.join("m/other.py")).unwrap(), "ours");
        assert_eq!(fs::read_to_string(work.join("m/new.py")).unwrap(), "theirs");
        // Each is read to be compared, and that has an end too.
        let mut writer = ZipWriter::new(File::create(dir.path().join("y.zip")).unwrap());
        for name in ["m/other.py", "m/same.py"] {
            writer.start_file(name, SimpleFileOptions::default()).unwrap();
            writer.write_all(b"theirs").unwrap();
        }
        writer.finish().unwrap();
        for (most, is_taken) in [(12, true), (11, false)] {
            let archive = File::open(dir.path().join("y.zip")).unwrap();
            let unpacked = unpack(archive, &folder, Path::new(""), most, Existing::Kept);
            assert_eq!(unpacked.is_ok(), is_taken, "{most}");
        }
    }
}
