//! Lines as text for the clipboard.

use super::{
    Book, Shelf, ShelfError, Sight, draw,
    lens::Found,
    secrets, stamp,
    words::{CopyForm, Source},
};

/// A text has so many bytes at most, and so has each line of it.
const MAX_TEXT_BYTES: usize = 8 << 20;

impl Sight {
    /// The text of the rows from one line to another, by their numbers, and how many were left out for length.
    ///
    /// # Errors
    /// When the shelf fails.
    pub fn copy<S: Shelf>(
        &mut self,
        book: &mut Book<S>,
        job_id: Option<&str>,
        (first, last): (u64, u64),
        form: CopyForm,
    ) -> Result<(String, u64), ShelfError> {
        let of = self.count(book)?;
        let start = self.row_from(book, first, of)?;
        let end = self.row_from(book, last.saturating_add(1), of)?;
        let mut text = String::new();
        let mut row = start;
        while row < end && text.len() < MAX_TEXT_BYTES {
            let Some(base) = self.base_of(row) else { break };
            let Some(found) = self.base.find(book, base)? else {
                break;
            };
            if form == CopyForm::Report {
                let head = book.head(found.place)?;
                text.push_str(&stamp::clock(head.time_ms));
                text.push_str(&format!(" {:<3} ", book.source(head.source).map_or("", name)));
            }
            text.push_str(&book.whole_text(found, MAX_TEXT_BYTES)?);
            text.push('\n');
            row += 1;
        }
        if form == CopyForm::Report {
            text = report(book, job_id, (first, last), &secrets::masked(&text));
        }
        Ok((text, end.saturating_sub(row)))
    }

    /// The row of the line with this number, or of the next that is shown.
    fn row_from<S: Shelf>(&self, book: &mut Book<S>, number: u64, of: u64) -> Result<u64, ShelfError> {
        let of_tables = self.shows_tables_alone(book);
        if let Some(line) = book.line_of_number(number, of_tables)? {
            let base = self.base.before(book, line)?;
            return Ok(self.row_of(base).0.min(of));
        }
        // Lines that have not ended have the numbers after all others.
        let open = book
            .open_sources()
            .into_iter()
            .find(|source| self.base.shows(*source) && book.open_number(*source) >= number);
        Ok(open.map_or(of, |source| self.row_of(self.base.before_open(book, source)).0.min(of)))
    }
}

impl<S: Shelf> Book<S> {
    /// The text of a row without colours, however long it is up to `max_bytes`.
    pub(super) fn whole_text(&mut self, found: Found, max_bytes: usize) -> Result<String, ShelfError> {
        let shown = self.row(found.place, found.state)?;
        // What a row shows whole needs no second look; and what is not text is never shown whole.
        if shown.cut_bytes == 0 || shown.is_binary {
            return Ok(shown.text);
        }
        let (start, style) = self.state_of(found.place, found.state)?;
        let bytes = self.line_bytes(found.place, start, max_bytes)?;
        Ok(draw::draw(&bytes, style, usize::MAX).text)
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
fn report<S>(book: &Book<S>, job_id: Option<&str>, (first, last): (u64, u64), text: &str) -> String {
    let longest = text.split(|letter| letter != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    let began = book.began_ms.map(stamp::date_time).unwrap_or_default();
    let job = job_id.map(|id| format!("{id} · ")).unwrap_or_default();
    format!("{job}{began} · L{first}–L{last}\n\n{fence}text\n{text}{fence}\n")
}
