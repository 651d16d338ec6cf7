//! Addresses of what is inside the page: they look like those of a server, and lead nowhere outside.
//!
//! `in-page:/place` stands where a server's address would; `place` is the path of the app, so that two copies of the demo
//! on one site know nothing of each other. An address of a file carries no signature: who can reach the service at all is
//! a page of the same origin, which reads the files without it.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use crate::api::{id::ProjectId, jobs::File, sha256::Sha256};

const FILES: &str = "/files/";
/// Where a file without a path is given out.
const NAMELESS: &str = "file";
/// What stands in a name as it is.
const NAME: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A file of a project, as an address names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileAddress {
    /// Whose it is.
    pub project: ProjectId,
    /// Its content.
    pub sha256: Sha256,
    /// Under which name it is saved.
    pub name: String,
    /// Its size in bytes, where the address is one to send to.
    pub upload_bytes: Option<u64>,
}

impl FileAddress {
    /// The address under `origin`.
    pub fn written(&self, origin: &str) -> String {
        let name = utf8_percent_encode(&self.name, NAME);
        let upload = self.upload_bytes.map(|bytes| format!("?upload={bytes}"));
        format!(
            "{origin}{FILES}{}/{}/{name}{}",
            self.project,
            self.sha256,
            upload.unwrap_or_default()
        )
    }

    /// Reads the part of an address that begins with `/files/`; `None` for another one.
    pub fn parse(path: &str) -> Option<Self> {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let mut parts = path.strip_prefix(FILES)?.split('/');
        let (project, sha256, name) = (parts.next()?, parts.next()?, parts.next()?);
        let upload_bytes = match query.strip_prefix("upload=") {
            Some(digits) => Some(digits.parse().ok()?),
            None if query.is_empty() => None,
            None => return None,
        };
        (parts.next().is_none() && !name.is_empty()).then_some(Self {
            project: ProjectId::parse(project).ok()?,
            sha256: Sha256::parse(sha256).ok()?,
            name: percent_decode_str(name).decode_utf8().ok()?.into_owned(),
            upload_bytes,
        })
    }
}

/// The address to send `file` to.
pub fn upload(origin: &str, project: &ProjectId, file: &File) -> String {
    of(origin, project, file, u64::try_from(file.size_bytes).ok().or(Some(0)))
}

/// The address to read `file` from.
pub fn download(origin: &str, project: &ProjectId, file: &File) -> String {
    of(origin, project, file, None)
}

/// Empty, as for a file that no service holds, when the file's digest is none.
fn of(origin: &str, project: &ProjectId, file: &File, upload_bytes: Option<u64>) -> String {
    let Ok(sha256) = Sha256::parse(&file.sha256) else {
        return String::new();
    };
    let path = file.desc.as_ref().map_or("", |desc| desc.path.as_str());
    let name = path.rsplit('/').next().unwrap_or_default();
    FileAddress {
        project: project.clone(),
        sha256,
        name: if name.is_empty() {
            NAMELESS.to_owned()
        } else {
            name.to_owned()
        },
        upload_bytes,
    }
    .written(origin)
}

/// What a `Range` header asks of `length` bytes: from where up to where. `None` for all of them.
///
/// # Errors
/// [`NoSuchRange`].
pub fn range(header: Option<&str>, length: u64) -> Result<Option<(u64, u64)>, NoSuchRange> {
    // What is not one plain range may be answered by the whole.
    let Some((first, last)) = header
        .and_then(|header| header.strip_prefix("bytes="))
        .filter(|ranges| !ranges.contains(','))
        .and_then(|range| range.split_once('-'))
    else {
        return Ok(None);
    };
    let number = |digits: &str| digits.parse::<u64>().ok();
    match (number(first), number(last)) {
        (Some(first), _) if first >= length => Err(NoSuchRange),
        (Some(first), Some(last)) if last < first => Ok(None),
        (Some(first), Some(last)) => Ok(Some((first, last.saturating_add(1).min(length)))),
        (Some(first), None) if last.is_empty() => Ok(Some((first, length))),
        (None, Some(0)) => Err(NoSuchRange),
        (None, Some(count)) if first.is_empty() => Ok(Some((length.saturating_sub(count), length))),
        _ => Ok(None),
    }
}

/// The file has nothing there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the file has no such range")]
pub struct NoSuchRange;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::jobs::FileDesc;

    fn file(path: &str) -> File {
        File {
            desc: Some(FileDesc {
                path: path.into(),
                ..Default::default()
            }),
            sha256: Sha256::of(b"x").to_string(),
            size_bytes: 7,
            ..Default::default()
        }
    }

    #[test]
    fn an_address_says_what_was_asked_of_it() {
        let project = ProjectId::parse("default").unwrap();
        for (path, name) in [
            ("data/отчёт 1%.csv", "отчёт 1%.csv"),
            ("a?b#c&d", "a?b#c&d"),
            ("", "file"),
            ("dir/", "file"),
        ] {
            let address = upload("in-page:/some/files/x", &project, &file(path));
            let at = address.rfind("/files/").unwrap();
            let read = FileAddress::parse(&address[at..]).unwrap();
            assert_eq!((read.name.as_str(), read.upload_bytes), (name, Some(7)), "{address}");
            assert_eq!(read.written("in-page:/some/files/x"), address);
            assert!(
                FileAddress::parse(&download("", &project, &file(path)))
                    .is_some_and(|read| read.upload_bytes.is_none())
            );
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        let digest = Sha256::of(b"x").to_string();
        for wrong in [
            "/files/".to_owned(),
            format!("/files/default/{digest}"),
            format!("/files/default/{digest}/"),
            format!("/files/default/{digest}/a/b"),
            format!("/files/a b/{digest}/a"),
            "/files/default/12/a".to_owned(),
            format!("/files/default/{digest}/a?upload=x"),
            format!("/files/default/{digest}/a?k=1"),
            format!("/files/default/{digest}/%ff"),
        ] {
            assert_eq!(FileAddress::parse(&wrong), None, "{wrong}");
        }
    }

    #[test]
    fn ranges_are_those_of_http() {
        assert_eq!(range(None, 10), Ok(None));
        assert_eq!(range(Some("bytes=0-3"), 10), Ok(Some((0, 4))));
        assert_eq!(range(Some("bytes=4-"), 10), Ok(Some((4, 10))));
        assert_eq!(range(Some("bytes=-3"), 10), Ok(Some((7, 10))));
        assert_eq!(range(Some("bytes=-30"), 10), Ok(Some((0, 10))));
        assert_eq!(range(Some("bytes=8-18446744073709551615"), 10), Ok(Some((8, 10))));
        assert_eq!(range(Some("bytes=10-11"), 10), Err(NoSuchRange));
        assert_eq!(range(Some("bytes=0-0"), 0), Err(NoSuchRange));
        for other in ["bytes=1-2,4-5", "bytes=x-y", "lines=1-2", "bytes=5-2", "bytes=-"] {
            assert_eq!(range(Some(other), 10), Ok(None), "{other}");
        }
    }
}
