//! Lines that write to rows of earlier lines: what these show then.
//!
//! Lines stay what their bytes make them: how many there are, and their numbers. A line that began on an earlier one's row has
//! no row of its own, as on a terminal, but among the states of all lines; there each stands as it was written.

use std::{collections::BTreeSet, ops::Range};

use jobsphere_lines::{Canvas, Ended, Screen, Sign, Style, Trace, Watch};

use super::{
    Log, Storage, StorageError,
    block::{self, BINARY, ERROR, Head, MARK, ROWLESS},
    draw,
    lines::Place,
    redrawn::RedrawnLine,
};

/// So many lines whose rows were changed are remembered one by one.
const MAX_STALE: usize = 1024;

/// Lines whose rows were changed, for whoever has looked at them before.
#[derive(Debug, Clone, Default)]
pub(super) struct Stale {
    pub(super) lines: BTreeSet<u64>,
    /// All lines from the first of these on may have changed.
    pub(super) is_over: bool,
    /// How often rows were changed.
    count: u64,
}

impl Stale {
    pub(super) fn add(&mut self, lines: impl IntoIterator<Item = u64>) {
        for line in lines {
            self.count += 1;
            self.lines.insert(line);
            if self.is_over || self.lines.len() > MAX_STALE {
                self.is_over = true;
                let first = self.lines.pop_first();
                self.lines.clear();
                self.lines.extend(first);
            }
        }
    }

    /// What came since it was taken last.
    pub(super) fn take(&mut self) -> Self {
        let count = self.count;
        std::mem::replace(
            self,
            Self {
                count,
                ..Self::default()
            },
        )
    }
}

/// The terminal hears what the open line of a source says.
struct Terminal<'a, S> {
    log: &'a mut Log<S>,
    screen: Screen,
    failed: Option<StorageError>,
}

impl<S: Storage> Watch for Terminal<'_, S> {
    fn sign(&mut self, canvas: &Canvas, sign: Sign<'_>, style: Style) {
        let (log, failed) = (&mut *self.log, &mut self.failed);
        self.screen.hear(canvas, sign, style, |line| {
            log.canvas(line).unwrap_or_else(|error| {
                *failed = Some(error);
                Canvas::new(draw::MAX_COLUMNS)
            })
        });
    }
}

impl<S: Storage> Log<S> {
    /// How often lines that have ended were changed by what came later.
    pub fn redraws(&self) -> u64 {
        self.stale.count
    }

    /// The open line of a source goes on with these bytes.
    pub(super) fn trace(&mut self, source: u16, bytes: &[u8]) -> Result<(), StorageError> {
        self.with_terminal(source, |trace, terminal| trace.read(bytes, terminal))
    }

    /// Nothing more comes of the open line of a source.
    pub(super) fn finish_trace(&mut self, source: u16) -> Result<(), StorageError> {
        self.with_terminal(source, |trace, terminal| trace.finish(terminal))
    }

    fn with_terminal(
        &mut self,
        source: u16,
        read: impl FnOnce(&mut Trace, &mut Terminal<'_, S>),
    ) -> Result<(), StorageError> {
        let stream = &mut self.streams[usize::from(source)];
        let Some(mut open) = stream.open.take() else {
            return Ok(());
        };
        let is_table = stream.is_table;
        let empty = Screen::new(draw::MAX_COLUMNS);
        let mut terminal = Terminal {
            screen: std::mem::replace(&mut stream.screen, empty),
            log: self,
            failed: None,
        };
        read(&mut open.trace, &mut terminal);
        let Terminal { screen, failed, .. } = terminal;
        let stream = &mut self.streams[usize::from(source)];
        stream.open = Some(open);
        if !is_table {
            stream.screen = screen;
        }
        self.take_changes(source)?;
        failed.map_or(Ok(()), Err)
    }

    /// What a line that has ended shows by itself.
    fn canvas(&mut self, line: u64) -> Result<Canvas, StorageError> {
        let mut trace = Trace::new(Style::default(), draw::MAX_COLUMNS);
        if let Some(place) = self.place(line) {
            let head = self.head(place)?;
            trace = Trace::new(head.style, draw::MAX_COLUMNS);
            let bytes = self.line_bytes(place, head.start, block::MAX_BYTES)?;
            trace.read(bytes.strip_suffix(b"\n").unwrap_or(&bytes), &mut ());
            trace.finish(&mut ());
        }
        Ok(trace.into_canvas())
    }

    /// The next line has ended: whether it has a row of its own.
    pub(super) fn end_row(&mut self, head: &mut Head) -> Result<(), StorageError> {
        let line = self.lines;
        let stream = &mut self.streams[usize::from(head.source)];
        if stream.is_table {
            return Ok(());
        }
        let Ended { has_row, on } = stream.screen.end_line(line, head.has(ERROR));
        if !head.has(BINARY | MARK) {
            head.back = line.saturating_sub(on);
            head.flags |= if has_row { 0 } else { ROWLESS };
        }
        self.take_changes(head.source)
    }

    fn take_changes(&mut self, source: u16) -> Result<(), StorageError> {
        let stream = &mut self.streams[usize::from(source)];
        self.stale.add(stream.screen.take_changed());
        for row in stream.screen.take_left() {
            stream.redrawn.push(&row, &mut self.storage)?;
        }
        Ok(())
    }

    /// The line whose row the open line of a source is written to, where it has none of its own.
    pub(super) fn open_under(&self, source: u16) -> Option<u64> {
        let stream = self.streams.get(usize::from(source))?;
        let open = stream.open.as_ref()?;
        let is_apart = draw::is_binary(open.first()) || super::marks::Mark::of(open.first()).is_some();
        stream.screen.under().filter(|_| !is_apart)
    }

    /// What a line shows that was written to after it had left its row, or after it had ended; `None` where that is what its
    /// bytes show.
    pub(super) fn redrawn(&mut self, place: Place, head: &Head) -> Result<Option<RedrawnLine>, StorageError> {
        if head.has(BINARY | MARK | ROWLESS) {
            return Ok(None);
        }
        let line = match place {
            Place::Kept(block, at) => Some(self.entries[block].first + at as u64),
            Place::Tail(at) => Some(self.tail_first() + at as u64),
            Place::Open(_) => None,
        };
        let Some(stream) = self.streams.get_mut(usize::from(head.source)) else {
            return Ok(None);
        };
        if let Some(row) = stream.screen.row_of(line) {
            return Ok(RedrawnLine::of(row));
        }
        match line {
            Some(line) => stream.redrawn.find(line, &mut self.storage),
            None => Ok(None),
        }
    }

    /// The same for all lines among these that have ended, in their order.
    pub(super) fn redrawn_among(&mut self, lines: Range<u64>) -> Result<Vec<RedrawnLine>, StorageError> {
        let mut found = Vec::new();
        for stream in &mut self.streams {
            stream.redrawn.find_among(&lines, &mut self.storage, &mut found)?;
            found.extend(stream.screen.changed_rows(lines.clone()).filter_map(RedrawnLine::of));
        }
        found.sort_by_key(|redrawn| redrawn.line);
        Ok(found)
    }
}
