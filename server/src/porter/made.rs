//! What a command has made in a folder and nobody has named: told file by file, as far as there is room for it.

use std::{
    collections::{BTreeMap, HashSet},
    ffi::{CStr, CString},
    fs::File,
    io,
    os::{
        fd::{AsFd, BorrowedFd, OwnedFd},
        unix::ffi::OsStrExt,
    },
    path::Path,
};

use jobsphere_rules::service_line::ServiceLine;
use rustix::{
    fs::{AtFlags, Dir, FileType, Stat, statat},
    io::Errno,
};

use super::{
    collect::NotCollected,
    mind::{MAX_DEPTH, Opened, kind, open_folder},
    pack::told,
    wire::{MadeFile, Moment, Problem, Sum},
};

/// Files that are told one by one.
pub(super) const MOST_FILES: usize = 1000;
/// Bytes of their paths as they are told, together.
pub(super) const MOST_PATH_BYTES: usize = 128 << 10;
/// What a system call takes as a path; a longer one is not told.
const MAX_PATH_BYTES: usize = 4095;
/// Names that are looked at; what a folder holds besides is not known.
const MOST_LOOKS: usize = 1_000_000;

/// Folders that programs fill for themselves.
const CACHES: [&str; 17] = [
    "__pycache__",
    "node_modules",
    ".venv",
    ".git",
    ".cache",
    ".config",
    ".local",
    ".npm",
    ".nv",
    ".conda",
    ".ipython",
    ".ipynb_checkpoints",
    ".pytest_cache",
    ".mypy_cache",
    ".ruff_cache",
    ".triton",
    ".tox",
];
/// Stands in the folder of every Python environment.
const OF_VENV: &CStr = c"pyvenv.cfg";

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// By depth and path, so that what lies deepest gives way first.
    told: BTreeMap<(usize, Vec<u8>), u64>,
    told_bytes: usize,
    /// What there is no room for.
    pub(super) more: Sum,
    /// What lies in caches and environments.
    pub(super) passed: Sum,
}

impl Found {
    /// Those that are told, in the order of their paths.
    pub(super) fn files(&self) -> Vec<MadeFile> {
        let files = self.told.iter().map(|((_, path), size_bytes)| MadeFile {
            path: path.clone(),
            size_bytes: *size_bytes,
        });
        let mut files: Vec<MadeFile> = files.collect();
        files.sort_by(|one, other| one.path.cmp(&other.path));
        files
    }

    fn add(&mut self, depth: usize, path: &[u8], size_bytes: u64) {
        if path.len() > MAX_PATH_BYTES {
            return self.more.add(size_bytes);
        }
        self.told_bytes += told_bytes(path);
        self.told.insert((depth, path.to_owned()), size_bytes);
        while self.told.len() > MOST_FILES || self.told_bytes > MOST_PATH_BYTES {
            let Some(((_, path), size_bytes)) = self.told.pop_last() else {
                return;
            };
            self.told_bytes -= told_bytes(&path);
            self.more.add(size_bytes);
        }
    }
}

/// How long a path is as it is told.
pub(super) fn told_bytes(path: &[u8]) -> usize {
    told(std::ffi::OsStr::from_bytes(path)).len()
}

/// Finds the files in `folder` that were made or changed at `since` or later, but for those whose paths are in `named` or
/// lie in folders that are.
pub(super) fn find(folder: &Opened, named: &[Vec<u8>], since: Moment) -> Found {
    let mut search = Search {
        named: named.iter().map(Vec::as_slice).collect(),
        since,
        left_looks: MOST_LOOKS,
        path: Vec::new(),
        found: Found::default(),
    };
    search.folder(folder.as_fd(), 0, false);
    search.found
}

struct Search<'a> {
    named: HashSet<&'a [u8]>,
    since: Moment,
    left_looks: usize,
    /// The path of what is looked at.
    path: Vec<u8>,
    found: Found,
}

impl Search<'_> {
    /// What cannot be looked at is passed over: it is the job's own affair.
    fn folder(&mut self, folder: BorrowedFd<'_>, depth: usize, is_passed: bool) {
        for name in self.files(folder, depth, is_passed) {
            if let Ok(inner) = open_folder(folder, &name) {
                let is_passed = is_passed || is_cache(&inner, &name);
                let length = self.enter(&name);
                self.folder(inner.as_fd(), depth + 1, is_passed);
                self.path.truncate(length);
            }
        }
    }

    /// Looks at the files of a folder; the names of the folders in it that are to be looked into.
    fn files(&mut self, folder: BorrowedFd<'_>, depth: usize, is_passed: bool) -> Vec<CString> {
        let mut folders = Vec::new();
        let Ok(names) = Dir::read_from(folder) else {
            return folders;
        };
        for entry in names.map_while(Result::ok) {
            let name = entry.file_name();
            if matches!(name.to_bytes(), b"." | b"..") {
                continue;
            }
            let Some(left) = self.left_looks.checked_sub(1) else {
                break;
            };
            self.left_looks = left;
            let Ok(found) = statat(folder, name, AtFlags::SYMLINK_NOFOLLOW) else {
                continue;
            };
            let length = self.enter(name);
            match kind(&found) {
                FileType::RegularFile => self.file(&found, depth, is_passed),
                FileType::Directory if depth < MAX_DEPTH && !self.named.contains(self.path.as_slice()) => {
                    folders.push(name.to_owned());
                }
                _ => {}
            }
            self.path.truncate(length);
        }
        folders
    }

    fn file(&mut self, found: &Stat, depth: usize, is_passed: bool) {
        if Moment::of_change(found) < self.since || self.named.contains(self.path.as_slice()) {
            return;
        }
        let size_bytes = u64::try_from(found.st_size).unwrap_or_default();
        match is_passed {
            true => self.found.passed.add(size_bytes),
            false => self.found.add(depth, &self.path, size_bytes),
        }
    }

    /// Adds a name to the path; how long that was before.
    fn enter(&mut self, name: &CStr) -> usize {
        let length = self.path.len();
        if length > 0 {
            self.path.push(b'/');
        }
        self.path.extend_from_slice(name.to_bytes());
        length
    }
}

fn is_cache(folder: &OwnedFd, name: &CStr) -> bool {
    CACHES.iter().any(|cache| cache.as_bytes() == name.to_bytes())
        || statat(folder, OF_VENV, AtFlags::SYMLINK_NOFOLLOW).is_ok()
}

/// Opens a file that was found, with at most `most_bytes`; no link is followed to it.
pub(super) fn open(folder: &Opened, path: &Path, most_bytes: u64) -> Result<File, NotCollected> {
    let file = folder.open_own_file(path).map_err(|error| refused(&error))?;
    let size_bytes = file.metadata()?.len();
    match size_bytes > most_bytes {
        true => Err(NotCollected::TooLarge(Some(size_bytes))),
        false => Ok(file),
    }
}

fn refused(error: &io::Error) -> NotCollected {
    let is = |errors: &[Errno]| {
        errors
            .iter()
            .any(|known| error.raw_os_error() == Some(known.raw_os_error()))
    };
    let (problem, sentence) = if is(&[Errno::NOENT]) {
        (Problem::NotFound, "It is not there any more".to_owned())
    } else if error.kind() == io::ErrorKind::InvalidInput || is(&[Errno::LOOP, Errno::NOTDIR, Errno::NXIO, Errno::XDEV])
    {
        (Problem::Failed, ServiceLine::OutputReplaced.to_string())
    } else {
        let reason = error.to_string().into();
        (Problem::Failed, ServiceLine::OutputNotStored { reason }.to_string())
    };
    NotCollected::Because(problem, sentence)
}

#[cfg(test)]
mod tests {
    use std::{
        ffi::OsStr,
        fs,
        os::unix::fs::{MetadataExt, PermissionsExt, symlink},
    };

    use super::*;

    const EVER: Moment = Moment { s: 0, ns: 0 };

    fn found(dir: &Path, named: &[&str], since: Moment) -> (Vec<String>, Sum, Sum) {
        let named: Vec<Vec<u8>> = named.iter().map(|path| path.as_bytes().to_vec()).collect();
        let found = find(&Opened::at(dir).unwrap(), &named, since);
        let paths = found.files().into_iter();
        let paths = paths.map(|file| format!("{} {}", told(OsStr::from_bytes(&file.path)), file.size_bytes));
        (paths.collect(), found.more, found.passed)
    }

    #[test]
    fn what_is_neither_input_nor_output_nor_cache_is_told() {
        let dir = tempfile::tempdir().unwrap();
        let at = |path: &str| dir.path().join(path);
        for folder in ["out/in", "package/__pycache__", "environment/bin", "sub"] {
            fs::create_dir_all(at(folder)).unwrap();
        }
        for (path, text) in [
            ("model.pt", "1234"),
            ("out/in/named", "x"),
            ("metrics.json", "{}"),
            ("package/__pycache__/a.pyc", "abc"),
            ("environment/pyvenv.cfg", ""),
            ("environment/bin/python", "12345"),
            ("sub/b", "12"),
            ("closed", "1"),
        ] {
            fs::write(at(path), text).unwrap();
        }
        fs::write(dir.path().join(OsStr::from_bytes(b"\xff")), "1").unwrap();
        fs::set_permissions(at("closed"), fs::Permissions::from_mode(0o0)).unwrap();
        fs::set_permissions(at("sub"), fs::Permissions::from_mode(0o0)).unwrap();
        symlink("/etc/hostname", at("link")).unwrap();
        symlink("/etc", at("folder")).unwrap();
        let (files, more, passed) = found(dir.path(), &["out", "metrics.json"], EVER);
        assert_eq!(files, ["closed 1", "model.pt 4", "sub/b 2", r"\xff 1"]);
        assert_eq!((more, passed), (Sum::default(), Sum { files: 3, bytes: 8 }));
    }

    #[test]
    fn what_was_not_changed_since_is_an_input() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("input"), "x").unwrap();
        let mark = dir.path().join("mark");
        // The clock of a file system may stand still for some milliseconds.
        let since = loop {
            fs::write(&mark, "x").unwrap();
            let [input, mark] = [&dir.path().join("input"), &mark].map(|path| fs::metadata(path).unwrap());
            if (mark.ctime(), mark.ctime_nsec()) > (input.ctime(), input.ctime_nsec()) {
                break Moment {
                    s: mark.ctime(),
                    ns: mark.ctime_nsec(),
                };
            }
        };
        assert_eq!(found(dir.path(), &[], since).0, ["mark 1"]);
        // An old date is no disguise.
        let times = fs::FileTimes::new().set_modified(std::time::UNIX_EPOCH);
        fs::File::options()
            .write(true)
            .open(dir.path().join("input"))
            .unwrap()
            .set_times(times)
            .unwrap();
        assert_eq!(found(dir.path(), &[], since).0, ["input 1", "mark 1"]);
    }

    #[test]
    fn of_many_those_near_the_top_are_told() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir_all(dir.path().join("a/deep")).unwrap();
        for number in 0..MOST_FILES {
            fs::write(dir.path().join(format!("a/deep/{number}")), "xx").unwrap();
        }
        fs::write(dir.path().join("z"), "x").unwrap();
        let (files, more, _) = found(dir.path(), &[], EVER);
        assert_eq!(
            (files.len(), files.last().map(String::as_str)),
            (MOST_FILES, Some("z 1"))
        );
        assert_eq!(more, Sum { files: 1, bytes: 2 });
        // Long names take the room of many.
        for number in 0..MOST_FILES {
            fs::write(dir.path().join(format!("{number:0200}")), "").unwrap();
        }
        let (files, more, _) = found(dir.path(), &[], EVER);
        assert_eq!(files.len() as u64 + more.files, 2 * MOST_FILES as u64 + 1);
        assert!((600..MOST_FILES).contains(&files.len()), "{}", files.len());
    }

    #[test]
    fn what_has_come_into_a_files_place_is_not_opened() {
        let dir = tempfile::tempdir().unwrap();
        let outside = tempfile::tempdir().unwrap();
        fs::write(outside.path().join("secret"), "x").unwrap();
        fs::create_dir(dir.path().join("folder")).unwrap();
        symlink(outside.path(), dir.path().join("away")).unwrap();
        symlink(outside.path().join("secret"), dir.path().join("link")).unwrap();
        rustix::fs::mknodat(
            rustix::fs::CWD,
            dir.path().join("pipe"),
            FileType::Fifo,
            rustix::fs::Mode::RWXU,
            0,
        )
        .unwrap();
        fs::write(dir.path().join("closed"), "abc").unwrap();
        fs::set_permissions(dir.path().join("closed"), fs::Permissions::from_mode(0o0)).unwrap();
        let folder = Opened::at(dir.path()).unwrap();
        for path in ["folder", "away/secret", "link", "pipe"] {
            let refused = open(&folder, Path::new(path), 9).unwrap_err();
            let NotCollected::Because(Problem::Failed, sentence) = refused else {
                panic!("{path}: {refused:?}");
            };
            assert!(sentence.contains("something else"), "{path}: {sentence}");
        }
        let gone = open(&folder, Path::new("gone"), 9).unwrap_err();
        assert!(matches!(gone, NotCollected::Because(Problem::NotFound, _)));
        assert!(open(&folder, Path::new("closed"), 3).is_ok());
        let large = open(&folder, Path::new("closed"), 2);
        assert!(matches!(large, Err(NotCollected::TooLarge(Some(3)))));
    }
}
