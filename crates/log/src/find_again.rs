//! Looking for a pattern in what lines show that others wrote over: that may change after it was looked at.

use std::ops::Range;

use regex::bytes::Regex;

use super::{
    Log, Storage, StorageError,
    block::{BINARY, Lines, MARK},
    find::Find,
    redrawn::RedrawnLine,
    row_filter::BaseRows,
};

/// So many lines may be looked at again whatever comes, and one more for so many bytes that come.
const FREE_LINES: u64 = 20_000;
const BYTES_A_LINE: u64 = 16;

/// Puts right which lines of a block match, those from `from` on, by what a terminal shows of them; the block begins with the
/// line `first`.
pub(super) fn correct<S: Storage>(
    log: &mut Log<S>,
    base: &BaseRows,
    lines: &Lines,
    (first, from): (u64, usize),
    regex: &Regex,
    hits: &mut Vec<usize>,
) -> Result<(), StorageError> {
    let redrawn = redrawn(log, base, first + from as u64..first + lines.heads.len() as u64)?;
    correct_by(&redrawn, lines, first, regex, hits);
    Ok(())
}

/// What these lines show that others wrote over; nothing where lines are shown as they were written.
pub(super) fn redrawn<S: Storage>(
    log: &mut Log<S>,
    base: &BaseRows,
    lines: Range<u64>,
) -> Result<Vec<RedrawnLine>, StorageError> {
    if base.filter().with_history {
        return Ok(Vec::new());
    }
    log.redrawn_among(lines)
}

pub(super) fn correct_by(redrawn: &[RedrawnLine], lines: &Lines, first: u64, regex: &Regex, hits: &mut Vec<usize>) {
    for redrawn in redrawn {
        let at = (redrawn.line - first) as usize;
        let is_apart = lines.heads.get(at).is_none_or(|head| head.has(BINARY | MARK));
        if is_apart {
            continue;
        }
        let is_hit = regex.is_match(redrawn.drawn.text.as_bytes());
        match (hits.binary_search(&at), is_hit) {
            (Ok(place), false) => drop(hits.remove(place)),
            (Err(place), true) => hits.insert(place, at),
            _ => {}
        }
    }
}

impl Find {
    /// Whether what is stale may be looked at again: over a whole log, that costs no more than to read it.
    pub(super) fn may_look_again<S: Storage>(&self, log: &Log<S>) -> bool {
        let first = [&self.stale.lines, &log.stale.lines].map(|lines| lines.first().copied());
        let first = first.into_iter().flatten().min().unwrap_or(self.next);
        let cost = self.next.saturating_sub(first);
        log.has_ended || self.again.saturating_add(cost) <= FREE_LINES + log.offset / BYTES_A_LINE
    }

    /// Goes back to the first line that others wrote over and that matches now, or does no more; says whether there was one.
    pub(super) fn look_again<S: Storage>(&mut self, log: &mut Log<S>, base: &BaseRows) -> Result<bool, StorageError> {
        let stale = log.stale.take();
        if base.filter().with_history {
            return Ok(false);
        }
        self.stale.is_over |= stale.is_over;
        self.stale.add(stale.lines.into_iter().filter(|line| *line < self.next));
        if self.stale.lines.is_empty() || !self.may_look_again(log) {
            return Ok(false);
        }
        let stale = self.stale.take();
        for line in stale.lines {
            self.again += 1;
            if stale.is_over || self.differs(log, base, line)? {
                self.go_back(log, base, line)?;
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether a line that was looked at matches and did not, or the other way round.
    fn differs<S: Storage>(&self, log: &mut Log<S>, base: &BaseRows, line: u64) -> Result<bool, StorageError> {
        let (Some(place), Ok(regex)) = (log.place(line), self.regex()) else {
            return Ok(false);
        };
        let head = log.head(place)?;
        let Some(redrawn) = log.redrawn(place, &head)?.filter(|_| base.weight(&head) > 0) else {
            return Ok(false);
        };
        let is_hit = regex.is_match(redrawn.drawn.text.as_bytes());
        Ok(is_hit != self.found().has(base.before(log, line)?))
    }

    /// Forgets what was found from the block of a line on.
    fn go_back<S: Storage>(&mut self, log: &mut Log<S>, base: &BaseRows, line: u64) -> Result<(), StorageError> {
        let block = log.entries.partition_point(|entry| entry.first <= line);
        let in_block = log.entries.get(block.saturating_sub(1)).map(|entry| entry.first);
        let first = in_block.filter(|_| line < log.tail_first()).unwrap_or(log.tail_first());
        let row = base.before(log, first)?;
        self.again += self.next.saturating_sub(first);
        self.cut(first, row, base.lines_before(log, first));
        Ok(())
    }
}
