//! Finds an output of a command: a file, or a folder to pack.

use std::{
    ffi::OsStr,
    fs::{self, File},
    io,
    os::unix::ffi::OsStrExt,
    path::{Path, PathBuf},
};

use jobsphere_rules::{nearest, service_line::ServiceLine};
use walkdir::WalkDir;

use super::{
    follow::{Lost, follow},
    pack::{self, PackError, Spool, Unlike, told},
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
    fn new(kind: Problem, sentence: &ServiceLine<'_>) -> Self {
        Self::Because(kind, sentence.to_string())
    }
}

impl From<io::Error> for NotCollected {
    fn from(error: io::Error) -> Self {
        let reason = error.to_string().into();
        Self::new(Problem::Failed, &ServiceLine::OutputNotStored { reason })
    }
}

impl From<PackError> for NotCollected {
    fn from(error: PackError) -> Self {
        match error {
            PackError::TooLarge => Self::TooLarge(None),
            PackError::Closed => Self::new(Problem::Failed, &ServiceLine::OutputClosed),
            PackError::Disk(error) => error.into(),
        }
    }
}

/// What was found.
#[derive(Debug)]
pub(super) enum Found {
    File(File),
    Folder(Spool, Unlike),
}

/// The output at `path` in the folder with this number, with at most `most_bytes`.
pub(super) fn collect(
    folders: &[Folder],
    within: &Folder,
    path: &Path,
    most_bytes: u64,
    spare: &Path,
) -> Result<Found, NotCollected> {
    let real = real_path(folders, within, path)?;
    if !real.is_dir() {
        let file = pack::open(&real)?;
        let size_bytes = file.metadata()?.len();
        if size_bytes > most_bytes {
            return Err(NotCollected::TooLarge(Some(size_bytes)));
        }
        return Ok(Found::File(file));
    }
    let name = told(path.file_name().unwrap_or(OsStr::new("folder")));
    let (spool, unlike) = pack::pack(
        &real,
        &name,
        most_bytes,
        |link| follow(folders, within, link).ok(),
        spare,
    )?;
    Ok(Found::Folder(spool, unlike))
}

/// Where the output lies: a link may lead within the job's folders, and nowhere else.
fn real_path(folders: &[Folder], within: &Folder, path: &Path) -> Result<PathBuf, NotCollected> {
    let real = follow(folders, within, path).map_err(|lost| {
        let target = fs::read_link(path).ok();
        match (lost, target) {
            // Where it leads in the end is not told: that would be an answer about the machine.
            (Lost::Outside(to), _) => NotCollected::new(
                Problem::Failed,
                &ServiceLine::OutputLeadsOut {
                    target: to.to_string().into(),
                },
            ),
            (Lost::Missing, None) => NotCollected::Because(Problem::NotFound, missing(folders, within, path)),
            (Lost::Missing, Some(target)) => {
                let target = told(target.as_os_str()).into();
                NotCollected::new(Problem::NotFound, &ServiceLine::OutputLinkBroken { target })
            }
            (Lost::Unreadable(error), Some(target)) => NotCollected::new(
                Problem::NotFound,
                &ServiceLine::OutputLinkClosed {
                    target: told(target.as_os_str()).into(),
                    reason: error.to_string().into(),
                },
            ),
            (Lost::Unreadable(error), None) => error.into(),
        }
    })?;
    let kind = fs::symlink_metadata(&real)?.file_type();
    if !kind.is_file() && !kind.is_dir() {
        return Err(NotCollected::new(Problem::Failed, &ServiceLine::OutputNoFile));
    }
    Ok(real)
}

/// Says that the command has not made it, and what it has made with the nearest name: beside it, or elsewhere under the
/// same name.
fn missing(folders: &[Folder], within: &Folder, path: &Path) -> String {
    let wanted = told(path.file_name().unwrap_or_default());
    if let Some(whole) = pattern(path.strip_prefix(&within.path).unwrap_or(path)) {
        return whole;
    }
    let parent = path.parent().and_then(|parent| follow(folders, within, parent).ok());
    let made = parent.into_iter().flat_map(fs::read_dir).flatten().flatten();
    let beside = made
        .take(MAX_SEARCHED)
        .map(|entry| told(&entry.file_name()))
        .map(|name| (likeness(stem(&name), stem(&wanted)), name))
        .filter(|(likeness, _)| *likeness >= LEAST_LIKENESS)
        .max_by(|(a, _), (b, _)| a.total_cmp(b));
    let nearest = beside
        .map(|(_, name)| name)
        .or_else(|| elsewhere(&within.path, &wanted));
    nearest::description(nearest.as_deref())
}

/// Says that `path`, which nobody has made, means nothing as a pattern, if it looks like one.
fn pattern(path: &Path) -> Option<String> {
    let is_pattern = |name: &OsStr| name.as_bytes().iter().any(|byte| b"*?".contains(byte));
    let mut names = path.iter();
    let plain: PathBuf = names.by_ref().take_while(|name| !is_pattern(name)).collect();
    if !path.iter().any(is_pattern) {
        return None;
    }
    let cure = match plain.as_os_str().is_empty() {
        true => "let the command put its results into a folder, and name that".to_owned(),
        false => format!("name the whole folder, `{}`", told(plain.as_os_str())),
    };
    Some(format!(
        "{}; an output is a path, no pattern: {cure}",
        nearest::description(None)
    ))
}

/// A name without its ending, which says nothing of how like two are.
fn stem(name: &str) -> &str {
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
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
        collect(
            std::slice::from_ref(folder),
            folder,
            &folder.path.join(path),
            1 << 20,
            &folder.path,
        )
        .unwrap_err()
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
        assert!(said("out/**").ends_with("name the whole folder, `out`"));
        assert!(said("*.pt").contains("no pattern"));
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
        let told = refused(&folder, "away/model.bin");
        assert!(told.contains("/model.bin`") && !told.contains("model.pt"), "{told}");
        let told = refused(&folder, "link");
        assert!(told.contains("/second`") && !told.contains("model.pt"), "{told}");
        let below = refused(&folder, "away/second");
        assert!(
            below.contains(&format!("`{}`", outside.path().join("second").display())),
            "{below}"
        );
    }

    #[test]
    fn a_link_made_in_a_container_is_followed() {
        let dir = tempfile::tempdir().unwrap();
        let folder = work(dir.path());
        fs::write(dir.path().join("ckpt-9"), "x").unwrap();
        symlink("/job/ckpt-9", dir.path().join("latest")).unwrap();
        let found = collect(
            std::slice::from_ref(&folder),
            &folder,
            &dir.path().join("latest"),
            9,
            dir.path(),
        );
        assert!(matches!(found, Ok(Found::File(_))));
    }

    #[test]
    fn a_hole_is_as_large_as_what_it_stands_for() {
        let dir = tempfile::tempdir().unwrap();
        File::create(dir.path().join("image.raw"))
            .unwrap()
            .set_len(2 << 40)
            .unwrap();
        let refused = not_collected(&work(dir.path()), "image.raw");
        assert!(
            matches!(refused, NotCollected::TooLarge(Some(size)) if size == 2 << 40),
            "{refused:?}"
        );
    }
}
