//! A package index of our own, over real HTTP: small, counts who asks, and can be made to wait.

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader, Cursor, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Condvar, Mutex},
    thread,
};

use zip::{ZipWriter, write::SimpleFileOptions};

/// Serves wheels; ends with the test.
pub(crate) struct PackageIndex {
    pub(crate) url: String,
    shared: Arc<Shared>,
}

/// The one file of a package.
struct Package {
    file: String,
    content: Vec<u8>,
}

struct Shared {
    packages: BTreeMap<String, Package>,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    closed: bool,
    /// The lists of packages that were asked for.
    asked: Vec<String>,
    /// Callers who went away while they were kept waiting.
    left: usize,
}

impl PackageIndex {
    /// Packages by name, with what each requires; version 1.0, one module of the same name.
    pub(crate) fn start(packages: &[(&str, Option<&str>)]) -> Self {
        let wheels = packages.iter().map(|(name, requires)| {
            let file = format!("{name}-1.0-py3-none-any.whl");
            let content = wheel(name, *requires);
            (name.to_string(), Package { file, content })
        });
        Self::serve(wheels.collect())
    }

    /// One package, by a file of one's own making.
    pub(crate) fn with_file(name: &str, file: &str, content: Vec<u8>) -> Self {
        let file = file.to_owned();
        Self::serve([(name.to_owned(), Package { file, content })].into())
    }

    fn serve(packages: BTreeMap<String, Package>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/simple", listener.local_addr().unwrap());
        let shared = Arc::new(Shared {
            packages,
            state: Mutex::default(),
            changed: Condvar::new(),
        });
        let server = shared.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let server = server.clone();
                thread::spawn(move || server.serve(stream));
            }
        });
        Self { url, shared }
    }

    /// From now on nobody is answered until [`PackageIndex::open`].
    pub(crate) fn close(&self) {
        self.shared.state.lock().unwrap().closed = true;
    }

    pub(crate) fn open(&self) {
        self.shared.state.lock().unwrap().closed = false;
        self.shared.changed.notify_all();
    }

    /// Waits until someone has asked for a list of packages. Blocks.
    pub(crate) fn wait_for_caller(&self) {
        let state = self.shared.state.lock().unwrap();
        drop(
            self.shared
                .changed
                .wait_while(state, |state| state.asked.is_empty())
                .unwrap(),
        );
    }

    /// Waits until a caller who was kept waiting has gone. Blocks.
    pub(crate) fn wait_for_leaver(&self) {
        let state = self.shared.state.lock().unwrap();
        drop(self.shared.changed.wait_while(state, |state| state.left == 0).unwrap());
    }

    /// How often the list of a package was asked for.
    pub(crate) fn times_asked(&self, package: &str) -> usize {
        let state = self.shared.state.lock().unwrap();
        state.asked.iter().filter(|asked| *asked == package).count()
    }
}

impl Shared {
    fn serve(&self, stream: TcpStream) -> Option<()> {
        let mut lines = BufReader::new(stream.try_clone().ok()?);
        loop {
            let mut request = String::new();
            if lines.read_line(&mut request).ok()? == 0 {
                return None;
            }
            let mut header = String::new();
            while lines.read_line(&mut header).ok()? > 2 {
                header.clear();
            }
            let mut words = request.split(' ');
            let (method, path) = (words.next()?, words.next()?);
            self.answer(&stream, method, path)?;
        }
    }

    fn answer(&self, mut stream: &TcpStream, method: &str, path: &str) -> Option<()> {
        let listed = path.strip_prefix("/simple/").map(|name| name.trim_end_matches('/'));
        if let Some(name) = listed {
            let mut state = self.state.lock().unwrap();
            state.asked.push(name.to_owned());
            self.changed.notify_all();
            while state.closed {
                let wait = std::time::Duration::from_millis(50);
                state = self.changed.wait_timeout(state, wait).unwrap().0;
                if has_gone(stream) {
                    state.left += 1;
                    self.changed.notify_all();
                    return None;
                }
            }
        }
        let listing = listed.and_then(|name| self.packages.get(name)).map(|package| {
            let file = &package.file;
            format!("<!DOCTYPE html><html><body><a href=\"/files/{file}\">{file}</a></body></html>").into_bytes()
        });
        let file = path.strip_prefix("/files/").and_then(|file| {
            let package = self.packages.values().find(|package| package.file == file)?;
            Some(package.content.clone())
        });
        let (status, kind, body) = match (listing, file) {
            (Some(listing), _) => ("200 OK", "text/html", listing),
            (None, Some(file)) => ("200 OK", "application/octet-stream", file),
            (None, None) => ("404 Not Found", "text/plain", Vec::new()),
        };
        let length = body.len();
        let head = format!("HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\n\r\n");
        stream.write_all(head.as_bytes()).ok()?;
        if method != "HEAD" {
            stream.write_all(&body).ok()?;
        }
        Some(())
    }
}

fn has_gone(stream: &TcpStream) -> bool {
    stream.set_nonblocking(true).unwrap();
    let gone = matches!(stream.peek(&mut [0]), Ok(0));
    stream.set_nonblocking(false).unwrap();
    gone
}

fn wheel(name: &str, requires: Option<&str>) -> Vec<u8> {
    let info = format!("{name}-1.0.dist-info");
    let requires = requires
        .map(|other| format!("Requires-Dist: {other}\n"))
        .unwrap_or_default();
    let files = [
        (format!("{name}.py"), format!("NAME = {name:?}\n")),
        (
            format!("{info}/METADATA"),
            format!("Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n{requires}"),
        ),
        (
            format!("{info}/WHEEL"),
            "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n".into(),
        ),
        (
            format!("{info}/RECORD"),
            format!("{name}.py,,\n{info}/METADATA,,\n{info}/WHEEL,,\n{info}/RECORD,,\n"),
        ),
    ];
    zip(&files)
}

/// An archive of text files.
pub(crate) fn zip(files: &[(String, String)]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (path, text) in files {
        archive.start_file(path.as_str(), SimpleFileOptions::default()).unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}
