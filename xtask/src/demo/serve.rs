//! Shows a folder as any host of files does: no headers of its own, `404.html` for what is not there.

use std::fs;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, Result};

use crate::say;

/// A request's head is not longer.
const HEAD_BYTES: u64 = 64 << 10;
const PATIENCE: Duration = Duration::from_secs(30);

/// Answers until it is ended.
pub(super) fn serve(folder: &Path, listen: &str) -> Result<()> {
    let listener = TcpListener::bind(listen).with_context(|| format!("cannot listen on {listen}"))?;
    say::note(&format!("The demo is shown at http://{}/", listener.local_addr()?));
    for connection in listener.incoming() {
        let folder = folder.to_path_buf();
        // A connection that fails is the browser's to try again.
        let Ok(connection) = connection else { continue };
        thread::spawn(move || {
            let _ = answer_all(&connection, &folder);
        });
    }
    Ok(())
}

/// Answers the requests of a connection, one after the other.
fn answer_all(connection: &TcpStream, folder: &Path) -> io::Result<()> {
    connection.set_read_timeout(Some(PATIENCE))?;
    connection.set_nodelay(true)?;
    let mut reader = BufReader::new(connection);
    while let Some((method, path)) = request(&mut reader)? {
        let answer = answer(folder, &method, &path);
        let head = format!(
            "HTTP/1.1 {}\r\ncontent-type: {}\r\ncontent-length: {}\r\n\r\n",
            answer.status,
            answer.kind,
            answer.content.len()
        );
        let mut writer = connection;
        writer.write_all(head.as_bytes())?;
        if method != "HEAD" {
            writer.write_all(&answer.content)?;
        }
    }
    Ok(())
}

/// Method and path of the next request, which has no body; `None` at the end.
fn request(reader: &mut BufReader<&TcpStream>) -> io::Result<Option<(String, String)>> {
    let mut head = reader.take(HEAD_BYTES);
    let mut first = String::new();
    head.read_line(&mut first)?;
    let mut words = first.split(' ');
    let (Some(method), Some(path)) = (words.next(), words.next()) else {
        return Ok(None);
    };
    loop {
        let mut line = String::new();
        if head.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        if line.trim_end().is_empty() {
            break;
        }
    }
    Ok(Some((method.to_owned(), path.to_owned())))
}

struct Answer {
    status: &'static str,
    kind: &'static str,
    content: Vec<u8>,
}

fn answer(folder: &Path, method: &str, path: &str) -> Answer {
    if !matches!(method, "GET" | "HEAD") {
        return Answer {
            status: "405 Method Not Allowed",
            kind: "text/plain",
            content: Vec::new(),
        };
    }
    if let Some((file, content)) = file(folder, path).and_then(|file| Some((file.clone(), fs::read(file).ok()?))) {
        return Answer {
            status: "200 OK",
            kind: kind(&file),
            content,
        };
    }
    Answer {
        status: "404 Not Found",
        kind: "text/html; charset=utf-8",
        content: fs::read(folder.join("404.html")).unwrap_or_default(),
    }
}

/// The file of a path, which leads nowhere out of the folder.
fn file(folder: &Path, path: &str) -> Option<PathBuf> {
    let path = path.split(['?', '#']).next()?.strip_prefix('/')?;
    let is_plain = |name: &str| {
        let letters = name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte));
        letters && !matches!(name, "" | "." | "..")
    };
    let (folders, name) = path.rsplit_once('/').unwrap_or(("", path));
    let mut file = folder.to_path_buf();
    for name in folders.split('/').filter(|_| !folders.is_empty()) {
        is_plain(name).then(|| file.push(name))?;
    }
    let name = if name.is_empty() { "index.html" } else { name };
    is_plain(name).then(|| file.push(name))?;
    file.is_file().then_some(file)
}

fn kind(file: &Path) -> &'static str {
    match file.extension().and_then(|ending| ending.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript",
        Some("css") => "text/css",
        Some("svg") => "image/svg+xml",
        Some("wasm") => "application/wasm",
        Some("json") => "application/json",
        Some("txt" | "md") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_given_and_everything_else_is_the_page() -> io::Result<()> {
        let folder = std::env::temp_dir().join(format!("xtask-serve-{}", std::process::id()));
        fs::create_dir_all(folder.join("machine"))?;
        for (name, content) in [
            ("index.html", "first"),
            ("404.html", "page"),
            ("machine/a.wasm", "wasm"),
        ] {
            fs::write(folder.join(name), content)?;
        }
        let got = |path: &str| {
            let answer = answer(&folder, "GET", path);
            (
                answer.status.get(..3).unwrap_or_default().to_owned(),
                String::from_utf8_lossy(&answer.content).into_owned(),
            )
        };
        assert_eq!(got("/"), ("200".into(), "first".into()));
        assert_eq!(got("/index.html?x=1"), ("200".into(), "first".into()));
        assert_eq!(got("/machine/a.wasm"), ("200".into(), "wasm".into()));
        for path in [
            "/projects/default/jobs",
            "/../etc/passwd",
            "/machine/../index.html",
            "/machine",
            "/%2e%2e/x",
        ] {
            assert_eq!(got(path), ("404".into(), "page".into()), "{path}");
        }
        assert_eq!(answer(&folder, "POST", "/").status, "405 Method Not Allowed");
        fs::remove_dir_all(&folder)
    }
}
