//! Finds an output of a command: a file, or a folder to pack.

use std::{
    ffi::OsStr,
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use jobsphere::job::results::nearest;
use walkdir::WalkDir;

use super::{
    pack::{self, LeftOut, PackError, Spool, told},
    wire::{Folder, Problem},
};

/// So many files are compared with the name of one that is missing.
const MAX_SEARCHED: usize = 10_000;
/// Names that are less alike, from 0 to 1, are no help.
const LEAST_LIKENESS: f64 = 0.5;

/// Why an output is not collected.
#[derive(Debug)]
pub(super) enum NotCollected {
    /// It holds more than it may; so many bytes, where that is known.
    TooLarge(Option<u64>),
    /// As the sentence says.
    Because(Problem, String),
}

impl NotCollected {
    fn new(kind: Problem, sentence: impl Into<String>) -> Self {
        Self::Because(kind, sentence.into())
    }
}

impl From<io::Error> for NotCollected {
    fn from(error: io::Error) -> Self {
        Self::new(Problem::Failed, format!("It could not be stored: {error}"))
    }
}

impl From<PackError> for NotCollected {
    fn from(error: PackError) -> Self {
        match error {
            PackError::TooLarge => Self::TooLarge(None),
            PackError::Disk(error) => error.into(),
        }
    }
}

/// What was found.
#[derive(Debug)]
pub(super) enum Found {
    File(File),
    Folder(Spool, LeftOut),
}

/// The output at `path` in the folder with this number, with at most `most_bytes`.
pub(super) fn collect(
    folders: &[Folder],
    within: &Folder,
    path: &Path,
    most_bytes: u64,
    spare: &Path,
) -> Result<Found, NotCollected> {
    let roots: Vec<PathBuf> = folders.iter().filter_map(|folder| folder.path.canonicalize().ok()).collect();
    let is_inside = |path: &Path| roots.iter().any(|root| path.starts_with(root));
    let real = real_path(folders, within, path, is_inside)?;
    if !real.is_dir() {
        let file = pack::open(&real)?;
        let size_bytes = file.metadata()?.len();
        if size_bytes > most_bytes {
            return Err(NotCollected::TooLarge(Some(size_bytes)));
        }
        return Ok(Found::File(file));
    }
    let name = told(path.file_name().unwrap_or(OsStr::new("folder")));
    let (spool, left_out) = pack::pack(&real, &name, most_bytes, is_inside, spare)?;
    Ok(Found::Folder(spool, left_out))
}

/// Where the output lies: a link may lead within the job's folders, and nowhere else.
fn real_path(
    folders: &[Folder],
    within: &Folder,
    path: &Path,
    is_inside: impl Fn(&Path) -> bool,
) -> Result<PathBuf, NotCollected> {
    let made = match fs::symlink_metadata(path) {
        Ok(made) => made,
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            return Err(NotCollected::new(Problem::NotFound, missing(within, path, is_inside)));
        }
        Err(error) => return Err(error.into()),
    };
    let real = match path.canonicalize().or_else(|error| as_the_command_sees(folders, path).ok_or(error)) {
        Ok(real) => real,
        Err(error) if made.is_symlink() => {
            let sentence = format!("It is a link to `{}`, which cannot be followed: {error}", target(path));
            return Err(NotCollected::new(Problem::NotFound, sentence));
        }
        Err(error) => return Err(error.into()),
    };
    if !is_inside(&real) {
        // Where it leads in the end is not told: that would be an answer about the machine.
        let sentence = format!(
            "It is a link that leads out of the job's folders, to `{}`; let the command copy what is there",
            leads_out_to(within, path, is_inside)
        );
        return Err(NotCollected::new(Problem::Failed, sentence));
    }
    let kind = fs::metadata(&real)?.file_type();
    if !kind.is_file() && !kind.is_dir() {
        let sentence = "It is a pipe, a socket or a device; only files and folders can be stored";
        return Err(NotCollected::new(Problem::Failed, sentence));
    }
    Ok(real)
}

/// A link made in a container leads to where the command saw the folder.
fn as_the_command_sees(folders: &[Folder], path: &Path) -> Option<PathBuf> {
    let target = fs::read_link(path).ok()?;
    let seen = |folder: &Folder| {
        let below = target.strip_prefix(&folder.seen_as).ok()?;
        folder.path.join(below).canonicalize().ok()
    };
    folders.iter().find_map(seen)
}

/// What the link itself says.
fn target(path: &Path) -> String {
    fs::read_link(path).map_or_else(|_| String::new(), |target| told(target.as_os_str()))
}

/// What the first link on the way says that leads out.
fn leads_out_to(within: &Folder, path: &Path, is_inside: impl Fn(&Path) -> bool) -> String {
    let mut way: Vec<&Path> = path.ancestors().take_while(|above| *above != within.path).collect();
    way.reverse();
    let first = way.into_iter().find(|step| step.canonicalize().is_ok_and(|real| !is_inside(&real)));
    match first.filter(|step| step.is_symlink()) {
        Some(link) => {
            let below = path.strip_prefix(link).unwrap_or(Path::new(""));
            told(fs::read_link(link).unwrap_or_default().join(below).as_os_str()).trim_end_matches('/').to_owned()
        }
        None => target(path),
    }
}

/// Says that the command has not made it, and what it has made with the nearest name: beside it, or elsewhere under the
/// same name.
fn missing(within: &Folder, path: &Path, is_inside: impl Fn(&Path) -> bool) -> String {
    let wanted = told(path.file_name().unwrap_or_default());
    let parent = path.parent().filter(|parent| parent.canonicalize().is_ok_and(|real| is_inside(&real)));
    let made = parent.into_iter().flat_map(fs::read_dir).flatten().flatten();
    let beside = made
        .take(MAX_SEARCHED)
        .map(|entry| told(&entry.file_name()))
        .map(|name| (likeness(&name, &wanted), name))
        .filter(|(likeness, _)| *likeness >= LEAST_LIKENESS)
        .max_by(|(a, _), (b, _)| a.total_cmp(b));
    let nearest = beside.map(|(_, name)| name).or_else(|| elsewhere(&within.path, &wanted));
    nearest::description(nearest.as_deref())
}

fn likeness(name: &str, wanted: &str) -> f64 {
    strsim::normalized_damerau_levenshtein(&name.to_lowercase(), &wanted.to_lowercase())
}

/// The path within `root` of something of that name.
fn elsewhere(root: &Path, wanted: &str) -> Option<String> {
    let found = WalkDir::new(root)
        .min_depth(1)
        .into_iter()
        .take(MAX_SEARCHED)
        .flatten()
        .find(|entry| told(entry.file_name()) == wanted)?;
    Some(told(found.path().strip_prefix(root).ok()?.as_os_str()))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    fn work(dir: &Path) -> Folder {
        Folder {
            path: dir.to_owned(),
            seen_as: "/job".into(),
        }
    }

    fn refused(folder: &Folder, path: &str) -> String {
        match not_collected(folder, path) {
            NotCollected::Because(_, sentence) => sentence,
            other => panic!("{other:?}"),
        }
    }

    fn not_collected(folder: &Folder, path: &str) -> NotCollected {
        collect(std::slice::from_ref(folder), folder, &folder.path.join(path), 1 << 20, &folder.path).unwrap_err()
    }

    #[test]
    fn the_nearest_name_is_said() {
        let dir = tempfile::tempdir().unwrap();
        let folder = work(dir.path());
        let said = |path: &str| refused(&folder, path);
        let near = |path: &str| nearest::in_description(&said(path)).map(str::to_owned);
        fs::create_dir_all(dir.path().join("out/deep")).unwrap();
        for path in ["model.pt", "metrics.json", "out/deep/plot.png"] {
            fs::write(dir.path().join(path), "x").unwrap();
        }
        assert_eq!(near("model.bin").as_deref(), Some("model.pt"));
        assert_eq!(near("Metrcis.json").as_deref(), Some("metrics.json"));
        assert_eq!(near("plot.png").as_deref(), Some("out/deep/plot.png"));
        assert_eq!(near("nowhere/model.pt").as_deref(), Some("model.pt"));
        assert_eq!(near("entirely-different"), None);
        assert_eq!(said("entirely-different"), "The command has not made it");
    }

    #[test]
    fn what_a_link_leads_to_outside_is_neither_given_nor_told() {
        let outside = tempfile::tempdir().unwrap();
        fs::write(outside.path().join("model.pt"), "x").unwrap();
        symlink(outside.path().join("model.pt"), outside.path().join("second")).unwrap();
        let dir = tempfile::tempdir().unwrap();
        let folder = work(dir.path());
        symlink(outside.path(), dir.path().join("away")).unwrap();
        symlink(outside.path().join("second"), dir.path().join("link")).unwrap();
        assert_eq!(refused(&folder, "away/model.bin"), "The command has not made it");
        let told = refused(&folder, "link");
        assert!(told.contains("/second`") && !told.contains("model.pt"), "{told}");
        let below = refused(&folder, "away/second");
        assert!(below.contains(&format!("`{}`", outside.path().join("second").display())), "{below}");
    }

    #[test]
    fn a_link_made_in_a_container_is_followed() {
        let dir = tempfile::tempdir().unwrap();
        let folder = work(dir.path());
        fs::write(dir.path().join("ckpt-9"), "x").unwrap();
        symlink("/job/ckpt-9", dir.path().join("latest")).unwrap();
        let found = collect(std::slice::from_ref(&folder), &folder, &dir.path().join("latest"), 9, dir.path());
        assert!(matches!(found, Ok(Found::File(_))));
    }

    #[test]
    fn a_hole_is_as_large_as_what_it_stands_for() {
        let dir = tempfile::tempdir().unwrap();
        File::create(dir.path().join("image.raw")).unwrap().set_len(2 << 40).unwrap();
        let refused = not_collected(&work(dir.path()), "image.raw");
        assert!(matches!(refused, NotCollected::TooLarge(Some(size)) if size == 2 << 40), "{refused:?}");
    }
}
