//! Lines as text for the clipboard.

use super::{
    Log, RowView, Storage, StorageError, draw,
    model::{CopyForm, Source},
    row_filter::Found,
    secrets, stamp,
};

/// A text has so many bytes at most, and so has each line of it.
const MAX_TEXT_BYTES: usize = 8 << 20;

impl RowView {
    /// The text of the rows from one line to another, by their numbers, and how many were left out for length.
    ///
    /// # Errors
    /// When the storage fails.
    pub fn copy<S: Storage>(
        &mut self,
        log: &mut Log<S>,
        job_id: Option<&str>,
        (first, last): (u64, u64),
        form: CopyForm,
    ) -> Result<(String, u64), StorageError> {
        let of = self.count(log)?;
        let start = self.row_from(log, first, of)?;
        let end = self.row_from(log, last.saturating_add(1), of)?;
        let mut text = String::new();
        let mut row = start;
        while row < end && text.len() < MAX_TEXT_BYTES {
            let Some(base) = self.base_of(row) else { break };
            let Some(found) = self.base.find(log, base)? else {
                break;
            };
            if form == CopyForm::Report {
                let head = log.head(found.place)?;
                text.push_str(&stamp::clock(head.time_ms));
                text.push_str(&format!(" {:<3} ", log.source(head.source).map_or("", name)));
            }
            text.push_str(&log.whole_text(found, MAX_TEXT_BYTES)?);
            text.push('\n');
            row += 1;
        }
        if form == CopyForm::Report {
            text = report(log, job_id, (first, last), &secrets::masked(&text));
        }
        Ok((text, end.saturating_sub(row)))
    }

    /// The row of the line with this number, or of the next that is shown.
    fn row_from<S: Storage>(&self, log: &mut Log<S>, number: u64, of: u64) -> Result<u64, StorageError> {
        let of_tables = self.shows_tables_alone(log);
        if let Some(line) = log.line_of_number(number, of_tables)? {
            let base = self.base.before(log, line)?;
            return Ok(self.row_of(base).0.min(of));
        }
        // Lines that have not ended have the numbers after all others.
        let open = log
            .open_sources()
            .into_iter()
            .find(|source| self.base.shows(*source) && log.open_number(*source) >= number);
        Ok(open.map_or(of, |source| self.row_of(self.base.before_open(log, source)).0.min(of)))
    }
}

impl<S: Storage> Log<S> {
    /// The text of a row without colours, however long it is up to `max_bytes`.
    pub(super) fn whole_text(&mut self, found: Found, max_bytes: usize) -> Result<String, StorageError> {
        let shown = self.row(found.place, found.state)?;
        // What a row shows whole needs no second look; and what is not text is never shown whole.
        if shown.cut_bytes == 0 || shown.is_binary {
            return Ok(shown.text);
        }
        let head = self.head(found.place)?;
        if let Some(state) = found.state.filter(|state| *state < head.states) {
            return Ok(self.version(found.place, state, max_bytes)?.text);
        }
        if found.state.is_none() && self.redrawn(found.place, &head)?.is_some() {
            return Ok(shown.text);
        }
        let bytes = self.line_bytes(found.place, head.start, max_bytes)?;
        Ok(draw::draw(&bytes, head.style, usize::MAX).text)
    }
}

pub(super) fn name(source: &Source) -> &str {
    match source {
        Source::Out => "out",
        Source::Err => "err",
        Source::File(path) => path,
    }
}

/// A block of Markdown that nothing in the text ends. Its head is in words that are the same in all languages.
fn report<S>(log: &Log<S>, job_id: Option<&str>, (first, last): (u64, u64), text: &str) -> String {
    let longest = text.split(|letter| letter != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    let began = log.began_ms.map(stamp::date_time).unwrap_or_default();
    let job = job_id.map(|id| format!("{id} · ")).unwrap_or_default();
    format!("{job}{began} · L{first}–L{last}\n\n{fence}text\n{text}{fence}\n")
}
