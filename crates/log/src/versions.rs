//! The earlier versions of a line: what it showed before it was written over.

use jobsphere_lines::{Canvas, Style, Trace, Watch};

use super::{
    Log, Storage, StorageError,
    draw::{self, Drawn},
    lines::Place,
};

/// A line's bytes are looked through in pieces of this size.
const STEP_BYTES: usize = 64 * 1024;
/// So many versions are drawn at once: as a rule, whoever asks for one asks for the next.
const AT_ONCE: u32 = 256;

/// Versions that follow each other, as they were drawn.
#[derive(Debug, Default)]
pub(super) struct Versions {
    /// Source and first byte of the line.
    of: Option<(u16, u64)>,
    first: u32,
    drawn: Vec<Drawn>,
}

/// Keeps the versions from one on.
struct Keep {
    first: u32,
    seen: u32,
    drawn: Vec<Drawn>,
}

impl Watch for Keep {
    fn version(&mut self, canvas: &Canvas) {
        if (self.first..self.first.saturating_add(AT_ONCE)).contains(&self.seen) {
            self.drawn.push(canvas.drawn());
        }
        self.seen = self.seen.saturating_add(1);
    }
}

impl<S: Storage> Log<S> {
    /// One of the versions of a line before the last.
    pub(super) fn version(&mut self, place: Place, state: u32, columns: usize) -> Result<Drawn, StorageError> {
        let head = self.head(place)?;
        let of = Some((head.source, head.offset));
        let held = &self.versions;
        if held.of == of && columns == draw::MAX_COLUMNS {
            let found = state.checked_sub(held.first).and_then(|at| held.drawn.get(at as usize));
            if let Some(drawn) = found {
                return Ok(drawn.clone());
            }
        }
        let mut keep = Keep {
            first: state,
            seen: 0,
            drawn: Vec::new(),
        };
        // How letters looked when the line began is kept for the shown version alone: earlier ones begin plain.
        let mut trace = Trace::new(Style::default(), columns);
        let last = state.saturating_add(AT_ONCE);
        let mut at = 0;
        while at < head.length && keep.seen < last {
            let bytes = self.line_bytes(place, at, STEP_BYTES)?;
            if bytes.is_empty() {
                break;
            }
            trace.read(bytes.strip_suffix(b"\n").unwrap_or(&bytes), &mut keep);
            at += bytes.len() as u64;
        }
        let drawn = keep.drawn.first().cloned().unwrap_or_default();
        if columns == draw::MAX_COLUMNS {
            self.versions = Versions {
                of,
                first: state,
                drawn: keep.drawn,
            };
        }
        Ok(drawn)
    }
}
