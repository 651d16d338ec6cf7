//! A log as lines that can be shown, searched and saved, however long it is.
//!
//! [`Log`] takes a log's messages and keeps its lines, on a [`Storage`] and with a small index in memory. A line is counted
//! when it has ended; those that still grow come after, in the order of their first bytes. [`RowView`] says which lines
//! are rows and draws them. What a page and the worker that holds the log say to each other is in [`words`].

pub mod ahead;
mod bits;
mod block;
mod copy;
mod draw;
mod errors;
mod find;
mod find_again;
mod folds;
mod gathered;
mod groups;
mod ingest;
mod lines;
pub mod mark_reader;
mod marks;
pub mod model;
mod number;
mod open;
pub mod plot;
mod reasons;
mod redrawn;
mod row;
mod row_filter;
mod row_view;
mod rows_above;
mod save;
mod secrets;
mod seek;
pub mod series;
mod source;
mod stamp;
mod storage;
mod story;
mod told_progress;
mod trouble;
mod versions;
pub mod view;

#[cfg(test)]
mod tests;

pub use gathered::Gathered;
pub use row_view::RowView;
pub use save::Saving;
pub use seek::SeekResult;
pub use storage::{MemoryStorage, Storage, StorageError};
pub use trouble::TroubleMark;

use jobsphere_api as api;
use std::{collections::VecDeque, rc::Rc};

use block::{Entry, Lines, SourceLines};
use errors::Errors;
use groups::Groups;
use model::Source;
use reasons::Reasons;
use rows_above::Stale;
use source::Stream;
use versions::Versions;

/// So many blocks that were read stay in memory.
const CACHED_BLOCKS: usize = 24;
/// So many last lines of standard error and of standard output are remembered.
const LAST_LINES: usize = 20;

/// The lines of a log.
#[derive(Debug)]
pub struct Log<S> {
    storage: S,
    errors: Errors,
    /// Bytes of content that came, of all sources.
    offset: u64,
    began_ms: Option<i64>,
    streams: Vec<Stream>,
    entries: Vec<Entry>,
    /// Lines by source, of all blocks after each other.
    counts: Vec<SourceLines>,
    /// The pieces of lines that are too long for a block.
    pieces: Vec<Rc<[Piece]>>,
    /// The lines that are not on the storage yet.
    tail: Lines,
    tail_counts: Vec<SourceLines>,
    /// Lines that have ended, and those of them that are texts.
    lines: u64,
    texts: u64,
    groups: Groups,
    reasons: Reasons,
    /// The last lines that say something, by their number among all.
    last_err: VecDeque<u64>,
    last_out: VecDeque<u64>,
    cache: Vec<(usize, Rc<Lines>)>,
    versions: Versions,
    stale: Stale,
    /// Nothing more will come.
    has_ended: bool,
    /// The storage has no room: what comes is counted alone.
    is_full: bool,
}

/// A stretch of bytes on the storage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Piece {
    position: u64,
    bytes: u32,
}

impl<S: Storage> Log<S> {
    /// An empty log that keeps its bytes on `storage`.
    ///
    /// # Errors
    /// When the words of errors cannot be made ready, which does not happen.
    pub fn new(storage: S) -> Result<Self, StorageError> {
        Ok(Self {
            storage,
            errors: Errors::new().map_err(|error| StorageError::Failed(error.to_string()))?,
            offset: 0,
            began_ms: None,
            streams: Vec::new(),
            entries: Vec::new(),
            counts: Vec::new(),
            pieces: Vec::new(),
            tail: Lines::default(),
            tail_counts: Vec::new(),
            lines: 0,
            texts: 0,
            groups: Groups::default(),
            reasons: Reasons::default(),
            last_err: VecDeque::new(),
            last_out: VecDeque::new(),
            cache: Vec::new(),
            versions: Versions::default(),
            stale: Stale::default(),
            has_ended: false,
            is_full: false,
        })
    }

    /// Bytes of content that came, of all sources: where to read on.
    pub fn offset(&self) -> u64 {
        self.offset
    }

    /// Whether the storage has no room for more.
    pub fn is_full(&self) -> bool {
        self.is_full
    }

    /// The source with this number.
    fn source(&self, source: u16) -> Option<&Source> {
        self.streams.get(usize::from(source)).map(|stream| &stream.source)
    }
}
