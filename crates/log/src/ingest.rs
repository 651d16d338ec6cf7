//! Messages become lines.

use jobsphere_lines::{Ends, Parts, Shown, Source, Style, Trace, goes, is_odd, moves, pieces, style_after};
use memchr::memchr_iter;

use super::{
    LAST_LINES, Log, Piece, Storage, StorageError,
    block::{self, BINARY, ERROR, Entry, Head, Lines, MARK, ODD, ROWLESS, SourceLines},
    draw,
    errors::{self, Grade},
    marks::Mark,
    open::{FIRST_BYTES, OpenLine},
    source::Stream,
    story::Told,
};
use crate::api::{jobs::LogMessage, time};

/// Hears of each line that ends: its source, its time in milliseconds, the place of its first byte, its bytes without the
/// line feed. Lines that are too long for a block are passed over.
pub trait OnLine: FnMut(&Source, i64, u64, &[u8]) {}

impl<F: FnMut(&Source, i64, u64, &[u8])> OnLine for F {}

impl<S: Storage> Log<S> {
    /// Takes the next message of the log.
    ///
    /// # Errors
    /// When the storage fails. A storage without room is none: what comes is then counted alone.
    pub fn push(&mut self, message: &LogMessage, on_line: &mut impl OnLine) -> Result<(), StorageError> {
        let offset = self.offset;
        self.offset += message.content.len() as u64;
        let time_ms = message.created_at.as_ref().map_or(0, time::to_millis);
        self.began_ms.get_or_insert(time_ms);
        let Some(source) = self.source_of(message) else {
            return Ok(());
        };
        let stream = &mut self.streams[usize::from(source)];
        stream.bytes += message.content.len() as u64;
        if self.is_full {
            stream.lost_lines += memchr_iter(b'\n', &message.content).count() as u64;
            return Ok(());
        }
        let result = self.take(source, time_ms, offset, &message.content, on_line);
        // What has failed once is not tried with every message.
        self.is_full |= result.is_err();
        match result {
            Err(StorageError::Full) => Ok(()),
            result => result,
        }
    }

    /// Nothing more will come: lines that did not end are lines.
    ///
    /// # Errors
    /// When the storage fails.
    pub fn finish(&mut self, on_line: &mut impl OnLine) -> Result<(), StorageError> {
        self.has_ended = true;
        for source in self.open_sources() {
            match self.end(source, on_line) {
                Err(StorageError::Full) => self.is_full = true,
                result => result?,
            }
        }
        Ok(())
    }

    fn source_of(&mut self, message: &LogMessage) -> Option<u16> {
        let known = self.streams.iter().position(|stream| stream.source.is_of(message));
        let at = known.unwrap_or(self.streams.len());
        if known.is_none() {
            self.streams.push(Stream::new(Source::of(message)?));
        }
        u16::try_from(at).ok()
    }

    fn take(
        &mut self,
        source: u16,
        time_ms: i64,
        offset: u64,
        bytes: &[u8],
        on_line: &mut impl OnLine,
    ) -> Result<(), StorageError> {
        let parts = Parts::of(bytes, self.streams[usize::from(source)].open.is_some());
        self.extend(source, parts.rest)?;
        if parts.ends_open() {
            self.end(source, on_line)?;
        }
        let at = offset + parts.rest.len() as u64;
        self.take_whole(source, time_ms, at, parts.whole, on_line)?;
        if !parts.begun.is_empty() {
            self.begin(source, time_ms, at + parts.whole.len() as u64);
            self.extend(source, parts.begun)?;
        }
        Ok(())
    }

    fn begin(&mut self, source: u16, time_ms: i64, offset: u64) {
        let stream = &mut self.streams[usize::from(source)];
        stream.open = Some(OpenLine::new(offset, time_ms, stream.style));
        if !stream.is_table {
            stream.screen.begin();
        }
    }

    fn extend(&mut self, source: u16, bytes: &[u8]) -> Result<(), StorageError> {
        if bytes.is_empty() {
            return Ok(());
        }
        self.trace(source, bytes.strip_suffix(b"\n").unwrap_or(bytes))?;
        match &mut self.streams[usize::from(source)].open {
            Some(open) => open.extend(bytes, &mut self.storage),
            None => Ok(()),
        }
    }

    /// Lines that begin and end in one message.
    fn take_whole(
        &mut self,
        source: u16,
        time_ms: i64,
        offset: u64,
        bytes: &[u8],
        on_line: &mut impl OnLine,
    ) -> Result<(), StorageError> {
        if bytes.is_empty() {
            return Ok(());
        }
        let is_table = self.streams[usize::from(source)].is_table;
        let is_any_odd = is_odd(bytes);
        let find_word = |log: &Self, at| {
            if is_table {
                None
            } else {
                log.errors.next_word(bytes, at)
            }
        };
        let mut word = find_word(self, 0);
        let mut end = 0;
        for line in pieces(bytes, Ends::Feed) {
            let offset = offset + end as u64;
            end += line.len();
            let has_word = word.is_some_and(|at| at < end);
            if has_word {
                word = find_word(self, end);
            }
            // What is written to rows of other lines is read as what comes in pieces.
            let text = line.strip_suffix(b"\n").unwrap_or(line);
            let is_any_row = !is_table && !self.streams[usize::from(source)].screen.is_at_end();
            if line.len() > block::MAX_BYTES || is_any_row || is_any_odd && !is_table && goes(text) {
                self.begin(source, time_ms, offset);
                self.extend(source, line)?;
                self.end(source, on_line)?;
                continue;
            }
            let style = self.streams[usize::from(source)].style;
            let head = Head {
                source,
                length: line.len() as u64,
                offset,
                time_ms,
                style,
                ..Head::default()
            };
            let shown = (is_any_odd && is_odd(line)).then(|| {
                let (shown, after) = look(text, style);
                self.streams[usize::from(source)].style = after;
                shown
            });
            self.keep(head, shown, line, has_word, on_line)?;
        }
        Ok(())
    }

    /// The open line of a source has ended.
    fn end(&mut self, source: u16, on_line: &mut impl OnLine) -> Result<(), StorageError> {
        self.finish_trace(source)?;
        let stream = &mut self.streams[usize::from(source)];
        let Some(mut open) = stream.open.take() else {
            return Ok(());
        };
        stream.style = open.trace.style();
        let head = Head {
            source,
            length: open.length,
            offset: open.offset,
            time_ms: open.time_ms,
            style: open.trace.shown().style,
            ..Head::default()
        };
        if open.pieces.is_empty() {
            let has_word = !stream.is_table && self.errors.next_word(&open.bytes, 0).is_some();
            let shown = is_odd(&open.bytes).then(|| open.trace.shown());
            return self.keep(head, shown, &open.bytes, has_word, on_line);
        }
        open.write(&mut self.storage)?;
        self.keep_pieces(head, &open)
    }

    fn keep(
        &mut self,
        mut head: Head,
        shown: Option<Shown>,
        line: &[u8],
        has_word: bool,
        on_line: &mut impl OnLine,
    ) -> Result<(), StorageError> {
        let text = line.strip_suffix(b"\n").unwrap_or(line);
        if let Some(Shown { states, start, style }) = shown {
            head.flags |= ODD;
            (head.states, head.start, head.style) = (states, start, style);
        }
        self.judge(&mut head, text, has_word);
        self.end_row(&mut head)?;
        on_line(
            &self.streams[usize::from(head.source)].source,
            head.time_ms,
            head.offset,
            text,
        );
        self.tail.push(head, line);
        self.count_line(&head);
        if self.tail.is_full() {
            self.close_block()
        } else {
            Ok(())
        }
    }

    fn keep_pieces(&mut self, mut head: Head, open: &OpenLine) -> Result<(), StorageError> {
        self.close_block()?;
        let shown = open.trace.shown();
        head.flags |= ODD;
        (head.states, head.start, head.style) = (shown.states, shown.start, shown.style);
        let is_table = self.streams[usize::from(head.source)].is_table;
        let has_word = !is_table && self.errors.next_word(open.first(), 0).is_some();
        self.judge(&mut head, open.first(), has_word);
        self.end_row(&mut head)?;
        self.tail.push(head, &[]);
        self.count_line(&head);
        self.pieces.push(open.pieces.iter().copied().collect());
        self.close_block_of(Some(self.pieces.len() - 1))
    }

    /// What a line says: that it is a mark, tells an error, or is no text. `text` may be its first bytes alone.
    fn judge(&mut self, head: &mut Head, text: &[u8], has_word: bool) {
        let (source, line) = (head.source, self.lines);
        let stream = &self.streams[usize::from(source)];
        let (before, is_table) = (stream.lines, stream.is_table);
        if head.has(ODD) && draw::is_binary(text) {
            head.flags |= BINARY;
        }
        let mark = if is_table {
            None
        } else {
            Mark::of(&text[..text.len().min(FIRST_BYTES)])
        };
        head.depth = self.groups.depth(source);
        match mark {
            Some(Mark::Group(_)) => self.groups.begin(source, line, before),
            Some(Mark::EndGroup) => {
                self.groups.end(source, line, before);
                head.depth = self.groups.depth(source);
            }
            Some(Mark::Error(_)) => head.flags |= ERROR,
            Some(Mark::Note(_)) | None => {}
        }
        if mark.is_some() {
            head.flags |= MARK | ODD;
        }
        if head.has(ERROR) {
            self.reasons.hear(line, Told::Alone(Grade::Error));
        } else if !head.has(BINARY) && !is_table {
            // A line without a word of an error may tell one by its form, or by those before it.
            let is_told = has_word || errors::begins_as_one(text);
            if is_told || self.streams[usize::from(source)].story.is_open() {
                self.judge_error(head, text, is_told);
            }
        }
        let last = match self.streams[usize::from(source)].source {
            Source::Err => &mut self.last_err,
            Source::Out => &mut self.last_out,
            _ => return,
        };
        if !text.trim_ascii().is_empty() {
            if last.len() == LAST_LINES {
                last.pop_front();
            }
            last.push_back(line);
        }
    }

    /// What a line tells of an error: by itself, where `is_told` says that it may, and after those before it.
    fn judge_error(&mut self, head: &mut Head, text: &[u8], is_told: bool) {
        let from = usize::try_from(head.start).unwrap_or(0).min(text.len());
        let shown = if head.has(ODD) {
            draw::draw(&text[from..], head.style, FIRST_BYTES).text.into()
        } else {
            String::from_utf8_lossy(&text[..text.len().min(FIRST_BYTES)])
        };
        let grade = is_told.then(|| self.errors.grade(&shown)).flatten();
        let story = &mut self.streams[usize::from(head.source)].story;
        if let Some(told) = story.read(&shown, grade) {
            head.flags |= ERROR;
            self.reasons.hear(self.lines, told);
        }
    }

    fn count_line(&mut self, head: &Head) {
        let stream = &mut self.streams[usize::from(head.source)];
        stream.lines += 1;
        stream.errors += u64::from(head.has(ERROR));
        self.lines += 1;
        self.texts += u64::from(!stream.is_table);
        let counts = &mut self.tail_counts;
        let at = counts
            .iter()
            .position(|count| count.source == head.source)
            .unwrap_or_else(|| {
                counts.push(SourceLines {
                    source: head.source,
                    lines: 0,
                    states: 0,
                    rowless: 0,
                });
                counts.len() - 1
            });
        counts[at].lines += 1;
        counts[at].rowless += u32::from(head.has(ROWLESS));
        counts[at].states = counts[at].states.saturating_add(head.states);
    }

    /// Writes the lines that are in memory to the storage.
    fn close_block(&mut self) -> Result<(), StorageError> {
        self.close_block_of(None)
    }

    fn close_block_of(&mut self, pieces: Option<usize>) -> Result<(), StorageError> {
        let Lines { heads, content, .. } = &self.tail;
        if heads.is_empty() {
            return Ok(());
        }
        let encoded = self.tail.encode_heads();
        let offsets = heads.iter().map(|head| head.offset);
        let entry = Entry {
            content_bytes: content.len() as u32,
            heads_bytes: encoded.len() as u32,
            first: self.lines - heads.len() as u64,
            texts_before: self.texts - self.texts_in(&self.tail_counts),
            lines: heads.len() as u32,
            counts: self.counts.len(),
            offsets: (offsets.clone().min().unwrap_or(0), offsets.max().unwrap_or(0)),
            last_ms: heads.iter().map(|head| head.time_ms).max().unwrap_or(0),
            has_odd: heads.iter().any(|head| head.has(ODD)),
            has_error: heads.iter().any(|head| head.has(ERROR)),
            pieces,
            position: 0,
        };
        // One write for both: the tail is not changed before it is kept.
        self.tail.content.extend_from_slice(&encoded);
        let position = self.storage.append(&self.tail.content);
        self.tail.content.truncate(entry.content_bytes as usize);
        self.entries.push(Entry {
            position: position?,
            ..entry
        });
        self.counts.append(&mut self.tail_counts);
        self.tail.clear();
        Ok(())
    }

    /// Those of some lines that are texts.
    pub(super) fn texts_in(&self, counts: &[SourceLines]) -> u64 {
        let texts = counts
            .iter()
            .filter(|count| !self.streams[usize::from(count.source)].is_table);
        texts.map(|count| u64::from(count.lines)).sum()
    }

    /// The sources with a line that has not ended, in the order of these lines' first bytes.
    pub(super) fn open_sources(&self) -> Vec<u16> {
        let mut open: Vec<(u64, u16)> = (0_u16..)
            .zip(&self.streams)
            .filter_map(|(source, stream)| Some((stream.open.as_ref()?.offset, source)))
            .collect();
        open.sort_unstable();
        open.into_iter().map(|(_, source)| source).collect()
    }
}

/// What is shown of a whole line, and how letters look behind it.
fn look(text: &[u8], style: Style) -> (Shown, Style) {
    if moves(text) {
        let mut trace = Trace::new(style, draw::MAX_COLUMNS);
        trace.read(text, &mut ());
        trace.finish(&mut ());
        return (trace.shown(), trace.style());
    }
    let shown = Shown {
        style,
        ..Shown::default()
    };
    (shown, style_after(text, style))
}

/// The bytes of pieces, in all.
pub(super) fn length(pieces: &[Piece]) -> u64 {
    pieces.iter().map(|piece| u64::from(piece.bytes)).sum()
}
