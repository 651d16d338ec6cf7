//! Where in a log file an offset is: a pair of numbers for every few hundred KiB, in a file beside it.

// Everything here blocks.
#![allow(clippy::disallowed_methods)]

use std::{
    fs::File,
    io::{self, Write},
    os::unix::fs::FileExt,
    path::Path,
};

/// Distance of two entries, in bytes of the log file.
pub(super) const STEP_BYTES: u64 = 256 * 1024;

const ENTRY_BYTES: u64 = 16;
const FILE: &str = "index";

/// A place where a record begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Place {
    /// Content before it.
    pub(super) offset: u64,
    /// Bytes of the file before it.
    pub(super) position: u64,
}

pub(super) fn append(dir: &Path, place: Place) -> io::Result<()> {
    let mut file = File::options().append(true).create(true).open(dir.join(FILE))?;
    let mut entry = [0; ENTRY_BYTES as usize];
    entry[..8].copy_from_slice(&place.offset.to_le_bytes());
    entry[8..].copy_from_slice(&place.position.to_le_bytes());
    file.write_all(&entry)
}

/// The last place at or before `offset`; the beginning when there is no index yet.
pub(super) fn find(dir: &Path, offset: u64) -> io::Result<Place> {
    let file = match File::open(dir.join(FILE)) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Place::default()),
        Err(error) => return Err(error),
    };
    let (mut low, mut high) = (0, file.metadata()?.len() / ENTRY_BYTES);
    let mut best = Place::default();
    while low < high {
        let middle = low.midpoint(high);
        let place = entry(&file, middle)?;
        if place.offset <= offset {
            best = place;
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    Ok(best)
}

fn entry(file: &File, number: u64) -> io::Result<Place> {
    let mut halves = [[0; 8]; 2];
    for (at, half) in halves.iter_mut().enumerate() {
        file.read_exact_at(half, number * ENTRY_BYTES + 8 * at as u64)?;
    }
    Ok(Place {
        offset: u64::from_le_bytes(halves[0]),
        position: u64::from_le_bytes(halves[1]),
    })
}
