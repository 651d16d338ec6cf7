//! Looking for a pattern in the whole log, a slice at a time.
//!
//! Lines whose bytes are what is seen are searched a block at once; the others one by one, as they are shown.

use regex::bytes::{Regex, RegexBuilder};

use super::{
    Log, Storage, StorageError,
    bits::Bits,
    block::{BINARY, Head, Lines, MARK, ODD},
    draw,
    find_again::{correct, correct_by, redrawn},
    lines::Place,
    marks::Mark,
    model::{Matches, Pattern},
    row_filter::BaseRows,
    rows_above::Stale,
};

/// A compiled expression may take so much memory.
const MAX_PATTERN_BYTES: usize = 4 << 20;
/// A line in pieces is searched in parts of this size, which overlap.
const PART_BYTES: usize = 64 * 1024;
const OVERLAP_BYTES: usize = 1024;

/// A pattern, and what was found.
#[derive(Debug)]
pub(super) struct Find {
    pattern: Pattern,
    regex: Result<Regex, String>,
    /// Blocks can be searched at once: the pattern does not speak of the whole text's ends.
    is_by_block: bool,
    /// Base rows of lines that match.
    found: Bits,
    /// These and those around them.
    around: Bits,
    /// How many around; `None`: nothing is hidden.
    context: Option<u64>,
    /// Lines before this one were looked at; of them, those that count.
    pub(super) next: u64,
    searched: u64,
    /// Of these, those that show something else by now.
    pub(super) stale: Stale,
    /// So many were looked at again.
    pub(super) again: u64,
}

impl Find {
    pub(super) fn new(pattern: Pattern, context: Option<u32>) -> Self {
        let text = if pattern.is_regex {
            pattern.text.clone()
        } else {
            regex::escape(&pattern.text)
        };
        let regex = RegexBuilder::new(&text)
            .case_insensitive(!pattern.is_case_sensitive)
            .multi_line(true)
            .size_limit(MAX_PATTERN_BYTES)
            .dfa_size_limit(MAX_PATTERN_BYTES)
            .build()
            .map_err(|error| error.to_string());
        let flags = text.replace("(?:", "").replace("(?<", "").replace("(?P<", "");
        let is_by_block = !pattern.is_regex || !["(?", r"\A", r"\z"].iter().any(|words| flags.contains(words));
        Self {
            pattern,
            regex,
            is_by_block,
            found: Bits::default(),
            around: Bits::default(),
            context: context.map(u64::from),
            next: 0,
            searched: 0,
            stale: Stale::default(),
            again: 0,
        }
    }

    /// The same pattern for rows that are numbered anew.
    pub(super) fn again(self, context: Option<u32>) -> Self {
        Self::new(self.pattern, context)
    }

    /// What is looked for, where it can be.
    pub(super) fn regex(&self) -> Result<&Regex, &String> {
        self.regex.as_ref()
    }

    /// Forgets what was found from a line on, whose row this is and before which so many lines count.
    pub(super) fn cut(&mut self, line: u64, row: u64, searched: u64) {
        (self.next, self.searched) = (line, searched);
        self.found.cut(row);
        self.around.cut(row);
        let last = self.found.count().checked_sub(1).and_then(|last| self.found.nth(last));
        if let (Some(context), Some(last)) = (self.context, last) {
            (row..=last + context).for_each(|row| self.around.add(row));
        }
    }

    /// Base rows of lines that match.
    pub(super) fn found(&self) -> &Bits {
        &self.found
    }

    /// The base rows that are shown, where others are hidden.
    pub(super) fn shown(&self) -> Option<&Bits> {
        self.context.map(|_| &self.around)
    }

    /// How far it has come.
    pub(super) fn progress<S: Storage>(&self, log: &Log<S>, base: &BaseRows) -> Matches {
        Matches {
            lines: self.found.count(),
            searched: self.searched,
            of: base.lines(log),
            error: self.regex.as_ref().err().cloned(),
        }
    }

    /// Where a text matches, in units of UTF-16.
    pub(super) fn stretches(&self, text: &str) -> Vec<(u32, u32)> {
        let Ok(regex) = &self.regex else {
            return Vec::new();
        };
        let (mut at, mut units) = (0, 0);
        let mut to_units = |to: usize| {
            units += text.get(at..to)?.encode_utf16().count() as u32;
            at = to;
            Some(units)
        };
        regex
            .find_iter(text.as_bytes())
            .filter(|found| !found.is_empty())
            .map_while(|found| Some((to_units(found.start())?, to_units(found.end())?)))
            .collect()
    }

    /// Whether lines are left that were not looked at.
    pub(super) fn has_more<S: Storage>(&self, log: &Log<S>) -> bool {
        let looks_again = !(self.stale.lines.is_empty() && log.stale.lines.is_empty()) && self.may_look_again(log);
        self.regex.is_ok() && (self.next < log.lines || looks_again)
    }

    /// Looks on until `is_over` or until all was looked at; says whether earlier finds were taken back.
    pub(super) fn step<S: Storage>(
        &mut self,
        log: &mut Log<S>,
        base: &BaseRows,
        mut is_over: impl FnMut() -> bool,
    ) -> Result<bool, StorageError> {
        let Ok(regex) = self.regex.clone() else {
            return Ok(false);
        };
        let goes_back = self.look_again(log, base)?;
        let mut buffer = Vec::new();
        while self.next < log.lines {
            let block = log
                .entries
                .partition_point(|entry| entry.first + u64::from(entry.lines) <= self.next);
            let before = base.before_block(block);
            let mut hits = Vec::new();
            match log.entries.get(block).cloned() {
                Some(entry) if entry.pieces.is_some() => {
                    let lines = log.block(block)?;
                    if base.shows(lines.heads[0].source) && matches_in_pieces(log, Place::Kept(block, 0), &regex)? {
                        hits.push(0);
                    }
                    correct(log, base, &lines, (entry.first, 0), &regex, &mut hits)?;
                    self.take(&lines, 0, before, &hits, base);
                    self.next = entry.first + 1;
                }
                Some(entry) => {
                    let lines = log.read_block(block, buffer)?;
                    let from = (self.next - entry.first) as usize;
                    search(&lines, from, &regex, self.is_by_block && !entry.has_odd, &mut hits);
                    correct(log, base, &lines, (entry.first, from), &regex, &mut hits)?;
                    self.take(&lines, from, before, &hits, base);
                    self.next = entry.first + u64::from(entry.lines);
                    buffer = lines.content;
                    if is_over() {
                        return Ok(goes_back);
                    }
                    continue;
                }
                None => {
                    let first = log.tail_first();
                    let from = (self.next - first) as usize;
                    let has_odd = log.tail.heads.iter().any(|head| head.has(ODD));
                    search(&log.tail, from, &regex, self.is_by_block && !has_odd, &mut hits);
                    let redrawn = redrawn(log, base, first + from as u64..log.lines)?;
                    correct_by(&redrawn, &log.tail, first, &regex, &mut hits);
                    self.take(&log.tail, from, before, &hits, base);
                    self.next = log.lines;
                }
            }
            if is_over() {
                return Ok(goes_back);
            }
            buffer = Vec::new();
        }
        Ok(goes_back)
    }

    /// Writes down the lines of a block that match; those before `from` were looked at earlier.
    fn take(&mut self, lines: &Lines, from: usize, before: u64, hits: &[usize], base: &BaseRows) {
        let shown = lines.heads[from..].iter().filter(|head| base.shows(head.source));
        self.searched += shown.count() as u64;
        let (mut at, mut row) = (0, before);
        for hit in hits {
            row += lines.heads[at..*hit].iter().map(|head| base.weight(head)).sum::<u64>();
            at = *hit;
            let weight = base.weight(&lines.heads[at]);
            if weight > 0 {
                self.add(row + weight - 1);
            }
        }
    }

    fn add(&mut self, row: u64) {
        self.found.add(row);
        if let Some(context) = self.context {
            // Rows before the last that is shown are shown already, as far as they are near.
            let last = self
                .around
                .count()
                .checked_sub(1)
                .and_then(|last| self.around.nth(last));
            let first = row.saturating_sub(context).max(last.map_or(0, |last| last + 1));
            (first..=row + context).for_each(|row| self.around.add(row));
        }
    }
}

/// Says which lines from `from` on match.
fn search(lines: &Lines, from: usize, regex: &Regex, at_once: bool, hits: &mut Vec<usize>) {
    // A line that the log's end cut off has no line feed: at once, the next one would be taken for its rest.
    let is_apart = |at: usize| lines.bytes(at).ends_with(b"\n");
    if !at_once || !(from..lines.heads.len().saturating_sub(1)).all(is_apart) {
        let matches = |at: &usize| is_match(&lines.heads[*at], lines.bytes(*at), regex);
        hits.extend((from..lines.heads.len()).filter(matches));
        return;
    }
    let content = &lines.content;
    let Some(mut at) = lines.starts.get(from).map(|start| *start as usize) else {
        return;
    };
    while at < content.len() {
        let Some(found) = regex.find_at(content, at) else {
            return;
        };
        if found.start() >= content.len() {
            return;
        }
        let line = lines.line_at(found.start());
        let start = lines.starts[line] as usize;
        let text = text(lines.bytes(line));
        // What goes on behind the line's end may begin with less, or not.
        if found.end() <= start + text.len() || regex.is_match(text) {
            hits.push(line);
        }
        at = start + lines.bytes(line).len();
    }
}

fn text(bytes: &[u8]) -> &[u8] {
    bytes.strip_suffix(b"\n").unwrap_or(bytes)
}

/// Whether a line matches as it is shown by itself.
fn is_match(head: &Head, bytes: &[u8], regex: &Regex) -> bool {
    let bytes = text(bytes);
    if !head.has(ODD) {
        return regex.is_match(bytes);
    }
    if head.has(BINARY) {
        return regex.is_match(draw::draw_hex(bytes).text.as_bytes());
    }
    let state = &bytes[(head.start as usize).min(bytes.len())..];
    let mark = if head.has(MARK) {
        Mark::of(state).map_or(0, Mark::text)
    } else {
        0
    };
    regex.is_match(draw::draw(&state[mark..], head.style, usize::MAX).text.as_bytes())
}

fn matches_in_pieces<S: Storage>(log: &mut Log<S>, place: Place, regex: &Regex) -> Result<bool, StorageError> {
    let head = log.head(place)?;
    if head.has(BINARY) {
        let bytes = log.line_bytes(place, 0, PART_BYTES)?;
        return Ok(is_match(&head, &bytes, regex));
    }
    let mut at = head.start;
    while at < head.length {
        let bytes = log.line_bytes(place, at, PART_BYTES + OVERLAP_BYTES)?;
        let drawn = draw::draw(&bytes, head.style, usize::MAX);
        if regex.is_match(drawn.text.as_bytes()) {
            return Ok(true);
        }
        at += PART_BYTES as u64;
    }
    Ok(false)
}
