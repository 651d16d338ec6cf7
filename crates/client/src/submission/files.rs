//! The files of a job on its way: where each stands in the request, what is known of it, and its content.

use std::collections::BTreeMap;

use super::{FileOnItsWay, Hashed};
use crate::api::jobs::{CreateProjectJobRequest, File};

/// Where in the request a file stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Input,
    Module,
}

/// A file of the job. `X` leads to its content; after it was read, it holds the content too.
#[derive(Debug)]
pub(super) struct JobFile<X> {
    /// What events call it.
    pub(super) number: usize,
    pub(super) place: Place,
    /// As it stands in the request.
    pub(super) file: File,
    /// Its bytes before it was read.
    pub(super) shown_bytes: u64,
    /// `None` for a file that is known by its digest alone.
    pub(super) content: Option<X>,
}

/// A content that was read.
#[derive(Debug)]
pub(super) struct Read<C, B> {
    pub(super) content: C,
    pub(super) body: B,
}

impl<X> JobFile<X> {
    pub(super) fn new(number: usize, place: Place, file: File, content: Option<X>) -> Self {
        Self {
            number,
            place,
            shown_bytes: u64::try_from(file.size_bytes).unwrap_or_default(),
            file,
            content,
        }
    }

    pub(super) fn path(&self) -> String {
        self.file
            .desc
            .as_ref()
            .map(|desc| desc.path.clone())
            .unwrap_or_default()
    }

    pub(super) fn on_its_way(&self) -> FileOnItsWay {
        FileOnItsWay {
            path: self.path(),
            size_bytes: self.shown_bytes,
        }
    }

    /// The same, with what reading it has found; a file without a content is what it is said to be.
    pub(super) fn read<B>(self, hashed: Option<Hashed<B>>) -> JobFile<Read<X, B>> {
        let Self {
            number,
            place,
            mut file,
            shown_bytes,
            content,
        } = self;
        let content = content.zip(hashed).map(|(content, hashed)| {
            file.sha256 = hashed.sha256.to_string();
            file.size_bytes = hashed.size_bytes;
            Read {
                content,
                body: hashed.body,
            }
        });
        JobFile {
            number,
            place,
            file,
            shown_bytes,
            content,
        }
    }
}

/// Takes the files out of a request.
pub(super) fn without_files(mut request: CreateProjectJobRequest) -> CreateProjectJobRequest {
    if let Some(parameters) = &mut request.job_parameters {
        parameters.input_files.clear();
        let python = parameters.env.as_mut().and_then(|env| env.python_env.as_mut());
        python.into_iter().for_each(|python| python.local_modules.clear());
    }
    request
}

/// The request with its files as they are known now.
pub(super) fn with_files<X>(mut request: CreateProjectJobRequest, files: &[JobFile<X>]) -> CreateProjectJobRequest {
    let at = |place| -> Vec<File> {
        let there = files.iter().filter(|file| file.place == place);
        there.map(|file| file.file.clone()).collect()
    };
    let parameters = request.job_parameters.get_or_insert_default();
    parameters.input_files = at(Place::Input);
    let modules = at(Place::Module);
    if !modules.is_empty() {
        let env = parameters.env.get_or_insert_default();
        env.python_env.get_or_insert_default().local_modules = modules;
    }
    request
}

/// One content that the service lacks.
#[derive(Debug)]
pub(super) struct Upload<'a, X> {
    /// The files with this content, never none.
    pub(super) files: Vec<&'a JobFile<X>>,
    /// Where to send it.
    pub(super) url: String,
}

impl<X> Upload<'_, X> {
    pub(super) fn path(&self) -> String {
        self.files.first().map(|file| file.path()).unwrap_or_default()
    }

    pub(super) fn sha256(&self) -> &str {
        self.files.first().map_or("", |file| &file.file.sha256)
    }

    pub(super) fn numbers(&self) -> Vec<usize> {
        self.files.iter().map(|file| file.number).collect()
    }
}

/// What of `files` is to be sent, each content once, in the files' order; and the files that the service holds.
pub(super) fn plan<'a, X>(
    files: &'a [JobFile<X>],
    urls: &BTreeMap<String, String>,
) -> (Vec<Upload<'a, X>>, Vec<&'a JobFile<X>>) {
    let mut uploads: Vec<Upload<'a, X>> = Vec::new();
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    let mut held = Vec::new();
    for file in files {
        let sha256 = file.file.sha256.as_str();
        let Some(url) = urls.get(sha256) else {
            held.push(file);
            continue;
        };
        let place = *places.entry(sha256).or_insert(uploads.len());
        match uploads.get_mut(place) {
            Some(upload) => upload.files.push(file),
            None => uploads.push(Upload {
                files: vec![file],
                url: url.clone(),
            }),
        }
    }
    (uploads, held)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::jobs::{Environment, JobParameters, PythonEnv};

    fn file(number: usize, place: Place, sha256: &str) -> JobFile<()> {
        let file = File {
            sha256: sha256.into(),
            size_bytes: 7,
            ..File::default()
        };
        JobFile::new(number, place, file, None)
    }

    #[test]
    fn one_content_is_sent_once_and_what_is_held_never() {
        let files = [("c", 0), ("a", 1), ("b", 2), ("c", 3)].map(|(sha256, number)| file(number, Place::Input, sha256));
        let urls = [("a", "/a"), ("c", "/c")].map(|(sha256, url)| (sha256.to_owned(), url.to_owned()));
        let (uploads, held) = plan(&files, &BTreeMap::from(urls));
        let sent: Vec<_> = uploads.iter().map(|upload| (&*upload.url, upload.numbers())).collect();
        assert_eq!(sent, [("/c", vec![0, 3]), ("/a", vec![1])]);
        assert_eq!(held.iter().map(|file| file.number).collect::<Vec<_>>(), [2]);
    }

    #[test]
    fn files_come_back_into_the_request_where_they_were() {
        let python = PythonEnv {
            python_version: "3.12".into(),
            local_modules: vec![file(1, Place::Module, "m").file],
            ..PythonEnv::default()
        };
        let request = CreateProjectJobRequest {
            job_parameters: Some(JobParameters {
                input_files: vec![file(0, Place::Input, "i").file],
                env: Some(Environment {
                    python_env: Some(python),
                    ..Environment::default()
                }),
                ..JobParameters::default()
            }),
            ..CreateProjectJobRequest::default()
        };
        let files = [file(0, Place::Input, "i"), file(1, Place::Module, "m")];
        let without = without_files(request.clone());
        assert_ne!(without, request);
        assert_eq!(with_files(without, &files), request);
    }
}
