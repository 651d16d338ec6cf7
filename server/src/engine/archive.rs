//! Folders travel as ZIP: safe unpacking, and packing that gives the same bytes for the same content.

use std::{
    fs::{self, File},
    io::{self, Seek, Write},
    path::{Path, PathBuf},
};

use anyhow::{Context, bail, ensure};
use walkdir::{DirEntry, WalkDir};
use zip::{CompressionMethod, ZipArchive, ZipWriter, write::SimpleFileOptions};

const MAX_ENTRIES: usize = 100_000;
const MAX_UNPACKED_BYTES: u64 = 20 << 30;
const MAX_NAME_BYTES: usize = 4000;

/// Unpacks `archive` into `folder`: no entry outside, no links, not more than the limits.
pub(super) fn unpack(archive: &Path, folder: &Path) -> anyhow::Result<()> {
    let mut archive = ZipArchive::new(File::open(archive)?).context("it is not a ZIP archive")?;
    ensure!(
        archive.len() <= MAX_ENTRIES,
        "the archive has more than {MAX_ENTRIES} entries"
    );
    let mut left = MAX_UNPACKED_BYTES;
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index)?;
        let name = entry.name().to_owned();
        ensure!(!entry.is_symlink(), "the archive holds a link, `{name}`");
        let Some(path) = entry.enclosed_name().filter(|_| name.len() <= MAX_NAME_BYTES) else {
            bail!("the archive's entry `{name}` leads outside its folder");
        };
        let target = folder.join(path);
        if entry.is_dir() {
            fs::create_dir_all(&target)?;
            continue;
        }
        if let Some(parent) = target.parent() {
            fs::create_dir_all(parent)?;
        }
        // What an archive says of its sizes is not believed.
        let mut limited = io::Read::take(&mut entry, left + 1);
        left = io::copy(&mut limited, &mut File::create(&target)?)
            .ok()
            .and_then(|written| left.checked_sub(written))
            .with_context(|| format!("the archive is damaged, or unpacks to more than {MAX_UNPACKED_BYTES} bytes"))?;
    }
    Ok(())
}

/// Packs `folder` into `to`; entries begin with the folder's own `name`. A link to a file within `root` is packed as
/// that file; answers with the paths of what is left out: other links, pipes, sockets, devices.
pub(super) fn pack(folder: &Path, name: &str, root: &Path, to: impl Write + Seek) -> anyhow::Result<Vec<String>> {
    let mut left_out = Vec::new();
    let mut archive = ZipWriter::new(to);
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(zip::DateTime::default())
        .unix_permissions(0o755)
        .large_file(true);
    for entry in WalkDir::new(folder).sort_by_file_name() {
        let entry = entry?;
        let inside = entry.path().strip_prefix(folder)?;
        let path = Path::new(name).join(inside);
        let path = path.to_string_lossy();
        let path = path.trim_end_matches('/');
        if entry.file_type().is_dir() {
            archive.add_directory(path, options)?;
        } else if let Some(file) = file(&entry, root) {
            let mut file = File::open(&file).with_context(|| format!("`{path}`"))?;
            archive.start_file(path, options)?;
            io::copy(&mut file, &mut archive)?;
        } else {
            left_out.push(path.to_owned());
        }
    }
    archive.finish()?;
    Ok(left_out)
}

/// The file that `entry` is or leads to.
fn file(entry: &DirEntry, root: &Path) -> Option<PathBuf> {
    if entry.file_type().is_file() {
        return Some(entry.path().to_owned());
    }
    let real = entry.path().canonicalize().ok()?;
    let leads_within = entry.path_is_symlink() && real.starts_with(root) && real.is_file();
    leads_within.then_some(real)
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    #[test]
    fn a_folder_comes_back_and_is_the_same_bytes_twice() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("данные");
        fs::create_dir_all(folder.join("sub/empty")).unwrap();
        fs::write(folder.join("sub/a b.txt"), "text").unwrap();
        let pack_once = || {
            let mut bytes = Cursor::new(Vec::new());
            assert!(pack(&folder, "данные", dir.path(), &mut bytes).unwrap().is_empty());
            bytes.into_inner()
        };
        let bytes = pack_once();
        assert_eq!(bytes, pack_once());
        let archive = dir.path().join("x.zip");
        fs::write(&archive, bytes).unwrap();
        unpack(&archive, &dir.path().join("to")).unwrap();
        assert_eq!(
            fs::read_to_string(dir.path().join("to/данные/sub/a b.txt")).unwrap(),
            "text"
        );
        assert!(dir.path().join("to/данные/sub/empty").is_dir());
    }

    #[test]
    fn entries_that_lead_outside_and_links_are_refused() {
        let dir = tempfile::tempdir().unwrap();
        let archive = dir.path().join("x.zip");
        for name in ["../evil", "/evil", "a/../../evil"] {
            let mut writer = ZipWriter::new(File::create(&archive).unwrap());
            writer.start_file(name, SimpleFileOptions::default()).unwrap();
            writer.write_all(b"x").unwrap();
            writer.finish().unwrap();
            let folder = dir.path().join("inner/to");
            let refused = unpack(&archive, &folder).is_err();
            assert!(refused || !dir.path().join("inner/evil").exists(), "{name}");
            assert!(!Path::new("/evil").exists());
        }
        let mut writer = ZipWriter::new(File::create(&archive).unwrap());
        writer
            .add_symlink("link", "/etc/passwd", SimpleFileOptions::default())
            .unwrap();
        writer.finish().unwrap();
        assert!(unpack(&archive, &dir.path().join("to")).is_err());
    }
}
