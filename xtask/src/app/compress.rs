//! Compressed copies of the app's files, made once here and sent as they are by the server.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::sync::Mutex;
use std::thread;

use anyhow::{Context as _, Result, anyhow};
use flate2::{Compression, write::GzEncoder};

/// As small as brotli gets, whatever time it takes.
const QUALITY: i32 = 11;
/// Of brotli's window, as a power of two: whole files.
const WINDOW: i32 = 22;

/// Writes `NAME.br` and `NAME.gz` into `folder` for each file that becomes smaller.
pub(super) fn all(files: &BTreeMap<String, Vec<u8>>, folder: &Path) -> Result<()> {
    let mut largest_first: Vec<_> = files.iter().collect();
    largest_first.sort_by_key(|(_, content)| content.len());
    let left = Mutex::new(largest_first);
    let next = || left.lock().ok()?.pop();
    thread::scope(|scope| {
        let width = thread::available_parallelism().map_or(1, usize::from);
        let workers: Vec<_> = (0..width)
            .map(|_| {
                scope.spawn(|| -> Result<()> {
                    while let Some((name, content)) = next() {
                        copy(folder, &format!("{name}.br"), content, brotli(content)?)?;
                        copy(folder, &format!("{name}.gz"), content, gzip(content)?)?;
                    }
                    Ok(())
                })
            })
            .collect();
        workers.into_iter().try_for_each(|worker| {
            let ended = worker.join();
            ended.unwrap_or_else(|_| Err(anyhow!("a file of the app cannot be compressed")))
        })
    })
}

fn copy(folder: &Path, name: &str, content: &[u8], compressed: Vec<u8>) -> Result<()> {
    if compressed.len() >= content.len() {
        return Ok(());
    }
    fs::write(folder.join(name), compressed).context("target/ is not writable")
}

fn brotli(content: &[u8]) -> Result<Vec<u8>> {
    let parameters = brotli::enc::BrotliEncoderParams {
        quality: QUALITY,
        lgwin: WINDOW,
        size_hint: content.len(),
        ..Default::default()
    };
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut &content[..], &mut compressed, &parameters)?;
    Ok(compressed)
}

fn gzip(content: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content)?;
    Ok(encoder.finish()?)
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    #[test]
    fn copies_hold_the_same_and_are_made_only_where_they_are_smaller() -> Result<()> {
        let folder = std::env::temp_dir().join(format!("xtask-compress-{}", std::process::id()));
        fs::create_dir_all(&folder)?;
        let words = "calm short sentences ".repeat(100);
        let files = BTreeMap::from([
            ("long".to_owned(), words.clone().into_bytes()),
            ("short".to_owned(), vec![7]),
        ]);
        all(&files, &folder)?;

        let mut plain = String::new();
        flate2::read::GzDecoder::new(&fs::read(folder.join("long.gz"))?[..]).read_to_string(&mut plain)?;
        assert_eq!(plain, words);
        let mut plain = Vec::new();
        brotli::BrotliDecompress(&mut &fs::read(folder.join("long.br"))?[..], &mut plain)?;
        assert_eq!(plain, words.as_bytes());
        assert!(!folder.join("short.br").exists() && !folder.join("short.gz").exists());
        Ok(fs::remove_dir_all(&folder)?)
    }
}
