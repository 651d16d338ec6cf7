//! Entries of ZIP archives: what was read of one becomes its content, checked.

use super::content::{Beginning, ContentError};
use crate::browser::inflate::inflated;
use jobsphere_results::listing::{Entry, Packing};

/// At most `limit` bytes of the content of `entry`, out of what was `read` of its range.
///
/// # Errors
/// [`ContentError::Packing`] and [`ContentError::Damaged`]; the latter where all of it is there and not what was packed.
pub(crate) async fn unpacked(entry: &Entry, read: &[u8], limit: u64) -> Result<Beginning, ContentError> {
    let packing = entry.packing.ok_or(ContentError::Packing)?;
    let packed = entry.packed(read).ok_or(ContentError::Damaged)?;
    let most = usize::try_from(limit).unwrap_or(usize::MAX);
    let bytes = match packing {
        _ if entry.size_bytes == 0 => Vec::new(),
        Packing::Stored => packed[..packed.len().min(most)].to_vec(),
        Packing::Deflated => inflated(packed, most).await.ok_or(ContentError::Damaged)?,
    };
    let is_whole = bytes.len() as u64 >= entry.size_bytes;
    if is_whole && !entry.is_sound(&bytes) {
        return Err(ContentError::Damaged);
    }
    Ok(Beginning { bytes, is_whole })
}

/// The whole content of `entry`, out of all bytes of its archive.
///
/// # Errors
/// As [`unpacked`]; [`ContentError::Damaged`] also where not all of it is there.
pub(crate) async fn whole(entry: &Entry, archive: &[u8]) -> Result<Vec<u8>, ContentError> {
    let (from, to) = entry.range(u64::MAX, archive.len() as u64);
    let place = |at: u64| usize::try_from(at).unwrap_or(usize::MAX);
    let read = archive.get(place(from)..place(to)).ok_or(ContentError::Damaged)?;
    let content = unpacked(entry, read, entry.size_bytes).await?;
    content.is_whole.then_some(content.bytes).ok_or(ContentError::Damaged)
}
