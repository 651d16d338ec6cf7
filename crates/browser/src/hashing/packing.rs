//! The worker's side of a folder's archive: it is hashed while it is packed.
//!
//! A checksum stands before each content, so a content is hashed after it has been read to its end. One that is not too
//! large is held until then; a larger one is read twice.

use jobsphere_authoring::folder::{Packer, Piece};
use js_sys::{Array, Uint8Array};
use sha2::{Digest, Sha256 as Sha2};
use wasm_bindgen::JsValue;
use web_sys::{Blob, File};

use super::{
    Answer, Failure,
    reading::{Progress, Reading, SMALL_BYTES},
};
use crate::{api::sha256::Sha256, channel::Beside, error::message};

/// A file up to this size is held while its checksum is computed, and not read again for the digest.
const HELD_BYTES: usize = 32 << 20;
/// So much of small files goes into the archive as bytes: the browser sends an archive that names thousands of files at a
/// third of the speed at which it reads them. What exceeds it is read from the files when the archive is sent.
const COPIED_BYTES: usize = 256 << 20;
/// What has been copied is handed to the browser in pieces of this size.
const PIECE_BYTES: usize = 4 << 20;

/// The digest of a folder's archive, and the archive.
pub(super) async fn pack(
    entries: Vec<(String, Option<Beside<File>>)>,
    mut progress: Progress,
) -> Result<Answer, Failure> {
    let mut packer = Packer::default();
    let (mut paths, mut files) = (Vec::new(), Vec::new());
    for (path, file) in entries {
        match file {
            Some(Beside(file)) => {
                paths.push(path);
                files.push(file);
            }
            None => packer.folder(&path).map_err(|error| refused(0, &error))?,
        }
    }
    let mut archive = Archive::new(&files);
    let mut reading = Reading::of(&files, 0..files.len());
    let mut begun = None;
    while let Some(part) = reading.next().await? {
        let file = part.file;
        if begun != Some(file) {
            begun = Some(file);
            packer
                .file(&paths[file], files[file].size() as u64)
                .map_err(|error| refused(file, &error))?;
            archive.add(packer.settled(), &mut progress).await?;
        }
        packer.content(part.bytes).map_err(|error| refused(file, &error))?;
        progress.count(part.bytes.len());
        archive.hold(file, part.bytes);
    }
    let rest = packer.finish().map_err(|error| refused(files.len(), &error))?;
    archive.add(rest, &mut progress).await?;
    archive.finish()
}

fn refused(file: usize, error: &dyn std::fmt::Display) -> Failure {
    Failure::Unreadable(file, error.to_string())
}

/// An archive that grows at its end.
struct Archive<'a> {
    files: &'a [File],
    hasher: Sha2,
    /// What it is made of so far.
    parts: Array,
    /// Comes next, as soon as there is enough of it.
    piece: Vec<u8>,
    copied_bytes: usize,
    /// The content of the file that was read last.
    held: (usize, Vec<u8>),
}

impl<'a> Archive<'a> {
    fn new(files: &'a [File]) -> Self {
        Self {
            files,
            hasher: Sha2::new(),
            parts: Array::new(),
            piece: Vec::new(),
            copied_bytes: 0,
            held: (0, Vec::new()),
        }
    }

    /// Holds a part of a content until the archive has come as far.
    fn hold(&mut self, file: usize, bytes: &[u8]) {
        let (held_file, content) = &mut self.held;
        if *held_file != file {
            *held_file = file;
            content.clear();
        }
        if self.files[file].size() as usize <= HELD_BYTES {
            content.extend_from_slice(bytes);
        }
    }

    async fn add(&mut self, pieces: Vec<Piece>, progress: &mut Progress) -> Result<(), Failure> {
        for piece in pieces {
            match piece {
                Piece::Bytes(bytes) => self.copy(&bytes)?,
                Piece::Content { file, size_bytes } => self.content(file, size_bytes as usize, progress).await?,
            }
        }
        Ok(())
    }

    async fn content(&mut self, file: usize, size_bytes: usize, progress: &mut Progress) -> Result<(), Failure> {
        let (held_file, held) = std::mem::take(&mut self.held);
        let is_held = held_file == file && held.len() == size_bytes;
        if is_held && size_bytes <= SMALL_BYTES && self.copied_bytes + size_bytes <= COPIED_BYTES {
            self.copied_bytes += size_bytes;
            progress.count(size_bytes);
            self.copy(&held)?;
        } else {
            self.end_piece(file)?;
            self.parts.push(&self.files[file]);
            if is_held {
                self.hasher.update(&held);
                progress.count(size_bytes);
            } else {
                self.read_again(file, progress).await?;
            }
        }
        // Its room serves the next content.
        self.held.1 = held;
        self.held.1.clear();
        Ok(())
    }

    async fn read_again(&mut self, file: usize, progress: &mut Progress) -> Result<(), Failure> {
        let mut reading = Reading::of(self.files, file..file + 1);
        while let Some(part) = reading.next().await? {
            self.hasher.update(part.bytes);
            progress.count(part.bytes.len());
        }
        Ok(())
    }

    fn copy(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        self.piece.extend_from_slice(bytes);
        if self.piece.len() < PIECE_BYTES {
            return Ok(());
        }
        self.end_piece(self.held.0)
    }

    fn end_piece(&mut self, file: usize) -> Result<(), Failure> {
        if self.piece.is_empty() {
            return Ok(());
        }
        self.hasher.update(&self.piece);
        // A blob of its own: it leaves the worker's memory.
        let part = Array::of1(&Uint8Array::from(self.piece.as_slice()));
        let part = Blob::new_with_u8_array_sequence(&part).map_err(|thrown| refused(file, &message(&thrown)))?;
        self.parts.push(&part);
        self.piece.clear();
        Ok(())
    }

    fn finish(mut self) -> Result<Answer, Failure> {
        self.end_piece(self.files.len())?;
        let archive = Blob::new_with_blob_sequence(&JsValue::from(self.parts));
        let archive = archive.map_err(|thrown| refused(self.files.len(), &message(&thrown)))?;
        Ok(Answer::Packed(Sha256::finish(self.hasher).to_string(), Beside(archive)))
    }
}
